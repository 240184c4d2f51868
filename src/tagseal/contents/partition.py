"""One tree of an account: the tagged commit's own, or that of a submodule inside it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tagseal.contents.layout import folders_above
from tagseal.contents.links import Links
from tagseal.contents.model import (
    MAX_NESTING,
    DereferencedFile,
    DereferencedLink,
    Exceptions,
    GeneratedFile,
    Kind,
    ModifiedFile,
    NestedTree,
    OmittedEntry,
    RelocatedFile,
)
from tagseal.contents.tree import TreeBuilder
from tagseal.core.listing import ArchiveListing, Member, Mode, TreeEntry, TreeListing

__all__ = ["Part", "Submodule", "attributes_above"]

_LICENSES = b".dist-info/licenses/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submodule:
    """A submodule whose objects are at hand."""

    commit: bytes
    """The raw commit object that the entry of the tree above names."""
    tree: TreeListing
    repository: str
    """Where it comes from, best as ``.gitmodules`` says it."""
    blob: Callable[[str], bytes | None]
    """Gives a blob's bytes by its id, or None."""


@dataclass(slots=True, kw_only=True)
class Part:
    """A tree and the members that belong to it; `fill` puts each of them into its class.

    ``path`` is from the root; all other tree paths are inside this tree, but for those of what is
    ``conflicting`` or ``missing``.
    """

    path: bytes
    tree: TreeListing
    blob: Callable[[str], bytes | None]
    targets: Mapping[str, bytes]
    """What the symlinks of the archive hold, by blob id."""
    commit: bytes = b""
    repository: str = ""
    depth: int = 0
    """How many submodules it is inside of."""
    identical: dict[bytes, bytes] = field(default_factory=dict)
    generated: list[GeneratedFile] = field(default_factory=list)
    modified: list[ModifiedFile] = field(default_factory=list)
    relocated: list[RelocatedFile] = field(default_factory=list)
    dereferenced: list[DereferencedFile] = field(default_factory=list)
    links: dict[bytes, bytes] = field(default_factory=dict)
    """Dereferenced symlinks and what they hold."""
    nested: "list[Part]" = field(default_factory=list)
    conflicting: list[tuple[bytes, bytes]] = field(default_factory=list)
    missing: list[tuple[bytes, str]] = field(default_factory=list)
    wanted: set[bytes] = field(default_factory=set)
    """What has to be named entry by entry though nothing in the archive stands for it."""
    _walker: Links | None = None

    def all(self) -> "Iterator[Part]":
        """Yield this part and all parts inside of it."""
        yield self
        for part in self.nested:
            yield from part.all()

    @property
    def only_here(self) -> list[bytes]:
        """The archive paths that are said to be in no tree."""
        return [*(g.path for g in self.generated), *(r.path for r in self.relocated)]

    def from_root(self, inner: bytes) -> bytes:
        """Return a path inside this tree as one from the root of the tagged commit's."""
        return self.path + b"/" + inner if self.path else inner

    def fill(
        self,
        members: Mapping[bytes, bytes | None],
        listing: ArchiveListing,
        kind: Kind,
        rule: Callable[[bytes], str],
        submodule: Callable[[bytes, str], Submodule | None],
    ) -> None:
        """Classify members: archive path to path in this tree, None where no mapping covers it."""
        entries = self.tree.entries
        rest: list[tuple[bytes, bytes | None, Member, TreeEntry | None]] = []
        for path, inner in members.items():
            member = listing.members[path]
            entry = None if inner is None else entries.get(inner)
            if entry is not None and member.blob == entry.object and member.mode == entry.mode:
                assert inner is not None
                self.identical[path] = inner
            else:
                rest.append((path, inner, member, entry))
        behind: dict[bytes, dict[bytes, bytes]] = {}
        for path, inner, member, entry in sorted(rest, key=lambda item: item[0]):
            if inner is None:
                self.generated.append(_generated(path, member, rule))
            elif (there := _in_the_way(self.tree, inner, member, entry)) is not None:
                behind.setdefault(there, {})[path] = inner
            elif entry is None:
                self.generated.append(_generated(path, member, rule))
            else:
                self.modified.append(_modified(path, member, inner, entry, rule))
        for there, paths in sorted(behind.items()):
            if not (
                self._enter_submodule(there, paths, listing, kind, rule, submodule)
                or self._dereference(there, paths, listing, kind)
            ):
                self.conflicting += [(path, self.from_root(there)) for path in paths]
        self._split_relocated(listing)

    def _enter_submodule(
        self,
        there: bytes,
        paths: Mapping[bytes, bytes],
        listing: ArchiveListing,
        kind: Kind,
        rule: Callable[[bytes], str],
        submodule: Callable[[bytes, str], Submodule | None],
    ) -> bool:
        """Account for members below a submodule against its own tree, where one is the same."""
        entry = self.tree.entries.get(there)
        if entry is None or entry.mode is not Mode.SUBMODULE or there in paths.values():
            return False
        if self.depth == MAX_NESTING:
            return False
        path = self.from_root(there)
        found = submodule(path, entry.object)
        if found is None:
            self.missing.append((path, entry.object))
            return False
        part = Part(
            path=path,
            tree=found.tree,
            blob=found.blob,
            targets=self.targets,
            commit=found.commit,
            repository=found.repository,
            depth=self.depth + 1,
        )
        below = {path: inner[len(there) + 1 :] for path, inner in paths.items()}
        part.fill(below, listing, kind, rule, submodule)
        if part.identical:
            self.nested.append(part)
        return bool(part.identical)

    def _dereference(
        self, there: bytes, paths: Mapping[bytes, bytes], listing: ArchiveListing, kind: Kind
    ) -> bool:
        """Take members for copies of what a symlink leads to, where they are just that."""
        entry = self.tree.entries.get(there)
        if entry is None or entry.mode is not Mode.SYMLINK:
            return False
        members = {inner: (path, listing.members[path]) for path, inner in paths.items()}
        among_licenses = kind is Kind.WHEEL and any(_LICENSES in path for path in paths)
        if among_licenses or len(members) != len(paths):
            return False
        if self._walker is None:
            tree = TreeBuilder()
            for path, each in self.tree.entries.items():
                tree.add(path, each)
            self._walker = Links(tree, self._target)
        files, problems = self._walker.match(there, members)
        if problems or (target := self._target(there)) is None:
            return False
        self.links[there] = target
        self.dereferenced += files
        self.wanted |= self._walker.folders | {file.tree_path for file in files}
        return True

    def _target(self, link: bytes) -> bytes | None:
        blob_id = self.tree.entries[link].object
        return self.targets[blob_id] if blob_id in self.targets else self.blob(blob_id)

    def carried_links(self) -> Iterator[tuple[str, bytes]]:
        """Yield blob id and bytes of symlinks that were followed and are left out themselves."""
        if self._walker is None or not self.links:
            return
        for link in self._walker.followed.difference(self.identical.values(), self.links):
            target = self._target(link)
            assert target is not None, "it was followed"
            yield self.tree.entries[link].object, target

    def _split_relocated(self, listing: ArchiveListing) -> None:
        """Take out of the generated files those that are an otherwise omitted tree file, moved.

        Only the same bytes, mode and base name at exactly one such tree path count, and never an
        empty file, as those are alike by chance, nor a symlink, which leads elsewhere from another
        place.
        """
        if not self.generated:
            return
        matched = self._matched()
        elsewhere: dict[tuple[bytes, Mode, str], list[bytes]] = {}
        for path, entry in self.tree.entries.items():
            if path not in matched:
                key = (path.rsplit(b"/", 1)[-1], entry.mode, entry.object)
                elsewhere.setdefault(key, []).append(path)
        taken: set[bytes] = set()
        generated, self.generated = self.generated, []
        for file in generated:
            member = listing.members[file.path]
            key = (file.path.rsplit(b"/", 1)[-1], member.mode, member.blob)
            candidates = elsewhere.get(key, [])
            if len(candidates) == 1 and member.size and member.mode.is_file:
                [source] = candidates
                if source not in taken:
                    taken.add(source)
                    self.relocated.append(RelocatedFile(path=file.path, tree_path=source))
                    continue
            self.generated.append(file)

    def _matched(self) -> set[bytes]:
        """Return the tree paths that something in the archive stands for."""
        return {
            *self.identical.values(),
            *(m.tree_path for m in self.modified),
            *(r.tree_path for r in self.relocated),
            *self.links,
            *(part.path[len(self.path) :].removeprefix(b"/") for part in self.nested),
        }

    def exceptions(self) -> Exceptions:
        """Return all differences, with what is omitted: a folder by one id where that is enough."""
        # A submodule is always named by itself: policies tell it from a folder that is left out.
        submodules = {p for p, e in self.tree.entries.items() if e.mode is Mode.SUBMODULE}
        return Exceptions(
            generated=tuple(self.generated),
            modified=tuple(self.modified),
            relocated=tuple(self.relocated),
            dereferenced=tuple(
                DereferencedLink(path=path, target=self.links[path]) for path in sorted(self.links)
            ),
            omitted=_omitted(self.tree, self._matched(), self.wanted | submodules),
            nested=tuple(
                NestedTree(
                    path=part.path[len(self.path) :].removeprefix(b"/"),
                    commit=part.commit,
                    repository=part.repository,
                    exceptions=part.exceptions(),
                )
                for part in self.nested
            ),
        )


