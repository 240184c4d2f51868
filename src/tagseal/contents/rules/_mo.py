"""Compiled message catalogues, read strictly (GNU gettext manual, "The Format of GNU MO Files").

Revision 0.1 has strings with pieces that depend on the system, such as the ``PRIu64`` of C; they
are spelled here as a PO file spells them, ``<PRIu64>``.
"""

import struct
from collections.abc import Iterator

__all__ = ["MAX_CATALOGUE", "read_mo"]

MAX_CATALOGUE = 16 * 1024 * 1024
"""Bytes; larger catalogues are not read."""

_MAGIC = {b"\xde\x12\x04\x95": "<", b"\x95\x04\x12\xde": ">"}
_HEADER = 28
_LAST = 0xFFFFFFFF
_MOST_PIECES = 64


class _Malformed(Exception):  # noqa: N818 - never leaves this module
    """The file is not in the format."""


def read_mo(content: bytes) -> dict[bytes, bytes] | None:
    """Return message to translation, both as the file has them; None where it is malformed.

    Every string lies inside of the file and ends in a NUL, and no message stands twice.
    """
    order = _MAGIC.get(content[:4])
    if order is None or not _HEADER <= len(content) <= MAX_CATALOGUE:
        return None
    try:
        pairs = list(_Reader(content, order).pairs())
    except (_Malformed, struct.error):
        return None
    messages = dict(pairs)
    return messages if len(messages) == len(pairs) else None


class _Reader:
    """One catalogue; ``order`` is the byte order, as struct spells it."""

    def __init__(self, content: bytes, order: str) -> None:
        self._content = content
        self._order = order
        self._read = 0

    def pairs(self) -> Iterator[tuple[bytes, bytes]]:
        revision, count, ids, texts = self._numbers(4, 4)
        if revision not in (0, 1):
            raise _Malformed
        for i in range(count):
            yield self._plain(ids + 8 * i), self._plain(texts + 8 * i)
        if revision == 1:
            segments, names, count, ids, texts = self._numbers(_HEADER, 5)
            known = [self._segment(names + 8 * i) for i in range(segments)]
            for i in range(count):
                [message], [text] = self._numbers(ids + 4 * i, 1), self._numbers(texts + 4 * i, 1)
                yield self._composed(message, known), self._composed(text, known)

    def _numbers(self, offset: int, count: int) -> tuple[int, ...]:
        return struct.unpack_from(f"{self._order}{count}I", self._content, offset)

    def _bytes(self, offset: int, length: int) -> bytes:
        self._read += length + 1
        # Strings that lie over one another could be more than the file; so could their tables.
        if offset + length > len(self._content) or self._read > 2 * len(self._content):
            raise _Malformed
        return self._content[offset : offset + length]

    def _plain(self, entry: int) -> bytes:
        length, offset = self._numbers(entry, 2)
        if self._bytes(offset + length, 1) != b"\0":
            raise _Malformed
        return self._bytes(offset, length)

    def _segment(self, entry: int) -> bytes:
        """Return the name of a piece that depends on the system; its length counts the NUL."""
        name, nul, rest = self._bytes(*reversed(self._numbers(entry, 2))).partition(b"\0")
        if not nul or rest:
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
