"""``entry_points.txt``: the commands and plugins that installing a distribution adds.

Source: PyPA specifications, "Entry points specification". Readers of it range from configparser to
a handful of string operations, so only plain lines are accepted: ``[group]``, ``name = value``, and
blank ones; no comments, continuations, colons or repeated names.
"""

import re
from typing import Any

from tagseal.contents.metadata._headers import text_of
from tagseal.contents.metadata._model import Report, shown
from tagseal.contents.metadata._project import Project

__all__ = ["check_entry_points", "wanted_entry_points"]

_GROUP = re.compile(r"\[([^\[\]\s]+)\]")
_ENTRY = re.compile(r"([^\s=\[#;:][^=:]*?) *= *([^\s=#;][^=#;]*?)")
_Groups = dict[str, dict[str, str]]


def check_entry_points(content: bytes, project: Project, report: Report) -> None:
    """Compare all groups and names; a key that the configuration declares dynamic is a problem."""
    for key in sorted(project.dynamic & {"scripts", "gui-scripts", "entry-points"}):
        report.problem(key, "the configuration declares it dynamic: not recomputable")
    try:
        found = _read(text_of(content))
    except ValueError as error:
        report.problem("the file", str(error))
        return
    have = _flat(found)
    want = _flat(wanted_entry_points(project))
    for group, name, value in sorted(have):
        report.note(group, shown(f"{name} = {value}"))
    for group, name, value in sorted(have - want):
        report.problem(
            shown(group), f"the configuration does not yield {shown(f'{name} = {value}')}"
        )
    for group, name, value in sorted(want - have):
        report.problem(shown(group), f"{shown(f'{name} = {value}')} is missing")


def wanted_entry_points(project: Project) -> _Groups:
    """Return group, name and value of every entry point of the configuration; no empty groups."""
    standard = project.standard
    groups: dict[str, Any] = dict(standard.entrypoints)
    groups |= {"console_scripts": standard.scripts, "gui_scripts": standard.gui_scripts}
    return {group: dict(names) for group, names in groups.items() if names}


def _flat(groups: _Groups) -> set[tuple[str, str, str]]:
    return {
        (group, name.strip(), re.sub(r"\s+", "", value))
        for group, names in groups.items()
        for name, value in names.items()
    }


def _read(text: str) -> _Groups:
    groups: _Groups = {}
    names: dict[str, str] | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line:
            continue
        if not line.isprintable():
            raise ValueError(f"{shown(line)} holds a character that cannot be seen")
        if match := _GROUP.fullmatch(line):
            if match[1] in groups:
                raise ValueError(f"the group {shown(match[1])} stands twice")
            names = groups.setdefault(match[1], {})
        elif names is None or not (match := _ENTRY.fullmatch(line.rstrip(" "))):
            raise ValueError(f"{shown(line)} is no line of a plain entry_points.txt")
        elif match[1] in names:
            raise ValueError(f"the name {shown(match[1])} stands twice in its group")
        else:
            names[match[1]] = match[2]
    return groups