def _generated(path: bytes, member: Member, rule: Callable[[bytes], str]) -> GeneratedFile:
    return GeneratedFile(
        path=path, mode=member.mode, sha256=member.needed_sha256(), rule=rule(path)
    )


def _modified(
    path: bytes, member: Member, inner: bytes, entry: TreeEntry, rule: Callable[[bytes], str]
) -> ModifiedFile:
    return ModifiedFile(
        path=path,
        mode=member.mode,
        sha256=member.needed_sha256(),
        tree_path=inner,
        source=entry,
        rule=rule(path),
    )


def _in_the_way(
    tree: TreeListing, tree_path: bytes, member: Member, entry: TreeEntry | None
) -> bytes | None:
    """Return the tree path of what cannot be in one tree with a member, or None."""
    if entry is not None:
        same_type = member.mode == entry.mode or (member.mode.is_file and entry.mode.is_file)
        return None if same_type else tree_path
    if tree_path in tree.trees:
        return tree_path
    while folder := tree_path.rpartition(b"/")[0]:
        if folder in tree.entries and tree.entries[folder].mode is not Mode.TREE:
            return folder
        tree_path = folder
    return None


def attributes_above(tree: TreeListing, paths: Iterable[bytes]) -> set[bytes]:
    """Return the paths of the attributes files of a tree that count for these paths."""
    found = set()
    for path in paths:
        folder = path
        while folder:
            folder = folder.rpartition(b"/")[0]
            name = folder + b"/.gitattributes" if folder else b".gitattributes"
            if name in tree.entries:
                found.add(name)
    return found


def _omitted(
    tree: TreeListing, matched: Collection[bytes], wanted: Collection[bytes]
) -> tuple[OmittedEntry, ...]:
    """Return what the archive leaves out, a folder by its one id wherever nothing in it is needed.

    A folder is listed entry by entry when something in it is matched, or when a wanted path leads
    through it: a generated file's absence can only be shown in a folder whose entries are named.
    """
    expanded = folders_above(matched)
    for path in wanted:
        folder = path.removesuffix(b"/")
        expanded |= folders_above([folder, folder + b"/"] if folder in tree.trees else [folder])
    expanded.add(b"")
    found: dict[bytes, TreeEntry] = {}
    for path, entry in tree.entries.items():
        if path in matched:
            continue
        top = _highest_unexpanded(path, expanded)
        if top is None:
            found[path] = entry
        elif top not in found:
            found[top] = TreeEntry(mode=Mode.TREE, object=tree.trees[top])
    return tuple(OmittedEntry(path=path, entry=found[path]) for path in sorted(found))


def _highest_unexpanded(path: bytes, expanded: Collection[bytes]) -> bytes | None:
    end = path.find(b"/")
    while end != -1:
        if path[:end] not in expanded:
            return path[:end]
        end = path.find(b"/", end + 1)
    return None
