"""What pip is given, and what is read from its report."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tagseal.attest import Dependency
from tagseal.builders._pip import make_pip, parse_report, pip_environment
from tagseal.builders._process import Transcript
from tagseal.core.errors import BuildError


def report(info: dict, name: str = "My_Package", version: str = "1!2.0+local") -> bytes:
    item = {"metadata": {"name": name, "version": version}, "download_info": info}
    return json.dumps({"version": "1", "install": [item]}).encode()


def test_a_package_becomes_its_package_url() -> None:
    info = {
        "url": "https://user:secret@mirror/x.whl",
        "archive_info": {"hashes": {"sha256": "a" * 64}},
    }
    [found] = parse_report(report(info))
    assert found == Dependency(uri="pkg:pypi/my-package@1%212.0%2Blocal", digest={})
    assert found.digest == {"sha256": "a" * 64}


def test_a_package_from_git_has_its_commit() -> None:
    info = {
        "url": "https://user:secret@example.org/a/b.git",
        "vcs_info": {"vcs": "git", "commit_id": "b" * 40},
    }
    [found] = parse_report(report(info))
    assert found.uri == f"git+https://example.org/a/b.git@{'b' * 40}"
    assert found.digest == {"gitCommit": "b" * 40}


@pytest.mark.parametrize(
    "info",
    [
        {"url": "file:///x", "dir_info": {}},
        {"url": "https://x/x.whl", "archive_info": {}},
        {"url": "https://x/x.whl", "archive_info": {"hashes": {"md5": "a" * 32}}},
        {"url": "https://x/x.whl", "archive_info": {"hashes": {"sha256": "A" * 64}}},
        {"url": "https://x/x", "vcs_info": {"vcs": "hg", "commit_id": "b" * 40}},
        {"url": "https://x/x", "vcs_info": {"vcs": "git", "commit_id": "main"}},
    ],
)
def test_what_has_no_digest_is_refused(info: dict) -> None:
    with pytest.raises(BuildError) as caught:
        parse_report(report(info, name="n\x1b"))
    assert caught.value.code == "build-requirement-undigested"
    assert "\x1b" not in caught.value.message


def test_pip_gets_only_what_fetching_needs(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror/simple")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    for name in ("PIP_TARGET", "PIP_USER", "PYTHONPATH", "PYTHONHOME", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, "secret")
    environment = pip_environment(tmp_path)
    assert environment["PIP_INDEX_URL"] == "https://mirror/simple"
    assert environment["HTTPS_PROXY"] == "http://proxy"
    assert environment["TMPDIR"] == str(tmp_path)
    assert "secret" not in environment.values()


def test_pip_is_the_one_that_virtualenv_carries(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VIRTUALENV_PIP", "none")
    monkeypatch.setenv("VIRTUALENV_PYTHON", "/nowhere")
    pip = make_pip(tmp_path / "room", seconds=60, transcript=Transcript())
    assert pip.python.is_relative_to(tmp_path)
    assert pip.version[0].isdigit()


def test_a_virtualenv_that_fails(monkeypatch, tmp_path: Path) -> None:
    failing = tmp_path / "python"
    failing.write_text("#!/bin/sh\nprintf 'a\\033b\\n'; exit 1\n")
    failing.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(failing))
    with pytest.raises(BuildError) as caught:
        make_pip(tmp_path / "room", seconds=60, transcript=Transcript())
    assert caught.value.code == "build-environment-failed"
    assert "a\\x1bb" in caught.value.message


def test_a_virtualenv_that_cannot_be_started(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(BuildError) as caught:
        make_pip(tmp_path / "room", seconds=60, transcript=Transcript())
    assert caught.value.code == "build-environment-failed"
    assert "cannot be started" in caught.value.message


def test_virtualenv_does_not_outlive_its_time(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        make_pip(tmp_path / "room", seconds=0.01, transcript=Transcript())


def test_a_users_settings_of_virtualenv_do_not_count(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "virtualenv.ini").write_text("[virtualenv]\nno-pip = true\n")
    monkeypatch.setenv("VIRTUALENV_CONFIG_FILE", str(tmp_path / "virtualenv.ini"))
    monkeypatch.setenv("VIRTUALENV_NO_PIP", "1")
    assert make_pip(tmp_path / "room", seconds=60, transcript=Transcript()).version
