"""Compiled message catalogues, read strictly (GNU gettext manual, "The Format of GNU MO Files").

Revision 0.1 has strings with pieces that depend on the system, such as the ``PRIu64`` of C; they
are spelled here as a PO file spells them, ``<PRIu64>``. Every byte of a file has to be of one of
its strings or tables, so that nothing else travels in it.

>>> pattern = pattern_of_widths(b"%<PRIu64> of %<PRIu64>")
>>> widths = pattern.fullmatch(b"%llu of %llu").groupdict()
>>> with_widths(b"%<PRIu64> von %<PRIu64>", widths)
b'%llu von %llu'
>>> pattern.fullmatch(b"%llu of %u")
"""

import re
import struct
from collections.abc import Iterator, Mapping

__all__ = ["MAX_CATALOGUE", "pattern_of_widths", "read_mo", "with_widths"]

MAX_CATALOGUE = 16 * 1024 * 1024
"""Bytes; larger catalogues are not read."""

_MAGIC = {b"\xde\x12\x04\x95": "<", b"\x95\x04\x12\xde": ">"}
_HEADER, _LONG_HEADER = 28, 48
_LAST = 0xFFFFFFFF
_MOST_PIECES = 64
_MOST_MACROS = 256
_PADDING = 16
_MACRO_NAME = re.compile(rb"I|PRI[diouxX](?:(?:LEAST|FAST)?(?:8|16|32|64)|MAX|PTR)")
_MACRO = re.compile(rb"<PRI(?P<letter>[diouxX])(?P<type>[A-Z]*[0-9]*)>")
_WIDTHS = {
    b"8": b"hh|",
    b"16": b"h|",
    b"32": b"l|",
    b"64": b"ll|l|I64",
    b"MAX": b"ll|l|j|I64",
    b"PTR": b"ll|l|I64|",
}
_ANY_WIDTH = b"hh|h|ll|l|"


def pattern_of_widths(message: bytes) -> re.Pattern[bytes]:
    """Return what matches a text of a PO file with the width of each of its macros filled in.

    Each macro has the same width wherever it stands; the groups are named by the macros.
    """
    pattern, at = b"", 0
    seen: set[bytes] = set()
    for match in _MACRO.finditer(message):
        name = match[0][1:-1]
        pattern += re.escape(message[at : match.start()])
        if name in seen:
            pattern += b"(?P=" + name + b")"
        else:
            widths = _WIDTHS.get(match["type"], _ANY_WIDTH)
            pattern += b"(?P<" + name + b">(?:" + widths + b")" + match["letter"] + b")"
        seen.add(name)
        at = match.end()
    return re.compile(pattern + re.escape(message[at:]), re.DOTALL)


def with_widths(text: bytes, widths: Mapping[str, bytes]) -> bytes:
    """Return a text of a PO file with its macros replaced; one without a width stays."""
    return _MACRO.sub(lambda match: widths.get(match[0][1:-1].decode(), match[0]), text)


class _Malformed(Exception):  # noqa: N818 - never leaves this module
    """The file is not in the format."""


def read_mo(content: bytes) -> dict[bytes, bytes] | None:
    """Return message to translation, both as the file has them; None where it is malformed.

    Every string lies inside of the file and ends in a NUL, no message stands twice, and there is
    nothing between and behind the strings and tables but padding.
    """
    order = _MAGIC.get(content[:4])
    if order is None or not _HEADER <= len(content) <= MAX_CATALOGUE:
        return None
    reader = _Reader(content, order)
    try:
        pairs = list(reader.pairs())
    except (_Malformed, struct.error):
        return None
    messages = dict(pairs)
    return messages if len(messages) == len(pairs) and reader.is_all_read() else None


class _Reader:
    """One catalogue; ``order`` is the byte order, as struct spells it."""

    def __init__(self, content: bytes, order: str) -> None:
        self._content = content
        self._order = order
        self._read = 0
        self._ranges: list[tuple[int, int]] = []

    def pairs(self) -> Iterator[tuple[bytes, bytes]]:
        revision, count, ids, texts, size, table = self._numbers(4, 6)
        if revision not in (0, 1):
            raise _Malformed
        self._ranges.append((0, _LONG_HEADER if revision == 1 else _HEADER))
        total = count
        for i in range(count):
            yield self._plain(ids + 8 * i), self._plain(texts + 8 * i)
        if revision == 1:
            segments, names, count, ids, texts = self._numbers(_HEADER, 5)
            if segments > _MOST_MACROS:
                raise _Malformed
            total += count
            known = [self._segment(names + 8 * i) for i in range(segments)]
            for i in range(count):
                [message], [text] = self._numbers(ids + 4 * i, 1), self._numbers(texts + 4 * i, 1)
                yield self._composed(message, known), self._composed(text, known)
        self._hash_table(table, size, total)

    def is_all_read(self) -> bool:
        """Return whether all bytes that were not read are padding."""
        at = 0
        for start, end in sorted(self._ranges):
            if not self._is_padding(at, start):
                return False
            at = max(at, end)
        return self._is_padding(at, len(self._content))

    def _is_padding(self, start: int, end: int) -> bool:
        return end - start <= _PADDING and not self._content[start:end].strip(b"\0")

    def _hash_table(self, offset: int, size: int, strings: int) -> None:
        if size * 4 > len(self._content):
            raise _Malformed
        if any(entry > strings for entry in self._numbers(offset, size)):
            raise _Malformed

    def _numbers(self, offset: int, count: int) -> tuple[int, ...]:
        self._ranges.append((offset, offset + 4 * count))
        return struct.unpack_from(f"{self._order}{count}I", self._content, offset)

    def _bytes(self, offset: int, length: int) -> bytes:
        self._read += length + 1
        # Strings that lie over one another could be more than the file; so could their tables.
        if offset + length > len(self._content) or self._read > 2 * len(self._content):
            raise _Malformed
        self._ranges.append((offset, offset + length))
        return self._content[offset : offset + length]

    def _plain(self, entry: int) -> bytes:
        length, offset = self._numbers(entry, 2)
        if self._bytes(offset + length, 1) != b"\0":
            raise _Malformed
        return self._bytes(offset, length)

    def _segment(self, entry: int) -> bytes:
        """Return the name of a piece that depends on the system; its length counts the NUL."""
        name, nul, rest = self._bytes(*reversed(self._numbers(entry, 2))).partition(b"\0")
        if not nul or rest or not _MACRO_NAME.fullmatch(name):
            raise _Malformed
        return name

    def _composed(self, entry: int, names: list[bytes]) -> bytes:
        [at] = self._numbers(entry, 1)
        text = b""
        for i in range(_MOST_PIECES):
            length, reference = self._numbers(entry + 4 + 8 * i, 2)
            text += self._bytes(at, length)
            at += length
            if reference == _LAST:
                if not text.endswith(b"\0"):
                    raise _Malformed
                return text[:-1]
            if reference >= len(names):
                raise _Malformed
            text += b"<" + names[reference] + b">"
        raise _Malformed
