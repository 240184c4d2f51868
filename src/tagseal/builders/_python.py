"""Python distributions: one sdist or wheel from a clone of its own in an environment of its own."""

import importlib.metadata
import platform
import subprocess
import sysconfig
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagseal.builders._environment import BuildEnvironment, HookRunner
from tagseal.builders._model import BuildInputs, BuiltArchive
from tagseal.builders._pip import make_pip
from tagseal.builders._process import Transcript
from tagseal.builders._publish import copy_result
from tagseal.builders._results import Kind, check_result
from tagseal.builders._room import build_room
from tagseal.config import PythonArchive, build_system, project_name
from tagseal.core.errors import BuildError, UsageError
from tagseal.core.paths import display
from tagseal.git import private_clone

if TYPE_CHECKING:
    from build import ProjectBuilder

__all__ = ["PythonBuild", "build_distribution"]

_LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
_PYPROJECT = b"pyproject.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonBuild:
    """What the builds of a project's sdist and wheel have in common.

    ``seconds`` is the limit of every single step: an installation, a hook.
    """

    config: PythonArchive
    inputs: BuildInputs
    staging: Path
    progress: Callable[[str], None]
    clock: Callable[[], datetime]
    seconds: float

    def check(self) -> None:
        """Refuse what could not be built before anything is fetched or run.

        UsageError ``extra-missing``; BuildError ``build-not-python``,
        ``build-requirements-missing``, ``build-requirements-unsupported``; ConfigError for a
        pyproject.toml that cannot be read.
        """
        _require_build_package()
        if not {_PYPROJECT, b"setup.py"} & self.inputs.tree.entries.keys():
            raise BuildError(
                "build-not-python", "the tree has neither a pyproject.toml nor a setup.py"
            )
        if pyproject := self.file(_PYPROJECT):
            build_system(pyproject)
        lock = self.config.requirements
        if lock is None:
            return
        if self.file(lock.encode()) is None:
            raise BuildError(
                "build-requirements-missing", "the tree has no such file", where=display(lock)
            )
        name = lock.rpartition("/")[2]
        is_pylock = name.startswith("pylock.") and name.endswith(".toml") and name.count(".") < 3
        if not is_pylock and not name.endswith(".txt"):
            raise BuildError(
                "build-requirements-unsupported",
                "this is neither a pylock nor a requirements file by its name",
                where=display(lock),
            )

    def file(self, path: bytes) -> bytes | None:
        """Return the bytes of a regular file of the tree, or None where there is none."""
        entry = self.inputs.tree.entries.get(path)
        if entry is None or not entry.mode.is_file:
            return None
        return self.inputs.repository.blob(entry.object)


def _require_build_package() -> None:
    try:
        import build  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise UsageError(
            "extra-missing",
            "the build package, which runs build backends, is not installed",
            hint="Install tagseal[release].",
        ) from error


def build_distribution(work: PythonBuild, kind: Kind) -> BuiltArchive:
    """Build one distribution into the staging folder.

    The clone and the environment are fresh for each, so that nothing that one build leaves gets
    into another; both kinds are built from the clone, whose files are the tagged commit's.
    """
    started = work.clock()
    with build_room(work.progress) as room:
        transcript = Transcript()
        built = replace(_build(work, kind, room, transcript), started=started)
        return replace(built, path=copy_result(built.path, work.staging), finished=work.clock())


def _build(work: PythonBuild, kind: Kind, room: Path, transcript: Transcript) -> BuiltArchive:
    tag = work.inputs.tag
    work.progress(f"cloning the tagged commit for the {kind}")
    source = private_clone(work.inputs.repository, room / "source", tag=tag.name, commit=tag.commit)
    pip = partial(make_pip, room / "tools", seconds=work.seconds, transcript=transcript)
    environment = BuildEnvironment(room, pip=pip, epoch=max(tag.commit_time, 0))
    dist = room / "dist"
    with _explained(work, transcript):
        builder = _project_builder(environment, source, work.seconds, transcript)
        work.progress(f"installing what the build of the {kind} requires")
        _install(work, environment, source, builder.build_system_requires)
        # Before any hook has run: afterwards, the environment says what they like.
        backend = _backend(work, environment)
        _install(work, environment, None, builder.get_requires_for_build(kind))
        work.progress(f"building the {kind} with {display(backend['name'])}")
        returned = _returned(builder, kind, dist, transcript)
    pyproject = work.file(_PYPROJECT)
    name = project_name(pyproject) if pyproject else None
    result = check_result(kind, dist, returned, name=name)
    return BuiltArchive(
        path=result.path,
        builder="python",
        kind=kind,
        version=result.version,
        dependencies=environment.dependencies,
        reported=_reported(work, environment, backend),
        started=work.clock(),
        finished=work.clock(),
        transcript=transcript.text(),
    )


