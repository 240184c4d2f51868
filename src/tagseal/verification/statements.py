"""Steps 4, 6 and 7: what the verified bundles state, and that it belongs together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from tagseal.core.paths import display
from tagseal.evidence.model import VerifiedBundle

__all__ = ["Stated", "provenance_findings", "read_statement", "subject_findings", "together"]

_RUN_FIELDS = (
    "issuer",
    "build_signer_uri",
    "build_signer_digest",
    "source_repository_uri",
    "source_repository_digest",
    "source_repository_ref",
    "run_invocation_uri",
)


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
    where = f"line {bundle.bundle.line}"
    if bundle.payload_type != PAYLOAD_TYPE:
        message = f'the payload is of the type "{display(bundle.payload_type)}"'
        raise StatementError("statement-unsupported", message, where=where)
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
        raise StatementError("statement-unsupported", message, where=where)
    return Stated(bundle=bundle, statement=statement, predicate=predicate)


def subject_findings(
    stated: Stated, name: str, sha256: str, *, any_name: bool
) -> Iterator[Finding]:
    """Step 4: our digest is among the subjects, under the file's name."""
    named = [s for s in stated.statement.subjects if s.sha256 == sha256]
    if not named:
        others = ", ".join(f'"{display(s.name)}"' for s in stated.statement.subjects[:3])
        message = f"line {stated.line} is about {others} with another sha256 than this file's"
        yield Finding(code="evidence-wrong-file", message=message)
    elif not any_name and all(s.name != name for s in named):
        message = f'it was signed as "{display(named[0].name)}", not as "{display(name)}"'
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
        yield from _equal(item, "archive", said.archive, item.statement.subjects[0].name)


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


def together(stated: Sequence[Stated], sha256: str) -> Iterator[Finding]:
    """Step 7: every required statement is there, all of one run, and they agree."""
    for wanted, what in (
        (Provenance, "provenance"),
        (SourceContents, "contents"),
        (Release, "release"),
    ):
        if not any(isinstance(item.predicate, wanted) for item in stated):
            message = f"there is no {what} statement"
            yield Finding(code="evidence-incomplete", message=message)
    first = stated[0].identity if stated else None
    for item in stated[1:]:
        for field in _RUN_FIELDS:
            if getattr(item.identity, field) != getattr(first, field):
                what = field.replace("_", " ")
                message = f"line {item.line} and line {stated[0].line} differ in the {what}"
                yield Finding(code="evidence-mixed", message=message)
    for item in stated:
        if isinstance(item.predicate, SourceContents):
            claim = item.predicate
            yield from _source(item, claim.repository, claim.ref, claim.commit_id)
        elif isinstance(item.predicate, Release):
            yield from _release(item, item.predicate, sha256)


def _release(item: Stated, release: Release, sha256: str) -> Iterator[Finding]:
    yield from _source(item, release.repository, release.ref, release.commit_id)
    listed = {Subject(name=a.name, sha256=a.sha256) for a in release.archives}
    if listed != set(item.statement.subjects):
        message = f"line {item.line} lists other archives than it is about"
        yield Finding(code="evidence-contradicts", message=message)
    if all(archive.sha256 != sha256 for archive in release.archives):
        message = f"the release of line {item.line} does not list this archive"
        yield Finding(code="evidence-wrong-file", message=message)
