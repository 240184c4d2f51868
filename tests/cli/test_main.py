"""What becomes of failures that no command foresaw, and of what the package says of itself."""

import errno

import click
import pytest

import tagseal.cli
from support_cli import Ran
from tagseal.cli import COMMANDS, main


def run_raising(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    *arguments: str,
) -> Ran:
    def invoke(_: list[str]) -> int:
        raise error

    monkeypatch.setattr(tagseal.cli, "_invoke", invoke)
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    said = capsys.readouterr()
    return Ran(status=stop.value.code, stdout=said.out, stderr=said.err)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "status", "code", "message"),
    [
        (RuntimeError("a\x1b[2Jb"), 3, "internal-error", r"RuntimeError: a\x1b[2Jb"),
        (OSError(errno.EBADF, "odd"), 3, "internal-error", "OSError: [Errno 9] odd"),
        (
            *(OSError(errno.ENOSPC, "No space left on device"), 3, "output-unwritable"),
            "what the command would write cannot be written: No space left on device",
        ),
        (MemoryError(), 3, "internal-error", "MemoryError"),
        (click.FileError("x", "gone"), 3, "file-unreadable", "Could not open file 'x': gone"),
        (click.UsageError("no"), 2, "usage", "no"),
        (click.Abort(), 3, "interrupted", "you stopped the command before it was done"),
        (KeyboardInterrupt(), 3, "interrupted", "you stopped the command before it was done"),
    ],
)
def test_every_failure_is_a_reason(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    code: str,
    message: str,
) -> None:
    ran = run_raising(monkeypatch, capsys, error, "--json")
    assert ran.status == status
    assert ran.document["error"]["code"] == code
    assert ran.document["error"]["message"] == message
    assert f"error[{code}]: {message}" in ran.stderr


def test_only_what_nobody_foresaw_shows_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Traceback" in run_raising(monkeypatch, capsys, RuntimeError("x")).stderr
    assert "Traceback" not in run_raising(monkeypatch, capsys, KeyboardInterrupt()).stderr


def test_an_unheard_answer_has_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = run_raising(monkeypatch, capsys, BrokenPipeError())
    assert (ran.status, ran.stdout, ran.stderr) == (3, "", "")


def test_commands_are_those_of_the_modules() -> None:
    from importlib import import_module

    for name in COMMANDS:
        assert import_module(f"tagseal.cli.{name}").command.name == name


def test_every_option_of_every_command_has_a_help() -> None:
    from importlib import import_module

    for name in COMMANDS:
        command = import_module(f"tagseal.cli.{name}").command
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name}"
                assert parameter.help.endswith("."), f"{name} {parameter.name}"
