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
# Owner is uid and gid together, and rest all that follows the link's target: what most members of
# an archive have alike is looked at once.
_LAYOUT = struct.Struct("100s8s16s12s12s8s1s100s255s")
_REST = struct.Struct("8s32s32s8s8s155s12s")
_OCTAL = re.compile(rb" *([0-7]+)[ \0]*", re.ASCII)
_POSIX = b"ustar\x0000"
_GNU = b"ustar  \0"
_V7 = bytes(8)
_JUNK = ("archive-tar-junk", "A header holds bytes that belong to no field.")


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
    name, mode, owner, size, mtime, checksum, kind, link, rest = _LAYOUT.unpack(block)
    # The low half of adler32 is one more than the sum of the bytes, modulo 65521; the sum of an
    # ASCII block is below that, and zlib adds faster than Python.
    total = (zlib.adler32(block) & 0xFFFF) - 1 if block.isascii() else sum(block)
    if total != _total(checksum):
        raise refusal("archive-tar-checksum", "The checksum of a tar header is wrong.")
    path = name.rstrip(b"\0")
    if b"\0" in path:
        path = _text(name)
    v7, prefix, problem = _parse_rest(rest)
    if prefix:
        path = prefix + b"/" + path
    if problem is not None:
        raise refusal(*problem, path)
    _check_owner(owner)
    _optional_number(mtime)
    return Header(path, _number(mode), _number(size), kind, _text(link), v7)


@lru_cache(maxsize=1 << 12)
def _total(field: bytes) -> int:
    """Return what the bytes of a block with this checksum must come to, the checksum included."""
    return _number(field) + sum(field) - 8 * 0x20


@lru_cache(maxsize=1 << 8)
def _parse_rest(rest: bytes) -> tuple[bool, bytes, tuple[str, str] | None]:
    """Return whether a header is v7's, its prefix, and what is wrong with its magic or padding."""
    magic, uname, gname, major, minor, prefix, unused = _REST.unpack(rest)
    head = _text(prefix)
    if magic == _GNU:
        unused += prefix
    elif magic == _V7:
        unused += prefix + uname + gname
    elif magic != _POSIX:
        return False, b"", ("archive-tar-magic", "A header is of no known kind of tar.")
    if any(unused):
        return False, b"", _JUNK
    _optional_number(major)
    _optional_number(minor)
    _text(uname)
    _text(gname)
    return magic == _V7, head, None


@lru_cache(maxsize=1 << 8)
def _check_owner(field: bytes) -> None:
    _optional_number(field[:8])
    _optional_number(field[8:])


@lru_cache(maxsize=1 << 8)
def _optional_number(field: bytes) -> int:
    return _number(field) if field.strip(b"\0 ") else 0


@lru_cache(maxsize=1 << 14)
def _number(field: bytes) -> int:
    if field[0] & 0x80:
        raise refusal("archive-tar-base256", "A tar header holds a number in base 256.")
    match = _OCTAL.fullmatch(field)
    if match is None:
        raise refusal("archive-tar-number", "A tar header holds a number that is not octal.")
    return int(match[1], 8)


@lru_cache(maxsize=1 << 10)
def _text(field: bytes) -> bytes:
    text = field.rstrip(b"\0")
    if b"\0" in text:
        text = text.partition(b"\0")[0]
        raise refusal("archive-tar-junk", "A tar header holds bytes after the end of a text.", text)
    return text
