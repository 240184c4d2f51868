"""Comparing with wrong options: what is said, with which status, and that nothing is lost."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support_archives import pack
from support_cli import Ran, refused, run
from support_git import Sandbox
from tagseal.core.reasons import REASONS

TREE = {"README": b"demo\n", "src/a.c": b"a\n", "src/b.c": b"b\n"}


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    sandbox = Sandbox(tmp_path / "repository")
    for path, content in TREE.items():
        sandbox.write(path, content)
    sandbox.commit()
    sandbox.git("tag", "v1.0")
    return sandbox


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return pack(tmp_path / "demo-1.0.tar.gz", TREE | {"made": b"made\n"})


def command(path: Path, sandbox: Sandbox, *more: str | Path) -> list[str | Path]:
    return ["compare", path, "--git", sandbox.folder, "--tag", "v1.0", *more]


def refusal(code: str, *arguments: str | Path) -> str:
    """The message and where, of a command that is refused for this reason."""
    error = refused(code, *arguments).document["error"]
    return f"{error['where']}: {error['message']} {error['hint']}"


@pytest.mark.parametrize("option", ["--html", "--markdown"])
def test_no_report_is_written_over_an_archive_that_is_read(
    sandbox: Sandbox, made: Path, tmp_path: Path, option: str
) -> None:
    built = pack(tmp_path / "built.tar.gz", TREE | {"made": b"mine\n"})
    before = made.read_bytes(), built.read_bytes()
    (tmp_path / "folder").mkdir()
    for target in (made, built, tmp_path / "folder" / ".." / made.name):
        more = ("--built", built, option, target, "--force")
        assert "an archive that is read" in refusal("output-exists", *command(made, sandbox, *more))
    assert (made.read_bytes(), built.read_bytes()) == before


def test_two_reports_need_two_files(sandbox: Sandbox, made: Path, tmp_path: Path) -> None:
    same = tmp_path / "report"
    other = tmp_path / "repository" / ".." / "report"
    arguments = command(made, sandbox, "--html", same, "--markdown", other, "--force")
    assert "same file" in refusal("usage", *arguments)
    assert not same.exists()


def test_a_report_goes_where_a_file_can_be(sandbox: Sandbox, made: Path, tmp_path: Path) -> None:
    for name in ("", "-"):
        assert "a report needs a file" in refusal("usage", *command(made, sandbox, "--html", name))
    link = tmp_path / "link"
    link.symlink_to(made)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, said in (
        (tmp_path, "this is a folder"),
        (link, "no report is written over it"),
        (pipe, "no regular file"),
    ):
        for more in ((), ("--force",)):
            arguments = command(made, sandbox, "--html", path, *more)
            assert said in refusal("output-exists", *arguments)
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine")
    assert "--force" in refusal("output-exists", *command(made, sandbox, "--markdown", mine))
    assert mine.read_bytes() == b"mine"
    empty = tmp_path / "empty"
    empty.touch()
    assert run(*command(made, sandbox, "--markdown", empty)).status == 1
    assert empty.stat().st_size > 0
    assert run(*command(made, sandbox, "--markdown", mine, "--force")).status == 1
    assert mine.read_bytes().startswith("### ❌ DIFFERENT".encode())


def test_the_archive_itself_is_no_build_of_ones_own(
    sandbox: Sandbox, made: Path, tmp_path: Path
) -> None:
    assert "the very archive" in refusal("usage", *command(made, sandbox, "--built", made))
    copy = Path(shutil.copy(made, tmp_path / "copy.tar.gz"))
    ran = run(*command(made, sandbox, "--built", copy, "--json"))
    assert ran.status == 0
    assert ran.document["warnings"] == [
        "the archive named with --built is byte for byte the one that is compared"
    ]


@pytest.mark.parametrize("content", [b"", b"text\n", b"\x1f\x8b\x08\x00"])
def test_a_build_that_cannot_be_read_says_nothing_of_the_archive(
    sandbox: Sandbox, made: Path, tmp_path: Path, content: bytes
) -> None:
    built = tmp_path / "built.tar.gz"
    built.write_bytes(content)
    said = refusal("file-unreadable", *command(made, sandbox, "--built", built))
    assert "the archive named with --built cannot be read: " in said


def test_a_build_of_something_else_is_doubted(sandbox: Sandbox, made: Path, tmp_path: Path) -> None:
    doubt = "the archive named with --built explains nothing; check that it was built of this tag"
    other = pack(tmp_path / "other.tar.gz", {"other": b"other\n"})
    ran = run(*command(made, sandbox, "--built", other, "--json"))
    assert ran.status == 1
    assert ran.document["warnings"] == [doubt]
    mine = pack(tmp_path / "mine.tar.gz", {"made": b"made\n"})
    assert run(*command(made, sandbox, "--built", mine, "--json")).document["warnings"] == []


def test_the_wrong_tag_is_doubted(sandbox: Sandbox, tmp_path: Path) -> None:
    other = pack(tmp_path / "a.tar.gz", {"README": b"demo\n", "src/a.c": b"1", "src/b.c": b"2"})
    ran = run(*command(other, sandbox, "--json"))
    (warning,) = ran.document["warnings"]
    assert warning.startswith("more files differ from the commit's than are the same; check that ")


def test_only_a_submodule_has_a_repository_of_its_own(
    sandbox: Sandbox, made: Path, tmp_path: Path
) -> None:
    nowhere = command(made, sandbox, "--submodule", f"sub={tmp_path / 'nowhere'}")
    assert "there is no folder" in refusal("usage", *nowhere)
    none = command(made, sandbox, "--submodule", f"src={sandbox.folder}")
    said = refusal("usage", *none)
    assert '"src" is no submodule of the tagged commit It has no submodules.' in said
    for name in "abcdefg":
        sandbox.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},lib/{name}")
    sandbox.git("commit", "-q", "-m", "submodules")
    sandbox.git("tag", "-f", "v1.0")
    said = refusal("usage", *none)
    assert said.endswith('are "lib/a", "lib/b", "lib/c", "lib/d", "lib/e" and 2 more.')
    inside = command(made, sandbox, "--submodule", f"lib/a/deep={sandbox.folder}", "--json")
    assert run(*inside).status == 1


def test_rules_that_are_not_there_cannot_be_taken_away(sandbox: Sandbox, made: Path) -> None:
    near = refusal("usage", *command(made, sandbox, "--without-rule", "knwon-helper"))
    assert 'did you mean "known-helper"?' in near
    assert "built-alike, " in refusal("usage", *command(made, sandbox, "--without-rule", "x"))
    typo = command(made, sandbox, "--without-rule", "project:bundeld")
    assert "It has no rules." in refusal("usage", *typo)
    rule = '[[rule]]\nname = "bundled"\ncheck = "copy"\npaths = ["made"]\nfrom = "README"\n'
    sandbox.write("tagseal.toml", rule.encode())
    sandbox.commit("rule")
    sandbox.git("tag", "-f", "v1.0")
    assert "Its rules are: project:bundled." in refusal("usage", *typo)
    assert run(*command(made, sandbox, "--without-rule", "project:bundled")).status == 1


@pytest.mark.parametrize("value", ["", "nowhere", "demo-1.0.tar.gz"])
def test_helpers_are_looked_for_in_folders(
    sandbox: Sandbox, made: Path, tmp_path: Path, value: str
) -> None:
    arguments = command(made, sandbox, "--helpers", tmp_path / value if value else "")
    assert "there is no folder" in refusal("usage", *arguments)


def test_a_search_for_collisions_says_that_it_was_made(
    sandbox: Sandbox, made: Path, tmp_path: Path
) -> None:
    note = "no file has traces of a SHA-1 collision"
    assert run(*command(made, sandbox, "--json")).document["warnings"] == []
    searched = run(*command(made, sandbox, "--detect-collisions", "--json"))
    assert searched.document["warnings"] == [note]
    other = Sandbox(tmp_path / "sha256", object_format="sha256")
    other.write("README", b"demo\n")
    other.commit()
    other.git("tag", "v1.0")
    needless = run(*command(made, other, "--detect-collisions", "--json"))
    assert needless.document["warnings"] == []


@pytest.mark.parametrize(
    "address", ["https://example.org/a/b", "git@example.org:a/b", "ssh://git@example.org/a/b.git"]
)
def test_a_repository_is_named_by_its_clone(made: Path, address: str) -> None:
    said = refusal("usage", "compare", made, "--git", address, "--tag", "v1.0")
    assert f"git clone {address}" in said


def test_what_is_missing_is_named(made: Path) -> None:
    assert "--tag is needed" in refusal("usage", "compare", made)


@pytest.mark.parametrize(
    ("option", "more"), [("--tag", ["v1"]), ("--built", ["x"]), ("--allow-modified", ["a"])]
)
def test_what_does_not_go_with_a_release_is_named(option: str, more: list[str]) -> None:
    assert f"go with {option}:" in refusal("usage", "compare", "--release", "x", option, *more)
    assert "go with an archive:" in refusal("usage", "compare", "x", "--release", "y")
    assert "go with --force:" in refusal("usage", "compare", "--release", "y", "--force")


def shell(script: str, *arguments: str | Path) -> Ran:
    """Run a shell's command line in which ``"$@"`` is tagseal with these arguments."""
    words = [sys.executable, "-P", "-m", "tagseal", *map(str, arguments)]
    done = subprocess.run(["sh", "-c", script, "sh", *words], capture_output=True, text=True)
    return Ran(status=done.returncode, stdout=done.stdout, stderr=done.stderr)


def test_closed_streams_bring_no_traceback(sandbox: Sandbox, tmp_path: Path) -> None:
    good = pack(tmp_path / "demo-1.0.tar.gz", TREE)
    ran = shell('"$@" >&-', *command(good, sandbox))
    assert ran.status == int(REASONS["output-unwritable"].status)
    assert ran.stderr.startswith("error[output-unwritable]: standard output is closed")
    assert len(ran.stderr.splitlines()) == 2
    ran = shell('"$@" 2>&-', *command(good, sandbox))
    assert ran.status == 0
    assert ran.stdout.splitlines()[-1].startswith("ACCOUNTED FOR: ")
    ran = shell('"$@" 2>&-', "compare", tmp_path / "nowhere", "--tag", "v1")
    assert ran.status == int(REASONS["git-not-a-repository"].status)
    assert ran.stdout == ""
