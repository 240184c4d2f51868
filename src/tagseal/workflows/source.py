"""The source of a release: a tag of a repository, its tree, its configuration and its version."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

from tagseal.config import (
    ArchiveConfig,
    CommandArchive,
    Config,
    PythonArchive,
    SourceArchive,
    build_system,
    load_config,
    project_name,
    project_version,
    version_tag,
)
from tagseal.contents import CONFIGURATION_FILES
from tagseal.core.errors import BuildError, ConfigError, GitError, TagsealError, UsageError
from tagseal.core.listing import TreeListing
from tagseal.core.paths import check_path, display
from tagseal.git import Repository, ResolvedTag, rehearsal_repository
from tagseal.policy.versions import same_version, version_of_tag

__all__ = [
    "ReleaseSource",
    "open_source",
    "rehearsal_source",
    "require_buildable",
    "require_no_expectations",
    "require_version",
]

_CONFIG_LIMIT = 4 * 1024 * 1024
_MOST_NAMED = 5
NO_VERSION = "0.0.0"
"""The version of an ephemeral tag where nothing in the repository says one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSource:
    """Everything about a tagged commit that a release is made of."""

    repository: Repository
    tag: ResolvedTag
    tree: TreeListing
    files: Mapping[str, bytes]
    """The configuration files at the tree's root, by name."""
    config: Config | None
    name: str
    """The project's name."""
    version: str
    """The tag's version."""
    slug: str
    """``OWNER/NAME`` at the hosting platform."""
    uri: str
    """The repository's URI, as a certificate names it."""
    ephemeral: bool
    version_warnings: tuple[str, ...]
    """How the tag's version differs from what the project's files say."""
    is_named: bool
    """Whether the user, the configuration or a remote says what the repository is called."""
    given: Path
    """The path that the user gave."""
    given_uri: str | None
    """The repository's URI as the caller gave it."""
    missing: tuple[bytes, ...] = ()
    """Configuration files of the tree whose bytes are not at hand."""

    def completed(self, blobs: Mapping[str, bytes]) -> "ReleaseSource":
        """Return the source with its configuration, where the clone lacks some of it.

        ``blobs`` are bytes by blob id from elsewhere, such as an archive. ConfigError where the
        configuration that is at hand now has errors.
        """
        entries = {path: self.tree.entries[path] for path in self.missing}
        found = {
            path.decode(): blobs[entry.object]
            for path, entry in entries.items()
            if entry.object in blobs
        }
        if not found:
            return self
        missing = tuple(path for path in self.missing if path.decode() not in found)
        described = _described(
            self.repository, self.given, self.tag.name, {**self.files, **found}, uri=self.given_uri
        )
        return replace(self, missing=missing, **described)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything that a rehearsal warns of."""
        found = list(self.version_warnings)
        if not self.is_named:
            found.append(
                f"nothing says what the repository is called: it is rehearsed as {self.slug}"
            )
        if self.expected:
            found.append(_unexpected(self.expected))
        return tuple(found)

    @property
    def expected(self) -> tuple[str, ...]:
        """What the configuration's expectations are about: patterns of archives' names."""
        expectations = self.config.expectations if self.config is not None else ()
        return tuple(expectation.archive.text for expectation in expectations)

    @property
    def archives(self) -> tuple[ArchiveConfig, ...]:
        """The configured archives; without any, what every project of this shape can make."""
        if self.config is not None and self.config.archives:
            return self.config.archives
        pyproject = self.files.get("pyproject.toml")
        if pyproject is None or build_system(pyproject) is None:
            return (SourceArchive(),)
        return (SourceArchive(name="{name}-{version}-source"), PythonArchive())


@contextmanager
def open_source(
    path: Path, tag: str, *, repository_uri: str | None = None, allow_missing: bool = False
) -> Iterator[ReleaseSource]:
    """Open a tag of a repository for a release.

    With ``allow_missing`` a clone without blobs will do, and ``missing`` names the configuration
    that it lacks. GitError where the tag is not one commit's beyond doubt; ConfigError where the
    tagged configuration has errors.
    """
    with Repository.open(path) as repository:
        source = _source(repository, path, tag, uri=repository_uri, ephemeral=False)
        if source.missing and not allow_missing:
            _configuration(repository, source.tree)  # says what is missing, and why
        yield source


@contextmanager
def rehearsal_source(
    path: Path, tag: str | None, *, slug: str | None = None
) -> Iterator[ReleaseSource]:
    """Open a tag for a rehearsal; without one, HEAD under a tag that only the rehearsal sees.

    ``slug`` is what the repository is called, ``OWNER/NAME``, where the user says it.
    The user's repository is not written to. A shallow clone is refused: a build that asks git for
    the version would get a wrong one.
    """
    uri = f"https://github.com/{slug}" if slug is not None else None
    with tempfile.TemporaryDirectory(prefix="tagseal-") as folder, Repository.open(path) as own:
        if tag is not None:
            resolved = own.resolve_tag(tag)
            own.require_complete(resolved.commit)
            yield _source(own, path, tag, uri=uri, ephemeral=False)
            return
        commit = own.head()
        own.require_complete(commit)
        name = _ephemeral_name(_configuration(own, own.read_tree(commit)))
        private = rehearsal_repository(own, Path(folder) / "private.git", commit=commit, tag=name)
        with private:
            yield _source(private, path, name, uri=uri or own.remote_url, ephemeral=True)


def _configuration(repository: Repository, tree: TreeListing) -> dict[str, bytes]:
    return {
        path.decode(): repository.blob(blob_id, limit=_CONFIG_LIMIT)
        for path, blob_id in _configuration_blobs(tree).items()
    }


def _configuration_blobs(tree: TreeListing) -> dict[bytes, str]:
    return {
        path: tree.entries[path].object
        for path in CONFIGURATION_FILES
        if path in tree.entries and tree.entries[path].mode.is_file
    }


def _ephemeral_name(files: Mapping[str, bytes]) -> str:
    config = load_config(files)
    pyproject = files.get("pyproject.toml")
    version = project_version(pyproject) if pyproject is not None else None
    return version_tag(config.tag if config else "v{version}", version or NO_VERSION)


def _source(
    repository: Repository, path: Path, tag: str, *, uri: str | None, ephemeral: bool
) -> ReleaseSource:
    resolved = repository.resolve_tag(tag)
    try:
        tag.encode("utf-8")
    except UnicodeEncodeError:
        message = f'the tag "{display(tag)}" is not UTF-8, so no statement can name it'
        raise GitError("git-tag-unknown", message) from None
    tree = repository.read_tree(resolved.tree)
    files: dict[str, bytes] = {}
    missing = []
    for file, blob_id in _configuration_blobs(tree).items():
        try:
            files[file.decode()] = repository.blob(blob_id, limit=_CONFIG_LIMIT)
        except GitError as error:
            if error.code != "git-object-missing":
                raise
            missing.append(file)
    return ReleaseSource(
        repository=repository,
        tag=resolved,
        tree=tree,
        ephemeral=ephemeral,
        given=path,
        given_uri=uri,
        missing=tuple(missing),
        **_described(repository, path, tag, files, uri=uri),
    )


class _Described(TypedDict):
    """What a source says of itself in its configuration; fields of `ReleaseSource`."""

    files: Mapping[str, bytes]
    config: Config | None
    name: str
    version: str
    slug: str
    uri: str
    version_warnings: tuple[str, ...]
    is_named: bool


def _described(
    repository: Repository, path: Path, tag: str, files: Mapping[str, bytes], *, uri: str | None
) -> _Described:
    config = load_config(files)
    pyproject = files.get("pyproject.toml")
    version = version_of_tag(config, tag)
    declared = uri or (config.repository if config else None) or repository.remote_url
    named = _slug(declared)
    slug = named or f"rehearsal/{_folder_name(path)}"
    return {
        "files": files,
        "config": config,
        "name": (project_name(pyproject) if pyproject is not None else None) or slug.split("/")[1],
        "version": version or tag.replace("/", "-"),
        "slug": slug,
        "uri": f"https://github.com/{slug}",
        "version_warnings": tuple(_version_warnings(tag, version, pyproject, config)),
        "is_named": named is not None,
    }


def _version_warnings(
    tag: str, version: str | None, pyproject: bytes | None, config: Config | None
) -> Iterator[str]:
    if version is None:
        pattern = f' of the pattern "{config.tag}"' if config else ""
        yield f'the tag "{display(tag)}" holds no version{pattern}'
        return
    declared = project_version(pyproject) if pyproject is not None else None
    if declared is not None and not same_version(declared, version):
        yield (
            f'the tag "{display(tag)}" stands for version {display(version)}, but pyproject.toml '
            f"says {display(declared)}"
        )


def _slug(uri: str | None) -> str | None:
    """Return ``OWNER/NAME``, the last two parts of a repository's URL; None where it has none."""
    if uri is None:
        return None
    path = urlsplit(uri).path if "://" in uri else uri.rpartition(":")[2]
    parts = [part for part in path.removesuffix("/").removesuffix(".git").split("/") if part]
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
    if len(parts) < 2 or any(set(part) - allowed for part in parts[-2:]):
        return None
    return "/".join(parts[-2:])


