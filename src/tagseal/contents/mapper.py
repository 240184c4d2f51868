"""The mappings of a layout, looked up by a path's folders and not tried one after the other.

A wheel can have hundreds of mappings and a hundred thousand files, and whoever made it may be an
attacker.

>>> maps = (PathMapping(archive=b"a/", tree=b"src/a/"), PathMapping(archive=b"b.py", tree=b"b.py"))
>>> mapper = Mapper(maps)
>>> [m.archive for m in mapper.covering(b"a/x/y")], mapper.tree_path(b"a/x/y")
([b'a/'], b'src/a/x/y')
>>> [m.archive for m in mapper.leading_to(b"b.py")], mapper.tree_path(b"c")
([b'b.py'], None)
"""

from collections.abc import Iterable, Iterator

from tagseal.contents.model import PathMapping

__all__ = ["Mapper"]

_Numbered = tuple[int, PathMapping]


class Mapper:
    """Mappings in the order of a layout; where several cover a path, the first one counts."""

    def __init__(self, mappings: Iterable[PathMapping]) -> None:
        self._by_archive: dict[bytes, list[_Numbered]] = {}
        self._by_tree: dict[bytes, list[_Numbered]] = {}
        for item in enumerate(mappings):
            self._by_archive.setdefault(item[1].archive, []).append(item)
            self._by_tree.setdefault(item[1].tree, []).append(item)

    def covering(self, archive_path: bytes) -> list[PathMapping]:
        """Return all mappings that give an archive path a tree path."""
        found = _found(self._by_archive, archive_path)
        return [mapping for mapping in found if mapping.apply(archive_path) is not None]

    def tree_path(self, archive_path: bytes) -> bytes | None:
        """Return the tree path of an archive path, or None where no mapping covers it."""
        covering = self.covering(archive_path)
        return covering[0].apply(archive_path) if covering else None

    def leading_to(self, tree_path: bytes) -> list[PathMapping]:
        """Return all mappings that could give some archive path this tree path."""
        return [
            mapping
            for mapping in _found(self._by_tree, tree_path)
            if mapping.is_folder != (mapping.tree == tree_path)
        ]


def _found(mappings: dict[bytes, list[_Numbered]], path: bytes) -> Iterator[PathMapping]:
    found = [item for end in _ends(path) for item in mappings.get(path[:end], ())]
    return (mapping for _, mapping in sorted(found))


def _ends(path: bytes) -> Iterator[int]:
    yield 0
    end = path.find(b"/")
    while end != -1:
        yield end + 1
        end = path.find(b"/", end + 1)
    if path and not path.endswith(b"/"):
        yield len(path)
