"""What setuptools adds to an sdist."""

import json

import pytest

from support_metadata import COMMIT, ENTRY_POINTS, METADATA, PYPROJECT, inputs
from tagseal.contents.metadata import MetadataInputs, MetadataResult, check_metadata, metadata_role

TOP = b"my_tool-1.2"
EGG = TOP + b"/src/my_tool.egg-info/"
FILES = {
    TOP + b"/PKG-INFO": METADATA,
    TOP + b"/src/my_tool/__init__.py": b"",
    TOP + b"/single.py": b"",
    TOP + b"/lib/deep/__init__.py": b"",
    TOP + b"/setup.cfg": b"",
}
REQUIRES = b"""click>=8.0

[:os_name == "nt" or python_version < "3.11"]
tomli>=1.1

[all]
my-tool[cli-x]
attrs @ https://example.org/attrs.whl

[cli-x]
rich[jupyter]<15,>=13

[cli-x:os_name == "nt"]
colorama
"""
TAIL = b"[egg_info]\ntag_build = \ntag_date = 0\n\n"


def _inputs(**more: object) -> MetadataInputs:
    return inputs(files=FILES, **more)  # type: ignore[arg-type]


def _check(name: bytes, content: bytes, given: MetadataInputs | None = None) -> MetadataResult:
    return check_metadata("sdist", EGG + name, content, given or _inputs())


def _says(result: MetadataResult, part: str) -> bool:
    return any(part in problem for problem in result.problems)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (TOP + b"/PKG-INFO", "PKG-INFO"),
        (TOP + b"/setup.cfg", "setup.cfg"),
        (EGG + b"SOURCES.txt", "egg-info/SOURCES.txt"),
        (TOP + b"/a.egg-info/x", "egg-info/x"),
        (TOP + b"/a.egg-info/x/y", None),
        (TOP + b"/sub/PKG-INFO", None),
        (b"other/PKG-INFO", None),
        (b"PKG-INFO", None),
    ],
)
def test_roles(path: bytes, role: str | None) -> None:
    assert metadata_role("sdist", path, TOP) == role


VERSION = {"tag": "1.2", "distance": 0, "node": f"g{COMMIT}", "dirty": False, "branch": "HEAD"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (b"PKG-INFO", METADATA),
        (b"SOURCES.txt", b"LICENSE\nsingle.py\nsrc/my_tool/__init__.py\n"),
        (b"dependency_links.txt", b"\n"),
        (b"not-zip-safe", b"\n"),
        (b"requires.txt", REQUIRES),
        (b"entry_points.txt", ENTRY_POINTS),
        (b"top_level.txt", b"my_tool\nsingle\n"),
        (b"scm_version.json", json.dumps({**VERSION, "node_date": "2026-01-01"}).encode()),
        (b"scm_file_list.json", b'{"files": ["LICENSE"]}'),
    ],
)
def test_honest_files(name: bytes, content: bytes) -> None:
    assert _check(name, content).problems == ()


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        (b"PKG-INFO", METADATA + b" ", "it is not the same as the PKG-INFO at the top"),
        (b"SOURCES.txt", b"evil.py", '"evil.py" is neither in the archive nor in the tree'),
        (b"dependency_links.txt", b"https://evil.example\n", "is not empty"),
        (
            b"requires.txt",
            REQUIRES + b"evil\n",
            'requires: the configuration does not yield "evil"',
        ),
        (
            b"requires.txt",
            b"evil\n" + REQUIRES,
            'requires: the configuration does not yield "evil"',
        ),
        (b"requires.txt", b"", 'requires: a requirement of "click" is missing'),
        (b"requires.txt", b"[:os_name == 'nt']\na ; os_name == 'x'\n", "a marker of its own"),
        (b"requires.txt", b"???", "is no requirement"),
        (b"requires.txt", b"\xff", "is not UTF-8"),
        (b"entry_points.txt", b"[x]\ny = z\n", "does not yield"),
        (b"top_level.txt", b"os\n", 'the archive has no package or module "os"'),
        (b"namespace_packages.txt", b"my_tool\n", "is not recomputed by this version"),
        (b"scm_version.json", b"[]", "it is not a table"),
        (b"scm_version.json", b"{", "the text is not JSON"),
        (b"scm_version.json", json.dumps({**VERSION, "tag": "1.3"}).encode(), 'tag: "1.3" is not'),
        (b"scm_version.json", json.dumps({**VERSION, "node": "g0"}).encode(), "node: "),
        (b"scm_version.json", json.dumps({**VERSION, "dirty": True}).encode(), "dirty: "),
        (b"scm_version.json", json.dumps({**VERSION, "more": 1}).encode(), "is not known"),
        (b"scm_version.json", json.dumps({**VERSION, "branch": "a b"}).encode(), "no name or date"),
        (b"scm_file_list.json", b"[]", "nothing but files"),
        (b"scm_file_list.json", b'{"files": [], "x": 1}', "nothing but files"),
        (b"scm_file_list.json", b'{"files": ["evil.py"]}', '"evil.py" is not in the tree'),
        (b"scm_file_list.json", b'{"files": [1]}', '"1" is not in the tree'),
    ],
)
def test_other_files(name: bytes, content: bytes, part: str) -> None:
    assert _says(_check(name, content), part), _check(name, content).problems


