"""Running git: the program, its environment, the bare folder of our own, limits in time.

Git has no switch that makes it ignore a repository's own configuration, and that configuration
names programs to run. So git never works *in* the user's repository here: it works in a bare
folder that we wrote, which borrows the objects of the user's repository (gitrepository-layout,
"objects/info/alternates"; git(1), ``GIT_ALTERNATE_OBJECT_DIRECTORIES``). What lies beside those
objects and would be believed without being checked (the commit graph, the multi-pack index,
bitmaps) is switched off.
"""

import functools
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import GitError
from tagseal.core.paths import display

__all__ = ["Door", "environment", "find_git", "quoted", "run_git", "shown_stderr"]

MINIMUM = (2, 29)
"""The first git that knows ``extensions.objectFormat``."""

SHORT = 120.0
"""Seconds that a quick command of git may take."""

_SETTINGS = """\
[core]
\trepositoryformatversion = 1
\tbare = true
\tfilemode = true
\tlogallrefupdates = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
\tfsmonitor = false
\tcommitGraph = false
\tmultiPackIndex = false
[pack]
\tuseBitmaps = false
[gc]
\tauto = 0
[extensions]
\tobjectformat = {}
"""


def find_git() -> Path:
    """Return the git program; GitError ``git-not-found`` when there is none that can be used.

    Only absolute folders of PATH count, so that no program is taken from the current folder, which
    may be the repository that is to be judged.
    """
    folders = os.pathsep.join(folder for folder in os.get_exec_path() if Path(folder).is_absolute())
    found = shutil.which("git", path=folders)
    if found is None:
        raise GitError("git-not-found", "there is no git program on PATH")
    program = Path(found)
    _check_version(program)
    return program


@functools.cache
def _check_version(program: Path) -> None:
    try:
        said = subprocess.run(  # noqa: S603 - the program was found in an absolute folder of PATH
            [program, "version"],
            env=environment(program, home=Path("/nonexistent")),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SHORT,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError("git-not-found", f"git cannot be started: {error}") from error
    match = re.match(rb"git version (\d{1,4})\.(\d{1,4})", said)
    if match is None or (int(match[1]), int(match[2])) < MINIMUM:
        shown = display(said[:80].strip()) or "nothing that names a version"
        needed = ".".join(map(str, MINIMUM))
        raise GitError("git-not-found", f"git {needed} or later is needed; this one says: {shown}")


def environment(program: Path, *, home: Path) -> dict[str, str]:
    """Return the whole environment that git gets; nothing of the caller's own is in it."""
    return {
        "PATH": os.pathsep.join([str(program.parent), os.defpath]),
        "HOME": str(home),
        "LANG": "C",
        "LC_ALL": "C",
        "TZ": "UTC",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


class Door:
    """A bare folder of our own that borrows the objects of a repository.

    ``objects`` is the repository's object folder, with its own alternates, whoever owns it. Use it
    as a context manager, or call `close`.
    """

    def __init__(self, program: Path, objects: Path, object_format: ObjectFormat) -> None:
        self.program = program
        self._folder = tempfile.TemporaryDirectory(prefix="tagseal-git-")
        self.folder = Path(self._folder.name)
        try:
            _write_bare(self.folder, object_format)
        except BaseException:
            self._folder.cleanup()
            raise
        self.environment = environment(program, home=self.folder) | {
            "GIT_DIR": str(self.folder),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": quoted(objects),
        }

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()

    def command(self, *arguments: str) -> list[str]:
        """Return the argument list of a git command."""
        return [str(self.program), *arguments]

    def run(self, *arguments: str, stdin: bytes = b"", timeout: float = SHORT) -> bytes:
        """Run git and return what it wrote; GitError ``git-failed`` or ``git-timeout`` else."""
        done = run_git(
            self.command(*arguments),
            environment=self.environment,
            cwd=self.folder,
            stdin=stdin,
            timeout=timeout,
        )
        if done.returncode:
            raise GitError("git-failed", f"git {arguments[0]} failed: {shown_stderr(done.stderr)}")
        return done.stdout


def _write_bare(folder: Path, object_format: ObjectFormat) -> None:
    (folder / "objects").mkdir()
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n", "ascii")
    (folder / "config").write_text(_SETTINGS.format(object_format.value), "ascii")


def quoted(path: Path) -> str:
    """Return a path as git's lists of object folders take it, whatever characters it holds."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def run_git(
    command: Sequence[str],
    *,
    environment: dict[str, str],
    cwd: Path,
    stdin: bytes = b"",
    timeout: float = SHORT,
) -> subprocess.CompletedProcess[bytes]:
    """Run git to its end with a limit in time, whatever its exit status."""
    try:
        return subprocess.run(  # noqa: S603 - the arguments are ours, the program is git
            command,
            env=environment,
            cwd=cwd,
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
            umask=0o022,
        )
    except subprocess.TimeoutExpired as error:
        raise GitError(
            "git-timeout", f"git {command[1]} did not end within {timeout:.0f} seconds"
        ) from error
    except OSError as error:
        raise GitError("git-not-found", f"git cannot be started: {error.strerror}") from error


def shown_stderr(stderr: bytes) -> str:
    """Return what git complained of, escaped and not too long."""
    lines = [display(line) for line in stderr[:2000].strip().splitlines()]
    return " / ".join(lines[:4]) or "it gave no message"
