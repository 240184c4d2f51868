"""One tree of the proof: the tagged commit's own, or that of a submodule inside it.

`flatten` gives each member of the archive to the innermost tree that it belongs to, and
`check_level` rebuilds that tree. All rules hold in each of them alike.
"""

from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field

from tagseal.contents.layout import map_paths
from tagseal.contents.links import Links
from tagseal.contents.model import (
    DereferencedFile,
    Exceptions,
    ModifiedFile,
    NestedTree,
    OmittedEntry,
    PathMapping,
)
from tagseal.contents.tree import EMPTY_TREES, TreeBuilder, TreeConflict
from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.finding import Finding
from tagseal.core.gitobjects import parse_commit
from tagseal.core.listing import ArchiveListing, Member, Mode, TreeEntry
from tagseal.core.paths import check_path, display

__all__ = ["Level", "check_level", "flatten", "level_of"]

_LICENSES = b".dist-info/licenses/"


@dataclass(slots=True, kw_only=True)
class Level:
    """One tree under proof and the members that belong to it; `check_level` fills it."""

    path: bytes
    """The tree path of the submodule; empty for the tagged commit itself."""
    commit: bytes
    """The raw commit object whose tree this is."""
    exceptions: Exceptions
    repository: str
    members: dict[bytes, bytes | None] = field(default_factory=dict)
    """Archive path to the path inside this tree; None where no mapping covers it."""
    tree: TreeBuilder = field(default_factory=TreeBuilder)
    identical: dict[bytes, bytes] = field(default_factory=dict)
    dereferenced: dict[bytes, DereferencedFile] = field(default_factory=dict)
    """By archive path; all tree paths are inside this tree."""
    standing_empty: set[bytes] = field(default_factory=set)
    """Paths of submodules and empty folders, which an archive shows as an empty folder."""

    def only_listed(self) -> Iterator[bytes]:
        """Yield the paths that the tree has by the lists alone, and not by an identical member."""
        exceptions = self.exceptions
        yield from (modified.tree_path for modified in exceptions.modified)
        yield from (relocated.tree_path for relocated in exceptions.relocated)
        yield from (link.path for link in exceptions.dereferenced)
        yield from (omitted.path for omitted in exceptions.omitted)
        yield from (nested.path for nested in exceptions.nested)


def flatten(
    exceptions: Exceptions,
    commit: bytes,
    repository: str,
    mappings: tuple[PathMapping, ...],
    members: Mapping[bytes, Member],
) -> dict[bytes, Level]:
    """Return all trees of a claim by their path, each with its members."""
    levels = {b"": Level(path=b"", commit=commit, exceptions=exceptions, repository=repository)}
    pending = [(b"", nested) for nested in exceptions.nested]
    while pending:
        parent, nested = pending.pop()
        path = parent + b"/" + nested.path if parent else nested.path
        if path not in levels:
            levels[path] = Level(
                path=path,
                commit=nested.commit,
                exceptions=nested.exceptions,
                repository=nested.repository,
            )
            pending += [(path, inner) for inner in nested.exceptions.nested]
    mapped = map_paths(mappings, members)
    if len(levels) == 1:
        levels[b""].members = mapped
        return levels
    listing_it = {
        path: level for level in levels.values() for path in _listed_paths(level.exceptions)
    }
    for member, tree_path in mapped.items():
        if tree_path is None:  # it belongs to the tree whose lists name it
            listing_it.get(member, levels[b""]).members[member] = None
        else:
            level, inner = level_of(levels, tree_path)
            level.members[member] = inner
    return dict(sorted(levels.items()))


def level_of(levels: Mapping[bytes, Level], tree_path: bytes) -> tuple[Level, bytes]:
    """Return the innermost level that a tree path belongs to, and the path inside it."""
    end = len(tree_path) if len(levels) > 1 else 0
    while (end := tree_path.rfind(b"/", 0, end)) != -1:
        if tree_path[:end] in levels:
            return levels[tree_path[:end]], tree_path[end + 1 :]
    return levels[b""], tree_path


