"""Reasons of the area ``evidence``."""

from tagseal.core.reasons._reason import Reason

REASONS: tuple[Reason, ...] = ()
