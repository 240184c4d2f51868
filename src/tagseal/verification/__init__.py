"""Verification: ten numbered steps from an archive, its evidence and a policy to a verdict.

======  ================  =========================================================================
step    title             passes when
======  ================  =========================================================================
1       archive           the strict reader read all of it, in one pass through one descriptor
2       evidence          every bundle was parsed, under limits
3       signatures        signature, certificate chain, SCT, log inclusion and time hold for each
4       statements        each is an in-toto statement of a known type about exactly this file
5       identity          issuer, repository, signer, ref, trigger and runner are what is demanded
6       provenance        builder, source, commit and run are those of the certificate
7       one release       provenance, contents and release are there, of one run, and agree
8       contents          the tree proof holds, and the policy accepts every exception
9       thresholds        enough distinct builders agree
10      version           the tag that was asked for is proven, and the release is of its version
======  ================  =========================================================================

A step that fails stops the later ones. A line of the evidence that cannot be judged (an issuer or a
predicate that is not known) keeps the verdict from "verified", but does not stop the others from
being judged: what is wrong is found all the same. Everything here is a pure function of its
arguments; reading files and checking signatures is `tagseal.workflows.verify`'s part.

>>> from tagseal.core.errors import ArchiveError
>>> from tagseal.policy import Policy
>>> from tagseal.verification import Verification
>>> policy = Policy(repository="o/t")
>>> verification = Verification(name="t-1.zip", policy=policy, trust="a trust root")
>>> verification.archive(ArchiveError("archive-duplicate-member", "two members are t-1/a"))
>>> verdict = verification.verdict()
>>> int(verdict.status), verdict.headline
(1, 'NOT VERIFIED: t-1.zip failed step 1 (archive)')
>>> verdict.checks[1].outcome.value
'not reached'
"""

from typing import TYPE_CHECKING, Any

from tagseal.verification.judging import JudgedContents, judge_claim

if TYPE_CHECKING:
    from tagseal.verification.machine import STEPS, Verification, finding_of

__all__ = ["STEPS", "JudgedContents", "Verification", "finding_of", "judge_claim"]


def __getattr__(name: str) -> Any:
    """Import the ten steps when they are asked for: comparing judges a claim without them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tagseal.verification import machine

    return getattr(machine, name)
