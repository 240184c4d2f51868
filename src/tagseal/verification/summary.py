"""The words of a verdict: the last line, the notes that qualify it, and the proven facts.

The last line never says only "verified". It names the tag and the commit, and it says "accounted
for" instead of "from the tag" as soon as anything rests on somebody's word: the builder's, or that
of whoever verifies. A rehearsal says that it is one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tagseal.attest import Provenance, Release
from tagseal.contents import Kind, PathMapping, SourceContents
from tagseal.core.listing import Mode
from tagseal.core.paths import display, to_json
from tagseal.core.verdict import Check, Outcome
from tagseal.policy import ContentsDecision, Decided, Ground, Policy
from tagseal.verification.judging import JudgedContents
from tagseal.verification.statements import Stated

__all__ = ["Proven", "facts_of", "headline_of", "notes_of", "refusal_of"]

_CLASSES = ("generated", "modified", "relocated", "dereferenced", "omitted")
_KINDS = {Kind.SOURCE: "a source archive", Kind.SDIST: "an sdist", Kind.WHEEL: "a wheel"}
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What all ten steps passed for. The contents were judged, and every claim was decided."""

    name: str
    stated: Sequence[Stated]
    judged: Sequence[JudgedContents]
    policy: Policy
    is_rehearsal: bool

    @property
    def weakest(self) -> JudgedContents:
        """The claim that rests most on anybody's word: all are true, so it is the one to show."""
        return max(self.judged, key=lambda judged: self.word(judged) + self.allowed(judged))

    @property
    def decision(self) -> ContentsDecision:
        """What was decided of every exception of that claim."""
        return _decision(self.weakest)

    @property
    def tag(self) -> str:
        """The tag's name, for display."""
        ref = self.stated[0].identity.source_repository_ref or ""
        return display(ref.removeprefix("refs/tags/"))

    @property
    def commit(self) -> str:
        """The commit's id."""
        return self.stated[0].identity.source_repository_digest or ""

    def word(self, judged: JudgedContents) -> int:
        """Return how many files rest on the builder's word."""
        return sum(_decision(judged).count(exception, Ground.REBUILT) for exception in _CLASSES)

    def allowed(self, judged: JudgedContents) -> int:
        """Return how many things pass only because the person who verifies allows them."""
        decision = _decision(judged)
        exceptions = sum(decision.count(exception, Ground.ALLOWED) for exception in _CLASSES)
        mappings = len(set(self.policy.allow.mappings) & set(judged.proof.mappings))
        return exceptions + len(decision.waived) + mappings


def _decision(judged: JudgedContents) -> ContentsDecision:
    assert judged.decision is not None  # a claim that was not decided has findings
    return judged.decision


def refusal_of(name: str, checks: Sequence[Check]) -> str:
    """Return the last line for an archive that is not verified."""
    shown = display(name)
    failed = next((c for c in checks if c.outcome is Outcome.FAILED), None)
    if failed is not None:
        return f"NOT VERIFIED: {shown} failed step {failed.number} ({failed.title})"
    undecided = next((c for c in checks if c.outcome is Outcome.UNDECIDED), None)
    where = f" at step {undecided.number} ({undecided.title})" if undecided else ""
    return f"UNDECIDED: {shown} could not be judged{where}"


def headline_of(proven: Proven) -> str:
    """Return the last line for an archive that is verified."""
    decision, proof = proven.decision, proven.weakest.proof
    word, allowed = proven.word(proven.weakest), proven.allowed(proven.weakest)
    source = "accounted for" if word or allowed else f"from the tag {proven.tag}"
    of = f"commit {proven.commit[:12]}" + (f" (tag {proven.tag})" if word or allowed else "")
    parts = [f"{_those(len(proof.identical), 'file')} of {of}"]
    if nested := sum(n.identical for n in proof.nested):
        parts.append(f"{_those(nested)} of its submodules")
    if recomputed := sum(decision.count(e, Ground.RECOMPUTED) for e in _CLASSES):
        parts.append(f"{_are(recomputed)} recomputed from it")
    if known := sum(decision.count(e, Ground.KNOWN) for e in _CLASSES):
        parts.append(f"{known} {'is a known helper' if known == 1 else 'are known helpers'}")
    if word:
        parts.append(f"{_are(word)} on the builder's word")
    if allowed:
        things = "thing is" if allowed == 1 else "things are"
        parts.append(f"{allowed} {things} allowed by you")
    parts += _left_out(decision)
    but = "; but only in a rehearsal, which anybody can hold" if proven.is_rehearsal else ""
    return f"VERIFIED: {display(proven.name)} is {source}: {', '.join(parts)}{but}"


def _left_out(decision: ContentsDecision) -> Iterator[str]:
    """Say what of the commit the archive lacks; what every archive of its kind lacks, as a number.

    The shortest of the two is never silence: leaving out a guard is a change too.
    """
    omitted = [d for d in decision.decided if d.exception == "omitted"]
    named = [d for d in omitted if d.ground is not Ground.CUSTOMARY]
    if named:
        yield f"{len(named)} left out: {_named(named)}"
    if customary := len(omitted) - len(named):
        yield f"{customary} customarily left out"


def _are(count: int) -> str:
    return f"{count} is" if count == 1 else f"{count} are"


def _those(count: int, what: str = "") -> str:
    noun = f" {what}" if what else ""
    return f"1{noun} is that" if count == 1 else f"{count}{noun and noun + 's'} are those"