def test_a_copy_without_an_original() -> None:
    assert _says(_check(b"PKG-INFO", METADATA, inputs()), "not the same as the PKG-INFO")


def test_another_folder() -> None:
    result = check_metadata("sdist", TOP + b"/other.egg-info/zip-safe", b"\n", _inputs())
    assert _says(result, 'the folder: "other.egg-info" is not the project\'s name')


def test_dynamic_dependencies() -> None:
    start, end = PYPROJECT.index(b"dependencies = "), PYPROJECT.index(b"[project.optional")
    dynamic = (PYPROJECT[:start] + PYPROJECT[end:]).replace(
        b'["version"]', b'["version", "dependencies"]'
    )
    assert _says(_check(b"requires.txt", REQUIRES, _inputs(pyproject=dynamic)), "dependencies: the")


def test_a_package_folder_of_setuptools() -> None:
    folder = PYPROJECT + b'[tool.setuptools]\npackage-dir = {"" = "lib"}\n'
    assert _check(b"top_level.txt", b"deep\n", _inputs(pyproject=folder)).problems == ()
    assert not _check(b"top_level.txt", b"deep\n").recomputed


def _setup_cfg(content: bytes, given: MetadataInputs) -> MetadataResult:
    return check_metadata("sdist", TOP + b"/setup.cfg", content, given)


def test_setup_cfg_without_one_in_the_tree() -> None:
    assert _setup_cfg(TAIL, _inputs()).recomputed
    assert _says(_setup_cfg(TAIL + b"[options]\n", _inputs()), "it is not the fixed section")


def test_setup_cfg_with_one_in_the_tree() -> None:
    source = b"# why\n[metadata]\nName = x\n[egg_info]\ntag_date = 1\n"
    wanted = b"[metadata]\nName = x\n\n[egg_info]\ntag_date = 0\ntag_build = \n\n"
    given = _inputs(tree={b"setup.cfg": source})
    assert _setup_cfg(wanted, given).problems == ()
    assert _says(_setup_cfg(wanted + b"[options]\n", given), "it is not the tree's setup.cfg")
    plain = _inputs(tree={b"setup.cfg": b"[metadata]\nName = x\n"})
    assert _setup_cfg(b"[metadata]\nName = x\n\n" + TAIL, plain).problems == ()
    away = _inputs(tree={b"setup.cfg": source}, sources={})
    assert _says(_setup_cfg(wanted, away), "are not at hand")
    for broken in (b"no section", b"\xff"):
        given = _inputs(tree={b"setup.cfg": broken})
        assert _says(_setup_cfg(wanted, given), "the tree's setup.cfg cannot be read")
