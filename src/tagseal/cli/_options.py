"""Options that several commands share, and how a command answers."""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from tagseal.cli._format import document_format
from tagseal.contents import Kind, PathMapping
from tagseal.core.paths import display
from tagseal.core.patterns import Pattern, compile_pattern
from tagseal.core.report import Report
from tagseal.policy import PATTERN_FIELDS, Allowances
from tagseal.reports import as_json, show, talk

__all__ = [
    "PATH",
    "allowance_options",
    "allowances",
    "answer",
    "builder_uri",
    "commit_id",
    "json_option",
    "kind_option",
    "number",
    "path_argument",
    "progress_to_stderr",
    "repository_name",
    "repository_option",
    "tag_name",
    "without_rule_option",
    "workflow_path",
]

_REPOSITORY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]+")

_COMMIT = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_BUILDER = re.compile(r"https://[^\s@/]+/[^\s@]+@[^\s@]+")
_WORKFLOW = re.compile(r"[^\s@:\\]+\.ya?ml")
_TAGS = "refs/tags/"

_F = TypeVar("_F", bound=Callable[..., Any])

PATH = click.Path(path_type=Path, readable=False)
"""The type of every path; whether it can be read is found out by reading it."""

_ADDRESS = re.compile(r"(?:https?|ssh|git)://.*|[\w.-]+@[\w.-]+:.*")

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


def tag_name(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse, as an option's callback, what is no tag's own name."""
    if value == "":
        raise click.BadParameter("a tag's name is not empty.")
    if value is not None and value.startswith(_TAGS):
        name = display(value.removeprefix(_TAGS))
        raise click.BadParameter(f'give the tag without refs/tags/: "{name}".')
    return value


def commit_id(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse, as an option's callback, what is no commit's whole id."""
    if value is not None and not _COMMIT.fullmatch(value):
        message = f'"{display(value)}" is no commit id: give it in full, 40 or 64 of 0-9 and a-f.'
        raise click.BadParameter(message)
    return value


def number(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse, as an option's callback, what is no numeric id."""
    if value is not None and not (value.isascii() and value.isdigit()):
        message = f'"{display(value)}" is not a number: give the numeric id, not a name.'
        raise click.BadParameter(message)
    return value


def builder_uri(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse, as an option's callback, what cannot be the URI of a workflow at a ref."""
    if value is not None and not _BUILDER.fullmatch(value):
        message = (
            f'"{display(value)}" is not a workflow\'s URI with its ref, such as '
            "https://github.com/OWNER/NAME/.github/workflows/release.yml@refs/tags/v1."
        )
        raise click.BadParameter(message)
    return value


def workflow_path(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse, as an option's callback, what cannot be the path of a workflow in a repository."""
    if value is None:
        return value
    if not _WORKFLOW.fullmatch(value) or {"", ".", ".."} & set(value.split("/")):
        message = (
            f'"{display(value)}" is not the path of a workflow in the repository, such as '
            ".github/workflows/release.yml."
        )
        raise click.BadParameter(message)
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


def _rule_names(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    if not values:
        return frozenset()  # the rules are not even imported
    from tagseal.contents.rules import BUILT_IN, PROJECT

    known = {rule.name for rule in BUILT_IN} | {PROJECT}
    for value in values:
        if value not in known and not value.startswith(f"{PROJECT}:"):
            near = get_close_matches(value, sorted(known), n=1)
            message = f'"{display(value)}" is no rule that can be taken away'
            message += f'; did you mean "{near[0]}"?' if near else f": {', '.join(sorted(known))}."
            raise click.BadParameter(message)
    return frozenset(values)


def without_rule_option(function: _F) -> _F:
    """Add ``--without-rule``: rules that must not explain anything."""
    return click.option(
        "--without-rule",
        "without_rules",
        multiple=True,
        metavar="RULE",
        callback=_rule_names,
        help="Do not let this rule explain anything; project is all of the project's own.",
    )(function)


def path_argument(name: str, **attributes: Any) -> Callable[[_F], _F]:
    """Add an argument that is a path."""
    return click.argument(name, type=PATH, **attributes)


def _clone(_: click.Context, __: click.Parameter, value: str) -> Path:
    if _ADDRESS.fullmatch(value) and not Path(value).exists():
        shown = display(value)
        message = f'"{shown}" is an address; clone it first (git clone {shown}) and name the clone.'
        raise click.BadParameter(message)
    return Path(value)


def repository_option(function: _F) -> _F:
    """Add ``--git``: the repository to compare with."""
    return click.option(
        "--git",
        "repository",
        metavar="PATH",
        default=".",
        callback=_clone,
        help="The git repository; by default the current folder's.",
    )(function)


def progress_to_stderr(text: str) -> None:
    """Say what is being done, on stderr."""
    talk(text, sys.stderr)


def answer(report: Report, *, as_document: bool) -> int:
    """Write a report to stdout and return the exit status that its data names.

    A document begins with the command that it is of: see `document_format`.
    """
    if as_document:
        command = click.get_current_context().command.name
        data = {"format": document_format(command), **report.data}
        sys.stdout.write(as_json(replace(report, data=data)))
    else:
        show(report, sys.stdout)
    return int(report.data["status"])
