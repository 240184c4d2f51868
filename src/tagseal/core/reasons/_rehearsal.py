"""Reasons of the area ``rehearsal``."""

from tagseal.core.reasons._reason import Reason

REASONS: tuple[Reason, ...] = ()
