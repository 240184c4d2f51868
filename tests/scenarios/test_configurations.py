"""What a configuration or a tree asks for and no release can be made with: said before anything."""

from pathlib import Path

import pytest

from support_cli import refused, run
from support_release import CONFIGURED, FILES, GENERATING, TAG, repository_of

EXPECT = b"""
[[expect]]
archive = "demo-*.zip"
run = [["make"]]
"""
COMMAND = b"""
[[archive]]
builder = "command"
run = [["make", "dist"]]
outputs = ["other-*.tar.gz"]
"""


def configured(more: bytes) -> dict[str, bytes]:
    return {**CONFIGURED, "tagseal.toml": CONFIGURED["tagseal.toml"] + more}


def test_expectations_stop_a_release_and_warn_in_a_rehearsal(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", configured(EXPECT))
    code, asked = "release-expectations-unsupported", (sandbox.folder, "--tag", TAG)
    refused(code, "check", *asked)
    ran = refused(code, "build", *asked, "--out", tmp_path / "out")
    assert "demo-*.zip" in ran.document["error"]["message"]
    assert not (tmp_path / "out").exists()
    said = "expectations are declared but this version does not run them yet: demo-*.zip"
    ran = run("rehearse", *asked, "--out", tmp_path / "out")
    assert ran.status == 0
    assert f"tagseal: warning: {said}" in ran.stderr.splitlines()
    assert f"warning: {said}" in ran.stdout.splitlines()


def test_a_builder_that_is_not_there_yet_is_found_before_anything_is_built(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", configured(COMMAND))
    code, asked = "build-command-unsupported", (sandbox.folder, "--tag", TAG)
    refused(code, "check", *asked)
    for command in ("build", "rehearse"):
        ran = refused(code, command, *asked, "--out", tmp_path / "out")
        assert "writing" not in ran.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "shown", "why"),
    [
        ("a\nb", r"a\nb", "a control character"),
        ("a\x1b[2Jb", r"a\x1b[2Jb", "a control character"),
        ("caf\udce9", r"caf\xe9", "it is not UTF-8"),
    ],
)
def test_a_name_that_no_archive_may_hold(tmp_path: Path, name: str, shown: str, why: str) -> None:
    files = {**CONFIGURED, name: b"", **{f"z{n}:": b"" for n in range(6)}}
    sandbox = repository_of(tmp_path / "repository", files)
    code, asked = "release-name-unportable", (sandbox.folder, "--tag", TAG)
    refused(code, "check", *asked)
    for command in ("build", "rehearse"):
        ran = refused(code, command, *asked, "--out", tmp_path / "out")
        message = ran.document["error"]["message"]
        assert shown in message
        assert why in message
        assert message.endswith("; and 2 more")
        assert "Rename the file in the repository" in ran.document["error"]["hint"]
    assert not (tmp_path / "out").exists()


def test_a_name_that_is_left_out_of_the_archive_stops_nothing(tmp_path: Path) -> None:
    omitted = b'omitted = ["tests/**"]\n'
    sandbox = repository_of(tmp_path / "repository", {**configured(omitted), "tests/a:b": b""})
    assert run("check", sandbox.folder, "--tag", TAG).status == 0


def test_a_declared_file_is_explained_in_a_comparison_that_has_no_evidence(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", GENERATING)
    out, asked = tmp_path / "out", ("--git", sandbox.folder, "--tag", TAG)
    assert run("build", sandbox.folder, "--tag", TAG, "--out", out).status == 0
    # What the file holds would explain it too.
    asked = (*asked, "--without-rule", "version-file")
    ran = run("compare", out / "demo-1.0.tar.gz", *asked)
    assert ran.status == 0, ran.stdout
    assert "declared" in ran.stdout
    assert "nothing shows who made it" in ran.stdout
    assert "built" not in ran.stdout
    explained = run("compare", out / "demo-1.0.tar.gz", *asked, "--json").document["explained"]
    assert {e["path"]: e["detail"] for e in explained}["demo-1.0/VERSION"].endswith("who made it")


def test_one_difference_is_one(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", FILES)
    out, asked = tmp_path / "out", ("--git", sandbox.folder, "--tag", "v1.1")
    assert run("rehearse", sandbox.folder, "--tag", TAG, "--out", out).status == 0
    sandbox.write("src/main.h", b"#define MAIN 2\n")
    sandbox.commit()
    sandbox.git("tag", "v1.1")
    name = next(out.glob("*.tar.gz")).rename(out / "demo-1.0.tar.gz")
    ran = run("compare", name, *asked)
    assert ran.status == 1
    assert ran.stdout.splitlines()[-1].endswith(", and 1 difference is not explained")
