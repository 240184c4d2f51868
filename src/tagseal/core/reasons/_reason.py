"""What a reason is."""

from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Reason", "Status"]


class Status(IntEnum):
    """The exit statuses of the command line."""

    VERIFIED = 0
    """What was asked for holds."""
    NOT_VERIFIED = 1
    """Something that was checked is wrong or missing."""
    USAGE = 2
    """The command was used wrongly; nothing was judged."""
    UNDECIDED = 3
    """It could not be decided: unreadable, unsupported, or out of reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One line of the table of reason codes.

    ``means`` is a whole sentence saying what the code means for the person who reads it, and
    ``next_step`` a whole sentence saying what to do about it.
    """

    code: str
    status: Status
    means: str
    next_step: str
