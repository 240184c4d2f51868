"""Symlinks: none may lead out of the archive's top folder, not even through other symlinks.

A target is walked as a kernel would: ``..`` after a symlink leaves the folder that the symlink
leads to, not the one that it stands in. From where nothing is in the archive, the walk goes on by
name alone. Links that lead nowhere, or round in circles, are harmless.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from tagseal.archives._errors import refusal

__all__ = ["check_links"]

_ABSOLUTE = re.compile(rb"/|[A-Za-z]:")  # on a drive of Windows, too
_MAX_HOPS = 40  # Linux's MAXSYMLINKS: a longer chain cannot be followed there either


class _Place(NamedTuple):
    """A path of the archive, or None where there is nothing, and how deep it is."""

    path: bytes | None
    depth: int


def check_links(targets: Mapping[bytes, bytes], paths: Collection[bytes]) -> None:
    """Refuse the first symlink (path to target) that leaves the top folder of all paths.

    ``paths`` are all that the archive holds, implied folders too. An archive without one top folder
    is its own root.
    """
    if not targets:
        return
    tops = {path.partition(b"/")[0] for path in paths}
    floor = 1 if len(tops) == 1 and tops.isdisjoint(targets) else 0
    walker = _Walker(targets, paths, floor)
    for path in targets:
        walker.resolve(path, 0)


class _Walker:
    def __init__(
        self, targets: Mapping[bytes, bytes], paths: Collection[bytes], floor: int
    ) -> None:
        self._targets = targets
        self._paths = paths
        self._floor = floor
        self._resolved: dict[bytes, _Place] = {}

    def resolve(self, link: bytes, hops: int) -> _Place:
        """Return where a link leads; each is walked once."""
        if link in self._resolved:
            return self._resolved[link]
        target = self._targets[link]
        if hops > _MAX_HOPS or _ABSOLUTE.match(target):
            raise _outside(link)
        # What a link in a circle finds when it comes back to itself.
        self._resolved[link] = _Place(None, link.count(b"/") + 1)
        place = _Place(link.rpartition(b"/")[0], link.count(b"/"))
        for component in target.split(b"/"):
            if component not in (b"", b"."):
                place = self._step(link, place, component, hops)
        self._resolved[link] = place
        return place

    def _step(self, link: bytes, place: _Place, component: bytes, hops: int) -> _Place:
        path, depth = place
        if component == b"..":
            if depth <= self._floor:
                raise _outside(link)
            return _Place(None if path is None else path.rpartition(b"/")[0], depth - 1)
        if path is None:
            return _Place(None, depth + 1)
        there = path + b"/" + component if path else component
        if there in self._targets:
            return self.resolve(there, hops + 1)
        return _Place(there if there in self._paths else None, depth + 1)


def _outside(link: bytes) -> Exception:
    return refusal("archive-symlink-outside", "The symlink leaves the archive's top folder.", link)
