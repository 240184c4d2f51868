"""Checks for files that differ from the tree's only in versions, in dates or in line ends.

A *version-like* text in the tree may become the tag's version and nothing else, and a date one of
the release's own time. Where the text does not say by itself that it is a placeholder, the line has
to say that it is about a version, and the version may only rise. So neither a number in code nor a
name can change under the guise of a version.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tagseal.contents.rules._dates import DATE, is_of_the_release
from tagseal.contents.rules._model import Difference, Rule, RuleContext
from tagseal.core.digests import sha256_hex
from tagseal.core.listing import Mode
from tagseal.core.paths import display

__all__ = ["declared_stamp", "line_ends", "version_lines"]

_MAX_CHANGED = 400
_MAX_TEXT = 4 * 1024 * 1024
_MAX_LINE = 4096

_PLACEHOLDER = (
    rb"\[unreleased\]|\bUNRELEASED\b|\bDEV\b|@(?:PACKAGE_)?VERSION@|@(?:RELEASE_)?DATE@"
    rb"|%%VERSION%%|\$\{?(?:PROJECT_|PACKAGE_)?VERSION\}?"
)
_PRERELEASE = rb"[-.+~_]?(?:dev|DEV|git|rc|alpha|beta|pre|post|a|b)[0-9A-Za-z.+-]{0,40}"
_NUMBER = (
    rb"(?<![0-9A-Za-z_.])v?(?P<base>[0-9]{1,9}(?:\.[0-9]{1,9}){0,7})"
    rb"(?P<suffix>" + _PRERELEASE + rb")?(?![0-9A-Za-z_])"
)
_STAMP = re.compile(
    rb"(?P<date>" + DATE.pattern + rb")|(?P<placeholder>" + _PLACEHOLDER + rb")"
    rb"|(?P<hex>\b0x[0-9a-fA-F]{6}\b)|(?P<number>" + _NUMBER + rb")"
)
_ABOUT_VERSION = re.compile(rb"version|release|^\.TH |^\.Dd |^@set ", re.IGNORECASE)
_ABOUT_DATE = re.compile(
    rb"version|released?\b|(?:\b|_)dated?\b|stamp|(?:\b|_)updated\b|generated|^\.TH |^\.Dd |^@set ",
    re.IGNORECASE,
)
_MAN_PAGE = re.compile(rb"\.(?:TH|Dd) ")
_COMPARED = re.compile(rb"(?:[<>=!~^]=|[<^~]|>)[ \t]*[\"']?\Z")
_MARKUP = re.compile(rb"<[A-Za-z][^<>]*>\Z")


def version_lines(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A modified text differs only in versions, which became the tag's, and in dates.

    On a line that is stamped so, or that is about a version, white space inside may differ too, but
    never its indentation; and blank lines may have come or gone where they mean nothing.
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
    if all(_is_stamped(old, new, context) for old, new in changed):
        lines = "1 line differs" if len(changed) == 1 else f"{len(changed)} lines differ"
        return f"{lines} from the commit's, only in the tag's version or a date"
    return None


_BLANK = b" \t\r"
_GOES_ON = re.compile(rb"\\[ \t\r]*\n[ \t\r]*(?:\n|\Z)")


def _changed_lines(old: bytes, new: bytes) -> list[tuple[bytes, bytes]] | None:
    """Return the lines that differ, in pairs; None where lines were added, or too many differ."""
    a, b = old.split(b"\n"), new.split(b"\n")
    if len(a) != len(b):
        # A blank line ends a line that goes on, and a here-document's text is data.
        if old.startswith(b"#!") or _GOES_ON.search(old) or _GOES_ON.search(new):
            return None
        a, b = [x for x in a if x.strip(_BLANK)], [y for y in b if y.strip(_BLANK)]
    if len(a) != len(b):
        return None
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return pairs if len(pairs) <= _MAX_CHANGED else None


def _is_stamped(old: bytes, new: bytes, context: RuleContext) -> bool:
    """Whether a line became another one only by being stamped."""
    if max(len(old), len(new)) > _MAX_LINE or old.rstrip().endswith(b"\\"):
        return False
    first, second = _spaced(old), _spaced(new)
    if first == second:
        return _ABOUT_VERSION.search(first) is not None and b'"' not in first + second
    if _are_stamps(first, second, context):
        return True
    if not _MAN_PAGE.match(second):
        return False
    # The tool that dates curl's manual pages puts the version behind the name where it was missing.
    without = _put_in(context.versions).sub(b"", second)
    return without != second and _are_stamps(first, without, context)


def _put_in(versions: Collection[str]) -> re.Pattern[bytes]:
    names = b"|".join(re.escape(version.encode()) for version in versions)
    return re.compile(rb" (?:" + names + rb")(?![0-9A-Za-z._-])")


_INNER_SPACE = re.compile(rb"(?<=[^ \t])[ \t]+")


def _spaced(line: bytes) -> bytes:
    """Return a line with one space for each run of white space that is not its indentation."""
    return _INNER_SPACE.sub(b" ", line.rstrip(_BLANK))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A piece of a line; ``kind`` is ``text`` or a group of `_STAMP`."""

    kind: str
    text: bytes
    base: bytes = b""
    """Of a number, what stands before its suffix."""
    suffix: bytes = b""


