import pytest

from support_contents import File
from support_rules import EXECUTABLE, explained

SETUP = b"""from setuptools import setup
setup(
    name="tool-x",
    version=version,
    packages=["toolx"],
    install_requires=["attrs>=20", "Rich_Text"],
    extras_require={"fast": ["speedup"]},
    entry_points={"console_scripts": ["tool = toolx.cli:main"]},
)
"""
TREE: dict[bytes, File] = {b"setup.py": SETUP, b"toolx/__init__.py": b"", b"toolx/cli.py": b"c"}
METADATA = b"""Metadata-Version: 2.1
Name: tool-x
Version: 1.2.3
Summary: a tool
  that goes on
Requires-Dist: attrs >=20
Requires-Dist: rich.text ; extra == "fast"
Provides-Extra: fast
Requires-Python: >=3.8

A description. Requires-Dist: evil
"""
EGG = b"tool_x.egg-info/"


def described(
    content: File, path: bytes = b"PKG-INFO", tree: dict[bytes, File] = TREE, **options: object
) -> bool:
    rules = explained(tree, {**tree, path: content}, **options)
    return rules.get(path.decode()) == "distribution-metadata"


@pytest.mark.parametrize(
    "path", [b"PKG-INFO", EGG + b"PKG-INFO", b"tool_x-1.2.3.dist-info/METADATA"]
)
def test_metadata_that_names_what_the_commit_names(path: bytes) -> None:
    assert described(METADATA, path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Requires-Dist: attrs", b"Requires-Dist: evil\nRequires-Dist: attrs"),
        (b"attrs >=20", b"attrs @ https://evil"),
        (b"attrs >=20", b"attrs\n @ https://evil"),
        (b"attrs >=20", b"setuptools"),
        (b"attrs >=20", b"version"),
        (b"attrs >=20", b"(evil)"),
        (b"Summary: a tool", b"Summary: a\rRequires-Dist: evil"),
        (b"Summary: a tool", b"Summary: a\x0bRequires-Dist: evil"),
        (b"Summary: a tool", b"Summary: a\x1cRequires-Dist: evil"),
        (b"Metadata-Version", b" x\nMetadata-Version"),
        (b"Version: 1.2.3", b"Version: 1.2.4"),
        (b"Version: 1.2.3\n", b""),
        (b"Version: 1.2.3", b"Version: 1.2.3\nVersion: 1.2.4"),
        (b"Name: tool-x", b"Name: evil"),
        (b"Name: tool-x\n", b""),
        (b"Name: tool-x", b"Name: tool-x\nName: tool-x"),
        (b"Provides-Extra: fast", b"Provides-Extra: evil"),
        (b"Provides-Extra: fast", b"Provides-Extra:"),
        (b"Provides-Extra: fast", b"Import-Name: evil"),
        (b"Requires-Python", b"no field\nRequires-Python"),
        (b"\n\nA", b"\n \nRequires-Dist: evil\n\nA"),
    ],
)
def test_metadata_that_names_something_else(old: bytes, new: bytes) -> None:
    changed = METADATA.replace(old, new, 1)
    assert changed != METADATA
    assert not described(changed)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (b"dependency_links.txt", b"\n", True),
        (b"dependency_links.txt", b"https://evil\n", False),
        (b"not-zip-safe", b"", True),
        (b"SOURCES.txt", b"setup.py\ntoolx/cli.py\n", True),
        (b"SOURCES.txt", b"setup.py\nevil.py\n", False),
        (b"top_level.txt", b"toolx\ncli\n", True),
        (b"top_level.txt", b"evil\n", False),
        (b"requires.txt", b"attrs>=20\n\n[fast]\nRich-Text\nspeedup\n", True),
        (b"requires.txt", b"evil\n", False),
        (b"entry_points.txt", b"[console_scripts]\ntool = toolx.cli:main\n", True),
        (b"entry_points.txt", b"[console_scripts]\nevil = toolx.cli:main\n", False),
        (b"entry_points.txt", b"[console_scripts]\ntool = os:system\n", False),
        (b"entry_points.txt", b"[evil]\ntool = toolx.cli:main\n", False),
        (b"entry_points.txt", b"[console_scripts]\ntool\n", True),
        (b"entry_points.txt", b"[console_scripts]\n = toolx.cli:main\n", False),
        (b"other.txt", b"", False),
    ],
)
def test_the_files_of_an_egg_info(name: bytes, content: bytes, expected: bool) -> None:
    assert described(content, EGG + name) is expected
    assert not described(content, b"other/" + name)


WHEEL = b"Wheel-Version: 1.0\nGenerator: t (1)\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (WHEEL, True),
        (WHEEL + b"Evil: x\n", False),
        (WHEEL.replace(b"true", b"evil"), False),
        (WHEEL.replace(b"1.0", b"2.0"), False),
        (b"", False),
    ],
)
def test_how_a_wheel_was_built(content: bytes, expected: bool) -> None:
    assert described(content, b"tool_x-1.2.3.dist-info/WHEEL") is expected
    assert not described(content, b"tool_x-1.2.3.dist-info/RECORD")


TAIL = b"\n[egg_info]\ntag_build = \ntag_date = 0\n\n"


def test_a_setup_cfg_with_what_setuptools_adds() -> None:
    assert described(TAIL.lstrip(), b"setup.cfg")
    assert not described(TAIL + b"[evil]\n", b"setup.cfg")
    assert not described(TAIL.lstrip(), b"sub/setup.cfg")

    def modified(old: bytes, new: File, **options: object) -> bool:
        found = explained({**TREE, b"setup.cfg": old}, {**TREE, b"setup.cfg": new}, **options)
        return "setup.cfg" in found

    own = b"[metadata]\nname = tool-x\n"
    assert modified(own, own + TAIL)
    assert not modified(own, b"[metadata]\nname = evil\n" + TAIL)
    assert not modified(own, TAIL)
    assert not modified(own, own + TAIL.replace(b"tag_build = ", b"tag_build = evil"))
    assert not modified(own, (EXECUTABLE, own + TAIL))
    assert not modified(own, own + TAIL, standings=("proven",))


def test_what_is_not_at_hand_is_not_explained() -> None:
    assert not described((EXECUTABLE, METADATA))
    assert not described(METADATA, kept=lambda _: False)
    assert not described(METADATA, tree={b"a": b"a"})
    assert not described(METADATA, standings=("proven",))
    assert not described(METADATA + b"x" * 2**20)
    assert not described(METADATA, version=None, tag="none")
    huge: dict[bytes, File] = {**TREE, b"setup.py": SETUP + b"#" * 2**20}
    assert not described(METADATA, tree=huge)
