"""Verifying a download: reading the files, checking the signatures, and asking the steps."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tagseal.archives import open_archive
from tagseal.attest import CONTENTS_TYPE, Statement, parse_contents
from tagseal.contents import Exceptions, Kind, SourceContents, guess_kind
from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import StatementError, TagsealError, UsageError
from tagseal.core.listing import ArchiveListing
from tagseal.core.paths import display
from tagseal.core.verdict import Verdict
from tagseal.evidence import EVIDENCE_SUFFIX, ParsedBundle, VerifiedBundle, read_evidence
from tagseal.policy import Policy
from tagseal.signing import BundleVerifier, Trust
from tagseal.verification import Verification
from tagseal.workflows.files import read_limited
from tagseal.workflows.keeping import keep_small

__all__ = ["evidence_path", "verify_archive"]

_EVIDENCE_LIMIT = 64 * 1024 * 1024


def evidence_path(archive: Path) -> Path:
    """Return where an archive's evidence is expected: beside it, with ``.intoto.jsonl`` added."""
    return archive.with_name(archive.name + EVIDENCE_SUFFIX)


def verify_archive(
    archive: Path,
    *,
    policy: Policy,
    trust: Trust,
    evidence: Path | None = None,
    collision_detection: bool = False,
) -> Verdict:
    """Return the verdict on one archive. Nothing but the named files is read; no network is used.

    ``collision_detection`` looks for traces of SHA-1 collisions in every file. What cannot be read
    or decided is part of the verdict; UsageError where the archive is a folder.
    """
    if archive.is_dir():
        message = "this is a folder; name the archives in it"
        hint = "A release's own folder, as `tagseal build` makes it, is verified with --release."
        raise UsageError("usage", message, where=display(str(archive)), hint=hint)
    parsed = _read_evidence(evidence or evidence_path(archive))
    listing = _read_archive(archive, parsed, policy, collision_detection)
    verification = Verification(
        name=archive.name, policy=policy, trust=trust.source, is_rehearsal=trust.is_rehearsal
    )
    verification.archive(listing)
    if not verification.going_on:
        return verification.verdict()
    verification.evidence(parsed)
    if not isinstance(parsed, TagsealError) and verification.going_on:
        verifier = BundleVerifier(trust)
        verification.signatures([_verified(verifier, bundle) for bundle in parsed])
        verification.contents()
        verification.thresholds()
        verification.version()
    return verification.verdict()


def _read_evidence(path: Path) -> tuple[ParsedBundle, ...] | TagsealError:
    if not path.exists():
        message = f"there is no {display(str(path))}"
        return TagsealError("evidence-missing", message)
    try:
        return read_evidence(read_limited(path, _EVIDENCE_LIMIT))
    except TagsealError as error:
        return error


def _read_archive(
    archive: Path,
    parsed: tuple[ParsedBundle, ...] | TagsealError,
    policy: Policy,
    collision_detection: bool,
) -> ArchiveListing | TagsealError:
    """Read the archive once, by what the unverified claims say is needed of it.

    The claims are hints: a wrong object format, or a digest that no claim asked for, can only make
    the proof fail.
    """
    bundles = () if isinstance(parsed, TagsealError) else parsed
    claims = [claim for bundle in bundles if (claim := _claim(bundle)) is not None]
    try:
        return open_archive(
            archive,
            object_format=ObjectFormat.of(claims[0].commit_id) if claims else ObjectFormat.SHA1,
            keep=keep_small,
            sha256_of=_sha256_wanted(archive.name, claims, policy),
            tar_digest=policy.identical_sha256,
            collision_detection=collision_detection,
        )
    except TagsealError as error:
        return error


def _sha256_wanted(
    name: str, claims: Sequence[SourceContents], policy: Policy
) -> Callable[[bytes], bool]:
    """Return which members need a sha256: those that a claim lists one for.

    A wheel's RECORD has one for each, and the digest over the identical files is over all of them.
    """
    is_wheel = (policy.kind or guess_kind(name)) is Kind.WHEEL
    if policy.identical_sha256 or is_wheel:
        return lambda _: True
    listed = {path for claim in claims for path in _listed(claim.exceptions)}
    return listed.__contains__


def _listed(exceptions: Exceptions) -> Iterator[bytes]:
    yield from (file.path for file in exceptions.generated)
    yield from (file.path for file in exceptions.modified)
    for nested in exceptions.nested:
        yield from _listed(nested.exceptions)


def _claim(bundle: ParsedBundle) -> SourceContents | None:
    try:
        statement = Statement.parse(bundle.payload or b"")
        if statement.predicate_type == CONTENTS_TYPE:
            return parse_contents(statement.predicate)
    except StatementError:
        pass
    return None


def _verified(verifier: BundleVerifier, bundle: ParsedBundle) -> VerifiedBundle | TagsealError:
    try:
        return verifier.verify(bundle)
    except TagsealError as error:
        return error
