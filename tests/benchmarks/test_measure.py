import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.measure import Command, Cost, interleave, run

ROOT = Path(__file__).resolve().parents[2]
_ALLOCATES = "b = bytearray(200_000_000)\nfor i in range(0, len(b), 4096): b[i] = 1"
_SHELL = 'import subprocess, sys; subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)'


def python(*arguments: str, **options: object) -> Command:
    return Command(name="python", arguments=(sys.executable, *arguments), **options)  # type: ignore[arg-type]


def test_wall_time_counts_waiting_and_processor_time_does_not() -> None:
    cost = run(python("-c", "import time; time.sleep(0.5)"))
    assert cost.wall >= 0.5
    assert cost.cpu < cost.wall


@pytest.mark.parametrize("arguments", [("-c", _ALLOCATES), ("-c", _SHELL, _ALLOCATES)])
def test_the_largest_process_counts_also_among_children(arguments: tuple[str, ...]) -> None:
    # From a small process of its own: Linux counts no child smaller than whoever starts it, and
    # the one that runs many tests is large.
    program = (
        "import sys; from benchmarks.measure import Command, run; "
        "print(run(Command(name='p', arguments=(sys.executable, *sys.argv[1:]))).peak)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    assert 200_000_000 < int(done.stdout) < 300_000_000


def test_a_run_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="python ended with status 3: what went wrong"):
        run(python("-c", "import sys; sys.stderr.write('what went wrong'); sys.exit(3)"))


def test_a_status_that_is_expected_is_a_measurement() -> None:
    assert run(python("-c", "import sys; sys.exit(3)", statuses=frozenset({3}))).wall > 0


def test_what_a_run_leaves_is_put_back_before_it(tmp_path: Path) -> None:
    left = tmp_path / "left"
    command = python(
        "-c",
        "import pathlib; pathlib.Path('left').mkdir()",
        folder=tmp_path,
        before=lambda: left.rmdir() if left.exists() else None,
    )
    assert run(command).wall > 0
    assert run(command).wall > 0


def test_commands_run_in_turn_and_the_first_turn_does_not_count() -> None:
    ran = []

    def runner(command: Command) -> Cost:
        ran.append(command.name)
        return Cost(wall=float(len(ran)), cpu=0.0, peak=0)

    commands = [Command(name=name, arguments=()) for name in "AB"]
    costs = interleave(commands, 3, runner=runner)
    assert "".join(ran) == "ABABABAB"
    assert [cost.wall for cost in costs["A"]] == [3.0, 5.0, 7.0]
    assert [cost.wall for cost in costs["B"]] == [4.0, 6.0, 8.0]


def test_two_commands_of_one_name_are_refused() -> None:
    same = Command(name="same", arguments=())
    with pytest.raises(ValueError, match="same name"):
        interleave([same, same], 1)
