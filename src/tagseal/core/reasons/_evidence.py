"""Reasons for which evidence is refused before any signature is looked at."""

from tagseal.core.reasons._reason import Reason, Status

REASONS: tuple[Reason, ...] = (
    Reason(
        code="evidence-malformed",
        status=Status.NOT_VERIFIED,
        means="The evidence is not what a Sigstore bundle must be, so nothing in it is believed.",
        next_step="Download the evidence again; if it stays so, ask the project.",
    ),
    Reason(
        code="evidence-empty",
        status=Status.NOT_VERIFIED,
        means="The evidence file holds no bundle; nothing found is never success.",
        next_step="Download the evidence again; if it stays so, ask the project.",
    ),
    Reason(
        code="evidence-too-large",
        status=Status.NOT_VERIFIED,
        means="The evidence goes beyond a limit that honest evidence stays far below.",
        next_step="Do not use this evidence; ask the project where it comes from.",
    ),
    Reason(
        code="evidence-unsupported-version",
        status=Status.UNDECIDED,
        means="The bundle has a version that this tagseal does not read.",
        next_step="Ask the project for bundles of version 0.3, or upgrade tagseal.",
    ),
    Reason(
        code="evidence-unsupported-key",
        status=Status.UNDECIDED,
        means="The bundle was signed with a bare key; tagseal judges certificates, which say who.",
        next_step="Check it with the tool and the key that the project names.",
    ),
    Reason(
        code="evidence-unsupported-log-entry",
        status=Status.UNDECIDED,
        means="The bundle rests on a kind of log entry that tagseal cannot check.",
        next_step="Ask the project for evidence with a dsse or hashedrekord entry.",
    ),
    Reason(
        code="evidence-no-inclusion-proof",
        status=Status.UNDECIDED,
        means="Nothing in the bundle proves that its log entry is in the log.",
        next_step="Ask the project for a bundle with an inclusion proof.",
    ),
)
