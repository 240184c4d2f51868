"""The offline proof: is a claimed account of an archive true of the tagged commit?

`check_contents` needs the archive's listing and the claim, nothing else. From the members and the
claimed exceptions it rebuilds the git trees bottom-up; the root must be the tree of the commit
object that the claim carries. Whether that commit is the one that the certificate names, and
whether the exceptions are acceptable, is for `tagseal.verification` and `tagseal.policy`.

The claim is written by the builder and may be an attacker's. What keeps it honest are the numbered
rules of the predicate's specification (``docs/source-contents.md``); each finding below is the
breach of one of them. What the archive's own reader has to refuse (rule 4: odd modes, hardlinks,
duplicates) is not checked again.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from tagseal.contents.compare import identical_digest
from tagseal.contents.layout import (
    dist_info_folder,
    folders_above,
    is_data_folder,
    layout_findings,
    map_path,
    readings,
)
from tagseal.contents.level import Level, check_level, flatten, level_of
from tagseal.contents.mapper import Mapper
from tagseal.contents.model import (
    DereferencedFile,
    GeneratedFile,
    Kind,
    OmittedEntry,
    PathMapping,
    RelocatedFile,
    SourceContents,
)
from tagseal.contents.names import Names
from tagseal.contents.objects import object_findings
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
    """A submodule whose files the archive holds; its exceptions stand among the `Proof`'s."""

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
    they are meaningful only then. ``shadowing`` and ``warnings`` are for the policy. All tree
    paths, also of what belongs to a submodule, are from the root of the tagged commit's tree.
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
    dereferenced: tuple[DereferencedFile, ...]
    """Files that are what a symlink of the tree leads to; nothing more has to be decided."""
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
    empty_folders: bool = False,
    identical_sha256: bool = True,
) -> Proof:
    """Check a claim against an archive, by every soundness rule.

    ``kind`` is the verifier's own decision. ``version`` is the tag's, for version stamps. With
    ``empty_folders``, an empty folder may stand for one of the tree whose files are left out.
    Without ``identical_sha256`` the claim's digest over the identical files is not looked at. The
    listing must hold object ids of the claim's width, else nothing can be identical.
    """
    mappings = claim.mappings
    findings = object_findings(claim, listing.object_format)
    findings += layout_findings(kind, listing.name, mappings, allowed_mappings)
    levels = flatten(claim.exceptions, claim.commit, claim.repository, mappings, listing.members)
    for level in levels.values():
        findings += check_level(level, listing, claim.carried)
    root = levels[b""]
    findings += _absence(kind, listing.name, mappings, levels)
    findings += _mapped_folders(mappings, root)
    findings += _configuration(mappings, root)
    findings += _idle_folders(listing, mappings, levels, lenient=empty_folders)
    findings += _wheel_symlinks(kind, listing)
    findings += _identical(claim, levels)
    if identical_sha256:
        findings += _digest(listing, claim, levels)
    names = Names(kind=kind, listing=listing, mappings=mappings, levels=levels)
    collisions = names.collisions()
    findings += [f for f in collisions if f.code == "contents-collision"]
    sources = Sources.collect(levels, listing, claim.carried)
    findings += sources.findings
    tag = claim.ref.removeprefix("refs/tags/")
    facts = commit_facts(claim.commit, claim.commit_id, claim.tree_id, tag)
    inside = [level for path, level in levels.items() if path]
    return Proof(
        kind=kind,
        mappings=mappings,
        findings=tuple(findings),
        warnings=tuple(f for f in collisions if f.code != "contents-collision"),
        shadowing=tuple(names.shadowing()),
        identical=root.identical,
        generated=tuple(g for level in levels.values() for g in level.exceptions.generated),
        modified=(
            *modified_transforms(root, listing, sources, facts, version),
            *(modified for level in inside for modified in _unproven(level)),
        ),
        relocated=tuple(r for level in levels.values() for r in _relocated(level)),
        dereferenced=tuple(d for level in levels.values() for d in _dereferenced(level)),
        omitted=tuple(o for level in levels.values() for o in _omitted(level)),
        nested=tuple(_nested(level, levels, sources, listing) for level in inside),
        sources=sources,
    )


def _wheel_symlinks(kind: Kind, listing: ArchiveListing) -> Iterator[Finding]:
    """Rule 4: installers write a wheel's symlink as a file that holds its target's name."""
    if kind is Kind.WHEEL:
        for path, member in listing.members.items():
            if not member.mode.is_file:
                message = "a wheel holds a symlink, which installers write as a text file"
                yield Finding(code="contents-symlink", message=message, path=path)


def _absence(
    kind: Kind, name: str, mappings: tuple[PathMapping, ...], levels: Mapping[bytes, Level]
) -> Iterator[Finding]:
    """Rule 1: what is said to be only in the archive is certainly not in the tree."""
    mapper = Mapper(mappings)
    for path in _only_in_archive(levels.values()):
        if mapper.tree_path(path) is None and not _needs_no_mapping(kind, name, path):
            yield Finding(
                code="contents-unmapped",
                message="no mapping covers it, so it cannot be shown to be absent from the tree",
                path=path,
            )
        for reading in sorted(readings(mapper, kind, path)):
            level, inner = level_of(levels, reading)
            where = level.tree.whereabouts(inner)
            if where is not Whereabouts.ABSENT:
                message = _WHERE_MESSAGES[where]
                yield Finding(code="contents-not-absent", message=message, path=path)


_WHERE_MESSAGES = {
    Whereabouts.PRESENT: "it is said to be only in the archive, but the tree has this path",
    Whereabouts.HIDDEN: "it may be in a folder that the account names only by its id",
    Whereabouts.BELOW_FILE: "the tree has a file, symlink or submodule where its folder would be",
}


