"""How long to wait for services."""

from dataclasses import dataclass

__all__ = ["DEFAULT_PATIENCE", "Patience"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long signing waits for the services, and how often it asks again.

    ``timeout`` is in seconds and for each attempt: to connect, and between two pieces of an answer.
    Between attempts it waits ``pause`` seconds, then twice as long each time, ten at most.
    """

    timeout: float = 30.0
    attempts: int = 4
    pause: float = 0.5


DEFAULT_PATIENCE = Patience()
"""What signing has that is not told otherwise."""
