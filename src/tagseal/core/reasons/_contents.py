"""Reasons of the area ``contents``."""

from tagseal.core.reasons._reason import Reason

REASONS: tuple[Reason, ...] = ()
