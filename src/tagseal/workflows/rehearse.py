"""The whole release on this machine: built, compared, stated, signed, and verified.

Everything is as in a real release but the Sigstore, which is embedded and gone afterwards, and the
tag, which may be one that only the rehearsal sees. What a consumer would have to allow is worked
out and said; it is never allowed silently.
"""

import base64
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import tagseal
from tagseal.ci import as_job, current
from tagseal.contents import SourceContents
from tagseal.core.paths import display
from tagseal.core.verdict import Verdict
from tagseal.evidence import EVIDENCE_SUFFIX
from tagseal.policy import PATTERN_FIELDS, REHEARSAL_SIGNER, Allowances, Policy
from tagseal.rehearsal import EmbeddedSigstore, Workload
from tagseal.signing import load_trust
from tagseal.workflows.account import Accounted
from tagseal.workflows.build import build_release, rebuild_release
from tagseal.workflows.files import new_folder, write_whole
from tagseal.workflows.gate import GateResult
from tagseal.workflows.sign import sign_release
from tagseal.workflows.source import ReleaseSource, rehearsal_source
from tagseal.workflows.state import (
    Run,
    account_release,
    gate_release,
    not_accounted,
    state_release,
)
from tagseal.workflows.types import Clock, Progress
from tagseal.workflows.verify import verify_archive

__all__ = ["Rehearsal", "RehearsedArchive", "rehearse"]

TRUST_CONFIG = "trust_config.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedArchive:
    """One archive of a rehearsal: what it holds, what a consumer must allow, and the verdict."""

    path: Path
    evidence: Path
    sha256: str
    counts: dict[str, int]
    proof_size: int
    """Bytes of the contents statement."""
    objects_size: int
    """Bytes of it that are the raw git objects, in base64."""
    gate: GateResult
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A finished rehearsal. Paths are below the folder that the user named."""

    folder: Path
    trust_config: Path
    source_uri: str
    slug: str
    tag: str
    ephemeral: bool
    commit: str
    version: str
    allow: Allowances
    """What a consumer has to allow for all of the archives to be verified."""
    archives: tuple[RehearsedArchive, ...]
    warnings: tuple[str, ...]


def rehearse(
    repository: Path,
    *,
    tag: str | None,
    out: Path | None,
    slug: str | None = None,
    progress: Progress,
    clock: Clock,
) -> Rehearsal:
    """Rehearse a release of a repository.

    Nothing is left behind unless all of it was built, accounted for and signed; then ``out`` has
    archives, evidence and trust config, and each archive's verdict says whether it was verified.
    Without ``out`` a new folder below the current one is used. ``slug`` is the repository's
    ``OWNER/NAME``; without it the configuration or the remote says it.
    """
    with rehearsal_source(repository, tag, slug=slug) as source:
        if tag is None:
            # Always: to see whether it matters, git would run what the repository configures.
            progress("HEAD is rehearsed; uncommitted changes are not part of it")
        for warning in source.warnings:
            progress(f"warning: {warning}")
        how = "an ephemeral tag that only this rehearsal sees" if source.ephemeral else "the tag"
        progress(f"{how}: {display(source.tag.name)}, at commit {source.tag.commit}")
        destination = out or _fresh_name(f"rehearsal-{source.name}-{source.version}")
        with new_folder(destination) as partial:
            rehearsed = _rehearse(source, partial, progress=progress, clock=clock)
            (partial / "release.json").unlink()
        return _settled(rehearsed, partial, destination)


def _fresh_name(stem: str) -> Path:
    safe = "".join(c if c.isalnum() or c in "._-" else "-" for c in stem)
    candidate, number = Path(safe), 2
    while candidate.exists():
        candidate, number = Path(f"{safe}-{number}"), number + 1
    return candidate


def _rehearse(
    source: ReleaseSource, folder_path: Path, *, progress: Progress, clock: Clock
) -> Rehearsal:
    folder = build_release(source, folder_path, progress=progress, clock=clock)
    progress("building everything a second time")
    folder = rebuild_release(folder, source, progress=progress, clock=clock)
    accounted = account_release(folder, source, progress=progress)
    gates = gate_release(folder, source, accounted)
    for item, result in zip(accounted, gates, strict=True):
        if result.blocking:
            raise not_accounted(item, result.blocking)
    workload = _workload(source)
    with EmbeddedSigstore(workload) as sigstore:
        progress("signing with an embedded Sigstore; nothing leaves this machine")
        identity = sigstore.identity()
        run = Run(
            builder_id=identity.build_signer_uri or "", invocation=identity.run_invocation_uri or ""
        )
        statements = state_release(folder, source, accounted, run)
        write_whole(folder_path / TRUST_CONFIG, sigstore.trust_config())
        trust = load_trust(folder_path / TRUST_CONFIG)
        with as_job(sigstore.environment()):
            sign_release(
                folder, statements, trust=trust, run=current(), consent=False, progress=progress
            )
    allow = _together([result.needed for result in gates])
    policy = Policy(repository=source.slug, tag=source.tag.name, allow=allow)
    archives = []
    for item, result in zip(accounted, gates, strict=True):
        progress(f"verifying {display(item.path.name)} as a consumer would")
        verdict = verify_archive(item.path, policy=policy, trust=trust)
        archives.append(_archive(item, result, verdict, statements.archives[item.path.name][1]))
    return Rehearsal(
        folder=folder_path,
        trust_config=folder_path / TRUST_CONFIG,
        source_uri=source.uri,
        slug=source.slug,
        tag=source.tag.name,
        ephemeral=source.ephemeral,
        commit=source.tag.commit,
        version=source.version,
        allow=allow,
        archives=tuple(archives),
        warnings=source.warnings,
    )


def _workload(source: ReleaseSource) -> Workload:
    """Return the run that the rehearsal pretends to be; ids are numbers made from the names."""
    signer = REHEARSAL_SIGNER.removeprefix("https://github.com/")
    return Workload(
        repository=source.slug,
        repository_id=_number(source.slug),
        owner_id=_number(source.slug.partition("/")[0]),
        ref=source.tag.ref,
        commit=source.tag.commit,
        signer_workflow=f"{signer}@refs/tags/v{tagseal.__version__}",
    )


def _number(name: str) -> str:
    return str(int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big"))


def _archive(
    item: Accounted, result: GateResult, verdict: Verdict, contents: bytes
) -> RehearsedArchive:
    return RehearsedArchive(
        path=item.path,
        evidence=item.path.with_name(item.path.name + EVIDENCE_SUFFIX),
        sha256=item.listing.sha256,
        counts=item.account.counts,
        proof_size=len(contents),
        objects_size=_objects_size(item.claim) if item.claim else 0,
        gate=result,
        verdict=verdict,
    )


def _objects_size(claim: SourceContents) -> int:
    return sum(len(base64.b64encode(raw)) for raw in (claim.commit, *claim.tags))


def _together(parts: list[Allowances]) -> Allowances:
    return Allowances.of(
        {name: [p for part in parts for p in part.patterns()[name]] for name in PATTERN_FIELDS}
    )


def _settled(rehearsal: Rehearsal, partial: Path, destination: Path) -> Rehearsal:
    """Return the rehearsal with its paths where the folder is now."""

    def moved(path: Path) -> Path:
        return destination / path.relative_to(partial)

    return replace(
        rehearsal,
        folder=destination,
        trust_config=moved(rehearsal.trust_config),
        archives=tuple(
            replace(a, path=moved(a.path), evidence=moved(a.evidence)) for a in rehearsal.archives
        ),
    )
