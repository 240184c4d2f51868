"""What a contents predicate claims, as values.

All paths are bytes without leading or trailing slash. *Archive paths* are as the archive spells
them, with its top folder; *tree paths* are relative to the root of the tagged commit's tree (in a
`NestedTree`, to the submodule's own root).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from tagseal.core.listing import Mode, TreeEntry

__all__ = [
    "MAX_NESTING",
    "DereferencedFile",
    "DereferencedLink",
    "Exceptions",
    "GeneratedFile",
    "Kind",
    "ModifiedFile",
    "NestedTree",
    "OmittedEntry",
    "PathMapping",
    "RelocatedFile",
    "SourceContents",
]


MAX_NESTING = 8
"""How many submodules may be inside one another."""


class Kind(Enum):
    """What an archive is read as; it decides which layouts and omissions are acceptable."""

    SOURCE = "source"
    SDIST = "sdist"
    WHEEL = "wheel"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PathMapping:
    """How archive paths become tree paths: the one prefix in place of the other.

    Both end in a slash when they are folders; either is empty when it is the top of the archive or
    the root of the tree. A mapping of a single file has no slash at the end of either.
    """

    archive: bytes
    tree: bytes

    @property
    def is_folder(self) -> bool:
        """Whether this maps a folder, not a single file."""
        return not self.archive or self.archive.endswith(b"/")

    def apply(self, archive_path: bytes) -> bytes | None:
        """Return the tree path of an archive path, or None where this mapping does not cover it."""
        if self.is_folder:
            if archive_path.startswith(self.archive) and len(archive_path) > len(self.archive):
                return self.tree + archive_path[len(self.archive) :]
            return None
        return self.tree if archive_path == self.archive else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedFile:
    """A file that is only in the archive."""

    path: bytes
    mode: Mode
    sha256: str
    rule: str
    """The rule by which the producer expects it; for display only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifiedFile:
    """A file that is in both, with other bytes or another mode."""

    path: bytes
    mode: Mode
    sha256: str
    tree_path: bytes
    source: TreeEntry
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelocatedFile:
    """A tree file's exact bytes at a path that no mapping leads to."""

    path: bytes
    tree_path: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DereferencedLink:
    """A symlink of the tree in whose place the archive has copies of what it leads to.

    Which files these are is not claimed: whoever checks works it out from the tree.
    """

    path: bytes
    """The tree path of the symlink."""
    target: bytes
    """What the symlink holds; its blob id is that of the tree's entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DereferencedFile:
    """One file of the archive that stands where a symlink of the tree leads to a file."""

    path: bytes
    """The archive path."""
    link: bytes
    """The tree path of the symlink, which stands at the file's place or above it."""
    tree_path: bytes
    """The tree path of the file that it is a copy of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OmittedEntry:
    """An entry of the tree that the archive does not have; a whole folder by its one tree id."""

    path: bytes
    entry: TreeEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """All differences between one tree and the part of the archive that belongs to it.

    Each list is sorted by path (archive path; for dereferenced, omitted and nested the tree path)
    and no path stands in two of them.
    """

    generated: tuple[GeneratedFile, ...] = ()
    modified: tuple[ModifiedFile, ...] = ()
    relocated: tuple[RelocatedFile, ...] = ()
    dereferenced: tuple[DereferencedLink, ...] = ()
    omitted: tuple[OmittedEntry, ...] = ()
    nested: "tuple[NestedTree, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedTree:
    """A submodule whose files the archive holds, proven against the submodule's own commit."""

    path: bytes
    """The tree path of the submodule."""
    commit: bytes
    """The raw commit object that the submodule's entry names."""
    repository: str
    """Where the submodule comes from; a claim unless ``.gitmodules`` is proven to say the same."""
    exceptions: Exceptions


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContents:
    """The claim of one source-contents predicate about one archive."""

    repository: str
    """The source repository's URI, such as ``https://github.com/owner/name``."""
    ref: str
    """The full ref, ``refs/tags/…``."""
    commit_id: str
    tree_id: str
    commit: bytes
    """The raw commit object."""
    tags: tuple[bytes, ...]
    """Raw tag objects from the ref to the commit; empty for a lightweight tag."""
    kind: Kind
    """For display; a verifier decides the kind itself."""
    mappings: tuple[PathMapping, ...]
    exceptions: Exceptions
    identical_count: int
    identical_sha256: str
    carried: Mapping[str, bytes] = field(default_factory=dict)
    """Object id to the bytes of blobs that are not in the archive but that a check needs."""
