"""Reports on a terminal."""

import shlex
from typing import IO

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


def _console(stream: IO[str]) -> Console:
    # Without a terminal a line is as long as it is: pipes and logs must not cut names or commands.
    width = None if stream.isatty() else 100_000
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width)


def show(report: Report, stream: IO[str]) -> None:
    """Write a report's blocks for a person."""
    console = _console(stream)
    for block in report.blocks:
        _show_block(console, block)


def _show_block(console: Console, block: Block) -> None:
    match block:
        case Line():
            text = Text(block.text, style=_STYLES[block.tone])
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
    _console(stream).print(Text(f"tagseal: {text}", style=tone))


def show_error(error: TagsealError, stream: IO[str]) -> None:
    """Write what is wrong, where, and what to do next."""
    console = _console(stream)
    console.print(Text.assemble(("error", "bold red"), f"[{error.code}]: {error}"))
    console.print(Text.assemble(("hint", "bold cyan"), f": {error.hint}"))
