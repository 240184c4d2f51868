"""Finished rehearsals and releases under way, shared by the scenarios."""

from support_release import finished, other, python_finished, rehearsed
from support_steps import built, make, release, stated

__all__ = [
    "built",
    "finished",
    "make",
    "other",
    "python_finished",
    "rehearsed",
    "release",
    "stated",
]