def _only_in_archive(levels: Collection[Level]) -> Iterator[bytes]:
    for level in levels:
        yield from (g.path for g in level.exceptions.generated)
        yield from (r.path for r in level.exceptions.relocated)


def _needs_no_mapping(kind: Kind, name: str, path: bytes) -> bool:
    """Return whether a member is a wheel's own metadata, or in its ``.data``: never the tree's."""
    is_metadata = kind is Kind.WHEEL and path.split(b"/", 1)[0] == dist_info_folder(name)
    return is_metadata or is_data_folder(kind, path)


def _mapped_folders(mappings: tuple[PathMapping, ...], root: Level) -> Iterator[Finding]:
    """Rule 1: a mapping never leads into a folder that is hidden behind an id."""
    hidden = {o.path for o in root.exceptions.omitted if o.entry.mode is Mode.TREE}
    for mapping in mappings:
        parts = mapping.tree.removesuffix(b"/").split(b"/")
        if hidden & {b"/".join(parts[: n + 1]) for n in range(len(parts))}:
            yield Finding(
                code="contents-not-absent",
                message="a mapping leads into a folder that the account names only by its id",
                path=mapping.archive,
            )


def _configuration(mappings: tuple[PathMapping, ...], root: Level) -> Iterator[Finding]:
    """Rule 2: the configuration is the tagged commit's or there is none."""
    for path in (*_only_in_archive([root]), *root.dereferenced):
        if map_path(mappings, path) in CONFIGURATION_FILES:
            yield Finding(
                code="contents-configuration-generated",
                message="the file that says how the archive is judged is not the tagged commit's",
                path=path,
            )


def _idle_folders(
    listing: ArchiveListing,
    mappings: tuple[PathMapping, ...],
    levels: Mapping[bytes, Level],
    *,
    lenient: bool,
) -> Iterator[Finding]:
    """Rule 4: a folder holds a file, or stands for a submodule or an empty folder of the tree."""
    used = folders_above(listing.members)
    standing = [
        folder
        for folder in listing.folders - used
        if _stands_empty(folder, mappings, levels, lenient=lenient)
    ]
    used |= folders_above(folder + b"/" for folder in standing)
    for folder in sorted(listing.folders - used):
        yield Finding(
            code="contents-idle-folder",
            message="the folder is empty, and the tree has neither a folder nor a submodule there",
            path=folder,
        )


def _stands_empty(
    folder: bytes,
    mappings: tuple[PathMapping, ...],
    levels: Mapping[bytes, Level],
    *,
    lenient: bool,
) -> bool:
    tree_path = map_path(mappings, folder)
    if tree_path is None:
        return False
    level, inner = level_of(levels, tree_path)
    is_left_out = lenient and level.tree.is_folder(inner)
    return inner in level.standing_empty or is_left_out


def _identical(claim: SourceContents, levels: Mapping[bytes, Level]) -> Iterator[Finding]:
    """Rule 2: something is identical, and as many files as the claim says."""
    for prefix, level in levels.items():
        if not level.identical:
            yield Finding(
                code="contents-nothing-identical",
                message="no file is the commit's",
                path=prefix or None,
            )
    count = len(levels[b""].identical)
    if count != claim.identical_count:
        yield Finding(
            code="contents-tree-differs",
            message=f"the account is of {claim.identical_count} identical files, "
            f"but the archive holds {count} files besides the listed exceptions",
        )


def _digest(
    listing: ArchiveListing, claim: SourceContents, levels: Mapping[bytes, Level]
) -> Iterator[Finding]:
    """Rule 9: the identical files are, without SHA-1, those that the claim's digest is over."""
    bound = dict(levels[b""].identical)
    for prefix, level in levels.items():
        if prefix:
            bound |= {path: _from_root(prefix, inner) for path, inner in level.identical.items()}
        bound |= {file.path: file.tree_path for file in _dereferenced(level)}
    code = "contents-identical-digest"
    if any(listing.members[path].sha256 is None for path in bound):
        message = "the sha256 of the identical files is asked for, but was not made of all of them"
        yield Finding(code=code, message=message)
    elif identical_digest(listing.members, bound) != claim.identical_sha256:
        message = "the identical files do not have the sha256 that the account gives"
        yield Finding(code=code, message=message)


def _from_root(prefix: bytes, inner: bytes) -> bytes:
    return prefix + b"/" + inner if prefix else inner


def _unproven(level: Level) -> Iterator[CheckedModified]:
    """Rule 10: nothing is recomputed inside submodules."""
    for file in level.exceptions.modified:
        tree_path = _from_root(level.path, file.tree_path)
        yield CheckedModified(file=replace(file, tree_path=tree_path), transform=None)


def _relocated(level: Level) -> Iterator[RelocatedFile]:
    for file in level.exceptions.relocated:
        yield replace(file, tree_path=_from_root(level.path, file.tree_path))


def _dereferenced(level: Level) -> Iterator[DereferencedFile]:
    for file in level.dereferenced.values():
        link, tree_path = (_from_root(level.path, path) for path in (file.link, file.tree_path))
        yield replace(file, link=link, tree_path=tree_path)


def _omitted(level: Level) -> Iterator[OmittedEntry]:
    for omitted in level.exceptions.omitted:
        yield replace(omitted, path=_from_root(level.path, omitted.path))


def _nested(
    level: Level, levels: Mapping[bytes, Level], sources: Sources, listing: ArchiveListing
) -> NestedProof:
    parent, _ = level_of(levels, level.path)
    known = None if parent.path else repository_of_submodule(sources, level.path)
    return NestedProof(
        path=level.path,
        commit_id=object_id("commit", level.commit, listing.object_format),
        repository=level.repository,
        repository_proven=known is not None and known == level.repository,
        identical=len(level.identical),
    )
