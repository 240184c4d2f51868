"""Reasons that come from reading statements and their predicates."""

from tagseal.core.reasons._reason import Reason, Status

REASONS: tuple[Reason, ...] = (
    Reason(
        code="statement-malformed",
        status=Status.NOT_VERIFIED,
        means="A signed statement breaks the format that it says it has.",
        next_step="Do not use this file; report it to the project.",
    ),
    Reason(
        code="statement-unsupported",
        status=Status.UNDECIDED,
        means="A signed statement is of a type or version that this tagseal cannot read.",
        next_step="Upgrade tagseal, or verify with the tool that the project names.",
    ),
    Reason(
        code="provenance-build-type",
        status=Status.UNDECIDED,
        means="The provenance describes a kind of build that this tagseal does not know.",
        next_step="Upgrade tagseal, or verify with the tool that the project names.",
    ),
)
