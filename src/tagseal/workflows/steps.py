"""The steps of a release one by one, as CI jobs run them: from folder to folder.

Each step loads the release's folder, which checks every archive's digest, and recomputes whatever
it can from the repository. `tagseal.workflows.rehearse` is the same steps in one process.
"""

import importlib
from pathlib import Path

from tagseal.ci import CiRun
from tagseal.config import ArchiveConfig, CommandArchive, PythonArchive, SourceArchive
from tagseal.core.errors import TagsealError, UsageError
from tagseal.core.paths import display
from tagseal.signing import load_trust
from tagseal.workflows.account import Accounted
from tagseal.workflows.files import new_folder
from tagseal.workflows.folder import ReleaseFolder
from tagseal.workflows.gate import GateResult
from tagseal.workflows.sign import sign_release
from tagseal.workflows.source import (
    ReleaseSource,
    open_source,
    require_buildable,
    require_no_expectations,
    require_version,
)
from tagseal.workflows.state import (
    Run,
    account_release,
    gate_release,
    read_statements,
    require_open_gate,
    state_release,
    write_statements,
)
from tagseal.workflows.types import Clock, Progress

__all__ = [
    "build_step",
    "check_step",
    "compare_release",
    "rebuild_step",
    "sign_step",
    "state_step",
]


_BUILDERS: dict[type[ArchiveConfig], str] = {
    SourceArchive: "source",
    PythonArchive: "python",
    CommandArchive: "command",
}
"""How a configuration spells each kind of archive."""


def check_step(repository: Path, tag: str) -> list[str]:
    """Say whether a tag can be released: what it is, its version and its configuration.

    Returns sentences about what was found; raises for the first thing that stops a release.
    """
    with open_source(repository, tag) as source:
        _require_releasable(source)
        if source.config is None or not source.config.archives:
            message = "the tagged commit configures no archive, so nothing says what to release"
            hint = "Add [[tool.tagseal.archive]] tables to pyproject.toml, or a tagseal.toml."
            raise UsageError("config-invalid", message, hint=hint)
        builders = ", ".join(_BUILDERS[type(archive)] for archive in source.archives)
        annotated = "an annotated tag" if source.tag.tag_objects else "a lightweight tag"
        return [
            f"{display(tag)} is {annotated} at commit {source.tag.commit}",
            f"version {display(source.version)} of {display(source.name)}, {source.uri}",
            f"archives by {source.config.file}, with the builders: {builders}",
        ]


def _require_releasable(source: ReleaseSource) -> None:
    """Raise for what a rehearsal does without and a release cannot."""
    require_version(source)
    if not source.is_named:
        message = "nothing says what the repository is called, so nobody could ask for its releases"
        hint = 'Set repository = "https://github.com/OWNER/NAME" in the configuration.'
        raise UsageError("config-invalid", message, hint=hint)
    require_no_expectations(source)
    require_buildable(source)
    source.repository.require_complete(source.tag.commit)


def build_step(
    repository: Path, tag: str, out: Path, *, progress: Progress, clock: Clock
) -> ReleaseFolder:
    """Build a tag's archives into a new folder."""
    building = importlib.import_module("tagseal.workflows.build")
    with open_source(repository, tag) as source:
        _require_releasable(source)
        with new_folder(out) as partial:
            building.build_release(source, partial, progress=progress, clock=clock)
    return ReleaseFolder.load(out)


def rebuild_step(
    folder: Path, repository: Path, *, progress: Progress, clock: Clock
) -> ReleaseFolder:
    """Build a release's archives again, compare, and record how far they agree."""
    building = importlib.import_module("tagseal.workflows.build")
    release = ReleaseFolder.load(folder)
    with open_source(repository, release.tag, repository_uri=release.uri) as source:
        if source.tag.commit != release.commit:
            message = f'the tag "{display(release.tag)}" is not at the commit that was built'
            raise TagsealError("git-tag-moved", message)
        rebuilt: ReleaseFolder = building.rebuild_release(
            release, source, progress=progress, clock=clock
        )
        return rebuilt


def compare_release(
    folder: Path, repository: Path, *, progress: Progress
) -> list[tuple[Accounted, GateResult]]:
    """Account for every archive of a release, as strictly as a consumer would."""
    release = ReleaseFolder.load(folder)
    with open_source(repository, release.tag, repository_uri=release.uri) as source:
        accounted = account_release(release, source, progress=progress)
        return list(zip(accounted, gate_release(release, source, accounted), strict=True))


def state_step(
    folder: Path,
    repository: Path,
    *,
    run: CiRun,
    builder_id: str | None,
    invocation: str | None,
    progress: Progress,
) -> ReleaseFolder:
    """Write the statements of a release whose every archive a strict consumer would accept."""
    release = ReleaseFolder.load(folder)
    identity = Run(
        builder_id=builder_id or _from_ci(run.builder_uri, "--builder-id"),
        invocation=invocation or _from_ci(run.invocation_uri, "--invocation"),
    )
    with open_source(repository, release.tag, repository_uri=release.uri) as source:
        accounted = account_release(release, source, progress=progress)
        require_open_gate(accounted, gate_release(release, source, accounted))
        write_statements(release, state_release(release, source, accounted, identity))
    return release


def _from_ci(value: str | None, option: str) -> str:
    if value is None:
        message = f"outside of a CI that tagseal knows, {option} must say what will sign"
        hint = "In CI it is known; elsewhere `tagseal rehearse` goes all the way to a signature."
        raise UsageError("usage", message, hint=hint)
    return value


def sign_step(
    folder: Path,
    *,
    trust_config: Path | None,
    consent: bool,
    run: CiRun,
    progress: Progress,
) -> list[Path]:
    """Sign a release's statements and leave each archive's evidence beside it."""
    release = ReleaseFolder.load(folder)
    return sign_release(
        release,
        read_statements(release),
        trust=load_trust(trust_config),
        run=run,
        consent=consent,
        progress=progress,
    )