def _are_stamps(old: bytes, new: bytes, context: RuleContext) -> bool:
    old_parts, new_parts = list(_parts(old)), list(_parts(new))
    if len(old_parts) != len(new_parts):
        return False
    before = b""
    for first, second in zip(old_parts, new_parts, strict=True):
        if first.text != second.text and not _may_become(first, second, before, old, context):
            return False
        before += second.text
    return True


def _parts(line: bytes) -> Iterator[_Part]:
    """Take a line apart into dates, placeholders, numbers and what is between them."""
    at = 0
    for match in _STAMP.finditer(line):
        yield _Part(kind="text", text=line[at : match.start()])
        found = match.groupdict(b"")
        kind = next(kind for kind in ("date", "placeholder", "hex", "number") if found[kind])
        yield _Part(kind=kind, text=match[0], base=found["base"], suffix=found["suffix"])
        at = match.end()
    yield _Part(kind="text", text=line[at:])


def _may_become(old: _Part, new: _Part, before: bytes, line: bytes, context: RuleContext) -> bool:
    """Whether a part of the tree's ``line``, behind ``before``, may become the archive's part."""
    is_about_version = _ABOUT_VERSION.search(line) is not None
    if new.kind == "date":
        is_about = old.kind == "placeholder" or _ABOUT_DATE.search(line) is not None
        return (
            old.kind in ("date", "placeholder")
            and is_about
            and is_of_the_release(new.text, context.facts)
        )
    if new.kind == "number":
        if not _is_version(new.text, context.versions):
            return False
        if old.kind == "placeholder":
            return True
        return old.kind == "number" and _may_rise(old, new, before, is_about_version)
    return (
        new.kind == old.kind == "hex"
        and is_about_version
        and int(old.text, 16) <= int(new.text, 16)
        and _hex_is_version(new.text, context.versions)
    )


def _may_rise(old: _Part, new: _Part, before: bytes, is_about_version: bool) -> bool:
    """Whether a number is an earlier version, or one that is marked as not released."""
    if _COMPARED.search(before) and not _MARKUP.search(before):
        return False
    if old.suffix and _numbers(old.base) == _numbers(new.base):
        return True
    return is_about_version and b"." in old.text and _numbers(old.base) <= _numbers(new.base)


def _numbers(text: bytes) -> tuple[int, ...]:
    return tuple(map(int, text.split(b".")))


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


_BATCH = (b".bat", b".cmd")
_CONTINUED = re.compile(rb"\\\r?\n")


def line_ends(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A modified text has the commit's lines with the other kind of line end, each of them.

    Not where a line end means something else with a carriage return before it: in scripts that name
    their interpreter, on lines that go on, and in batch files without one.
    """
    del rule
    member, path = context.content(difference), difference.source_path
    source = context.source(path) if path is not None else None
    if member is None or source is None or b"\0" in member or difference.source is None:
        return None
    is_batch = difference.path.lower().endswith(_BATCH)
    if difference.member.mode is not difference.source.mode or member == source:
        return None
    if difference.member.mode is not Mode.FILE and not is_batch:
        return None
    unix, dos = sorted((source, member), key=len)
    if b"\r" in unix or unix.replace(b"\n", b"\r\n") != dos:
        return None
    if unix.startswith(b"#!") or (_CONTINUED.search(unix) and not is_batch):
        return None
    if member is unix and is_batch:
        return None
    return "it has the commit's lines, each with another line end"


_FIELD = re.compile(r"\{(version|tag|commit)\}")


def declared_stamp(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A modified file is the tree's, with a declared placeholder replaced by a fact of the tag.

    Parameters: ``placeholder``, the text that is replaced, and ``value``, a template with
    ``{version}``, ``{tag}`` and ``{commit}``. Only the file's digest is looked at, since whoever
    verifies keeps few bytes of an archive.
    """
    path = difference.source_path
    if difference.source is None or path is None or context.version is None:
        return None
    source = context.source(path)
    if source is None or difference.member.mode is not difference.source.mode:
        return None
    facts = {"version": context.version, "tag": context.tag, "commit": context.facts.commit_id}
    value = _FIELD.sub(lambda match: facts[match[1]], rule.parameters["value"])
    placeholder = rule.parameters["placeholder"]
    stamped = source.replace(
        placeholder.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape")
    )
    if stamped == source or sha256_hex(stamped) != difference.member.sha256:
        return None
    return f'"{display(placeholder)}" of the commit\'s file was replaced by "{display(value)}"'
