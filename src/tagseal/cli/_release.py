"""What the commands between two steps of a release share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from tagseal.cli._options import PATH, answer
from tagseal.core.paths import display
from tagseal.core.report import Line, Report, Table
from tagseal.workflows.folder import ReleaseFolder

__all__ = ["folder_argument", "say_release"]

_F = TypeVar("_F", bound=Callable[..., Any])


def folder_argument(function: _F) -> _F:
    """Add the folder that the release travels in."""
    return click.argument("folder", type=PATH)(function)


def say_release(release: ReleaseFolder, last_line: str, *, as_document: bool) -> int:
    """Say what is in a release's folder now."""
    rows = tuple((display(r.name), r.builder, r.rebuilt, r.sha256) for r in release.archives)
    report = Report(
        blocks=(
            Table(columns=("archive", "builder", "built again", "sha256"), rows=rows),
            Line(text=last_line, tone="good"),
        ),
        data={
            "status": 0,
            "folder": str(release.path),
            "tag": release.tag,
            "commit": release.commit,
            "archives": [
                {"name": r.name, "sha256": r.sha256, "rebuilt": r.rebuilt} for r in release.archives
            ],
        },
    )
    return answer(report, as_document=as_document)
