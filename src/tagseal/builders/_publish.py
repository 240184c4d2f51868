"""Putting finished archives under their final names: all of them or none, never over a file."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tagseal.core.errors import BuildError, UsageError
from tagseal.core.paths import display

__all__ = ["copy_result", "publish", "require_absent", "staging_folder"]


@contextmanager
def staging_folder(out: Path) -> Iterator[Path]:
    """Give a folder inside ``out``, which is made where it is not there, and remove it again.

    UsageError ``output-unwritable`` when ``out`` cannot be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".tagseal-", dir=out))
    except OSError as error:
        raise UsageError(
            "output-unwritable",
            f"the folder cannot be written to: {error.strerror}",
            where=display(str(out)),
            hint="Name a folder that you may write to with --out.",
        ) from error
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def require_absent(path: Path) -> None:
    """Refuse a final name that is taken: UsageError ``output-exists``."""
    if os.path.lexists(path):
        raise _exists(path)


def copy_result(source: Path, staging: Path) -> Path:
    """Copy what a backend left into the staging folder, and return the copy.

    It is a copy, never a move: a process of the backend that still runs may hold the original open.
    BuildError ``build-result-invalid`` for anything but a regular file.
    """
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise _no_file(source) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _no_file(source)
    with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor has no path
        copy = staging / source.name
        with copy.open("xb") as target:
            shutil.copyfileobj(file, target, 1 << 20)
    copy.chmod(0o644)
    return copy


def publish(staged: Sequence[Path], out: Path) -> None:
    """Give every staged file its name in ``out``; none has it when one cannot.

    A hard link fails where the name is taken, which a rename does not. UsageError
    ``output-exists``.
    """
    done: list[Path] = []
    try:
        for path in staged:
            final = out / path.name
            _place(path, final)
            done.append(final)
    except BaseException:
        for final in done:
            final.unlink(missing_ok=True)
        raise


def _place(path: Path, final: Path) -> None:
    try:
        final.hardlink_to(path)
    except FileExistsError:
        raise _exists(final) from None
    except OSError:
        # A file system without hard links: the check and the rename are two steps there.
        require_absent(final)
        path.replace(final)


def _exists(path: Path) -> UsageError:
    return UsageError("output-exists", "something is already there", where=display(str(path)))


def _no_file(source: Path) -> BuildError:
    return BuildError(
        "build-result-invalid", f'"{display(source.name)}" is not a regular file that can be read'
    )
