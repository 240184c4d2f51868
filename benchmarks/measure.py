"""Running commands in turn, and what the operating system says that each of them cost."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Command", "Cost", "interleave", "run"]

_KIB = 1024
"""Linux counts ``ru_maxrss`` in units of this many bytes (getrusage(2))."""

_SHOWN = 300
"""Bytes of what a command complained of last that its message holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of a command took, its children that it waited for included."""

    wall: float
    """Seconds from before it was started until it had ended."""
    cpu: float
    """Seconds of processor time, user and system, over all processors."""
    peak: int
    """Bytes of the largest resident set of any one of its processes.

    Linux counts what the parent had when it started the command too (execve keeps the mark), so
    nothing is ever less than this package's own process, some 20 MB.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to be measured.

    ``before`` is run ahead of each run and not measured: it puts back what a run leaves behind.
    A run whose exit status is not among ``statuses`` is no measurement, and ends everything.
    """

    name: str
    arguments: tuple[str, ...]
    statuses: frozenset[int] = frozenset({0})
    before: Callable[[], None] | None = None
    folder: Path | None = None


def run(command: Command) -> Cost:
    """Run a command with its output thrown away; RuntimeError where its exit status is not right.

    Its standard error is kept for that message only. Every child that the command itself waits for
    counts too, as ``RUSAGE_CHILDREN`` does.
    """
    if command.before is not None:
        command.before()
    with tempfile.TemporaryFile() as complaints:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - the commands are this package's own
            command.arguments,
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in command.statuses:
            complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - _SHOWN))
            said = " ".join(complaints.read().decode("utf-8", "replace").split())
            raise RuntimeError(f"{command.name} ended with status {process.returncode}: {said}")
    return Cost(wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss * _KIB)


def interleave(
    commands: Sequence[Command],
    turns: int,
    *,
    runner: Callable[[Command], Cost] = run,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, list[Cost]]:
    """Run commands in turn, one turn to warm up and then ``turns`` that count.

    Returns each command's name to its costs, one a turn, so that costs with the same index were
    measured right after one another.
    """
    costs: dict[str, list[Cost]] = {command.name: [] for command in commands}
    if len(costs) != len(commands):
        raise ValueError("two commands of one group have the same name")
    for turn in range(turns + 1):
        for command in commands:
            cost = runner(command)
            progress(f"{command.name}: {cost.wall:.3f} s" + ("" if turn else " (warming up)"))
            if turn:
                costs[command.name].append(cost)
    return costs
