"""``tagseal verify``."""

from pathlib import Path
from typing import Any

import click

from tagseal.cli._options import (
    PATH,
    allowance_options,
    allowances,
    answer,
    builder_uri,
    commit_id,
    json_option,
    kind_option,
    number,
    path_argument,
    repository_name,
    tag_name,
    without_rule_option,
    workflow_path,
)
from tagseal.contents import Kind
from tagseal.core.errors import UsageError
from tagseal.policy import Policy
from tagseal.signing import load_trust
from tagseal.workflows.documents import verdicts_report
from tagseal.workflows.verify import verify_archive

__all__ = ["command"]


@click.command("verify")
@path_argument("archives", nargs=-1)
@click.option(
    "--repo",
    "repository",
    metavar="OWNER/NAME",
    callback=repository_name,
    help="The repository that must have made the archive.",
)
@click.option("--tag", callback=tag_name, help="The tag that it must have been made from.")
@click.option(
    "--commit", callback=commit_id, help="The commit that it must have been made from, in full."
)
@click.option(
    "--workflow",
    metavar="PATH",
    callback=workflow_path,
    help="The repository's workflow that may sign, such as .github/workflows/release.yml.",
)
@click.option(
    "--builder",
    metavar="URI",
    callback=builder_uri,
    help="The one workflow that may sign, with its ref.",
)
@click.option(
    "--repository-id", metavar="NUMBER", callback=number, help="The repository's numeric id."
)
@click.option("--owner-id", metavar="NUMBER", callback=number, help="The owner's numeric id.")
@click.option(
    "--evidence",
    type=PATH,
    help="The evidence, when it is not beside the archive as ARCHIVE.intoto.jsonl.",
)
@click.option(
    "--trust-config",
    type=PATH,
    help="A ClientTrustConfig or TrustedRoot; by default Sigstore's production root.",
)
@click.option(
    "--release",
    type=PATH,
    help="Judge every archive of a release's folder, as its repository's and tag's.",
)
@click.option("--any-name", is_flag=True, help="Do not demand the name that was signed.")
@click.option(
    "--full-sha256",
    "identical_sha256",
    is_flag=True,
    help="Compute the sha256 of every file too, and hold it against the signed one.",
)
@kind_option
@without_rule_option
@allowance_options
@click.option(
    "--quiet",
    "-q",
    is_flag=True,
    help="Print only the last line of each archive, with the codes of what is wrong.",
)
@json_option
def command(
    archives: tuple[Path, ...],
    evidence: Path | None,
    trust_config: Path | None,
    release: Path | None,
    quiet: bool,
    as_document: bool,
    **options: Any,
) -> int:
    """Judge each ARCHIVE by the evidence beside it, offline.

    Everything must be proven: that REPO's release workflow signed it, and that every file in it is
    the tagged commit's or explained. What is not proven must be allowed by name.

    \b
        tagseal verify tool-1.2.tar.gz --repo owner/tool --tag v1.2
    """
    if release is not None:
        archives, options = _of_release(release, archives, options)
    if not archives:
        hint = "For example: tagseal verify tool-1.2.tar.gz --repo owner/tool --tag v1.2"
        raise UsageError("usage", "no archive is named", hint=hint)
    if options["repository"] is None:
        message = "--repo must say whose archive this ought to be"
        hint = "Give --repo OWNER/NAME, the project that you expect; the evidence cannot say it."
        raise UsageError("usage", message, hint=hint)
    if evidence is not None and len(archives) > 1:
        message = "--evidence goes with one archive"
        hint = "Put each archive's evidence beside it, or verify them one at a time."
        raise UsageError("usage", message, hint=hint)
    kind = options.pop("kind")
    policy = Policy(
        allow=allowances(options), kind=Kind(kind) if kind is not None else None, **options
    )
    trust = load_trust(trust_config)
    verdicts = [
        verify_archive(archive, policy=policy, trust=trust, evidence=evidence)
        for archive in archives
    ]
    return answer(verdicts_report(verdicts, quiet=quiet), as_document=as_document)


def _of_release(
    release: Path, archives: tuple[Path, ...], options: dict[str, Any]
) -> tuple[tuple[Path, ...], dict[str, Any]]:
    """Return the archives of a release's folder, and the demands that follow from it.

    The folder is the releaser's own. Somebody who downloaded an archive has none.
    """
    if archives:
        message = "--release goes without archives: the folder names them"
        hint = "Verify a download by its name, and a release of your own by its folder."
        raise UsageError("usage", message, hint=hint)
    # Imported here: only whoever releases has such a folder.
    from tagseal.ci import current
    from tagseal.workflows.folder import ReleaseFolder

    folder = ReleaseFolder.load(release)
    options = dict(options)
    options["repository"] = options["repository"] or folder.slug
    options["tag"] = options["tag"] or folder.tag
    options["commit"] = options["commit"] or folder.commit
    if options["builder"] is None and options["workflow"] is None:
        options["builder"] = current().builder_uri
    return tuple(folder.archive(record) for record in folder.archives), options
