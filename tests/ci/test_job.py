import os

import pytest

from tagseal.ci import as_job, current, detect


def test_the_variables_are_there_inside_and_gone_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAGSEAL_KEPT", "before")
    monkeypatch.delenv("TAGSEAL_NEW", raising=False)
    with as_job({"TAGSEAL_KEPT": "inside", "TAGSEAL_NEW": "inside"}):
        assert (os.environ["TAGSEAL_KEPT"], os.environ["TAGSEAL_NEW"]) == ("inside", "inside")
    assert os.environ["TAGSEAL_KEPT"] == "before"
    assert "TAGSEAL_NEW" not in os.environ


def test_an_error_inside_puts_everything_back_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAGSEAL_NEW", raising=False)
    with pytest.raises(KeyError), as_job({"TAGSEAL_NEW": "inside"}):
        raise KeyError
    assert "TAGSEAL_NEW" not in os.environ


def test_what_is_detected_inside_is_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert current().kind == "local"
    with as_job({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "owner/name"}):
        assert (current().kind, current().repository) == ("github", "owner/name")


def test_the_builder_is_the_workflow_that_was_started() -> None:
    variables = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_WORKFLOW_REF": "o/n/.github/workflows/release.yml@refs/tags/v1",
    }
    run = detect(variables)
    assert run.builder_uri == ("https://github.com/o/n/.github/workflows/release.yml@refs/tags/v1")
    assert detect({"GITHUB_ACTIONS": "true"}).builder_uri is None
