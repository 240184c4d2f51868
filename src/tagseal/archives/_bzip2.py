"""Bzip2, strictly: one stream, nothing after it.

The format has no specification beside its program; the library checks each block's checksum and
that of the whole.
"""

import bz2
from collections.abc import Iterator

from tagseal.archives._errors import refusal
from tagseal.archives._input import Blocks
from tagseal.archives._streams import check_end, decompress

__all__ = ["bunzip2"]


def bunzip2(blocks: Blocks) -> Iterator[bytes]:
    """Yield the uncompressed bytes in bounded chunks; the end of the file is checked at the end."""
    try:
        yield from decompress(bz2.BZ2Decompressor(), blocks, "bzip2")
    except OSError as error:
        raise refusal("archive-corrupt", "The bzip2 data is corrupt.") from error
    check_end(blocks, (b"BZh",), "bzip2")
