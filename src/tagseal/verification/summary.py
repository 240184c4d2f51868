"""The words of a verdict: the last line, the notes that qualify it, and the proven facts.

The last line never says only "verified". It names the commit, and it says "accounted for" instead
of "from the tag" as soon as one file rests on anybody's word.
"""

from collections.abc import Sequence
from typing import Any

from tagseal.attest import Provenance
from tagseal.contents import Kind
from tagseal.core.listing import Mode
from tagseal.core.paths import display, to_json
from tagseal.core.verdict import Check, Outcome
from tagseal.policy import ContentsDecision, Ground
from tagseal.verification.judging import JudgedContents
from tagseal.verification.statements import Stated

__all__ = ["facts_of", "headline_of", "notes_of"]


def headline_of(
    name: str,
    checks: Sequence[Check],
    stated: Sequence[Stated],
    judged: Sequence[JudgedContents],
    *,
    proven: bool,
) -> str:
    """Return the one line that a person acts on."""
    shown = display(name)
    if not proven:
        failed = next((c for c in checks if c.outcome is Outcome.FAILED), None)
        if failed is not None:
            return f"NOT VERIFIED: {shown} failed step {failed.number} ({failed.title})"
        undecided = next((c for c in checks if c.outcome is Outcome.UNDECIDED), None)
        where = f" at step {undecided.number} ({undecided.title})" if undecided else ""
        return f"UNDECIDED: {shown} could not be judged{where}"
    identity = stated[0].identity
    tag = display((identity.source_repository_ref or "").removeprefix("refs/tags/"))
    commit = (identity.source_repository_digest or "")[:12]
    decision = _decision(judged)
    total = len(judged[0].proof.identical)
    word = sum(decision.count(e, Ground.REBUILT) for e in ("generated", "modified"))
    allowed = sum(d.ground is Ground.ALLOWED for d in decision.decided)
    if not word and not allowed:
        return (
            f"VERIFIED: {shown} is from the tag {tag}: {total} files are those of commit {commit}"
        )
    rests = [f"{word} on the builder's word"] if word else []
    rests += [f"{allowed} allowed by you"] if allowed else []
    return (
        f"VERIFIED: {shown} is accounted for: {total} files are those of commit {commit} "
        f"(tag {tag}), {' and '.join(rests)}"
    )


def _decision(judged: Sequence[JudgedContents]) -> ContentsDecision:
    decision = judged[0].decision
    assert decision is not None  # a verdict is proven only when every claim was decided
    return decision


def notes_of(stated: Sequence[Stated], judged: Sequence[JudgedContents]) -> tuple[str, ...]:
    """Return what qualifies a verdict: how each exception passed, and what was not checked."""
    decision, proof = _decision(judged), judged[0].proof
    notes = [f"judged as {_KINDS[proof.kind]}"]
    if judged[0].config_file:
        notes[0] += f", by the tag's own {judged[0].config_file}"
    for exception in ("generated", "modified", "relocated", "omitted"):
        counts = {g: decision.count(exception, g) for g in Ground if decision.count(exception, g)}
        if counts:
            parts = ", ".join(f"{count} {ground.value}" for ground, count in counts.items())
            notes.append(f"{sum(counts.values())} {exception}: {parts}")
    lfs = sum(m.transform == "lfs" for m in proof.modified)
    submodules = sum(o.entry.mode is Mode.SUBMODULE for o in proof.omitted)
    if lfs:
        notes.append(f"{lfs} files come from Git LFS")
    if submodules:
        notes.append(f"{submodules} submodules are not in the archive")
    notes += [
        f'{n.identical} files are of the submodule "{display(n.path)}" at commit {n.commit_id[:12]}'
        + ("" if n.repository_proven else f", said to be of {display(n.repository)}")
        for n in proof.nested
    ]
    notes += list(judged[0].notes)
    notes += [warning.sentence for warning in proof.warnings]
    reported = _reported_network(stated)
    if reported:
        notes.append(f"reported by the build: network {display(reported)}")
    if len(stated[0].identity.source_repository_digest or "") == 40:
        notes.append("the proof rests on SHA-1, the hash of this git repository")
    notes.append("whether the commit is on a reviewed branch was not checked")
    return tuple(notes)


_KINDS = {Kind.SOURCE: "a source archive", Kind.SDIST: "an sdist", Kind.WHEEL: "a wheel"}


def _reported_network(stated: Sequence[Stated]) -> str | None:

    for item in stated:
        if isinstance(item.predicate, Provenance):
            network = item.predicate.reported.get("network")
            return network if isinstance(network, str) else None
    return None


def facts_of(stated: Sequence[Stated], judged: Sequence[JudgedContents]) -> dict[str, Any]:
    """Return what was proven, as JSON data."""
    identity = stated[0].identity
    decision, proof = _decision(judged), judged[0].proof
    return {
        "repository": identity.source_repository_uri,
        "ref": identity.source_repository_ref,
        "commit": identity.source_repository_digest,
        "signer": identity.san,
        "issuer": identity.issuer,
        "repository_id": identity.source_repository_id,
        "owner_id": identity.source_owner_id,
        "signed": min(s.bundle.signed_time for s in stated).isoformat(),
        "kind": proof.kind.value,
        "mappings": [
            {"archive": to_json(m.archive), "tree": to_json(m.tree)} for m in proof.mappings
        ],
        "counts": {
            "identical": len(proof.identical),
            "generated": len(proof.generated),
            "modified": len(proof.modified),
            "relocated": len(proof.relocated),
            "omitted": len(proof.omitted),
        },
        "exceptions": [
            {
                "class": decided.exception,
                "path": to_json(decided.path),
                "ground": decided.ground.name.lower(),
                "detail": decided.detail,
            }
            for decided in decision.decided
        ],
    }
