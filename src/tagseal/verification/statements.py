"""Steps 4, 6 and 7: what the verified bundles state, and that it belongs together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from tagseal.attest import (
    CONTENTS_TYPE,
    PAYLOAD_TYPE,
    PROVENANCE_TYPE,
    RELEASE_TYPE,
    Provenance,
    Release,
    Statement,
    Subject,
    parse_contents,
)
from tagseal.contents import SourceContents
from tagseal.core.errors import StatementError
from tagseal.core.finding import Finding
from tagseal.core.identity import Identity
from tagseal.core.listing import ArchiveListing
from tagseal.core.paths import display
from tagseal.evidence.model import VerifiedBundle

__all__ = [
    "Stated",
    "provenance_findings",
    "read_statement",
    "release_versions",
    "subject_findings",
    "together",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A verified bundle and the predicate that it holds, parsed."""

    bundle: VerifiedBundle
    statement: Statement
    predicate: Provenance | SourceContents | Release

    @property
    def identity(self) -> Identity:
        """Who signed it."""
        return self.bundle.identity

    @property
    def line(self) -> int:
        """The line of the evidence file that it stands on, from 1."""
        return self.bundle.bundle.line


def read_statement(bundle: VerifiedBundle) -> Stated:
    """Parse a bundle's payload; `StatementError` unless it is one of the predicates we know."""
    try:
        return _read(bundle)
    except StatementError as error:
        where = f"line {bundle.bundle.line}" + (f", {error.where}" if error.where else "")
        raise StatementError(error.code, error.message, where=where) from error


def _read(bundle: VerifiedBundle) -> Stated:
    if bundle.payload_type != PAYLOAD_TYPE:
        message = f'the payload is of the type "{display(bundle.payload_type[:200])}"'
        raise StatementError("statement-unsupported", message)
    statement = Statement.parse(bundle.payload)
    predicate: Provenance | SourceContents | Release
    if statement.predicate_type == PROVENANCE_TYPE:
        predicate = Provenance.parse(statement.predicate)
    elif statement.predicate_type == CONTENTS_TYPE:
        predicate = parse_contents(statement.predicate)
    elif statement.predicate_type == RELEASE_TYPE:
        predicate = Release.parse(statement.predicate)
    else:
        message = f'the predicate is of the type "{display(statement.predicate_type[:200])}"'
        raise StatementError("statement-unsupported", message)
    return Stated(bundle=bundle, statement=statement, predicate=predicate)


def subject_findings(
    stated: Stated, name: str, sha256: str, *, any_name: bool
) -> Iterator[Finding]:
    """Step 4: our digest is among the subjects, under the file's name."""
    named = [s for s in stated.statement.subjects if s.sha256 == sha256]
    if not named:
        others = ", ".join(f'"{display(s.name[:200])}"' for s in stated.statement.subjects[:3])
        message = f"line {stated.line} is about {others} with another sha256 than this file's"
        yield Finding(code="evidence-wrong-file", message=message)
    elif not any_name and all(s.name != name for s in named):
        message = f'it was signed as "{display(named[0].name[:200])}", not as "{display(name)}"'
        yield Finding(code="evidence-wrong-name", message=message)
    if not isinstance(stated.predicate, Release) and len(stated.statement.subjects) != 1:
        message = f"line {stated.line} is about several files, where it must be about one"
        yield Finding(code="evidence-contradicts", message=message)


def provenance_findings(stated: Sequence[Stated]) -> Iterator[Finding]:
    """Step 6: what the provenance says is what the certificate says."""
    for item in stated:
        if not isinstance(item.predicate, Provenance):
            continue
        said, identity = item.predicate, item.identity
        yield from _equal(item, "builder", said.builder_id, identity.build_signer_uri)
        yield from _equal(item, "run", said.invocation, identity.run_invocation_uri)
        yield from _source(item, said.repository, said.ref, said.commit_id)
        subject = item.statement.subjects[0].name
        if said.archive != subject:
            message = f'line {item.line} is about "{display(subject[:200])}", but states that it '
            message += f'is how "{display(said.archive[:200])}" was made'
            yield Finding(code="evidence-contradicts", message=message)


def _source(item: Stated, repository: str, ref: str, commit: str) -> Iterator[Finding]:
    identity = item.identity
    yield from _equal(item, "repository", repository, identity.source_repository_uri)
    yield from _equal(item, "ref", ref, identity.source_repository_ref)
    yield from _equal(item, "commit", commit, identity.source_repository_digest)


