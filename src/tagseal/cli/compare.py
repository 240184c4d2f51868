"""``tagseal compare``."""

from pathlib import Path
from typing import Any

import click

from tagseal.cli._options import (
    allowance_options,
    allowances,
    answer,
    json_option,
    kind_option,
    path_argument,
    progress_to_stderr,
    repository_option,
    tag_name,
)
from tagseal.contents import Kind
from tagseal.core.errors import UsageError
from tagseal.workflows.compare import compare_archive
from tagseal.workflows.documents import comparison_report, gate_report
from tagseal.workflows.steps import compare_release

__all__ = ["command"]


@click.command("compare")
@path_argument("archive", required=False)
@repository_option
@click.option("--tag", callback=tag_name, help="The tag to compare with.")
@click.option(
    "--release",
    "release",
    type=click.Path(path_type=Path),
    help="Compare every archive of a release's folder instead, as strictly as a consumer would.",
)
@kind_option
@allowance_options
@json_option
def command(
    archive: Path | None,
    repository: Path,
    tag: str | None,
    release: Path | None,
    kind: str | None,
    as_document: bool,
    **options: Any,
) -> int:
    """Say what is in ARCHIVE that is not in a tagged commit, signed or not.

    Exit status 0 when every file is the tag's or explained, 1 when not; each difference is named.

    \b
        tagseal compare xz-5.4.1.tar.gz --git ~/src/xz --tag v5.4.1
    """
    allow = allowances(options)
    if release is not None:
        if archive is not None or tag is not None or kind is not None:
            message = "--release goes without an archive, a tag or a kind: the folder names them"
            hint = "Compare one archive with a tag, or a release of your own by its folder."
            raise UsageError("usage", message, hint=hint)
        results = compare_release(release, repository, progress=progress_to_stderr)
        return answer(gate_report(results), as_document=as_document)
    if archive is None or tag is None:
        message = "an archive and --tag are needed, or a release's folder with --release"
        hint = "For example: tagseal compare tool-1.2.tar.gz --git path/to/clone --tag v1.2"
        raise UsageError("usage", message, hint=hint)
    comparison = compare_archive(
        archive, repository, tag, allow=allow, kind=Kind(kind) if kind is not None else None
    )
    return answer(comparison_report(comparison), as_document=as_document)
