"""JSON without double meanings: what we write, and what we accept inside of statements.

>>> dump({"b": 1, "a": [2]})
b'{"b":1,"a":[2]}'
>>> parse(b'{"a": 1, "a": 2}')
Traceback (most recent call last):
ValueError: the key "a" stands twice in one object
"""

import json
import re
from typing import Any, NoReturn

from tagseal.core.paths import display

__all__ = ["dump", "parse"]

_MAX_DEPTH = 64
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


def dump(value: object) -> bytes:
    """Return the one compact form in which tagseal writes a value; keys keep their order."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def parse(data: bytes) -> Any:
    """Return the value of one JSON document.

    ValueError, with a message that is safe to show, when it is not UTF-8 or not JSON, when a key
    stands twice in one object, when a number is not an integer of at most 19 digits, when an escape
    stands for half a character, or when it is nested too deeply to be read without risk.
    """
    depth = 0
    for match in _TOKEN.finditer(data):
        depth += (match[0] in b"[{") - (match[0] in b"]}")
        if depth > _MAX_DEPTH:
            raise ValueError(f"more than {_MAX_DEPTH} levels are inside one another")
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except UnicodeDecodeError as error:
        raise ValueError("the text is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"the text is not JSON ({error.msg} at character {error.pos})") from error
    if _HALF_CHARACTER.search(data):
        _refuse_half_characters(value)
    return value


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


def _integer(text: str) -> int:
    if len(text) > 19:
        raise ValueError("a number is too large")
    return int(text)


def _refuse(_: str) -> NoReturn:
    raise ValueError("a number is not an integer")
