"""The verdict on one archive: the numbered checks, each with its outcome, and what follows.

The exit status is never chosen: it follows from the findings. One finding of the status "not
verified" makes the whole verdict that; else one "undecided" makes it undecided; only a verdict
whose every check was reached and passed is "verified".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tagseal.core.finding import Finding
from tagseal.core.reasons import Status

__all__ = ["Check", "Outcome", "Verdict"]


class Outcome(Enum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One numbered step: what was demanded, and what was found.

    ``detail`` says in one sentence what was enforced or, for a check that was not reached, why.
    """

    number: int
    title: str
    detail: str
    findings: tuple[Finding, ...] = ()
    reached: bool = True

    @property
    def outcome(self) -> Outcome:
        """The outcome, which follows from the findings."""
        statuses = {finding.reason.status for finding in self.findings}
        if Status.NOT_VERIFIED in statuses or Status.USAGE in statuses:
            return Outcome.FAILED
        if Status.UNDECIDED in statuses:
            return Outcome.UNDECIDED
        return Outcome.PASSED if self.reached else Outcome.NOT_REACHED

    def as_json(self) -> dict[str, Any]:
        """Return the check as plain JSON data."""
        return {
            "number": self.number,
            "title": self.title,
            "outcome": self.outcome.value,
            "detail": self.detail,
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known about one archive after all checks that could be made.

    ``headline`` is the last line that a person reads; ``facts`` are what was proven, as JSON data,
    empty unless everything was; ``notes`` are sentences that qualify the headline.
    """

    archive: str
    sha256: str | None
    checks: tuple[Check, ...]
    headline: str
    notes: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the checks."""
        return tuple(finding for check in self.checks for finding in check.findings)

    @property
    def status(self) -> Status:
        """The exit status that the checks lead to; nothing checked is never success."""
        outcomes = {check.outcome for check in self.checks}
        if Outcome.FAILED in outcomes:
            return Status.NOT_VERIFIED
        if outcomes == {Outcome.PASSED}:
            return Status.VERIFIED
        return Status.UNDECIDED

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as plain JSON data."""
        return {
            "archive": self.archive,
            "sha256": self.sha256,
            "status": int(self.status),
            "verified": self.status is Status.VERIFIED,
            "headline": self.headline,
            "notes": list(self.notes),
            "checks": [check.as_json() for check in self.checks],
            "facts": dict(self.facts),
        }
