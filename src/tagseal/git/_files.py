"""Reading the small files of a repository that somebody else may have made."""

import errno
import os
import stat
from pathlib import Path

from tagseal.core.errors import GitError
from tagseal.core.paths import display

__all__ = ["read_small"]

_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)


def read_small(path: Path, limit: int) -> bytes | None:
    """Return the bytes of a regular file of at most ``limit`` bytes, or None when there is none.

    Never waits (a pipe in the file's place is refused, as is a symbolic link). GitError
    ``git-repository-malformed`` for what is not a regular file, ``git-limit`` for one too large,
    ``file-unreadable`` for one that may not be read.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise _irregular(path) from error
        raise _unreadable(path, error) from error
    try:
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(kind):
            return None
        if not stat.S_ISREG(kind):
            raise _irregular(path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise GitError(
            "git-limit", f"the file is larger than {limit} bytes", where=display(str(path))
        )
    return data


def _irregular(path: Path) -> GitError:
    return GitError(
        "git-repository-malformed", "this is not a regular file", where=display(str(path))
    )


def _unreadable(path: Path, error: OSError) -> GitError:
    return GitError(
        "file-unreadable", f"cannot be read: {error.strerror}", where=display(str(path))
    )
