"""Building a release's archives into a folder, and building them again."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tagseal.archives import open_archive
from tagseal.attest import Rebuilt
from tagseal.builders import BuildInputs, BuiltArchive, build_archives
from tagseal.core.errors import BuildError, TagsealError, UsageError
from tagseal.core.listing import ArchiveListing
from tagseal.core.paths import display
from tagseal.workflows.files import file_sha256
from tagseal.workflows.folder import BuildRecord, ReleaseFolder
from tagseal.workflows.source import ReleaseSource, require_buildable
from tagseal.workflows.types import Clock, Progress

__all__ = ["build_release", "rebuild_release"]

_MOST_NAMED = 20


def build_release(
    source: ReleaseSource, out: Path, *, progress: Progress, clock: Clock
) -> ReleaseFolder:
    """Build every configured archive into ``out`` and write its ``release.json``.

    The caller owns ``out``: it is an empty folder that becomes the user's only when all is done.
    """
    require_buildable(source)
    try:
        records = [_record(built) for built in _build(source, out, progress, clock)]
    except UsageError as error:
        if error.code != "output-exists":
            raise
        # The folder was empty, so what is in the way is another archive of this release.
        where = display(Path(error.where or "").name) or None
        hint = 'Give the source archive another name, such as name = "{name}-{version}-source".'
        message = "two archives of the configuration have this name"
        raise BuildError("build-name-taken", message, where=where, hint=hint) from error
    folder = ReleaseFolder(
        path=out,
        slug=source.slug,
        uri=source.uri,
        tag=source.tag.name,
        commit=source.tag.commit,
        version=source.version,
        archives=tuple(sorted(records, key=lambda record: record.name)),
    )
    folder.save()
    return folder


def _build(
    source: ReleaseSource, out: Path, progress: Progress, clock: Clock
) -> list[BuiltArchive]:
    inputs = BuildInputs(
        repository=source.repository,
        tag=source.tag,
        tree=source.tree,
        name=source.name,
        version=source.version,
    )
    return [
        built
        for config in source.archives
        for built in build_archives(config, inputs, out, progress=progress, clock=clock)
    ]


def _record(built: BuiltArchive) -> BuildRecord:
    return BuildRecord(
        name=built.path.name,
        sha256=file_sha256(built.path),
        builder=built.builder,
        dependencies=built.dependencies,
        reported=built.reported,
        started=_rfc3339(built.started),
        finished=_rfc3339(built.finished),
    )


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rebuild_release(
    folder: ReleaseFolder, source: ReleaseSource, *, progress: Progress, clock: Clock
) -> ReleaseFolder:
    """Build everything once more and record, for each archive, how far the two agree.

    Other contents are an error that names the members which differ: the release stops there.
    """
    results: dict[str, Rebuilt] = {}
    with tempfile.TemporaryDirectory(prefix="tagseal-rebuild-") as name:
        again = Path(name)
        built = {b.path.name: b.path for b in _build(source, again, progress, clock)}
        for record in folder.archives:
            if record.name not in built:
                message = "building again did not make this archive"
                raise _differs(message, record.name)
            first, second = folder.archive(record), built[record.name]
            if file_sha256(second) == record.sha256:
                results[record.name] = "same-bytes"
            elif problems := _differing(open_archive(first), open_archive(second)):
                shown = "; ".join(problems[:_MOST_NAMED])
                raise _differs(f"building again gave other contents: {shown}", record.name)
            else:
                results[record.name] = "same-contents"
    updated = folder.with_rebuilt(results)
    updated.save()
    return updated


def _differs(message: str, name: str) -> TagsealError:
    return TagsealError("release-rebuild-differs", message, where=display(name))


def _differing(first: ArchiveListing, second: ArchiveListing) -> list[str]:
    paths = sorted(first.members.keys() | second.members.keys())
    return [display(path) for path in paths if first.members.get(path) != second.members.get(path)]
