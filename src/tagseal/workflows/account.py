"""Accounting for a built archive: its listing, the partition, and the claim to be signed."""

from collections.abc import Iterator
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
    stem,
)
from tagseal.contents.metadata import metadata_role
from tagseal.core.finding import Finding
from tagseal.core.listing import ArchiveListing
from tagseal.core.paths import display
from tagseal.workflows.keeping import keep_small
from tagseal.workflows.source import ReleaseSource

__all__ = ["Accounted", "account_archive"]

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

    @property
    def conflicts(self) -> tuple[Finding, ...]:
        """Members of another type than the tree's entry, such as a file for a symlink."""
        return tuple(
            Finding(
                code="contents-conflicting",
                message=f'it is of another type than the commit\'s "{display(tree_path)}"',
                path=path,
            )
            for path, tree_path in self.account.conflicting
        )


def account_archive(path: Path, source: ReleaseSource) -> Accounted:
    """Read an archive and account for it against the tagged commit.

    The bytes of tree files that a verifier needs but the archive lacks (the configuration, the
    readme, the sources of modified files) are carried in the claim.
    """
    listing = open_archive(path, object_format=source.tree.object_format, keep=keep_small)
    kind = guess_kind(path.name)
    mappings = choose_layout(kind, path.name, listing.members, source.tree)
    needed = _needed(source)

    accounted = account_for(
        listing,
        source.tree,
        kind=kind,
        mappings=mappings,
        needed=needed,
        rule=lambda path_: _rule(kind, path_, path.name),
    )
    needed |= attributes_above(source.tree, (m.tree_path for m in accounted.exceptions.modified))
    return Accounted(
        path=path,
        listing=listing,
        account=accounted,
        claim=None if accounted.conflicting else _claim(source, listing, accounted, needed),
    )


def _claim(
    source: ReleaseSource, listing: ArchiveListing, account: Account, needed: set[bytes]
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
        carried=_carried(source, account, needed),
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


def _carried(source: ReleaseSource, account: Account, needed: set[bytes]) -> dict[bytes, bytes]:
    """Return tree path to bytes, for what is not in the archive as it is."""
    wanted = {m.tree_path for m in account.exceptions.modified}
    wanted |= {o.path for o in account.exceptions.omitted if o.path in needed}
    carried = {}
    for path in sorted(wanted):
        entry = source.tree.entries[path]
        if entry.mode.is_file:
            content = source.repository.blob(entry.object)
            if len(content) <= _CARRIED_LIMIT:
                carried[path] = content
    return carried


def _rule(kind: Kind, path: bytes, name: str) -> str:
    """Return the label of a generated file; it explains nothing and is only shown."""
    if kind is Kind.WHEEL:
        role = metadata_role("wheel", path, dist_info_folder(name))
    else:
        role = metadata_role("sdist", path, stem(name).encode())
    return "generated" if role is None else f"metadata:{role}"
