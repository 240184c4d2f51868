"""``tagseal rehearse``."""

import importlib
from pathlib import Path

import click

from tagseal.cli._options import (
    PATH,
    answer,
    json_option,
    path_argument,
    progress_to_stderr,
    repository_name,
    tag_name,
)
from tagseal.core.errors import UsageError
from tagseal.workflows.types import machine_clock

__all__ = ["command"]


@click.command("rehearse")
@path_argument("repository", default=Path(), required=False)
@click.option(
    "--tag", callback=tag_name, help="The tag to rehearse; by default an ephemeral one at HEAD."
)
@click.option(
    "--out",
    type=PATH,
    help="Where archives, evidence and trust config go: a new or empty folder.",
)
@click.option(
    "--repo",
    "slug",
    metavar="OWNER/NAME",
    callback=repository_name,
    help="What the repository is called; by default its configuration or remote says it.",
)
@json_option
def command(
    repository: Path, tag: str | None, out: Path | None, slug: str | None, as_document: bool
) -> int:
    """Rehearse a release of REPOSITORY (by default the current folder's) on this machine.

    Builds every archive, accounts for each against the tagged commit, signs with an embedded
    Sigstore, and verifies as a consumer would. Nothing is published, and no public log is written.

    \b
        tagseal rehearse --tag v1.2 --out rehearsal
    """
    try:
        rehearsing = importlib.import_module("tagseal.workflows.rehearse")
        documents = importlib.import_module("tagseal.workflows.documents")
    except ModuleNotFoundError as error:
        message = f"a rehearsal needs the package {error.name}"
        hint = "Install it with: pip install 'tagseal[rehearsal]'"
        raise UsageError("extra-missing", message, hint=hint) from error
    rehearsal = rehearsing.rehearse(
        repository, tag=tag, out=out, slug=slug, progress=progress_to_stderr, clock=machine_clock
    )
    return answer(documents.rehearsal_report(rehearsal), as_document=as_document)
