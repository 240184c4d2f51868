"""Which exceptions of a proven archive are acceptable, and on whose word.

What is generated was measured in `tagseal.contents`; whether it is allowed is decided here. Every
exception gets exactly one `Ground`; the error is derived from those that have none.

| ground | holds when |
|---|---|
| recomputed | the verifier made the same bytes from proven files of the tagged commit |
| rebuilt | the tagged configuration declares the file and the same run built it twice, alike; that is still only the builder's word |
| declared | the tagged configuration says that the file is left out |
| customary | this kind of archive leaves such files out, and leaving them out changes nothing |
| allowed | the person who verifies allows it |

The configuration's patterns count for the archives that its table makes and for no others: a
table with ``builder = "command"`` makes what ``outputs`` name, whatever its kind.
"""  # noqa: E501 - a table's row is one line

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from packaging.utils import canonicalize_name

from tagseal.attest import Rebuilt
from tagseal.config import ArchiveConfig, CommandArchive, Config, PythonArchive, SourceArchive
from tagseal.contents import (
    CheckedModified,
    GeneratedFile,
    Kind,
    OmittedEntry,
    Proof,
    map_path,
    top_level_names,
)
from tagseal.core.finding import Finding
from tagseal.core.listing import Mode
from tagseal.core.paths import display
from tagseal.core.patterns import Pattern, compile_pattern
from tagseal.policy.model import Allowances
from tagseal.policy.omissions import Omissions

__all__ = ["ContentsDecision", "Decided", "Ground", "decide_contents"]


class Ground(Enum):
    """Why an exception is acceptable; `NONE` when it is not."""

    RECOMPUTED = "recomputed here"
    REBUILT = "on the builder's word"
    DECLARED = "declared in the tagged commit"
    CUSTOMARY = "customary for this kind of archive"
    ALLOWED = "allowed by you"
    NONE = "not explained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One exception: its class, the path that names it, its ground, and what was found if none."""

    exception: str
    """``generated``, ``modified``, ``relocated`` or ``omitted``."""
    path: bytes
    ground: Ground
    detail: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsDecision:
    """All exceptions of an archive, decided, and what else the policy finds."""

    decided: tuple[Decided, ...]
    other: tuple[Finding, ...]
    waived: tuple[Finding, ...] = ()
    """What would be among ``other``, but the person who verifies allows it."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is not acceptable."""
        return (*(d.finding for d in self.decided if d.finding is not None), *self.other)

    def count(self, exception: str, ground: Ground) -> int:
        """Return how many exceptions of a class rest on a ground."""
        return sum(d.exception == exception and d.ground is ground for d in self.decided)


def decide_contents(
    proof: Proof,
    *,
    name: str,
    members: Iterable[bytes],
    allow: Allowances,
    config: Config | None,
    rebuilt: Rebuilt,
    metadata: Mapping[bytes, tuple[str, ...]],
    project: str | None,
) -> ContentsDecision:
    """Decide every exception of a proven archive.

    ``name`` is the archive's file name and ``members`` are all its paths, those of submodules
    included. ``config`` is the *proven* configuration of the tagged commit, ``rebuilt`` what the
    release statement says. ``metadata`` maps each metadata file that is not identical (archive
    path) to the problems of recomputing it, none when it was recomputed. ``project`` is the proven
    name of the project.
    """
    omissions = Omissions(proof, project or name.split("-", 1)[0])
    decider = _Decider(proof, name, allow, config, rebuilt, metadata, omissions)
    decided = [
        *map(decider.generated, proof.generated),
        *map(decider.modified, proof.modified),
        *(decider.relocated(r.path) for r in proof.relocated),
        *map(decider.omitted, proof.omitted),
        *map(decider.omitted, omissions.among_licenses()),
    ]
    other: list[Finding] = list(omissions.missing_code())
    waived: list[Finding] = []
    for finding in proof.shadowing:
        allowed = decider.allows(allow.shadowing, finding.path or b"")
        (waived if allowed else other).append(finding)
    if proof.kind is Kind.WHEEL:
        for finding in _foreign_names(members, name, project):
            allowed = _matches(allow.top_level, finding.path or b"")
            (waived if allowed else other).append(finding)
    return ContentsDecision(decided=tuple(decided), other=tuple(other), waived=tuple(waived))


