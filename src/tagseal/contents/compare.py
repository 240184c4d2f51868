"""The partition: every file of an archive and every entry of a tree, each in exactly one class.

`account_for` compares a listing of an archive with the listing of the tagged commit's tree, and of
those submodules whose files the archive holds. Nothing here decides whether a difference is
acceptable; that is a policy's part. The error, if any, is derived from the partition, never found
on the way.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from tagseal.contents.layout import folders_above, map_paths, readings
from tagseal.contents.mapper import Mapper
from tagseal.contents.model import DereferencedFile, Exceptions, Kind, PathMapping
from tagseal.contents.partition import Part, Submodule, attributes_above
from tagseal.core.digests import Hasher, ObjectFormat
from tagseal.core.listing import ArchiveListing, Member, Mode, TreeListing

_MODE_TEXT = {mode: mode.text.encode() for mode in Mode}

__all__ = ["Account", "account_for", "identical_digest", "set_aside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An archive against a tree.

    ``identical`` maps archive path to tree path; all other differences are the `Exceptions`. A file
    of another type than the tree's entry (a symlink where the tree has a file, a file where it has
    a folder, or one below its file or submodule) stands in ``conflicting``, with the path of that
    entry: no claim can express it and no policy can allow it. All tree paths outside of the
    exceptions are from the root of the tagged commit's tree.
    """

    kind: Kind
    mappings: tuple[PathMapping, ...]
    identical: Mapping[bytes, bytes]
    """The files of the commit itself."""
    inside: Mapping[bytes, bytes]
    """The identical files of submodules."""
    dereferenced: tuple[DereferencedFile, ...]
    exceptions: Exceptions
    conflicting: tuple[tuple[bytes, bytes], ...]
    missing: tuple[tuple[bytes, str], ...]
    """Path and commit of submodules whose files are there, and whose objects are not at hand."""
    links: Mapping[str, bytes]
    """Blob id to bytes of symlinks that are left out and that dereferenced ones lead through."""

    @property
    def all_identical(self) -> dict[bytes, bytes]:
        """The identical files of the commit and of its submodules."""
        return {**self.identical, **self.inside}

    @property
    def flat(self) -> Exceptions:
        """All exceptions, those of submodules too, with tree paths from the root."""
        return _flat(self.exceptions, b"")

    @property
    def counts(self) -> dict[str, int]:
        """The number of paths in each class, those of submodules too."""
        flat = self.flat
        return {
            "identical": len(self.identical) + len(self.inside),
            "generated": len(flat.generated),
            "modified": len(flat.modified),
            "relocated": len(flat.relocated),
            "dereferenced": len(self.dereferenced),
            "omitted": len(flat.omitted),
        }

    @property
    def bound(self) -> dict[bytes, bytes]:
        """Archive path to tree path of all that the digest over the identical files is over."""
        copies = {file.path: file.tree_path for file in self.dereferenced}
        return {**self.identical, **self.inside, **copies}


def _flat(exceptions: Exceptions, prefix: bytes) -> Exceptions:
    inside = [_flat(n.exceptions, prefix + n.path + b"/") for n in exceptions.nested]
    return Exceptions(
        generated=(*exceptions.generated, *(g for each in inside for g in each.generated)),
        modified=(
            *(replace(m, tree_path=prefix + m.tree_path) for m in exceptions.modified),
            *(m for each in inside for m in each.modified),
        ),
        relocated=(
            *(replace(r, tree_path=prefix + r.tree_path) for r in exceptions.relocated),
            *(r for each in inside for r in each.relocated),
        ),
        dereferenced=(
            *(replace(d, path=prefix + d.path) for d in exceptions.dereferenced),
            *(d for each in inside for d in each.dereferenced),
        ),
        omitted=(
            *(replace(o, path=prefix + o.path) for o in exceptions.omitted),
            *(o for each in inside for o in each.omitted),
        ),
    )


