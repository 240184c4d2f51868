"""Policies: what a consumer demands of evidence, and what a consumer allows in an archive.

A `Policy` comes from the person who verifies and never from what is being judged. `IssuerProfile`
says how an issuer's certificates are read. `decide_contents` gives every exception of a proven
archive its ground, or a finding.

>>> from tagseal.policy import GITHUB, Policy, profile_of
>>> profile_of("https://token.actions.githubusercontent.com") is GITHUB
True
>>> profile_of("https://token.actions.githubusercontent.com/") is None
True
>>> Policy(repository="owner/name").allow.generated
()
"""

from tagseal.policy.contents import ContentsDecision, Decided, Ground, decide_contents
from tagseal.policy.model import PATTERN_FIELDS, Allowances, Policy
from tagseal.policy.profiles import (
    GITHUB,
    PROFILES,
    REHEARSAL,
    REHEARSAL_ISSUER,
    REHEARSAL_SIGNER,
    IssuerProfile,
    profile_of,
)

__all__ = [
    "GITHUB",
    "PATTERN_FIELDS",
    "PROFILES",
    "REHEARSAL",
    "REHEARSAL_ISSUER",
    "REHEARSAL_SIGNER",
    "Allowances",
    "ContentsDecision",
    "Decided",
    "Ground",
    "IssuerProfile",
    "Policy",
    "decide_contents",
    "profile_of",
]
