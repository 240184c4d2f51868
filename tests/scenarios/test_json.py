"""Every answer as one JSON document, of the keys that docs/json.md has."""

import json
import subprocess
from pathlib import Path

import pytest

from support_cli import refused, run
from support_release import CONFIGURED, TAG, Rehearsed, repository_of
from tagseal.cli import COMMANDS


def test_every_answer_is_one_document(finished: Rehearsed, tmp_path: Path) -> None:
    """`document` asserts that stdout is one JSON document, and says what the exit status says."""
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    out = tmp_path / "out"
    git = ("--git", sandbox.folder)
    ci = ("--builder-id", "https://b.example/w@r", "--invocation", "https://i.example")
    answers = {
        "rehearse": ["rehearse", sandbox.folder, "--tag", TAG, "--out", tmp_path / "rehearsal"],
        "verify": finished.verify(),
        "compare": ["compare", finished.archive, "--git", finished.repository, "--tag", TAG],
        "show": ["show", finished.evidence],
        "check": ["check", sandbox.folder, "--tag", TAG],
        "build": ["build", sandbox.folder, "--tag", TAG, "--out", out],
        "rebuild": ["rebuild", out, *git],
        "state": ["state", out, *git, *ci],
    }
    assert set(answers) == set(COMMANDS) - {"sign"}  # see the steps of a release
    for command, arguments in answers.items():
        ran = run(*arguments, "--json")
        assert ran.status == 0, ran.stderr
        assert ran.document["status"] == 0
        assert ran.document["format"] == f"tagseal-{command}/1"
    assert "facts" in run(*finished.verify(), "--json").document["archives"][0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_error_is_a_document_of_its_command(command: str) -> None:
    assert refused("usage", command, "--nonsense").document["format"] == f"tagseal-{command}/1"


def test_an_error_without_a_command_has_a_document_too() -> None:
    assert refused("usage", "nonsense", "verify").document["format"] == "tagseal/1"


def test_every_key_of_every_document_is_documented(finished: Rehearsed, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    out = tmp_path / "out"
    for arguments in (
        ["rehearse", sandbox.folder, "--tag", TAG, "--out", tmp_path / "rehearsal"],
        finished.verify(),
        ["compare", finished.archive, "--git", finished.repository, "--tag", TAG],
        ["show", finished.evidence],
        ["check", sandbox.folder, "--tag", TAG],
        ["build", sandbox.folder, "--tag", TAG, "--out", out],
        ["compare", "--release", out, "--git", sandbox.folder],
        ["verify", "x"],
    ):
        document = run(*arguments, "--json").document
        assert {key for key in keys_of(document) if f"{key}`" not in text} == set()


def keys_of(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if not isinstance(value, dict) or list(value) == ["sha256"]:
        return set()
    return set(value) | set().union(*map(keys_of, value.values()))


def test_the_document_of_a_rehearsal_is_what_the_documentation_promises(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    out = tmp_path / "out"
    document = run("rehearse", sandbox.folder, "--tag", TAG, "--out", out, "--json").document
    for archive in document["archives"]:
        assert Path(archive["path"]).exists()
        assert Path(archive["evidence"]).exists()
        assert len(archive["sha256"]) == 64
        assert set(archive["counts"]) == {
            *("identical", "generated", "modified", "relocated", "dereferenced", "omitted"),
        }
    assert json.loads(Path(document["trust_config"]).read_bytes())
    again = subprocess.run(document["verify"], capture_output=True)
    assert again.returncode == 0
