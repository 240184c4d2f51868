"""Reasons for which the strict reader refuses an archive."""

from tagseal.core.reasons._reason import Reason, Status

REASONS: tuple[Reason, ...] = (
    Reason(
        code="archive-duplicate-member",
        status=Status.NOT_VERIFIED,
        means="Two members of the archive have one path, and readers differ in which wins.",
        next_step="Do not use this file; download it again or ask the project.",
    ),
)
