"""How the command line talks: one document, two streams, no colours, and never half an answer."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest

from support_cli import Ran, refused, run, spawn, start
from support_git import Sandbox
from support_release import (
    CONFIGURED,
    GENERATING,
    NAME,
    SLUG,
    TAG,
    Rehearsed,
    repository_of,
)
from tagseal.cli import COMMANDS
from tagseal.core.reasons import REASONS


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["verify"],
        ["verify", "x"],
        ["verify", "x", "--release", "y"],
        ["verify", "x", "--nonsense"],
        ["verify", "x", "--repo", "not-a-slug"],
        ["verify", "x", "--repo", "a/b", "--kind", "cake"],
        ["verify", "x", "--repo", "a/b", "--allow-generated", "["],
        ["verify", "x", "--repo", "a/b", "--allow-mapping", "x"],
        ["verify", "x", "--repo", "a/b", "--allow-mapping", "a/=b"],
        ["verify", "x", "y", "--repo", "a/b", "--evidence", "e"],
        ["verify", "x", "--repo"],
        ["compare"],
        ["compare", "x"],
        ["compare", "x", "--release", "y"],
        ["compare", "--release", "y", "--tag", "v1"],
        ["check"],
        ["build", "--tag", "v1"],
        ["rebuild"],
        ["state"],
        ["sign"],
        ["show"],
        ["show", "a", "b"],
        ["rehearse", "--repo", "not-a-slug"],
        ["rehearse", "--tag", "refs/tags/v1"],
        ["check", "--tag", ""],
        ["build", "--tag", "refs/tags/v1", "--out", "out"],
        ["compare", "x", "--tag", "refs/tags/v1"],
        ["verify", "x", "--repo", "a/b", "--tag", ""],
        ["verify", "x", "--repo", "a/b", "--commit", "0123abc"],
        ["verify", "x", "--repo", "a/b", "--repository-id", "name"],
        ["verify", "x", "--repo", "a/b", "--owner-id", "-1"],
        ["verify", "x", "--repo", "a/b", "--builder", "https://github.com/a/b/w.yml"],
        ["verify", "x", "--repo", "a/b", "--workflow", "release"],
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: list[str], tmp_path: Path) -> None:
    refused("usage", *arguments, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_command_lists_the_known_ones() -> None:
    stderr = run("verfy").stderr
    assert all(name in stderr for name in COMMANDS)


def test_a_missing_option_says_where_help_is() -> None:
    assert "hint: Try 'tagseal check --help'." in run("check").stderr


def test_values_with_escapes_are_shown_escaped() -> None:
    for arguments in (
        ("verify", "x", "--repo", "\x1b[2J"),
        ("verify", "x", "--repo", "a/b", "--allow-mapping", "\x1b[2J"),
        ("verify", "x", "--repo", "a/b", "--allow-generated", "[\x1b[2J"),
        ("\x1b[2J",),
        ("verify", "--\x1b[2J"),
        ("verify", "x", "--repo", "a/b", "--kind", "\x1b[2J"),
    ):
        refused("usage", *arguments)


def test_talk_goes_to_stderr_and_the_answer_to_stdout(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    ran = spawn("rehearse", sandbox.folder, "--tag", TAG, "--out", tmp_path / "out")
    assert ran.status == 0
    assert all(line.startswith("tagseal: ") for line in ran.stderr.splitlines())
    assert "tagseal: " not in ran.stdout
    assert "VERIFIED: " in ran.stdout
    assert ran.stdout.splitlines()[-2] == "To verify it yourself, as a consumer would:"
    command = ran.stdout.splitlines()[-1]
    assert command.startswith("  ")
    again = subprocess.run(command, shell=True, capture_output=True, cwd=Path.cwd(), text=True)
    assert again.returncode == 0, again.stderr
    assert again.stderr == ""


def test_no_colours_and_no_trailing_space_in_a_pipe(finished: Rehearsed) -> None:
    ran = spawn(*finished.verify(), env={"COLUMNS": "20", "TERM": "xterm-256color"})
    assert ran.status == 0
    assert "\x1b" not in ran.stdout
    assert all(line == line.rstrip() for line in ran.stdout.splitlines())
    assert max(map(len, ran.stdout.splitlines())) > 80, "a pipe cuts and folds nothing"


def in_terminal(columns: int, *arguments: str | Path, **env: str) -> str:
    """Return what a command writes to a terminal of this width."""
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    clean = {"TERM": "xterm-256color", "COLUMNS": "", "NO_COLOR": "", **env}
    with start(*arguments, stdout=there, stderr=there, env=clean):
        os.close(there)
        written = b""
        while chunk := _read(here):
            written += chunk
    os.close(here)
    return written.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other side of a terminal is closed: on Linux an error, not an end
        return b""


@pytest.mark.parametrize("columns", [1, 20, 80, 300])
def test_terminals_of_any_width(finished: Rehearsed, columns: int) -> None:
    text = in_terminal(columns, *finished.verify())
    assert "\x1b[" in text
    assert "VERIFIED" in "".join(text.split()).replace("\x1b", "") or columns == 1


def test_no_color_is_obeyed(finished: Rehearsed) -> None:
    text = in_terminal(80, *finished.verify(), NO_COLOR="1")
    assert "\x1b[3" not in text
    assert "VERIFIED" in text


def test_nothing_is_said_by_colour_alone(finished: Rehearsed) -> None:
    ran = run("verify", finished.archive, "--repo", SLUG)
    assert "FAILED" in ran.stdout
    assert "NOT VERIFIED" in ran.stdout


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_reader_that_goes_away_gets_no_verdict(
    finished: Rehearsed, more: tuple[str, ...]
) -> None:
    for arguments in (finished.verify(*more), ["show", finished.evidence, *more]):
        with start(*arguments) as process:
            assert process.stdout is not None
            process.stdout.close()
            assert process.stderr is not None
            stderr = process.stderr.read().decode()
        assert process.returncode == int(REASONS["interrupted"].status)
        assert stderr == ""


def test_talk_that_nobody_hears_stops_the_command_and_leaves_nothing(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    with start("rehearse", sandbox.folder, "--out", tmp_path / "out") as process:
        assert process.stderr is not None
        process.stderr.close()
        assert process.stdout is not None
        assert process.stdout.read() == b""
    assert process.returncode == int(REASONS["interrupted"].status)
    assert [path.name for path in tmp_path.iterdir()] == ["repository"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_an_answer_that_cannot_be_written_is_no_success(
    finished: Rehearsed, more: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("wb") as full, start(*finished.verify(*more), stdout=full) as ran:
        ran.wait()
        assert ran.stderr is not None
        stderr = ran.stderr.read().decode()
    assert ran.returncode == int(REASONS["output-unwritable"].status)
    assert stderr.startswith("error[output-unwritable]: ")
    assert len(stderr.splitlines()) == 2, "no traceback"


def slow_repository(folder: Path, marker: Path) -> Sandbox:
    """A project whose build says that it runs, and then does not end."""
    slow = f"""
