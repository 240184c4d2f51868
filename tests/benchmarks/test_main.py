"""The harness as a whole, on a tree of three files that stands for the kernel."""

import io
import tarfile
from pathlib import Path

import pytest
from benchmarks.__main__ import main

FILES = {"Makefile": b"all:\n", "init/main.c": b"int main;\n" * 2000, "COPYING": b"free\n"}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    with tarfile.open(folder / "linux.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in FILES.items():
            member = tarfile.TarInfo(f"linux-1.0/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return folder


def test_what_is_missing_is_made_and_every_command_really_runs(
    inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = ("kernel", "extracting", "xz-single")
    only = [argument for name in groups for argument in ("--only", name)]
    assert main(["--inputs", str(inputs), "--turns", "1", *only]) == 0
    said = capsys.readouterr().out
    assert "**Not measured**" not in said
    assert "linux-1.0.tar.gz: 5 members" in said
    for command in ("gzip -dc", "reading", "proving", "git archive"):
        assert f"| `{command}` | 1 |" in said
    left = {path.name for path in inputs.iterdir()}
    assert {"linux-git", "linux-1.0.tar.gz", "linux-single.tar.xz"} <= left
    assert not any(name.endswith(".part") for name in left)


def test_a_command_that_fails_is_named_on_the_page_and_in_the_status(
    inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (inputs / "linux-blocks.tar.xz").write_bytes(b"no archive at all")
    assert main(["--inputs", str(inputs), "--turns", "1", "--only", "xz-blocks"]) == 1
    assert "**Not measured**" in capsys.readouterr().out
