"""What the history of a commit says: messages and people, for files that tools write out of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tagseal.core.errors import GitError
from tagseal.git._repository import Repository

__all__ = ["MAX_COMMITS", "LoggedCommit", "read_history"]

MAX_COMMITS = 200_000
"""How many commits are read, the newest first; older ones are left out."""

_SECONDS = 300.0
_FORMAT = "--format=tformat:%H%n%an%n%ae%n%cn%n%ce%n%B"
_HEAD_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCommit:
    """A commit's id, who made it, and its message, all as raw bytes."""

    id: bytes
    people: tuple[bytes, ...]
    """Names and addresses of author and committer."""
    message: bytes


def read_history(repository: Repository, commit_id: str) -> Iterator[LoggedCommit]:
    """Yield the ancestors of a commit and itself, the newest first.

    GitError ``git-timeout``, and ``git-object-missing`` where a commit on the way is not there; a
    shallow clone ends where it was cut.
    """
    try:
        found = repository.door.run(
            *("log", "-z", "--no-color", "--no-show-signature", "--encoding=UTF-8"),
            *(f"--max-count={MAX_COMMITS}", _FORMAT, commit_id, "--"),
            timeout=_SECONDS,
        )
    except GitError as error:
        if error.code != "git-failed":
            raise
        raise GitError("git-object-missing", error.message) from error
    for record in found.split(b"\0"):
        name, *people, message = [*record.split(b"\n", _HEAD_LINES), b""][: _HEAD_LINES + 1]
        if name and len(people) == _HEAD_LINES - 1:
            yield LoggedCommit(id=name, people=tuple(people), message=message)
