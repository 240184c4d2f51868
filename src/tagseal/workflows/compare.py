"""Comparing any archive, signed or not, with a tag: what is in it that is not in that commit?"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from tagseal.archives import open_archive
from tagseal.contents import Kind
from tagseal.contents.rules import PROJECT, ComparingEvidence, History
from tagseal.core.errors import ArchiveError, GitError, TagsealError, UsageError
from tagseal.core.finding import Finding
from tagseal.core.listing import ArchiveListing, Mode
from tagseal.core.paths import display
from tagseal.git import Repository, read_history
from tagseal.policy import Allowances, Policy
from tagseal.verification import JudgedContents, judge_claim
from tagseal.workflows.account import Accounted, account_archive
from tagseal.workflows.source import ReleaseSource, open_source

__all__ = ["CompareOptions", "Comparison", "compare_archive"]

_KEPT_FILE = 4 * 1024 * 1024
_KEPT_TOGETHER = 56 * 1024 * 1024
_BLOB_LIMIT = 16 * 1024 * 1024
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions:
    """What somebody who compares asks for.

    ``built`` is an archive that they made of the same tag themselves. ``complete`` demands that
    what is left out is explained too. ``submodules`` maps a submodule's path to a repository that
    has its commit. ``collision_detection`` looks for traces of SHA-1 collisions in every file.
    """

    allow: Allowances = field(default_factory=Allowances)
    kind: Kind | None = None
    built: Path | None = None
    without_rules: frozenset[str] = frozenset()
    complete: bool = False
    submodules: Mapping[bytes, Path] | None = None
    collision_detection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An archive against a tag: the partition, and what explains each difference.

    ``sources`` has, by tree path, the commit's bytes of those modified files that were at hand; the
    listing's ``kept`` has the archive's.
    """

    accounted: Accounted
    judged: JudgedContents
    """Of all but the members of another type than the tree's entry, which nothing can judge."""
    repository: str
    tag: str
    commit: str
    warnings: tuple[str, ...]
    sources: Mapping[bytes, bytes]
    built_sha256: str | None = None
    """The digest of the archive that whoever asks built; None where they named none."""
    collision_detection: bool = False
    """Whether every file was searched for traces of a SHA-1 collision."""

    @property
    def listing(self) -> ArchiveListing:
        """What was read of the archive."""
        return self.accounted.listing

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every difference that nothing explains; the archive is the tag's when there is none."""
        return (*self.accounted.conflicts, *self.judged.findings)


def compare_archive(
    archive: Path, repository: Path, tag: str, options: CompareOptions
) -> Comparison:
    """Compare an archive with a tag of a repository; no evidence is needed.

    The same rules decide as when a consumer verifies, but for four: any single top folder is
    accepted, since an unsigned archive's name promises nothing; a file that the tag's configuration
    declares as generated is explained by that, since no evidence says who built it; rules that only
    explain count too; and what is left out counts only where leaving it out changes what is
    imported, or where ``complete`` is asked for.

    UsageError where the options name what is not there: a submodule or a rule that the tagged
    commit does not have, or the archive itself as one that was built.
    """
    _check_archives(archive, options.built)
    with open_source(repository, tag, allow_missing=True) as opened:
        _check_submodules(options.submodules or {}, opened)
        accounted = _with_differences_kept(_account(archive, opened, options), archive)
        source = accounted.source
        _check_rules(options.without_rules, source)
        built = _read_build(options.built, accounted.listing) if options.built else None
        judged = _judged(accounted, source, options, built)
        return Comparison(
            accounted=accounted,
            judged=judged,
            repository=str(repository),
            tag=tag,
            commit=source.tag.commit,
            warnings=(*source.version_warnings, *accounted.warnings),
            sources=_sources(accounted, source.repository),
            built_sha256=built.sha256 if built is not None else None,
            collision_detection=options.collision_detection,
        )


def _check_archives(archive: Path, built: Path | None) -> None:
    if archive.is_dir():
        message = "this is a folder; name one archive"
        hint = "A release's own folder, as `tagseal build` makes it, is compared with --release."
        raise UsageError("usage", message, where=display(str(archive)), hint=hint)
    with suppress(OSError):  # whoever reads them says it better
        if built is not None and built.samefile(archive):
            message = "--built names the very archive that is compared, which would explain it all"
            hint = "Name an archive that you built from the tag yourself."
            raise UsageError("usage", message, where=display(str(built)), hint=hint)


def _check_submodules(given: Mapping[bytes, Path], source: ReleaseSource) -> None:
    """Raise where a path neither is a submodule of the commit nor lies in one."""
    there = [path for path, entry in source.tree.entries.items() if entry.mode is Mode.SUBMODULE]
    for path in given:
        if not any(path == known or path.startswith(known + b"/") for known in there):
            named = ", ".join(f'"{display(known)}"' for known in sorted(there)[:_MOST_NAMED])
            more = len(there) - _MOST_NAMED
            hint = f"Its submodules are {named}" + (f" and {more} more." if more > 0 else ".")
            message = f'--submodule: "{display(path)}" is no submodule of the tagged commit'
            raise UsageError("usage", message, hint=hint if there else "It has no submodules.")


