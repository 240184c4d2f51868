"""Building git trees bottom-up from paths, and asking where a path could be in one.

This is the heart of the offline proof. `TreeBuilder` takes the entries of a tree in any order,
refuses every pair that cannot both be in one tree, and computes the root's id from the entries'
ids alone (Pro Git, "Tree Objects"; gitformat-pack):

>>> from tagseal.core.digests import ObjectFormat
>>> from tagseal.core.listing import Mode, TreeEntry
>>> tree = TreeBuilder()
>>> tree.add(b"a/b", TreeEntry(mode=Mode.FILE, object="ce013625030ba8dba906f756967f9e9ca394464a"))
>>> tree.id(ObjectFormat.SHA1)
'5402bd8062856e83ade50b9be4aafcb8717cc232'
>>> tree.whereabouts(b"a/b").name, tree.whereabouts(b"a/c").name, tree.whereabouts(b"x/y").name
('PRESENT', 'ABSENT', 'ABSENT')
"""

from collections.abc import Iterator
from enum import Enum, auto

from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.gitobjects import format_tree
from tagseal.core.listing import Mode, TreeEntry

__all__ = ["MAX_DEPTH", "TreeBuilder", "TreeConflict", "Whereabouts"]

MAX_DEPTH = 256
"""How many folders deep a tree may be; deeper ones are refused rather than walked."""

_Folder = dict[bytes, "_Folder | TreeEntry"]


class TreeConflict(Exception):  # noqa: N818 - it names a state of the claim, not an error of ours
    """Two entries cannot both be in one tree, or an entry is too deep. The message says why."""


class Whereabouts(Enum):
    """Where a path is in a tree that may hold some folders by their id only."""

    PRESENT = auto()
    """It is an entry or a folder of the tree."""
    ABSENT = auto()
    """It is certainly not in the tree."""
    HIDDEN = auto()
    """It may be inside a folder that is given only by its id."""
    BELOW_FILE = auto()
    """A component before the last is a file, symlink or submodule."""


class TreeBuilder:
    """A tree under construction."""

    def __init__(self) -> None:
        self._root: _Folder = {}

    def add(self, path: bytes, entry: TreeEntry) -> None:
        """Put an entry at a path; `TreeConflict` where something else is, or is in the way."""
        *folders, name = path.split(b"/")
        if len(folders) >= MAX_DEPTH:
            raise TreeConflict(f"the path is more than {MAX_DEPTH} folders deep")
        node = self._root
        for folder in folders:
            child = node.setdefault(folder, {})
            if not isinstance(child, dict):
                raise TreeConflict("a folder on its way is a file, or is given only by its id")
            node = child
        if name in node:
            raise TreeConflict("the path stands in the account twice, or is also a folder")
        node[name] = entry

    def id(self, object_format: ObjectFormat) -> str:
        """Return the id of the root tree."""
        return _folder_id(self._root, object_format)

    def whereabouts(self, path: bytes) -> Whereabouts:
        """Tell where a path is."""
        node: _Folder | TreeEntry = self._root
        for component in path.split(b"/"):
            if not isinstance(node, dict):
                return Whereabouts.HIDDEN if node.mode is Mode.TREE else Whereabouts.BELOW_FILE
            if component not in node:
                return Whereabouts.ABSENT
            node = node[component]
        return Whereabouts.PRESENT

    def expanded(self) -> Iterator[tuple[bytes, TreeEntry | None]]:
        """Yield every path of the tree with its entry, and with None for an expanded folder."""
        stack: list[tuple[bytes, _Folder]] = [(b"", self._root)]
        while stack:
            prefix, folder = stack.pop()
            for name, child in folder.items():
                path = prefix + name
                if isinstance(child, dict):
                    yield path, None
                    stack.append((path + b"/", child))
                else:
                    yield path, child


def _folder_id(folder: _Folder, object_format: ObjectFormat) -> str:
    entries = [
        (name, Mode.TREE, _folder_id(child, object_format))
        if isinstance(child, dict)
        else (name, child.mode, child.object)
        for name, child in folder.items()
    ]
    return object_id("tree", format_tree(entries), object_format)
