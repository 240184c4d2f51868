"""Checks for files that differ from the tree's, or consist, only of versions and dates.

A *version-like* text in the tree may become the tag's version and nothing else; a date may become
any date. So neither a number in code nor a name can change under the guise of a version.
"""

import ast
import re
from collections.abc import Collection, Iterator

from tagseal.contents.rules._model import Difference, Rule, RuleContext
from tagseal.core.paths import display

__all__ = [
    "declared_stamp",
    "export_subst_refs",
    "line_ends",
    "version_file",
    "version_lines",
    "version_module",
]

_MAX_CHANGED = 400
_MAX_TEXT = 4 * 1024 * 1024
_MAX_MODULE = 64 * 1024

_MONTHS = (
    b"January|February|March|April|May|June|July|August|September|October|November|December"
    b"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_DAYS = b"Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_CLOCK = rb"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?: ?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?"
_DATE = re.compile(
    rb"(?:(?:" + _DAYS + rb"),? )?(?:"
    rb"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]" + _CLOCK + rb")?"
    rb"|\b[0-9]{1,2} (?:" + _MONTHS + rb"),? [0-9]{4}\b"
    rb"|\b(?:" + _MONTHS + rb") [0-9]{1,2},? (?:" + _CLOCK + rb" )?(?:[A-Z]{3} )?[0-9]{4}\b"
    rb"|\b(?:" + _MONTHS + rb") [0-9]{4}\b"
    rb"|\b(?:19|20)[0-9]{6}\b"
    rb")"
)
_PLACEHOLDER = (
    rb"\[unreleased\]|\bUNRELEASED\b|\bDEV\b|@(?:PACKAGE_)?VERSION@|@(?:RELEASE_)?DATE@"
    rb"|%%VERSION%%|\$\{?(?:PROJECT_|PACKAGE_)?VERSION\}?"
)
_PRERELEASE = rb"[-.+~_]?(?:dev|DEV|git|rc|alpha|beta|pre|post|a|b)[0-9A-Za-z.+-]*"
_NUMBER = rb"(?<![0-9A-Za-z_.])v?[0-9]+(?:\.[0-9]+)*(?:" + _PRERELEASE + rb")?(?![0-9A-Za-z_])"
# One pattern, so that a line is gone through once, however long it is.
_STAMP = re.compile(
    rb"(?P<date>" + _DATE.pattern + rb")|(?P<placeholder>" + _PLACEHOLDER + rb")"
    rb"|(?P<hex>\b0x[0-9a-fA-F]{4,8}\b)|(?P<number>" + _NUMBER + rb")"
)


def version_lines(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A modified text differs only in versions, which became the tag's, and in dates.

    On a line that is stamped so, white space inside may differ too, but never its indentation; and
    blank lines may have come or gone.
    """
    del rule
    member, source_entry = context.content(difference), difference.source
    if member is None or source_entry is None or difference.source_path is None:
        return None
    if difference.member.mode is not source_entry.mode or not context.versions:
        return None
    source = context.source(difference.source_path)
    if source is None or max(len(source), len(member)) > _MAX_TEXT:
        return None
    changed = _changed_lines(source, member)
    if not changed:
        return None
    if all(_same_but_for_stamps(old, new, context.versions) for old, new in changed):
        lines = "1 line differs" if len(changed) == 1 else f"{len(changed)} lines differ"
        return f"{lines} from the commit's, only in the tag's version or a date"
    return None


def _changed_lines(old: bytes, new: bytes) -> list[tuple[bytes, bytes]] | None:
    """Return the lines that differ, in pairs; None where lines were added, or too many differ."""
    a, b = old.split(b"\n"), new.split(b"\n")
    if len(a) != len(b):
        a, b = [x for x in a if x.strip()], [y for y in b if y.strip()]
    if len(a) != len(b):
        return None
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return pairs if len(pairs) <= _MAX_CHANGED else None


def _same_but_for_stamps(old: bytes, new: bytes, versions: Collection[str]) -> bool:
    spaced = _spaced(new)
    without = re.sub(_joined(versions), b"", spaced) if versions else spaced
    return _are_stamped(_spaced(old), spaced, versions) or (
        without != spaced and _are_stamped(_spaced(old), without, versions)
    )


def _joined(versions: Collection[str]) -> bytes:
    """Return the pattern of a version with the space before it, as some stamps put it in."""
    names = b"|".join(re.escape(version.encode()) for version in versions)
    return rb" (?:" + names + rb")(?![0-9A-Za-z._-])"


def _are_stamped(old: bytes, new: bytes, versions: Collection[str]) -> bool:
    old_parts, new_parts = list(_parts(old)), list(_parts(new))
    if len(old_parts) != len(new_parts):
        return False
    return all(
        x == y or _may_become(kind_x, kind_y, y, versions)
        for (kind_x, x), (kind_y, y) in zip(old_parts, new_parts, strict=True)
    )


_INNER_SPACE = re.compile(rb"(?<=[^ \t])[ \t]+")


def _spaced(line: bytes) -> bytes:
    """Return a line with one space for each run of white space that is not its indentation."""
    return _INNER_SPACE.sub(b" ", line.rstrip())


def _parts(line: bytes) -> Iterator[tuple[str, bytes]]:
    """Take a line apart into dates, placeholders, numbers and what is between them."""
    at = 0
    for match in _STAMP.finditer(line):
        yield "text", line[at : match.start()]
        yield match.lastgroup or "", match[0]
        at = match.end()
    yield "text", line[at:]


def _may_become(old_kind: str, new_kind: str, new: bytes, versions: Collection[str]) -> bool:
    if new_kind == "date":
        return old_kind in ("date", "placeholder")
    if new_kind == "number":
        return old_kind in ("number", "placeholder") and _is_version(new, versions)
    return new_kind == "hex" and old_kind == "hex" and _hex_is_version(new, versions)


def _is_version(text: bytes, versions: Collection[str]) -> bool:
    """Whether a number with a dot is a version, or its first three numbers."""
    text = text.removeprefix(b"v")
    return b"." in text and any(
        text == version.encode() or text == _NUMBERS.match(version)[0].encode()  # type: ignore[index]
        for version in versions
    )


_NUMBERS = re.compile(r"(?:[0-9]+(?:\.[0-9]+){0,2})?")


def _hex_is_version(text: bytes, versions: Collection[str]) -> bool:
    """Whether a number is the version with one byte for each part, as ``0x075801``."""
    return any(
        match is not None and int(text, 16) == _packed(match)
        for match in map(_SHORT_VERSION.fullmatch, versions)
    )


_SHORT_VERSION = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{1,2}))?")


def _packed(match: re.Match[str]) -> int:
    major, minor, patch = (int(part or 0) for part in match.groups())
    return major << 16 | minor << 8 | patch


def line_ends(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A modified text has the commit's lines with the other kind of line end, each of them."""
    del rule
    member, path = context.content(difference), difference.source_path
    source = context.source(path) if path is not None else None
    if member is None or source is None or b"\0" in member or difference.source is None:
        return None
    if difference.member.mode is not difference.source.mode or member == source:
        return None
    unix, dos = sorted((source, member), key=len)
    if b"\r" in unix or unix.replace(b"\n", b"\r\n") != dos:
        return None
    return "it has the commit's lines, each with another line end"


_TEXINFO = re.compile(rb"@set (UPDATED|UPDATED-MONTH|EDITION|VERSION) (.+)")


def version_file(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A generated file holds the tag's version and nothing else but dates.

    Either the version alone, or lines of Texinfo's ``@set`` as automake's version.texi has them.
    """
    del rule
    content = context.content(difference)
    if content is None or len(content) > _MAX_MODULE:
        return None
    versions = {version.encode() for version in context.versions}
    if content.rstrip(b"\r\n") in versions | {context.tag.encode("utf-8", "surrogateescape")}:
        return "it holds the tag's version and nothing else"
    lines = content.rstrip(b"\n").split(b"\n")
    if all(_texinfo_line(line, versions) for line in lines):
        return "it sets the tag's version and dates, and nothing else"
    return None


def _texinfo_line(line: bytes, versions: Collection[bytes]) -> bool:
    match = _TEXINFO.fullmatch(line)
    if match is None:
        return False
    if match[1] in (b"UPDATED", b"UPDATED-MONTH"):
        return _DATE.fullmatch(match[2]) is not None
    return match[2] in versions


def declared_stamp(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A modified file is the tree's, with a declared placeholder replaced by a fact of the tag.

    Parameters: ``placeholder``, the text that is replaced, and ``value``, a template with
    ``{version}``, ``{tag}`` and ``{commit}``.
    """
    path = difference.source_path
    if difference.source is None or path is None or context.version is None:
        return None
    source, content = context.source(path), context.content(difference)
    if source is None or content is None or difference.member.mode is not difference.source.mode:
        return None
    facts = {"version": context.version, "tag": context.tag, "commit": context.facts.commit_id}
    value = rule.parameters["value"]
    for name, fact in facts.items():
        value = value.replace(f"{{{name}}}", fact)
    placeholder = rule.parameters["placeholder"]
    stamped = source.replace(
        placeholder.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape")
    )
    if stamped != content or stamped == source:
        return None
    return f'"{display(placeholder)}" of the commit\'s file was replaced by "{display(value)}"'


_FORMAT = re.compile(rb"\$Format:([^$\n]*)\$")
_REFS = rb"[A-Za-z0-9._/ ,>:+@-]*"  # one class: nothing here can be matched in two ways
_MAX_SUBST = 64 * 1024


def export_subst_refs(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """Each ``$Format:…$`` became one line of what git writes there; all else is the tree's.

    For names of refs, which depend on the clone, only their form is looked at, and the tag has to
    be among them; hashes and dates have to be the commit's.
    """
    del rule
    path, content = difference.source_path, context.content(difference)
    attributes = context.attributes(path) if path is not None else None
    if path is None or content is None or not attributes or not attributes.get("export-subst"):
        return None
    source = context.source(path)
    if source is None or max(len(source), len(content)) > _MAX_SUBST:
        return None
    *texts, last = _FORMAT.split(source)
    pattern = b""
    for text, placeholder in zip(texts[::2], texts[1::2], strict=True):
        expansion = _expansion(placeholder.decode("latin-1"), context)
        if expansion is None:
            return None
        pattern += re.escape(text) + expansion
    if not texts or not re.fullmatch(pattern + re.escape(last), content):
        return None
    return "git put the commit's ids, dates and refs in place of its $Format:…$"


def _expansion(placeholder: str, context: RuleContext) -> bytes | None:
    facts, tag = context.facts, context.tag.encode("utf-8", "surrogateescape")
    dates = {"a": facts.author_date, "c": facts.committer_date}
    if placeholder in ("%H", "%T"):
        return (facts.commit_id if placeholder == "%H" else facts.tree_id).encode()
    if placeholder in ("%h", "%t"):
        whole = facts.commit_id if placeholder == "%h" else facts.tree_id
        return (
            whole[:4].encode()
            + b"".join(b"(?:%c" % c for c in whole[4:].encode())
            + b")?" * (len(whole) - 4)
        )
    if placeholder in ("%D", "%d"):
        refs = _REFS + b"tag: " + re.escape(tag) + b"(?:, " + _REFS + b")?"
        return rb"(?: \(" + refs + rb"\))?" if placeholder == "%d" else refs
    if placeholder.startswith("%(describe"):
        return re.escape(tag)
    date = dates.get(placeholder[1:2])
    if len(placeholder) == 3 and placeholder[0] == "%" and date is not None:
        utc = re.escape("+00:00")
        forms = {
            "I": re.escape(date.isoformat()).replace(utc, f"(?:Z|{utc})"),
            "i": re.escape(date.strftime("%Y-%m-%d %H:%M:%S %z")),
            "s": date.strftime("%Y-%m-%d"),
            "t": str(int(date.timestamp())),
        }
        form = forms.get(placeholder[2])
        return form.encode() if form is not None else None
    return None


_VERSION_NAMES = frozenset({
    "version", "__version__", "version_tuple", "__version_tuple__", "version_info",
    "full_version", "short_version", "commit_id", "__commit_id__", "git_revision", "release",
    "__revision__", "__date__", "__all__", "VERSION", "VERSION_TUPLE", "COMMIT_ID",
    "TYPE_CHECKING",
})  # fmt: skip


def version_module(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A Python module assigns the tag's version to names for versions, and does nothing else.

    It is parsed and never run. Allowed are docstrings, assignments of literals that are the
    version, its parts, or the commit's id, to names of a closed list; ``__all__`` with such names;
    and, as type annotations, names of ``typing`` under ``if TYPE_CHECKING``.
    """
    del rule
    content = context.content(difference)
    if content is None or context.version is None or len(content) > _MAX_MODULE:
        return None
    try:
        module = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reader = _VersionModule(context.version, context.facts.commit_id)
    if all(map(reader.allows, module.body)) and reader.saw_version:
        return "it assigns the tag's version to names for versions, and does nothing else"
    return None


class _VersionModule:
    """Which statements a module may have that says nothing but a version."""

    def __init__(self, version: str, commit: str) -> None:
        self._version = version
        self._commit = commit
        self._parts = set(re.split(r"[.+-]", version)) | {version}
        self.saw_version = False

    def allows(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Expr(value=ast.Constant(value=str())):
                return True
            case ast.Assign(targets=targets, value=value):
                return all(map(self._is_name, targets)) and self._is_value(value)
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                return (
                    self._is_name(target)
                    and self._is_annotation(annotation)
                    and (value is None or self._is_value(value))
                )
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body, orelse=orelse):
                return all(map(self._allows_type, [*body, *orelse]))
            case ast.ImportFrom(module=("__future__" | "typing"), level=0):
                return all(alias.asname is None for alias in statement.names)
        return False

    def _allows_type(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.ImportFrom(module="typing", level=0):
                return all(alias.asname is None for alias in statement.names)
            case ast.Assign(targets=targets, value=value):
                return all(map(self._is_name, targets)) and self._is_annotation(value)
        return False

    def _is_name(self, target: ast.expr) -> bool:
        return isinstance(target, ast.Name) and target.id in _VERSION_NAMES

    def _is_annotation(self, node: ast.expr) -> bool:
        allowed = (ast.Name, ast.Subscript, ast.Tuple, ast.BinOp, ast.BitOr, ast.Constant, ast.Load)
        return all(isinstance(part, allowed) for part in ast.walk(node))

    def _is_value(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant(value=None | bool()):
                return True
            case ast.Constant(value=str(text)):
                return self._is_text(text)
            case ast.Constant(value=int(number)):
                return str(number) in self._parts
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return all(map(self._is_value, elements))
            case ast.Name(id=name):
                return name in _VERSION_NAMES
        return False

    def _is_text(self, text: str) -> bool:
        if text == self._version:
            self.saw_version = True
            return True
        commit = text.removeprefix("g")
        is_commit = len(commit) >= 7 and self._commit.startswith(commit)
        return text in self._parts or text in _VERSION_NAMES or is_commit
