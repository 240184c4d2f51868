"""JSON of evidence: the strict reader of the core, with evidence's limits and reason codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tagseal.core import jsontext
from tagseal.core.errors import EvidenceError
from tagseal.core.jsontext import JsonLimits, JsonTooLarge
from tagseal.evidence.limits import EvidenceLimits

__all__ = ["malformed", "open_levels", "parse"]


def malformed(message: str, where: str) -> EvidenceError:
    """Return the error for evidence that is not what it must be."""
    return EvidenceError("evidence-malformed", message, where=where)


def parse(data: bytes, *, limits: EvidenceLimits, where: str, fractions: bool = False) -> Any:
    """Return the JSON value that data is; EvidenceError when it breaks a rule or a limit.

    ``fractions`` allows numbers that are not integers, which a predicate may hold.
    """
    with _refusing(where):
        return jsontext.parse(data, limits=_json_limits(limits), fractions=fractions)


def open_levels(data: bytes, *, limits: EvidenceLimits, where: str) -> int:
    """Return how many braces and brackets are not closed at the end of data, counting limits."""
    with _refusing(where):
        return jsontext.open_levels(data, _json_limits(limits))


def _json_limits(limits: EvidenceLimits) -> JsonLimits:
    return JsonLimits(
        size=limits.bundle_bytes,
        depth=limits.depth,
        tokens=limits.tokens,
        digits=limits.integer_digits,
    )


@contextmanager
def _refusing(where: str) -> Iterator[None]:
    try:
        yield
    except JsonTooLarge as error:
        message = f"the evidence has {error}"
        raise EvidenceError("evidence-too-large", message, where=where) from error
    except ValueError as error:
        raise malformed(str(error), where) from error
