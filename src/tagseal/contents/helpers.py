r"""Known helpers: which bytes the GNU build tools ship under which name.

Release archives hold files that no commit has, because gnulib, gettext, automake, autoconf,
autoconf-archive and libtool copied them in. Such a file is *known* when a tool has shipped these
very bytes under this very base name. A file that has a helper's name, and bytes that no tool ever
shipped, is how xz 5.6.0 was attacked (CVE-2024-3094): its ``m4/build-to-host.m4``.

`KnownHelpers.is_known_name` is for that alarm. It is only true for names that mean one thing: every
``*.m4`` that one of these tools ships, and the scripts and templates that they put into
``build-aux`` and ``po``, such as ``install-sh``, ``config.guess``, ``ltmain.sh``, ``config.rpath``
and ``Makefile.in.in``. It is false where many projects have a file of their own by that name, which
says nothing when its bytes are unknown: ``COPYING``, ``INSTALL``, ``ABOUT-NLS``, ``bootstrap``,
``gettext.h``, documents. Those are identified all the same when they are known. The table leaves
out what each project makes for itself (``aclocal.m4``, ``configure``, ``gnulib-comp.m4``,
``Makefile.in``, ``README``), C sources, of which an old version with a known fault would pass for a
helper, and files of fewer than 64 bytes, which are evidence of nothing.

That bytes are known says who wrote them, not that they are right: an old version with a known fault
is known too, and so is a file in a place where it does not belong.

The table, ``_known_helpers.bin``, is made by ``scripts/known_helpers.py``. Its format is our own::

    b"tagseal known helpers 1\n"
    length of the index, 4 bytes, big-endian
    index, compressed by zlib
        one line of JSON: {"newest": date, "inputs": [text…], "tools": [text…],
                           "versions": [[tool's place, text]…], "names": [[name, count, 0 or 1]…]}
        for each known helper, 2 bytes, big-endian: the step to its version's place from the one
        before it under the same name, which for the first counts from 0
    for each known helper, the 20 bytes of its blob id

Versions stand in the order of their days, names in byte order, and the known helpers in the order
of names and, under each, of versions. The third field of a name says whether it raises the alarm.
"""

import hashlib
import json
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple, Self

from tagseal.core.errors import EvidenceError

__all__ = ["MAX_TEXT_BYTES", "KnownHelper", "KnownHelpers", "KnownText", "nearest"]

MAX_TEXT_BYTES = 4 * 1024 * 1024
"""What is longer is not compared by `nearest`; the longest known helper has a tenth of it."""

_MAX_COMPARED_BYTES = 32 * 1024 * 1024
_MAX_INDEX_BYTES = 16 * 1024 * 1024
_MAGIC = b"tagseal known helpers 1\n"
_SHA256 = "5ce36a26afba1c40a5a6fd553df7417416bcd7379ca7d9e2e145c94fced8e20b"
_ID = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHelper:
    """Bytes that a tool ships under a base name."""

    tool: str
    version: str
    """The first release that has them, such as ``1.16.5``; ``git 2023-07-18``, the day of the
    commit, where no release has them or the tool makes none, as gnulib; ``2.6.2-3 (Debian)`` where
    only that package has them; ``2.4.7-7build1 (Debian, from 2.4.7-7~deb12u1)`` where they are the
    latter's with only another stamp of the version."""
    name: bytes
    """The base name."""
    blob: str
    """The git blob id, 40 hexadecimal digits."""


