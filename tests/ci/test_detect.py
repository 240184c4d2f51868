import pytest

from tagseal.ci import CiRun, current, detect

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_ACTOR": "somebody",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "owner/name.py",
    "GITHUB_REPOSITORY_ID": "1234",
    "GITHUB_REPOSITORY_OWNER_ID": "99",
    "GITHUB_REF": "refs/tags/v1.0",
    "GITHUB_SHA": "ab" * 20,
    "GITHUB_WORKFLOW_REF": "owner/name.py/.github/workflows/release.yml@refs/tags/v1.0",
    "GITHUB_WORKFLOW_SHA": "cd" * 20,
    "GITHUB_RUN_ID": "77",
    "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_EVENT_NAME": "push",
    "RUNNER_ENVIRONMENT": "github-hosted",
}


def test_github():
    run = detect(GITHUB)
    assert run == CiRun(
        kind="github",
        server_url="https://github.com",
        repository="owner/name.py",
        repository_id="1234",
        owner_id="99",
        ref="refs/tags/v1.0",
        sha="ab" * 20,
        workflow_ref="owner/name.py/.github/workflows/release.yml@refs/tags/v1.0",
        workflow_sha="cd" * 20,
        run_id="77",
        run_attempt="2",
        event="push",
        runner_environment="github-hosted",
    )
    assert run.repository_uri == "https://github.com/owner/name.py"
    assert run.owner_uri == "https://github.com/owner"
    assert run.workflow_path == ".github/workflows/release.yml"
    assert run.invocation_uri == "https://github.com/owner/name.py/actions/runs/77/attempts/2"
    assert run.tag == "v1.0"


def test_nothing_personal_is_kept():
    assert "somebody" not in repr(detect(GITHUB))


@pytest.mark.parametrize("variable", sorted(set(GITHUB) - {"GITHUB_ACTIONS", "GITHUB_ACTOR"}))
def test_a_missing_variable_is_a_problem(variable):
    run = detect({name: value for name, value in GITHUB.items() if name != variable})
    assert run.problems == (f"{variable} is not set",)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GITHUB_REPOSITORY", "owner/name/more"),
        ("GITHUB_REPOSITORY", "owner/na me"),
        ("GITHUB_SHA", "AB" * 20),
        ("GITHUB_SHA", "ab" * 20 + "\n"),
        ("GITHUB_REF", "main"),
        ("GITHUB_REF", "refs/tags/a\x1b[2J"),
        ("GITHUB_SERVER_URL", "https://user:secret@github.com"),
        ("GITHUB_WORKFLOW_REF", "owner/name@refs/heads/main"),
        ("GITHUB_RUN_ID", "-1"),
        ("RUNNER_ENVIRONMENT", "trusted"),
    ],
)
def test_a_malformed_variable_is_a_problem(variable, value):
    run = detect(GITHUB | {variable: value})
    [problem] = run.problems
    assert problem.startswith(f"{variable} is not in its form")
    assert problem.isprintable()
    assert value not in (getattr(run, field) for field in ("repository", "sha", "ref", "run_id"))


def test_uris_need_their_parts():
    run = detect({"GITHUB_ACTIONS": "true"})
    assert run.kind == "github"
    assert (run.repository_uri, run.owner_uri, run.workflow_path) == (None, None, None)
    assert (run.invocation_uri, run.tag) == (None, None)
    assert detect(GITHUB | {"GITHUB_REF": "refs/heads/main"}).tag is None


@pytest.mark.parametrize("environ", [{}, {"GITHUB_ACTIONS": "1"}, {"USER": "me", "HOME": "/x"}])
def test_local(environ):
    assert detect(environ) == CiRun(kind="local")


def test_current_reads_this_process(monkeypatch):
    for name, value in GITHUB.items():
        monkeypatch.setenv(name, value)
    assert current() == detect(GITHUB)
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert current().kind == "local"
