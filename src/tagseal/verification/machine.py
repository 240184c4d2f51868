"""The numbered steps, in one place, in order.

`Verification` is told what was found (the archive's listing, the evidence, each bundle's signature)
and answers with a `Verdict`. It touches no disk, no network and no clock. What sigstore leaves to
its caller is owed here: payload and predicate types, subjects, identity, and that all statements
belong together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tagseal.core.errors import StatementError, TagsealError, UsageError
from tagseal.core.finding import Finding
from tagseal.core.listing import ArchiveListing
from tagseal.core.paths import display
from tagseal.core.verdict import Check, Outcome, Verdict
from tagseal.evidence.model import ParsedBundle, VerifiedBundle
from tagseal.policy import Policy, profile_of
from tagseal.verification.claims import judge_contents
from tagseal.verification.identity import identity_findings
from tagseal.verification.judging import JudgedContents
from tagseal.verification.statements import (
    Stated,
    provenance_findings,
    read_statement,
    release_versions,
    subject_findings,
    together,
)
from tagseal.verification.summary import Proven, facts_of, headline_of, notes_of, refusal_of

__all__ = ["STEPS", "Verification", "finding_of"]

STEPS = {
    1: "archive",
    2: "evidence",
    3: "signatures",
    4: "statements",
    5: "identity",
    6: "provenance",
    7: "one release",
    8: "contents",
    9: "thresholds",
    10: "version",
}
"""The number and title of each step."""


def finding_of(error: TagsealError) -> Finding:
    """Return the finding that a failure amounts to, when it is about what is being judged."""
    return Finding(code=error.code, message=str(error))


@dataclass(slots=True, kw_only=True)
class Verification:
    """The state of verifying one archive; each step is called once, in order.

    A step that fails stops all later ones: they are reported as not reached. What cannot be decided
    about one line of the evidence keeps the verdict from being "verified", but the other lines are
    judged on: nobody can hide a failure behind a line that is of no known kind.

    UsageError ``usage`` from each step that is called out of order.
    """

    name: str
    policy: Policy
    trust: str
    """What the trust root is, in words, for the verdict."""
    is_rehearsal: bool = False
    """Whether the trust root is a rehearsal's, which proves nothing about who made a file."""
    _checks: list[Check] = field(default_factory=list)
    _stopped: bool = False
    _listing: ArchiveListing | None = None
    _bundles: int = 0
    _set_aside: bool = False
    _stated: list[Stated] = field(default_factory=list)
    _judged: list[JudgedContents] = field(default_factory=list)

    @property
    def going_on(self) -> bool:
        """Whether a later step can still say something."""
        return not self._stopped

    def archive(self, listing: ArchiveListing | TagsealError) -> None:
        """Step 1: the archive, read in one pass by the strict reader."""
        self._is_next(1)
        if isinstance(listing, TagsealError):
            self._close(1, "the strict reader must accept it", [finding_of(listing)], stops=True)
            return
        self._listing = replace(listing, name=self.name)
        count = len(listing.members)
        self._close(1, f"{count} files, sha256 {listing.sha256}", [])

    def evidence(self, evidence: Sequence[ParsedBundle] | TagsealError) -> None:
        """Step 2: the evidence, parsed under limits."""
        if not self._is_next(2):
            return
        if isinstance(evidence, TagsealError):
            detail = "there must be evidence that can be read"
            self._close(2, detail, [finding_of(evidence)], stops=True)
        elif not evidence:
            finding = Finding(code="evidence-missing", message="there is no bundle in the evidence")
            self._close(2, "there must be evidence", [finding], stops=True)
        else:
            self._bundles = len(evidence)
            self._close(2, f"{len(evidence)} bundles", [])

    def signatures(self, verified: Iterable[VerifiedBundle | TagsealError]) -> None:
        """Steps 3 to 7, which need nothing but the signatures that were or were not verified.

        3 is every bundle's signature, chain, log inclusion and time; 4 to 7 are what sigstore
        leaves to its caller. There is one result for each bundle of the evidence.
        """
        if not self._is_next(3):
            return
        results = list(verified)
        findings = [finding_of(r) for r in results if isinstance(r, TagsealError)]
        bundles = [r for r in results if isinstance(r, VerifiedBundle)]
        if len(results) != self._bundles:
            message = f"{self._bundles} bundles were read, but {len(results)} were checked"
            findings.append(Finding(code="evidence-incomplete", message=message))
        self._set_aside = bool(findings)
        count = f"{len(bundles)} of {self._bundles}" if findings else f"{len(bundles)}"
        detail = f"{count} signatures, certificates and log entries hold, by {self.trust}"
        self._close(3, detail, findings, stops=not bundles)
        self._statements(bundles)
        self._identity()
        self._provenance()
        self._together()

    def _statements(self, bundles: list[VerifiedBundle]) -> None:
        if not self._is_next(4) or self._listing is None:
            return
        findings: list[Finding] = []
        for bundle in bundles:
            try:
                stated = read_statement(bundle)
            except StatementError as error:
                findings.append(finding_of(error))
                self._set_aside = True
                continue
            self._stated.append(stated)
            findings += subject_findings(
                stated, self.name, self._listing.sha256, any_name=self.policy.any_name
            )
        named = "a file of this sha256" if self.policy.any_name else "this file, by name and sha256"
        detail = f"each is an in-toto statement of a known type about {named}"
        self._close(4, detail, findings, stops=not self._stated)

    def _identity(self) -> None:
        if not self._is_next(5):
            return
        findings = [
            finding
            for stated in self._stated
            for finding in identity_findings(
                stated.identity, self.policy, is_rehearsal=self.is_rehearsal
            )
        ]
        known = [s for s in self._stated if profile_of(s.identity.issuer) is not None]
        self._set_aside = self._set_aside or len(known) < len(self._stated)
        self._stated = known
        repository = display(self.policy.repository)
        detail = f"signed for {repository}, for a pushed tag, by a workflow that may sign"
        if not findings:
            detail += f": {display(known[0].identity.san)}"
        self._close(5, detail, findings, stops=not known)

    def _provenance(self) -> None:
        if not self._is_next(6):
            return
        findings = list(provenance_findings(self._stated))
        self._close(6, "builder, source and run are the certificate's", findings)

    def _together(self) -> None:
        if not self._is_next(7) or self._listing is None:
            return
        complete = not self._set_aside
        findings = list(together(self._stated, self._listing, complete=complete))
        detail = "provenance, contents and release are there, of one run and one commit"
        if not complete:
            detail = "what could be judged is of one run and one commit"
        self._close(7, detail, findings)

    def contents(self) -> None:
        """Step 8: the contents proof, and the policy's word on every exception."""
        if not self._is_next(8) or self._listing is None:
            return
        self._judged = judge_contents(self._listing, self._stated, self.policy)
        if not self._judged:  # the statement may be the one that could not be judged
            self._stopped = True
            return
        findings = [f for judged in self._judged for f in judged.findings]
        detail = "every file is the tagged commit's, or is explained"
        self._close(8, detail, findings)

    def thresholds(self) -> None:
        """Step 9: how many distinct builders agree; the policy demands one."""
        if not self._is_next(9):
            return
        builders = {(s.identity.issuer, s.identity.source_owner_id) for s in self._stated}
        self._close(9, f"{len(builders)} builder, and 1 is demanded", [])

    def version(self) -> None:
        """Step 10: the tag that was asked for is the tag that is proven."""
        if not self._is_next(10):
            return
        ref = self._stated[0].identity.source_repository_ref or ""
        tag = ref.removeprefix("refs/tags/")
        findings = list(release_versions(self._stated, tag, self._judged[0].version))
        wanted = self.policy.tag
        if wanted is None:
            self._close(10, f"tag {display(tag)}; you named none", findings)
            return
        if tag != wanted:
            message = f'it was made from the tag "{display(tag)}", not from "{display(wanted)}"'
            findings.append(Finding(code="version-tag", message=message))
        self._close(10, f"the tag is {display(wanted)}, as you asked", findings)

    def verdict(self) -> Verdict:
        """Return the verdict; steps that were not reached say so."""
        done = len(self._checks)
        failed = next((c for c in self._checks if c.outcome is not Outcome.PASSED), None)
        why = f", because step {failed.number} did not pass" if failed and self._stopped else ""
        checks = tuple(self._checks) + tuple(
            Check(number=number, title=title, detail=f"not reached{why}", reached=False)
            for number, title in STEPS.items()
            if number > done
        )
        sha256 = self._listing.sha256 if self._listing else None
        if any(check.outcome is not Outcome.PASSED for check in checks):
            headline = refusal_of(self.name, checks)
            return Verdict(archive=self.name, sha256=sha256, checks=checks, headline=headline)
        proven = Proven(
            name=self.name,
            stated=self._stated,
            judged=self._judged,
            policy=self.policy,
            is_rehearsal=self.is_rehearsal,
        )
        return Verdict(
            archive=self.name,
            sha256=sha256,
            checks=checks,
            headline=headline_of(proven),
            notes=notes_of(proven),
            facts=facts_of(proven),
        )

    def _is_next(self, number: int) -> bool:
        """Return whether a step is to be made: it is not when an earlier one stopped the rest."""
        done = len(self._checks)
        if number <= done or (number > done + 1 and not self._stopped):
            raise UsageError(
                "usage", f"step {number} ({STEPS[number]}) was called after step {done}"
            )
        return not self._stopped

    def _close(
        self, number: int, detail: str, findings: list[Finding], *, stops: bool = False
    ) -> None:
        found = tuple(dict.fromkeys(findings))
        check = Check(number=number, title=STEPS[number], detail=detail, findings=found)
        self._checks.append(check)
        self._stopped = stops or check.outcome is Outcome.FAILED
