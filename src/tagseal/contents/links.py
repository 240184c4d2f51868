"""Following the symlinks of a tree, inside that tree and nowhere else.

Some tools put copies into an archive where the tree has a symlink. `Links` tells which files such
copies have to be: it walks a symlink's target as a file system does (path_resolution(7)), through
the folders and symlinks of one tree, and lists what is there. Whatever leaves the tree, leads into
a submodule or into a folder that is known only by its id, or takes more than `MAX_HOPS` symlinks
is a `LinkProblem`.

>>> from tagseal.core.listing import Mode, TreeEntry
>>> tree = TreeBuilder()
>>> blob = "ce013625030ba8dba906f756967f9e9ca394464a"
>>> tree.add(b"lib/a.c", TreeEntry(mode=Mode.FILE, object=blob))
>>> tree.add(b"src/lib", TreeEntry(mode=Mode.SYMLINK, object=blob))
>>> links = Links(tree, {b"src/lib": b"../lib"}.get)
>>> [(copy.below, copy.source) for copy in links.copies(b"src/lib")]
[(b'/a.c', b'lib/a.c')]
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tagseal.contents.model import DereferencedFile
from tagseal.contents.tree import Folder, Leaf, TreeBuilder
from tagseal.core.listing import Member, Mode
from tagseal.core.paths import display

__all__ = ["MAX_HOPS", "MAX_STEPS", "Copy", "LinkProblem", "Links"]

MAX_HOPS = 40
"""How many symlinks may be followed on the way to one file, as on Linux."""
MAX_TARGET_BYTES = 4095
"""The longest target that a file system takes (PATH_MAX without its NUL)."""
_MAX_DEPTH = 256
MAX_STEPS = 2_000_000
"""How many names may be looked up for all symlinks of one tree together. Tens of thousands of
honest ones take less; those that lead to nothing are walked each time anew."""

_Way = tuple[tuple[bytes, Folder | Leaf], ...]
"""Path and node of every folder from the root to a place, and of the place itself."""


class LinkProblem(Exception):  # noqa: N818 - it names a state of the tree, not an error of ours
    """A symlink leads to nothing that could be copied. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A file that an archive has to have where a symlink is dereferenced."""

    below: bytes
    """What stands behind the symlink's path: empty, or a slash and more."""
    source: bytes
    """The tree path of the file itself."""
    mode: Mode
    object: str