class _Group(NamedTuple):
    """The known helpers of one name: a range of the table."""

    start: int
    length: int
    alarming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHelpers:
    """The table of known helpers; `load` gives the one that tagseal ships."""

    provenance: str
    """What the table was made from, a line for each clone and package, the newest date first."""
    _tools: tuple[str, ...]
    _versions: tuple[tuple[int, str], ...]
    _groups: Mapping[bytes, _Group]
    _steps: tuple[int, ...]
    _ids: bytes

    @classmethod
    def load(cls) -> "KnownHelpers":
        """Return the table that tagseal ships, read once and only when it is first asked for.

        EvidenceError ``contents-helpers-malformed`` when it is not the one that this module is
        pinned to.
        """
        return _load()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a table; EvidenceError ``contents-helpers-malformed`` for any other bytes."""
        try:
            return cls._parse(data)
        except (
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
            struct.error,
            zlib.error,
        ) as error:
            raise _malformed(f"the table of known helpers is malformed: {error}") from error

    @classmethod
    def _parse(cls, data: bytes) -> Self:
        if not data.startswith(_MAGIC):
            raise ValueError("it begins otherwise")
        start = len(_MAGIC) + 4
        [length] = struct.unpack(">I", data[len(_MAGIC) : start])
        line, numbers = _inflate(data[start : start + length])
        index = json.loads(line)
        steps = struct.unpack(f">{len(numbers) // 2}H", numbers)
        ids = data[start + length :]
        tools = tuple(map(str, index["tools"]))
        versions = tuple((int(tool), str(version)) for tool, version in index["versions"])
        if any(not 0 <= tool < len(tools) for tool, _ in versions):
            raise ValueError("a version is of no tool")
        groups = _groups(index["names"])
        total = sum(group.length for group in groups.values())
        if not total or total != len(steps) or total * _ID != len(ids):
            raise ValueError("its parts do not belong together")
        for group in groups.values():
            if sum(steps[group.start : group.start + group.length]) >= len(versions):
                raise ValueError("a known helper is of no version")
        return cls(
            provenance="\n".join([f"newest input of {index['newest']}", *index["inputs"]]) + "\n",
            _tools=tools,
            _versions=versions,
            _groups=groups,
            _steps=steps,
            _ids=ids,
        )

    def __len__(self) -> int:
        return len(self._steps)

    def identify(self, name: bytes, blob: str) -> KnownHelper | None:
        """Return the known helper of this base name *and* blob id; None when there is none.

        Ids of the SHA-256 object format are never known.
        """
        group = self._groups.get(name)
        if group is None or len(blob) != 2 * _ID:
            return None
        wanted = bytes.fromhex(blob)
        first, end = group.start * _ID, (group.start + group.length) * _ID
        found = self._ids.find(wanted, first, end)
        while found >= 0 and found % _ID:
            found = self._ids.find(wanted, found + 1, end)
        if found < 0:
            return None
        number = found // _ID - group.start
        return self._helper(name, group, number, sum(self._steps[group.start : found // _ID + 1]))

    def is_known_name(self, name: bytes) -> bool:
        """Return whether unknown bytes under this base name are an alarm; see the module's text."""
        group = self._groups.get(name)
        return group is not None and group.alarming

    def versions_of(self, name: bytes) -> tuple[KnownHelper, ...]:
        """Return all known helpers of a base name, the newest last."""
        group = self._groups.get(name)
        if group is None:
            return ()
        places = enumerate(self._places(group))
        return tuple(self._helper(name, group, number, place) for number, place in places)

    def tools_of(self, name: bytes) -> tuple[str, ...]:
        """Return the tools that ship anything under a base name, sorted."""
        group = self._groups.get(name)
        if group is None:
            return ()
        tools = {self._versions[place][0] for place in self._places(group)}
        return tuple(sorted(self._tools[tool] for tool in tools))

    def _places(self, group: _Group) -> Iterator[int]:
        """Return the place of each helper's version."""
        return accumulate(self._steps[group.start : group.start + group.length])

    def _helper(self, name: bytes, group: _Group, number: int, place: int) -> KnownHelper:
        tool, version = self._versions[place]
        start = (group.start + number) * _ID
        blob = self._ids[start : start + _ID].hex()
        return KnownHelper(tool=self._tools[tool], version=version, name=name, blob=blob)


@cache
def _load() -> KnownHelpers:
    from importlib import resources  # only where a helper is asked about

    return _pinned(resources.files("tagseal.contents").joinpath("_known_helpers.bin").read_bytes())


def _pinned(data: bytes) -> KnownHelpers:
    if hashlib.sha256(data).hexdigest() != _SHA256:
        raise _malformed("the table of known helpers does not have the digest that it is pinned to")
    return KnownHelpers.parse(data)


def _malformed(message: str) -> EvidenceError:
    return EvidenceError("contents-helpers-malformed", message)


def _inflate(packed: bytes) -> tuple[bytes, bytes]:
    """Return the index's line of JSON and its numbers."""
    inflater = zlib.decompressobj()
    text = inflater.decompress(packed, _MAX_INDEX_BYTES)
    if not inflater.eof or inflater.unused_data:
        raise ValueError("its index is cut short, too long or followed by something")
    line, _, numbers = text.partition(b"\n")
    return line, numbers


def _groups(names: list[tuple[str, int, int]]) -> dict[bytes, _Group]:
    encoded = [name.encode() for name, _, _ in names]
    if any(b"/" in name or not name for name in encoded):
        raise ValueError("a name is no base name")
    if any(before >= after for before, after in pairwise(encoded)):
        raise ValueError("its names are not in order")
    if any(count < 1 or alarming not in (0, 1) for _, count, alarming in names):
        raise ValueError("a name has no helper, or no clear meaning")
    starts = accumulate((count for _, count, _ in names), initial=0)
    return {
        name: _Group(start, count, bool(alarming))
        for name, start, (_, count, alarming) in zip(encoded, starts, names, strict=False)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """A known helper together with its bytes, which somebody has checked against its id."""

    helper: KnownHelper
    data: bytes


def nearest(name: bytes, content: bytes, texts: Iterable[KnownText]) -> KnownText | None:
    """Return the text of this base name that shares the most lines with ``content``.

    The measure is difflib's ``quick_ratio`` over lines: twice the lines in common, in whatever
    order, by the lines of both. Of equals the first given wins. None when no text of the name has a
    line in common. Texts over `MAX_TEXT_BYTES` are passed over, and after 32 MiB of texts the
    search ends, so that it takes seconds at most.
    """
    if len(content) > MAX_TEXT_BYTES:
        return None
    lines = Counter(content.splitlines())
    length = lines.total()
    best: KnownText | None = None
    best_ratio = 0.0
    compared = 0
    for text in texts:
        if text.helper.name != name or len(text.data) > MAX_TEXT_BYTES:
            continue
        compared += len(text.data)
        if compared > _MAX_COMPARED_BYTES:
            break
        others = Counter(text.data.splitlines())
        ratio = 2 * (lines & others).total() / max(1, length + others.total())
        if ratio > best_ratio:
            best, best_ratio = text, ratio
    return best
