"""What goes into a build and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from packaging.version import InvalidVersion, Version

from tagseal.attest import Dependency
from tagseal.core.finding import Finding
from tagseal.core.listing import TreeListing
from tagseal.core.paths import display
from tagseal.git import Repository, ResolvedTag

__all__ = ["BuildInputs", "BuiltArchive", "version_finding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildInputs:
    """The tagged commit that archives are made from.

    ``tree`` is the listing of the commit's tree; ``name`` is the project's name and ``version`` the
    version that the tag names.
    """

    repository: Repository
    tag: ResolvedTag
    tree: TreeListing
    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltArchive:
    """An archive that was built, and what is known about how.

    ``reported`` is JSON data that the build says of itself: ``network`` always, and whatever the
    builder knows of tools, platform and environment. Nothing in it proves anything.
    """

    path: Path
    """Where the archive is."""
    builder: Literal["source", "python"]
    kind: Literal["source", "sdist", "wheel"]
    version: str
    """The version that the file's name says; compare it with `version_finding`."""
    dependencies: tuple[Dependency, ...]
    """What was installed for the build, sorted, each with the digest of the file it came in."""
    reported: Mapping[str, Any]
    started: datetime
    finished: datetime
    transcript: str = field(default="", repr=False)
    """The last of what the installer and the build backend printed, escaped."""


def version_finding(built: BuiltArchive, inputs: BuildInputs) -> Finding | None:
    """Return the finding ``build-version-differs``, or None where the version is the tag's.

    Versions are compared as PEP 440 does: 1.0 and 1.0.0 are equal. It is a value, since a rehearsal
    warns of what stops a release.
    """
    if built.version == inputs.version:
        return None
    try:
        if Version(built.version) == Version(inputs.version):
            return None
    except InvalidVersion:
        pass  # a version that is none equals only itself
    return Finding(
        code="build-version-differs",
        message=f'"{display(built.path.name)}" has the version {display(built.version)}, and the '
        f'tag "{display(inputs.tag.name)}" the version {display(inputs.version)}',
    )
