"""Gzip (RFC 1952), strictly: one member, no flag but a file name, nothing after it."""

from collections.abc import Iterator

from tagseal.archives._deflate import Library, deflate_library
from tagseal.archives._errors import refusal
from tagseal.archives._input import Blocks

__all__ = ["gunzip"]

_FNAME = 0x08
_DEFLATE = 8
_OUTPUT = 1 << 20
_MAX_NAME = 1024


def gunzip(blocks: Blocks) -> Iterator[bytes]:
    """Yield the uncompressed bytes in bounded chunks; the end of the file is checked at the end."""
    _read_header(blocks)
    library = deflate_library()
    crc = length = 0
    for piece in _inflate(blocks, library):
        crc = library.crc32(piece, crc)
        length += len(piece)
        yield piece
    trailer = blocks.take(8)
    if int.from_bytes(trailer[:4], "little") != crc:
        raise refusal("archive-crc", "The gzip checksum does not match the content.")
    if int.from_bytes(trailer[4:], "little") != length & 0xFFFFFFFF:
        raise refusal("archive-gzip-length", "The gzip length does not match the content.")
    if not blocks.at_end():
        _refuse_rest(blocks)


def _read_header(blocks: Blocks) -> None:
    header = blocks.take(10)
    if header[:2] != b"\x1f\x8b" or header[2] != _DEFLATE:
        raise refusal("archive-gzip-header", "The gzip header names no known compression.")
    if header[3] & ~_FNAME:
        raise refusal("archive-gzip-flags", "The gzip header holds more than a file name.")
    if header[3] & _FNAME:
        for _ in range(_MAX_NAME):
            if blocks.take(1) == b"\0":
                return
        raise refusal("archive-gzip-header", "The file name in the gzip header has no end.")


def _inflate(blocks: Blocks, library: Library) -> Iterator[bytes]:
    inflater = library.new()
    while not inflater.eof:
        if blocks.at_end():
            raise refusal("archive-truncated", "The gzip stream has no end.")
        rest = blocks.take_some()
        while rest and not inflater.eof:
            try:
                piece = inflater.decompress(rest, _OUTPUT)
            except library.error as error:
                raise refusal("archive-deflate", "The compressed data is corrupt.") from error
            rest = inflater.unconsumed_tail
            if piece:
                yield piece
    blocks.give_back(len(inflater.unused_data))


def _refuse_rest(blocks: Blocks) -> None:
    if blocks.take_some()[:2] == b"\x1f\x8b":
        raise refusal(
            "archive-gzip-second-member", "The file holds a second gzip member after the first."
        )
    raise refusal("archive-trailing-bytes", "The file goes on after its gzip member.")
