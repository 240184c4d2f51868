"""``tagseal build``."""

from pathlib import Path

import click

from tagseal.cli._options import PATH, json_option, path_argument, progress_to_stderr, tag_name
from tagseal.cli._release import say_release
from tagseal.workflows.steps import build_step
from tagseal.workflows.types import machine_clock

__all__ = ["command"]


@click.command("build")
@path_argument("repository", default=Path(), required=False)
@click.option("--tag", callback=tag_name, required=True, help="The tag to build.")
@click.option(
    "--out",
    type=PATH,
    required=True,
    help="Where the archives go: a new or empty folder.",
)
@json_option
def command(repository: Path, tag: str, out: Path, as_document: bool) -> int:
    """Build the archives of a tag of REPOSITORY into a folder, with a release.json beside them."""
    release = build_step(repository, tag, out, progress=progress_to_stderr, clock=machine_clock)
    last = f"Built. Next: tagseal rebuild {out} --git {repository}"
    return say_release(release, last, as_document=as_document)
