"""What a bundle says about itself, for people and for JSON; believed by nobody."""

from dataclasses import dataclass
from typing import Any

from tagseal.core.errors import EvidenceError
from tagseal.evidence._json import parse
from tagseal.evidence.limits import DEFAULT_LIMITS, EvidenceLimits
from tagseal.evidence.model import ParsedBundle

__all__ = ["BundleDescription", "describe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleDescription:
    """A bundle in plain data. Every string is the signer's own: whoever shows it escapes it.

    The statement's fields are None (and ``subjects`` empty) where the payload is not an in-toto
    statement in JSON.
    """

    line: int
    media_type: str
    kind: str
    log_kind: str
    checkpoint_origin: str | None
    bundle_bytes: int
    payload_bytes: int | None
    payload_type: str | None
    statement_type: str | None
    predicate_type: str | None
    subjects: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Name, and pairs of algorithm and digest, in the order of the statement."""

    def as_json(self) -> dict[str, object]:
        """Return the description as plain JSON data."""
        return {
            "line": self.line,
            "media_type": self.media_type,
            "kind": self.kind,
            "log_kind": self.log_kind,
            "checkpoint_origin": self.checkpoint_origin,
            "bundle_bytes": self.bundle_bytes,
            "payload_bytes": self.payload_bytes,
            "payload_type": self.payload_type,
            "statement_type": self.statement_type,
            "predicate_type": self.predicate_type,
            "subjects": [
                {"name": name, "digest": dict(digests)} for name, digests in self.subjects
            ],
        }


def describe(parsed: ParsedBundle, *, limits: EvidenceLimits = DEFAULT_LIMITS) -> BundleDescription:
    """Return what a bundle says about itself, without verifying a thing and without failing."""
    statement = _statement(parsed.payload, limits)
    return BundleDescription(
        line=parsed.line,
        media_type=parsed.media_type,
        kind=parsed.kind,
        log_kind=parsed.log_kind,
        checkpoint_origin=parsed.checkpoint_origin,
        bundle_bytes=len(parsed.raw),
        payload_bytes=None if parsed.payload is None else len(parsed.payload),
        payload_type=parsed.payload_type,
        statement_type=_text(statement.get("_type")),
        predicate_type=_text(statement.get("predicateType")),
        subjects=tuple(_subjects(statement.get("subject"))),
    )


def _statement(payload: bytes | None, limits: EvidenceLimits) -> dict[str, Any]:
    if payload is None:
        return {}
    try:
        value = parse(payload, limits=limits, where="the payload", fractions=True)
    except EvidenceError:
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _subjects(value: object) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    found = []
    for subject in value if isinstance(value, list) else []:
        if isinstance(subject, dict) and isinstance(subject.get("digest"), dict):
            digests = tuple((k, v) for k, v in subject["digest"].items() if isinstance(v, str))
            found.append((_text(subject.get("name")) or "", digests))
    return found