def account_for(
    listing: ArchiveListing,
    tree: TreeListing,
    *,
    kind: Kind,
    mappings: tuple[PathMapping, ...],
    needed: Collection[bytes] = (),
    rule: Callable[[bytes], str] = lambda _path: "unexplained",
    blob: Callable[[str], bytes | None] = lambda _blob_id: None,
    submodule: Callable[[bytes, str], Submodule | None] = lambda _path, _commit_id: None,
) -> Account:
    """Return the partition of an archive against a tree.

    ``needed`` are tree paths that a check will want to name even when they are omitted (the
    configuration, a readme): the folders above them are listed entry by entry. ``rule`` names what
    the producer says of a file that is generated or modified, by archive path. ``blob`` gives a
    blob's bytes by its id, ``submodule`` what is known of a submodule by its path and commit id;
    both return None for what is not at hand, and are asked only when something depends on it.
    """
    targets = {m.blob: m.target for m in listing.members.values() if m.target is not None}
    root = Part(path=b"", tree=tree, blob=blob, targets=targets)
    root.fill(map_paths(mappings, listing.members), listing, kind, rule, submodule)
    parts = {part.path: part for part in root.all()}
    root.wanted |= {*needed, *(m.tree for m in mappings)}
    root.wanted |= attributes_above(tree, (m.tree_path for m in root.modified))
    if root.nested:
        root.wanted.add(b".gitmodules")
    # What is only in the archive is absent from the tree for certain, by every reading of it.
    mapper = Mapper(mappings)
    only_here = [path for part in parts.values() for path in part.only_here]
    _want(parts, (reading for path in only_here for reading in readings(mapper, kind, path)))
    # A folder of the archive that stands for a submodule, or for an empty folder.
    standing = map_paths(mappings, listing.folders).values()
    _want(parts, (path for path in standing if path is not None), only_entries=True)
    return Account(
        kind=kind,
        mappings=mappings,
        identical=root.identical,
        inside={
            path: part.from_root(inner)
            for part in parts.values()
            if part is not root
            for path, inner in part.identical.items()
        },
        dereferenced=tuple(
            replace(file, link=part.from_root(file.link), tree_path=part.from_root(file.tree_path))
            for part in parts.values()
            for file in part.dereferenced
        ),
        exceptions=root.exceptions(),
        conflicting=tuple(sorted(conflict for p in parts.values() for conflict in p.conflicting)),
        missing=tuple(sorted(missing for part in parts.values() for missing in part.missing)),
        links={blob_id: data for p in parts.values() for blob_id, data in p.carried_links()},
    )


def _want(parts: Mapping[bytes, Part], paths: Iterable[bytes], only_entries: bool = False) -> None:
    """Have each path named by the innermost tree that it is in."""
    for path in paths:
        part, inner = parts[b""], path
        end = len(path) if len(parts) > 1 else 0
        while (end := path.rfind(b"/", 0, end)) != -1:
            if path[:end] in parts:
                part, inner = parts[path[:end]], path[end + 1 :]
                break
        if not only_entries or inner in part.tree.entries:
            part.wanted.add(inner)


def set_aside(account: Account, listing: ArchiveListing) -> tuple[Account, ArchiveListing]:
    """Return account and listing as if the conflicting members were not in the archive.

    What is left can be claimed and judged; what is set aside is refused in any case.
    """
    if not account.conflicting:
        return account, listing
    aside = {path for path, _ in account.conflicting}
    rest = {path: member for path, member in listing.members.items() if path not in aside}
    emptied = folders_above(aside) - folders_above(rest)
    return (
        replace(account, conflicting=(), missing=()),
        replace(listing, members=rest, folders=listing.folders - emptied),
    )


def identical_digest(members: Mapping[bytes, Member], identical: Mapping[bytes, bytes]) -> str:
    """Return the sha256 over the identical files, so that their bytes are bound without SHA-1.

    It covers, for each in byte order of the archive path: archive path, tree path, mode as six
    octal digits, sha256 in hex, each ended by a NUL byte. ValueError when a member's sha256 was not
    made.
    """
    hasher: Hasher = ObjectFormat.SHA256.new()
    for path in sorted(identical):
        member = members[path]
        digest = member.sha256 or member.needed_sha256()
        fields = (path, identical[path], _MODE_TEXT[member.mode], digest.encode(), b"")
        hasher.update(b"\0".join(fields))
    return hasher.hexdigest()
