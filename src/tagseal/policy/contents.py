"""Which exceptions of a proven archive are acceptable, and on whose word.

What is generated was measured in `tagseal.contents`; whether it is allowed is decided here. Every
exception gets exactly one `Ground`; the error is derived from those that have none.

| ground | holds when |
|---|---|
| recomputed | the verifier made the same bytes from proven files of the tagged commit |
| known | a release of a known tool ships these very bytes under the file's name |
| explained | other evidence explains the file, see `tagseal.contents.rules`; only when comparing |
| rebuilt | the tagged configuration declares the file and the same run built it twice, alike; that is still only the builder's word |
| declared | the tagged configuration says that the file is left out |
| customary | this kind of archive leaves such files out, and leaving them out changes nothing |
| left out | it is not in the archive, and comparing asks only what is |
| allowed | the person who verifies allows it |

The configuration's patterns count for the archives that its table makes and for no others: a
table with ``builder = "command"`` makes what ``outputs`` name, whatever its kind.
"""  # noqa: E501 - a table's row is one line

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

from packaging.utils import canonicalize_name

from tagseal.config import ArchiveConfig, CommandArchive, Config, PythonArchive, SourceArchive
from tagseal.contents import (
    CheckedModified,
    DereferencedFile,
    GeneratedFile,
    Kind,
    OmittedEntry,
    Proof,
    RelocatedFile,
    map_path,
    top_level_names,
)
from tagseal.contents.rules import RuleResults
from tagseal.core.finding import Finding
from tagseal.core.listing import Mode, TreeEntry
from tagseal.core.paths import display
from tagseal.core.patterns import Pattern, compile_pattern
from tagseal.policy.model import Allowances
from tagseal.policy.omissions import Omissions

if TYPE_CHECKING:
    from tagseal.attest import Rebuilt

__all__ = ["ContentsDecision", "Decided", "Ground", "decide_contents"]


class Ground(Enum):
    """Why an exception is acceptable; `NONE` when it is not."""

    RECOMPUTED = "recomputed here"
    KNOWN = "a known release's own bytes"
    EXPLAINED = "explained by evidence"
    REBUILT = "on the builder's word"
    DECLARED = "declared in the tagged commit"
    CUSTOMARY = "customary for this kind of archive"
    LEFT_OUT = "left out"
    ALLOWED = "allowed by you"
    NONE = "not explained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One exception: its class, the path that names it, its ground, and what was found if none."""

    exception: str
    """``generated``, ``modified``, ``relocated``, ``dereferenced`` or ``omitted``."""
    path: bytes
    ground: Ground
    detail: str
    finding: Finding | None = None
    rule: str | None = None
    """The name of the rule that explains it, where one does."""


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


_NO_RESULTS = RuleResults()


