"""The command line: one command a file; errors become exit statuses here, and only here.

======  ======================================================================================
status  meaning
======  ======================================================================================
0       what was asked for holds
1       not verified: something that was checked is wrong or missing
2       the command was used wrongly; nothing was judged
3       it could not be decided: unreadable, unsupported, out of reach, or interrupted
======  ======================================================================================

Every reason code belongs to one status (`tagseal.core.reasons`). Commands are imported when they
run, so that ``tagseal --help`` and shells' completion stay quick.
"""

import contextlib
import errno
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.shell_completion import shell_complete

import tagseal
from tagseal.cli._format import document_format
from tagseal.core.errors import TagsealError
from tagseal.core.paths import display
from tagseal.core.reasons import REASONS

__all__ = ["COMMANDS", "cli", "main"]

COMMANDS = {
    "rehearse": "Rehearse a whole release on this machine; nothing leaves it.",
    "verify": "Judge a download by its evidence, offline.",
    "compare": "Say what is in an archive that is not in a tagged commit.",
    "show": "Show what is in an evidence file, without judging it.",
    "check": "Say whether a tag can be released.",
    "build": "Build a release's archives into a folder.",
    "rebuild": "Build a release again and name what differs.",
    "state": "Write the statements about a release's archives.",
    "sign": "Sign a release's statements, exactly as they were written.",
}
"""Command name to its one-line help, in the order in which they are shown."""


_COMPLETE = "_TAGSEAL_COMPLETE"
"""Shells set this variable to ask for completions, as click documents it."""


_NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
"""What the system says where a disk, a quota or a terminal takes no more."""


class _Lazy(click.Group):
    """A group whose commands are imported when they are asked for.

    The signatures are click's, whether or not a method needs the context.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"tagseal.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            message = f"{error.message} The commands are: {', '.join(COMMANDS)}."
            raise click.UsageError(message, ctx) from None


_STATUSES = """\b
Exit status:
  0  what was asked for holds
  1  not verified: something that was checked is wrong or missing
  2  the command was used wrongly; nothing was judged
  3  it could not be decided, or was interrupted

Each command has its own --help. Output is for a person; with --json it is one JSON document.
"""


@click.command(
    cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_STATUSES
)
@click.version_option(tagseal.__version__, prog_name="tagseal")
def cli() -> None:
    """From a tagged commit to a download that proves itself."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    # A CI that cancels a job sends this; what is half done is taken away as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if arguments is None:
        # The process is this command's alone. Nearly all that it makes lives to its end, modules
        # above all, so that looking for garbage only costs time: a tenth of a short command's.
        gc.disable()
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - it is open to the end
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except OSError:
        status = _unheard()
    if arguments is None:
        gc.freeze()  # at its end Python would look once more, however much there is
    sys.exit(status)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Which command was asked for, and whether its answer is a document; both before parsing."""

    name: str | None
    as_json: bool


def _run(arguments: list[str]) -> int:
    first = next((argument for argument in arguments if not argument.startswith("-")), None)
    asked = _Asked(name=first if first in COMMANDS else None, as_json="--json" in arguments)
    try:
        if sys.stdout is None:
            # A shell's >&- does this. Whoever reads the status alone names /dev/null.
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - it is open to the end
            message = "standard output is closed, so that the answer cannot be written"
            raise TagsealError("output-unwritable", message)
        return _invoke(arguments)
    except TagsealError as error:
        return _refuse(error, asked)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return int(REASONS["usage"].status)
    except click.UsageError as error:
        message = error.format_message()
        hint = f"Try '{error.ctx.command_path} --help'." if error.ctx else None
        return _refuse(TagsealError("usage", message, hint=hint), asked)
    except click.ClickException as error:
        unreadable = TagsealError("file-unreadable", error.format_message())
        return _refuse(unreadable, asked)
    except (KeyboardInterrupt, click.Abort):
        message = "you stopped the command before it was done"
        return _refuse(TagsealError("interrupted", message), asked)
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno not in _NOT_WRITTEN:
            return _unforeseen(error, asked)
        message = f"what the command would write cannot be written: {error.strerror}"
        return _refuse(TagsealError("output-unwritable", message), asked)
    except Exception as error:
        return _unforeseen(error, asked)


def _unforeseen(error: Exception, asked: _Asked) -> int:
    traceback.print_exception(error)
    message = f"{type(error).__name__}: {display(str(error))}".removesuffix(": ")
    return _refuse(TagsealError("internal-error", message), asked)


def _invoke(arguments: list[str]) -> int:
    # Not click's own main(): it ends a broken pipe with the status 1, which is "not verified".
    if instruction := os.environ.get(_COMPLETE):
        return shell_complete(cli, {}, "tagseal", _COMPLETE, instruction)
    try:
        with cli.make_context("tagseal", list(arguments)) as context:
            status = cli.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    assert isinstance(status, int), "a command returns its exit status"
    # Here, where a full disk still gets its own message: a short answer is written only now.
    sys.stdout.flush()
    return status


def _unheard() -> int:
    """Return the status for an answer that nobody could read: the reader went, or a disk is full.

    What was written of it was not the whole, so it must not count as any verdict.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            try:
                stream.flush()
            except OSError:
                # Python writes what is left when it ends, and must have somewhere to write it.
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return int(REASONS["interrupted"].status)


def _refuse(error: TagsealError, asked: _Asked) -> int:
    # Imported here: rich takes longer to import than most commands take to fail.
    from tagseal.reports import show_error

    # First of all, since it may be stdout that nothing can be written to.
    show_error(error, sys.stderr)
    if asked.as_json:
        document: dict[str, Any] = {
            "format": document_format(asked.name),
            "status": int(error.reason.status),
            "error": {
                "code": error.code,
                "message": error.message,
                "where": error.where,
                "hint": error.hint,
            },
        }
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    return int(error.reason.status)
