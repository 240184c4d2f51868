"""``python -m benchmarks``: prepare the inputs, measure, and write the page."""

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.inputs import Inputs, prepare
from benchmarks.machine import machine_lines
from benchmarks.measure import interleave
from benchmarks.page import Measured, all_met, page
from benchmarks.rows import GROUPS, Group

_PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def main(arguments: list[str]) -> int:
    """Run what is asked for; 0 where all was measured, whether or not every bar is met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--inputs",
        type=Path,
        default=Path(".benchmarks"),
        metavar="FOLDER",
        help="where the inputs are, or are made (20 GB); by default .benchmarks",
    )
    parser.add_argument(
        "--only",
        choices=GROUPS,
        action="append",
        help="measure this group only, and print it instead of writing the page",
    )
    parser.add_argument("--turns", type=int, help="how often, instead of what each group says")
    parser.add_argument("--output", type=Path, default=_PAGE, help="by default docs/benchmarks.md")
    asked = parser.parse_args(arguments)
    names = asked.only or list(GROUPS)
    needed = {GROUPS[name][0] for name in names}
    inputs = prepare(asked.inputs.resolve(), needed, progress=_say)
    measured = [_measure(name, inputs, asked.turns) for name in names]
    text = page(measured, machine_lines())
    if asked.only:
        sys.stdout.write(text)
    else:
        asked.output.write_text(text, "utf-8")
        _say(f"wrote {asked.output}")
    if not all_met(measured):
        _say("not every bar is met; the page says which")
    return 1 if any(item.failure for item in measured) else 0


def _measure(name: str, inputs: Inputs, turns: int | None) -> Measured:
    group = Group(about=name, commands=(), claims=(), turns=0)
    _say(f"measuring {name}")
    try:
        group = GROUPS[name][1](inputs)
        costs = interleave(group.commands, turns or group.turns, progress=_say)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        # The other groups took long, and are worth having; this one is named on the page.
        return Measured(group=group, costs={}, failure=str(error))
    return Measured(group=group, costs=costs)


def _say(text: str) -> None:
    sys.stderr.write(f"benchmarks: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
