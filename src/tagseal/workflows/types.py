"""What every workflow is given by whoever runs it."""

from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["Clock", "Progress", "machine_clock"]

Progress = Callable[[str], None]
"""Told, in one sentence each, what is being done."""

Clock = Callable[[], datetime]
"""Returns the time, with its time zone."""


def machine_clock() -> datetime:
    """Return the machine's time, in UTC; the only clock that commands give to workflows."""
    return datetime.now(UTC)
