import pytest

from support_git import Sandbox
from tagseal.core.errors import GitError
from tagseal.git import Repository, read_history


def test_a_history_is_read_newest_first(sandbox: Sandbox) -> None:
    first = sandbox.git("rev-parse", "HEAD")
    second = sandbox.commit("two\n\nwith a body\n\nReviewed-by: R <r@example.org>")
    sandbox.commit("not an ancestor of the second")
    with Repository.open(sandbox.folder) as repository:
        found = list(read_history(repository, second))
    assert [commit.id.decode() for commit in found] == [second, first]
    assert found[0].message.rstrip() == b"two\n\nwith a body\n\nReviewed-by: R <r@example.org>"
    assert set(found[0].people) == {b"A U Thor", b"author@example.org"}
    assert len(found[0].people) == 4


def test_a_message_that_is_empty(sandbox: Sandbox) -> None:
    sandbox.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", "")
    head = sandbox.git("rev-parse", "HEAD")
    with Repository.open(sandbox.folder) as repository:
        found = list(read_history(repository, head))
    assert found[0].id.decode() == head
    assert found[0].message.strip() == b""
    assert len(found) == 2


def test_a_commit_that_is_not_there(sandbox: Sandbox) -> None:
    with Repository.open(sandbox.folder) as repository, pytest.raises(GitError) as raised:
        list(read_history(repository, "0" * 40))
    assert raised.value.code == "git-object-missing"
