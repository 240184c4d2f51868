"""Which members a source archive has, in which order: git's own."""

from collections.abc import Iterator
from typing import NamedTuple

from tagseal.core.listing import Mode, TreeListing

__all__ = ["WriteMember", "tree_members"]


class WriteMember(NamedTuple):
    """One member to write; the path of a folder or submodule ends in a slash."""

    path: bytes
    mode: Mode
    object: str


def tree_members(tree: TreeListing, prefix: bytes) -> Iterator[WriteMember]:
    """Yield the members of a tree below a prefix as ``git archive`` orders them.

    The prefix comes first, as a folder; then every entry in the order of its whole path, each new
    folder before its first entry. A folder without entries is left out, a submodule is an empty
    folder (git's archive.c, queue_directory and write_archive_entry).
    """
    yield WriteMember(prefix, Mode.TREE, tree.tree)
    written = {b""}
    for path, entry in sorted(tree.entries.items()):
        if entry.mode is Mode.TREE:
            continue
        at = path.find(b"/")
        while at >= 0:
            folder = path[:at]
            if folder not in written:
                written.add(folder)
                yield WriteMember(prefix + folder + b"/", Mode.TREE, tree.trees[folder])
            at = path.find(b"/", at + 1)
        slash = b"/" if entry.mode is Mode.SUBMODULE else b""
        yield WriteMember(prefix + path + slash, entry.mode, entry.object)
