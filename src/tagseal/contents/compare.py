"""The partition: every file of an archive and every entry of a tree, each in exactly one class.

`account_for` compares a listing of an archive with the listing of the tagged commit's tree. Nothing
here decides whether a difference is acceptable; that is a policy's part. The error, if any, is
derived from the partition, never found on the way.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tagseal.contents.layout import map_path, readings
from tagseal.contents.model import (
    Exceptions,
    GeneratedFile,
    Kind,
    ModifiedFile,
    OmittedEntry,
    PathMapping,
    RelocatedFile,
)
from tagseal.core.digests import Hasher, ObjectFormat
from tagseal.core.listing import ArchiveListing, Member, Mode, TreeEntry, TreeListing

__all__ = ["Account", "account_for", "identical_digest", "same_content"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An archive against a tree.

    ``identical`` maps archive path to tree path; all other differences are the `Exceptions`. A file
    of another type than the tree's entry (a symlink where the tree has a file, a file where it has
    a folder, or one below its file or submodule) stands in ``conflicting``, with the path of that
    entry: no claim can express it and no policy can allow it.
    """

    kind: Kind
    mappings: tuple[PathMapping, ...]
    identical: Mapping[bytes, bytes]
    exceptions: Exceptions
    conflicting: tuple[tuple[bytes, bytes], ...]

    @property
    def counts(self) -> dict[str, int]:
        """The number of paths in each class."""
        return {
            "identical": len(self.identical),
            "generated": len(self.exceptions.generated),
            "modified": len(self.exceptions.modified),
            "relocated": len(self.exceptions.relocated),
            "omitted": len(self.exceptions.omitted),
        }


def same_content(member: Member, entry: TreeEntry) -> bool:
    """Return whether a member is exactly a tree's entry: bytes and mode.

    In a zip that records no modes every file counts as not executable; one that is executable in
    the tree is then modified, which a verifier can recompute.
    """
    return member.mode == entry.mode and member.blob == entry.object


def account_for(
    listing: ArchiveListing,
    tree: TreeListing,
    *,
    kind: Kind,
    mappings: tuple[PathMapping, ...],
    needed: Collection[bytes] = (),
    rules: Mapping[bytes, str] | None = None,
) -> Account:
    """Return the partition of an archive against a tree.

    ``needed`` are tree paths that a check will want to name even when they are omitted (the
    configuration, a readme): the folders above them are listed entry by entry. ``rules`` names the
    rule that expects an exception, by archive path.
    """
    identical: dict[bytes, bytes] = {}
    generated: list[GeneratedFile] = []
    modified: list[ModifiedFile] = []
    conflicting: list[tuple[bytes, bytes]] = []
    names = rules or {}
    for path, member in sorted(listing.members.items()):
        tree_path = map_path(mappings, path)
        entry = tree.entries.get(tree_path) if tree_path is not None else None
        rule = names.get(path, "unexplained")
        if tree_path is not None and (there := _in_the_way(tree, tree_path, member, entry)):
            conflicting.append((path, there))
        elif tree_path is None or entry is None:
            generated.append(
                GeneratedFile(path=path, mode=member.mode, sha256=member.needed_sha256(), rule=rule)
            )
        elif same_content(member, entry):
            identical[path] = tree_path
        else:
            modified.append(
                ModifiedFile(
                    path=path,
                    mode=member.mode,
                    sha256=member.needed_sha256(),
                    tree_path=tree_path,
                    source=entry,
                    rule=rule,
                )
            )
    matched = {*identical.values(), *(m.tree_path for m in modified), *(c[1] for c in conflicting)}
    generated, relocated = _split_relocated(generated, listing, tree, matched)
    matched |= {r.tree_path for r in relocated}
    wanted = {*needed, *(m.tree for m in mappings)}
    # A submodule is always named by itself: policies tell it from a folder that is left out.
    wanted |= {path for path, entry in tree.entries.items() if entry.mode is Mode.SUBMODULE}
    only_here = [*(g.path for g in generated), *(r.path for r in relocated)]
    wanted |= {reading for path in only_here for reading in readings(mappings, kind, path)}
    for folder in listing.folders:
        tree_path = map_path(mappings, folder)
        if tree_path is not None and tree_path in tree.entries:
            wanted.add(tree_path)  # it stands for a submodule or an empty folder
    return Account(
        kind=kind,
        mappings=mappings,
        identical=identical,
        exceptions=Exceptions(
            generated=tuple(generated),
            modified=tuple(modified),
            relocated=tuple(relocated),
            omitted=_omitted(tree, matched, wanted),
        ),
        conflicting=tuple(conflicting),
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


def _split_relocated(
    generated: list[GeneratedFile],
    listing: ArchiveListing,
    tree: TreeListing,
    matched: Collection[bytes],
) -> tuple[list[GeneratedFile], list[RelocatedFile]]:
    """Take out of the generated files those that are an otherwise omitted tree file, moved.

    Only the same bytes, mode and base name at exactly one such tree path count, and never an empty
    file, as those are alike by chance, nor a symlink, which leads elsewhere from another place.
    """
    elsewhere: dict[tuple[bytes, TreeEntry], list[bytes]] = {}
    for path, entry in tree.entries.items():
        if path not in matched:
            elsewhere.setdefault((path.rsplit(b"/", 1)[-1], entry), []).append(path)
    remaining: list[GeneratedFile] = []
    relocated: dict[bytes, RelocatedFile] = {}
    for file in generated:
        member = listing.members[file.path]
        key = (
            file.path.rsplit(b"/", 1)[-1],
            TreeEntry(mode=member.mode, object=member.blob),
        )
        candidates = elsewhere.get(key, [])
        if (
            len(candidates) == 1
            and member.size
            and member.mode.is_file
            and candidates[0] not in relocated
        ):
            relocated[candidates[0]] = RelocatedFile(path=file.path, tree_path=candidates[0])
        else:
            remaining.append(file)
    return remaining, sorted(relocated.values(), key=lambda r: r.path)


def _omitted(
    tree: TreeListing, matched: Collection[bytes], wanted: Collection[bytes]
) -> tuple[OmittedEntry, ...]:
    """Return what the archive leaves out, a folder by its one id wherever nothing in it is needed.

    A folder is listed entry by entry when something in it is matched, or when a wanted path leads
    through it: a generated file's absence can only be shown in a folder whose entries are named.
    """
    expanded = {b""}
    for path in (*matched, *wanted):
        folder = path.removesuffix(b"/")
        if folder in tree.trees:
            expanded.add(folder)
        while b"/" in folder:
            folder = folder.rsplit(b"/", 1)[0]
            if folder in expanded:
                break
            if folder in tree.trees:
                expanded.add(folder)
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


def identical_digest(members: Mapping[bytes, Member], identical: Mapping[bytes, bytes]) -> str:
    """Return the sha256 over the identical files, so that their bytes are bound without SHA-1.

    It covers, for each in byte order of the archive path: archive path, tree path, mode as six
    octal digits, sha256 in hex, each ended by a NUL byte. ValueError when a member's sha256 was not
    made.
    """
    hasher: Hasher = ObjectFormat.SHA256.new()
    for path in sorted(identical):
        member = members[path]
        fields = (path, identical[path], member.mode.text.encode(), member.needed_sha256().encode())
        hasher.update(b"".join(f + b"\0" for f in fields))
    return hasher.hexdigest()
