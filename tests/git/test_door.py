import subprocess
import sys
from pathlib import Path

import pytest

from tagseal.core.errors import GitError
from tagseal.core.reasons import Status
from tagseal.git import Repository
from tagseal.git._door import environment, find_git, quoted, run_git, shown_stderr


def fake_git(folder: Path, body: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return program


def test_no_git(sandbox, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError) as error:
        Repository.open(sandbox.folder)
    assert error.value.code == "git-not-found"
    assert error.value.reason.status is Status.UNDECIDED
    assert "Install git" in error.value.hint


def test_git_is_not_taken_from_the_current_folder(monkeypatch, tmp_path):
    fake_git(tmp_path / "here", "touch ran")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PATH", ":.")
    with pytest.raises(GitError) as error:
        find_git()
    assert error.value.code == "git-not-found"
    assert not (tmp_path / "here/ran").exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("echo git version 2.28.1", "git version 2.28.1"),
        ("echo git version 1.99", "git version 1.99"),
        ("printf 'git \\033[2J'", "git \\x1b[2J"),
        ("exit 1", "nothing that names a version"),
        ("echo fit version 9.9.9", "fit version"),
    ],
)
def test_git_that_is_too_old_or_something_else(monkeypatch, tmp_path, body, said):
    fake_git(tmp_path / "bin", body)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(GitError) as error:
        find_git()
    assert error.value.code == "git-not-found"
    assert said in error.value.message


def test_git_that_cannot_be_started(monkeypatch, tmp_path):
    program = fake_git(tmp_path / "bin", "")
    program.write_bytes(b"#!/no/such/interpreter\n")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(GitError) as error:
        find_git()
    assert error.value.code == "git-not-found"


@pytest.mark.parametrize("version", ["2.29.0", "2.51.0 (Apple Git-155)", "3.0.0.windows.1"])
def test_versions_that_will_do(monkeypatch, tmp_path, version):
    program = fake_git(tmp_path / "bin", f"echo 'git version {version}'")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_git() == program


def test_the_environment_is_ours_alone(sandbox, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "x")
    dump = tmp_path / "dump"
    program = fake_git(tmp_path / "bin", f"env >> '{dump}'; exec '{find_git()}' \"$@\"")
    with Repository.open(sandbox.folder) as plain:
        assert plain.door.program != program
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    with Repository.open(sandbox.folder) as repository:
        repository.read_tree(repository.head())
        repository.require_complete(repository.head())
        folder = repository.door.folder
    seen = {line.partition("=")[0] for line in dump.read_text().splitlines()}
    allowed = set(environment(program, home=folder)) | {
        "GIT_DIR",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    }
    assert seen - {"PWD", "SHLVL", "_", "OLDPWD"} == allowed


def test_a_limit_in_time(tmp_path):
    program = fake_git(tmp_path / "bin", "exec sleep 30")
    with pytest.raises(GitError) as error:
        run_git([str(program), "fsck"], environment={}, cwd=tmp_path, timeout=0.2)
    assert error.value.code == "git-timeout"
    with pytest.raises(GitError) as error:
        run_git([str(tmp_path / "none"), "fsck"], environment={}, cwd=tmp_path)
    assert error.value.code == "git-not-found"


def test_cat_file_that_never_answers_or_dies(sandbox, tmp_path, monkeypatch):
    real = find_git()
    fake_git(
        tmp_path / "bin",
        f'[ "$1" = cat-file ] || exec {real} "$@"\n[ -e {tmp_path}/die ] || exec sleep 30\n'
        "echo gone >&2; exit 3",
    )
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr("tagseal.git._catfile.ANSWER_SECONDS", 0.3)
    with Repository.open(sandbox.folder) as repository:
        with pytest.raises(GitError) as error:
            repository.commit(repository.head())
        assert error.value.code == "git-timeout"
    (tmp_path / "die").touch()
    monkeypatch.setattr("tagseal.git._catfile.ANSWER_SECONDS", 20.0)
    with Repository.open(sandbox.folder) as repository:
        with pytest.raises(GitError) as error:
            repository.commit(repository.head())
        assert error.value.code == "git-failed"
        assert "gone" in error.value.message


def test_messages_of_git_are_escaped_and_short():
    assert shown_stderr(b"fatal: \x1b[2J\nmore\n") == "fatal: \\x1b[2J / more"
    assert shown_stderr(b" \n") == "it gave no message"
    assert len(shown_stderr(b"x" * 10_000)) <= 2000


def test_quoting():
    assert quoted(Path('/a"b\\c\nd')) == '"/a\\"b\\\\c\\nd"'


def test_nothing_else_runs_git():
    source = Path(sys.modules["tagseal"].__file__).parent
    allowed = {"git", "builders", "sandbox"}
    for path in source.rglob("*.py"):
        if path.relative_to(source).parts[0] not in allowed:
            assert '"git",' not in path.read_text("utf-8"), path
    assert subprocess.run(["git", "version"], check=True, capture_output=True).stdout
