"""Reports on a terminal."""

import io
import shlex
from typing import IO, NoReturn

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from tagseal.core.errors import TagsealError
from tagseal.core.report import Block, Command, Line, Report, Table, Tone

__all__ = ["show", "show_error", "talk"]

_STYLES: dict[Tone, str] = {
    "plain": "",
    "good": "bold green",
    "bad": "bold red",
    "warning": "yellow",
    "quiet": "dim",
    "title": "bold",
}


class _Console(Console):
    """A console that leaves it to its caller what a reader means who has gone."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise the BrokenPipeError; rich would exit with the status 1, which is a verdict."""
        raise BrokenPipeError


def _console(stream: IO[str], width: int | None = None) -> Console:
    return _Console(file=stream, highlight=False, markup=False, emoji=False, width=width)


def _write(stream: IO[str], *blocks: Block | Text) -> None:
    if stream.isatty():
        console = _console(stream)
        for block in blocks:
            _show_block(console, block)
        return
    # Without a terminal a line is as long as it is: pipes and logs must not cut names or commands.
    # Rich fills lines with spaces; nobody wants those in a file.
    plain = io.StringIO()
    console = _console(plain, width=100_000)
    for block in blocks:
        _show_block(console, block)
    stream.writelines(f"{line.rstrip(' ')}\n" for line in plain.getvalue().split("\n")[:-1])
    stream.flush()


def show(report: Report, stream: IO[str]) -> None:
    """Write a report's blocks for a person."""
    _write(stream, *report.blocks)


def _show_block(console: Console, block: Block | Text) -> None:
    match block:
        case Text():
            console.print(block)
        case Line():
            # Of an empty text rich makes no line at all.
            text = Text(block.text or " ", style=_STYLES[block.tone])
            console.print(Padding(text, (0, 0, 0, 2 * block.indent), expand=False))
        case Table():
            console.print(_table(block))
        case Command():
            # A command is copied: it is never wrapped, and the shell reads it back as it was.
            print("  " + shlex.join(block.arguments), file=console.file)


def _table(block: Table) -> RichTable:
    table = RichTable(box=None, pad_edge=False, header_style="bold")
    for column in block.columns:
        is_number = column.endswith("#")
        table.add_column(
            Text(column.removesuffix("#")),
            justify="right" if is_number else "left",
            no_wrap=is_number,
            overflow="fold",
        )
    for row in block.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def talk(text: str, stream: IO[str]) -> None:
    """Write one line of progress."""
    tone = "yellow" if text.startswith("warning:") else "dim"
    _write(stream, Text(f"tagseal: {text}", style=tone))


def show_error(error: TagsealError, stream: IO[str]) -> None:
    """Write what is wrong, where, and what to do next."""
    _write(
        stream,
        Text.assemble(("error", "bold red"), f"[{error.code}]: {error}"),
        Text.assemble(("hint", "bold cyan"), f": {error.hint}"),
    )
