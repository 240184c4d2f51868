"""Options that several commands share, and how a command answers."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tagseal.contents import Kind, PathMapping
from tagseal.core.paths import display
from tagseal.core.patterns import Pattern, compile_pattern
from tagseal.core.report import Report
from tagseal.policy import PATTERN_FIELDS, Allowances
from tagseal.reports import as_json, show, talk

__all__ = [
    "allowance_options",
    "allowances",
    "answer",
    "json_option",
    "kind_option",
    "path_argument",
    "progress_to_stderr",
    "repository_name",
    "repository_option",
]

_REPOSITORY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]+")

_F = TypeVar("_F", bound=Callable[..., Any])

_HELP = {
    "generated": "Accept a file that is only in the archive.",
    "modified": "Accept a file that differs from the commit's.",
    "relocated": "Accept a file of the commit at another path.",
    "omitted": "Accept that a file or folder of the commit is left out.",
    "shadowing": "Accept a file that takes precedence over another.",
    "top_level": "Accept a name that a wheel installs beside the project's own.",
}

json_option = click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")

kind_option = click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    help="What to judge the archive as; by default its name decides.",
)


def repository_name(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse, as an option's callback, what is no repository's ``OWNER/NAME``."""
    if value is not None and not _REPOSITORY.fullmatch(value):
        raise click.BadParameter(f'"{display(value)}" is not OWNER/NAME.')
    return value


def _patterns(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> tuple[Pattern, ...]:
    try:
        return tuple(compile_pattern(value) for value in values)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error


def _mappings(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> tuple[PathMapping, ...]:
    return tuple(_mapping(value) for value in values)


def _mapping(value: str) -> PathMapping:
    archive, equals, tree = (part if part != "/" else "" for part in value.partition("="))
    if not equals:
        message = f'"{display(value)}" is not ARCHIVE/=TREE/, with an equals sign.'
        raise click.BadParameter(message)
    if (not archive or archive.endswith("/")) != (not tree or tree.endswith("/")):
        message = f'"{display(value)}" maps a folder to a file: end both names in a slash.'
        raise click.BadParameter(message)
    return PathMapping(archive=os.fsencode(archive), tree=os.fsencode(tree))


def allowance_options(function: _F) -> _F:
    """Add the options by which a person allows what nothing proves."""
    function = click.option(
        "--allow-mapping",
        "allow_mapping",
        multiple=True,
        metavar="ARCHIVE/=TREE/",
        callback=_mappings,
        help="Accept that a folder of the archive stands for one of the tree; / is the root.",
    )(function)
    for name in reversed(PATTERN_FIELDS):
        function = click.option(
            f"--allow-{name.replace('_', '-')}",
            f"allow_{name}",
            multiple=True,
            metavar="PATTERN",
            callback=_patterns,
            help=_HELP[name],
        )(function)
    return function


def allowances(options: dict[str, Any]) -> Allowances:
    """Take the allowance options out of a command's options."""
    patterns = {name: options.pop(f"allow_{name}") for name in PATTERN_FIELDS}
    return Allowances.of(patterns, options.pop("allow_mapping"))


def path_argument(name: str, **attributes: Any) -> Callable[[_F], _F]:
    """Add an argument that is a path; whether it can be read is found out by reading it."""
    return click.argument(name, type=click.Path(path_type=Path), **attributes)


def repository_option(function: _F) -> _F:
    """Add ``--git``: the repository to compare with."""
    return click.option(
        "--git",
        "repository",
        type=click.Path(path_type=Path),
        default=Path(),
        help="The git repository; by default the current folder's.",
    )(function)


def progress_to_stderr(text: str) -> None:
    """Say what is being done, on stderr."""
    talk(text, sys.stderr)


def answer(report: Report, *, as_document: bool) -> int:
    """Write a report to stdout and return the exit status that its data names."""
    if as_document:
        sys.stdout.write(as_json(report))
    else:
        show(report, sys.stdout)
    return int(report.data["status"])
