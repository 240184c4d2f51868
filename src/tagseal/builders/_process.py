"""Running somebody else's program: a whole environment, a limit of time, a bounded transcript.

The only place in builders that starts a process, and so the seam where a sandbox goes in.
"""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tagseal.core.paths import display

__all__ = ["Transcript", "run"]

_KEPT_BYTES = 256 * 1024
_SHOWN_LINES = 20
_SHOWN_CHARACTERS = 500
_READ = 1 << 16
_TICK = 0.1


class Transcript:
    """The last of what processes wrote, at most ``limit`` bytes of it."""

    def __init__(self, limit: int = _KEPT_BYTES) -> None:
        self._limit = limit
        self._kept = bytearray()
        self._dropped = False

    def add(self, piece: bytes) -> None:
        """Add what was written; the oldest is dropped beyond the limit."""
        self._kept += piece
        if len(self._kept) > self._limit:
            del self._kept[: len(self._kept) - self._limit]
            self._dropped = True

    def text(self) -> str:
        """Return it with every line escaped."""
        lines = [display(line) for line in bytes(self._kept).splitlines()]
        return "\n".join(["…", *lines] if self._dropped else lines)

    def tail(self) -> str:
        """Return the last lines for an error's message: each on a line of its own, shortened."""
        lines = [display(line) for line in bytes(self._kept).splitlines() if line.strip()]
        shown = [f"\n    {line[:_SHOWN_CHARACTERS]}" for line in lines[-_SHOWN_LINES:]]
        return "".join(shown) or "\n    (it printed nothing)"


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    seconds: float,
    transcript: Transcript,
) -> int:
    """Run a program to its end and return its exit status (negative: the signal that ended it).

    ``environment`` is all that it gets; it has no standard input, and umask 022. It runs in a
    session of its own, whose process group is killed at the end, so that nothing that it started
    goes on unless it left the session. TimeoutExpired when the time is up; OSError when the
    program cannot be started.
    """
    process = subprocess.Popen(  # noqa: S603 - starting the build's programs is its purpose
        command,
        env=dict(environment),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        umask=0o022,
    )
    with process:
        try:
            status = _follow(process, time.monotonic() + seconds, transcript)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    if status is None:
        raise subprocess.TimeoutExpired(list(command), seconds)
    return status


def _follow(
    process: subprocess.Popen[bytes], deadline: float, transcript: Transcript
) -> int | None:
    """Collect the output until the process ends; None when the time is up first.

    A process that it left behind may hold the pipe open, so the end of the output is not waited
    for, only what is in the pipe by then.
    """
    assert process.stdout is not None
    pipe = process.stdout.fileno()
    os.set_blocking(pipe, False)
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        is_open = True
        while (left := deadline - time.monotonic()) > 0:
            status = process.poll()
            if is_open and selector.select(0 if status is not None else min(left, _TICK)):
                piece = os.read(pipe, _READ)
                transcript.add(piece)
                is_open = bool(piece)
                if status is None or piece:
                    continue
            elif not is_open and status is None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(min(left, _TICK))
            if status is not None:
                return status
    return None
