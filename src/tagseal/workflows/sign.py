"""Signing a release: exactly the stated bytes, and only when they are this run's to sign."""

from pathlib import Path

from tagseal.attest import Provenance, Release, Statement, parse_contents
from tagseal.ci import CiRun
from tagseal.core.errors import TagsealError
from tagseal.core.paths import display
from tagseal.evidence import EVIDENCE_SUFFIX, format_evidence
from tagseal.signing import StatementSigner, Trust
from tagseal.workflows.files import write_whole
from tagseal.workflows.folder import ReleaseFolder
from tagseal.workflows.state import Statements
from tagseal.workflows.types import Progress

__all__ = ["PROVENANCE_BUNDLE_SUFFIX", "sign_release"]

PROVENANCE_BUNDLE_SUFFIX = ".sigstore.json"


def sign_release(
    folder: ReleaseFolder,
    statements: Statements,
    *,
    trust: Trust,
    run: CiRun,
    consent: bool,
    progress: Progress,
) -> list[Path]:
    """Sign every statement and write each archive's evidence; return the evidence files.

    Before the first signature every statement is held against the archives' digests and against
    what the CI says about this run. Evidence is written only when all is signed.
    """
    require_own_claims(folder, statements, run)
    bundles: dict[str, tuple[bytes, bytes]] = {}
    with StatementSigner(trust, consent=consent) as signer:
        for name, (provenance, contents) in statements.archives.items():
            progress(f"signing the statements about {display(name)}")
            bundles[name] = (signer.sign(provenance), signer.sign(contents))
        release = signer.sign(statements.release)
    written = []
    for name, (provenance, contents) in bundles.items():
        evidence = folder.path / (name + EVIDENCE_SUFFIX)
        write_whole(evidence, format_evidence([provenance, contents, release]))
        write_whole(folder.path / (name + PROVENANCE_BUNDLE_SUFFIX), provenance + b"\n")
        written.append(evidence)
    return written


def require_own_claims(folder: ReleaseFolder, statements: Statements, run: CiRun) -> None:
    """Raise unless all statements are about these archives and about the source of this run."""
    digests = {record.name: record.sha256 for record in folder.archives}
    for name, payloads in statements.archives.items():
        for payload in payloads:
            statement = Statement.parse(payload)
            subjects = {subject.name: subject.sha256 for subject in statement.subjects}
            if subjects != {name: digests[name]}:
                raise _differs(f"a statement is not about {display(name)} as it was built")
    provenances = [Provenance.parse(_predicate(p)) for p, _ in statements.archives.values()]
    claims = [parse_contents(_predicate(c)) for _, c in statements.archives.values()]
    release = Release.parse(_predicate(statements.release))
    if {a.name: a.sha256 for a in release.archives} != digests:
        raise _differs("the release statement lists other archives than were built")
    sources = {(p.repository, p.ref, p.commit_id) for p in provenances}
    sources |= {(c.repository, c.ref, c.commit_id) for c in claims}
    sources.add((release.repository, release.ref, release.commit_id))
    if len(sources) != 1:
        raise _differs("the statements name different sources")
    said = dict(zip(("repository", "ref", "commit"), sources.pop(), strict=True))
    token = {"repository": run.repository_uri, "ref": run.ref, "commit": run.sha}
    for what, value in token.items():
        if value is not None and said[what] != value:
            raise _differs(
                f'the statements name the {what} "{display(said[what])}", but this run is of '
                f'"{display(value)}"'
            )


def _predicate(payload: bytes) -> object:
    return Statement.parse(payload).predicate


def _differs(message: str) -> TagsealError:
    return TagsealError("release-claims-differ", message)
