"""The tar that ``git -c tar.umask=0022 archive`` writes, byte for byte.

Follows the behaviour of git's archive-tar.c, and the tests compare with the git at hand: a pax
global header with the commit, ustar headers owned by root, a path over 100 bytes split at a slash
or else, like a long link target, in a pax header; the whole padded to blocks of 10,240 bytes.
"""

import struct
from collections.abc import Callable, Iterable, Iterator

from tagseal.archives._members import WriteMember
from tagseal.core.listing import Mode

__all__ = ["MAX_MTIME", "write_tar"]

MAX_MTIME = 8**11 - 1
"""The last second that a ustar header holds; git adds a global mtime record for later ones."""

_BLOCK = 512
_BLOCKING = 20 * _BLOCK
_NAME = 100
_PREFIX = 155
_MAX_SIZE = 8**11 - 1
_LAYOUT = struct.Struct("100s8s8s8s12s12s8s1s100s6s2s32s32s8s8s155s12x")
_EXTENSION_MODE = 0o666
_MODES = {
    Mode.FILE: 0o644,
    Mode.EXECUTABLE: 0o755,
    Mode.SYMLINK: 0o777,
    Mode.SUBMODULE: 0o755,
    Mode.TREE: 0o755,
}
_TYPES = {
    Mode.FILE: b"0",
    Mode.EXECUTABLE: b"0",
    Mode.SYMLINK: b"2",
    Mode.SUBMODULE: b"5",
    Mode.TREE: b"5",
}


def write_tar(
    members: Iterable[WriteMember], content: Callable[[WriteMember], bytes], mtime: int, commit: str
) -> Iterator[bytes]:
    """Yield the tar in pieces; content gives the bytes of a file or a symlink's target."""
    written = 0
    for piece in _pieces(members, content, mtime, commit):
        yield piece
        written += len(piece)
    tail = _BLOCKING - written % _BLOCKING
    yield bytes(tail if tail >= 2 * _BLOCK else tail + _BLOCKING)


def _pieces(
    members: Iterable[WriteMember], content: Callable[[WriteMember], bytes], mtime: int, commit: str
) -> Iterator[bytes]:
    yield from _extension(b"pax_global_header", b"g", [(b"comment", commit.encode())], mtime)
    for member in members:
        data = content(member) if member.mode.is_file or member.mode is Mode.SYMLINK else b""
        yield from _member(member, data, mtime)


def _member(member: WriteMember, data: bytes, mtime: int) -> Iterator[bytes]:
    oid = member.object.encode()
    records = []
    prefix, name = _split(member.path)
    if len(name) > _NAME:
        records.append((b"path", member.path))
        prefix, name = b"", b"%s.data" % oid
    link = data if member.mode is Mode.SYMLINK else b""
    if len(link) > _NAME:
        records.append((b"linkpath", link))
        link = b"see %s.paxheader" % oid
    data = data if member.mode.is_file else b""
    size = len(data)
    if size > _MAX_SIZE:
        records.append((b"size", b"%d" % size))
        size = 0
    if records:
        yield from _extension(b"%s.paxheader" % oid, b"x", records, mtime)
    yield _header(
        name=name,
        prefix=prefix,
        mode=_MODES[member.mode],
        size=size,
        mtime=mtime,
        kind=_TYPES[member.mode],
        link=link,
    )
    yield data
    yield _padding(data)


def _split(path: bytes) -> tuple[bytes, bytes]:
    """Return ustar prefix and name; a name that is still too long means that no split exists."""
    if len(path) <= _NAME:
        return b"", path
    at = path.rfind(b"/", 0, min(len(path) - path.endswith(b"/"), _PREFIX))
    if at <= 0 or len(path) - at - 1 > _NAME:
        return b"", path
    return path[:at], path[at + 1 :]


def _extension(
    name: bytes, kind: bytes, records: Iterable[tuple[bytes, bytes]], mtime: int
) -> Iterator[bytes]:
    data = b"".join(_record(key, value) for key, value in records)
    yield _header(name=name, mode=_EXTENSION_MODE, size=len(data), mtime=mtime, kind=kind)
    yield data
    yield _padding(data)


def _record(key: bytes, value: bytes) -> bytes:
    rest = b" %s=%s\n" % (key, value)
    length = len(rest) + 1
    while len(b"%d" % length) + len(rest) != length:
        length = len(b"%d" % length) + len(rest)
    return b"%d" % length + rest


def _padding(data: bytes) -> bytes:
    return bytes(-len(data) % _BLOCK)


def _header(
    *,
    name: bytes,
    mode: int,
    size: int,
    mtime: int,
    kind: bytes,
    prefix: bytes = b"",
    link: bytes = b"",
) -> bytes:
    nothing = b"%07o" % 0
    block = _LAYOUT.pack(
        name,
        b"%07o" % mode,
        nothing,
        nothing,
        b"%011o" % size,
        b"%011o" % mtime,
        b" " * 8,
        kind,
        link,
        b"ustar",
        b"00",
        b"root",
        b"root",
        nothing,
        nothing,
        prefix,
    )
    return block[:148] + b"%07o\0" % sum(block) + block[156:]