def _check_rules(without: frozenset[str], source: ReleaseSource) -> None:
    """Raise where a rule of the project's is named that it does not have.

    A misspelt name would let the rule explain what it was to be kept from.
    """
    if source.missing:
        return
    rules = source.config.rules if source.config is not None else ()
    known = {f"{PROJECT}:{rule.name}" for rule in rules}
    for name in sorted(without):
        if name.startswith(f"{PROJECT}:") and name not in known:
            message = f'--without-rule: the tagged commit has no rule "{display(name)}"'
            hint = f"Its rules are: {', '.join(sorted(known))}." if known else "It has no rules."
            raise UsageError("usage", message, hint=hint)


def _account(archive: Path, source: ReleaseSource, options: CompareOptions) -> Accounted:
    return account_archive(
        archive,
        source,
        submodules=options.submodules,
        collision_detection=options.collision_detection,
        tar_digest=False,
    )


def _with_differences_kept(accounted: Accounted, archive: Path) -> Accounted:
    """Read the archive once more where files differ, to have the bytes that the rules look at.

    Which files differ is only known after the first reading; most archives need no second.
    """
    exceptions = accounted.account.flat
    wanted = {g.path for g in exceptions.generated}
    wanted |= {m.path for m in exceptions.modified}
    wanted |= {r.path for r in exceptions.relocated}
    wanted -= accounted.listing.kept.keys()
    if not wanted:
        return accounted
    room = _Room()
    again = open_archive(
        archive,
        object_format=accounted.listing.object_format,
        keep=lambda path, size: path in wanted and room.takes(size),
        sha256_of=lambda _: False,
        tar_digest=False,
    )
    if again.sha256 != accounted.listing.sha256:
        message = "The file changed while it was read."
        raise ArchiveError("archive-changed", message, where=display(archive.name))
    together = {**accounted.listing.kept, **again.kept}
    rest, claim = accounted.rest
    return replace(
        accounted,
        listing=replace(accounted.listing, kept=together),
        rest=(replace(rest, kept=together), claim),
    )


def _judged(
    accounted: Accounted,
    source: ReleaseSource,
    options: CompareOptions,
    built: ArchiveListing | None,
) -> JudgedContents:
    listing, claim = accounted.rest
    mappings = (*options.allow.mappings, *claim.mappings)
    policy = Policy(
        repository=source.slug,
        kind=options.kind,
        allow=replace(options.allow, mappings=mappings),
        without_rules=options.without_rules,
    )
    comparing = ComparingEvidence(
        blob=lambda name: _blob(source.repository, name),
        history=cache(lambda: _history(source)),
        built=built,
    )
    return judge_claim(
        listing,
        claim,
        policy,
        rebuilt="not-rebuilt",
        comparing=comparing,
        complete=options.complete,
    )


def _read_build(path: Path, listing: ArchiveListing) -> ArchiveListing:
    """Read the archive of whoever asks, with the bytes of what may differ in dates only.

    ``file-unreadable`` where that fails, whatever the reason: nothing is said of the other archive.
    """
    sizes = {path.partition(b"/")[2]: listing.members[path].size for path in listing.kept}
    room = _Room()
    try:
        return open_archive(
            path,
            object_format=listing.object_format,
            keep=lambda name, size: sizes.get(name.partition(b"/")[2]) == size and room.takes(size),
            sha256_of=lambda _: False,
            tar_digest=False,
        )
    except ArchiveError as error:
        message = f"the archive named with --built cannot be read: {error.message}"
        hint = "Name an archive that you built from the tag yourself, or leave --built out."
        where = display(str(path))
        raise TagsealError("file-unreadable", message, where=where, hint=hint) from error


class _Room:
    """How much is kept of one reading: files up to a size, and up to a size together."""

    def __init__(self) -> None:
        self._left = _KEPT_TOGETHER

    def takes(self, size: int) -> bool:
        """Return whether a file is kept, and count it if so."""
        if size > min(_KEPT_FILE, self._left):
            return False
        self._left -= size
        return True


def _blob(repository: Repository, name: str) -> bytes | None:
    """Return a blob's bytes; None where the clone lacks it, or it is too large to compare."""
    try:
        return repository.blob(name, limit=_BLOB_LIMIT)
    except GitError as error:
        if error.code in ("git-object-missing", "git-limit"):
            return None
        raise


def _history(source: ReleaseSource) -> History | None:
    from tagseal.contents.rules import history_of  # only where a rule asks for it

    try:
        commits = read_history(source.repository, source.tag.commit)
        return history_of(
            ((c.id, c.people, c.message) for c in commits),
            (tag.encode("utf-8", "surrogateescape") for tag in source.repository.tags()),
        )
    except GitError as error:
        if error.code == "git-object-missing":
            return None
        raise


def _sources(accounted: Accounted, repository: Repository) -> dict[bytes, bytes]:
    found = {}
    for modified in accounted.account.exceptions.modified:
        if modified.path in accounted.listing.kept and modified.source.mode.is_file:
            content = _blob(repository, modified.source.object)
            if content is not None:
                found[modified.tree_path] = content
    return found
