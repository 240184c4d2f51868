"""Rules in a sealed release: what a project declares is recomputed, and a consumer narrows it."""

from pathlib import Path

import pytest

from support_cli import run
from support_release import TAG, Rehearsed, once, rehearse, repository_of

HELPER = (Path(__file__).parent / "helpers" / "build-to-host.m4").read_bytes()
BACKEND = b"""\
import io
import pathlib
import tarfile

def build_sdist(folder, config_settings=None):
    files = {}
    for path in sorted(pathlib.Path(".").rglob("*")):
        if path.is_file() and ".git" not in path.parts and "__pycache__" not in path.parts:
            files[str(path)] = path.read_bytes()
    files["LEGAL"] = files["LICENSE"]
    files["version.h"] = files["version.h"].replace(b"@FULL@", b"1.0 (v1.0)")
    files["m4/build-to-host.m4"] = pathlib.Path("backend/helper.txt").read_bytes()[1:]
    files["PKG-INFO"] = b"Metadata-Version: 2.4\\nName: demo\\nVersion: 1.0\\n"
    with tarfile.open(pathlib.Path(folder, "demo-1.0.tar.gz"), "w:gz", format=1) as tar:
        for name, content in sorted(files.items()):
            info = tarfile.TarInfo(f"demo-1.0/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return "demo-1.0.tar.gz"
"""
FILES = {
    "LICENSE": b"Do what you like.\n",
    "backend/helper.txt": b"\n" + HELPER,
    "backend/making.py": BACKEND,
    "demo.py": b"",
    "version.h": b'#define VERSION "@FULL@"\n',
    "pyproject.toml": b"""\
[build-system]
requires = []
build-backend = "making"
backend-path = ["backend"]

[project]
name = "demo"
version = "1.0"

[tool.tagseal]
repository = "https://github.com/owner/demo"

[[tool.tagseal.archive]]
builder = "python"
wheel = false

[[tool.tagseal.rule]]
name = "legal"
check = "copy"
paths = ["LEGAL"]
from = "LICENSE"

[[tool.tagseal.rule]]
name = "header"
check = "stamp"
paths = ["version.h"]
placeholder = "@FULL@"
value = "{version} ({tag})"
""",
}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    def make(folder: Path) -> None:
        repository_of(folder / "repository", FILES)
        rehearse(folder / "repository", folder / "out")

    folder = once(tmp_path_factory, "rules", make)
    return Rehearsed(folder=folder / "out", repository=folder / "repository")


def test_declared_copies_and_stamps_are_recomputed_and_a_known_helper_is_recognised(
    sealed: Rehearsed,
) -> None:
    ran = run(*sealed.verify("--json"))
    (item,) = ran.document["archives"]
    assert item["verified"] is True
    assert "on the builder's word" not in item["headline"]
    assert "1 is a known helper" in item["headline"]
    grounds = {e["path"]: e["ground"] for e in item["facts"]["exceptions"]}
    assert grounds["demo-1.0/LEGAL"] == grounds["demo-1.0/version.h"] == "recomputed"
    assert grounds["demo-1.0/m4/build-to-host.m4"] == "known"


@pytest.mark.parametrize(
    ("rule", "code", "path"),
    [
        ("project", "contents-generated", "demo-1.0/LEGAL"),
        ("project:header", "contents-modified", "demo-1.0/version.h"),
        ("known-helper", "contents-generated", "demo-1.0/m4/build-to-host.m4"),
    ],
)
def test_whoever_verifies_takes_a_rule_away(
    sealed: Rehearsed, rule: str, code: str, path: str
) -> None:
    ran = run(*sealed.verify("--json", "--without-rule", rule))
    assert ran.status == 1
    found = [f for c in ran.document["archives"][0]["checks"] for f in c["findings"]]
    assert (code, path) in {(finding["code"], finding.get("path")) for finding in found}


def test_a_rule_that_does_not_exist_is_named_with_those_that_do(sealed: Rehearsed) -> None:
    ran = run(*sealed.verify("--without-rule", "known-helpers"))
    assert ran.status == 2
    assert "is no rule" in ran.stderr
    assert "known-helper" in ran.stderr


def test_comparing_goes_by_the_same_rules(sealed: Rehearsed) -> None:
    command = ("compare", sealed.archive, "--git", sealed.repository, "--tag", TAG, "--json")
    ran = run(*command)
    assert ran.status == 0
    assert {"project:legal", "project:header", "known-helper"} <= set(ran.document["rules"])
    narrowed = run(*command, "--without-rule", "project:legal")
    assert narrowed.codes == ["contents-generated"]
