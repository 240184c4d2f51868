"""The isolated environment that a backend's hooks run in, and all that they get from outside.

The environment for the hooks is a plain ``venv`` without pip: nothing is in it but the build
requirements. It fulfils `build.env.IsolatedEnv`, and its ``make_extra_environ`` is the *whole*
environment of the hooks, since `HookRunner` adds nothing of the caller's.
"""

import importlib.metadata
import os
import shutil
import subprocess
import sysconfig
import venv
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tagseal.attest import Dependency
from tagseal.builders._pip import Pip
from tagseal.builders._process import Transcript, run
from tagseal.core.errors import BuildError
from tagseal.core.paths import display

__all__ = ["BuildEnvironment", "HookRunner"]

_SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")


class BuildEnvironment:
    """An environment for one build, made in ``room``; an `IsolatedEnv` of the build package.

    ``epoch`` becomes SOURCE_DATE_EPOCH, in seconds since 1970 UTC; ``pip`` makes the pip that
    installs, when there is something to install. BuildError ``build-environment-failed``.
    """

    def __init__(self, room: Path, *, pip: Callable[[], Pip], epoch: int) -> None:
        self._make_pip = pip
        self._made_pip: Pip | None = None
        self._folder = room / "environment"
        self._home = room / "home"
        self._temporary = room / "tmp"
        self._epoch = epoch
        self._installed: dict[str, Dependency] = {}
        try:
            self._home.mkdir()
            self._temporary.mkdir()
            venv.EnvBuilder(symlinks=True, with_pip=False).create(self._folder)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise BuildError(
                "build-environment-failed", f"venv failed: {display(str(error))}"
            ) from error
        paths = {"base": str(self._folder), "platbase": str(self._folder)}
        self._scripts = Path(sysconfig.get_path("scripts", "venv", paths))
        self._packages = Path(sysconfig.get_path("purelib", "venv", paths))

    @property
    def python_executable(self) -> str:
        """The environment's interpreter."""
        return str(self._scripts / "python")

    @property
    def dependencies(self) -> tuple[Dependency, ...]:
        """What was installed so far, sorted."""
        return tuple(sorted(self._installed.values()))

    def make_extra_environ(self) -> Mapping[str, str]:
        """Return every variable that a hook gets."""
        return {
            **self._variables(),
            "PATH": os.pathsep.join([str(self._scripts), *_SYSTEM_PATH, *_git_folder()]),
            "HOME": str(self._home),
            "TMPDIR": str(self._temporary),
        }

    def described(self) -> dict[str, str]:
        """Return the same variables for the provenance, without this machine's own paths."""
        git = ["(git)"] if _git_folder() else []
        path = os.pathsep.join(["(environment)", *_SYSTEM_PATH, *git])
        return {**self._variables(), "PATH": path, "HOME": "(empty)", "TMPDIR": "(empty)"}

    def install(self, requirements: Collection[str]) -> None:
        """Install requirements; the errors are those of `Pip.install`."""
        if requirements:
            self._note(self._pip().install(self._python, requirements))

    def install_locked(self, lock: Path) -> None:
        """Install a hash-locked set; the errors are those of `Pip.install_locked`."""
        self._note(self._pip().install_locked(self._python, lock))

    def require_satisfied(self, requirements: Collection[str]) -> None:
        """Check that the environment has what is required: see `Pip.require_satisfied`."""
        if requirements:
            self._pip().require_satisfied(self._python, requirements)

    def version_of_module(self, module: str) -> str | None:
        """Return the version of the installed distribution that brings a top-level module."""
        for distribution in importlib.metadata.distributions(path=[str(self._packages)]):
            for file in distribution.files or ():
                if file.parts[0] in (module, f"{module}.py"):
                    return distribution.version
        return None

    @property
    def pip_version(self) -> str | None:
        """The version of the pip that installed; None where nothing was to be installed."""
        return self._made_pip.version if self._made_pip else None

    def _pip(self) -> Pip:
        if self._made_pip is None:
            self._made_pip = self._make_pip()
        return self._made_pip

    @property
    def _python(self) -> Path:
        return Path(self.python_executable)

    def _note(self, installed: tuple[Dependency, ...]) -> None:
        # A later installation may have replaced a version: the package's name is the key.
        self._installed |= {item.uri.rpartition("@")[0]: item for item in installed}

    def _variables(self) -> dict[str, str]:
        return {
            "GIT_CONFIG_NOSYSTEM": "1",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            # A backend in the tree must not leave its bytecode beside its source.
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "SOURCE_DATE_EPOCH": str(self._epoch),
            "TZ": "UTC",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRunner:
    """The runner for `build.ProjectBuilder`; ``seconds`` limits each call."""

    seconds: float
    transcript: Transcript

    def __call__(
        self,
        cmd: Sequence[str],
        cwd: str | None = None,
        extra_environ: Mapping[str, str] | None = None,
    ) -> None:
        """Run a hook in the environment that is given, and nothing besides.

        CalledProcessError and TimeoutExpired, as the build package expects of a runner.
        """
        status = run(
            cmd,
            environment=extra_environ or {},
            cwd=Path(cwd or os.curdir),
            seconds=self.seconds,
            transcript=self.transcript,
        )
        if status:
            raise subprocess.CalledProcessError(status, list(cmd))


def _git_folder() -> list[str]:
    """Return git's folder where it is none of the system's: backends ask git for the version."""
    folders = os.pathsep.join(folder for folder in os.get_exec_path() if Path(folder).is_absolute())
    found = shutil.which("git", path=folders)
    folder = str(Path(found).parent) if found else ""
    return [folder] if folder and folder not in _SYSTEM_PATH else []
