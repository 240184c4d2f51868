"""The steps' order, and what becomes of the verdict."""

from dataclasses import replace

import pytest

from support_verification import Sealed, parsed, seal, source, verified
from tagseal.core.errors import ArchiveError, EvidenceError, SigningError, TagsealError, UsageError
from tagseal.core.reasons import Status
from tagseal.core.verdict import Outcome
from tagseal.verification import STEPS, Verification, finding_of

UNSUPPORTED = SigningError("signing-unsupported", "a key of another kind")
INVALID = SigningError("signing-signature-invalid", "the signature is wrong")


@pytest.fixture
def sealed() -> Sealed:
    return seal(source())


@pytest.fixture
def verification(sealed: Sealed) -> Verification:
    return Verification(name=sealed.listing.name, policy=sealed.policy, trust="a trust root")


def test_every_step_is_a_check_in_order(sealed: Sealed) -> None:
    verdict = sealed.verify()
    assert {c.number: c.title for c in verdict.checks} == STEPS
    assert [c.number for c in verdict.checks] == list(range(1, 11))
    assert {c.outcome for c in verdict.checks} == {Outcome.PASSED}
    assert verdict.as_json()["verified"] is True


def test_nothing_done_is_undecided(verification: Verification) -> None:
    verdict = verification.verdict()
    assert verdict.status is Status.UNDECIDED
    assert {c.outcome for c in verdict.checks} == {Outcome.NOT_REACHED}
    assert {c.detail for c in verdict.checks} == {"not reached"}
    assert verdict.headline == "UNDECIDED: t-1-source.tar.gz could not be judged"


def test_a_verdict_before_the_last_step_is_undecided(
    verification: Verification, sealed: Sealed
) -> None:
    def status() -> Status:
        return verification.verdict().status

    bundles = [parsed(line, n) for n, line in enumerate(sealed.lines, 1)]
    verification.archive(sealed.listing)
    assert status() is Status.UNDECIDED
    verification.evidence(bundles)
    assert status() is Status.UNDECIDED
    verification.signatures(map(verified, sealed.lines, bundles))
    assert status() is Status.UNDECIDED
    verification.contents()
    verification.thresholds()
    assert status() is Status.UNDECIDED
    verification.version()
    assert status() is Status.VERIFIED


def test_steps_cannot_be_left_out_or_made_twice(verification: Verification, sealed: Sealed) -> None:
    for early in (
        lambda: verification.evidence(()),
        lambda: verification.signatures(()),
        verification.contents,
        verification.thresholds,
        verification.version,
    ):
        with pytest.raises(UsageError) as caught:
            early()
        assert caught.value.code == "usage"
    verification.archive(sealed.listing)
    with pytest.raises(UsageError):
        verification.archive(sealed.listing)
    assert verification.verdict().status is Status.UNDECIDED


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ArchiveError("archive-duplicate-member", "twice"), Status.NOT_VERIFIED),
        (ArchiveError("archive-format-unsupported", "7z"), Status.UNDECIDED),
    ],
)
def test_an_archive_that_is_refused(
    verification: Verification, sealed: Sealed, error: TagsealError, status: Status
) -> None:
    verification.archive(error)
    assert not verification.going_on
    with pytest.raises(UsageError):
        verification.archive(sealed.listing)
    verification.evidence([parsed(line, 1) for line in sealed.lines])
    verification.contents()
    verdict = verification.verdict()
    assert verdict.status is status
    assert verdict.findings == (finding_of(error),)
    assert verdict.sha256 is None
    assert verdict.checks[1].detail == "not reached, because step 1 did not pass"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (EvidenceError("evidence-malformed", "no JSON"), Status.NOT_VERIFIED),
        (EvidenceError("evidence-unsupported-version", "0.4"), Status.UNDECIDED),
    ],
)
def test_evidence_that_is_refused(
    verification: Verification, sealed: Sealed, error: TagsealError, status: Status
) -> None:
    verification.archive(sealed.listing)
    verification.evidence(error)
    assert not verification.going_on
    assert verification.verdict().status is status


def test_a_bundle_that_was_not_checked_is_missed(
    verification: Verification, sealed: Sealed
) -> None:
    bundles = [parsed(line, n) for n, line in enumerate(sealed.lines, 1)]
    verification.archive(sealed.listing)
    verification.evidence([*bundles, bundles[0]])
    verification.signatures(map(verified, sealed.lines, bundles))
    verdict = verification.verdict()
    assert {f.code for f in verdict.findings} == {"evidence-incomplete"}
    assert verdict.status is Status.NOT_VERIFIED


