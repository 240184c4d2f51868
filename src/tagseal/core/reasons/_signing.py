"""Reasons of the area ``signing``."""

from tagseal.core.reasons._reason import Reason

REASONS: tuple[Reason, ...] = ()
