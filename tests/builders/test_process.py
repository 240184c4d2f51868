"""Running programs: statuses, limits, bounded output."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tagseal.builders._process import Transcript, run


def python(code: str, transcript: Transcript, seconds: float = 20) -> int:
    return run(
        [sys.executable, "-Ic", code],
        environment={"A": "b"},
        cwd=Path("/"),
        seconds=seconds,
        transcript=transcript,
    )


def test_statuses_and_output() -> None:
    transcript = Transcript()
    code = (
        "import os, sys; print(os.environ['A'], os.getcwd(), sys.stdin.read() == ''); sys.exit(3)"
    )
    assert python(code, transcript) == 3
    assert transcript.text() == "b / True"
    assert python("import os; os.abort()", transcript) == -6


def test_a_transcript_is_bounded() -> None:
    transcript = Transcript(limit=1000)
    assert python("print('x\\n' * 100_000, 'end\\x1b')", transcript) == 0
    assert len(transcript.text()) < 1100
    assert transcript.text().startswith("…\n")
    assert transcript.tail().endswith("\n     end\\x1b")
    assert transcript.tail().count("\n") == 20


def test_nothing_printed_is_said() -> None:
    assert Transcript().tail() == "\n    (it printed nothing)"


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        "import os, time; os.close(1); os.close(2); time.sleep(60)",
        "while True: print('x' * 1000)",
    ],
)
def test_the_time_is_limited(code: str) -> None:
    began = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        python(code, Transcript(), seconds=0.5)
    assert time.monotonic() - began < 10


def test_the_output_of_what_stays_behind_is_not_waited_for() -> None:
    stay = "import subprocess, sys; print('one', flush=True); subprocess.Popen(['sleep', '60'])"
    transcript = Transcript()
    began = time.monotonic()
    assert python(stay, transcript) == 0
    assert time.monotonic() - began < 10
    assert transcript.text() == "one"
