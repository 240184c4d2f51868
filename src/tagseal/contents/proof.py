"""The offline proof: is a claimed account of an archive true of the tagged commit?

`check_contents` needs the archive's listing and the claim, nothing else. From the members and the
claimed exceptions it rebuilds the git trees bottom-up; the root must be the tree of the commit
object that the claim carries. Whether that commit is the one that the certificate names, and
whether the exceptions are acceptable, is for `tagseal.verification` and `tagseal.policy`.

The claim is written by the builder and may be an attacker's. What keeps it honest are the numbered
soundness rules of the predicate's specification (``docs/source-contents.md``); each finding below
is the breach of one of them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tagseal.contents.compare import identical_digest
from tagseal.contents.layout import layout_findings, map_path, readings
from tagseal.contents.level import Level, check_level, flatten, level_of
from tagseal.contents.model import (
    GeneratedFile,
    Kind,
    OmittedEntry,
    PathMapping,
    RelocatedFile,
    SourceContents,
)
from tagseal.contents.objects import object_findings
from tagseal.contents.shadowing import collision_findings, installed_path, shadowing_findings
from tagseal.contents.sources import (
    CheckedModified,
    Sources,
    modified_transforms,
    repository_of_submodule,
)
from tagseal.contents.transforms import commit_facts
from tagseal.contents.tree import Whereabouts
from tagseal.core.digests import object_id
from tagseal.core.finding import Finding
from tagseal.core.listing import ArchiveListing, Mode

__all__ = ["CONFIGURATION_FILES", "NestedProof", "Proof", "check_contents"]

CONFIGURATION_FILES = (b"pyproject.toml", b"tagseal.toml")
"""Files at the tree's root that decide how an archive is judged; they are never generated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedProof:
    """A submodule whose files the archive holds."""

    path: bytes
    commit_id: str
    repository: str
    repository_proven: bool
    """Whether the proven ``.gitmodules`` names this repository; else it is only claimed."""
    identical: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was found about one archive and one claim.

    The archive is proven when ``findings`` is empty. The classes are recomputed from the archive;
    they are meaningful only then. ``shadowing`` and ``warnings`` are for the policy.
    """

    kind: Kind
    mappings: tuple[PathMapping, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    shadowing: tuple[Finding, ...]
    identical: Mapping[bytes, bytes]
    """Archive path to tree path, of the files of the commit itself (not of its submodules)."""
    generated: tuple[GeneratedFile, ...]
    modified: tuple[CheckedModified, ...]
    relocated: tuple[RelocatedFile, ...]
    omitted: tuple[OmittedEntry, ...]
    nested: tuple[NestedProof, ...]
    sources: Sources
    """The proven bytes of tree files, where the archive or the claim has them."""


def check_contents(
    listing: ArchiveListing,
    claim: SourceContents,
    *,
    kind: Kind,
    allowed_mappings: Collection[PathMapping] = (),
    version: str | None = None,
) -> Proof:
    """Check a claim against an archive, by every soundness rule.

    ``kind`` is the verifier's own decision. ``version`` is the tag's, for version stamps. The
    listing must hold object ids of the claim's width, else nothing can be identical.
    """
    findings = object_findings(claim, listing.object_format)
    findings += layout_findings(kind, listing.name, claim.mappings, allowed_mappings)
    levels = flatten(
        claim.exceptions, claim.commit, claim.repository, claim.mappings, listing.members
    )
    for level in levels.values():
        findings += check_level(level, listing)
    root = levels[b""]
    findings += _non_membership(kind, claim.mappings, levels)
    findings += _mapped_folders(claim.mappings, root)
    findings += _idle_folders(listing, claim.mappings, levels)
    findings += _configuration(claim.mappings, root)
    findings += _counted(listing, claim, levels)
    collisions = collision_findings(
        _all_paths(kind, listing, claim.mappings, levels), _InTree(claim.mappings, levels)
    )
    findings += [f for f in collisions if f.code == "contents-collision"]
    sources = Sources.collect(root, listing, claim.carried)
    findings += sources.findings
    facts = commit_facts(claim.commit, claim.commit_id, claim.tree_id)
    return Proof(
        kind=kind,
        mappings=claim.mappings,
        findings=tuple(findings),
        warnings=tuple(f for f in collisions if f.code != "contents-collision"),
        shadowing=tuple(_shadowing(kind, listing, claim.mappings, levels)),
        identical=root.identical,
        generated=tuple(g for level in levels.values() for g in level.exceptions.generated),
        modified=(
            *modified_transforms(root, listing, sources, facts, version),
            *_unproven_in_submodules(levels),
        ),
        relocated=tuple(r for level in levels.values() for r in level.exceptions.relocated),
        omitted=claim.exceptions.omitted,
        nested=tuple(_nested(level, sources, listing) for path, level in levels.items() if path),
        sources=sources,
    )


def _unproven_in_submodules(levels: Mapping[bytes, Level]) -> Iterator[CheckedModified]:
    for path, level in levels.items():
        if path:
            for file in level.exceptions.modified:
                yield CheckedModified(file=file, transform=None)


def _nested(level: Level, sources: Sources, listing: ArchiveListing) -> NestedProof:
    known = repository_of_submodule(sources, level.path)
    return NestedProof(
        path=level.path,
        commit_id=object_id("commit", level.commit, listing.object_format),
        repository=level.repository,
        repository_proven=known is not None and known == level.repository,
        identical=len(level.identical),
    )


def _only_in_archive(levels: Mapping[bytes, Level]) -> Iterator[bytes]:
    for level in levels.values():
        yield from (g.path for g in level.exceptions.generated)
        yield from (r.path for r in level.exceptions.relocated)


def _non_membership(
    kind: Kind, mappings: tuple[PathMapping, ...], levels: Mapping[bytes, Level]
) -> Iterator[Finding]:
    """Rule 1: what is said to be only in the archive is certainly not in the tree."""
    for path in _only_in_archive(levels):
        if map_path(mappings, path) is None and not _is_wheel_metadata(kind, path):
            yield Finding(
                code="contents-unmapped",
                message="no mapping covers it, so it cannot be shown to be absent from the tree",
                path=path,
            )
        for reading in sorted(readings(mappings, kind, path)):
            level, inner = level_of(levels, reading)
            where = level.tree.whereabouts(inner)
            if where is not Whereabouts.ABSENT:
                yield Finding(
                    code="contents-not-absent",
                    message=_WHERE_MESSAGES[where],
                    path=path,
                )


_WHERE_MESSAGES = {
    Whereabouts.PRESENT: "it is said to be only in the archive, but the tree has this path",
    Whereabouts.HIDDEN: "it may be in a folder that the account names only by its id",
    Whereabouts.BELOW_FILE: "the tree has a file, symlink or submodule where its folder would be",
}


def _is_wheel_metadata(kind: Kind, path: bytes) -> bool:
    return kind is Kind.WHEEL and path.split(b"/", 1)[0].endswith(b".dist-info")


def _mapped_folders(mappings: tuple[PathMapping, ...], root: Level) -> Iterator[Finding]:
    """Rule 1: a mapped folder is never hidden behind an id."""
    hidden = {o.path for o in root.exceptions.omitted if o.entry.mode is Mode.TREE}
    for mapping in mappings:
        target = mapping.tree.removesuffix(b"/")
        parts = target.split(b"/")
        if hidden & {b"/".join(parts[: n + 1]) for n in range(len(parts))}:
            yield Finding(
                code="contents-not-absent",
                message="a mapping leads into a folder that the account names only by its id",
                path=mapping.archive,
            )


def _idle_folders(
    listing: ArchiveListing, mappings: tuple[PathMapping, ...], levels: Mapping[bytes, Level]
) -> Iterator[Finding]:
    """Rule 4: a folder holds a file, or stands for a submodule or an empty folder of the tree."""
    used = {b""}
    for path in listing.members:
        while (path := path.rpartition(b"/")[0]) not in used:
            used.add(path)
    for folder in sorted(listing.folders - used):
        tree_path = map_path(mappings, folder)
        level, inner = level_of(levels, tree_path) if tree_path else (None, b"")
        if level is None or inner not in level.standing_empty:
            yield Finding(
                code="contents-idle-folder",
                message="the folder is empty and the tree has no submodule there",
                path=folder,
            )


def _configuration(mappings: tuple[PathMapping, ...], root: Level) -> Iterator[Finding]:
    for path in _only_in_archive({b"": root}):
        if map_path(mappings, path) in CONFIGURATION_FILES:
            yield Finding(
                code="contents-configuration-generated",
                message="the file that says how the archive is judged is not the tagged commit's",
                path=path,
            )


def _counted(
    listing: ArchiveListing, claim: SourceContents, levels: Mapping[bytes, Level]
) -> Iterator[Finding]:
    """Rules 2 and 9: something is identical, and it is what the claim's digest is over."""
    identical = {
        path: (prefix + b"/" + inner if prefix else inner)
        for prefix, level in levels.items()
        for path, inner in level.identical.items()
    }
    count = len(levels[b""].identical)
    if not count:
        yield Finding(code="contents-nothing-identical", message="no file is the tagged commit's")
    if count != claim.identical_count:
        yield Finding(
            code="contents-tree-differs",
            message=f"the account is of {claim.identical_count} identical files, "
            f"but the archive holds {count} files besides the listed exceptions",
        )
    elif identical_digest(listing.members, identical) != claim.identical_sha256:
        yield Finding(
            code="contents-identical-digest",
            message="the identical files do not have the sha256 that the account gives",
        )


