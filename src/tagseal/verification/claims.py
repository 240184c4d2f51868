"""Step 8: the contents proof of every contents statement."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tagseal.attest import Rebuilt, Release
from tagseal.contents import SourceContents
from tagseal.core.listing import ArchiveListing
from tagseal.policy import Policy
from tagseal.verification.judging import JudgedContents, judge_claim
from tagseal.verification.statements import Stated

__all__ = ["judge_contents"]

_WEAKEST_FIRST: tuple[Rebuilt, ...] = ("not-rebuilt", "same-contents", "same-bytes")


def judge_contents(
    listing: ArchiveListing, stated: Sequence[Stated], policy: Policy
) -> list[JudgedContents]:
    """Judge every contents statement; one that fails is enough to refuse the archive.

    Where the policy does not demand the file's name, the name that was signed decides how it is
    read, so that whoever renames the file has no say in it.
    """
    judged: dict[bytes, JudgedContents] = {}
    for item in stated:
        if isinstance(item.predicate, SourceContents) and item.bundle.payload not in judged:
            name = item.statement.subjects[0].name if policy.any_name else listing.name
            rebuilt = _rebuilt(stated, listing.sha256)
            judged[item.bundle.payload] = judge_claim(
                replace(listing, name=name), item.predicate, policy, rebuilt=rebuilt
            )
    return list(judged.values())


def _rebuilt(stated: Iterable[Stated], sha256: str) -> Rebuilt:
    """Return the weakest that any release statement says of this file, under whatever name."""
    said = {
        archive.rebuilt
        for item in stated
        if isinstance(item.predicate, Release)
        for archive in item.predicate.archives
        if archive.sha256 == sha256
    }
    return next((rebuilt for rebuilt in _WEAKEST_FIRST if rebuilt in said), "not-rebuilt")
