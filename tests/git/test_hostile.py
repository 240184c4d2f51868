"""A hostile repository runs nothing and shows nothing else than its objects.

Where it can be shown, each trap is first sprung by plain git, so that the test cannot pass because
the trap does not work.
"""

import os
from pathlib import Path

import pytest

from support_git import Sandbox
from tagseal.core.errors import GitError
from tagseal.git import Repository, private_clone, rehearsal_repository


@pytest.fixture
def marker(tmp_path) -> Path:
    return tmp_path / "marker"


@pytest.fixture
def script(tmp_path, marker) -> str:
    path = tmp_path / "evil.sh"
    path.write_text(f"#!/bin/sh\necho ran >> '{marker}'\ncat\n")
    path.chmod(0o755)
    return str(path)


def use_everything(folder: Path, tmp_path: Path) -> None:
    """Do all that the package offers."""
    with Repository.open(folder) as repository:
        tag = repository.resolve_tag("v1.0")
        listing = repository.read_tree(tag.commit)
        list(repository.blobs(e.object for e in listing.entries.values()))
        repository.require_complete(tag.commit)
        private_clone(repository, tmp_path / "clone", tag="v1.0", commit=tag.commit)
        rehearsal_repository(
            repository, tmp_path / "rehearsal", commit=tag.commit, tag="v9"
        ).close()


def spring(sandbox: Sandbox, marker: Path, *command: str) -> None:
    sandbox.git(*command, check=False)
    assert marker.exists(), "the trap itself does not work"
    marker.unlink()


def test_fsmonitor(sandbox, marker, script, tmp_path):
    sandbox.git("config", "core.fsmonitor", script)
    spring(sandbox, marker, "status")
    use_everything(sandbox.folder, tmp_path)
    assert not marker.exists()


def test_filters_and_attributes(sandbox, marker, script, tmp_path):
    sandbox.write(
        ".gitattributes", b"* text eol=crlf ident filter=evil\n*.u working-tree-encoding=UTF-16\n"
    )
    sandbox.write("keyword", b"$Id$\nline\n")
    sandbox.write("name.u", "é\n".encode("utf-16"))
    sandbox.commit("attributes")
    sandbox.git("tag", "-f", "-a", "-m", "m", "v1.0")
    sandbox.git("config", "filter.evil.smudge", script)
    sandbox.git("config", "filter.evil.clean", script)
    sandbox.git("config", "filter.evil.required", "true")
    (sandbox.folder / ".git/info").mkdir(exist_ok=True)
    (sandbox.folder / ".git/info/attributes").write_text("* filter=evil\n")
    (sandbox.folder / "README").unlink()
    spring(sandbox, marker, "checkout", "--", "README")
    use_everything(sandbox.folder, tmp_path)
    assert not marker.exists()
    assert (tmp_path / "clone/keyword").read_bytes() == b"$Id$\nline\n"
    assert (tmp_path / "clone/name.u").read_bytes() == "é\n".encode()


def test_hooks(sandbox, marker, script, tmp_path):
    hooks = sandbox.folder / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc"):
        (hooks / name).symlink_to(script)
    sandbox.git("config", "core.hooksPath", str(hooks))
    spring(sandbox, marker, "checkout", "HEAD")
    use_everything(sandbox.folder, tmp_path)
    assert not marker.exists()


def test_includes_aliases_and_programs(sandbox, marker, script, tmp_path):
    included = tmp_path / "included"
    included.write_text(f"[core]\n\tfsmonitor = {script}\n")
    sandbox.git("config", "include.path", str(included))
    spring(sandbox, marker, "status")
    for name in ("cat-file", "rev-list", "config", "pack-objects"):
        sandbox.git("config", f"alias.{name}", f"!{script}")
    for key in ("sshCommand", "pager", "editor", "askPass", "gitProxy", "alternateRefsCommand"):
        sandbox.git("config", f"core.{key}", script)
    sandbox.git("config", "uploadpack.packObjectsHook", script)
    sandbox.git("config", "gpg.program", script)
    marker.unlink(missing_ok=True)
    use_everything(sandbox.folder, tmp_path)
    assert not marker.exists()


