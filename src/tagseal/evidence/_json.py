"""JSON from strangers: one document, bounded before it is parsed, without double meanings.

RFC 8259 leaves open which of two equal keys wins, and Python's parser goes beyond it (``NaN``) and
recurses as deep as the document says. Here equal keys, ``NaN``, fractions (no field of a bundle is
one), byte order marks and broken UTF-8 are refused, and size and depth are counted before the
parser runs.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from tagseal.core.errors import EvidenceError
from tagseal.core.paths import display
from tagseal.evidence.limits import EvidenceLimits

__all__ = ["malformed", "open_levels", "parse"]

# A string that is never closed swallows the rest, which the parser then refuses.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_OPENING, _CLOSING = b"[{", b"]}"


def malformed(message: str, where: str) -> EvidenceError:
    """Return the error for evidence that is not what it must be."""
    return EvidenceError("evidence-malformed", message, where=where)


def parse(data: bytes, *, limits: EvidenceLimits, where: str, fractions: bool = False) -> Any:
    """Return the JSON value that data is; EvidenceError when it breaks a rule or a limit.

    ``fractions`` allows numbers that are not integers, which a predicate may hold.
    """
    fraction = float if fractions else _refuse("a number is a fraction", where)
    open_levels(data, limits=limits, where=where)
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique(where),
            parse_int=_integer(limits, where),
            parse_float=fraction,
            parse_constant=_refuse("a number is NaN or infinite", where),
        )
    except UnicodeDecodeError as error:
        raise malformed("the bytes are not UTF-8", where) from error
    except json.JSONDecodeError as error:
        raise malformed(f"this is not JSON: {error.msg} at byte {error.pos}", where) from error


def open_levels(data: bytes, *, limits: EvidenceLimits, where: str) -> int:
    """Return how many braces and brackets are not closed at the end of data, counting limits."""
    if len(data) > limits.bundle_bytes:
        raise _too_large(f"more than {limits.bundle_bytes} bytes", where)
    depth = 0
    for number, match in enumerate(_TOKEN.finditer(data)):
        depth += (match[0] in _OPENING) - (match[0] in _CLOSING)
        if depth > limits.depth:
            raise _too_large(f"more than {limits.depth} levels inside one another", where)
        if number >= limits.tokens:
            raise _too_large(f"more than {limits.tokens} values", where)
    return depth


def _too_large(what: str, where: str) -> EvidenceError:
    return EvidenceError("evidence-too-large", f"the evidence has {what}", where=where)


def _unique(where: str) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def hook(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        if len(mapping) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise malformed(f'the key "{display(twice[:80])}" stands twice in one object', where)
        return mapping

    return hook


def _integer(limits: EvidenceLimits, where: str) -> Callable[[str], int]:
    def hook(text: str) -> int:
        if len(text.lstrip("-")) > limits.integer_digits:
            raise malformed("a number is larger than any field of a bundle", where)
        return int(text)

    return hook


def _refuse(message: str, where: str) -> Callable[[str], object]:
    def hook(_: str) -> object:
        raise malformed(message, where)

    return hook
