"""Pax extension records (POSIX.1-2017, pax, "pax Extended Header"): ``LENGTH KEY=VALUE\\n``."""

import re

from tagseal.archives._errors import refusal

__all__ = ["parse_records"]

_COMMENT = b"comment"
_LENGTH = re.compile(rb"([1-9][0-9]{0,8}) ")

_KNOWN = frozenset(
    b"path linkpath size atime ctime mtime uid gid uname gname".split(),
)


def parse_records(data: bytes, *, is_global: bool = False) -> dict[bytes, bytes]:
    """Return the records of one extension header; its whole content must be records.

    A member's header may say what a listing rests on, times and owners; a global one only a
    comment.
    """
    records: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        match = _LENGTH.match(data, at)
        end = at + int(match[1]) if match else 0
        if match is None or not match.end() < end <= len(data) or data[end - 1] != 0x0A:
            raise refusal("archive-pax-malformed", "A pax header is not a list of records.")
        key, equals, value = data[match.end() : end - 1].partition(b"=")
        if not equals or not key or b"\0" in value:
            raise refusal("archive-pax-malformed", "A pax record is not KEY=VALUE.")
        if is_global and key != _COMMENT:
            raise refusal(
                "archive-pax-global", "A pax global header holds more than a comment.", key
            )
        if not is_global and key not in _KNOWN:
            raise refusal("archive-pax-key", "A pax header has a record that is not allowed.", key)
        if key in records:
            raise refusal("archive-pax-duplicate", "A pax header has one record twice.", key)
        records[key] = value
        at = end
    return records
