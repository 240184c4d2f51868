"""Making inputs of the metadata recomputation from plain dictionaries of files."""

from collections.abc import Mapping

from tagseal.contents.metadata import MetadataInputs
from tagseal.core.digests import ObjectFormat, object_id, sha256_hex
from tagseal.core.listing import Member, Mode

COMMIT = "0123456789" * 4

PYPROJECT = b"""
[project]
name = "My.Tool"
dynamic = ["version"]
description = "A  tool"
readme = "README.md"
requires-python = ">=3.10,<4"
license = "MIT"
authors = [{ name = "Ann B. Lee", email = "ann@example.org" }, { name = "Bo" }]
keywords = ["one", "two"]
classifiers = ["Typing :: Typed", "Topic :: Security"]
dependencies = ["click>=8.0", 'tomli>=1.1; python_version < "3.11" or os_name == "nt"']

[project.optional-dependencies]
cli_x = ["rich[jupyter]>=13,<15", 'colorama; os_name == "nt"']
all = ["my-tool[cli-x]", "attrs @ https://example.org/attrs.whl"]

[project.urls]
Homepage = "https://example.org"
"Source Code" = "https://example.org/src"

[project.scripts]
mytool = "my_tool.cli:main"

[project.gui-scripts]
mytool-gui = "my_tool.gui:main"

[project.entry-points."my.plugins"]
first = "my_tool.plug:Plug [all]"
"""

README = b"# My tool\n\nIt is a tool.\n"

METADATA = b"""Metadata-Version: 2.4
Name: my-tool
Version: 1.2
Summary: A tool
Project-URL: Homepage, https://example.org
Project-URL: source-code, https://example.org/src
Author-email: "Ann B. Lee" <ann@example.org>
Author: Bo
License-Expression: MIT
License-File: LICENSE
Keywords: one,two
Classifier: Topic :: Security
Classifier: Typing :: Typed
Requires-Python: <4,>=3.10
Requires-Dist: Click (>=8.0)
Requires-Dist: tomli>=1.1; os_name == 'nt' or python_version < '3.11'
Requires-Dist: rich[jupyter]<15,>=13; extra == 'cli-x'
Requires-Dist: colorama; extra == "cli_x" and os_name == "nt"
Requires-Dist: my_tool[cli_x]; extra == "all"
Requires-Dist: attrs @ https://example.org/attrs.whl ; extra == 'all'
Provides-Extra: all
Provides-Extra: cli-x
Description-Content-Type: text/markdown; charset=UTF-8

# My tool

It is a tool.
"""

ENTRY_POINTS = b"""[console_scripts]
mytool = my_tool.cli:main

[gui_scripts]
mytool-gui=my_tool.gui:main

[my.plugins]
first = my_tool.plug:Plug[all]
"""


def member(content: bytes) -> Member:
    return Member(
        mode=Mode.FILE,
        raw_mode=0o644,
        size=len(content),
        blob=object_id("blob", content, ObjectFormat.SHA1),
        sha256=sha256_hex(content),
    )


def inputs(
    archive_name: str = "my_tool-1.2.tar.gz",
    pyproject: bytes = PYPROJECT,
    version: str = "1.2",
    sources: Mapping[bytes, bytes] | None = None,
    tree: Mapping[bytes, bytes] | None = None,
    files: Mapping[bytes, bytes] | None = None,
) -> MetadataInputs:
    """Return inputs; ``tree`` are the tree's files, ``sources`` those at hand (else all)."""
    tree = {b"README.md": README, b"LICENSE": b"MIT"} if tree is None else tree
    return MetadataInputs(
        archive_name=archive_name,
        commit=COMMIT,
        pyproject=pyproject,
        version=version,
        sources=tree if sources is None else sources,
        tree_paths=frozenset(tree),
        members={path: member(content) for path, content in (files or {}).items()},
    )
