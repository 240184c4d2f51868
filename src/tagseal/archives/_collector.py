"""Collecting the listing: every name, mode and link of an archive passes through here once.

A name is refused when two readers, or two file systems, could make different files of it: see
`tagseal.core.paths.check_path` for single components. What needs the whole archive (names that
normalise to each other, symlinks that lead out) is checked in `Collector.finish`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from tagseal.archives._beside import Beside
from tagseal.archives._collisions import COLLISION
from tagseal.archives._errors import refusal
from tagseal.archives._links import check_links
from tagseal.archives._modes import check_file_mode, check_folder_mode
from tagseal.archives.limits import Limits
from tagseal.core.digests import Hasher, sha256_hex
from tagseal.core.listing import Member, Mode, ReaderWarning
from tagseal.core.paths import check_path, display, folded

__all__ = ["Collected", "Collector", "Keep", "Sha256Of"]

Keep = Callable[[bytes, int], bool]
Sha256Of = Callable[[bytes], bool]
_Bytes = bytes | memoryview

_CONTROL = re.compile(rb"[\0-\x1f\x7f]")
# What is surely a portable component of a path, so that most need no closer look: no device's name,
# no dot at an end, and no character that could make it a short name of Windows, or no ASCII.
_PLAIN = re.compile(
    rb"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\Z)[a-z0-9_](?:[a-z0-9_.+,=@-]*[a-z0-9_+,=@-])?",
    re.ASCII | re.IGNORECASE,
)
# How check_path ends what it says of such a name; a test holds the two together.
_GIT = "is a name that git keeps for itself"
_TREE = Mode.TREE
_FILE, _LINK, _FOLDER, _IMPLIED = range(4)
_FOLDERS = (_FOLDER, _IMPLIED)
_NODES = {Mode.FILE: _FILE, Mode.SYMLINK: _LINK, Mode.TREE: _FOLDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What the members of one archive came to."""

    members: dict[bytes, Member]
    folders: frozenset[bytes]
    kept: dict[bytes, bytes]
    warnings: tuple[ReaderWarning, ...]