class _Decider:
    def __init__(
        self,
        proof: Proof,
        name: str,
        allow: Allowances,
        config: Config | None,
        rebuilt: Rebuilt,
        metadata: Mapping[bytes, tuple[str, ...]],
        omissions: Omissions,
    ) -> None:
        self._proof = proof
        self._omissions = omissions
        self._allow = allow
        self._metadata = metadata
        self._rebuilt = rebuilt != "not-rebuilt"
        tables = _makers(config.archives if config else (), proof.kind, name)
        makers = [a for a in tables if not isinstance(a, SourceArchive)]
        self._generated = [pattern for archive in makers for pattern in archive.generated]
        self._omitted = [p for a in tables for p in a.omitted]

    def generated(self, file: GeneratedFile) -> Decided:
        if file.path in self._metadata:
            return self._metadata_file("generated", file.path)
        if self.allows(self._allow.generated, file.path):
            return _accepted("generated", file.path, Ground.ALLOWED, "you allow it")
        declared = any(_matches(self._generated, path) for path in self._below_top(file.path))
        if declared and self._rebuilt:
            detail = "the tag's configuration declares it, and building it twice gave the same"
            return _accepted("generated", file.path, Ground.REBUILT, detail)
        why = (
            "the tag's configuration declares it, but it was not built a second time"
            if declared
            else "it is not in the tagged commit, and nothing there declares it"
        )
        return _refused("generated", file.path, "contents-generated", why)

    def modified(self, checked: CheckedModified) -> Decided:
        path = checked.file.path
        if path in self._metadata:
            return self._metadata_file("modified", path)
        if checked.transform is not None:
            detail = f"recomputed from the commit's bytes: {checked.transform}"
            return _accepted("modified", path, Ground.RECOMPUTED, detail)
        if self.allows(self._allow.modified, path):
            return _accepted("modified", path, Ground.ALLOWED, "you allow it")
        why = f'it differs from the commit\'s "{display(checked.file.tree_path)}"'
        return _refused("modified", path, "contents-modified", why)

    def relocated(self, path: bytes) -> Decided:
        if path in self._metadata:
            return self._metadata_file("relocated", path)
        if self.allows(self._allow.relocated, path):
            return _accepted("relocated", path, Ground.ALLOWED, "you allow it")
        why = "it is a file of the commit, but at another path than the layout says"
        return _refused("relocated", path, "contents-relocated", why)

    def omitted(self, omitted: OmittedEntry) -> Decided:
        path = omitted.path
        if self._omissions.is_customary(omitted):
            detail = Ground.CUSTOMARY.value
            return _accepted("omitted", path, Ground.CUSTOMARY, detail)
        if _leaves_out(self._omitted, omitted):
            detail = "the tag's configuration declares it"
            return _accepted("omitted", path, Ground.DECLARED, detail)
        if _leaves_out(self._allow.omitted, omitted):
            return _accepted("omitted", path, Ground.ALLOWED, "you allow it")
        why = "it is in the tagged commit but not in the archive"
        return _refused("omitted", path, "contents-omitted", why)

    def allows(self, patterns: Iterable[Pattern], archive_path: bytes) -> bool:
        """Return whether a pattern matches a member, by any of its spellings."""
        return any(_matches(patterns, spelling) for spelling in self._spellings(archive_path))

    def _spellings(self, archive_path: bytes) -> Iterator[bytes]:
        yield archive_path
        if (tree_path := map_path(self._proof.mappings, archive_path)) is not None:
            yield tree_path

    def _below_top(self, archive_path: bytes) -> Iterator[bytes]:
        """Yield what a configuration's pattern is held against; only a wheel has no top folder."""
        tree_path = map_path(self._proof.mappings, archive_path)
        if tree_path is not None:
            yield tree_path
        if tree_path is None or self._proof.kind is Kind.WHEEL:
            yield archive_path

    def _metadata_file(self, exception: str, path: bytes) -> Decided:
        problems = self._metadata[path]
        if not problems:
            detail = "recomputed from the tag's configuration"
            return _accepted(exception, path, Ground.RECOMPUTED, detail)
        # Never by a pattern: a build hook can add a dependency to a file that always has this name.
        patterns = self._allow.patterns()[exception]
        exact = {p.text.encode() for p in patterns if not set("*?") & set(p.text)}
        if exact & set(self._spellings(path)):
            return _accepted(exception, path, Ground.ALLOWED, "you allow it")
        return _refused(exception, path, "contents-metadata", "; ".join(problems))


