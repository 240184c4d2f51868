"""Reading and writing files so that nothing is half-written and nothing of the user's is lost."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tagseal.archives import open_regular
from tagseal.core.errors import TagsealError, UsageError
from tagseal.core.paths import display

__all__ = [
    "file_sha256",
    "new_folder",
    "read_limited",
    "require_writable",
    "write_new",
    "write_whole",
]


def read_limited(path: Path, limit: int) -> bytes:
    """Return a file's bytes; ``file-unreadable`` when it cannot be read or is larger than limit."""
    shown = display(str(path))
    try:
        with open_regular(path) as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        raise TagsealError("file-unreadable", message, where=shown) from error
    if len(data) > limit:
        message = f"the file is larger than {limit} bytes"
        raise TagsealError("file-unreadable", message, where=shown)
    return data


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file of any size; ``file-unreadable`` when it cannot be read."""
    try:
        with open_regular(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        where = display(str(path))
        raise TagsealError("file-unreadable", message, where=where) from error


def write_whole(path: Path, data: bytes) -> None:
    """Write a file of our own, which appears complete or not at all, over an older one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def require_writable(path: Path, *, overwrite: bool) -> None:
    """Raise where `write_new` would, before the work is done that its data needs.

    ``output-exists`` when something is there and must not be overwritten, or is no file; an empty
    file is nothing to lose.
    ``output-unwritable`` when the folder is not there.
    """
    shown = display(str(path))
    if os.path.lexists(path):
        if path.is_dir():
            hint = "Name a file in it, or another one."
            raise UsageError("output-exists", "this is a folder", where=shown, hint=hint)
        if not path.is_file() or path.is_symlink():
            message = "this is no regular file, and nothing else is overwritten"
            raise UsageError("output-exists", message, where=shown, hint="Name another file.")
        # An empty file is what a CI system makes for a job's summary, and mktemp for anybody.
        if not overwrite and path.stat().st_size:
            message = "a file is already here, and it is not overwritten"
            hint = "Name another file, or overwrite this one with --force."
            raise UsageError("output-exists", message, where=shown, hint=hint)
    if not path.parent.is_dir():
        message = "the folder of this file is not there"
        hint = "Make the folder first, or name a file in one that is there."
        raise TagsealError("output-unwritable", message, where=shown, hint=hint)


def write_new(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write a file that a user named, complete or not at all; see `require_writable`."""
    require_writable(path, overwrite=overwrite)
    try:
        write_whole(path, data)
    except OSError as error:
        message = f"the file cannot be written: {error.strerror}"
        hint = "Name a file in a folder that you may write to."
        where = display(str(path))
        raise TagsealError("output-unwritable", message, where=where, hint=hint) from error


@contextmanager
def new_folder(destination: Path) -> Iterator[Path]:
    """Give a folder to fill, which becomes ``destination`` when the block ends without an error.

    ``output-exists`` when something is there already, unless it is an empty folder;
    ``output-unwritable`` when no folder can be made there.
    """
    destination = Path(os.path.abspath(destination))  # noqa: PTH100 - resolve() follows links
    shown = display(str(destination))
    try:
        is_empty = destination.is_dir() and not any(destination.iterdir())
        if os.path.lexists(destination) and not is_empty:
            message = "something is already here, and it is not overwritten"
            raise UsageError("output-exists", message, where=shown)
        destination.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(
            tempfile.mkdtemp(dir=destination.parent, prefix=f".{destination.name}.partial-")
        )
    except OSError as error:
        message = f"the folder cannot be made: {error.strerror}"
        hint = "Name a folder with --out whose parent you may write to."
        raise TagsealError("output-unwritable", message, where=shown, hint=hint) from error
    try:
        partial.chmod(0o755)
        yield partial
        if destination.is_dir():
            destination.rmdir()
        partial.rename(destination)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