def test_no_signature_at_all(verification: Verification, sealed: Sealed) -> None:
    verification.archive(sealed.listing)
    verification.evidence([parsed(line, 1) for line in sealed.lines])
    verification.signatures([])
    assert verification.verdict().status is Status.NOT_VERIFIED


@pytest.mark.parametrize("index", range(3))
def test_one_wrong_signature_is_enough(sealed: Sealed, index: int) -> None:
    lines = (*sealed.lines[:index], INVALID, *sealed.lines[index + 1 :])
    verdict = sealed.but(lines=lines).verify()
    assert {f.code for f in verdict.findings} == {"signing-signature-invalid"}
    assert verdict.status is Status.NOT_VERIFIED
    assert verdict.checks[2].detail.startswith("2 of 3 signatures")


# What cannot be decided is never success, and never hides a failure.


def unsupported_lines(sealed: Sealed) -> dict[str, object]:
    return {
        "signature": UNSUPPORTED,
        "payload": replace(sealed.contents, payload_type="text/plain"),
        "predicate": sealed.contents.edited(lambda s: s.update(predicateType="https://x.example")),
        "issuer": sealed.contents.signed_by(issuer="https://gitlab.com"),
    }


@pytest.mark.parametrize("what", ["signature", "payload", "predicate", "issuer"])
def test_a_line_of_an_unknown_kind_turns_success_into_undecided(sealed: Sealed, what: str) -> None:
    verdict = sealed.but(lines=(*sealed.lines, unsupported_lines(sealed)[what])).verify()
    assert verdict.status is Status.UNDECIDED
    assert (verdict.facts, verdict.notes) == ({}, ())
    assert {c.outcome for c in verdict.checks} == {Outcome.PASSED, Outcome.UNDECIDED}


@pytest.mark.parametrize("what", ["signature", "payload", "predicate", "issuer"])
@pytest.mark.parametrize("position", [0, 3])
def test_a_line_of_an_unknown_kind_hides_no_failure(
    sealed: Sealed, what: str, position: int
) -> None:
    lines = list(sealed.lines)
    lines.insert(position, unsupported_lines(sealed)[what])  # type: ignore[arg-type]
    changed = sealed.but(lines=tuple(lines))
    evil = replace(sealed.listing, members=dict(list(sealed.listing.members.items())[1:]))
    for failing, code in (
        (changed.but(listing=replace(sealed.listing, sha256="1" * 64)), "evidence-wrong-file"),
        (changed.but(listing=evil), "contents-tree-differs"),
        (changed.asked(repository="owner/u"), "identity-repository"),
        (changed.asked(tag="v2"), "version-tag"),
    ):
        verdict = failing.verify()
        assert code in {f.code for f in verdict.findings}
        assert verdict.status is Status.NOT_VERIFIED


@pytest.mark.parametrize("what", ["signature", "payload", "predicate"])
@pytest.mark.parametrize("index", range(3))
def test_what_may_stand_in_an_unknown_line_is_not_called_missing(
    sealed: Sealed, what: str, index: int
) -> None:
    lines = list(sealed.lines)
    lines[index] = unsupported_lines(sealed)[what]  # type: ignore[call-overload]
    verdict = sealed.but(lines=tuple(lines)).verify()
    assert verdict.status is Status.UNDECIDED
    assert len(verdict.findings) == 1
    if index == 1:
        assert verdict.checks[7].outcome is Outcome.NOT_REACHED


def test_nothing_but_unknown_lines(sealed: Sealed) -> None:
    for line in unsupported_lines(sealed).values():
        verdict = sealed.but(lines=(line,)).verify()
        assert verdict.status is Status.UNDECIDED
        assert {c.outcome for c in verdict.checks} == {
            Outcome.PASSED,
            Outcome.UNDECIDED,
            Outcome.NOT_REACHED,
        }


# Step 10.


@pytest.mark.parametrize("tag", ["v1.0", "v", "v11", "V1", "1", "refs/tags/v1", "", "v1 "])
def test_another_tag_than_the_one_that_was_asked_for(sealed: Sealed, tag: str) -> None:
    verdict = sealed.asked(tag=tag).verify()
    assert {f.code for f in verdict.findings} == {"version-tag"}
    assert verdict.status is Status.NOT_VERIFIED


def test_the_tag_that_was_asked_for(sealed: Sealed) -> None:
    assert sealed.asked(tag="v1").verify().status is Status.VERIFIED
    assert sealed.verify().checks[9].detail == "tag v1; you named none"
