"""Checks for files that say what the version is, and nothing else."""

import ast
import re
import warnings
from collections.abc import Collection

from tagseal.contents.rules._dates import DATE, is_of_the_release
from tagseal.contents.rules._model import Difference, Rule, RuleContext
from tagseal.contents.transforms import CommitFacts
from tagseal.core.listing import Mode

__all__ = ["version_file", "version_module"]

_MAX_MODULE = 64 * 1024

_TEXINFO = re.compile(rb"@set (UPDATED|UPDATED-MONTH|EDITION|VERSION) (.+)")
_PLAIN_VERSION = re.compile(
    rb"v?[0-9]{1,9}(?:\.[0-9]{1,9}){0,7}[0-9A-Za-z.+_-]{0,40}|UNRELEASED|unknown"
    rb"|@(?:PACKAGE_)?VERSION@|%%VERSION%%"
)


def version_file(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A file holds the tag's version and nothing else but dates.

    Either the version alone, or lines of Texinfo's ``@set`` as automake's version.texi has them. A
    modified file was of the same kind in the tree.
    """
    del rule
    content = context.content(difference)
    if content is None or len(content) > _MAX_MODULE or not _keeps_its_mode(difference):
        return None
    source = _source(difference, context)
    if difference.source_path is not None and source is None:
        return None
    versions = {version.encode() for version in context.versions}
    if content.rstrip(b"\r\n") in versions | {context.tag.encode("utf-8", "surrogateescape")}:
        if source is not None and not _PLAIN_VERSION.fullmatch(source.strip()):
            return None
        return "it holds the tag's version and nothing else"
    lines = content.rstrip(b"\n").split(b"\n")
    if source is not None and not all(map(_TEXINFO.fullmatch, source.strip().split(b"\n"))):
        return None
    if all(_texinfo_line(line, versions, context.facts) for line in lines):
        return "it sets the tag's version and dates, and nothing else"
    return None


def _keeps_its_mode(difference: Difference) -> bool:
    """Whether a modified file has the tree's mode, and a new one is not executable."""
    expected = difference.source.mode if difference.source is not None else Mode.FILE
    return difference.member.mode is expected


def _source(difference: Difference, context: RuleContext) -> bytes | None:
    path = difference.source_path
    return context.source(path) if path is not None else None


def _texinfo_line(line: bytes, versions: Collection[bytes], facts: CommitFacts) -> bool:
    match = _TEXINFO.fullmatch(line)
    if match is None:
        return False
    if match[1] in (b"UPDATED", b"UPDATED-MONTH"):
        return DATE.fullmatch(match[2]) is not None and is_of_the_release(match[2], facts)
    return match[2] in versions


_VERSION_NAMES = frozenset({
    "version", "__version__", "version_tuple", "__version_tuple__", "version_info",
    "full_version", "short_version", "commit_id", "__commit_id__", "git_revision", "release",
    "__revision__", "__date__", "__all__", "VERSION", "VERSION_TUPLE", "COMMIT_ID",
    "TYPE_CHECKING",
})  # fmt: skip
_TYPES = frozenset({"Tuple", "Union", "Optional", "Final", "TYPE_CHECKING"})
_BUILT_IN_TYPES = frozenset({"str", "int", "tuple", "object", "bool"})
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_COOKIE = re.compile(r"coding[:=](?![ \t]*utf-?8(?![-_.0-9A-Za-z]))", re.IGNORECASE)


def version_module(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A Python module assigns the tag's version to names for versions, and does nothing else.

    It is parsed and never run. Allowed are docstrings, assignments of literals that are the
    version, its parts, or the commit's id, to names of a closed list; ``__all__`` with such names;
    and, as type annotations, names of ``typing`` under ``if TYPE_CHECKING``. A modified module was
    of the same kind in the tree, of whatever version.
    """
    del rule
    content = context.content(difference)
    if content is None or context.version is None or not _keeps_its_mode(difference):
        return None
    if difference.source_path is not None:
        old, any_version = _statements(_source(difference, context)), _AnyVersion()
        if old is None or not all(map(any_version.allows, old)):
            return None
    new = _statements(content)
    reader = _VersionModule(context.version, context.facts.commit_id)
    if new is not None and all(map(reader.allows, new)) and reader.saw_version:
        return "it assigns the tag's version to names for versions, and does nothing else"
    return None


def _statements(content: bytes | None) -> list[ast.stmt] | None:
    """Return the statements of a module whose bytes everybody reads alike, else None.

    So no encoding but UTF-8, not even one that is named, and no character that only some take for
    the end of a line.
    """
    if content is None or len(content) > _MAX_MODULE:
        return None
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
        if _CONTROL.search(text) or any(map(_COOKIE.search, text.split("\n")[:2])):
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the parser, about a file that is only looked at
            return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _VersionModule:
    """Which statements a module may have that says nothing but a version."""

    def __init__(self, version: str, commit: str) -> None:
        self._version = version
        self._commit = commit
        self.saw_version = False

    def allows(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Expr(value=ast.Constant(value=str())):
                return True
            case ast.Assign(targets=targets, value=value):
                return self._assigns(targets, value)
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                return self._is_annotation(annotation) and (
                    self._is_name(target) if value is None else self._assigns([target], value)
                )
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body, orelse=orelse):
                return all(map(self._allows_type, [*body, *orelse]))
            case ast.ImportFrom(module="__future__", names=names, level=0):
                return [alias.name for alias in names] == ["annotations"]
            case ast.ImportFrom(module="typing", level=0):
                return self._allows_type(statement)
        return False

    def _allows_type(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.ImportFrom(module="typing", names=names, level=0):
                return all(alias.asname is None and alias.name in _TYPES for alias in names)
            case ast.Assign(targets=targets, value=value):
                return all(map(self._is_name, targets)) and self._is_annotation(value)
        return False

    def _assigns(self, targets: Collection[ast.expr], value: ast.expr) -> bool:
        if not all(map(self._is_name, targets)):
            return False
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        match value:
            case ast.Constant(value=bool(flag)):
                return names == {"TYPE_CHECKING"} and not flag
            case ast.Constant(value=None):
                return True
            case ast.Constant(value=str(text)):
                return self._is_text(text) and "__all__" not in names
            case ast.Name(id=name):
                return name in _VERSION_NAMES
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                is_list = "__all__" in names
                return all(map(_is_own_name, elements)) if is_list else self._are_parts(elements)
        return False

    def _is_name(self, target: ast.expr) -> bool:
        return isinstance(target, ast.Name) and target.id in _VERSION_NAMES

    def _is_annotation(self, node: ast.expr) -> bool:
        for part in ast.walk(node):
            match part:
                case ast.Name(id=name):
                    if name not in _TYPES | _BUILT_IN_TYPES | _VERSION_NAMES:
                        return False
                case ast.Constant(value=value):
                    if value is not None and value is not ...:
                        return False
                case ast.Subscript() | ast.Tuple() | ast.BinOp() | ast.BitOr() | ast.Load():
                    pass
                case _:
                    return False
        return True

    def _are_parts(self, elements: list[ast.expr]) -> bool:
        values = [e.value if isinstance(e, ast.Constant) else None for e in elements]
        if any(isinstance(v, bool) or not isinstance(v, int | str) for v in values):
            return False
        return _letters(self._version).startswith(_letters(".".join(map(str, values))))

    def _is_text(self, text: str) -> bool:
        if text == self._version:
            self.saw_version = True
            return True
        commit = text.removeprefix("g")
        return len(commit) >= 7 and self._commit.startswith(commit)


def _is_own_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in _VERSION_NAMES


def _letters(version: str) -> str:
    return re.sub(r"[.+_-]", "", version)


class _AnyVersion(_VersionModule):
    """The same for a module of the tree, whose values are not known."""

    def __init__(self) -> None:
        super().__init__("", "")

    def _are_parts(self, elements: list[ast.expr]) -> bool:
        return all(isinstance(element, ast.Constant) for element in elements)

    def _is_text(self, text: str) -> bool:
        return len(text) <= 100
