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
from tagseal.core.gitobjects import RawEntry, format_tree
from tagseal.core.listing import Mode, TreeEntry
from tagseal.core.paths import display

__all__ = [
    "EMPTY_TREES",
    "MAX_DEPTH",
    "Folder",
    "Leaf",
    "TreeBuilder",
    "TreeConflict",
    "Whereabouts",
]

EMPTY_TREES = frozenset(object_id("tree", b"", object_format) for object_format in ObjectFormat)
"""The ids of the tree without entries, which alone say all about a folder."""

MAX_DEPTH = 256
"""How many folders deep a tree may be; deeper ones are refused rather than walked."""

Leaf = tuple[Mode, str]
"""Mode and object id of an entry."""
Folder = dict[bytes, "Folder | Leaf"]
"""A folder that is given entry by entry, by name."""


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
        self.root: Folder = {}
        # Every folder by its path: most entries go where another one went before.
        self._folders: dict[bytes | None, Folder] = {None: self.root}

    def add(self, path: bytes, entry: TreeEntry) -> None:
        """Put an entry at a path; `TreeConflict` where something else is, or is in the way."""
        self.put(path, entry.mode, entry.object)

    def put(self, path: bytes, mode: Mode, target: str) -> None:
        """Do the same with an entry's mode and object id."""
        above, slash, name = path.rpartition(b"/")
        # Nothing before a slash is a folder without a name, which no tree can have.
        folder = self._folders.get(above if slash else None)
        if folder is None:
            folder = self._made(above)
        if name in folder:
            raise TreeConflict("the path stands in the account twice, or is also a folder")
        folder[name] = (mode, target)

    def _made(self, path: bytes) -> Folder:
        """Return the folder of this path, made if need be with all that are above it."""
        components = path.split(b"/")
        if len(components) >= MAX_DEPTH:
            raise TreeConflict(f"the path is more than {MAX_DEPTH} folders deep")
        folder = self.root
        for end, name in enumerate(components, 1):
            child = folder.setdefault(name, {})
            if not isinstance(child, dict):
                raise TreeConflict("a folder on its way is a file, or is given only by its id")
            folder = self._folders[b"/".join(components[:end])] = child
        return folder

    def id(self, object_format: ObjectFormat) -> str:
        """Return the id of the root tree; ValueError for a name or an id that no tree can hold."""
        return _folder_id(self.root, object_format)

    def whereabouts(self, path: bytes) -> Whereabouts:
        """Tell where a path is."""
        node: Folder | Leaf = self.root
        for component in path.split(b"/"):
            if isinstance(node, tuple):
                mode, target = node
                if mode is not Mode.TREE:
                    return Whereabouts.BELOW_FILE
                return Whereabouts.ABSENT if target in EMPTY_TREES else Whereabouts.HIDDEN
            if component not in node:
                return Whereabouts.ABSENT
            node = node[component]
        return Whereabouts.PRESENT

    def is_folder(self, path: bytes) -> bool:
        """Tell whether a path is a folder of the tree, given entry by entry or by its id alone."""
        node: Folder | Leaf | None = self.root
        for component in path.split(b"/"):
            node = node.get(component) if isinstance(node, dict) else None
        return isinstance(node, dict) or (node is not None and node[0] is Mode.TREE)

    def holds(self, path: bytes, mode: Mode, target: str) -> bool:
        """Tell whether exactly this entry is at a path."""
        node: Folder | Leaf | None = self.root
        for component in path.split(b"/"):
            node = node.get(component) if isinstance(node, dict) else None
        return node == (mode, target)

    def paths(self) -> Iterator[bytes]:
        """Yield every path of the tree, folders too, as far as it is given entry by entry."""
        stack: list[tuple[bytes, Folder]] = [(b"", self.root)]
        while stack:
            prefix, folder = stack.pop()
            for name, child in folder.items():
                path = prefix + name
                yield path
                if isinstance(child, dict):
                    stack.append((path + b"/", child))


def _folder_id(folder: Folder, object_format: ObjectFormat) -> str:
    entries: list[RawEntry] = []
    width = object_format.width
    for name, child in folder.items():
        if isinstance(child, dict):
            entries.append((name, Mode.TREE, _folder_id(child, object_format)))
            continue
        mode, target = child
        # In a raw tree nothing separates an id from the entry after it: a wider one would hide it.
        if len(target) != width:
            raise ValueError(f'"{display(name)}" has an id that is no {object_format.value} id')
        entries.append((name, mode, target))
    return object_id("tree", format_tree(entries), object_format)