def _project_builder(
    environment: BuildEnvironment, source: Path, seconds: float, transcript: Transcript
) -> "ProjectBuilder":
    from build import ProjectBuilder

    runner = HookRunner(seconds=seconds, transcript=transcript)
    return ProjectBuilder.from_isolated_env(environment, source, runner)


def _install(
    work: PythonBuild, environment: BuildEnvironment, source: Path | None, requires: set[str]
) -> None:
    """Install requirements; with a lock, the lock (once, from ``source``) must hold them all."""
    if work.config.requirements is None:
        environment.install(requires)
        return
    if source is not None:
        environment.install_locked(source / work.config.requirements)
    environment.require_satisfied(requires)


def _returned(builder: "ProjectBuilder", kind: Kind, dist: Path, transcript: Transcript) -> str:
    try:
        return builder.build(kind, dist)
    except TypeError as error:
        raise BuildError(
            "build-result-invalid", f"the backend returned no file name{transcript.tail()}"
        ) from error


@contextmanager
def _explained(work: PythonBuild, transcript: Transcript) -> Iterator[None]:
    """Translate the errors of the build package, and pass its warnings on as progress."""
    from build import BuildBackendException, BuildException

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except BuildBackendException as error:
            raise _backend_error(error.exception, transcript) from error
        except BuildException as error:
            raise BuildError("build-system-invalid", display(str(error))) from error
        except subprocess.TimeoutExpired as error:
            raise _timeout("pip", error, transcript) from error
        except OSError as error:
            raise BuildError("build-environment-failed", display(str(error))) from error
        finally:
            # Backends warn in whole pages, and in every hook again: each first line, once.
            lines = [str(item.message).strip().partition("\n")[0] for item in caught]
            for line in dict.fromkeys(lines):
                work.progress(f"the backend warns: {display(line[:200])}")


def _backend_error(error: Exception, transcript: Transcript) -> BuildError:
    if isinstance(error, subprocess.TimeoutExpired):
        return _timeout("a hook of the build backend", error, transcript)
    if isinstance(error, subprocess.CalledProcessError):
        hook = display(str(error.cmd[2]))
        how = (
            f"status {error.returncode}" if error.returncode > 0 else f"signal {-error.returncode}"
        )
        said = f"the hook {hook} of the build backend ended with {how}"
    else:
        said = f"the build backend failed: {display(str(error).strip()[:2000])}"
    return BuildError("build-backend-failed", f"{said}; its last lines:{transcript.tail()}")


def _timeout(what: str, error: subprocess.TimeoutExpired, transcript: Transcript) -> BuildError:
    return BuildError(
        "build-timeout",
        f"{what} did not end within {error.timeout:g} seconds; its last lines:{transcript.tail()}",
    )


def _backend(work: PythonBuild, environment: BuildEnvironment) -> dict[str, Any]:
    """Return what the provenance says of the backend; an in-tree one has no version."""
    pyproject = work.file(_PYPROJECT)
    table = build_system(pyproject) if pyproject else None
    name = table.backend if table else _LEGACY_BACKEND
    if table and table.backend_path:
        return {"name": name, "version": None, "in_tree": True}
    module = name.partition(":")[0].partition(".")[0]
    return {"name": name, "version": environment.version_of_module(module), "in_tree": False}


def _reported(
    work: PythonBuild, environment: BuildEnvironment, backend: dict[str, Any]
) -> dict[str, Any]:
    return {
        # Until there is a sandbox, hooks may reach whatever this machine reaches.
        "network": "open",
        "backend": backend,
        "build": importlib.metadata.version("build"),
        "environment": environment.described(),
        "built_from": "clone",
        "pip": environment.pip_version,
        "platform": sysconfig.get_platform(),
        "python": platform.python_version(),
        "python_implementation": platform.python_implementation(),
        "requirements": work.config.requirements,
        "source_date_epoch": max(work.inputs.tag.commit_time, 0),
        "umask": "022",
    }
