"""Reasons of the area ``git``."""

from tagseal.core.reasons._reason import Reason

REASONS: tuple[Reason, ...] = ()
