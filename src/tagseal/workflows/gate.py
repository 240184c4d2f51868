"""The gate: what a consumer without any allowance would say, before anything is signed."""

from dataclasses import dataclass, replace

from tagseal.attest import Rebuilt
from tagseal.contents import Kind
from tagseal.core.finding import Finding
from tagseal.core.patterns import Pattern, compile_pattern
from tagseal.policy import Allowances, Policy
from tagseal.verification import JudgedContents, judge_claim
from tagseal.workflows.account import Accounted

__all__ = ["GateResult", "gate", "literal_pattern"]

_ALLOWABLE = {
    "contents-generated": "generated",
    "contents-metadata": "generated",
    "contents-modified": "modified",
    "contents-relocated": "relocated",
    "contents-omitted": "omitted",
    "contents-data-folder": "shadowing",
    "contents-shadowing": "shadowing",
    "contents-top-level": "top_level",
}
"""Reason codes that a consumer can answer with an allowance, and which one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What a strict consumer finds, and what that consumer would have to allow, by exact path.

    ``blocking`` are the findings that no allowance answers.
    """

    judged: JudgedContents | None
    """None where no claim can express what differs; all findings are blocking then."""
    findings: tuple[Finding, ...]
    needed: Allowances
    blocking: tuple[Finding, ...]


def gate(
    accounted: Accounted, *, repository: str, rebuilt: Rebuilt, kind: Kind | None = None
) -> GateResult:
    """Judge an archive as a consumer with an empty policy would."""
    if accounted.claim is None:
        conflicts = accounted.conflicts
        return GateResult(judged=None, findings=conflicts, needed=Allowances(), blocking=conflicts)
    policy = Policy(repository=repository, kind=kind)
    judged = judge_claim(accounted.listing, accounted.claim, policy, rebuilt=rebuilt)
    needed, refused = _allowances(judged)
    blocking = tuple(refused)
    if not blocking and judged.findings:
        # What is allowed must really be enough: judged once more, with exactly that.
        again = judge_claim(
            accounted.listing, accounted.claim, replace(policy, allow=needed), rebuilt=rebuilt
        )
        blocking = again.findings
    return GateResult(judged=judged, findings=judged.findings, needed=needed, blocking=blocking)


def _allowances(judged: JudgedContents) -> tuple[Allowances, list[Finding]]:
    paths: dict[str, list[Pattern]] = {}
    blocking = []
    modified = {m.file.path for m in judged.proof.modified}
    for finding in judged.findings:
        field = _ALLOWABLE.get(finding.code)
        if field is None or finding.path is None:
            blocking.append(finding)
            continue
        if finding.code == "contents-metadata" and finding.path in modified:
            field = "modified"
        paths.setdefault(field, []).append(literal_pattern(finding.path))
    return Allowances.of(paths), blocking


def literal_pattern(path: bytes) -> Pattern:
    """Return the pattern that matches one path.

    A star or question mark in the path becomes a question mark, which is as close as a pattern
    comes to it.
    """
    return compile_pattern(path.decode("utf-8", "surrogateescape").replace("*", "?"))
