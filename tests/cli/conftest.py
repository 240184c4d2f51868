"""Finished rehearsals, shared by the tests of the commands."""

from support_release import finished, other, python_finished, rehearsed

__all__ = ["finished", "other", "python_finished", "rehearsed"]
