"""Listings: which paths a tree or an archive holds, and what is at each.

Paths are byte strings with ``/`` between components, without a leading or trailing slash. Modes
are git's: only the six of `Mode` exist, and those of an archive are reduced to them (an archive
file is executable when its owner may execute it).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from tagseal.core.digests import ObjectFormat

__all__ = ["ArchiveListing", "Member", "Mode", "ReaderWarning", "TreeEntry", "TreeListing"]


class Mode(IntEnum):
    """A git file mode, as a number; ``f"{mode:06o}"`` is git's spelling."""

    FILE = 0o100644
    EXECUTABLE = 0o100755
    SYMLINK = 0o120000
    SUBMODULE = 0o160000
    TREE = 0o040000

    @property
    def text(self) -> str:
        """Git's spelling with six digits, such as ``100644``."""
        return f"{self.value:06o}"

    @property
    def is_file(self) -> bool:
        """Whether this is a regular file, executable or not."""
        return self in (Mode.FILE, Mode.EXECUTABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """One entry of a git tree: a file, a symlink, a submodule, or a folder by its tree id."""

    mode: Mode
    object: str
    """The id of the blob, tree, or (for a submodule) commit: lowercase hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeListing:
    """All entries of a git tree, recursively, without the folders themselves.

    ``entries`` maps the full path to a file, symlink or submodule; an empty folder (a tree without
    entries, which git itself never writes) stands as an entry of mode `Mode.TREE`. ``trees`` maps
    every folder's path, the root as ``b""``, to its tree id.
    """

    object_format: ObjectFormat
    tree: str
    entries: Mapping[bytes, TreeEntry]
    trees: Mapping[bytes, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file or symlink of an archive.

    ``raw_mode`` holds the archive's own permission bits, or None where it records none (a zip made
    elsewhere than on Unix). ``target`` is a symlink's target; its blob is the target's bytes.
    """

    mode: Mode
    raw_mode: int | None
    size: int
    blob: str
    """The git blob id of the content, in the listing's object format."""
    sha256: str | None
    """The digest of the content, or None where the reader was not asked to make it."""
    target: bytes | None = None

    def needed_sha256(self) -> str:
        """Return the sha256; ValueError where the reader was not asked for it.

        A digest that was not made must never pass for one that is equal, so who needs one asks
        here.
        """
        if self.sha256 is None:
            raise ValueError("the sha256 of this member was not made when the archive was read")
        return self.sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderWarning:
    """Something in an archive that is legal but worth knowing: a reason code, where, and what."""

    code: str
    path: bytes
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveListing:
    """What one pass over an archive found.

    ``members`` is in archive order and holds files and symlinks; ``folders`` holds every folder
    that the archive has a member of its own for (without trailing slash). ``tar_sha256`` is the
    digest of the uncompressed tar, None for a zip and where the reader was not asked for it.
    ``comment`` is the comment of a pax global header (git archive puts the commit id there).
    ``kept`` has the bytes of those members that the caller asked to keep.
    """

    name: str
    """The file name that the archive was given, without folders."""
    format: str
    """``tar``, ``tar.gz``, ``tar.xz``, ``tar.zst``, ``tar.bz2`` or ``zip``; a wheel is a zip."""
    size: int
    sha256: str
    tar_sha256: str | None
    object_format: ObjectFormat
    members: Mapping[bytes, Member]
    folders: frozenset[bytes]
    comment: bytes | None = None
    kept: Mapping[bytes, bytes] = field(default_factory=dict)
    warnings: tuple[ReaderWarning, ...] = ()