def test_the_callers_environment_does_not_count(sandbox, marker, script, tmp_path, monkeypatch):
    elsewhere = Sandbox(tmp_path / "elsewhere")
    config = tmp_path / "config"
    config.write_text(f"[core]\n\tfsmonitor = {script}\n\thooksPath = {tmp_path}\n")
    for name, value in {
        "GIT_DIR": str(elsewhere.folder / ".git"),
        "GIT_WORK_TREE": str(elsewhere.folder),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": script,
        "GIT_EXTERNAL_DIFF": script,
        "GIT_TRACE": str(marker),
        "GIT_OBJECT_DIRECTORY": str(elsewhere.folder / ".git/objects"),
        "GIT_NAMESPACE": "x",
    }.items():
        monkeypatch.setenv(name, value)
    use_everything(sandbox.folder, tmp_path)
    assert not marker.exists()
    assert not (tmp_path / "index").exists()


def test_replace_refs_and_grafts(sandbox):
    commit = sandbox.git("rev-parse", "HEAD")
    good = sandbox.git("rev-parse", "HEAD:README")
    sandbox.write("README", b"evil\n")
    evil = sandbox.commit("evil")
    sandbox.git("replace", commit, evil)
    sandbox.git("replace", good, sandbox.git("rev-parse", f"{evil}:README"))
    assert sandbox.git("cat-file", "blob", good) == "evil"
    (sandbox.folder / ".git/info").mkdir(exist_ok=True)
    (sandbox.folder / ".git/info/grafts").write_text(f"{commit} {evil}\n")
    with Repository.open(sandbox.folder) as repository:
        tag = repository.resolve_tag("v1.0")
        assert tag.commit == commit
        assert repository.read_tree(tag.commit).entries[b"README"].object == good
        assert repository.blob(good) == b"hello\n"


def test_a_commit_graph_is_not_believed(sandbox):
    parent = sandbox.git("rev-parse", "HEAD")
    tip = sandbox.commit("two")
    sandbox.git("commit-graph", "write", "--reachable")
    (sandbox.folder / ".git/objects" / parent[:2] / parent[2:]).unlink()
    with Repository.open(sandbox.folder) as repository:
        with pytest.raises(GitError) as error:
            repository.require_complete(tip)
        assert error.value.code == "git-object-missing"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository away")
def test_a_repository_of_another_user(sandbox, tmp_path):
    for path in [sandbox.folder, *sandbox.folder.rglob("*")]:
        os.chown(path, 65534, 65534, follow_symlinks=False)
    assert sandbox.git("status", check=False) == ""  # plain git refuses it
    use_everything(sandbox.folder, tmp_path)


@pytest.mark.parametrize("place", ["refs/tags/pipe", "packed-refs", "HEAD", "config", "shallow"])
def test_a_pipe_in_a_files_place_does_not_block(sandbox, place):
    target = sandbox.folder / ".git" / place
    target.unlink(missing_ok=True)
    os.mkfifo(target)
    expected = "git-not-a-repository" if place == "HEAD" else "git-repository-malformed"
    with pytest.raises(GitError) as error, Repository.open(sandbox.folder) as repository:
        repository.resolve_tag("pipe")
    assert error.value.code == expected


def test_a_symbolic_link_in_a_refs_place(sandbox, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("ab" * 20)
    (sandbox.folder / ".git/refs/tags/link").symlink_to(secret)
    with Repository.open(sandbox.folder) as repository, pytest.raises(GitError) as error:
        repository.resolve_tag("link")
    assert error.value.code == "git-repository-malformed"


def test_what_git_says_is_escaped(sandbox):
    (sandbox.folder / ".git/config").write_bytes(b"[\x1b[2J\n")
    with pytest.raises(GitError) as error:
        Repository.open(sandbox.folder)
    assert error.value.code == "git-repository-malformed"
    assert "\x1b" not in str(error.value)
