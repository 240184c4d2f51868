"""Comparing any archive, signed or not, with a tag: what is in it that is not in that commit?"""

from dataclasses import dataclass, replace
from pathlib import Path

from tagseal.contents import Kind, SourceContents
from tagseal.core.errors import UsageError
from tagseal.core.finding import Finding
from tagseal.core.paths import display
from tagseal.policy import Allowances, Decided, Ground, Policy
from tagseal.verification import JudgedContents, judge_claim
from tagseal.workflows.account import Accounted, account_archive
from tagseal.workflows.source import ReleaseSource, open_source

__all__ = ["Comparison", "compare_archive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An archive against a tag: the partition, and what explains each difference."""

    accounted: Accounted
    judged: JudgedContents | None
    """None where members of another type than the tree's entry leave nothing to judge."""
    tag: str
    commit: str
    warnings: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every difference that nothing explains; the archive is the tag's when there is none."""
        return self.judged.findings if self.judged is not None else self.accounted.conflicts


def compare_archive(
    archive: Path, repository: Path, tag: str, *, allow: Allowances, kind: Kind | None
) -> Comparison:
    """Compare an archive with a tag of a repository; no evidence is needed.

    The same rules decide as when a consumer verifies, but for two: any single top folder is
    accepted, since an unsigned archive's name promises nothing; and a file that the tag's
    configuration declares as generated is explained by that, since no evidence says who built it.
    """
    if archive.is_dir():
        message = "this is a folder; name one archive"
        hint = "A release's own folder, as `tagseal build` makes it, is compared with --release."
        raise UsageError("usage", message, where=display(str(archive)), hint=hint)
    with open_source(repository, tag) as source:
        accounted = account_archive(archive, source)
        judged = None
        if accounted.claim is not None:
            judged = _judged(accounted, accounted.claim, source, allow, kind)
        return Comparison(
            accounted=accounted,
            judged=judged,
            tag=tag,
            commit=source.tag.commit,
            warnings=source.version_warnings,
        )


def _judged(
    accounted: Accounted,
    claim: SourceContents,
    source: ReleaseSource,
    allow: Allowances,
    kind: Kind | None,
) -> JudgedContents:
    mappings = (*allow.mappings, *claim.mappings)
    policy = Policy(repository=source.slug, kind=kind, allow=replace(allow, mappings=mappings))
    # Whether a declared file was built twice only evidence says, and here there is none; so the
    # declaration is enough, and what is said of such a file is put into honest words below.
    judged = judge_claim(accounted.listing, claim, policy, rebuilt="same-contents")
    if judged.decision is None:
        return judged
    decided = tuple(map(_only_declared, judged.decision.decided))
    return replace(judged, decision=replace(judged.decision, decided=decided))


def _only_declared(decided: Decided) -> Decided:
    if decided.ground is not Ground.REBUILT:
        return decided
    detail = "declared in the tagged commit; nothing shows who made it"
    return replace(decided, ground=Ground.DECLARED, detail=detail)
