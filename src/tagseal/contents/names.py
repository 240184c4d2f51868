"""Rule 6: every name that ends up on a disk, of the archive and of the tree, held against another.

The rules themselves are in `tagseal.contents.shadowing`; here is which names they see: the
archive's members as they are installed, and the tree's entries in the archive's spelling, so that
what the archive leaves out is not forgotten.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from tagseal.contents.layout import (
    folders_above,
    installed_path,
    is_data_folder,
    is_licenses,
    map_path,
)
from tagseal.contents.level import Level, level_of
from tagseal.contents.mapper import Mapper
from tagseal.contents.model import Kind, PathMapping
from tagseal.contents.shadowing import collision_findings, shadowing_findings
from tagseal.contents.tree import Whereabouts
from tagseal.core.finding import Finding
from tagseal.core.listing import ArchiveListing
from tagseal.core.paths import folded

__all__ = ["Names"]

_FEW = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """All names of one archive and of the trees that it is held against."""

    kind: Kind
    listing: ArchiveListing
    mappings: tuple[PathMapping, ...]
    levels: Mapping[bytes, Level]

    def collisions(self) -> list[Finding]:
        """Return the names that are one name to some file system.

        Where the tree itself holds both, the finding is a ``contents-collision-in-source``.
        """
        findings = list(self._installed_twice())
        paths = [installed_path(self.kind, path) for path in self.listing.members]
        paths += self._of_trees()
        clashing = _clashing({*paths, *folders_above(paths)})
        if not clashing:
            return findings
        if len(clashing) <= _FEW:
            below = tuple(name + b"/" for name in clashing)
            paths = [path for path in paths if path in clashing or path.startswith(below)]
        return findings + collision_findings(paths, self._in_tree)

    def shadowing(self) -> list[Finding]:
        """Return the members that take precedence over others, or leave the wheel's packages."""
        # Behind a dereferenced symlink, too, each file stands to the others as in the commit.
        ours = {path for level in self.levels.values() for path in level.identical}
        ours |= {path for level in self.levels.values() for path in level.dereferenced}

        mapper = Mapper(self.mappings)

        def origin(path: bytes) -> PathMapping | None:
            if path not in ours:
                return None
            return mapper.covering(path)[0]

        members = self.listing.members
        findings = [
            Finding(
                code="contents-data-folder",
                message="installing the wheel puts it outside of the packages, or over one",
                path=path,
            )
            for path in members
            if self.kind is Kind.WHEEL and is_data_folder(self.kind, path)
        ]
        # With one mapping, whatever is the commit's shadows nothing that it did not shadow there.
        judged = [p for p in members if p not in ours] if self._is_plain else list(members)
        if not judged:
            return findings
        return findings + shadowing_findings(self.kind, members, self._of_trees(), origin, judged)

    @property
    def _is_plain(self) -> bool:
        """Whether the whole archive is laid out as the tree is, but for one folder's name."""
        return self.kind is not Kind.WHEEL and len(self.mappings) == 1

    def _installed_twice(self) -> Iterator[Finding]:
        if self.kind is not Kind.WHEEL:
            return
        seen: set[bytes] = set()
        for path in self.listing.members:
            installed = installed_path(self.kind, path)
            if installed in seen:
                message = "another file of the wheel is installed at the same path"
                yield Finding(code="contents-collision", message=message, path=path)
            seen.add(installed)

    def _of_trees(self) -> Iterator[bytes]:
        """Yield the paths of the trees as the archive would spell them.

        In an archive that is plainly laid out, those of its own members are left out.
        """
        mapper = Mapper(self.mappings)
        for prefix, level in self.levels.items():
            inside = prefix + b"/" if prefix else b""
            for path in level.only_listed() if self._is_plain else level.tree.paths():
                for mapping in mapper.leading_to(inside + path):
                    if not is_licenses(mapping):  # what stands there is not installed
                        yield mapping.archive + (inside + path)[len(mapping.tree) :]

    def _in_tree(self, archive_path: bytes) -> bool:
        """Tell whether an archive path, of a file or folder, is a path of the tagged tree."""
        tree_path = map_path(self.mappings, archive_path)
        if tree_path is None:
            return False
        level, inner = level_of(self.levels, tree_path)
        return level.tree.whereabouts(inner) is Whereabouts.PRESENT


def _clashing(names: Set[bytes]) -> set[bytes]:
    """Return those of many names that are one name to some file system."""
    seen: dict[bytes, bytes] = {}
    found: set[bytes] = set()
    for name in names:
        form = name.lower() if name.isascii() else folded(name)
        if (other := seen.setdefault(form, name)) is not name:
            found |= {name, other}
    return found
