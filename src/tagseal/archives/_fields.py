"""The fields of a tar header (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual,
"Basic Tar Format"), each in the one form that every reader reads alike."""

import re
import struct
import zlib
from functools import lru_cache
from typing import NamedTuple

from tagseal.archives._errors import refusal

__all__ = ["BLOCK", "ZEROS", "Header", "parse_header"]

BLOCK = 512
ZEROS = tuple(bytes(size) for size in range(BLOCK + 1))
"""Zero bytes, by their number: comparing is much faster than looking at each."""

# Access is mode, uid and gid together, and rest is the link's target and all that follows it: what
# most members of an archive have alike is looked at once.
_LAYOUT = struct.Struct("100s24s12s12s8s1s355s")
_REST = struct.Struct("100s8s32s32s8s8s155s12s")
_OCTAL = re.compile(rb" *([0-7]+)[ \0]*", re.ASCII)
_POSIX = b"ustar\x0000"
_GNU = b"ustar  \0"
_V7 = bytes(8)
_ENDS = (b"", b"\0", b" ")  # what may follow the first character after a number
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
    name, access, size, mtime, checksum, kind, rest = _LAYOUT.unpack(block)
    # The low half of adler32 is one more than the sum of the bytes, modulo 65521; the sum of an
    # ASCII block is below that, and zlib adds faster than Python. Its own field counts as blanks.
    if block.isascii():
        total = (zlib.adler32(block[156:], zlib.adler32(block[:148])) & 0xFFFF) - 1
    else:
        total = sum(block[:148]) + sum(block[156:])
    if total + 8 * 0x20 != _plain_number(checksum, 6):
        raise refusal("archive-tar-checksum", "The checksum of a tar header is wrong.")
    path, _, after = name.partition(b"\0")
    if after != ZEROS[len(after)]:
        raise _junk(path)
    prefix, link, v7, problem = _parse_rest(rest)
    if prefix:
        path = prefix + b"/" + path
    if problem is not None:
        raise refusal(*problem, path)
    _optional_number(mtime)
    return Header(path, _mode(access), _plain_number(size, 11), kind, link, v7)


def _plain_number(field: bytes, width: int) -> int:
    """Return a number that nearly every member has another one of: most often width digits."""
    digits = field[:width]
    if digits.isdigit() and field[width] in b"\0 ":
        try:
            number = int(digits, 8)
        except ValueError:
            return _number(field)
        return number if field[width + 1 :] in _ENDS else _number(field)
    return _number(field)


@lru_cache(maxsize=1 << 8)
def _parse_rest(rest: bytes) -> tuple[bytes, bytes, bool, tuple[str, str] | None]:
    """Return prefix and link, whether a header is v7's, and what is wrong with magic or padding."""
    link, magic, uname, gname, major, minor, prefix, unused = _REST.unpack(rest)
    head = _text(prefix)
    if magic == _GNU:
        unused += prefix
    elif magic == _V7:
        unused += prefix + uname + gname
    elif magic != _POSIX:
        return b"", b"", False, ("archive-tar-magic", "A header is of no known kind of tar.")
    if any(unused):
        return b"", b"", False, _JUNK
    _optional_number(major)
    _optional_number(minor)
    _text(uname)
    _text(gname)
    return head, _text(link), magic == _V7, None


@lru_cache(maxsize=1 << 8)
def _mode(access: bytes) -> int:
    """Return the mode; whose the file is must be said in numbers, or not at all."""
    _optional_number(access[8:16])
    _optional_number(access[16:])
    return _number(access[:8])


@lru_cache(maxsize=1 << 8)
def _optional_number(field: bytes) -> int:
    return _number(field) if field.strip(b"\0 ") else 0


@lru_cache(maxsize=1 << 10)
def _number(field: bytes) -> int:
    if field[0] & 0x80:
        raise refusal("archive-tar-base256", "A tar header holds a number in base 256.")
    match = _OCTAL.fullmatch(field)
    if match is None:
        raise refusal("archive-tar-number", "A tar header holds a number that is not octal.")
    return int(match[1], 8)


def _text(field: bytes) -> bytes:
    text, _, after = field.partition(b"\0")
    if after != ZEROS[len(after)]:
        raise _junk(text)
    return text


def _junk(text: bytes) -> Exception:
    return refusal("archive-tar-junk", "A tar header holds bytes after the end of a text.", text)
