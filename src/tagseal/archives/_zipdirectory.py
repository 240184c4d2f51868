"""The central directory of a zip (PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16).

The directory is read first, so that every member's place, size and mode are known before the one
pass that hashes the file; that pass then finds the very same bytes again, see
`tagseal.archives._zip`.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from tagseal.archives._errors import refusal
from tagseal.archives.limits import Limits

__all__ = ["Directory", "Entry", "check_version", "parse_extra", "read_directory"]

_END = struct.Struct("<4s4H2IH")
_END_MARK = b"PK\x05\x06"
_END64 = struct.Struct("<4sQ2H2I4Q")
_END64_MARK = b"PK\x06\x06"
_LOCATOR = struct.Struct("<4sIQI")
_LOCATOR_MARK = b"PK\x06\x07"
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_CENTRAL_MARK = b"PK\x01\x02"
_MAX_COMMENT = 0xFFFF
_MAX_COUNT = 0xFFFF
_SPARE = 256  # what an entry may need beside its fixed part and its name
_ZIP64 = 0x0001
_NEWEST = 45  # zip64; some writers say so of every member
# Times and owners: NTFS times, and what Info-ZIP calls UX, UT, Ux and ux.
_EXTRA = frozenset([0x000A, 0x5855, 0x5455, 0x7855, 0x7875])
_LARGEST_EXTRA = 32  # NTFS times; the others need less


class Entry(NamedTuple):
    """One member, as the central directory has it."""

    system: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    attributes: int
    offset: int
    name: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Members in the order of their places in the file, and all bytes that come after them."""

    entries: list[Entry]
    offset: int
    tail: bytes
    comment: bytes


def read_directory(file: BinaryIO, limits: Limits) -> Directory:
    """Read the end record and the central directory, and hold them to be the end of the file."""
    size = file.seek(0, 2)
    if size > limits.max_file_size:
        raise refusal(
            "archive-limit-file-size", f"The file is larger than {limits.max_file_size:,} bytes."
        )
    last = _read_at(
        file, max(0, size - _END.size - _MAX_COMMENT - _END64.size - _LOCATOR.size), size
    )
    at = last.rfind(_END_MARK)
    if at < 0 or at + _END.size > len(last):
        raise refusal("archive-zip-end", "The zip has no end record, or is cut short.")
    _mark, disk, first, here, count, length, offset, comment = _END.unpack_from(last, at)
    if at + _END.size + comment != len(last):
        raise refusal("archive-zip-end", "The end record of the zip is not at its end.")
    if disk or first or here != count:
        raise refusal("archive-zip-disks", "The zip is one part of several.")
    end = size - (len(last) - at)
    end, count = _read_zip64(last[:at], end, count, length, offset)
    if count > limits.max_members:
        raise refusal(
            "archive-limit-members", f"The zip holds more than {limits.max_members:,} members."
        )
    if length > count * (_CENTRAL.size + limits.max_path_length + _SPARE):
        raise refusal("archive-zip-directory", "The central directory is too large.")
    if offset + length != end:
        raise refusal(
            "archive-zip-gap" if offset + length < end else "archive-zip-overlap",
            "The central directory does not end where the end record begins.",
        )
    tail = _read_at(file, offset, size)
    entries = _parse_entries(tail[:length], count)
    return Directory(
        entries=sorted(entries, key=lambda entry: entry.offset),
        offset=offset,
        tail=tail,
        comment=last[at + _END.size :],
    )


def _read_at(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    parts: list[bytes] = []
    while start < end and (part := file.read(end - start)):
        parts.append(part)
        start += len(part)
    return b"".join(parts)


def _read_zip64(before: bytes, end: int, count: int, length: int, offset: int) -> tuple[int, int]:
    """Return where the directory must end, and the count of members.

    Only the count may need 64 bits: a zip of 4 GB is beyond what this reader takes.
    """
    if before[-_LOCATOR.size :][:4] != _LOCATOR_MARK or len(before) < _LOCATOR.size + _END64.size:
        return end, count
    _, disk, place, disks = _LOCATOR.unpack(before[-_LOCATOR.size :])
    record = _END64.unpack(before[-_LOCATOR.size - _END64.size : -_LOCATOR.size])
    mark, rest, _, _, disk_a, disk_b, here, total, length64, offset64 = record
    end -= _LOCATOR.size + _END64.size
    if mark != _END64_MARK or rest != _END64.size - 12 or place != end:
        raise refusal("archive-zip64", "The zip64 end record is not where it must be.")
    if disk or disks != 1 or disk_a or disk_b or here != total:
        raise refusal("archive-zip-disks", "The zip is one part of several.")
    if total < _MAX_COUNT or count != _MAX_COUNT or (length64, offset64) != (length, offset):
        raise refusal(
            "archive-zip64", "The zip has a zip64 end record that it does not need, or beyond 4 GB."
        )
    return end, total


def _parse_entries(data: bytes, count: int) -> list[Entry]:
    entries = []
    at = 0
    for _ in range(count):
        if at + _CENTRAL.size > len(data):
            raise refusal("archive-zip-directory", "The central directory has too few entries.")
        (
            mark, made_by, needed, flags, method, time, date, crc, packed, size,
            name_length, extra_length, comment_length, disk, _internal, attributes, offset,
        ) = _CENTRAL.unpack_from(data, at)  # fmt: skip
        start = at + _CENTRAL.size
        at = start + name_length + extra_length + comment_length
        if mark != _CENTRAL_MARK or at > len(data) or disk:
            raise refusal(
                "archive-zip-directory", "An entry of the central directory is malformed."
            )
        name = data[start : start + name_length]
        check_version(needed, name)
        parse_extra(data[start + name_length : start + name_length + extra_length], name)
        if comment_length:
            raise refusal("archive-zip-comment", "A member of the zip has a comment.", name)
        entries.append(
            Entry(
                made_by >> 8, flags, method, time, date, crc, packed, size, attributes, offset, name
            )
        )
    if at != len(data):
        raise refusal("archive-zip-directory", "The central directory has more than its entries.")
    return entries


def check_version(needed: int, name: bytes) -> None:
    """Refuse a member that asks for a newer reader than its features need (APPNOTE 4.4.3)."""
    if needed > _NEWEST:
        raise refusal(
            "archive-zip-version", f"A member asks for a reader of version {needed}.", name
        )


def parse_extra(data: bytes, name: bytes) -> Mapping[int, bytes]:
    """Return the extra fields of a header, id to data; only times and owners are taken."""
    fields: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        if at + 4 > len(data):
            raise refusal("archive-zip-extra", "The extra fields of a member are malformed.", name)
        kind, length = struct.unpack_from("<2H", data, at)
        at += 4 + length
        if at > len(data) or kind in fields:
            raise refusal("archive-zip-extra", "The extra fields of a member are malformed.", name)
        if kind == _ZIP64:
            raise refusal("archive-zip64", "A member has zip64 sizes, which no member needs.", name)
        if kind not in _EXTRA:
            raise refusal(
                "archive-zip-extra", f"A member has an extra field of kind 0x{kind:04x}.", name
            )
        if length > _LARGEST_EXTRA:
            raise refusal("archive-zip-extra", "An extra field has more than times need.", name)
        fields[kind] = data[at - length : at]
    return fields
