"""Bytes in: the archive file read once from front to back, and blocks cut out of a chunk stream."""

import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from tagseal.archives._errors import refusal
from tagseal.archives.limits import Limits

__all__ = ["Blocks", "HashedInput", "Meter"]

_CHUNK = 1 << 17  # of a compressed file; a tar of source code is five to ten times as large


class HashedInput:
    """The archive file as chunks; every byte that is handed out is hashed and counted."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._file = file
        self._limit = limits.max_file_size
        self._sha256 = hashlib.sha256()
        self._held: list[bytes] = []
        self.size = 0

    def head(self, size: int) -> bytes:
        """Return the first size bytes (fewer if the file is shorter) without consuming them."""
        while sum(map(len, self._held)) < size and (chunk := self._read()):
            self._held.append(chunk)
        return b"".join(self._held)[:size]

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """Yield the file's bytes to its end, size of them at once."""
        yield from self._held
        self._held.clear()
        while chunk := self._read(size):
            yield chunk

    def _read(self, size: int = _CHUNK) -> bytes:
        chunk = self._file.read(size)
        self.size += len(chunk)
        if self.size > self._limit:
            raise refusal(
                "archive-limit-file-size", f"The file is larger than {self._limit:,} bytes."
            )
        self._sha256.update(chunk)
        return chunk

    @property
    def sha256(self) -> str:
        """The digest of all bytes that were read."""
        return self._sha256.hexdigest()


class Meter:
    """Counts unpacked bytes against the limits; ``packed`` tells how many were read for them."""

    def __init__(self, packed: Callable[[], int], limits: Limits) -> None:
        self._packed = packed
        self._limits = limits
        self.unpacked = 0

    def add(self, size: int) -> None:
        """Count size more unpacked bytes; refuse when that is too many, or too many for so few."""
        self.unpacked += size
        limits = self._limits
        if self.unpacked > limits.max_unpacked_size:
            raise refusal(
                "archive-limit-unpacked-size",
                f"The archive unpacks to more than {limits.max_unpacked_size:,} bytes.",
            )
        if self.unpacked > limits.ratio_floor and self.unpacked > self._packed() * limits.max_ratio:
            raise refusal(
                "archive-limit-ratio",
                f"The archive unpacks to more than {limits.max_ratio} times its size.",
            )


class Blocks:
    """Exact numbers of bytes out of a stream of chunks; a stream that ends early is refused."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._data = b""
        self._at = 0
        self._before = 0

    @property
    def position(self) -> int:
        """How many bytes were taken."""
        return self._before + self._at

    def at_end(self) -> bool:
        """Whether nothing is left."""
        while self._at >= len(self._data):
            chunk = next(self._chunks, None)
            if chunk is None:
                return True
            self._before += len(self._data)
            self._data, self._at = chunk, 0
        return False

    def take(self, size: int) -> bytes:
        """Return the next size bytes."""
        end = self._at + size
        if end <= len(self._data):
            piece = self._data[self._at : end]
            self._at = end
            return piece
        return b"".join(self.pieces(size))

    def take_or_end(self, size: int) -> bytes:
        """Return the next size bytes, or none where nothing is left at all."""
        end = self._at + size
        if end <= len(self._data):
            piece = self._data[self._at : end]
            self._at = end
            return piece
        return b"" if self.at_end() else self.take(size)

    def take_some(self) -> bytes:
        """Return what is at hand, at least a byte unless nothing is left."""
        self.at_end()
        piece = self._data[self._at :]
        self._at = len(self._data)
        return piece

    def give_back(self, size: int) -> None:
        """Undo the taking of the last bytes, which must be of the piece that was taken last."""
        self._at -= size

    def piece(self, size: int) -> memoryview | None:
        """Return the next size bytes without copying them, or None where they come in pieces."""
        start = self._at
        end = start + size
        if end > len(self._data):
            return None
        self._at = end
        return memoryview(self._data)[start:end]

    def pieces(self, size: int) -> Iterator[memoryview]:
        """Yield the next size bytes in as many pieces as they come, without copying them."""
        while size:
            if self.at_end():
                raise refusal("archive-truncated", "The archive ends in the middle of something.")
            piece = memoryview(self._data)[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            yield piece
