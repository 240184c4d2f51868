"""Running the command line in this process or another, and looking at everything it says."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagseal.cli import main
from tagseal.core.reasons import REASONS, Status

TIMEOUT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command left behind: its exit status and all that it wrote."""

    status: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; an AssertionError where there is another number."""
        document, end = json.JSONDecoder().raw_decode(self.stdout)
        assert self.stdout[end:] == "\n", "stdout is one document and a line feed"
        assert self.stdout.isascii()
        assert list(document)[:2] == ["format", "status"]
        assert document["status"] == self.status
        return document

    @property
    def codes(self) -> list[str]:
        """Every reason code of the document: of the error, of verdicts and of comparisons."""
        return list(dict.fromkeys(_codes(self.document)))


def _codes(value: Any) -> list[str]:
    if isinstance(value, list):
        return [code for item in value for code in _codes(item)]
    if isinstance(value, dict):
        own = [value["code"]] if isinstance(value.get("code"), str) else []
        return own + [code for item in value.values() for code in _codes(item)]
    return []


def run(*arguments: str | Path, cwd: Path | None = None) -> Ran:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    status: Any = None
    with (
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as stop:
            status = stop.code
    assert isinstance(status, int), "a command always ends with an exit status"
    ran = Ran(status=status, stdout=out.getvalue(), stderr=err.getvalue())
    assert "\x1b" not in ran.stdout + ran.stderr, "no colours and no escapes without a terminal"
    assert "Traceback" not in ran.stderr
    return ran


def start(
    *arguments: str | Path, env: Mapping[str, str] | None = None, **options: Any
) -> "subprocess.Popen[bytes]":
    """Start a command in a process of its own, which Ctrl-C can stop.

    A shell's background jobs ignore it, and so does all that they start, a whole test run too.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "tagseal", *map(str, arguments)],
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )
    finally:
        signal.signal(signal.SIGINT, before)


def spawn(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Ran:
    """Run a command in a process of its own, to its end."""
    with start(*arguments, env=env, cwd=cwd) as process:
        out, err = process.communicate(timeout=TIMEOUT)
    return Ran(status=process.returncode, stdout=out.decode(), stderr=err.decode())


def refused(code: str, *arguments: str | Path, cwd: Path | None = None) -> Ran:
    """Run a command that must fail as a whole, for a person and for a program; return the latter.

    Both have the status of the reason; a person finds the code and a hint on stderr, and nothing is
    on stdout that could be taken for a result.
    """
    plain = run(*arguments, cwd=cwd)
    assert plain.stdout == ""
    assert f"error[{code}]: " in plain.stderr, plain.stderr
    assert plain.stderr.splitlines()[-1].startswith("hint: ")
    ran = run(*arguments, "--json", cwd=cwd)
    assert plain.status == ran.status == int(REASONS[code].status) != Status.VERIFIED
    error = ran.document["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["hint"]
    assert ran.stderr.splitlines()[-1] == f"hint: {error['hint']}"
    return ran


def judged(code: str, *arguments: str | Path, cwd: Path | None = None) -> Ran:
    """Run a command whose answer must hold exactly this reason; return it as a document."""
    plain = run(*arguments, cwd=cwd)
    assert f"[{code}]" in plain.stdout, plain.stdout
    assert "hint: " in plain.stdout
    assert "VERIFIED" not in plain.stdout.replace("NOT VERIFIED", "")
    assert "ACCOUNTED FOR" not in plain.stdout
    ran = run(*arguments, "--json", cwd=cwd)
    assert ran.codes == [code]
    assert plain.status == ran.status == int(REASONS[code].status) != Status.VERIFIED
    return ran
