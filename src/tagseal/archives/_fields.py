"""The fields of a tar header (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual,
"Basic Tar Format"), each in the one form that every reader reads alike."""

import re
import struct
import zlib
from functools import lru_cache
from typing import NamedTuple

from tagseal.archives._errors import refusal

__all__ = ["BLOCK", "Header", "parse_header"]

BLOCK = 512
_LAYOUT = struct.Struct("100s8s8s8s12s12s8s1s100s8s32s32s8s8s155s12s")
_OCTAL = re.compile(rb" *([0-7]+)[ \0]*", re.ASCII)
_POSIX = b"ustar\x0000"
_GNU = b"ustar  \0"
_V7 = bytes(8)


class Header(NamedTuple):
    """What matters of one header block."""

    name: bytes
    mode: int
    size: int
    type: bytes
    link: bytes
    v7: bool


def parse_header(block: bytes) -> Header:
    """Parse a header block; the ustar prefix is joined to the name."""
    (
        name, mode, uid, gid, size, mtime, checksum, kind, link,
        magic, uname, gname, major, minor, prefix, padding,
    ) = _LAYOUT.unpack(block)  # fmt: skip
    _check_sum(block, checksum)
    path = _text(name)
    head = _text(prefix)
    unused = padding
    if magic == _POSIX:
        path = head + b"/" + path if head else path
    elif magic == _GNU:
        unused += prefix
    elif magic == _V7:
        unused += prefix + uname + gname
    else:
        raise refusal("archive-tar-magic", "A header is of no known kind of tar.", path)
    if any(unused):
        raise refusal("archive-tar-junk", "A header holds bytes that belong to no field.", path)
    for field in (uid, gid, mtime, major, minor):
        _number(field, optional=True)
    _text(uname)
    _text(gname)
    return Header(path, _number(mode), _number(size), kind, _text(link), magic == _V7)


def _check_sum(block: bytes, field: bytes) -> None:
    # The low half of adler32 is one more than the sum of the bytes, modulo 65521; the sum of an
    # ASCII block is below that, and zlib adds faster than Python.
    total = (zlib.adler32(block) & 0xFFFF) - 1 if block.isascii() else sum(block)
    if _number(field) != total - sum(field) + 8 * 0x20:
        raise refusal("archive-tar-checksum", "The checksum of a tar header is wrong.")


@lru_cache(maxsize=1 << 12)
def _number(field: bytes, *, optional: bool = False) -> int:
    if field[0] & 0x80:
        raise refusal("archive-tar-base256", "A tar header holds a number in base 256.")
    if optional and not field.strip(b"\0 "):
        return 0
    match = _OCTAL.fullmatch(field)
    if match is None:
        raise refusal("archive-tar-number", "A tar header holds a number that is not octal.")
    return int(match[1], 8)


@lru_cache(maxsize=1 << 12)
def _text(field: bytes) -> bytes:
    text, _, rest = field.partition(b"\0")
    if rest and any(rest):
        raise refusal("archive-tar-junk", "A tar header holds bytes after the end of a text.", text)
    return text
