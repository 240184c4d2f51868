"""Reasons of the area ``build``."""

from tagseal.core.reasons._reason import Reason

REASONS: tuple[Reason, ...] = ()