def _all_paths(
    kind: Kind,
    listing: ArchiveListing,
    mappings: tuple[PathMapping, ...],
    levels: Mapping[bytes, Level],
) -> Iterator[bytes]:
    """Yield every path that ends up on a disk: of the archive as installed, and of the tree."""
    for path in listing.members:
        yield installed_path(kind, path)
    yield from _tree_names(mappings, levels)


def _tree_names(
    mappings: tuple[PathMapping, ...], levels: Mapping[bytes, Level]
) -> Iterator[bytes]:
    """Yield the tree's paths as a source archive would spell them."""
    for mapping in mappings:
        if mapping.tree == b"" and not mapping.archive.endswith(b"/licenses/"):
            for prefix, level in levels.items():
                inner = prefix + b"/" if prefix else b""
                for path, _ in level.tree.expanded():
                    yield mapping.archive + inner + path


class _InTree:
    """Tells whether an archive path, of a file or folder, is a path of the tagged tree."""

    def __init__(self, mappings: tuple[PathMapping, ...], levels: Mapping[bytes, Level]) -> None:
        self._mappings = mappings
        self._levels = levels

    def __call__(self, archive_path: bytes) -> bool:
        tree_path = map_path(self._mappings, archive_path)
        if tree_path is None:
            return False
        level, inner = level_of(self._levels, tree_path)
        return level.tree.whereabouts(inner) is Whereabouts.PRESENT


def _shadowing(
    kind: Kind,
    listing: ArchiveListing,
    mappings: tuple[PathMapping, ...],
    levels: Mapping[bytes, Level],
) -> list[Finding]:
    identical = {path for level in levels.values() for path in level.identical}

    def origin(path: bytes) -> PathMapping | None:
        if path not in identical:
            return None
        return next(m for m in mappings if m.apply(path) is not None)

    return shadowing_findings(kind, listing.members, _tree_names(mappings, levels), origin)
