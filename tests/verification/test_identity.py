"""Step 5: who may sign for a repository, and every way of being somebody else."""

import pytest

from support_contents import URI
from support_verification import SIGNER, Sealed, identity_of, seal, source
from tagseal.core.identity import REHEARSAL_ISSUER
from tagseal.core.reasons import Status
from tagseal.core.verdict import Outcome
from tagseal.policy import GITHUB, REHEARSAL_SIGNER, Policy
from tagseal.verification.identity import identity_findings

FORK = "https://github.com/mallory/t"
REUSABLE = "https://github.com/sealers/seal/.github/workflows/seal.yml@refs/tags/v3"
TRUSTED = f"{REHEARSAL_SIGNER}@refs/tags/v1"


@pytest.fixture
def sealed() -> Sealed:
    return seal(source())


def test_the_projects_own_workflow_may_sign_when_it_is_named(sealed: Sealed) -> None:
    verdict = sealed.verify()
    assert verdict.status is Status.VERIFIED
    assert verdict.facts["signer"] == SIGNER


@pytest.mark.parametrize(
    ("certificate", "codes"),
    [
        pytest.param(
            {
                "source_repository_uri": FORK,
                "san": f"{FORK}/.github/workflows/release.yml@refs/tags/v1",
                "build_signer_uri": f"{FORK}/.github/workflows/release.yml@refs/tags/v1",
                "build_config_uri": f"{FORK}/.github/workflows/release.yml@refs/tags/v1",
            },
            {"identity-repository", "identity-signer"},
            id="a fork",
        ),
        pytest.param(
            {"source_repository_uri": "https://github.com/Owner/t"},
            {"identity-repository"},
            id="letter case",
        ),
        pytest.param(
            {"source_repository_uri": "https://github.com/\N{CYRILLIC SMALL LETTER O}wner/t"},
            {"identity-repository"},
            id="a homograph",
        ),
        pytest.param(
            {"source_repository_uri": URI + "-tools"}, {"identity-repository"}, id="a longer name"
        ),
        pytest.param(
            {"source_repository_uri": URI.replace("https", "http")},
            {"identity-repository"},
            id="another scheme",
        ),
        pytest.param({"source_repository_ref": "refs/heads/v1"}, {"identity-ref"}, id="a branch"),
        pytest.param({"source_repository_ref": "refs/tags/"}, {"identity-ref"}, id="no tag"),
        pytest.param(
            {"source_repository_ref": "refs/pull/1/merge", "build_trigger": "pull_request"},
            {"identity-ref", "identity-trigger"},
            id="a pull request",
        ),
        pytest.param(
            {"build_trigger": "workflow_dispatch"}, {"identity-trigger"}, id="started by hand"
        ),
        pytest.param(
            {"build_trigger": "pull_request_target"}, {"identity-trigger"}, id="for a stranger"
        ),
        pytest.param(
            {"runner_environment": "self-hosted"}, {"identity-runner"}, id="a machine of one's own"
        ),
        pytest.param(
            {"san": SIGNER.replace("release", "test")}, {"identity-signer"}, id="another subject"
        ),
        pytest.param(
            {"build_config_uri": f"{FORK}/.github/workflows/release.yml@refs/tags/v1"},
            {"identity-signer"},
            id="started by a workflow of somebody else",
        ),
        pytest.param(
            {"build_config_uri": SIGNER.replace("refs/tags/v1", "refs/heads/main")},
            {"identity-signer"},
            id="started by a workflow of a branch",
        ),
    ],
)
def test_another_run_than_the_one_that_was_asked_for(
    sealed: Sealed, certificate: dict[str, str], codes: set[str]
) -> None:
    identity = identity_of("a" * 40, **certificate)
    found = {f.code for f in identity_findings(identity, sealed.policy)}
    # A certificate that is not of one piece has a workflow that is not the source's.
    assert found - {"identity-signer"} == codes - {"identity-signer"}
    assert found >= codes
    verdict = sealed.signed_by(**certificate).verify()
    assert verdict.status is Status.NOT_VERIFIED
    assert verdict.checks[4].outcome is Outcome.FAILED
    assert verdict.headline == "NOT VERIFIED: t-1-source.tar.gz failed step 5 (identity)"


@pytest.mark.parametrize(
    "signer",
    [
        SIGNER.replace("release.yml", "test.yml"),
        SIGNER.replace("refs/tags/v1", "refs/tags/v11"),
        SIGNER.replace("refs/tags/v1", "refs/heads/v1"),
        SIGNER.replace("owner/t", "mallory/t"),
        SIGNER.replace("release.yml", "../workflows/release.yml"),
        REUSABLE,
    ],
)
def test_another_workflow(sealed: Sealed, signer: str) -> None:
    assert sealed.signed_by(san=signer, build_signer_uri=signer).codes == {"identity-signer"}


def test_without_naming_a_workflow_only_known_ones_may_sign(sealed: Sealed) -> None:
    assert sealed.asked(workflow=None).codes == {"identity-signer"}


