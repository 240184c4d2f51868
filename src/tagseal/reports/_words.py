"""What all forms of the contents report say in the same words."""

from collections.abc import Mapping
from dataclasses import dataclass

from tagseal.core.contents_report import ContentsReport, Diff, FileClass, ReportedFile, Standing
from tagseal.core.hidden import pieces

__all__ = [
    "CLASS_LETTERS",
    "CLASS_MEANS",
    "MODE_WORDS",
    "STANDING_MEANS",
    "HiddenGroup",
    "bytes_text",
    "hidden_groups",
    "hiding_names",
    "is_against_text",
    "number_text",
    "verdict_parts",
    "visible",
]

CLASS_MEANS: Mapping[FileClass, str] = {
    "identical": "the commit's own bytes, at their own path",
    "generated": "only in the archive",
    "modified": "in both, with other bytes or another mode",
    "relocated": "the commit's bytes at another path",
    "dereferenced": "a symlink of the commit, written as the file that it leads to",
    "omitted": "in the commit, not in the archive",
    "conflicting": "of another type than in the commit: file, symlink, folder or submodule",
}
CLASS_LETTERS: Mapping[FileClass, str] = {
    "identical": "=",
    "generated": "+",
    "modified": "~",
    "relocated": "→",
    "dereferenced": "»",
    "omitted": "-",
    "conflicting": "!",
}
STANDING_MEANS: Mapping[Standing, str] = {
    "proven": "the tagged commit's own bytes, or recomputed from them",
    "explained": "evidence explains it; whoever wants proof has to look",
    "allowed": "allowed by whoever asked",
    "unexplained": "nothing explains it",
}
MODE_WORDS: Mapping[str, str] = {
    "100755": "executable",
    "120000": "symlink",
    "160000": "submodule",
    "040000": "whole folder",
}
_LINES_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenGroup:
    """The places of one hidden character."""

    name: str
    lines: tuple[int, ...]
    """The first lines that have it, each once."""
    more: int
    """How many lines more."""

    @property
    def is_harmless(self) -> bool:
        """Whether it only looks like the usual space, or marks how the text is encoded."""
        if self.name == "BYTE ORDER MARK":
            return True
        return self.name.endswith(" SPACE") and not self.name.startswith("ZERO WIDTH")


def hidden_groups(file: ReportedFile) -> tuple[HiddenGroup, ...]:
    """Return a file's hidden characters by name, in the order in which they first appear."""
    lines: dict[str, dict[int, None]] = {}
    for line, name in file.hidden_characters:
        lines.setdefault(name, {})[line] = None
    return tuple(
        HiddenGroup(
            name=name,
            lines=tuple(places)[:_LINES_NAMED],
            more=max(len(places) - _LINES_NAMED, 0),
        )
        for name, places in lines.items()
    )


def bytes_text(size: int) -> str:
    """Return a number of bytes for a person.

    >>> bytes_text(999), bytes_text(1234), bytes_text(54_321_000)
    ('999 B', '1.2 kB', '54 MB')
    """
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    return f"{value:.1f} {unit}" if value < 9.95 and unit != "B" else f"{value:.0f} {unit}"


def hiding_names(file: ReportedFile) -> tuple[str, ...]:
    """Return the names of a file's characters that can hide or reorder what it says."""
    return tuple(group.name for group in hidden_groups(file) if not group.is_harmless)


def is_against_text(diff: Diff | None) -> bool:
    """Return whether a diff shows more than the text of a file that has nothing to differ from."""
    return diff is not None and any(line.kind in " -" for line in diff.lines)


def number_text(number: int) -> str:
    """Return a number with its thousands apart.

    >>> number_text(92000)
    '92,000'
    """
    return f"{number:,}"


def visible(text: str) -> str:
    """Return a text in which what does not show itself is named; backslashes and tabs stay.

    >>> visible("a\N{RIGHT-TO-LEFT OVERRIDE}c")
    'a[U+202E]c'
    """
    return "".join(p.text if p.name is None else f"[{p.text}]" for p in pieces(text))


def verdict_parts(report: ContentsReport) -> tuple[str, str]:
    """Return the headline's first words and the rest of it.

    The name of the archive, which headlines repeat, is left out where it follows.
    """
    word, colon, rest = report.headline.partition(": ")
    if not colon:
        return report.headline, ""
    return word, rest.removeprefix(f"{report.archive}: ")
