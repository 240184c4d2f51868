"""A zip that depends on nothing but the tree, the time and zlib.

Members stand in the order of the tar. Each is deflated where that makes it smaller, else stored;
names that are not ASCII are marked as UTF-8; modes are Unix modes in the external attributes; there
are no extra fields, and the comment is the commit, as ``git archive`` has it. The DOS time is the
commit's in UTC, within the years that a zip can say (APPNOTE 4.4.6; 1980 to 2107, even seconds).
"""

import stat
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from tagseal.archives._errors import refusal
from tagseal.archives._members import WriteMember
from tagseal.core.listing import Mode

__all__ = ["write_zip"]

_FIRST = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp())
_LAST = int(datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC).timestamp())
_UNIX = 3 << 8
_VERSION = 20
_VERSION64 = 45
_UTF8 = 0x0800
_STORED, _DEFLATED = 0, 8
_DOS_FOLDER = 0x10
_MAX_COUNT = 0xFFFF
_MAX_OFFSET = 0xFFFFFFFE
_MODES = {
    Mode.FILE: stat.S_IFREG | 0o644,
    Mode.EXECUTABLE: stat.S_IFREG | 0o755,
    Mode.SYMLINK: stat.S_IFLNK | 0o777,
    Mode.SUBMODULE: stat.S_IFDIR | 0o755,
    Mode.TREE: stat.S_IFDIR | 0o755,
}


def write_zip(
    members: Iterable[WriteMember], content: Callable[[WriteMember], bytes], mtime: int, commit: str
) -> Iterator[bytes]:
    """Yield the zip in pieces; content gives the bytes of a file or a symlink's target."""
    date, time = _dos_time(mtime)
    central: list[bytes] = []
    offset = 0
    for member in members:
        is_folder = member.path.endswith(b"/")
        data = b"" if is_folder else content(member)
        method, packed = _pack(data, member.mode)
        sizes = (zlib.crc32(data), len(packed), len(data), len(member.path))
        common = (_flags(member.path), method, time, date, *sizes)
        _check_room(max(offset + len(packed), len(data)))
        local = struct.pack("<4s5H3I2H", b"PK\x03\x04", _VERSION, *common, 0) + member.path
        attributes = _MODES[member.mode] << 16 | (_DOS_FOLDER if is_folder else 0)
        central.append(
            struct.pack(
                "<4s6H3I5H2I", b"PK\x01\x02", _UNIX | _VERSION, _VERSION, *common,
                0, 0, 0, 0, attributes, offset,
            )
            + member.path
        )  # fmt: skip
        yield local
        yield packed
        offset += len(local) + len(packed)
    directory = b"".join(central)
    _check_room(offset + len(directory))
    yield directory
    yield _end(len(central), len(directory), offset, commit.encode())


def _pack(data: bytes, mode: Mode) -> tuple[int, bytes]:
    if mode.is_file and data:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = deflate.compress(data) + deflate.flush()
        if len(packed) < len(data):
            return _DEFLATED, packed
    return _STORED, data


def _flags(path: bytes) -> int:
    if path.isascii():
        return 0
    try:
        path.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal(
            "archive-write-unsupported", "A zip cannot hold a name that is not UTF-8.", path
        ) from error
    return _UTF8


def _check_room(size: int) -> None:
    if size > _MAX_OFFSET:
        raise refusal("archive-write-unsupported", "The zip would be larger than 4 GB.")


def _dos_time(mtime: int) -> tuple[int, int]:
    moment = datetime.fromtimestamp(min(max(mtime, _FIRST), _LAST), UTC)
    date = (moment.year - 1980) << 9 | moment.month << 5 | moment.day
    return date, moment.hour << 11 | moment.minute << 5 | moment.second // 2


def _end(count: int, length: int, offset: int, comment: bytes) -> bytes:
    records = b""
    if count >= _MAX_COUNT:
        records = struct.pack(
            "<4sQ2H2I4Q", b"PK\x06\x06", 44, _UNIX | _VERSION64, _VERSION64, 0, 0,
            count, count, length, offset,
        ) + struct.pack("<4sIQI", b"PK\x06\x07", 0, offset + length, 1)  # fmt: skip
        count = _MAX_COUNT
    return (
        records
        + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, length, offset, len(comment))
        + comment
    )
