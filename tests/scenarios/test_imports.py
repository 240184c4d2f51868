"""What a command imports, since starting is most of what a small archive takes."""

import subprocess
import sys
from pathlib import Path

from support_cli import TIMEOUT
from support_release import TAG, Rehearsed

_PROGRAM = """\
import pathlib, sys
from tagseal.cli import main
try:
    main(sys.argv[2:])
finally:
    pathlib.Path(sys.argv[1]).write_text("\\n".join(sys.modules))
"""


def imported(folder: Path, *arguments: str | Path) -> set[str]:
    """Return every module that a command had imported when it ended, and each one's packages."""
    told = folder / "modules"
    command = [sys.executable, "-c", _PROGRAM, told, *arguments]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, timeout=TIMEOUT)
    names = told.read_text("utf-8").splitlines()
    return {".".join(name.split(".")[:end]) for name in names for end in range(1, 4)}


def test_comparing_a_source_archive_imports_nothing_that_it_does_not_use(
    rehearsed: Rehearsed, tmp_path: Path
) -> None:
    arguments = ("compare", rehearsed.archive, "--git", rehearsed.repository, "--tag", TAG)
    modules = imported(tmp_path, *arguments)
    assert {"tagseal.contents", "tagseal.git", "rich"} <= modules
    unused = {
        *("cryptography", "jinja2", "pydantic", "requests", "sigstore"),
        *("email", "pyproject_metadata", "packaging.requirements"),
        *("tagseal.builders", "tagseal.ci", "tagseal.evidence", "tagseal.rehearsal"),
        *("tagseal.signing", "tagseal.verification.machine"),
    }
    assert modules & unused == set()


def test_verifying_imports_nothing_that_makes_a_release_or_runs_git(
    rehearsed: Rehearsed, tmp_path: Path
) -> None:
    modules = imported(tmp_path, *rehearsed.verify())
    assert {"sigstore", "tagseal.signing", "tagseal.verification.machine"} <= modules
    unused = {
        *("jinja2", "pyproject_metadata", "in_toto", "nox"),
        *("tagseal.builders", "tagseal.git", "tagseal.rehearsal", "tagseal.workflows.build"),
        *("tagseal.ci", "tagseal.workflows.sign", "tagseal.workflows.source"),
    }
    assert modules & unused == set()