def notes_of(proven: Proven) -> tuple[str, ...]:
    """Return what qualifies a verdict: how each exception passed, and what was not checked."""
    judged, proof = proven.weakest, proven.weakest.proof
    return (
        *_how_judged(proven),
        *_exceptions(proven.decision),
        *(f"allowed by you: {finding.sentence}" for finding in proven.decision.waived),
        *_layout(proof.mappings, proven),
        *_submodules_and_lfs(proven),
        *judged.notes,
        *(warning.sentence for warning in proof.warnings),
        *_release(proven.stated),
        *_reported_network(proven.stated),
        *_unchecked(proven),
    )


def _how_judged(proven: Proven) -> Iterator[str]:
    judged = proven.weakest
    by = f", with the tag's own {judged.config_file}" if judged.config_file else ""
    yield f"judged as {_KINDS[judged.proof.kind]} {judged.kind_because}{by}"
    claims = (s.statement for s in proven.stated if isinstance(s.predicate, SourceContents))
    signed = next(claims).subjects[0].name
    if signed != proven.name:
        yield f'it was signed under the name "{display(signed)}", which you did not demand'


def _exceptions(decision: ContentsDecision) -> Iterator[str]:
    for exception in _CLASSES:
        for ground in Ground:
            same = [d for d in decision.decided if (d.exception, d.ground) == (exception, ground)]
            if same:
                yield f"{len(same)} {exception}, {ground.value}: {_named(same)}"


def _named(decided: Sequence[Decided]) -> str:
    names = ", ".join(f'"{display(d.path)}"' for d in decided[:_MOST_NAMED])
    more = len(decided) - _MOST_NAMED
    return f"{names} and {more} more" if more > 0 else names


def _layout(mappings: Sequence[PathMapping], proven: Proven) -> Iterator[str]:
    allowed = proven.policy.allow.mappings
    if proven.weakest.proof.kind is not Kind.WHEEL and not set(mappings) & set(allowed):
        return  # the top folder stands for the root: the only layout that there is
    for mapping in mappings:
        tree = f'"{display(mapping.tree)}"' if mapping.tree else "the root"
        by = ", which you allow" if mapping in allowed else ""
        yield f'"{display(mapping.archive)}" stands for {tree} of the tagged tree{by}'


def _submodules_and_lfs(proven: Proven) -> Iterator[str]:
    proof = proven.weakest.proof
    if lfs := sum(m.transform == "lfs" for m in proof.modified):
        files = "file is" if lfs == 1 else "files are"
        yield f"{lfs} {files} from Git LFS, by the digest that the commit has"
    if submodules := sum(o.entry.mode is Mode.SUBMODULE for o in proof.omitted):
        some = "submodule of the commit is" if submodules == 1 else "submodules of the commit are"
        yield f"{submodules} {some} not in the archive"
    for nested in proof.nested:
        whose = "" if nested.repository_proven else ", said to be"
        yield (
            f'{_those(nested.identical, "file")} of the submodule "{display(nested.path)}" '
            f"at commit {nested.commit_id[:12]}{whose} of {display(nested.repository)}"
        )


def _release(stated: Sequence[Stated]) -> Iterator[str]:
    releases = (item.predicate for item in stated if isinstance(item.predicate, Release))
    for release in dict.fromkeys(releases):
        names = ", ".join(f'"{display(a.name)}"' for a in release.archives[:_MOST_NAMED])
        more = len(release.archives) - _MOST_NAMED
        yield f"the whole release is {names}" + (f" and {more} more" if more > 0 else "")


def _reported_network(stated: Sequence[Stated]) -> Iterator[str]:
    provenances = (item.predicate for item in stated if isinstance(item.predicate, Provenance))
    reported = (provenance.reported.get("network") for provenance in provenances)
    for network in dict.fromkeys(r for r in reported if isinstance(r, str)):
        yield f"reported by the build: network {display(network[:200])}"


def _unchecked(proven: Proven) -> Iterator[str]:
    if len(proven.commit) == 40:
        yield "the proof rests on SHA-1, the hash of this git repository"
    yield "whether the commit is on a reviewed branch was not checked"
    if proven.is_rehearsal:
        yield "this is a rehearsal: its signatures do not say who made the file"


def facts_of(proven: Proven) -> dict[str, Any]:
    """Return what was proven, as JSON data."""
    identity, proof = proven.stated[0].identity, proven.weakest.proof
    return {
        "repository": identity.source_repository_uri,
        "ref": identity.source_repository_ref,
        "commit": identity.source_repository_digest,
        "signer": identity.san,
        "issuer": identity.issuer,
        "repository_id": identity.source_repository_id,
        "owner_id": identity.source_owner_id,
        "signed": min(s.bundle.signed_time for s in proven.stated).isoformat(),
        "rehearsal": proven.is_rehearsal,
        "kind": proof.kind.value,
        "mappings": [
            {"archive": to_json(m.archive), "tree": to_json(m.tree)} for m in proof.mappings
        ],
        "counts": {
            "identical": len(proof.identical),
            "generated": len(proof.generated),
            "modified": len(proof.modified),
            "relocated": len(proof.relocated),
            "dereferenced": len(proof.dereferenced),
            "omitted": len(proof.omitted),
        },
        "exceptions": [
            {
                "class": decided.exception,
                "path": to_json(decided.path),
                "ground": decided.ground.name.lower(),
                "detail": decided.detail,
            }
            for decided in proven.decision.decided
        ],
        "waived": [finding.as_json() for finding in proven.decision.waived],
        "submodules": [
            {
                "path": to_json(nested.path),
                "commit": nested.commit_id,
                "repository": nested.repository,
                "repository_proven": nested.repository_proven,
                "identical": nested.identical,
            }
            for nested in proof.nested
        ],
    }