def check_level(
    level: Level, listing: ArchiveListing, carried: Mapping[str, bytes]
) -> Iterator[Finding]:
    """Classify a tree's members, rebuild the tree, and hold it against the commit's.

    ``carried`` are the claim's bytes by blob id, where symlinks that are left out may be found.
    """
    yield from _lists(level)
    yield from _listed(level, listing)
    behind_links = yield from _identical(level, listing)
    for link in level.exceptions.dereferenced:
        target = object_id("blob", link.target, listing.object_format)
        entry = TreeEntry(mode=Mode.SYMLINK, object=target)
        yield from _add(level, link.path, entry, link.path)
    for omitted in level.exceptions.omitted:
        yield from _add_omitted(level, omitted)
    for nested in level.exceptions.nested:
        yield from _add_nested(level, nested, listing.object_format)
    if level.exceptions.dereferenced:
        links = Links(level.tree, _targets(level, listing, carried).get)
        for link in level.exceptions.dereferenced:
            there = behind_links.get(link.path, {})
            files, problems = links.match(
                link.path, {inner: (path, listing.members[path]) for inner, path in there.items()}
            )
            level.dereferenced |= {file.path: file for file in files}
            for path, why in problems:
                yield _finding("contents-dereferenced", why, path)
    yield from _root(level, listing.object_format)


def _finding(code: str, message: str, path: bytes | None = None) -> Finding:
    return Finding(code=code, message=message, path=path)


def _add(level: Level, inner: bytes, entry: TreeEntry, path: bytes) -> Iterator[Finding]:
    try:
        level.tree.add(inner, entry)
    except TreeConflict as conflict:
        yield _finding("contents-conflict", str(conflict), path)


def _lists(level: Level) -> Iterator[Finding]:
    """Rules 2 and 3: lists are sorted and disjoint, and every path in them is acceptable."""
    exceptions = level.exceptions
    only_archive = [
        [item.path for item in exceptions.generated],
        [item.path for item in exceptions.modified],
        [item.path for item in exceptions.relocated],
    ]
    only_tree = [
        [item.path for item in exceptions.dereferenced],
        [item.path for item in exceptions.omitted],
        [item.path for item in exceptions.nested],
    ]
    for lists in (only_archive, only_tree):
        together = [path for paths in lists for path in paths]
        if len(set(together)) != len(together) or any(p != sorted(p) for p in lists):
            yield _finding("contents-lists", "a list is unsorted, or a path is listed twice")
    tree_paths = [m.tree_path for m in exceptions.modified]
    tree_paths += [r.tree_path for r in exceptions.relocated]
    for path in (p for lists in (*only_archive, *only_tree, tree_paths) for p in lists):
        if problem := check_path(path):
            yield _finding("contents-path-refused", problem, path)


def _listed(level: Level, listing: ArchiveListing) -> Iterator[Finding]:
    """Rule 2: what is listed is there, as it is listed; modified and relocated are in the tree."""
    for path in sorted(_listed_paths(level.exceptions) - level.members.keys()):
        yield _finding("contents-listed-missing", "it is listed but not there", path)
    for generated in level.exceptions.generated:
        if generated.path in level.members:
            member = listing.members[generated.path]
            yield from _same_as_listed(generated.path, member, generated.mode, generated.sha256)
    for modified in level.exceptions.modified:
        if modified.path in level.members:
            yield from _modified(level, modified, listing.members[modified.path])
    for relocated in level.exceptions.relocated:
        if relocated.path in level.members:
            member = listing.members[relocated.path]
            if not member.mode.is_file:
                message = "a symlink cannot be relocated: it would lead elsewhere"
                yield _finding("contents-symlink", message, relocated.path)
            entry = TreeEntry(mode=member.mode, object=member.blob)
            yield from _add(level, relocated.tree_path, entry, relocated.path)


def _listed_paths(exceptions: Exceptions) -> set[bytes]:
    paths = {generated.path for generated in exceptions.generated}
    paths |= {modified.path for modified in exceptions.modified}
    return paths | {relocated.path for relocated in exceptions.relocated}


def _modified(level: Level, modified: ModifiedFile, member: Member) -> Iterator[Finding]:
    yield from _same_as_listed(modified.path, member, modified.mode, modified.sha256)
    if level.members[modified.path] != modified.tree_path:
        message = "the layout does not lead from it to the tree path that is listed"
        yield _finding("contents-conflict", message, modified.path)
    if not modified.source.mode.is_file:
        message = f"a file stands for a {modified.source.mode.name.lower()} of the tree"
        yield _finding("contents-conflict", message, modified.path)
    if modified.source == TreeEntry(mode=member.mode, object=member.blob):
        message = "it is listed as modified, but it is identical"
        yield _finding("contents-lists", message, modified.path)
    yield from _add(level, modified.tree_path, modified.source, modified.path)


_BehindLinks = dict[bytes, dict[bytes, bytes]]
"""Tree path of a symlink to the members at or below it: path in the tree to archive path."""


