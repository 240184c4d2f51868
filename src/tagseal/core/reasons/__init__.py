"""Every reason code that tagseal can report, in one table, each with exactly one exit status.

A reason code is stable: scripts and policies may rely on it. It belongs to one exit status, so
that an attacker gains nothing by steering a refusal from "not verified" to "could not be decided":

>>> from tagseal.core.reasons import REASONS, Status
>>> REASONS["archive-duplicate-member"].status is Status.NOT_VERIFIED
True
>>> int(REASONS["usage"].status)
2

The table is the union of one module for each area; a code that stands in two of them is an error
at import.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tagseal.core.reasons import (
    _archive,
    _attest,
    _build,
    _contents,
    _evidence,
    _general,
    _git,
    _rehearsal,
    _release,
    _signing,
    _verification,
)
from tagseal.core.reasons._reason import Reason, Status

__all__ = ["REASONS", "Reason", "Status"]


def _table() -> Mapping[str, Reason]:
    table: dict[str, Reason] = {}
    for area in (
        _general,
        _git,
        _archive,
        _build,
        _contents,
        _attest,
        _evidence,
        _signing,
        _verification,
        _release,
        _rehearsal,
    ):
        for reason in area.REASONS:
            if reason.code in table:
                raise AssertionError(f"the reason code {reason.code} stands twice in the table")
            table[reason.code] = reason
    return MappingProxyType(table)


REASONS: Mapping[str, Reason] = _table()
"""Reason code to `Reason`, for every code that a finding or an error can carry."""
