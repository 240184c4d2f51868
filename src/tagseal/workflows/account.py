"""Accounting for a built archive: its listing, the partition, and the claim to be signed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tagseal.archives import open_archive
from tagseal.config import read_toml
from tagseal.contents import (
    CONFIGURATION_FILES,
    Account,
    Kind,
    SourceContents,
    account_for,
    attributes_above,
    choose_layout,
    claim_of,
    dist_info_folder,
    guess_kind,
    set_aside,
    stem,
)
from tagseal.contents.metadata import metadata_role
from tagseal.core.finding import Finding
from tagseal.core.listing import ArchiveListing
from tagseal.core.paths import display
from tagseal.workflows.keeping import keep_small
from tagseal.workflows.source import ReleaseSource
from tagseal.workflows.submodules import open_submodules

__all__ = ["Accounted", "account_archive"]

_MOST_NAMED = 5
_CARRIED_LIMIT = 1024 * 1024
"""Larger sources are not put into a statement; their files then count as unproven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounted:
    """One archive, held against its source."""

    path: Path
    listing: ArchiveListing
    account: Account
    claim: SourceContents | None
    """None where something differs that no claim can express: see ``conflicts``."""
    source: ReleaseSource
    """The source, with all of its configuration that the clone or the archive has."""
    rest: tuple[ArchiveListing, SourceContents]
    """Listing and claim without what conflicts: what can be judged in any case."""
    origins: Mapping[bytes, str]
    """Where the submodules come from whose objects are not at hand, where that is known."""
    missing: tuple[bytes, ...]
    """Tree paths whose bytes a check needs, and that neither clone nor archive has."""

    @property
    def conflicts(self) -> tuple[Finding, ...]:
        """Members of another type than the tree's entry, such as a file for a symlink."""
        return tuple(self._conflict(path, there) for path, there in self.account.conflicting)

    def _conflict(self, path: bytes, there: bytes) -> Finding:
        commit = dict(self.account.missing).get(there)
        if commit is None:
            message = f'it is of another type than the commit\'s "{display(there)}"'
            return Finding(code="contents-conflicting", message=message, path=path)
        origin = f" of {self.origins[there]}" if there in self.origins else ""
        message = f'it is in the submodule "{display(there)}", whose commit {commit}{origin} is '
        return Finding(code="contents-submodule", message=message + "not at hand", path=path)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What could not be looked at, and what brings it."""
        if not self.missing:
            return ()
        named = ", ".join(f'"{display(path)}"' for path in self.missing[:_MOST_NAMED])
        more = len(self.missing) - _MOST_NAMED
        return (
            f"the clone lacks bytes that a check needs, of {named}"
            + (f" and {more} more" if more > 0 else "")
            + "; git fetch --refetch --filter=blob:limit=1t brings them",
        )


def account_archive(
    path: Path,
    source: ReleaseSource,
    *,
    submodules: Mapping[bytes, Path] | None = None,
    collision_detection: bool = False,
    tar_digest: bool = True,
) -> Accounted:
    """Read an archive and account for it against the tagged commit.

    The bytes of tree files that a verifier needs but the archive lacks (the configuration, the
    readme, the sources of modified files) are carried in the claim. Only commits and trees have to
    be in the clone: bytes of blobs are taken from the archive where it has them. ``submodules`` has
    repositories for submodules, by path, where the clone does not have them itself. The other two
    are how the archive is read: see `tagseal.archives.open_archive`.
    """
    listing = open_archive(
        path,
        object_format=source.tree.object_format,
        keep=keep_small,
        tar_digest=tar_digest,
        collision_detection=collision_detection,
    )
    kept = {listing.members[path].blob: content for path, content in listing.kept.items()}
    source = source.completed(kept)
    kind = guess_kind(path.name)
    mappings = choose_layout(kind, path.name, listing.members, source.tree)
    needed = _needed(source)

    def blob(name: str) -> bytes | None:
        if name in kept and len(kept[name]) <= _CARRIED_LIMIT:
            return kept[name]
        return source.repository.blob_at_hand(name, limit=_CARRIED_LIMIT)

    with open_submodules(
        source.repository, source.tree, elsewhere=kept, given=submodules or {}
    ) as opened:
        account = account_for(
            listing,
            source.tree,
            kind=kind,
            mappings=mappings,
            needed=needed,
            rule=lambda member: _rule(kind, member, path.name),
            blob=blob,
            submodule=opened,
        )
        origins = {p: url for p, _ in account.missing if (url := opened.origin(p)) is not None}
    needed |= attributes_above(source.tree, (m.tree_path for m in account.exceptions.modified))
    if account.exceptions.nested:
        needed.add(b".gitmodules")
    carried, missing = _carried(source, account, needed, blob)
    rest_account, rest_listing = set_aside(account, listing)
    claim = _claim(source, rest_listing, rest_account, carried)
    return Accounted(
        path=path,
        listing=listing,
        account=account,
        claim=None if account.conflicting else claim,
        source=source,
        rest=(rest_listing, claim),
        origins=origins,
        missing=missing,
    )


def _claim(
    source: ReleaseSource,
    listing: ArchiveListing,
    account: Account,
    carried: Mapping[bytes, bytes],
) -> SourceContents:
    return claim_of(
        account,
        repository=source.uri,
        ref=source.tag.ref,
        commit_id=source.tag.commit,
        commit=source.tag.commit_object,
        tree_id=source.tag.tree,
        tags=source.tag.tag_objects,
        listing=listing,
        carried=carried,
    )


def _needed(source: ReleaseSource) -> set[bytes]:
    """Return the tree paths whose bytes a verifier recomputes with."""
    needed = {path for path in CONFIGURATION_FILES if path in source.tree.entries}
    if "pyproject.toml" in source.files:
        project = read_toml(source.files["pyproject.toml"], "pyproject.toml").get("project")
        needed |= set(_texts(project)) & source.tree.entries.keys()
    return needed


def _texts(project: object) -> Iterator[bytes]:
    """Yield the paths of the files whose text stands in a distribution's metadata."""
    for key in ("readme", "license"):
        value = project.get(key) if isinstance(project, dict) else None
        if isinstance(value, dict):
            value = value.get("file")
        elif key == "license":
            continue  # an SPDX expression, and not a path
        if isinstance(value, str):
            yield value.removeprefix("./").encode()


def _carried(
    source: ReleaseSource,
    account: Account,
    needed: set[bytes],
    blob: Callable[[str], bytes | None],
) -> tuple[dict[bytes, bytes], tuple[bytes, ...]]:
    """Return tree path to bytes, for what is not in the archive as it is, and what is missing."""
    wanted = {m.tree_path for m in account.exceptions.modified}
    wanted |= {o.path for o in account.exceptions.omitted if o.path in needed}
    carried = {}
    missing = []
    for path in sorted(wanted):
        entry = source.tree.entries[path]
        if entry.mode.is_file:
            content = blob(entry.object)
            if content is not None:
                carried[path] = content
            elif not source.repository.has(entry.object):
                missing.append(path)
    return carried, tuple(missing)


def _rule(kind: Kind, path: bytes, name: str) -> str:
    """Return the label of a generated file; it explains nothing and is only shown."""
    if kind is Kind.WHEEL:
        role = metadata_role("wheel", path, dist_info_folder(name))
    else:
        role = metadata_role("sdist", path, stem(name).encode())
    return "generated" if role is None else f"metadata:{role}"
