"""What a configuration says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from tagseal.core.patterns import Pattern

__all__ = [
    "DEFAULT_TAG",
    "ArchiveConfig",
    "ArchiveFormat",
    "CommandArchive",
    "Config",
    "ExpectConfig",
    "PythonArchive",
    "RuleConfig",
    "SourceArchive",
]

DEFAULT_TAG = "v{version}"
"""The tag pattern of a configuration that gives none."""

ArchiveFormat = Literal["tar.gz", "tar", "zip"]
"""The formats in which this version writes a source archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceArchive:
    """``builder = "source"``: the tree itself, one archive for each format.

    ``name`` is the template of the top folder, which is also the file name without its suffix;
    ``omitted`` are the patterns of tree paths that the archive leaves out.
    """

    formats: tuple[ArchiveFormat, ...] = ("tar.gz",)
    name: str = "{name}-{version}"
    omitted: tuple[Pattern, ...] = ()

    def top_folder(self, *, name: str, version: str) -> str:
        """Return the name of the top folder for a project's name and a version."""
        return self.name.replace("{name}", name).replace("{version}", version)


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonArchive:
    """``builder = "python"``: the sdist and the wheel that the project's build backend makes.

    ``requirements`` is the tree path of a hash-locked set of build requirements; ``generated`` are
    the patterns of archive paths (below the top folder) that only the archive has, ``omitted`` of
    tree paths that it leaves out.
    """

    requirements: str | None = None
    sdist: bool = True
    wheel: bool = True
    generated: tuple[Pattern, ...] = ()
    omitted: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandArchive:
    """``builder = "command"``: whatever the commands leave at ``outputs``.

    ``run`` holds one argument list for each command; ``outputs`` are file-name patterns.
    """

    run: tuple[tuple[str, ...], ...]
    outputs: tuple[Pattern, ...]
    requirements: str | None = None
    generated: tuple[Pattern, ...] = ()
    omitted: tuple[Pattern, ...] = ()


ArchiveConfig = SourceArchive | PythonArchive | CommandArchive
"""One ``[[archive]]`` table, by its builder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectConfig:
    """One ``[[expect]]`` table: what must be on in the archives that ``archive`` names.

    ``run`` are commands that must succeed in the unpacked archive; ``cmake_cache`` are entries that
    CMake's cache must then hold.
    """

    archive: Pattern
    run: tuple[tuple[str, ...], ...]
    cmake_cache: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConfig:
    """One ``[[rule]]`` table: a built-in check for files of this project's own.

    ``paths`` are patterns of archive paths below the top folder; ``parameters`` are the check's
    own, such as ``from`` of a copy.
    """

    name: str
    check: str
    paths: tuple[Pattern, ...]
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole configuration; ``file`` names the file that it came from."""

    file: str
    repository: str | None = None
    tag: str = DEFAULT_TAG
    archives: tuple[ArchiveConfig, ...] = ()
    expectations: tuple[ExpectConfig, ...] = ()
    rules: tuple[RuleConfig, ...] = ()
