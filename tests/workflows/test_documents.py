import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from support_archives import END, gz, member
from support_cli import refused, run
from support_release import GENERATING, SLUG, TAG, Rehearsed, repository_of
from tagseal.core.finding import Finding
from tagseal.core.verdict import Check, Verdict
from tagseal.workflows.documents import own_command, verdicts_report


def test_the_command_is_short_where_the_shell_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tagseal").write_text("#!/bin/sh\n")
    (tmp_path / "tagseal").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert own_command() == ("tagseal",)


def test_the_command_names_its_folder_where_the_shell_does_not_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "tagseal").write_text("")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "venv" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert own_command() == (str(tmp_path / "venv" / "tagseal"),)
    monkeypatch.chdir(tmp_path)
    assert own_command() == ("venv/tagseal",)


def test_the_command_is_pythons_where_there_is_no_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert own_command() == (str(tmp_path / "python"), "-m", "tagseal")


def verdict(*outcomes: str | None) -> Verdict:
    """Return a verdict whose checks have these findings."""
    checks = tuple(
        Check(
            number=number,
            title="x",
            detail="x",
            findings=() if code is None else (Finding(code=code, message="x"),),
        )
        for number, code in enumerate(outcomes)
    )
    return Verdict(archive="x", sha256=None, checks=checks, headline="x")


VERIFIED, WRONG, UNDECIDED = (verdict(code) for code in (None, "archive-crc", "file-unreadable"))


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([], 3),
        ([VERIFIED], 0),
        ([VERIFIED, VERIFIED], 0),
        ([VERIFIED, WRONG], 1),
        ([VERIFIED, UNDECIDED], 3),
        ([UNDECIDED, WRONG], 1),
        ([WRONG, UNDECIDED, VERIFIED], 1),
    ],
)
def test_what_is_undecided_does_not_cover_up_what_is_wrong(
    verdicts: list[Verdict], status: int
) -> None:
    assert verdicts_report(verdicts, quiet=True).data["status"] == status


def many(rehearsed: Rehearsed, count: int) -> None:
    tar = gzip.decompress(rehearsed.archive.read_bytes()).rstrip(b"\0")
    more = [member(b"demo-1.0/evil/%03d" % n, b"") for n in range(count)]
    rehearsed.archive.write_bytes(gz(tar + bytes(-len(tar) % 512) + b"".join(more) + END))


def test_a_long_list_of_findings_ends_in_a_number(rehearsed: Rehearsed) -> None:
    many(rehearsed, 60)
    git = ("--git", rehearsed.repository, "--tag", TAG)
    plain = run("compare", rehearsed.archive, *git).stdout
    assert "[contents-generated] 60 files" in plain
    (named,) = (line for line in plain.splitlines() if line.startswith("    demo-1.0/"))
    count = int(named.split()[-2])
    assert named.endswith(f"{59 - count:03} and {count} more")
    assert len(named) < 80
    document = run("compare", rehearsed.archive, *git, "--json").document
    assert len(document["findings"]) == 60


def test_a_long_list_of_what_is_allowed_is_counted(rehearsed: Rehearsed) -> None:
    many(rehearsed, 60)
    git = ("--git", rehearsed.repository, "--tag", TAG, "--allow-generated", "evil/*")
    ran = run("compare", rehearsed.archive, *git)
    assert ran.status == 0
    assert "60 differences are explained" in ran.stdout
    assert "evil/059" not in ran.stdout


GUARDED = b"""\
[build-system]
requires = []
build-backend = "making"
backend-path = ["backend"]

[project]
name = "demo"
version = "1.0"

[[tool.tagseal.archive]]
builder = "python"
wheel = false
"""


def test_a_rehearsal_names_what_a_consumer_must_allow(tmp_path: Path) -> None:
    """And the command that it prints allows exactly that."""
    files = {**GENERATING, "pyproject.toml": GUARDED, "it's odd": b""}
    sandbox = repository_of(tmp_path / "repository", files)
    out = tmp_path / "out"
    ran = run("rehearse", sandbox.folder, "--tag", TAG, "--repo", SLUG, "--out", out)
    assert ran.status == 0, ran.stderr
    assert "A strict consumer refuses what follows" in ran.stdout
    assert "[contents-generated] demo-1.0/VERSION" in ran.stdout
    command = ran.stdout.splitlines()[-1]
    assert "--allow-generated" in command
    again = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert again.returncode == 0, again.stdout
    assert "allowed by you" in again.stdout


def test_a_rehearsal_with_many_allowances_names_some(tmp_path: Path) -> None:
    many = b"".join(b'    pathlib.Path("made%02d").write_text("")\n' % n for n in range(40))
    start = b"    with tarfile"
    backend = GENERATING["backend/making.py"].replace(start, many + start)
    files = {**GENERATING, "backend/making.py": backend}
    sandbox = repository_of(tmp_path / "repository", files)
    ran = run("rehearse", sandbox.folder, "--tag", TAG, "--out", tmp_path / "out")
    assert ran.status == 0
    assert "and 15 more" in ran.stdout
    assert ran.stdout.splitlines()[-1].count("--allow-generated") == 40


def test_what_no_consumer_could_allow_stops_a_rehearsal(tmp_path: Path) -> None:
    """Nothing is signed that nobody could verify: here, a symlink in place of a file."""
    backend = GENERATING["backend/making.py"].replace(
        b"    with tarfile",
        b'    pathlib.Path("demo.py").unlink(missing_ok=True)\n'
        b'    pathlib.Path("demo.py").symlink_to("VERSION")\n'
        b"    with tarfile",
    )
    assert backend != GENERATING["backend/making.py"]
    files = {**GENERATING, "backend/making.py": backend}
    sandbox = repository_of(tmp_path / "repository", files)
    asked = ("rehearse", sandbox.folder, "--tag", TAG, "--out", tmp_path / "out")
    ran = refused("release-not-accounted", *asked)
    assert "demo.py" in ran.document["error"]["message"]
    assert not (tmp_path / "out").exists()