class Links:
    """The symlinks of one tree. ``target_of`` gives a symlink's bytes by its tree path, or None."""

    def __init__(self, tree: TreeBuilder, target_of: Callable[[bytes], bytes | None]) -> None:
        self._root: _Way = ((b"", tree.root),)
        self._target_of = target_of
        self._followed: dict[bytes, tuple[_Way, int]] = {}
        self._on_the_way: set[bytes] = set()
        self._steps = 0
        self.folders: set[bytes] = set()
        """Every folder that was walked through; none of them may be known only by its id."""

    @property
    def followed(self) -> frozenset[bytes]:
        """Every symlink that was followed to its end."""
        return frozenset(self._followed)

    def copies(self, link: bytes) -> Iterator[Copy]:
        """Yield what stands behind a symlink, each file once; `LinkProblem` where that is unclear.

        The list can be endless for whoever does not stop at the first that is not there.
        """
        folder, _, _ = link.rpartition(b"/")
        above, hops = self._walk(self._root, folder.split(b"/") if folder else [], 0)
        way, hops = self._follow(link, above, hops)
        yield from self._files(way, b"", hops, 0)

    def match(
        self, link: bytes, there: Mapping[bytes, tuple[bytes, Member]]
    ) -> tuple[list[DereferencedFile], list[tuple[bytes, str]]]:
        """Hold the members at or below a symlink's path against what it leads to.

        ``there`` maps path in the tree to archive path and member. Returned are the files that are
        what they have to be, and for each breach a path and why: one that is something else, one
        that nothing leads to, or the first that is not there.
        """
        left = dict(there)
        files: list[DereferencedFile] = []
        problems: list[tuple[bytes, str]] = []
        try:
            for copy in self.copies(link):
                if (found := left.pop(link + copy.below, None)) is None:
                    why = f'no file is there for "{display(copy.source)}", which it leads to'
                    return files, [*problems, (link + copy.below, why)]
                path, member = found
                if (member.mode, member.blob) == (copy.mode, copy.object):
                    files.append(DereferencedFile(path=path, link=link, tree_path=copy.source))
                else:
                    why = f'it is not the same as "{display(copy.source)}" of the tree'
                    problems.append((path, why))
        except LinkProblem as problem:
            return files, [*problems, (link, str(problem))]
        why = f'the symlink "{display(link)}" of the tree leads to nothing of this name'
        return files, problems + [(path, why) for path, _ in left.values()]

    def _files(self, way: _Way, below: bytes, hops: int, depth: int) -> Iterator[Copy]:
        path, node = way[-1]
        if isinstance(node, tuple):
            mode, target = node
            if not mode.is_file:
                raise LinkProblem(_NO_FILE[mode].format(display(path)))
            yield Copy(below=below, source=path, mode=mode, object=target)
            return
        if depth >= _MAX_DEPTH:
            raise LinkProblem("what it leads to is too deep")
        self.folders.add(path)
        for name, child in node.items():
            self._step()
            inner, taken = self._enter(way, name, child, hops)
            yield from self._files(inner, below + b"/" + name, taken, depth + 1)

    def _walk(self, way: _Way, components: list[bytes], hops: int) -> tuple[_Way, int]:
        for name in components:
            self._step()
            path, node = way[-1]
            if isinstance(node, tuple):
                raise LinkProblem(f'it leads through "{display(path)}", which is no folder')
            self.folders.add(path)
            if name in (b"", b"."):
                continue
            if name == b"..":
                if len(way) == 1:
                    raise LinkProblem("it leads out of the tree")
                way = way[:-1]
            elif name in node:
                way, hops = self._enter(way, name, node[name], hops)
            else:
                raise LinkProblem(f'it leads to "{display(name)}", which is not in the tree')
        return way, hops

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise LinkProblem("the symlinks of the tree take too long to follow")

    def _enter(self, way: _Way, name: bytes, child: Folder | Leaf, hops: int) -> tuple[_Way, int]:
        folder = way[-1][0]
        path = folder + b"/" + name if folder else name
        if isinstance(child, tuple) and child[0] is Mode.SYMLINK:
            return self._follow(path, way, hops)
        return (*way, (path, child)), hops

    def _follow(self, link: bytes, above: _Way, hops: int) -> tuple[_Way, int]:
        """Return where a symlink in the last folder of a way leads, and all symlinks taken."""
        if link in self._on_the_way:
            raise LinkProblem("it leads back to itself")
        if len(self._on_the_way) >= MAX_HOPS:
            raise LinkProblem(_TOO_MANY)
        if link not in self._followed:
            self._on_the_way.add(link)
            try:
                self._followed[link] = self._walk(above, self._components(link), 1)
            finally:
                self._on_the_way.discard(link)
        way, taken = self._followed[link]
        if hops + taken > MAX_HOPS:
            raise LinkProblem(_TOO_MANY)
        return way, hops + taken

    def _components(self, link: bytes) -> list[bytes]:
        target = self._target_of(link)
        if target is None:
            raise LinkProblem(f'what the symlink "{display(link)}" holds is not at hand')
        if target[:1] in (b"", b"/") or len(target) > MAX_TARGET_BYTES:
            raise LinkProblem("it holds an absolute path, nothing, or too much")
        return target.split(b"/")


_TOO_MANY = f"more than {MAX_HOPS} symlinks are on its way"
_NO_FILE = {
    Mode.TREE: 'it leads to "{}", a folder that is given only by its id or is empty',
    Mode.SUBMODULE: 'it leads to the submodule "{}"',
}