import os, pathlib, time
def build_sdist(folder, config_settings=None):
    pathlib.Path({str(marker)!r}).write_text(str(os.getpid()))
    time.sleep(600)
"""
    return repository_of(folder, {**GENERATING, "backend/making.py": slow.encode()})


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(marker: Path) -> int:
    deadline = time.monotonic() + 60
    while not (marker.exists() and marker.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return int(marker.read_text())


@pytest.mark.parametrize(
    ("command", "stop"), [("rehearse", signal.SIGINT), ("build", signal.SIGTERM)]
)
def test_an_interrupted_run_leaves_nothing_and_can_be_run_again(
    tmp_path: Path, command: str, stop: signal.Signals
) -> None:
    marker = tmp_path / "marker"
    sandbox = slow_repository(tmp_path / "repository", marker)
    out = tmp_path / "out"
    with start(command, sandbox.folder, "--tag", TAG, "--out", out, "--json") as process:
        builder = wait_for(marker)
        assert [p.name for p in tmp_path.glob(".out*")], "it is under way"
        process.send_signal(stop)
        stdout, stderr = process.communicate(timeout=30)
    ran = Ran(status=process.returncode, stdout=stdout.decode(), stderr=stderr.decode())
    assert ran.status == 3
    assert ran.codes == ["interrupted"]
    assert ran.stderr.splitlines()[-1] == "hint: Run it again."
    assert "Traceback" not in ran.stderr
    assert not alive(builder)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["marker", "repository"]
    sandbox.write("backend/making.py", GENERATING["backend/making.py"])
    sandbox.commit("fast")
    sandbox.git("tag", "-f", "-a", "-m", "m", TAG)
    assert run(command, sandbox.folder, "--tag", TAG, "--out", out).status == 0


def test_an_interrupted_installation_leaves_nothing(tmp_path: Path) -> None:
    """While virtualenv makes the environment of pip: the slowest thing before a backend runs."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    pyproject = GENERATING["pyproject.toml"].replace(b"requires = []", b'requires = ["nobody-has"]')
    sandbox = repository_of(tmp_path / "repository", {**GENERATING, "pyproject.toml": pyproject})
    env = {"TMPDIR": str(temporary), "PIP_NO_INDEX": "1"}
    arguments = ("build", sandbox.folder, "--tag", TAG, "--out", tmp_path / "out", "--json")
    with start(*arguments, env=env) as process:
        deadline = time.monotonic() + 60
        while not list(temporary.glob("tagseal-*/tools/*")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
    ran = Ran(status=process.returncode, stdout=stdout.decode(), stderr=stderr.decode())
    assert ran.codes == ["interrupted"]
    assert "cannot be removed" not in ran.stderr
    assert list(temporary.iterdir()) == []


def test_a_quiet_refusal_names_its_reasons(finished: Rehearsed) -> None:
    ran = run("verify", finished.archive, "--repo", SLUG, "--quiet")
    (line,) = ran.stdout.splitlines()
    assert line.startswith("NOT VERIFIED: ")
    codes = run("verify", finished.archive, "--repo", SLUG, "--json").codes
    assert line.endswith(f" [{', '.join(codes)}]")
    assert len(run(*finished.verify("--quiet")).stdout.splitlines()) == 1


@pytest.mark.parametrize("which", ["archive", "evidence", "trust_config"])
def test_a_named_pipe_is_not_waited_for(rehearsed: Rehearsed, which: str) -> None:
    path: Path = getattr(rehearsed, which)
    path.unlink()
    os.mkfifo(path)
    ran = spawn(*rehearsed.verify("--json"))
    assert ran.status == 3
    assert ran.codes == ["file-unreadable"]
    assert "not a regular file" in ran.stdout


def test_showing_what_is_no_evidence_says_what_to_name(finished: Rehearsed) -> None:
    ran = refused("evidence-malformed", "show", finished.archive)
    assert ran.document["error"]["hint"].startswith("Nothing was verified. ")


def test_a_rehearsal_of_head_says_that_it_is(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    said = "tagseal: HEAD is rehearsed; uncommitted changes are not part of it"
    assert said in run("rehearse", sandbox.folder, "--out", tmp_path / "a").stderr.splitlines()
    ran = run("rehearse", sandbox.folder, "--tag", TAG, "--out", tmp_path / "b")
    assert said not in ran.stderr


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system has no /proc")
def test_a_folder_that_cannot_be_made_is_told_from_a_file_that_cannot_be_read(
    tmp_path: Path,
) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    ran = refused("output-unwritable", "rehearse", sandbox.folder, "--out", "/proc/x")
    assert "--out" in ran.document["error"]["hint"]


def test_an_output_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("mine")
    for command in ("rehearse", "build"):
        ran = refused("output-exists", command, sandbox.folder, "--tag", TAG, "--out", out)
        assert str(out) in ran.document["error"]["where"]
    assert [(p.name, p.read_text()) for p in out.iterdir()] == [("mine", "mine")]
    file = tmp_path / "file"
    file.write_text("mine")
    refused("output-exists", "rehearse", sandbox.folder, "--tag", TAG, "--out", file)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    refused("output-exists", "rehearse", sandbox.folder, "--tag", TAG, "--out", link)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "link", "out", "repository"]


def test_an_empty_output_folder_is_filled(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    out = tmp_path / "out"
    out.mkdir()
    assert run("build", sandbox.folder, "--tag", TAG, "--out", out).status == 0
    assert (out / NAME).exists()


def test_an_output_folder_that_cannot_be_made(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    file = tmp_path / "file"
    file.write_text("")
    ran = refused("output-unwritable", "build", sandbox.folder, "--tag", TAG, "--out", file / "out")
    assert "cannot be made" in ran.document["error"]["message"]


def test_without_out_a_new_folder_is_named_after_the_release(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    for name in ("rehearsal-demo-1.0", "rehearsal-demo-1.0-2"):
        ran = run("rehearse", sandbox.folder, "--tag", TAG, "--json", cwd=tmp_path)
        assert ran.document["archives"][0]["path"] == f"{name}/demo-1.0.tar.gz"
        assert (tmp_path / name / "trust_config.json").exists()
