from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.core.finding import Finding
from tagseal.core.reasons import REASONS, Status
from tagseal.core.verdict import Check, Outcome, Verdict

CODES = {
    status: next(code for code, reason in REASONS.items() if reason.status is status)
    for status in Status
}


def check(*statuses: Status, reached: bool = True, number: int = 1) -> Check:
    findings = tuple(Finding(code=CODES[status], message="m") for status in statuses)
    return Check(number=number, title="t", detail="d", findings=findings, reached=reached)


def verdict(*checks: Check) -> Verdict:
    return Verdict(archive="t-1.tar", sha256=None, checks=checks, headline="h")


@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [
        ((), Outcome.PASSED),
        ((Status.VERIFIED,), Outcome.PASSED),
        ((Status.UNDECIDED,), Outcome.UNDECIDED),
        ((Status.UNDECIDED, Status.VERIFIED), Outcome.UNDECIDED),
        ((Status.NOT_VERIFIED,), Outcome.FAILED),
        ((Status.UNDECIDED, Status.NOT_VERIFIED), Outcome.FAILED),
        ((Status.NOT_VERIFIED, Status.UNDECIDED, Status.UNDECIDED), Outcome.FAILED),
        ((Status.USAGE, Status.UNDECIDED), Outcome.FAILED),
    ],
)
def test_an_outcome_follows_from_the_findings(
    statuses: tuple[Status, ...], outcome: Outcome
) -> None:
    assert check(*statuses).outcome is outcome


def test_a_check_that_was_not_reached_did_not_pass() -> None:
    assert check(reached=False).outcome is Outcome.NOT_REACHED
    assert check(Status.NOT_VERIFIED, reached=False).outcome is Outcome.FAILED


def test_nothing_checked_is_never_success() -> None:
    assert verdict().status is Status.UNDECIDED
    assert verdict(check(reached=False)).status is Status.UNDECIDED
    assert verdict(check(), check(reached=False)).status is Status.UNDECIDED


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_one_failure_beats_whatever_is_undecided(order: tuple[int, ...]) -> None:
    checks = [check(), check(Status.UNDECIDED), check(Status.NOT_VERIFIED)]
    assert verdict(*(checks[n] for n in order)).status is Status.NOT_VERIFIED
    assert verdict(check(), check(Status.UNDECIDED)).status is Status.UNDECIDED
    assert verdict(check(), check()).status is Status.VERIFIED


@given(st.lists(st.lists(st.sampled_from(Status), max_size=3), max_size=5), st.sampled_from(Status))
def test_a_further_finding_never_helps(checks: list[list[Status]], more: Status) -> None:
    """What an attacker adds can turn a success into a refusal, and never the other way round."""
    severity = {Status.VERIFIED: 0, Status.UNDECIDED: 1, Status.NOT_VERIFIED: 2}
    before = verdict(*(check(*statuses) for statuses in checks)).status
    for at in range(len(checks)):
        changed = [s + [more] * (n == at) for n, s in enumerate(checks)]
        after = verdict(*(check(*statuses) for statuses in changed)).status
        assert severity[after] >= severity[before]
    for extra in (check(more), check(reached=False)):
        after = verdict(*(check(*statuses) for statuses in checks), extra).status
        assert severity[after] >= severity[before] or not checks


def test_the_status_is_the_worst_there_is() -> None:
    for first, second in product(Status, repeat=2):
        both = verdict(check(first), check(second)).status
        assert both is not Status.USAGE
        assert (both is Status.VERIFIED) == (first is second is Status.VERIFIED)


def test_as_json() -> None:
    document = Verdict(
        archive="t-1.tar",
        sha256="0" * 64,
        checks=(check(number=1), check(Status.NOT_VERIFIED, number=2)),
        headline="NOT VERIFIED",
        notes=("n",),
    ).as_json()
    assert document == {
        "archive": "t-1.tar",
        "sha256": "0" * 64,
        "status": 1,
        "verified": False,
        "headline": "NOT VERIFIED",
        "notes": ["n"],
        "checks": [
            {"number": 1, "title": "t", "outcome": "passed", "detail": "d", "findings": []},
            {
                "number": 2,
                "title": "t",
                "outcome": "failed",
                "detail": "d",
                "findings": [{"code": CODES[Status.NOT_VERIFIED], "message": "m"}],
            },
        ],
        "facts": {},
    }


def test_findings_are_in_the_order_of_the_checks() -> None:
    first, second = check(Status.UNDECIDED), check(Status.NOT_VERIFIED)
    assert verdict(first, second).findings == (*first.findings, *second.findings)
