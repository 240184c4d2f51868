"""Reasons of the area ``verification``."""

from tagseal.core.reasons._reason import Reason

REASONS: tuple[Reason, ...] = ()
