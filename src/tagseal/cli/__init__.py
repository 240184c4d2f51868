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

import importlib
import json
import os
import sys
import traceback
from typing import Any

import click

import tagseal
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


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(tagseal.__version__, prog_name="tagseal")
def cli() -> None:
    """From a tagged commit to a download that proves itself."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    wants_json = "--json" in (sys.argv[1:] if arguments is None else arguments)
    try:
        status = cli.main(args=arguments, prog_name="tagseal", standalone_mode=False)
    except TagsealError as error:
        status = _refuse(error, wants_json=wants_json)
    except click.UsageError as error:
        message = error.format_message()
        hint = f"Try '{error.ctx.command_path} --help'." if error.ctx else None
        status = _refuse(TagsealError("usage", message, hint=hint), wants_json=wants_json)
    except click.ClickException as error:
        unreadable = TagsealError("file-unreadable", error.format_message())
        status = _refuse(unreadable, wants_json=wants_json)
    except (KeyboardInterrupt, click.Abort):
        status = _refuse(TagsealError("interrupted", "interrupted"), wants_json=wants_json)
    except BrokenPipeError:
        # Whoever read our output has gone; what they saw of it was not the whole.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = int(REASONS["interrupted"].status)
    except Exception as error:
        traceback.print_exc()
        message = f"{type(error).__name__}: {display(str(error))}".removesuffix(": ")
        status = _refuse(TagsealError("internal-error", message), wants_json=wants_json)
    sys.exit(status if isinstance(status, int) else 0)


def _refuse(error: TagsealError, *, wants_json: bool) -> int:
    # Imported here: rich takes longer to import than most commands take to fail.
    from tagseal.reports import show_error

    if wants_json:
        document: dict[str, Any] = {
            "status": int(error.reason.status),
            "error": {
                "code": error.code,
                "message": error.message,
                "where": error.where,
                "hint": error.hint,
            },
        }
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    show_error(error, sys.stderr)
    return int(error.reason.status)