def _folder_name(path: Path) -> str:
    name = path.resolve().name.removesuffix(".git")
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "_.-") else "-" for c in name)
    return kept.strip("-.") or "repository"


def require_version(source: ReleaseSource) -> None:
    """Raise where a warning of a rehearsal stops a real release: the tag against the version."""
    if source.version_warnings:
        raise ConfigError("release-version-differs", source.version_warnings[0])


def require_no_expectations(source: ReleaseSource) -> None:
    """Raise where expectations are declared: a release must not go on as if they had been met."""
    if source.expected:
        raise UsageError("release-expectations-unsupported", _unexpected(source.expected))


def _unexpected(archives: tuple[str, ...]) -> str:
    named = ", ".join(map(display, archives))
    return f"expectations are declared but this version does not run them yet: {named}"


def require_buildable(source: ReleaseSource) -> None:
    """Raise for what could not be built, before anything is.

    BuildError ``build-command-unsupported``; TagsealError ``release-name-unportable`` where a
    source archive would hold a name that a verifier refuses. What an sdist or a wheel holds only
    its backend knows.
    """
    for archive in source.archives:
        if isinstance(archive, CommandArchive):
            message = 'this version of tagseal cannot yet build with builder = "command"'
            raise BuildError("build-command-unsupported", message)
        if isinstance(archive, SourceArchive):
            _require_portable(source.tree, archive)


def _require_portable(tree: TreeListing, archive: SourceArchive) -> None:
    found = [
        (path, problem)
        for path in sorted(tree.entries)
        if not any(pattern.matches(path) for pattern in archive.omitted)
        and (problem := _unportable(path)) is not None
    ]
    if not found:
        return
    shown = "; ".join(f"{display(path)} ({problem})" for path, problem in found[:_MOST_NAMED])
    rest = f"; and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    message = f"the tagged tree has names that no archive may hold: {shown}{rest}"
    raise TagsealError("release-name-unportable", message)


def _unportable(path: bytes) -> str | None:
    if (problem := check_path(path)) is not None:
        return problem
    try:
        path.decode("utf-8")
    except UnicodeDecodeError:
        return "it is not UTF-8"
    return None