def _makers(archives: Iterable[ArchiveConfig], kind: Kind, name: str) -> list[ArchiveConfig]:
    """Return the tables of the configuration that make an archive of this kind and name."""
    file = name.encode("utf-8", "surrogateescape")
    makers: list[ArchiveConfig] = [
        a for a in archives if isinstance(a, CommandArchive) and _matches(a.outputs, file)
    ]
    return makers or [a for a in archives if _makes(a, kind, name)]


def _makes(archive: ArchiveConfig, kind: Kind, name: str) -> bool:
    if isinstance(archive, PythonArchive):
        return (kind is Kind.WHEEL and archive.wheel) or (kind is Kind.SDIST and archive.sdist)
    if isinstance(archive, SourceArchive):
        template = re.sub(r"\\{(?:name|version)\\}", ".+", re.escape(archive.name))
        suffixes = "|".join(map(re.escape, archive.formats))
        return kind is Kind.SOURCE and bool(re.fullmatch(rf"{template}\.(?:{suffixes})", name))
    return False


def _matches(patterns: Iterable[Pattern], path: bytes) -> bool:
    return any(pattern.matches(path) for pattern in patterns)


def _leaves_out(patterns: Iterable[Pattern], omitted: OmittedEntry) -> bool:
    """Return whether a pattern names what is omitted.

    A whole folder is named by itself or by ``folder/**``, and never by a star: who writes ``src/*``
    means the files in ``src``, not all that is below its folders.
    """
    if omitted.entry.mode is not Mode.TREE:
        return _matches(patterns, omitted.path)
    return any(
        folder.matches(omitted.path)
        for folder in map(_folder_of, patterns)
        if not set("*?") & set(folder.text.rpartition("/")[2])
    )


def _folder_of(pattern: Pattern) -> Pattern:
    return compile_pattern(pattern.text.removesuffix("/**"))


def _accepted(exception: str, path: bytes, ground: Ground, detail: str) -> Decided:
    return Decided(exception=exception, path=path, ground=ground, detail=detail)


def _refused(exception: str, path: bytes, code: str, why: str) -> Decided:
    return Decided(
        exception=exception,
        path=path,
        ground=Ground.NONE,
        detail=why,
        finding=Finding(code=code, message=why, path=path),
    )


def _foreign_names(members: Iterable[bytes], name: str, project: str | None) -> Iterator[Finding]:
    """Rule 5: a wheel installs no name but the project's own, unless that is allowed."""
    own = canonicalize_name(project or name.split("-", 1)[0])
    for top in top_level_names(members, name):
        importable = top.removesuffix(b".py").decode("utf-8", "backslashreplace")
        if canonicalize_name(importable) != own:
            yield Finding(
                code="contents-top-level",
                message=f'the project is "{display(own)}", but installing puts this name beside it',
                path=top,
            )
