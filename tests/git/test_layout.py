import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_git import Sandbox
from tagseal.core.errors import GitError
from tagseal.core.reasons import Status
from tagseal.git import Repository, public_url


def code_of(folder) -> str:
    with pytest.raises(GitError) as error:
        Repository.open(folder)
    return error.value.code


@pytest.mark.parametrize("place", [".", "src", "src/a", ".git", ".git/refs", "src/run.sh"])
def test_where_a_repository_is_found(sandbox, place):
    with Repository.open(sandbox.folder / place) as repository:
        assert repository.head() == sandbox.git("rev-parse", "HEAD")


def test_relative_path(sandbox, monkeypatch):
    monkeypatch.chdir(sandbox.folder / "src")
    from pathlib import Path

    with Repository.open(Path()) as repository:
        assert repository.common_dir == sandbox.folder / ".git"


def test_bare(sandbox, tmp_path):
    sandbox.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    with Repository.open(tmp_path / "bare.git") as repository:
        assert repository.resolve_tag("v1.0").commit == sandbox.git("rev-parse", "HEAD")


def test_worktree(sandbox, tmp_path):
    main = sandbox.git("rev-parse", "HEAD")
    sandbox.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side/new").write_text("x")
    sandbox.git("-C", str(tmp_path / "side"), "add", "new")
    sandbox.git("-C", str(tmp_path / "side"), "commit", "-q", "-m", "side")
    for place in ("side", "side/.git"):
        with Repository.open(tmp_path / place) as repository:
            assert repository.head() == sandbox.git("rev-parse", "side") != main
            assert repository.resolve_tag("v1.0").commit == main
            assert repository.common_dir == sandbox.folder / ".git"


def test_worktree_without_its_repository(sandbox, tmp_path):
    sandbox.git("worktree", "add", "-q", str(tmp_path / "side"))
    sandbox.folder.rename(tmp_path / "moved")
    with pytest.raises(GitError) as error:
        Repository.open(tmp_path / "side")
    assert error.value.code == "git-not-a-repository"
    assert "worktree repair" in error.value.hint


def test_not_a_repository(tmp_path):
    with pytest.raises(GitError) as error:
        Repository.open(tmp_path)
    assert error.value.code == "git-not-a-repository"
    assert error.value.reason.status is Status.USAGE
    assert code_of(tmp_path / "nowhere") == "git-not-a-repository"
    (tmp_path / ".git").mkdir()
    assert code_of(tmp_path) == "git-not-a-repository"


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"gitdir: \n", b"gitdir: a\0b\n"])
def test_a_git_file_that_names_nothing(tmp_path, content):
    (tmp_path / ".git").write_bytes(content)
    assert code_of(tmp_path) == "git-repository-malformed"


def test_a_git_file_that_is_too_large(tmp_path):
    (tmp_path / ".git").write_bytes(b"gitdir: " + b"x" * 100_000)
    assert code_of(tmp_path) == "git-limit"


def configured(sandbox: Sandbox, text: str) -> None:
    (sandbox.folder / ".git/config").write_text(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[core]\n\trepositoryformatversion = 2\n", "git-unsupported"),
        ("[core]\n\trepositoryformatversion = 1\n[extensions]\n\todd = 1\n", "git-unsupported"),
        (
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefstorage = reftable\n",
            "git-unsupported",
        ),
        (
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = md5\n",
            "git-unsupported",
        ),
        ("[extensions]\n\tobjectformat = sha256\n", "git-repository-malformed"),
        ("[core\n", "git-repository-malformed"),
        ("# " + "x" * 5_000_000, "git-limit"),
    ],
)
def test_configurations_that_are_refused(sandbox, text, expected):
    configured(sandbox, text)
    assert code_of(sandbox.folder) == expected


def test_reftable_by_its_folder(sandbox):
    (sandbox.folder / ".git/reftable").mkdir()
    with pytest.raises(GitError) as error:
        Repository.open(sandbox.folder)
    assert error.value.code == "git-unsupported"
    assert "git refs migrate" in error.value.hint


@pytest.mark.parametrize(
    "text",
    ["", "[extensions]\n\todd = 1\n", "[core]\n\trepositoryformatversion = 1\n[a]\n\tb\n"],
)
def test_configurations_that_will_do(sandbox, text):
    configured(sandbox, text)
    with Repository.open(sandbox.folder) as repository:
        assert repository.resolve_tag("v1.0")
    (sandbox.folder / ".git/config").unlink()
    with Repository.open(sandbox.folder) as repository:
        assert repository.remote_url is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_configuration_that_may_not_be_read(sandbox):
    (sandbox.folder / ".git/config").chmod(0)
    assert code_of(sandbox.folder) == "file-unreadable"


def test_remote_url(sandbox):
    sandbox.git("remote", "add", "origin", "https://me:token@example.org/o/r.git")
    sandbox.git("config", "--add", "remote.origin.url", "https://second.example.org/")
    sandbox.git("config", "url.https://evil.example.org/.insteadOf", "https://example.org/")
    with Repository.open(sandbox.folder) as repository:
        assert repository.remote_url == "https://example.org/o/r.git"


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://github.com/o/r", "https://github.com/o/r"),
        ("https://token@github.com:8443/o/r?x=1#y", "https://github.com:8443/o/r"),
        ("HTTPS://GitHub.com/o/r", "https://github.com/o/r"),
        ("https://[::1]:80/o", "https://[::1]:80/o"),
        ("ssh://git@github.com/o/r.git", "ssh://github.com/o/r.git"),
        ("git@github.com:o/r.git", "ssh://github.com/o/r.git"),
        ("github.com:o/r.git", "ssh://github.com/o/r.git"),
        ("", None),
        ("/home/me/r", None),
        ("../r", None),
        ("host:/absolute/r", None),
        ("file:///home/me/r", None),
        ("ext::sh -c evil", None),
        ("https:///no-host", None),
        ("https://host:port/", None),
        ("https://ho st/", None),
        ("https://host/\x1b[2J", None),
        ("https://[bad/", None),
    ],
)
def test_public_url(url, public):
    assert public_url(url) == public


@given(st.text(max_size=40), st.sampled_from(["https://", "ssh://", ""]))
def test_a_password_is_never_in_a_public_url(text, scheme):
    url = public_url(f"{scheme}user:S3CR3T@{text}")
    assert url is None or "S3CR3T" not in url
