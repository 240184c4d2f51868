"""From raw tree objects to a listing, within limits on depth, paths and names."""

from collections.abc import Mapping

from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import GitError
from tagseal.core.gitobjects import RawEntry, parse_tree
from tagseal.core.listing import Mode, TreeEntry, TreeListing
from tagseal.core.paths import display
from tagseal.git._catfile import ObjectStore

__all__ = ["read_listing"]

MAX_TREE_BYTES = 64 * 1024 * 1024
MAX_PATHS = 2_000_000
MAX_PATH_BYTES = 4096
MAX_ALL_PATH_BYTES = 512 * 1024 * 1024
MAX_DEPTH = 256

_Trees = Mapping[str, list[RawEntry]]


def read_listing(store: ObjectStore, tree: str, object_format: ObjectFormat) -> TreeListing:
    """Return the listing of a tree; GitError ``git-tree-malformed``, ``git-limit`` and the store's.

    Every tree object is read once, however often it stands in the tree.
    """
    trees = _read_trees(store, tree, object_format)
    entries: dict[bytes, TreeEntry] = {}
    folders: dict[bytes, str] = {b"": tree}
    path_bytes = 0
    stack = [(b"", iter(trees[tree]))]
    while stack:
        prefix, rest = stack[-1]
        for name, mode, target in rest:
            path = prefix + name
            path_bytes += len(path)
            if len(path) > MAX_PATH_BYTES:
                shown = display(path[:80])
                raise GitError(
                    "git-limit", f"a path is longer than {MAX_PATH_BYTES} bytes: {shown}…"
                )
            if mode is not Mode.TREE:
                entries[path] = TreeEntry(mode=mode, object=target)
                continue
            folders[path] = target
            if not trees[target]:
                entries[path] = TreeEntry(mode=mode, object=target)
            _require_bounded(path_bytes, len(entries) + len(folders))
            stack.append((path + b"/", iter(trees[target])))
            break
        else:
            stack.pop()
    _require_bounded(path_bytes, len(entries) + len(folders))
    return TreeListing(object_format=object_format, tree=tree, entries=entries, trees=folders)


def _read_trees(store: ObjectStore, tree: str, object_format: ObjectFormat) -> _Trees:
    """Return every tree that is reachable from one, folder depth by folder depth."""
    trees: dict[str, list[RawEntry]] = {}
    level = [tree]
    for _ in range(MAX_DEPTH + 1):
        below: dict[str, None] = {}
        for name, payload in store.read(level, "tree", MAX_TREE_BYTES):
            try:
                trees[name] = parse_tree(payload, object_format)
            except ValueError as error:
                raise GitError("git-tree-malformed", str(error), where=f"tree {name}") from error
            below.update((target, None) for _, mode, target in trees[name] if mode is Mode.TREE)
            if len(trees) + len(below) > MAX_PATHS:
                raise GitError("git-limit", f"the tree has more than {MAX_PATHS} folders")
        level = [name for name in below if name not in trees]
        if not level:
            return trees
    raise GitError("git-limit", f"the tree is more than {MAX_DEPTH} folders deep")


def _require_bounded(path_bytes: int, count: int) -> None:
    if count > MAX_PATHS or path_bytes > MAX_ALL_PATH_BYTES:
        raise GitError("git-limit", f"the tree has more than {MAX_PATHS} paths or too long ones")
