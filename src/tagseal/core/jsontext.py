"""JSON without double meanings: what we write, and what we accept from strangers.

RFC 8259 leaves open which of two equal keys wins, and Python's parser goes beyond it (``NaN``) and
recurses as deep as the document says. Here equal keys, ``NaN``, fractions (unless asked for), byte
order marks and broken UTF-8 are refused, and depth and size are counted before the parser runs.

>>> dump({"b": 1, "a": [2]})
b'{"b":1,"a":[2]}'
>>> parse(b'{"a": 1, "a": 2}')
Traceback (most recent call last):
ValueError: the key "a" stands twice in one object
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from tagseal.core.paths import display

__all__ = ["JsonLimits", "JsonTooLarge", "dump", "open_levels", "parse"]

# A string that is never closed swallows the rest, which the parser then refuses.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLimits:
    """Bounds on one document; beyond one of them it is `JsonTooLarge`.

    ``depth`` counts objects and lists inside one another, ``tokens`` strings, braces and brackets,
    ``digits`` those of one number.
    """

    size: int | None = None
    depth: int = 64
    tokens: int | None = None
    digits: int = 19


class JsonTooLarge(ValueError):  # noqa: N818 - it names what the document is
    """A document is beyond a limit."""


_LIMITS = JsonLimits()


def dump(value: object) -> bytes:
    """Return the one compact form in which tagseal writes a value; keys keep their order."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def parse(data: bytes, *, limits: JsonLimits = _LIMITS, fractions: bool = False) -> Any:
    """Return the value of one JSON document.

    ValueError, with a message that is safe to show, when it is not UTF-8 or not JSON, when a key
    stands twice in one object, when a number is no integer (unless ``fractions`` are allowed), or
    when an escape stands for half a character; its subclass `JsonTooLarge` beyond a limit.
    """
    open_levels(data, limits)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_integer(limits),
            parse_float=float if fractions else _refuse,
            parse_constant=_refuse,
        )
    except UnicodeDecodeError as error:
        raise ValueError("the text is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"the text is not JSON ({error.msg} at character {error.pos})") from error
    if _HALF_CHARACTER.search(data):
        _refuse_half_characters(value)
    return value


def open_levels(data: bytes, limits: JsonLimits) -> int:
    """Return how many braces and brackets are not closed at the end of data.

    `JsonTooLarge` when the limits on size, depth or tokens are passed on the way.
    """
    if limits.size is not None and len(data) > limits.size:
        raise JsonTooLarge(f"more than {limits.size} bytes")
    depth = 0
    for number, match in enumerate(_TOKEN.finditer(data)):
        depth += (match[0] in b"[{") - (match[0] in b"]}")
        if depth > limits.depth:
            raise JsonTooLarge(f"more than {limits.depth} levels inside one another")
        if limits.tokens is not None and number >= limits.tokens:
            raise JsonTooLarge(f"more than {limits.tokens} values")
    return depth


def _refuse_half_characters(value: object) -> None:
    # A lone surrogate can be neither written nor compared with what any other reader makes of it.
    try:
        dump(value)
    except UnicodeEncodeError as error:
        raise ValueError("an escape stands for half a character") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key, value in pairs:
        if key in mapping:
            raise ValueError(f'the key "{display(key[:80])}" stands twice in one object')
        mapping[key] = value
    return mapping


def _integer(limits: JsonLimits) -> Callable[[str], int]:
    def hook(text: str) -> int:
        if len(text.lstrip("-")) > limits.digits:
            raise ValueError("a number is too large")
        return int(text)

    return hook


def _refuse(_: str) -> NoReturn:
    raise ValueError("a number is not an integer")
