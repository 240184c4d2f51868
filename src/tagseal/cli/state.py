"""``tagseal state``."""

from pathlib import Path

import click

from tagseal.ci import current
from tagseal.cli._options import json_option, progress_to_stderr, repository_option
from tagseal.cli._release import folder_argument, say_release
from tagseal.workflows.steps import state_step

__all__ = ["command"]


@click.command("state")
@folder_argument
@repository_option
@click.option("--builder-id", metavar="URI", help="The workflow that will sign, with its ref.")
@click.option("--invocation", metavar="URI", help="The run that will sign.")
@json_option
def command(
    folder: Path,
    repository: Path,
    builder_id: str | None,
    invocation: str | None,
    as_document: bool,
) -> int:
    """Write the statements about the release in FOLDER.

    Every archive is accounted for once more, and nothing is written unless a strict consumer would
    accept all of them.
    """
    release = state_step(
        folder,
        repository,
        run=current(),
        builder_id=builder_id,
        invocation=invocation,
        progress=progress_to_stderr,
    )
    last = f"Stated, in {folder / 'statements'}. Next: tagseal sign {folder}"
    return say_release(release, last, as_document=as_document)
