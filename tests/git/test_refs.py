import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import GitError
from tagseal.core.reasons import Status
from tagseal.git import Repository
from tagseal.git._refs import Refs, is_ref_name

ID = "ab" * 20


@pytest.fixture
def refs(tmp_path) -> Refs:
    (tmp_path / "refs/tags").mkdir(parents=True)
    return Refs(tmp_path, tmp_path, ObjectFormat.SHA1)


def refused(call, *arguments) -> str:
    with pytest.raises(GitError) as error:
        call(*arguments)
    return error.value.code


@pytest.mark.parametrize("content", ["", "xyz\n", "AB" * 20, "ab" * 32, "ref: refs/tags/v1\n"])
def test_loose_refs_that_hold_no_id(refs, tmp_path, content):
    (tmp_path / "refs/tags/v1").write_text(content)
    assert refused(refs.get, "refs/tags/v1") == "git-repository-malformed"


def test_a_loose_ref_that_is_too_long(refs, tmp_path):
    (tmp_path / "refs/tags/v1").write_text(ID + "\n" * 10_000)
    assert refused(refs.get, "refs/tags/v1") == "git-limit"


def test_packed_refs(refs, tmp_path):
    other = "cd" * 20
    (tmp_path / "packed-refs").write_text(
        f"# pack-refs with: peeled fully-peeled sorted \n{ID} refs/tags/v1\n^{other}\n"
        f"{other} refs/heads/main\n"
    )
    assert refs.get("refs/tags/v1") == ID
    assert refs.get("refs/tags/v2") is None
    assert refs.names("refs/tags/") == {"v1"}


@pytest.mark.parametrize(
    "line", ["nonsense", f"{ID}", "AB refs/tags/x", f"{'cd' * 20} refs/tags/v1"]
)
def test_packed_refs_that_are_malformed(refs, tmp_path, line):
    (tmp_path / "packed-refs").write_text(f"{ID} refs/tags/v1\n{line}\n")
    assert refused(refs.get, "refs/tags/v1") == "git-repository-malformed"


def test_limits(refs, tmp_path, monkeypatch):
    monkeypatch.setattr("tagseal.git._refs._MAX_REFS", 3)
    deep = tmp_path / "refs/tags" / "/".join("d" * 20)
    deep.mkdir(parents=True)
    assert refused(refs.names, "refs/tags/") == "git-limit"
    for number in range(4):
        (tmp_path / f"refs/tags/{number}").write_text(ID)
    assert refused(refs.names, "refs/tags/") == "git-limit"
    lines = "".join(f"{ID} refs/tags/{number}\n" for number in range(4))
    (tmp_path / "packed-refs").write_text(lines)
    assert refused(refs.get, "refs/tags/x") == "git-limit"


def test_locks_and_odd_files_are_no_tags(refs, tmp_path):
    for name in ("v1", "v2.lock", ".hidden", "a b"):
        (tmp_path / "refs/tags" / name).write_text(ID)
    assert refs.names("refs/tags/") == {"v1"}
    assert refs.names("refs/none/") == set()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read(refs, tmp_path):
    (tmp_path / "refs/tags").chmod(0)
    try:
        assert refused(refs.names, "refs/tags/") == "file-unreadable"
        assert refused(refs.get, "refs/tags/x") == "file-unreadable"
    finally:
        (tmp_path / "refs/tags").chmod(0o755)


def test_head(sandbox):
    commit = sandbox.git("rev-parse", "HEAD")
    with Repository.open(sandbox.folder) as repository:
        assert repository.head() == commit
        sandbox.git("checkout", "-q", "--detach")
        assert repository.head() == commit
        sandbox.git("checkout", "-q", "main")
        sandbox.git("pack-refs", "--all")
        assert repository.head() == commit
        sandbox.git("checkout", "-q", "--orphan", "unborn")
        with pytest.raises(GitError) as error:
            repository.head()
        assert error.value.code == "git-head-unknown"
        assert error.value.reason.status is Status.USAGE


@pytest.mark.parametrize(
    "content", ["ref: HEAD\n", "ref: ../../x\n", "ref: refs/../x\n", "ref: refs/heads/loop\n", "x"]
)
def test_a_head_that_leads_nowhere(refs, tmp_path, content):
    (tmp_path / "HEAD").write_text(content)
    (tmp_path / "refs/heads").mkdir()
    (tmp_path / "refs/heads/loop").write_text("ref: refs/heads/loop\n")
    assert refused(refs.head) == "git-repository-malformed"


@given(st.text(st.sampled_from("av1/.@{~^: \\*[?-lock\x7f\x1fé"), max_size=12))
def test_a_ref_name_stays_below_its_folder(name):
    if is_ref_name(name):
        assert not set(name.split("/")) & {"", ".", ".."}


def test_a_folder_in_a_refs_place(refs, tmp_path):
    (tmp_path / "refs/tags/v1").mkdir()
    assert refs.get("refs/tags/v1") is None
    (tmp_path / "packed-refs").write_text(f"{ID} refs/tags/v1\n")
    assert refs.get("refs/tags/v1") == ID
