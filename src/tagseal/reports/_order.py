"""In which order and in which company unexplained files are shown, the same in every form.

A change inside of a known file is what an attack looks like; a file that nobody knows is mostly one
that nobody has told about. So what has something to be held against comes first, and before it the
helpers that no release has, whether or not the text that they imitate is at hand.
"""

import re
from collections.abc import Iterable, Sequence

from tagseal.core.contents_report import FileClass, ReportedFile
from tagseal.core.paths import display
from tagseal.reports._words import hiding_names, is_against_text

__all__ = ["IMITATES", "by_folder", "by_urgency", "folder_and_name", "groups_of", "reason_of"]

IMITATES = "contents-helper-unknown"
_CLASSES: tuple[FileClass, ...] = (
    "conflicting",
    "modified",
    "generated",
    "relocated",
    "dereferenced",
    "omitted",
    "identical",
)
_PLAIN = re.compile(r"[A-Za-z0-9_.+=-]+")
"""Names that can stand in a list without any doubt where one ends."""


def by_urgency(files: Iterable[ReportedFile]) -> list[ReportedFile]:
    """Return files with those first that a reader ought to look at first."""
    return sorted(files, key=_urgency)


def groups_of(files: Iterable[ReportedFile]) -> list[list[ReportedFile]]:
    """Return files by urgency, with each all those that the same sentence is about."""
    found: dict[object, list[ReportedFile]] = {}
    for file in by_urgency(files):
        found.setdefault(_same(file), []).append(file)
    return list(found.values())


def reason_of(files: Sequence[ReportedFile]) -> str:
    """Return the sentence that a group of `groups_of` is about, of one file or of each."""
    reason = files[0].reason
    if len(files) > 1 and reason.startswith("it "):
        return f"each {reason.removeprefix('it ')}"
    return reason


def by_folder(files: Iterable[ReportedFile]) -> list[list[ReportedFile]]:
    """Return files in their order, those of one folder together where a list of names says it all.

    Binary files are apart from texts; one that hides something, and one with an odd name, stands by
    itself.
    """
    found: dict[object, list[ReportedFile]] = {}
    for file in files:
        folder, name = folder_and_name(file)
        is_plain = not hiding_names(file) and _PLAIN.fullmatch(name)
        found.setdefault((folder, file.is_binary) if is_plain else id(file), []).append(file)
    return list(found.values())


def folder_and_name(file: ReportedFile) -> tuple[str, str]:
    """Return a path's folder, with a slash at its end, and the name in it, both for display."""
    folder, slash, name = display(file.path).rpartition("/")
    return folder + slash, name


def _same(file: ReportedFile) -> tuple[str, str, str]:
    return file.file_class, file.code or "", file.reason


def _urgency(file: ReportedFile) -> tuple[object, ...]:
    return (
        file.code != IMITATES,
        not is_against_text(file.diff),
        not hiding_names(file),
        _CLASSES.index(file.file_class),
        *_same(file),
    )