def decide_contents(
    proof: Proof,
    *,
    name: str,
    members: Iterable[bytes],
    allow: Allowances,
    config: Config | None,
    rebuilt: "Rebuilt",
    metadata: Mapping[bytes, tuple[str, ...]],
    project: str | None,
    rules: RuleResults = _NO_RESULTS,
    complete: bool = True,
    declared_suffices: bool = False,
) -> ContentsDecision:
    """Decide every exception of a proven archive.

    ``name`` is the archive's file name and ``members`` are all its paths, those of submodules
    included. ``config`` is the *proven* configuration of the tagged commit, ``rebuilt`` what the
    release statement says. ``metadata`` maps each metadata file that is not identical (archive
    path) to the problems of recomputing it, none when it was recomputed. ``project`` is the proven
    name of the project. ``rules`` are what the rules found. Without ``complete`` it is enough that
    what is left out changes nothing that is imported; with ``declared_suffices`` it is enough that
    the configuration declares a generated file, since nobody says who built it.
    """
    omissions = Omissions(proof, project or name.split("-", 1)[0])
    decider = _Decider(
        proof,
        name,
        allow,
        config,
        metadata,
        omissions,
        rules,
        built="declared" if declared_suffices else rebuilt,
        complete=complete,
    )
    decided = [
        *map(decider.generated, proof.generated),
        *map(decider.modified, proof.modified),
        *map(decider.relocated, proof.relocated),
        *map(_dereferenced, proof.dereferenced),
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
            if declared_suffices and _is_of_the_commit(proof, members, finding.path or b""):
                continue
            (waived if allowed else other).append(finding)
    return ContentsDecision(decided=tuple(decided), other=tuple(other), waived=tuple(waived))


class _Decider:
    def __init__(
        self,
        proof: Proof,
        name: str,
        allow: Allowances,
        config: Config | None,
        metadata: Mapping[bytes, tuple[str, ...]],
        omissions: Omissions,
        rules: RuleResults,
        *,
        built: "Rebuilt | Literal['declared']",
        complete: bool,
    ) -> None:
        self._proof = proof
        self._omissions = omissions
        self._allow = allow
        self._metadata = metadata
        self._built = built
        self._rules = rules
        self._complete = complete
        tables = _makers(config.archives if config else (), proof.kind, name)
        makers = [a for a in tables if not isinstance(a, SourceArchive)]
        self._generated = [pattern for archive in makers for pattern in archive.generated]
        self._omitted = [p for a in tables for p in a.omitted]

    def generated(self, file: GeneratedFile) -> Decided:
        if file.path in self._metadata:
            return self._metadata_file("generated", file.path)
        if (explained := self._explained("generated", file.path)) is not None:
            return explained
        imitates = self._rules.imitations.get(file.path)
        is_allowed = self.allows if imitates is None else self._is_named
        if is_allowed(self._allow.generated, file.path):
            return _accepted("generated", file.path, Ground.ALLOWED, "you allow it")
        declared = any(_matches(self._generated, path) for path in self._below_top(file.path))
        if declared and (accepted := self._declared(file.path, imitates)) is not None:
            return accepted
        if imitates is not None:
            return _refused("generated", file.path, "contents-helper-unknown", imitates)
        why = (
            "the tag's configuration declares it, but it was not built a second time"
            if declared
            else "it is not in the tagged commit, and nothing there declares it"
        )
        return _refused("generated", file.path, "contents-generated", why)

    def _declared(self, path: bytes, imitates: str | None) -> Decided | None:
        """Decide a generated file that the configuration declares.

        Whoever only compares learns nothing of who built it; there a declaration does not speak
        for a file that has a known helper's name but not its bytes.
        """
        if self._built == "declared":
            detail = "declared in the tagged commit; nothing shows who made it"
            accepted = _accepted("generated", path, Ground.DECLARED, detail, "declared")
            return accepted if imitates is None else None
        if self._built == "not-rebuilt":
            return None
        detail = "the tag's configuration declares it, and building it twice gave the same"
        if imitates is not None:
            detail += f"; but {imitates}"
        return _accepted("generated", path, Ground.REBUILT, detail)

    def modified(self, checked: CheckedModified) -> Decided:
        path = checked.file.path
        if path in self._metadata:
            return self._metadata_file("modified", path)
        if checked.transform is not None:
            detail = f"recomputed from the commit's bytes: {checked.transform}"
            rule = checked.transform
            return _accepted("modified", path, Ground.RECOMPUTED, detail, rule)
        if (explained := self._explained("modified", path)) is not None:
            return explained
        if self.allows(self._allow.modified, path):
            return _accepted("modified", path, Ground.ALLOWED, "you allow it")
        why = f'it differs from the commit\'s "{display(checked.file.tree_path)}"'
        return _refused("modified", path, "contents-modified", why)

    def relocated(self, file: RelocatedFile) -> Decided:
        path = file.path
        found = self._explained("relocated", path)
        if path in self._metadata:
            found = self._metadata_file("relocated", path)
        if found is not None and found.ground in (Ground.NONE, Ground.ALLOWED):
            return found
        if found is not None:
            # What explains a copy does not explain that nothing is left where the tree has it.
            entry = TreeEntry(mode=Mode.FILE, object="")
            if self.omitted(OmittedEntry(path=file.tree_path, entry=entry)).finding is None:
                return found
        if self.allows(self._allow.relocated, path):
            return _accepted("relocated", path, Ground.ALLOWED, "you allow it")
        why = "it is a file of the commit, but at another path than the layout says"
        if found is not None:
            why = f'it is the commit\'s "{display(file.tree_path)}", which is not at its own place'
        return _refused("relocated", path, "contents-relocated", why)

    def omitted(self, omitted: OmittedEntry) -> Decided:
        path = omitted.path
        if self._omissions.is_customary(omitted):
            detail = Ground.CUSTOMARY.value
            return _accepted("omitted", path, Ground.CUSTOMARY, detail, "customary")
        if _leaves_out(self._omitted, omitted):
            detail = "the tag's configuration declares it"
            return _accepted("omitted", path, Ground.DECLARED, detail, "declared")
        if _leaves_out(self._allow.omitted, omitted):
            return _accepted("omitted", path, Ground.ALLOWED, "you allow it")
        why = "it is in the tagged commit but not in the archive"
        if not self._complete and not self._omissions.is_importable(omitted):
            return _accepted("omitted", path, Ground.LEFT_OUT, why, "left-out")
        return _refused("omitted", path, "contents-omitted", why)

    def _explained(self, exception: str, path: bytes) -> Decided | None:
        found = self._rules.explanations.get(path)
        if found is None:
            return None
        ground = Ground.EXPLAINED
        if found.rule.standing == "proven":
            ground = Ground.KNOWN if found.rule.check == "known-helper" else Ground.RECOMPUTED
        return _accepted(exception, path, ground, found.reason, found.rule.name)

    def _is_named(self, patterns: Iterable[Pattern], path: bytes) -> bool:
        """Return whether a person names exactly this file, by any of its spellings."""
        exact = {p.text.encode() for p in patterns if not set("*?") & set(p.text)}
        return bool(exact & set(self._spellings(path)))

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
            return _accepted(exception, path, Ground.RECOMPUTED, detail, "python-metadata")
        # Never by a pattern: a build hook can add a dependency to a file that always has this name.
        if self._is_named(self._allow.patterns()[exception], path):
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


def _dereferenced(file: DereferencedFile) -> Decided:
    """Accept a copy that is proven to be what a symlink of the commit leads to."""
    detail = f'the commit\'s symlink "{display(file.link)}" leads to "{display(file.tree_path)}"'
    rule = "symlink-dereferenced"
    return _accepted("dereferenced", file.path, Ground.RECOMPUTED, detail, rule)


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


def _accepted(
    exception: str, path: bytes, ground: Ground, detail: str, rule: str | None = None
) -> Decided:
    return Decided(exception=exception, path=path, ground=ground, detail=detail, rule=rule)


def _refused(exception: str, path: bytes, code: str, why: str) -> Decided:
    return Decided(
        exception=exception,
        path=path,
        ground=Ground.NONE,
        detail=why,
        finding=Finding(code=code, message=why, path=path),
    )


def _is_of_the_commit(proof: Proof, members: Iterable[bytes], top: bytes) -> bool:
    """Return whether every file at or below a top-level name is the tagged commit's own."""
    inside = [path for path in members if path == top or path.startswith(top + b"/")]
    return bool(inside) and all(path in proof.identical for path in inside)


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
