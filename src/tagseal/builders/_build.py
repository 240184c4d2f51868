"""Building what one table of the configuration asks for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import assert_never

from tagseal.builders._model import BuildInputs, BuiltArchive
from tagseal.builders._publish import publish, require_absent, staging_folder
from tagseal.builders._python import PythonBuild, build_distribution
from tagseal.builders._results import Kind, expected_sdist
from tagseal.builders._source import build_source_archive, source_file_name
from tagseal.config import ArchiveConfig, CommandArchive, PythonArchive, SourceArchive
from tagseal.core.errors import BuildError

__all__ = ["STEP_SECONDS", "build_archives"]

STEP_SECONDS = 20 * 60.0
"""How long one step of a build may take unless the caller says otherwise: 20 minutes."""


def build_archives(
    config: ArchiveConfig,
    inputs: BuildInputs,
    out: Path,
    *,
    progress: Callable[[str], None],
    clock: Callable[[], datetime],
    step_seconds: float = STEP_SECONDS,
) -> tuple[BuiltArchive, ...]:
    """Build the archives of one ``[[archive]]`` table into the folder ``out``.

    All of them appear there under their names, or none; nothing is overwritten. ``progress`` gets
    one phrase for every step; ``clock`` gives the time in UTC; ``step_seconds`` limits each
    installation and each hook.

    BuildError with a reason of the area ``build``; UsageError ``output-exists``,
    ``output-unwritable``, ``extra-missing``; and the errors of `tagseal.git`, `tagseal.archives`
    and, for a pyproject.toml that cannot be read, `tagseal.config`.
    """
    match config:
        case CommandArchive():
            raise BuildError(
                "build-command-unsupported",
                'this version of tagseal cannot yet build with builder = "command"',
            )
        case SourceArchive():
            build = _source(config, inputs, out, progress, clock)
        case PythonArchive():
            if config.sdist:
                require_absent(out / expected_sdist(inputs.name, inputs.version))
            build = _python(config, inputs, progress, clock, step_seconds)
        case _:
            assert_never(config)
    with staging_folder(out) as staging:
        built = build(staging)
        publish([archive.path for archive in built], out)
    return tuple(replace(archive, path=out / archive.path.name) for archive in built)


_Build = Callable[[Path], list[BuiltArchive]]


def _source(
    config: SourceArchive,
    inputs: BuildInputs,
    out: Path,
    progress: Callable[[str], None],
    clock: Callable[[], datetime],
) -> _Build:
    names = {suffix: source_file_name(config, inputs, suffix) for suffix in config.formats}
    for name in names.values():
        require_absent(out / name)

    def build(staging: Path) -> list[BuiltArchive]:
        built = []
        for suffix, name in names.items():
            progress(f"writing {name}")
            built.append(build_source_archive(config, suffix, inputs, staging, clock))
        return built

    return build


def _python(
    config: PythonArchive,
    inputs: BuildInputs,
    progress: Callable[[str], None],
    clock: Callable[[], datetime],
    step_seconds: float,
) -> _Build:
    wanted: dict[Kind, bool] = {"sdist": config.sdist, "wheel": config.wheel}

    def build(staging: Path) -> list[BuiltArchive]:
        work = PythonBuild(
            config=config,
            inputs=inputs,
            staging=staging,
            progress=progress,
            clock=clock,
            seconds=step_seconds,
        )
        work.check()
        return [build_distribution(work, kind) for kind, is_wanted in wanted.items() if is_wanted]

    return build