def test_a_reusable_workflow_signs_for_whoever_names_it(sealed: Sealed) -> None:
    by_it = seal(
        source(), identity=identity_of(_commit(sealed), san=REUSABLE, build_signer_uri=REUSABLE)
    )
    assert by_it.codes == {"identity-signer"}
    named = by_it.asked(workflow=None, builder=REUSABLE)
    assert named.verify().status is Status.VERIFIED
    assert by_it.asked(workflow=None, builder=REUSABLE.replace("v3", "v2")).codes == {
        "identity-signer"
    }
    # The same workflow, called by somebody else, signs for somebody else.
    caller = FORK + "/.github/workflows/release.yml@refs/tags/v1"
    called = named.signed_by(source_repository_uri=FORK, build_config_uri=caller)
    assert called.codes == {"identity-repository"}


def _commit(sealed: Sealed) -> str:
    commit = sealed.contents.identity.source_repository_digest
    assert commit is not None
    return commit


@pytest.mark.parametrize(
    ("demanded", "code"),
    [
        ({"repository_id": "12"}, "identity-owner"),
        ({"repository_id": "1"}, "identity-owner"),
        ({"owner_id": "23"}, "identity-owner"),
        ({"commit": "a" * 40}, "identity-commit"),
        ({"repository": "owner/other"}, "identity-repository"),
    ],
)
def test_what_a_policy_demands(sealed: Sealed, demanded: dict[str, str], code: str) -> None:
    assert code in sealed.asked(**demanded).codes
    assert sealed.asked(**demanded).verify().status is Status.NOT_VERIFIED


def test_an_abbreviated_commit_is_not_the_commit(sealed: Sealed) -> None:
    commit = _commit(sealed)
    assert sealed.asked(commit=commit).codes == set()
    assert sealed.asked(commit=commit[:12]).codes == {"identity-commit"}


def test_ids_that_are_right(sealed: Sealed) -> None:
    assert sealed.asked(repository_id="11", owner_id="22").codes == set()


@pytest.mark.parametrize("field", GITHUB.required)
@pytest.mark.parametrize("value", [None, ""])
def test_what_github_always_says_may_not_be_missing(
    sealed: Sealed, field: str, value: str | None
) -> None:
    assert sealed.signed_by(**{field: value}).codes == {"identity-incomplete"}


@pytest.mark.parametrize(
    "issuer",
    [
        None,
        "",
        "https://accounts.google.com",
        GITHUB.issuer + "/",
        GITHUB.issuer.upper(),
        GITHUB.issuer + ".evil.example",
        f"https://{'t' * 3000}.example",
    ],
)
def test_an_unknown_issuer_is_undecided_and_never_verified(
    sealed: Sealed, issuer: str | None
) -> None:
    verdict = sealed.signed_by(issuer=issuer).verify()
    assert {f.code for f in verdict.findings} == {"identity-issuer-unknown"}
    assert verdict.status is Status.UNDECIDED
    assert (
        verdict.headline == "UNDECIDED: t-1-source.tar.gz could not be judged at step 5 (identity)"
    )
    assert (verdict.facts, verdict.notes) == ({}, ())


def rehearsed(signer: str = TRUSTED) -> Sealed:
    sealed = seal(source())
    identity = identity_of(
        _commit(sealed), issuer=REHEARSAL_ISSUER, san=signer, build_signer_uri=signer
    )
    policy = Policy(repository="owner/t")
    return seal(source(), identity=identity, policy=policy).but(is_rehearsal=True)


def test_a_rehearsal_is_verified_as_one_and_says_so() -> None:
    verdict = rehearsed().verify()
    assert verdict.status is Status.VERIFIED
    assert verdict.headline.endswith("; but only in a rehearsal, which anybody can hold")
    assert verdict.notes[-1].startswith("this is a rehearsal")
    assert verdict.facts["rehearsal"] is True


def test_a_rehearsals_issuer_counts_for_nothing_under_another_trust_root() -> None:
    real = rehearsed().but(is_rehearsal=False)
    assert real.codes == {"signing-rehearsal-evidence"}
    assert real.verify().status is Status.NOT_VERIFIED


def test_a_rehearsals_trust_root_counts_for_nothing_under_a_real_issuer(sealed: Sealed) -> None:
    assert sealed.but(is_rehearsal=True).codes == {"signing-rehearsal-evidence"}


@pytest.mark.parametrize(
    "signer",
    [
        f"{REHEARSAL_SIGNER}@refs/heads/main",
        f"{REHEARSAL_SIGNER}@refs/pull/1/merge",
        REHEARSAL_SIGNER,
        f"{REHEARSAL_SIGNER}2@refs/tags/v1",
        f"{REHEARSAL_SIGNER.replace('tagseal/tagseal', 'mallory/tagseal')}@refs/tags/v1",
    ],
)
def test_a_trusted_workflow_is_trusted_at_its_tags_only(signer: str) -> None:
    assert rehearsed(signer).codes == {"identity-signer"}


def test_letters_that_look_alike_are_told_apart(sealed: Sealed) -> None:
    homograph = "https://github.com/\N{CYRILLIC SMALL LETTER O}wner/t"
    verdict = sealed.signed_by(source_repository_uri=homograph).verify()
    assert verdict.findings[0].message == (
        'the source repository is "https://github.com/\\u043ewner/t", '
        'not "https://github.com/owner/t"'
    )
