"""The folder that a build happens in, which is gone afterwards, or else that is said."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tagseal.core.paths import display

__all__ = ["build_room"]

_TRIES = 10
_PAUSE = 0.05


@contextmanager
def build_room(progress: Callable[[str], None]) -> Iterator[Path]:
    """Give a new folder with its real path, and remove it; ``progress`` is told when it stays.

    What a build started was killed by then, but a killed process may end a moment later and write
    until it does, so removing is tried again for half a second. A process that left its session
    may go on: that is not worth a release, and not to be silent about.
    """
    room = Path(tempfile.mkdtemp(prefix="tagseal-")).resolve()
    try:
        yield room
    finally:
        if not _removed(room):
            progress(f"warning: this folder cannot be removed: {display(str(room))}")


def _removed(room: Path) -> bool:
    for _ in range(_TRIES):
        try:
            shutil.rmtree(room)
        except OSError:
            _open_up(room)
            time.sleep(_PAUSE)
        if not room.exists():
            return True
    return False


def _open_up(room: Path) -> None:
    """Make every folder one that can be emptied: a build may leave some read-only."""
    for folder, below, _ in os.walk(room):
        for path in (Path(folder, name) for name in below):
            with suppress(OSError):
                if not path.is_symlink():
                    path.chmod(0o700)
