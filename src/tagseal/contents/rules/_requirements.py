"""Which packages the build files of a Python project name as requirements: read, never run."""

import ast
import re
import warnings
from collections.abc import Iterator

from tagseal.contents.rules._parsed import as_table, read_toml

__all__ = ["canonical", "named_requirements"]

_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[A-Za-z0-9._, -]*\])?"
    r"\s*\(?(?:(?:[<>!~=]=|[<>]|===)\s*[0-9A-Za-z.*+!_-]+\s*,?\s*)*\)?\s*(?:;.*|\#.*)?"
)
_LONGEST = 500


def canonical(name: bytes) -> bytes:
    """Return a project's name as package indexes compare it (PyPA, "Names and normalization")."""
    return re.sub(rb"[-_.]+", b"-", name.strip(b"._-")).lower()


def named_requirements(path: bytes, content: bytes) -> Iterator[bytes]:
    """Yield the canonical name of each package that a build file may require.

    Of a ``setup.py`` these are the texts in lists and tables that read as requirements, since only
    running it would tell which of them it passes on.
    """
    text = content.decode("utf-8", "replace")
    if path == b"pyproject.toml":
        found = _of_pyproject(content)
    elif path.endswith(b".py"):
        found = _of_setup_py(text)
    elif path.endswith(b".cfg"):
        found = (line for line in text.split("\n") if line.startswith((" ", "\t")))
    else:
        found = iter(text.split("\n"))
    for line in found:
        match = _REQUIREMENT.fullmatch(line.strip()) if len(line) <= _LONGEST else None
        if match is not None:
            yield canonical(match["name"].encode())


def _of_pyproject(content: bytes) -> Iterator[str]:
    document = read_toml(content) or {}
    project, tool = as_table(document.get("project")), as_table(document.get("tool"))
    poetry, flit = as_table(tool.get("poetry")), as_table(tool.get("flit"))
    yield from _texts(project.get("dependencies"))
    yield from _texts(project.get("optional-dependencies"))
    yield from as_table(poetry.get("dependencies"))
    yield from as_table(poetry.get("dev-dependencies"))
    for group in as_table(poetry.get("group")).values():
        yield from as_table(as_table(group).get("dependencies"))
    metadata = as_table(flit.get("metadata"))
    yield from _texts(metadata.get("requires"))
    yield from _texts(metadata.get("requires-extra"))


def _of_setup_py(text: str) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the parser, about a file that is only looked at
            module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(module):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            yield from _constants(node.elts)
        elif isinstance(node, ast.Dict):
            yield from _constants(node.values)


def _constants(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from node.value.split("\n")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
