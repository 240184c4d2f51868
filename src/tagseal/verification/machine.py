"""The numbered steps, in one place, in order.

`Verification` is told what was found (the archive's listing, the evidence, each bundle's signature)
and answers with a `Verdict`. It touches no disk, no network and no clock. What sigstore leaves to
its caller is owed here: payload and predicate types, subjects, identity, and that all statements
belong together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tagseal.core.errors import StatementError, TagsealError
from tagseal.core.finding import Finding
from tagseal.core.listing import ArchiveListing
from tagseal.core.paths import display
from tagseal.core.verdict import Check, Verdict
from tagseal.evidence.model import ParsedBundle, VerifiedBundle
from tagseal.policy import Policy
from tagseal.verification.identity import identity_findings
from tagseal.verification.judging import JudgedContents, judge_contents
from tagseal.verification.statements import (
    Stated,
    provenance_findings,
    read_statement,
    subject_findings,
    together,
)
from tagseal.verification.summary import facts_of, headline_of, notes_of

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

    A step that does not pass stops all later ones: they are reported as not reached.
    """

    name: str
    policy: Policy
    trust: str
    """What the trust root is, in words, for the verdict."""
    is_rehearsal: bool = False
    """Whether the trust root is a rehearsal's, which proves nothing about who made a file."""
    _checks: list[Check] = field(default_factory=list)
    _listing: ArchiveListing | None = None
    _stated: list[Stated] = field(default_factory=list)
    _judged: list[JudgedContents] = field(default_factory=list)

    @property
    def going_on(self) -> bool:
        """Whether every step so far has passed."""
        return not any(check.findings for check in self._checks)

    def archive(self, listing: ArchiveListing | TagsealError) -> None:
        """Step 1: the archive, read in one pass by the strict reader."""
        if isinstance(listing, TagsealError):
            self._close(1, "the archive is refused", [finding_of(listing)])
            return
        self._listing = listing
        count = len(listing.members)
        self._close(1, f"{count} files, sha256 {listing.sha256}", [])

    def evidence(self, evidence: Sequence[ParsedBundle] | TagsealError) -> None:
        """Step 2: the evidence, parsed under limits."""
        if isinstance(evidence, TagsealError):
            self._close(2, "the evidence is refused", [finding_of(evidence)])
        elif not evidence:
            finding = Finding(code="evidence-missing", message="there is no bundle in the evidence")
            self._close(2, "the evidence is empty", [finding])
        else:
            self._close(2, f"{len(evidence)} bundles", [])

    def signatures(self, verified: Iterable[VerifiedBundle | TagsealError]) -> None:
        """Step 3: every bundle's signature, chain, log inclusion and time."""
        results = list(verified)
        findings = [finding_of(r) for r in results if isinstance(r, TagsealError)]
        bundles = [r for r in results if isinstance(r, VerifiedBundle)]
        self._close(
            3, f"{len(bundles)} signatures, certificates and log entries, by {self.trust}", findings
        )
        self._statements(bundles)

    def _statements(self, bundles: list[VerifiedBundle]) -> None:
        if not self.going_on or self._listing is None:
            return
        findings: list[Finding] = []
        for bundle in bundles:
            try:
                stated = read_statement(bundle)
            except StatementError as error:
                findings.append(finding_of(error))
                continue
            self._stated.append(stated)
            findings += subject_findings(
                stated, self.name, self._listing.sha256, any_name=self.policy.any_name
            )
        named = (
            "a file of this content" if self.policy.any_name else "this file, by name and sha256"
        )
        self._close(4, f"all are in-toto statements about {named}", findings)
        self._identity()

    def _identity(self) -> None:
        if not self.going_on:
            return
        findings = [f for s in self._stated for f in identity_findings(s.identity, self.policy)]
        signer = display(self._stated[0].identity.san)
        repository = display(self.policy.repository)
        self._close(5, f"signed for {repository} by {signer}", list(dict.fromkeys(findings)))
        self._provenance()

    def _provenance(self) -> None:
        if not self.going_on:
            return
        findings = list(provenance_findings(self._stated))
        self._close(6, "builder, source and run are the certificate's", findings)
        self._together()

    def _together(self) -> None:
        if not self.going_on or self._listing is None:
            return
        findings = list(together(self._stated, self._listing.sha256))
        detail = "provenance, contents and release are of one run and one commit"
        self._close(7, detail, findings)

    def contents(self) -> None:
        """Step 8: the contents proof, and the policy's word on every exception."""
        if not self.going_on or self._listing is None:
            return
        self._judged = judge_contents(self._listing, self._stated, self.policy)
        findings = [f for judged in self._judged for f in judged.findings]
        detail = "every file is the tagged commit's, or is explained"
        self._close(8, detail, list(dict.fromkeys(findings)))

    def thresholds(self) -> None:
        """Step 9: how many distinct builders agree; the policy demands one."""
        if not self.going_on:
            return
        builders = {(s.identity.issuer, s.identity.source_owner_id) for s in self._stated}
        self._close(9, f"{len(builders)} builder, and 1 is demanded", [])

    def version(self) -> None:
        """Step 10: the tag that was asked for is the tag that is proven."""
        if not self.going_on:
            return
        ref = self._stated[0].identity.source_repository_ref or ""
        tag = ref.removeprefix("refs/tags/")
        wanted = self.policy.tag
        if wanted is None:
            self._close(10, f"tag {display(tag)}; you named none", [])
            return
        message = f'it was made from the tag "{display(tag)}", not from "{display(wanted)}"'
        findings = [] if tag == wanted else [Finding(code="version-tag", message=message)]
        self._close(10, f"tag {display(tag)}, as you asked", findings)

    def verdict(self) -> Verdict:
        """Return the verdict; steps that were not reached say so."""
        done = {check.number for check in self._checks}
        stopped = max(done, default=0)
        checks = tuple(self._checks) + tuple(
            Check(
                number=number,
                title=title,
                detail=f"not reached, because step {stopped} did not pass",
                reached=False,
            )
            for number, title in STEPS.items()
            if number not in done
        )
        proven = len(done) == len(STEPS) and self.going_on
        return Verdict(
            archive=self.name,
            sha256=self._listing.sha256 if self._listing else None,
            checks=checks,
            headline=headline_of(self.name, checks, self._stated, self._judged, proven=proven),
            notes=self._notes() if proven else (),
            facts=facts_of(self._stated, self._judged) if proven else {},
        )

    def _notes(self) -> tuple[str, ...]:
        notes = notes_of(self._stated, self._judged)
        if self.is_rehearsal:
            notes = (*notes, "this is a rehearsal: its signatures do not say who made the file")
        return notes

    def _close(self, number: int, detail: str, findings: list[Finding]) -> None:
        self._checks.append(
            Check(number=number, title=STEPS[number], detail=detail, findings=tuple(findings))
        )
