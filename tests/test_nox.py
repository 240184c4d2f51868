"""The release sessions, through real noxfiles that a real nox runs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

STEPS = ["check", "build", "rebuild", "compare", "state", "sign", "verify"]
CI_VARIABLE = re.compile("CI$|GITHUB_|ACTIONS_|RUNNER_")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_noxfile(tmp_path, "tagseal.nox.register()")
    return tmp_path


def write_noxfile(folder: Path, call: str) -> None:
    (folder / "noxfile.py").write_text(
        "import nox\nimport tagseal.nox\n\n"
        "@nox.session\ndef own(session):\n    session.log('own')\n\n"
        f"{call}\n"
    )


def nox(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "nox", "--nocolor", *arguments],
        cwd=project,
        env={name: value for name, value in os.environ.items() if not CI_VARIABLE.match(name)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def sessions(project: Path, *arguments: str) -> dict[str, str]:
    """What `nox --list` shows: the sessions' names and what each is for."""
    listed = nox(project, "--list", *arguments)
    assert listed.returncode == 0, listed.stderr
    lines = [line[2:].split(" -> ") for line in listed.stdout.splitlines() if line[:2] == "- "]
    return {name.removesuffix(" [release]"): "".join(purpose) for name, *purpose in lines}


def commands(result: subprocess.CompletedProcess[str]) -> list[str]:
    """The commands that nox says it ran, each without the interpreter."""
    start = f"nox > {sys.executable} -P -m tagseal "
    lines = (result.stdout + result.stderr).splitlines()
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


def test_there_is_a_session_for_each_step_and_one_for_all(project: Path) -> None:
    assert list(sessions(project)) == [*(f"release-{step}" for step in STEPS), "release"]


def test_each_session_says_what_it_is_for(project: Path) -> None:
    assert all(sessions(project).values())


def test_the_tag_names_each_step_once(project: Path) -> None:
    listed = nox(project, "--list", "--json", "--tags", "release")
    assert [entry["name"] for entry in json.loads(listed.stdout)] == [
        f"release-{step}" for step in STEPS
    ]


def test_no_release_session_runs_by_itself(project: Path) -> None:
    result = nox(project)
    assert result.returncode == 0, result.stderr
    assert commands(result) == []
    assert "Session own was successful" in result.stderr


@pytest.mark.parametrize(
    ("step", "arguments"),
    [
        ("check", "check . --tag v1.0"),
        ("build", "build . --out dist --tag v1.0"),
        ("rebuild", "rebuild dist --git . --tag v1.0"),
        ("compare", "compare --release dist --git . --tag v1.0"),
        ("state", "state dist --git . --tag v1.0"),
        ("sign", "sign dist --tag v1.0"),
        ("verify", "verify --release dist --tag v1.0"),
    ],
)
def test_a_step_calls_its_command_and_passes_arguments_on(
    project: Path, step: str, arguments: str
) -> None:
    # In a folder that is no repository, so each of them says no; what nox ran is what matters.
    result = nox(project, "-s", f"release-{step}", "--", "--tag", "v1.0")
    assert commands(result) == [arguments]
    assert result.returncode == 1
    assert "Traceback" not in result.stderr


def test_a_release_ends_at_the_first_step_that_fails(project: Path) -> None:
    result = nox(project, "-s", "release", "--", "--tag", "v1.0")
    assert commands(result) == ["check . --tag v1.0"]
    assert result.returncode == 1
    assert "Session release failed" in result.stderr


def test_a_release_of_a_real_tag_goes_as_far_as_it_can_without_a_signer(project: Path) -> None:
    (project / "tagseal.toml").write_text(
        'repository = "https://github.com/owner/demo"\n[[archive]]\nbuilder = "source"\n'
    )
    (project / ".gitignore").write_text(".nox/\nout/\n")
    write_noxfile(project, "tagseal.nox.register(out='out')")
    person = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    for command in (
        ["init", "--quiet"],
        ["add", "."],
        ["commit", "--quiet", "--message=All of it"],
        ["tag", "--annotate", "--message=One", "v1.0"],
    ):
        subprocess.run(["git", *person, *command], cwd=project, check=True, timeout=60)
    result = nox(project, "-s", "release", "--", "--tag", "v1.0")
    assert commands(result) == [
        "check . --tag v1.0",
        "build . --out out --tag v1.0",
        "rebuild out --git .",
        "compare --release out --git .",
        "state out --git .",
    ]
    assert result.returncode == 1
    assert "error[usage]: outside of a CI" in result.stdout + result.stderr
    assert {path.suffix for path in (project / "out").iterdir()} == {".gz", ".json"}


def test_folder_and_names_can_be_chosen(tmp_path: Path) -> None:
    write_noxfile(tmp_path, "tagseal.nox.register(out='out', prefix='seal')")
    assert list(sessions(tmp_path)) == [*(f"seal-{step}" for step in STEPS), "seal"]
    assert commands(nox(tmp_path, "-s", "seal-sign")) == ["sign out"]


def test_a_package_of_the_project_does_not_stand_in_for_one_of_ours(project: Path) -> None:
    (project / "tagseal").mkdir()
    (project / "tagseal" / "__init__.py").write_text("raise SystemExit('the wrong tagseal')\n")
    (project / "click.py").write_text("raise SystemExit('the wrong click')\n")
    result = nox(project, "-s", "release-check")
    assert "the wrong" not in result.stdout + result.stderr


def test_a_noxfile_pays_for_nothing_but_nox() -> None:
    program = (
        "import sys, nox; before = set(sys.modules); import tagseal.nox\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    # Where coverage is measured, it loads parts of itself as it sees new files.
    new = [name for name in result.stdout.split() if not name.startswith("coverage")]
    assert new == ["tagseal", "tagseal.nox"]
