"""Finished rehearsals, shared by the scenarios."""

from support_release import finished, other, python_finished, rehearsed

__all__ = ["finished", "other", "python_finished", "rehearsed"]
