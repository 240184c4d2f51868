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
"""  # noqa: E501 - a table's row is one line

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from packaging.utils import canonicalize_name

from tagseal.attest import Rebuilt
from tagseal.config import CommandArchive, Config, PythonArchive, SourceArchive
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
from tagseal.core.patterns import Pattern
from tagseal.policy.model import Allowances

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
    allow: Allowances,
    config: Config | None,
    rebuilt: Rebuilt,
    metadata: Mapping[bytes, tuple[str, ...]],
    project: str | None,
) -> ContentsDecision:
    """Decide every exception of a proven archive.

    ``name`` is the archive's file name, ``config`` the *proven* configuration of the tagged commit,
    ``rebuilt`` what the release statement says. ``metadata`` maps each metadata file (archive path)
    to the problems of recomputing it, none when it was recomputed. ``project`` is the proven name
    of the project.
    """
    decider = _Decider(proof, allow, config, rebuilt, metadata)
    decided = [
        *map(decider.generated, proof.generated),
        *map(decider.modified, proof.modified),
        *(decider.relocated(r.path) for r in proof.relocated),
        *map(decider.omitted, proof.omitted),
    ]
    other = [f for f in proof.shadowing if not decider.allows(allow.shadowing, f.path or b"")]
    if proof.kind is Kind.WHEEL:
        other += _foreign_names(proof, name, project, allow)
    return ContentsDecision(decided=tuple(decided), other=tuple(other))


class _Decider:
    def __init__(
        self,
        proof: Proof,
        allow: Allowances,
        config: Config | None,
        rebuilt: Rebuilt,
        metadata: Mapping[bytes, tuple[str, ...]],
    ) -> None:
        self._proof = proof
        self._allow = allow
        self._metadata = metadata
        self._rebuilt = rebuilt != "not-rebuilt"
        tables = [a for a in config.archives if _makes(a, proof.kind)] if config else []
        makers = [a for a in tables if not isinstance(a, SourceArchive)]
        self._generated = [pattern for archive in makers for pattern in archive.generated]
        self._omitted = [p for a in tables for p in a.omitted]

    def generated(self, file: GeneratedFile) -> Decided:
        if file.path in self._metadata:
            return self._metadata_file("generated", file.path)
        if self.allows(self._allow.generated, file.path):
            return _accepted("generated", file.path, Ground.ALLOWED, "you allow it")
        declared = self.allows(self._generated, file.path)
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
        if self.allows(self._allow.relocated, path):
            return _accepted("relocated", path, Ground.ALLOWED, "you allow it")
        why = "it is a file of the commit, but at another path than the layout says"
        return _refused("relocated", path, "contents-relocated", why)

    def omitted(self, omitted: OmittedEntry) -> Decided:
        path = omitted.path
        if self._customary(omitted):
            detail = Ground.CUSTOMARY.value
            return _accepted("omitted", path, Ground.CUSTOMARY, detail)
        if _matches(self._omitted, path):
            detail = "the tag's configuration declares it"
            return _accepted("omitted", path, Ground.DECLARED, detail)
        if _matches(self._allow.omitted, path):
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

    def _metadata_file(self, exception: str, path: bytes) -> Decided:
        problems = self._metadata[path]
        if not problems:
            detail = "recomputed from the tag's configuration"
            return _accepted(exception, path, Ground.RECOMPUTED, detail)
        # Never by a pattern: a build hook can add a dependency to a file that always has this name.
        patterns = self._allow.generated if exception == "generated" else self._allow.modified
        exact = {p.text.encode() for p in patterns if not set("*?") & set(p.text)}
        if exact & set(self._spellings(path)):
            return _accepted(exception, path, Ground.ALLOWED, "you allow it")
        return _refused(exception, path, "contents-metadata", "; ".join(problems))

    def _customary(self, omitted: OmittedEntry) -> bool:
        path, mode = omitted.path, omitted.entry.mode
        if mode is Mode.SUBMODULE:
            return True
        if self._proof.kind is Kind.WHEEL:
            folders = [m.tree for m in self._proof.mappings if m.tree]
            return not any(path == f or path.startswith(f) for f in folders)
        if self._proof.kind is Kind.SDIST:
            is_dotfile = path.startswith(b".") and b"/" not in path
            return is_dotfile or (mode is Mode.TREE and path in (b"tests", b"docs"))
        return False


def _makes(archive: PythonArchive | SourceArchive | CommandArchive, kind: Kind) -> bool:
    if isinstance(archive, PythonArchive):
        return (kind is Kind.WHEEL and archive.wheel) or (kind is Kind.SDIST and archive.sdist)
    return kind is Kind.SOURCE


def _matches(patterns: Iterable[Pattern], path: bytes) -> bool:
    return any(pattern.matches(path) for pattern in patterns)


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


def _foreign_names(
    proof: Proof, name: str, project: str | None, allow: Allowances
) -> Iterator[Finding]:
    """Rule 5: a wheel installs no name but the project's own, unless that is allowed."""
    own = canonicalize_name(project or name.split("-", 1)[0])
    members = [*proof.identical, *(g.path for g in proof.generated)]
    members += [*(m.file.path for m in proof.modified), *(r.path for r in proof.relocated)]
    for top in top_level_names(members, name):
        importable = top.removesuffix(b".py").decode("utf-8", "backslashreplace")
        if canonicalize_name(importable) != own and not _matches(allow.top_level, top):
            yield Finding(
                code="contents-top-level",
                message=f'the project is "{display(own)}", but installing puts this name beside it',
                path=top,
            )
