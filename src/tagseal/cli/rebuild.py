"""``tagseal rebuild``."""

from pathlib import Path

import click

from tagseal.cli._options import json_option, progress_to_stderr, repository_option
from tagseal.cli._release import folder_argument, say_release
from tagseal.workflows.steps import rebuild_step
from tagseal.workflows.types import machine_clock

__all__ = ["command"]


@click.command("rebuild")
@folder_argument
@repository_option
@json_option
def command(folder: Path, repository: Path, as_document: bool) -> int:
    """Build the release in FOLDER a second time; other contents are named and stop it."""
    release = rebuild_step(folder, repository, progress=progress_to_stderr, clock=machine_clock)
    last = f"Built again. Next: tagseal compare --release {folder} --git {repository}"
    return say_release(release, last, as_document=as_document)
