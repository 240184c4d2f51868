"""Reasons of the area ``attest``."""

from tagseal.core.reasons._reason import Reason

REASONS: tuple[Reason, ...] = ()
