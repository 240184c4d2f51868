import os
import subprocess
from pathlib import Path

import pytest

from support_git import ENVIRONMENT, Sandbox
from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import GitError, UsageError
from tagseal.core.listing import Mode
from tagseal.git import Repository, create_ephemeral_tag, private_clone, rehearsal_repository


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def check_files(repository: Repository, commit: str, folder: Path) -> None:
    """Check that a folder holds exactly the commit's files."""
    listing = repository.read_tree(commit)
    blobs = dict(
        repository.blobs(e.object for e in listing.entries.values() if e.mode is not Mode.SUBMODULE)
    )
    for path, entry in listing.entries.items():
        target = folder / path.decode()
        match entry.mode:
            case Mode.SYMLINK:
                assert str(target.readlink()).encode() == blobs[entry.object]
            case Mode.SUBMODULE:
                assert list(target.iterdir()) == []
            case _:
                assert target.read_bytes() == blobs[entry.object]
                assert target.stat().st_mode & 0o7777 == entry.mode & 0o777
    found = {
        str(p.relative_to(folder)).encode()
        for p in folder.rglob("*")
        if (p.is_symlink() or not p.is_dir()) and ".git" not in p.relative_to(folder).parts[:1]
    }
    files = {p for p, e in listing.entries.items() if e.mode is not Mode.SUBMODULE}
    assert found == files


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_private_clone(tmp_path, object_format):
    sandbox = Sandbox(tmp_path / "r", object_format=object_format)
    sandbox.write("README", b"hello\n")
    sandbox.write("dos", b"a\r\nb\n")
    sandbox.write("bin/run", b"#!/bin/sh\n", executable=True)
    sandbox.write(".gitattributes", b"* text=auto eol=crlf\n[attr]odd -text\n")
    (sandbox.folder / "link").symlink_to("bin/run")
    first = sandbox.commit()
    gitlink = "12" * (ObjectFormat(object_format).width // 2)
    sandbox.git("update-index", "--add", "--cacheinfo", f"160000,{gitlink},sub/module")
    sandbox.git("commit", "-q", "-m", "two")
    commit = sandbox.git("rev-parse", "HEAD")
    sandbox.git("tag", "-a", "-m", "m", "v1.0")
    sandbox.git("tag", "other")
    sandbox.git("config", "user.name", "secret")
    sandbox.git("commit", "-q", "--allow-empty", "-m", "later")
    clone = tmp_path / "clone"
    with Repository.open(sandbox.folder) as repository:
        tag = repository.resolve_tag("v1.0")
        assert private_clone(repository, clone, tag="v1.0", commit=commit) == clone
        check_files(repository, commit, clone)
    assert git(clone, "for-each-ref", "--format=%(refname) %(objectname)") == (
        f"refs/tags/v1.0 {tag.target}"
    )
    assert git(clone, "rev-parse", "HEAD") == commit
    assert git(clone, "rev-list", "HEAD").split() == [commit, first]
    assert git(clone, "describe", "--tags", "--dirty", "--long").startswith("v1.0-0-g")
    assert git(clone, "status", "--porcelain") == ""
    assert "secret" not in (clone / ".git/config").read_text()
    assert not (clone / ".git/objects/info/alternates").exists()
    git(clone, "fsck", "--strict")
    with Repository.open(clone) as again:
        assert again.resolve_tag("v1.0") == tag


@pytest.fixture
def strict_umask():
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_without_a_tag(sandbox, tmp_path, strict_umask):
    commit = sandbox.git("rev-parse", "HEAD")
    with Repository.open(sandbox.folder) as repository:
        private_clone(repository, tmp_path / "clone", tag=None, commit=commit)
        check_files(repository, commit, tmp_path / "clone")
    with Repository.open(tmp_path / "clone") as clone:
        assert clone.tags() == ()
        assert clone.head() == commit


def test_a_tag_that_leads_elsewhere(sandbox, tmp_path):
    commit = sandbox.commit("two")
    with Repository.open(sandbox.folder) as repository, pytest.raises(GitError) as error:
        private_clone(repository, tmp_path / "clone", tag="v1.0", commit=commit)
    assert error.value.code == "git-tag-moved"
    assert not (tmp_path / "clone").exists()


def test_a_shallow_source(sandbox, tmp_path):
    commit = sandbox.commit("two")
    url = f"file://{sandbox.folder}"
    sandbox.git("clone", "-q", "--depth=1", url, str(tmp_path / "shallow"))
    with Repository.open(tmp_path / "shallow") as repository:
        with pytest.raises(GitError) as error:
            private_clone(repository, tmp_path / "clone", tag=None, commit=commit)
        assert error.value.code == "git-shallow"
        assert not (tmp_path / "clone").exists()
        with rehearsal_repository(repository, tmp_path / "r", commit=commit, tag="v2") as rehearsed:
            assert rehearsed.shallow
            assert b"README" in rehearsed.read_tree(rehearsed.resolve_tag("v2").tree).entries


def test_a_source_with_a_missing_blob(sandbox, tmp_path):
    blob = sandbox.git("rev-parse", "HEAD:README")
    (sandbox.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with Repository.open(sandbox.folder) as repository, pytest.raises(GitError) as error:
        private_clone(repository, tmp_path / "clone", tag="v1.0", commit=repository.head())
    assert error.value.code == "git-object-missing"
    assert not (tmp_path / "clone").exists()


def test_a_source_with_a_swapped_blob(sandbox, tmp_path):
    sandbox.plant("blob", b"jello\n", sandbox.git("rev-parse", "HEAD:README"))
    with Repository.open(sandbox.folder) as repository, pytest.raises(GitError) as error:
        private_clone(repository, tmp_path / "clone", tag="v1.0", commit=repository.head())
    assert error.value.code == "git-object-missing"
    assert not (tmp_path / "clone").exists()


def test_something_is_already_there(sandbox, tmp_path):
    (tmp_path / "there").mkdir()
    with Repository.open(sandbox.folder) as repository:
        commit = repository.head()
        for destination, code in (
            (tmp_path / "there", "output-exists"),
            (tmp_path / "no/such/folder", "file-unreadable"),
        ):
            with pytest.raises(UsageError) as error:
                private_clone(repository, destination, tag=None, commit=commit)
            assert error.value.code == code
            with pytest.raises(UsageError) as error:
                rehearsal_repository(repository, destination, commit=commit, tag="v1")
            assert error.value.code == code
    assert list((tmp_path / "there").iterdir()) == []


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_ephemeral_tag(tmp_path, object_format):
    sandbox = Sandbox(tmp_path / "r", object_format=object_format)
    commit = sandbox.commit()
    sandbox.git("remote", "add", "origin", "https://me:secret@example.org/o/r.git")
    before = sandbox.git("for-each-ref")
    found = []
    for place in ("one", "two"):
        with Repository.open(sandbox.folder) as repository:
            made = rehearsal_repository(repository, tmp_path / place, commit=commit, tag="v0.1")
        with made:
            assert made.tags() == ("v0.1",)
            assert made.remote_url == "https://example.org/o/r.git"
            tag = made.resolve_tag("v0.1")
            private_clone(made, tmp_path / f"{place}-clone", tag="v0.1", commit=commit)
            found.append(tag)
        assert git(tmp_path / f"{place}-clone", "describe") == "v0.1"
    assert found[0] == found[1]
    assert found[0].commit == commit
    assert b"tagger tagseal rehearsal <rehearsal@tagseal.invalid> 1700000000 +0000\n" in (
        found[0].tag_object
    )
    assert found[0].tag_object.endswith(b"\n\nRehearsal of v0.1\n")
    git(tmp_path / "one-clone", "fsck", "--strict")
    assert sandbox.git("for-each-ref") == before


def test_ephemeral_tag_in_a_private_clone(sandbox, tmp_path):
    clone = tmp_path / "clone"
    with Repository.open(sandbox.folder) as repository:
        private_clone(repository, clone, tag=None, commit=repository.head())
    made = create_ephemeral_tag(clone, "v7", "a message", 12345)
    with Repository.open(clone) as repository:
        tag = repository.resolve_tag("v7")
        assert tag.tag_object_id == made
        assert b" 12345 +0000\n\na message\n" in tag.tag_object


@pytest.mark.parametrize("name", ["", "-v", "a b", "../x", "a..b", "x.lock", "@{"])
def test_names_that_git_does_not_allow(sandbox, tmp_path, name):
    with Repository.open(sandbox.folder) as repository, pytest.raises(UsageError) as error:
        rehearsal_repository(repository, tmp_path / "r", commit=repository.head(), tag=name)
    assert error.value.code == "usage"
    assert not (tmp_path / "r").exists()


def test_copying_has_a_limit_in_time(sandbox, tmp_path, monkeypatch):
    monkeypatch.setattr("tagseal.git._clone._CLONE_SECONDS", 0.0)
    with Repository.open(sandbox.folder) as repository, pytest.raises(GitError) as error:
        private_clone(repository, tmp_path / "clone", tag=None, commit=repository.head())
    assert error.value.code == "git-timeout"
    assert not (tmp_path / "clone").exists()
