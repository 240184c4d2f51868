from dataclasses import replace

import pytest

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal import Workload


def test_left_out_parts_follow_from_the_others() -> None:
    run = Workload(
        repository="o/n", repository_id="1", owner_id="2", ref="refs/tags/v1", commit="a" * 64
    )
    workflow = "o/n/.github/workflows/release.yml@refs/tags/v1"
    assert run.claims() == {
        "sub": "repo:o/n:ref:refs/tags/v1",
        "repository": "o/n",
        "repository_id": "1",
        "repository_owner": "o",
        "repository_owner_id": "2",
        "repository_visibility": "public",
        "ref": "refs/tags/v1",
        "ref_type": "tag",
        "sha": "a" * 64,
        "workflow_ref": workflow,
        "workflow_sha": "a" * 64,
        "job_workflow_ref": workflow,
        "job_workflow_sha": "a" * 64,
        "event_name": "push",
        "runner_environment": "github-hosted",
        "run_id": "1",
        "run_attempt": "1",
    }


def test_given_parts_stand(workload: Workload) -> None:
    claims = replace(workload, ref="refs/heads/main").claims()
    assert claims["ref_type"] == "branch"
    assert claims["workflow_sha"] == "b" * 40
    assert claims["job_workflow_sha"] == "c" * 40
    assert claims["job_workflow_ref"] == "sealers/seal/.github/workflows/seal.yml@refs/tags/v3"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("repository", "name"),
        ("repository", "a/b/c"),
        ("repository", "o/n\n"),
        ("repository_id", ""),
        ("owner_id", "x1"),
        ("run_id", "-1"),
        ("run_attempt", "1.0"),
        ("ref", "v1.0"),
        ("commit", "abc"),
        ("commit", "A" * 40),
        ("workflow_commit", "1" * 39),
        ("signer_workflow_commit", ""),
        ("workflow", "release.yml"),
        ("signer_workflow", "o/n/.github/workflows/x.yml@v1"),
    ],
)
def test_what_no_ci_could_say_is_refused(workload: Workload, field: str, value: str) -> None:
    with pytest.raises(RehearsalError) as caught:
        replace(workload, **{field: value})
    assert caught.value.code == "rehearsal-workload-invalid"
    assert field in caught.value.message


def test_a_refused_value_is_shown_escaped(workload: Workload) -> None:
    with pytest.raises(RehearsalError, match=r"not \"\\x1b\[2J\""):
        replace(workload, ref="\x1b[2J")
