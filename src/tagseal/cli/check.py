"""``tagseal check``."""

from pathlib import Path

import click

from tagseal.cli._options import answer, json_option, path_argument, tag_name
from tagseal.core.report import Line, Report
from tagseal.workflows.steps import check_step

__all__ = ["command"]


@click.command("check")
@path_argument("repository", default=Path(), required=False)
@click.option("--tag", callback=tag_name, required=True, help="The tag to be released.")
@json_option
def command(repository: Path, tag: str, as_document: bool) -> int:
    """Say whether a tag of REPOSITORY (by default the current folder's) can be released."""
    sentences = check_step(repository, tag)
    blocks = [Line(text=sentence) for sentence in sentences]
    blocks.append(Line(text="This tag can be released.", tone="good"))
    data = {"status": 0, "releasable": True, "found": sentences}
    return answer(Report(blocks=tuple(blocks), data=data), as_document=as_document)
