"""Proven bytes of tree files: those that are identical in the archive, and those carried along.

A check that needs a file's content (the configuration, ``.gitattributes``, the source of a
modified file) gets it only from here: either the archive's member was shown to be that tree entry,
or the claim carries bytes whose git blob id is the tree entry's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tagseal.contents.attributes import (
    Attributes,
    AttributesFile,
    UnsupportedAttributes,
    Value,
    parse_attributes,
)
from tagseal.contents.layout import folders_above
from tagseal.contents.level import Level
from tagseal.contents.model import ModifiedFile
from tagseal.contents.transforms import CommitFacts, lost_its_mode, recomputed_by
from tagseal.contents.tree import Whereabouts
from tagseal.core.digests import object_id
from tagseal.core.finding import Finding
from tagseal.core.listing import ArchiveListing, Mode
from tagseal.core.paths import display

_NEVER_FOLLOWED = frozenset([b".gitattributes", b".gitmodules", b"pyproject.toml", b"tagseal.toml"])

__all__ = ["CheckedModified", "Sources", "modified_transforms", "repository_of_submodule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedModified:
    """A modified file, and the transform that recomputes it; None when it is unproven."""

    file: ModifiedFile
    transform: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Tree path to proven bytes, for the files of the tagged commit whose bytes are at hand."""

    files: Mapping[bytes, bytes]
    findings: tuple[Finding, ...]

    @classmethod
    def collect(
        cls, levels: Mapping[bytes, Level], listing: ArchiveListing, carried: Mapping[str, bytes]
    ) -> "Sources":
        """Gather the proven bytes; a carried blob that no tree entry needs is a finding.

        Only files count: what a symlink named ``.gitattributes`` holds is a path, not its bytes.
        What a dereferenced symlink leads to counts as its own where programs would read it so, and
        git and tagseal do not.
        """
        level = levels[b""]
        entries = {m.tree_path: m.source for m in level.exceptions.modified}
        entries |= {o.path: o.entry for o in level.exceptions.omitted}
        files = {
            level.identical[path]: content
            for path, content in listing.kept.items()
            if path in level.identical and listing.members[path].mode.is_file
        }
        files |= {
            inner: listing.kept[path]
            for path in level.dereferenced
            if path in listing.kept
            and (inner := level.members[path]) is not None
            and inner.rsplit(b"/", 1)[-1] not in _NEVER_FOLLOWED
        }
        files |= {
            path: carried[entry.object]
            for path, entry in entries.items()
            if entry.object in carried and entry.mode.is_file
        }
        needed = {entry.object for entry in entries.values() if entry.mode.is_file}
        needed |= {target for each in levels.values() for target in _omitted_links(each)}
        findings = [
            Finding(
                code="contents-carried-refused",
                message=f"the carried bytes {display(blob[:12])} belong to no listed tree file",
            )
            for blob, content in carried.items()
            if blob not in needed or object_id("blob", content, listing.object_format) != blob
        ]
        return cls(files=files, findings=tuple(findings))


def _omitted_links(level: Level) -> Iterator[str]:
    """Yield the ids of symlinks that dereferenced ones may lead through, and that are left out."""
    if level.exceptions.dereferenced:
        for omitted in level.exceptions.omitted:
            if omitted.entry.mode is Mode.SYMLINK:
                yield omitted.entry.object


def modified_transforms(
    level: Level,
    listing: ArchiveListing,
    sources: Sources,
    facts: CommitFacts,
    version: str | None,
) -> tuple[CheckedModified, ...]:
    """Return every modified file with the transform that recomputes it."""
    checked = []
    attributes_of = _ProvenAttributes(level, sources)
    for file in level.exceptions.modified:
        transform = None
        source = sources.files.get(file.tree_path)
        member = listing.members.get(file.path)
        if member is not None and lost_its_mode(member, file.source):
            transform = "mode-unrecorded"
        elif member is not None and source is not None:
            attributes = attributes_of(file.tree_path)
            if attributes is not None:
                mode = file.source.mode
                transform = recomputed_by(member, source, mode, attributes, facts, version)
        checked.append(CheckedModified(file=file, transform=transform))
    return tuple(checked)


class _ProvenAttributes:
    """The attributes of paths by the proven ``.gitattributes``, each of which is read once."""

    def __init__(self, level: Level, sources: Sources) -> None:
        self._tree = level.tree
        self._files = sources.files
        self._parsed: dict[bytes, AttributesFile | None] = {}
        self._folders: dict[bytes, Attributes | None] = {}

    def __call__(self, path: bytes) -> dict[str, Value] | None:
        """Return a path's attributes, or None where they cannot be known for certain."""
        folder = path.rpartition(b"/")[0]
        if folder not in self._folders:
            self._folders[folder] = self._of_folder(folder)
        attributes = self._folders[folder]
        return attributes.of(path) if attributes is not None else None

    def _of_folder(self, folder: bytes) -> Attributes | None:
        files: dict[bytes, AttributesFile] = {}
        for each in (b"", *sorted(folders_above([folder + b"/"]))):
            name = each + b"/.gitattributes" if each else b".gitattributes"
            if name in self._files:
                parsed = self._read(name)
                if parsed is None:
                    return None
                files[each] = parsed
            elif self._tree.whereabouts(name) is not Whereabouts.ABSENT:
                return None
        return Attributes(files)

    def _read(self, name: bytes) -> AttributesFile | None:
        if name not in self._parsed:
            try:
                self._parsed[name] = parse_attributes(self._files[name])
            except UnsupportedAttributes:
                self._parsed[name] = None
        return self._parsed[name]


_SUBMODULE_LINE = re.compile(rb"\s*(path|url)\s*=\s*([^\s\"#;\\]+)\s*\Z")


def repository_of_submodule(sources: Sources, path: bytes) -> str | None:
    """Return the URL that the proven ``.gitmodules`` gives for a submodule, where it plainly does.

    Only plain ``path = …`` and ``url = …`` lines of one section are understood (gitmodules(5)).
    """
    section: dict[bytes, bytes] = {}
    content = sources.files.get(b".gitmodules", b"")
    if b"\\\n" in content:
        return None  # a line that goes on in the next
    for line in [*content.split(b"\n"), b"["]:
        if line.lstrip().startswith(b"["):
            if section.get(b"path") == path and b"url" in section:
                return section[b"url"].decode("utf-8", "backslashreplace")
            section = {}
        elif match := _SUBMODULE_LINE.match(line):
            section[match[1]] = match[2]
    return None
