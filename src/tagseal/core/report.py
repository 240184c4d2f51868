"""One report document, whichever way it is shown.

A command makes a `Report` and does not know who reads it: `tagseal.reports` shows the blocks on a
terminal, or the data as JSON. Every text in a block is for a person and is already escaped; nothing
in it is markup.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Block", "Command", "Line", "Report", "Table", "Tone", "differences"]

Tone = Literal["plain", "good", "bad", "warning", "quiet", "title"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text; ``indent`` is how deep it belongs under the lines before it."""

    text: str
    tone: Tone = "plain"
    indent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under column heads; columns whose head ends in ``#`` hold numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to copy: its argument list."""

    arguments: tuple[str, ...]


Block = Line | Table | Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a command has to say: blocks for a person, data for a program."""

    blocks: tuple[Block, ...]
    data: Mapping[str, Any] = field(default_factory=dict)


def differences(number: int, what: str) -> str:
    """Return the start of a sentence on some differences, such as ``1 difference is explained``."""
    return (
        f"{number} difference{'' if number == 1 else 's'} {'is' if number == 1 else 'are'} {what}"
    )
