"""The one pass over a zip: every byte from the first local header to the end of the file.

Each member begins where the one before it ends, and the directory where the last one ends; so a
reader that walks the local headers and one that trusts the central directory see the same files.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from tagseal.archives._ahead import Ahead
from tagseal.archives._collector import Collector
from tagseal.archives._deflate import Library, deflate_library
from tagseal.archives._errors import refusal
from tagseal.archives._input import Blocks, HashedInput, Meter
from tagseal.archives._zipdirectory import (
    Directory,
    Entry,
    check_version,
    parse_extra,
    read_directory,
)
from tagseal.archives._zipmodes import member_mode
from tagseal.archives.limits import Limits
from tagseal.core.listing import Mode

__all__ = ["read_zip"]

_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_MARK = b"PK\x03\x04"
_DESCRIPTOR_MARK = b"PK\x07\x08"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_DESCRIPTOR = 0x0008
_UTF8 = 0x0800
_LEVEL = 0x0006  # how hard the compressor tried: says nothing about the content
_CHUNK = 1 << 19
_OUTPUT = 1 << 20


def read_zip(
    file: BinaryIO, source: HashedInput, collector: Collector, limits: Limits
) -> bytes | None:
    """Read a zip; return the archive's comment, if it has one.

    The file must be seekable: its directory is read first. The bytes that are parsed as the
    directory are compared with those that the hashing pass meets in its place.
    """
    directory = read_directory(file, limits)
    file.seek(0)
    with Ahead(source.chunks(_CHUNK), depth=2) as chunks:
        return _read_all(Blocks(chunks), directory, collector, limits)


def _read_all(
    blocks: Blocks, directory: Directory, collector: Collector, limits: Limits
) -> bytes | None:
    library = deflate_library()
    meter = Meter(lambda: blocks.position, limits)
    reader = _Members(blocks, collector, meter, library, limits.max_path_length)
    for entry, end in _extents(directory):
        reader.read(entry, end)
    for piece in blocks.pieces(len(directory.tail)):
        at = blocks.position - directory.offset
        if piece != directory.tail[at - len(piece) : at]:
            raise _changed()
    if not blocks.at_end():
        raise _changed()
    return directory.comment or None


def _changed() -> Exception:
    return refusal("archive-changed", "The file changed while it was read.")


def _extents(directory: Directory) -> Iterator[tuple[Entry, int]]:
    entries = directory.entries
    if (entries[0].offset if entries else directory.offset) != 0:
        raise refusal("archive-zip-prepended", "The zip has bytes before its first member.")
    ends = [entry.offset for entry in entries[1:]] + [directory.offset]
    yield from zip(entries, ends, strict=False)


class _Members:
    def __init__(
        self,
        blocks: Blocks,
        collector: Collector,
        meter: Meter,
        library: Library,
        max_target: int,
    ) -> None:
        self._blocks = blocks
        self._collector = collector
        self._meter = meter
        self._library = library
        self._max_target = max_target

    def read(self, entry: Entry, end: int) -> None:
        """Read one member, from its local header to where the next one begins."""
        name = entry.name
        blocks, collector = self._blocks, self._collector
        _check_entry(entry)
        kind, raw_mode = member_mode(entry)
        if kind is Mode.SYMLINK and entry.size > self._max_target:
            raise refusal("archive-limit-path-length", "A symlink's target is too long.", name)
        path = collector.claim(name, kind)
        if end - entry.offset < _LOCAL.size + len(name):
            raise refusal("archive-zip-overlap", "A member's bytes overlap the next one's.", path)
        _read_local(blocks, entry)
        room = end - blocks.position
        if kind is Mode.TREE:
            if entry.size or entry.packed or entry.crc:
                raise refusal("archive-zip-folder-data", "A folder of the zip has data.", path)
            collector.folder(path, raw_mode)
        _check_room(entry, room)
        self._meter.add(entry.size)
        content = self._content(entry)
        if kind is Mode.FILE:
            collector.file(path, raw_mode, entry.size, content)
        elif kind is Mode.SYMLINK:
            collector.symlink(path, raw_mode, b"".join(content))
        _read_descriptor(blocks, entry, end - blocks.position)

    def _content(self, entry: Entry) -> Iterator[bytes | memoryview]:
        crc = size = 0
        packed = self._blocks.pieces(entry.packed)
        for piece in packed if entry.method == _STORED else self._inflate(packed, entry.name):
            size += len(piece)
            if size > entry.size:
                break
            crc = self._library.crc32(piece, crc)
            yield piece
        if size != entry.size:
            raise refusal(
                "archive-zip-size", "A member's size is not the one recorded.", entry.name
            )
        if crc != entry.crc:
            raise refusal("archive-crc", "The checksum of a member is wrong.", entry.name)

    def _inflate(self, packed: Iterator[memoryview], name: bytes) -> Iterator[bytes]:
        inflater = self._library.new()
        try:
            for piece in packed:
                rest: bytes | memoryview = piece
                while rest and not inflater.eof:
                    yield inflater.decompress(rest, _OUTPUT)
                    rest = inflater.unconsumed_tail
                if rest or inflater.unused_data:
                    raise refusal(
                        "archive-zip-after-deflate", "A member has bytes after its data.", name
                    )
            while not inflater.eof and (more := inflater.decompress(b"", _OUTPUT)):
                yield more
        except self._library.error as error:
            raise refusal("archive-deflate", "The compressed data is corrupt.", name) from error
        if not inflater.eof:
            raise refusal("archive-deflate", "The compressed data has no end.", name)


def _check_entry(entry: Entry) -> None:
    name = entry.name
    if entry.flags & _ENCRYPTED:
        raise refusal("archive-zip-encrypted", "A member of the zip is encrypted.", name)
    if entry.flags & ~(_DESCRIPTOR | _UTF8 | _LEVEL):
        raise refusal("archive-zip-flags", f"A member has the flags 0x{entry.flags:04x}.", name)
    if entry.method not in (_STORED, _DEFLATED):
        raise refusal(
            "archive-zip-method", f"A member is compressed by method {entry.method}.", name
        )
    if entry.method == _STORED and entry.packed != entry.size:
        raise refusal("archive-zip-size", "A stored member has two sizes.", name)
    if not entry.flags & _UTF8 and not name.isascii():
        raise refusal("archive-zip-name", "A name is not ASCII, and not marked as UTF-8.", name)


def _read_local(blocks: Blocks, entry: Entry) -> None:
    (
        mark, needed, flags, method, time, date, crc, packed, size, name_length, extra_length,
    ) = _LOCAL.unpack(blocks.take(_LOCAL.size))  # fmt: skip
    name = blocks.take(name_length)
    parse_extra(blocks.take(extra_length), entry.name)
    told = (crc, packed, size)
    later = flags & _DESCRIPTOR and told == (0, 0, 0)
    if (
        mark != _LOCAL_MARK
        or name != entry.name
        or (flags, method, time, date) != (entry.flags, entry.method, entry.time, entry.date)
        or not (later or told == (entry.crc, entry.packed, entry.size))
    ):
        raise refusal(
            "archive-zip-local-header",
            "A member's local header is unlike its entry in the central directory.",
            entry.name,
        )
    check_version(needed, entry.name)


def _check_room(entry: Entry, room: int) -> None:
    """The data, and a descriptor where there is one, must fill the room before the next member."""
    left = room - entry.packed
    if left < 0:
        raise refusal("archive-zip-overlap", "A member's bytes overlap the next one's.", entry.name)
    if left not in ((12, 16) if entry.flags & _DESCRIPTOR else (0,)):
        raise refusal("archive-zip-gap", "The zip has bytes that belong to no member.", entry.name)


def _read_descriptor(blocks: Blocks, entry: Entry, length: int) -> None:
    if not length:
        return
    mark = _DESCRIPTOR_MARK if length == 16 else b""
    if blocks.take(length) != mark + struct.pack("<3I", entry.crc, entry.packed, entry.size):
        raise refusal(
            "archive-zip-descriptor", "The data descriptor of a member is wrong.", entry.name
        )