def _equal(item: Stated, what: str, said: str, certified: str | None) -> Iterator[Finding]:
    if said != certified:
        message = (
            f'line {item.line} states the {what} "{display(said[:200])}", but its certificate says '
            f'"{display(certified or "nothing")}"'
        )
        yield Finding(code="evidence-contradicts", message=message)


def together(
    stated: Sequence[Stated], listing: ArchiveListing, *, complete: bool = True
) -> Iterator[Finding]:
    """Step 7: every required statement is there, all of one run, and they agree.

    ``complete`` is false when a line could not be judged: what is missing may stand there.
    """
    for wanted, what in (
        (Provenance, "provenance"),
        (SourceContents, "contents"),
        (Release, "release"),
    ):
        if complete and not any(isinstance(item.predicate, wanted) for item in stated):
            message = f"there is no {what} statement"
            yield Finding(code="evidence-incomplete", message=message)
    for item in stated[1:]:
        yield from _same_run(item, stated[0])
    for item in stated:
        if isinstance(item.predicate, SourceContents):
            claim = item.predicate
            yield from _source(item, claim.repository, claim.ref, claim.commit_id)
        elif isinstance(item.predicate, Release):
            yield from _release(item, item.predicate)
    yield from _one_archive(stated, listing)


def _same_run(item: Stated, first: Stated) -> Iterator[Finding]:
    """One run has one identity: its certificates differ in nothing but key and time."""
    for field in fields(Identity):
        if getattr(item.identity, field.name) != getattr(first.identity, field.name):
            what = field.name.replace("_", " ")
            message = f"line {item.line} and line {first.line} differ in the {what}"
            yield Finding(code="evidence-mixed", message=message)


def _release(item: Stated, release: Release) -> Iterator[Finding]:
    yield from _source(item, release.repository, release.ref, release.commit_id)
    listed = {Subject(name=a.name, sha256=a.sha256) for a in release.archives}
    if listed != set(item.statement.subjects):
        message = f"line {item.line} lists other archives than it is about"
        yield Finding(code="evidence-contradicts", message=message)


def _one_archive(stated: Sequence[Stated], listing: ArchiveListing) -> Iterator[Finding]:
    """All lines are about one archive by one name, and all releases are one release."""
    releases = [item for item in stated if isinstance(item.predicate, Release)]
    about = [item for item in stated if not isinstance(item.predicate, Release)]
    names = {item.statement.subjects[0].name for item in about}
    if len(names) > 1:
        shown = ", ".join(f'"{display(name[:200])}"' for name in sorted(names)[:3])
        message = f"the statements about this file name it differently: {shown}"
        yield Finding(code="evidence-contradicts", message=message)
    for item in releases[1:]:
        if item.predicate != releases[0].predicate:
            message = f"line {item.line} and line {releases[0].line} are of different releases"
            yield Finding(code="evidence-contradicts", message=message)
    for item in releases:
        assert isinstance(item.predicate, Release)
        listed = [a for a in item.predicate.archives if a.sha256 == listing.sha256]
        if about and not any(archive.name in names for archive in listed):
            message = f"the release of line {item.line} names this file differently"
            yield Finding(code="evidence-contradicts", message=message)
        if any(_other_tar(archive.tar_sha256, listing) for archive in listed):
            message = f"line {item.line} states another sha256 of the uncompressed tar"
            yield Finding(code="evidence-contradicts", message=message)


def _other_tar(stated: str | None, listing: ArchiveListing) -> bool:
    """Whether a stated digest of the uncompressed tar is not the archive's.

    The file's own digest binds the tar too, so that of a compressed tar need not have been made.
    """
    if listing.tar_sha256 is None and listing.format.startswith("tar"):
        return False
    return stated != listing.tar_sha256


def release_versions(stated: Sequence[Stated], tag: str, version: str | None) -> Iterator[Finding]:
    """Step 10: a release states the version of its tag; without one, the tag itself.

    A slash of a tag is written as a dash there, since a version becomes part of files' names.
    """
    expected = version if version is not None else tag.replace("/", "-")
    for item in stated:
        if isinstance(item.predicate, Release) and item.predicate.version != expected:
            message = (
                f'line {item.line} states the version "{display(item.predicate.version[:200])}"'
            )
            message += f', but the tag stands for "{display(expected)}"'
            yield Finding(code="evidence-contradicts", message=message)
