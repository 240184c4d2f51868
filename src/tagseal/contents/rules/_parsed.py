"""Reading the manifests of package tools: strictly, bounded, and alike for every reader."""

import json
from collections.abc import Mapping
from typing import Any

from tagseal.core.tomltext import parse as parse_toml

__all__ = ["Table", "as_table", "is_same", "read_json", "read_toml"]

_MAX_MANIFEST = 1024 * 1024

Table = Mapping[str, Any]


def as_table(value: object) -> Table:
    """Return a table, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def is_same(first: object, second: object, *, ordered: bool = False) -> bool:
    """Return whether two values are the same, their types too: ``true`` is not 1, nor 1 the 1.0.

    With ``ordered``, keys have to be in the same order, where a tool goes by it.
    """
    if type(first) is not type(second):
        return False
    if isinstance(first, dict) and isinstance(second, dict):
        keys = (list(first), list(second)) if ordered else (sorted(first), sorted(second))
        return keys[0] == keys[1] and all(
            is_same(value, second[key], ordered=ordered) for key, value in first.items()
        )
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(
            is_same(a, b, ordered=ordered) for a, b in zip(first, second, strict=True)
        )
    return first == second


def read_toml(content: bytes | None) -> Table | None:
    """Return a TOML document; None where it is malformed, too large, or not there."""
    if content is None:
        return None
    try:
        return parse_toml(content)
    except ValueError:
        return None


def read_json(content: bytes | None) -> dict[str, Any] | None:
    """Return a JSON object in UTF-8; None for any other bytes, and where a key stands twice."""
    if content is None or len(content) > _MAX_MANIFEST:
        return None
    try:
        found = json.loads(
            content.decode("utf-8"), object_pairs_hook=_no_key_twice, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
