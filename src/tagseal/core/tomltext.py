"""TOML that somebody else wrote, read in bounded time.

The standard library's parser takes time that grows with the square of a dotted key's length: a
megabyte of ``1.1.1…`` keeps it busy for minutes. A key ends with its line, so it is enough to count
the dots of each line first.

>>> parse(b'[project]\\nname = "a"\\n')
{'project': {'name': 'a'}}
>>> parse(b"1." * 2000 + b"1 = 1")
Traceback (most recent call last):
ValueError: line 1 has more than 1000 dots
"""

import tomllib
from typing import Any

__all__ = ["MOST_BYTES", "parse"]

MOST_BYTES = 1 << 20
"""Larger documents are not read."""

_MOST_DOTS = 1000


def parse(content: bytes) -> dict[str, Any]:
    """Return a document's tables; ValueError, with the reason, for what is not TOML or too much."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES} bytes")
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.count(b".") > _MOST_DOTS:
            raise ValueError(f"line {number} has more than {_MOST_DOTS} dots")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("it nests too deeply") from error