class Collector:
    """Checks and collects the members of one archive, in the order that they are claimed.

    Call `claim` with a member's name first, then one of `file`, `symlink` and `folder` with the
    path that it returned; `finish` when there are no more, and `close` in any case.
    """

    def __init__(
        self,
        limits: Limits,
        new_hasher: Callable[[bytes], Hasher],
        keep: Keep,
        sha256_of: Sha256Of,
    ) -> None:
        self._limits = limits
        self._max_path_length = limits.max_path_length
        self._max_members = limits.max_members
        self._new = new_hasher
        self._keep = keep
        self._sha256_of = sha256_of
        self._nodes: dict[bytes, int] = {}
        self._members: dict[bytes, Member] = {}
        self._kept: dict[bytes, bytes] = {}
        self._kept_size = 0
        self._beside = Beside()

    def claim(self, name: bytes, kind: Mode) -> bytes:
        """Check a member's name and take its place; return the path without a trailing slash."""
        path = name[:-1] if kind is _TREE and name.endswith(b"/") else name
        nodes = self._nodes
        parent, _, base = path.rpartition(b"/")
        known = nodes.get(parent) if parent else None
        if known not in _FOLDERS or len(path) > self._max_path_length or not _PLAIN.fullmatch(base):
            self._check_name(path)
        node = nodes.get(path)
        if node == _IMPLIED:
            if kind is not _TREE:
                raise _through(path)
        elif node is not None:
            raise refusal("archive-duplicate-member", "The archive holds this path twice.", path)
        if known is None:
            self._claim_parents(path)
        elif known not in _FOLDERS:
            raise _through(parent)
        nodes[path] = _NODES[kind]
        if len(nodes) > self._max_members:
            raise refusal(
                "archive-limit-members",
                f"The archive holds more than {self._limits.max_members:,} files and folders.",
            )
        return path

    def _check_name(self, path: bytes) -> None:
        if len(path) > self._limits.max_path_length:
            raise refusal(
                "archive-limit-path-length",
                f"A path is longer than {self._limits.max_path_length:,} bytes.",
                path[:64] + b"...",
            )
        if not path:
            raise refusal("archive-path-empty", "A member has no name.")
        if path.startswith(b"/"):
            raise refusal("archive-path-absolute", "The path is absolute.", path)
        for component in path.split(b"/"):
            if problem := _component_problem(component):
                raise refusal(*problem, path)

    def _claim_parents(self, path: bytes) -> None:
        nodes = self._nodes
        parent = path.rpartition(b"/")[0]
        while parent:
            node = nodes.get(parent)
            if node is not None:
                if node in (_FILE, _LINK):
                    raise _through(parent)
                return
            nodes[parent] = _IMPLIED
            parent = parent.rpartition(b"/")[0]

    def file(self, path: bytes, raw_mode: int | None, size: int, pieces: Iterable[_Bytes]) -> None:
        """Take a file: its content is hashed from pieces, which must come to size bytes."""
        mode = check_file_mode(path, raw_mode)
        blob, sha256 = self._digest(path, size, pieces)
        self._members[path] = Member(
            mode=mode, raw_mode=raw_mode, size=size, blob=blob, sha256=sha256
        )

    def symlink(self, path: bytes, raw_mode: int | None, target: bytes) -> None:
        """Take a symlink; where it leads is checked in `finish`."""
        if not target or b"\\" in target or _CONTROL.search(target):
            raise refusal("archive-symlink-target", "The symlink has no usable target.", path)
        if len(target) > self._limits.max_path_length:
            raise refusal(
                "archive-limit-path-length",
                f"A symlink's target is longer than {self._limits.max_path_length:,} bytes.",
                path,
            )
        blob, sha256 = self._digest(path, len(target), [target])
        self._members[path] = Member(
            mode=Mode.SYMLINK,
            raw_mode=raw_mode,
            size=len(target),
            blob=blob,
            sha256=sha256,
            target=target,
        )

    def folder(self, path: bytes, raw_mode: int | None) -> None:
        """Take a folder that has a member of its own."""
        check_folder_mode(path, raw_mode)

    def _digest(self, path: bytes, size: int, pieces: Iterable[_Bytes]) -> tuple[str, str | None]:
        blob = self._new(b"blob %d\0" % size)
        sha256 = None
        if self._keep(path, size):
            content = self._kept[path] = self._kept_content(path, size, pieces)
            blob.update(content)
            sha256 = sha256_hex(content)
        elif self._sha256_of(path):
            beside = self._beside
            beside.begin(path)
            for piece in pieces:
                blob.update(piece)
                beside.update(piece)
        else:
            for piece in pieces:
                blob.update(piece)
        try:
            return blob.hexdigest(), sha256
        except COLLISION as error:
            raise refusal(
                "archive-sha1-collision",
                "The file bears the marks of an attack on SHA-1: another file has its blob id.",
                path,
            ) from error

    def _kept_content(self, path: bytes, size: int, pieces: Iterable[_Bytes]) -> bytes:
        self._kept_size += size
        if self._kept_size > self._limits.max_kept_size:
            raise refusal(
                "archive-limit-kept-size",
                "The members whose bytes are needed are larger than "
                f"{self._limits.max_kept_size:,} bytes together.",
                path,
            )
        return b"".join(pieces)

    def close(self) -> None:
        """Stop what is still hashing; to be called whether or not all was read."""
        self._beside.close()

    def finish(self) -> Collected:
        """Make the checks that need every name, and return what was collected."""
        for path, digest in self._beside.digests().items():
            # Nobody has seen the member yet; to make each anew would take longer than its digest.
            object.__setattr__(self._members[path], "sha256", digest)
        self._check_normalisation()
        check_links(
            {path: m.target for path, m in self._members.items() if m.target is not None},
            self._nodes,
        )
        return Collected(
            members=self._members,
            folders=frozenset(path for path, node in self._nodes.items() if node == _FOLDER),
            kept=self._kept,
            warnings=tuple(self._case_collisions()),
        )

    def _check_normalisation(self) -> None:
        seen: dict[bytes, bytes] = {}
        for path in self._nodes:
            if path.isascii():
                continue
            normal = unicodedata.normalize("NFC", path.decode("utf-8")).encode("utf-8")
            other = seen.setdefault(normal, path)
            if other != path or (normal != path and normal in self._nodes):
                raise refusal(
                    "archive-path-normalization",
                    "Another path of the archive is the same after Unicode normalisation.",
                    path,
                )

    def _case_collisions(self) -> Iterable[ReaderWarning]:
        seen: dict[bytes, bytes] = {}
        for path in self._nodes:
            other = seen.setdefault(folded(path), path)
            if other != path:
                yield ReaderWarning(
                    code="archive-path-case",
                    path=path,
                    message=f'Some file systems take the path for "{display(other)}".',
                )


def _through(path: bytes) -> Exception:
    return refusal(
        "archive-path-through-file", "Another member's path goes through this, no folder.", path
    )


@lru_cache(maxsize=1 << 14)
def _component_problem(component: bytes) -> tuple[str, str] | None:
    if not component:
        return (
            "archive-path-empty-component",
            "The path has two slashes in a row, or one at the end.",
        )
    if component == b".":
        return "archive-path-dot", 'The path holds the component ".".'
    if component == b"..":
        return "archive-path-dot-dot", 'The path holds the component "..".'
    if _CONTROL.search(component):
        return "archive-path-control", "The path holds a control character."
    if b"\\" in component:
        return "archive-path-backslash", "The path holds a backslash."
    try:
        component.decode("utf-8")
    except UnicodeDecodeError:
        return "archive-path-not-utf8", "The path is not UTF-8."
    problem = check_path(component)
    if problem is None:
        return None
    code = "archive-path-git" if problem.endswith(_GIT) else "archive-path-reserved"
    return code, f"The path is not portable: {problem}."
