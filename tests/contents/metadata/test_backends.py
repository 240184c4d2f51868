"""What a real build backend writes is recomputed, and what its hooks add is not."""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from support_metadata import PYPROJECT, README, inputs
from tagseal.contents.metadata import Distribution, check_metadata, metadata_role, missing_metadata

BUILD_SYSTEM = b"""
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.version]
path = "my_tool/__init__.py"

[tool.hatch.metadata]
allow-direct-references = true
"""
HOOK = b"""
from hatchling.metadata.plugin.interface import MetadataHookInterface

class Hook(MetadataHookInterface):
    def update(self, metadata):
        metadata["dependencies"].append("evil")
"""
TREE = {
    b"pyproject.toml": PYPROJECT + BUILD_SYSTEM,
    b"README.md": README,
    b"LICENSE": b"MIT",
    b"my_tool/__init__.py": b'__version__ = "1.2"\n',
}


def _build(folder: Path, tree: Mapping[bytes, bytes]) -> dict[Distribution, Path]:
    for path, content in tree.items():
        (folder / path.decode()).parent.mkdir(exist_ok=True)
        (folder / path.decode()).write_bytes(content)
    code = "import hatchling.build as b; b.build_sdist('out'); b.build_wheel('out')"
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)
    (sdist,) = (folder / "out").glob("*.tar.gz")
    (wheel,) = (folder / "out").glob("*.whl")
    return {"sdist": sdist, "wheel": wheel}


def _files(archive: Path) -> dict[bytes, bytes]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as file:
            return {name.encode(): file.read(name) for name in file.namelist()}
    found = {}
    with tarfile.open(archive) as tar:
        for item in tar:
            content = tar.extractfile(item)
            assert content is not None
            found[item.name.encode()] = content.read()
    return found


def _problems(
    kind: Distribution,
    archive: Path,
    tree: Mapping[bytes, bytes],
    without: Collection[bytes] = (),
) -> list[str]:
    files = _files(archive)
    top = b"my_tool-1.2" if kind == "sdist" else b"my_tool-1.2.dist-info"
    sources = {path: content for path, content in tree.items() if path not in without}
    given = inputs(archive.name, tree[b"pyproject.toml"], sources=sources, tree=tree, files=files)
    problems = list(missing_metadata(kind, top, given))
    for path, content in files.items():
        if metadata_role(kind, path, top) is not None:
            problems += check_metadata(kind, path, content, given).problems
    return problems


@pytest.mark.parametrize("kind", ["sdist", "wheel"])
def test_hatchling(tmp_path: Path, kind: Distribution) -> None:
    archive = _build(tmp_path, TREE)[kind]
    assert _problems(kind, archive, TREE) == []


def test_texts_of_files_need_the_files(tmp_path: Path) -> None:
    licensed = TREE[b"pyproject.toml"].replace(b'"MIT"', b'{file = "LICENSE"}')
    tree = {**TREE, b"pyproject.toml": licensed}
    for kind, archive in _build(tmp_path, tree).items():
        assert _problems(kind, archive, tree) == []
        assert _problems(kind, archive, tree, without=(b"README.md", b"LICENSE")) == [
            'License: the bytes of the tree\'s "LICENSE" are not at hand',
            'Description: the bytes of the tree\'s "README.md" are not at hand',
        ]


def test_a_hook_that_adds_a_dependency(tmp_path: Path) -> None:
    tree = {
        **TREE,
        b"pyproject.toml": TREE[b"pyproject.toml"] + b"[tool.hatch.metadata.hooks.custom]\n",
        b"hatch_build.py": HOOK,
    }
    archives = _build(tmp_path, tree)
    for kind, archive in archives.items():
        assert _problems(kind, archive, tree) == [
            'Requires-Dist: the configuration does not yield "evil"'
        ]
