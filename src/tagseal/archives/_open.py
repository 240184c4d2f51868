"""Opening a file that somebody names, without ever waiting for it."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

__all__ = ["open_regular"]


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading; OSError for anything else, and where it cannot be opened.

    A named pipe under the name of an archive would otherwise be waited for until somebody writes
    to it (POSIX, open(): O_NONBLOCK returns at once for one that is opened for reading).
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    except BaseException:
        os.close(handle)
        raise
    return open(handle, "rb")  # noqa: PTH123 - a descriptor has no path
