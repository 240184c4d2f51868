"""Zstandard (RFC 8878), strictly: one frame, no dictionary, nothing before or after it.

The header is read here, so that the window is known before anything is allocated for it; the
library decodes the frame and checks its checksum, where it has one.
"""

import sys
from collections.abc import Iterator

from tagseal.archives._errors import refusal
from tagseal.archives._input import Blocks
from tagseal.archives._streams import check_end, decompress
from tagseal.archives.limits import Limits

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["unzstd"]

_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = tuple(bytes([0x50 + n]) + b"\x2a\x4d\x18" for n in range(16))
_SINGLE_SEGMENT, _RESERVED, _CHECKSUM, _DICTIONARY = 0x20, 0x18, 0x04, 0x03
_SMALLEST_WINDOW_LOG = 10


def unzstd(blocks: Blocks, limits: Limits) -> Iterator[bytes]:
    """Yield the uncompressed bytes in bounded chunks; the end of the file is checked at the end."""
    header, window, told = _read_header(blocks)
    if window > limits.max_decoder_memory:
        raise refusal(
            "archive-limit-memory",
            f"The zstd frame asks for a window of {window:,} bytes; "
            f"the limit is {limits.max_decoder_memory:,}.",
        )
    log = max(_SMALLEST_WINDOW_LOG, (window - 1).bit_length())
    decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: log})
    length = 0
    try:
        decompressor.decompress(header, max_length=0)
        for piece in decompress(decompressor, blocks, "zstd"):
            length += len(piece)
            yield piece
    except zstd.ZstdError as error:
        if "checksum" in str(error):
            raise refusal("archive-crc", "The zstd checksum does not match the content.") from error
        raise refusal("archive-corrupt", "The zstd data is corrupt.") from error
    if told is not None and length != told:
        raise refusal("archive-corrupt", "The zstd frame's content is not as long as it says.")
    check_end(blocks, (_MAGIC, *_SKIPPABLE), "zstd")


def _read_header(blocks: Blocks) -> tuple[bytes, int, int | None]:
    """Return the header's bytes, the window's size, and the content's if the header has it."""
    magic = blocks.take(4)
    if magic in _SKIPPABLE:
        raise refusal("archive-zstd-skippable", "The file begins with a skippable zstd frame.")
    descriptor = blocks.take(1)
    flags = descriptor[0]
    if magic != _MAGIC or flags & _RESERVED:
        raise refusal("archive-zstd-header", "The zstd header is of no known form.")
    if flags & _DICTIONARY:
        raise refusal("archive-zstd-dictionary", "The zstd frame needs a dictionary.")
    single = bool(flags & _SINGLE_SEGMENT)
    window_field = b"" if single else blocks.take(1)
    code = flags >> 6
    size_field = blocks.take((1 if single else 0, 2, 4, 8)[code])
    told = None
    if size_field:
        told = int.from_bytes(size_field, "little") + (256 if code == 1 else 0)
    if single:
        window = told or 0
    else:
        base = 1 << (10 + (window_field[0] >> 3))
        window = base + base // 8 * (window_field[0] & 7)
    return magic + descriptor + window_field + size_field, window, told
