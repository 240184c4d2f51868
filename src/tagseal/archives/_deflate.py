"""Raw deflate (RFC 1951), by Intel's library where it is installed, else by zlib.

Both take the same streams; isal is about three times as fast.
"""

import zlib
from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

__all__ = ["Inflater", "Library", "deflate_library"]


class Inflater(Protocol):
    """What zlib's and isal's decompression objects have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was reached."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What came after the end of the stream."""
        ...

    @property
    def unconsumed_tail(self) -> bytes:
        """What was not read yet because the output was full."""
        ...

    def decompress(self, data: bytes | memoryview, max_length: int, /) -> bytes:
        """Return at most max_length more bytes."""
        ...


class Library(NamedTuple):
    """What a deflate library offers."""

    new: Callable[[], Inflater]
    """Makes a decompressor of one raw stream."""
    error: type[Exception]
    """What that raises for corrupt data."""
    crc32: Callable[[bytes | memoryview, int], int]
    """Zlib's crc32, of more data after a first value."""


def deflate_library() -> Library:
    """Return the fastest library at hand."""
    try:
        from isal import isal_zlib  # only here: not every archive needs it, and not every machine
    except ImportError:
        return Library(lambda: zlib.decompressobj(-zlib.MAX_WBITS), zlib.error, zlib.crc32)
    return Library(
        lambda: isal_zlib.decompressobj(-zlib.MAX_WBITS),
        cast("type[Exception]", isal_zlib.error),  # its stubs take it for an instance
        isal_zlib.crc32,
    )
