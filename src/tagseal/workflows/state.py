"""Stating a release: the exact bytes of every statement, made before anything is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import tagseal
from tagseal.archives import open_regular
from tagseal.attest import (
    CONTENTS_TYPE,
    PROVENANCE_TYPE,
    RELEASE_TYPE,
    Provenance,
    Release,
    ReleasedArchive,
    Statement,
    Subject,
    as_predicate,
)
from tagseal.contents import SourceContents
from tagseal.core.errors import TagsealError
from tagseal.core.finding import Finding
from tagseal.core.paths import display
from tagseal.core.report import differences
from tagseal.workflows.account import Accounted, account_archive
from tagseal.workflows.files import write_whole
from tagseal.workflows.folder import BuildRecord, ReleaseFolder
from tagseal.workflows.gate import GateResult, gate
from tagseal.workflows.source import ReleaseSource
from tagseal.workflows.types import Progress

__all__ = [
    "Run",
    "Statements",
    "account_release",
    "gate_release",
    "not_accounted",
    "read_statements",
    "require_open_gate",
    "state_release",
    "write_statements",
]

PROVENANCE_SUFFIX = ".provenance.json"
CONTENTS_SUFFIX = ".contents.json"
RELEASE_FILE = "release.statement.json"
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The run that signs: the URIs that its certificate will name (extensions .9 and .21)."""

    builder_id: str
    invocation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """The payloads to be signed: for each archive its own two, and the one of the release."""

    archives: Mapping[str, tuple[bytes, bytes]]
    """Archive name to provenance and contents."""
    release: bytes


def account_release(
    folder: ReleaseFolder, source: ReleaseSource, *, progress: Progress
) -> list[Accounted]:
    """Account for every archive of a release against its source, in the release's order."""
    if (folder.tag, folder.commit) != (source.tag.name, source.tag.commit):
        message = f'the tag "{display(source.tag.name)}" is not at the commit that was built'
        raise TagsealError("git-tag-moved", message)
    accounted = []
    for record in folder.archives:
        progress(f"comparing {display(record.name)} with the commit")
        accounted.append(account_archive(folder.archive(record), source))
    return accounted


def gate_release(
    folder: ReleaseFolder, source: ReleaseSource, accounted: Sequence[Accounted]
) -> list[GateResult]:
    """Judge every archive as a strict consumer would, in the release's order."""
    return [
        gate(item, repository=source.slug, rebuilt=record.rebuilt)
        for item, record in zip(accounted, folder.archives, strict=True)
    ]


def require_open_gate(accounted: Sequence[Accounted], results: Sequence[GateResult]) -> None:
    """Raise unless a strict consumer would accept every archive."""
    for item, result in zip(accounted, results, strict=True):
        if result.findings:
            raise not_accounted(item, result.findings)


def not_accounted(item: Accounted, findings: Sequence[Finding]) -> TagsealError:
    """Return the error for an archive with differences that stop a release, each on its line."""
    lines = [f"{differences(len(findings), 'not explained')}:"]
    lines += [f"- [{f.code}] {f.sentence}" for f in findings[:_MOST_NAMED]]
    if len(findings) > _MOST_NAMED:
        lines.append(f"- and {len(findings) - _MOST_NAMED} more")
    where = display(item.path.name)
    return TagsealError("release-not-accounted", "\n".join(lines), where=where)


def state_release(
    folder: ReleaseFolder, source: ReleaseSource, accounted: Sequence[Accounted], run: Run
) -> Statements:
    """Return every statement of a release, as the bytes to be signed."""
    pairs = list(zip(folder.archives, accounted, strict=True))
    release = Release(
        repository=source.uri,
        ref=source.tag.ref,
        commit_id=source.tag.commit,
        version=source.version,
        archives=tuple(
            ReleasedArchive(
                name=record.name,
                sha256=item.listing.sha256,
                tar_sha256=item.listing.tar_sha256,
                rebuilt=record.rebuilt,
            )
            for record, item in pairs
        ),
    )
    subjects = tuple(Subject(name=a.name, sha256=a.sha256) for a in release.archives)
    return Statements(
        archives={
            record.name: (
                _statement(item, PROVENANCE_TYPE, _provenance(record, source, run)),
                _statement(item, CONTENTS_TYPE, as_predicate(_claim(item))),
            )
            for record, item in pairs
        },
        release=Statement(
            subjects=subjects, predicate_type=RELEASE_TYPE, predicate=release.as_predicate()
        ).encode(),
    )


def _claim(item: Accounted) -> SourceContents:
    if item.claim is None:
        raise not_accounted(item, item.conflicts)
    return item.claim


def _statement(item: Accounted, predicate_type: str, predicate: object) -> bytes:
    subject = Subject(name=item.path.name, sha256=item.listing.sha256)
    return Statement(
        subjects=(subject,), predicate_type=predicate_type, predicate=predicate
    ).encode()


def _provenance(record: BuildRecord, source: ReleaseSource, run: Run) -> dict[str, object]:
    return Provenance(
        repository=source.uri,
        ref=source.tag.ref,
        commit_id=source.tag.commit,
        builder=record.builder,
        archive=record.name,
        dependencies=record.dependencies,
        reported=record.reported,
        builder_id=run.builder_id,
        builder_version={"tagseal": tagseal.__version__},
        invocation=run.invocation,
        started=record.started,
        finished=record.finished,
    ).as_predicate()


def write_statements(folder: ReleaseFolder, statements: Statements) -> None:
    """Write the statements into the release's folder, under ``statements/``."""
    target = folder.path / "statements"
    target.mkdir(exist_ok=True)
    for name, (provenance, contents) in statements.archives.items():
        write_whole(target / (name + PROVENANCE_SUFFIX), provenance)
        write_whole(target / (name + CONTENTS_SUFFIX), contents)
    write_whole(target / RELEASE_FILE, statements.release)


def read_statements(folder: ReleaseFolder) -> Statements:
    """Read back what `write_statements` wrote; the exact bytes."""
    target = folder.path / "statements"

    def read(name: str) -> bytes:
        path = target / name
        try:
            with open_regular(path) as stream:
                return stream.read()
        except OSError as error:
            message = f"a statement cannot be read: {error.strerror}"
            hint = "Run `tagseal state` first."
            where = display(str(path))
            raise TagsealError("release-folder-invalid", message, where=where, hint=hint) from error

    return Statements(
        archives={
            r.name: (read(r.name + PROVENANCE_SUFFIX), read(r.name + CONTENTS_SUFFIX))
            for r in folder.archives
        },
        release=read(RELEASE_FILE),
    )
