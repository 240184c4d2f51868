"""Python distributions' metadata files (`tagseal.contents.metadata`).

An input is the place of the file (one byte), the file, and after a byte 0xFF, which no text file in
UTF-8 holds, the configuration that it is judged against; without that part, an honest one.
"""

from tagseal.contents.metadata import Distribution, MetadataInputs, check_metadata, missing_metadata
from tagseal.core.digests import ObjectFormat, object_id, sha256_hex
from tagseal.core.listing import Member, Mode

PYPROJECT = b"""
[project]
name = "My.Tool"
version = "1.2"
description = "A  tool"
readme = "README.md"
requires-python = ">=3.10,<4"
license = "MIT"
authors = [{ name = "Ann B. Lee", email = "ann@example.org" }]
keywords = ["one", "two"]
classifiers = ["Typing :: Typed"]
dependencies = ["click>=8.0", 'tomli>=1.1; python_version < "3.11"']

[project.optional-dependencies]
cli_x = ["rich[jupyter]>=13,<15"]

[project.urls]
Homepage = "https://example.org"

[project.scripts]
mytool = "my_tool.cli:main"
"""
README = b"# My tool\n"
_SDIST = b"my_tool-1.2/"
_WHEEL = b"my_tool-1.2.dist-info/"
_EGG = _SDIST + b"my_tool.egg-info/"
PLACES: tuple[tuple[Distribution, bytes], ...] = (
    ("sdist", _SDIST + b"PKG-INFO"),
    ("sdist", _SDIST + b"setup.cfg"),
    ("sdist", _EGG + b"requires.txt"),
    ("sdist", _EGG + b"SOURCES.txt"),
    ("sdist", _EGG + b"scm_version.json"),
    ("sdist", _EGG + b"scm_file_list.json"),
    ("wheel", _WHEEL + b"METADATA"),
    ("wheel", _WHEEL + b"WHEEL"),
    ("wheel", _WHEEL + b"RECORD"),
    ("wheel", _WHEEL + b"entry_points.txt"),
    ("wheel", _WHEEL + b"top_level.txt"),
)
NAMES = {"sdist": "my_tool-1.2.tar.gz", "wheel": "my_tool-1.2-py3-none-any.whl"}
TREE = {b"README.md": README, b"LICENSE": b"MIT", b"my_tool/__init__.py": b""}


def _member(content: bytes) -> Member:
    return Member(
        mode=Mode.FILE,
        raw_mode=0o644,
        size=len(content),
        blob=object_id("blob", content, ObjectFormat.SHA1),
        sha256=sha256_hex(content),
    )


def check(data: bytes) -> None:
    """Any bytes have a result; it is short, printable, and passes only without a problem."""
    if not data:
        return
    kind, path = PLACES[data[0] % len(PLACES)]
    content, separator, pyproject = data[1:].partition(b"\xff")
    inputs = MetadataInputs(
        archive_name=NAMES[kind],
        commit="0123456789" * 4,
        pyproject=pyproject if separator else PYPROJECT,
        version="1.2",
        sources=TREE,
        tree_paths=frozenset(TREE),
        members={path: _member(content), b"my_tool/__init__.py": _member(b"")},
    )
    result = check_metadata(kind, path, content, inputs)
    assert result.recomputed is (result.problems == ())
    missing = missing_metadata(kind, path.partition(b"/")[0], inputs)
    for line in (*result.problems, *result.notes, *missing):
        assert line.isprintable()