def _identical(level: Level, listing: ArchiveListing) -> Generator[Finding, None, _BehindLinks]:
    """Rule 2: every member that no list names has to be the tree's own entry.

    Those behind a dereferenced symlink are returned; they have to be what it leads to.
    """
    listed = _listed_paths(level.exceptions)
    links = {link.path for link in level.exceptions.dereferenced}
    license_copies: dict[bytes, bytes] = {}
    behind_links: _BehindLinks = {}
    for path, inner in level.members.items():
        if path in listed:
            continue
        if inner is None:
            yield _finding("contents-unmapped", "no mapping covers it and no list names it", path)
            continue
        if links and (link := _link_above(inner, links)) is not None:
            yield from _behind_link(behind_links.setdefault(link, {}), inner, path)
            continue
        level.identical[path] = inner
        if _LICENSES in path:
            license_copies[path] = inner
            continue
        member = listing.members[path]
        try:
            level.tree.put(inner, member.mode, member.blob)
        except TreeConflict as conflict:
            yield _finding("contents-conflict", str(conflict), path)
    for path, inner in license_copies.items():
        member = listing.members[path]
        entry = TreeEntry(mode=member.mode, object=member.blob)
        # A wheel may hold a license twice: in its package and, the same, among its licenses.
        if not level.tree.holds(inner, member.mode, member.blob):
            if level.path:
                message = "a submodule's file stands only among the licenses"
                yield _finding("contents-layout-refused", message, path)
            yield from _add(level, inner, entry, path)
    return behind_links


def _link_above(inner: bytes, links: Collection[bytes]) -> bytes | None:
    """Return which of the symlinks a path is at or below."""
    while inner:
        if inner in links:
            return inner
        inner = inner.rpartition(b"/")[0]
    return None


def _behind_link(members: dict[bytes, bytes], inner: bytes, path: bytes) -> Iterator[Finding]:
    if _LICENSES in path:
        message = "a symlink of the tree is dereferenced among the licenses"
        yield _finding("contents-layout-refused", message, path)
    elif inner in members:
        message = "another file of the archive stands for the same path of the tree"
        yield _finding("contents-conflict", message, path)
    else:
        members[inner] = path


def _targets(
    level: Level, listing: ArchiveListing, carried: Mapping[str, bytes]
) -> dict[bytes, bytes]:
    """Return what the tree's symlinks hold, for those where that is known."""
    targets = {
        omitted.path: carried[omitted.entry.object]
        for omitted in level.exceptions.omitted
        if omitted.entry.mode is Mode.SYMLINK and omitted.entry.object in carried
    }
    for path, inner in level.identical.items():
        if (target := listing.members[path].target) is not None:
            targets[inner] = target
    return targets | {link.path: link.target for link in level.exceptions.dereferenced}


def _same_as_listed(path: bytes, member: Member, mode: Mode, sha256: str) -> Iterator[Finding]:
    if not member.mode.is_file:
        message = "a symlink can be neither generated nor modified"
        yield _finding("contents-symlink", message, path)
    if (member.mode, member.sha256) != (mode, sha256):
        message = "its bytes or its mode are not those that the signed account lists"
        yield _finding("contents-listed-differs", message, path)


def _add_omitted(level: Level, omitted: OmittedEntry) -> Iterator[Finding]:
    if omitted.entry.mode is Mode.SUBMODULE or omitted.entry.object in EMPTY_TREES:
        level.standing_empty.add(omitted.path)
    yield from _add(level, omitted.path, omitted.entry, omitted.path)


def _add_nested(level: Level, nested: NestedTree, object_format: ObjectFormat) -> Iterator[Finding]:
    commit_id = object_id("commit", nested.commit, object_format)
    entry = TreeEntry(mode=Mode.SUBMODULE, object=commit_id)
    yield from _add(level, nested.path, entry, nested.path)


def _root(level: Level, object_format: ObjectFormat) -> Iterator[Finding]:
    where = level.path or None
    try:
        expected = parse_commit(level.commit, object_format).tree
    except ValueError as error:
        yield _finding("contents-commit-malformed", f"the commit object is refused: {error}", where)
        return
    try:
        rebuilt = level.tree.id(object_format)
    except ValueError as error:
        yield _finding("contents-unbuildable", f"no tree can be built of it: {error}", where)
        return
    if rebuilt != expected:
        whose = f'the submodule "{display(level.path)}"' if level.path else "the tagged commit"
        message = f"the archive and its listed exceptions do not make up the tree of {whose}"
        yield _finding("contents-tree-differs", message, where)
