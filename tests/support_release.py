"""Small projects, and finished rehearsals of them that many tests copy."""

import fcntl
import json
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support_cli import run
from support_git import Sandbox

SLUG = "owner/demo"
TAG = "v1.0"
NAME = "demo-1.0.tar.gz"

FILES: dict[str, bytes] = {
    "README": b"# demo\n",
    "src/main.c": b"int main(void) { return 0; }\n",
    "src/main.h": b"#define MAIN 1\n",
    "po/de.po": b'msgid "a"\n',
}

PYTHON: dict[str, bytes] = {
    "README.md": b"# demo\n",
    "pyproject.toml": b"""\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "demo"
version = "1.0"
description = "A demonstration."
readme = "README.md"
requires-python = ">=3.11"

[project.scripts]
demo = "demo:main"
""",
    "src/demo/__init__.py": b'def main() -> None:\n    print("demo")\n',
}

# A backend in the tree: an sdist of everything, and of one file that only the build writes.
BACKEND = b"""\
import pathlib
import tarfile

def build_sdist(folder, config_settings=None):
    pathlib.Path("VERSION").write_text("1.0\\n")
    pathlib.Path("PKG-INFO").write_text("Metadata-Version: 2.4\\nName: demo\\nVersion: 1.0\\n")
    with tarfile.open(pathlib.Path(folder, "demo-1.0.tar.gz"), "w:gz", format=1) as tar:
        for path in sorted(pathlib.Path(".").rglob("*")):
            if path.is_file() and ".git" not in path.parts and "__pycache__" not in path.parts:
                info = tar.gettarinfo(path, f"demo-1.0/{path}")
                info.uid = info.gid = info.mtime = 0
                info.uname = info.gname = ""
                with path.open("rb") as stream:
                    tar.addfile(info, stream)
    return "demo-1.0.tar.gz"
"""

GENERATING: dict[str, bytes] = {
    "backend/making.py": BACKEND,
    "demo.py": b"",
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
generated = ["VERSION"]
""",
}

CONFIGURED: dict[str, bytes] = {
    **FILES,
    "tagseal.toml": b"""\
repository = "https://github.com/owner/demo"

[[archive]]
builder = "source"
formats = ["tar.gz", "zip"]
""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A rehearsal's folder, and the repository that it is of."""

    folder: Path
    repository: Path
    name: str = NAME

    @property
    def archive(self) -> Path:
        return self.folder / self.name

    @property
    def evidence(self) -> Path:
        return self.folder / f"{self.name}.intoto.jsonl"

    @property
    def trust_config(self) -> Path:
        return self.folder / "trust_config.json"

    def verify(self, *more: str | Path) -> list[str | Path]:
        """Return the arguments that verify the archive."""
        trust = ("--trust-config", self.trust_config)
        return ["verify", self.archive, "--repo", SLUG, "--tag", TAG, *trust, *more]


def repository_of(
    folder: Path, files: dict[str, bytes], *, object_format: str = "sha1", tag: str = TAG
) -> Sandbox:
    """Make a repository of these files with one commit and an annotated tag."""
    sandbox = Sandbox(folder, object_format=object_format)
    for path, content in files.items():
        sandbox.write(path, content)
    sandbox.commit()
    sandbox.git("tag", "-a", "-m", "release", tag)
    return sandbox


def full_repository(folder: Path, **options: str) -> Sandbox:
    """Make a repository that also holds an executable file and symlinks."""
    sandbox = Sandbox(folder, **options)  # type: ignore[arg-type]
    for path, content in FILES.items():
        sandbox.write(path, content)
    sandbox.write("configure", b"#!/bin/sh\n", executable=True)
    (sandbox.folder / "LINK").symlink_to("src/main.c")
    (sandbox.folder / "po/up").symlink_to("../README")
    sandbox.commit()
    sandbox.git("tag", "-a", "-m", "release", TAG)
    return sandbox


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that `make` filled, once for all workers of a test run."""
    base = factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / f"shared-{name}"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            partial = shared / f"partial-{name}"
            shutil.rmtree(partial, ignore_errors=True)
            make(partial)
            partial.rename(folder)
    return folder


def rehearse(repository: Path, out: Path, *more: str) -> None:
    """Rehearse the tag of a repository into a folder; it must be verified."""
    options = ("--tag", TAG, "--repo", SLUG, "--out", out)
    ran = run("rehearse", repository, *options, "--json", *more)
    assert ran.status == 0, ran.stderr


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """A finished rehearsal of a project that is not Python; to be copied, not changed."""

    def make(folder: Path) -> None:
        full_repository(folder / "repository")
        rehearse(folder / "repository", folder / "out")

    folder = once(tmp_path_factory, "finished", make)
    return Rehearsed(folder=folder / "out", repository=folder / "repository")


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """Another rehearsal of the very same tag, with keys of its own."""

    def make(folder: Path) -> None:
        full_repository(folder / "repository")
        rehearse(folder / "repository", folder / "out")

    folder = once(tmp_path_factory, "other", make)
    return Rehearsed(folder=folder / "out", repository=folder / "repository")


@pytest.fixture(scope="session")
def python_finished(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """A finished rehearsal of a Python project: source archive, sdist and wheel."""

    def make(folder: Path) -> None:
        repository_of(folder / "repository", PYTHON)
        rehearse(folder / "repository", folder / "out")

    folder = once(tmp_path_factory, "python", make)
    return Rehearsed(folder=folder / "out", repository=folder / "repository")


@pytest.fixture
def rehearsed(finished: Rehearsed, tmp_path: Path) -> Rehearsed:
    """A copy of the finished rehearsal, to be changed."""
    shutil.copytree(finished.folder, tmp_path / "out")
    return Rehearsed(folder=tmp_path / "out", repository=finished.repository)


def lines_of(evidence: Path) -> list[dict[str, object]]:
    """Return the bundles of an evidence file: provenance, contents, release."""
    return [json.loads(line) for line in evidence.read_bytes().splitlines()]


def write_lines(evidence: Path, bundles: list[dict[str, object]]) -> None:
    """Write bundles as an evidence file."""
    lines = [json.dumps(bundle, separators=(",", ":")) for bundle in bundles]
    evidence.write_text("".join(f"{line}\n" for line in lines))


# The configurations above are TOML; a slip in one would be blamed on what reads them.
for _files in (PYTHON, GENERATING, CONFIGURED):
    for _path, _content in _files.items():
        if _path.endswith(".toml"):
            tomllib.loads(_content.decode())
