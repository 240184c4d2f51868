"""What the one-stream formats have in common: driving a decompressor, and the end of the file."""

from collections.abc import Iterator
from typing import Protocol

from tagseal.archives._errors import refusal
from tagseal.archives._input import Blocks

__all__ = ["OUTPUT", "Decompressor", "check_end", "decompress"]

OUTPUT = 1 << 20
"""The most bytes that a decompressor gives at once."""


class Decompressor(Protocol):
    """What the decompressors of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was reached."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether all input was used."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What came after the end of the stream."""
        ...

    def decompress(self, data: bytes, /, max_length: int = -1) -> bytes:
        """Return at most max_length more bytes."""
        ...


def decompress(decompressor: Decompressor, blocks: Blocks, kind: str) -> Iterator[bytes]:
    """Yield what a stream holds, in bounded chunks; what comes after it stays in blocks."""
    while not decompressor.eof:
        data = b""
        if decompressor.needs_input:
            if blocks.at_end():
                raise refusal("archive-truncated", f"The {kind} stream has no end.")
            data = blocks.take_some()
        if piece := decompressor.decompress(data, max_length=OUTPUT):
            yield piece
    blocks.give_back(len(decompressor.unused_data))


def check_end(blocks: Blocks, magics: tuple[bytes, ...], kind: str) -> None:
    """Refuse whatever comes after a stream."""
    if blocks.at_end():
        return
    rest = blocks.take_some()
    if rest.startswith(magics):
        raise refusal(
            "archive-second-stream", f"The file holds more {kind} data after its first stream."
        )
    raise refusal("archive-trailing-bytes", f"The file goes on after its {kind} stream.")
