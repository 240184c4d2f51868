"""What a plain installation can do, what it says of the rest, and how quickly it helps."""

import os
import subprocess
import sys
from pathlib import Path

import tagseal
from support_cli import refused, run, spawn
from support_release import CONFIGURED, GENERATING, TAG, Rehearsed, repository_of
from tagseal.cli import COMMANDS

BLOCKER = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Blocked())
"""


def without(tmp_path: Path, *packages: str) -> dict[str, str]:
    """Return an environment in which Python finds no such packages."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(BLOCKER.format(blocked=packages))
    return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


def test_a_rehearsal_without_its_extra_says_what_to_install(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    env = without(tmp_path, "asn1crypto", "build")
    ran = spawn("rehearse", sandbox.folder, "--out", tmp_path / "out", "--json", env=env)
    assert ran.status == 2
    assert ran.codes == ["extra-missing"]
    assert "hint: Install it with: pip install 'tagseal[rehearsal]'" in ran.stderr
    assert not (tmp_path / "out").exists()


def test_building_without_its_extra_says_what_to_install(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", GENERATING)
    env = without(tmp_path, "asn1crypto", "build", "virtualenv")
    out = tmp_path / "out"
    ran = spawn("build", sandbox.folder, "--tag", TAG, "--out", out, "--json", env=env)
    assert ran.status == 2
    assert ran.codes == ["extra-missing"]
    assert "tagseal[release]" in ran.stderr.splitlines()[-1]
    assert not out.exists()


def test_a_plain_installation_verifies(finished: Rehearsed, tmp_path: Path) -> None:
    """Nothing of the extras is needed to judge, compare or show."""
    env = without(tmp_path, "asn1crypto", "build", "virtualenv", "nox", "in_toto", "tenacity")
    git = ("--git", finished.repository, "--tag", TAG)
    for arguments in (
        finished.verify("--json"),
        ["compare", finished.archive, *git, "--json"],
        ["show", finished.evidence, "--json"],
    ):
        ran = spawn(*arguments, env=env)
        assert ran.status == 0, ran.stderr


def test_help_imports_nothing_heavy() -> None:
    """Shells ask for completions and people for help: both must come at once."""
    code = (
        "import sys, tagseal.cli\n"
        "try: tagseal.cli.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "heavy = {'sigstore', 'rich', 'cryptography', 'build', 'nox', 'requests', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    for arguments in (["--help"], ["--version"]):
        command = [sys.executable, "-c", code, *arguments]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert ran.stderr.splitlines()[-1] == "[]"


def test_help_is_for_every_command_and_fits_a_terminal() -> None:
    top = run("--help")
    assert top.status == 0
    for name, purpose in COMMANDS.items():
        assert purpose in top.stdout
        ran = run(name, "--help")
        assert ran.status == 0
        assert ran.stderr == ""
        assert ran.stdout.startswith(f"Usage: tagseal {name} ")
        assert max(map(len, ran.stdout.splitlines())) <= 80
        assert run(name, "-h").stdout == ran.stdout


def test_the_exit_statuses_stand_in_the_help() -> None:
    text = run("--help").stdout
    for status in range(4):
        assert f"\n    {status}  " in text


def test_version() -> None:
    assert run("--version").stdout == f"tagseal, version {tagseal.__version__}\n"


def test_no_command_at_all_shows_the_help() -> None:
    ran = run()
    assert ran.status == 2
    assert ran.stdout == ""
    assert ran.stderr == run("--help").stdout
    refused("usage", "--nonsense")


def test_shells_get_completions() -> None:
    env = {"_TAGSEAL_COMPLETE": "bash_complete", "COMP_WORDS": "tagseal ver", "COMP_CWORD": "1"}
    ran = spawn(env=env)
    assert ran.status == 0
    assert ran.stdout == "plain,verify\n"
