"""Recomputing a modified file from the tagged commit's own bytes.

Each transform goes from git's bytes to the archive's, never back, and most of them
only where a proven ``.gitattributes`` asks for them. What no transform yields is *unproven*,
however plausible it looks.

| name | does |
|---|---|
| ``eol-crlf`` | every LF of a plain text file becomes CRLF (``eol=crlf``) |
| ``ident`` | ``$Id$`` names the blob (``ident``) |
| ``export-subst`` | ``$Format:…$`` with hashes and dates of the commit, and the tag for ``%(describe)``; no messages, no other refs |
| ``ident, eol-crlf, export-subst`` | some of these one after the other, as git archive does |
| ``version-stamp`` | the tag's version in place of a known placeholder |
| ``mode-unrecorded`` | the same bytes in a zip that cannot say that they are executable |
| ``lfs`` | a strict Git LFS pointer becomes the file that it names (``filter=lfs``) |
"""  # noqa: E501 - a table's row is one line

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from tagseal.contents.attributes import Value
from tagseal.core.digests import ObjectFormat, object_id, sha256_hex
from tagseal.core.listing import Member, Mode, TreeEntry

__all__ = ["CommitFacts", "commit_facts", "lost_its_mode", "recomputed_by"]

VERSION_PLACEHOLDERS = (b"@VERSION@", b"@PACKAGE_VERSION@")
"""The texts that a version stamp may replace. A closed list: an arbitrary one could be code."""

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_!~-]{0,99}")
_FORMAT = re.compile(rb"\$Format:([^$]*)\$")
_PLACEHOLDER = re.compile(rb"%([HTht]|[ac][tIis]|\(describe(?::[^)]*)?\))")
_SHORT = re.compile(rb"%[ht]")
_SHORTEST, _LONGEST_SHORT = 4, 40  # core.abbrev, and how much of an id a large clone may show
_MAX_SHORT_SOURCE = 256 * 1024
_IDENT = re.compile(rb"\$Id(?:\$|:([^$\n]*)\$)")
_LFS_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n"
    rb"oid sha256:([0-9a-f]{64})\nsize (0|[1-9][0-9]{0,15})\n"
)
_END_OF_TIME = 253_402_300_800 - 2 * 86_400  # year 10000, in every time zone
_PERSON = re.compile(rb"^(author|committer) .*> ([0-9]{1,12}) ([+-])([0-9]{2})([0-5][0-9])$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitFacts:
    """What ``export-subst`` may put into a file."""

    commit_id: str
    tree_id: str
    author_date: datetime | None
    committer_date: datetime | None
    tag: str = ""
    """The tag's name, which is how git describes a tagged commit; empty where it is not known."""


def commit_facts(commit: bytes, commit_id: str, tree_id: str, tag: str = "") -> CommitFacts:
    """Return the facts of a raw commit object; a date is None where its line is not understood."""
    header = commit.split(b"\n\n", 1)[0]
    dates: dict[bytes, datetime] = {}
    for role, seconds, sign, hours, minutes in _PERSON.findall(header):
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == b"-" else 1)
        if role in dates or abs(offset) >= timedelta(days=1) or int(seconds) >= _END_OF_TIME:
            continue
        moment = datetime.fromtimestamp(int(seconds), tz=UTC)
        dates[role] = moment.astimezone(timezone(offset))
    return CommitFacts(
        commit_id=commit_id,
        tree_id=tree_id,
        author_date=dates.get(b"author"),
        committer_date=dates.get(b"committer"),
        tag=tag,
    )


def lost_its_mode(member: Member, source: TreeEntry) -> bool:
    """Return whether all that a member lacks is a mode that its archive does not record."""
    unrecorded = member.raw_mode is None and source.mode is Mode.EXECUTABLE
    return unrecorded and member.mode is Mode.FILE and member.blob == source.object


def recomputed_by(
    member: Member,
    source: bytes,
    source_mode: Mode,
    attributes: Mapping[str, Value],
    facts: CommitFacts,
    version: str | None,
) -> str | None:
    """Return the name of the transform that makes a member of the source's bytes, or None.

    ``attributes`` are the file's as `tagseal.contents.attributes` gives them, ``version`` is the
    tag's version without its prefix.
    """
    if member.mode is not source_mode:
        return None  # a mode that differs too is another rule's business
    if attributes.get("filter") == "lfs":
        return "lfs" if _is_lfs(member, source) else None
    if "crlf" in attributes or any(attributes.get(other) for other in _OTHER_CONVERSIONS):
        return None
    for name, result in _candidates(source, source_mode, attributes, facts, version):
        if result is not None and result != source and sha256_hex(result) == member.sha256:
            return name
    return None


_OTHER_CONVERSIONS = ("filter", "working-tree-encoding")
"""Attributes by which git changes bytes in ways that are not recomputed here."""


def _candidates(
    source: bytes,
    mode: Mode,
    attributes: Mapping[str, Value],
    facts: CommitFacts,
    version: str | None,
) -> Iterator[tuple[str, bytes | None]]:
    """Yield what each set of the attributes that are set makes of a file, in git's order.

    Whoever made the archive may have had some of them off, so each is tried with and without.
    """
    texts: list[tuple[str, bytes]] = [("", source)]
    if attributes.get("ident") is True:
        texts.append(("ident", _ident(source, facts)))
    if attributes.get("eol") == "crlf":
        converted = [(n, _crlf(text, mode, attributes.get("text"))) for n, text in texts]
        texts += [(_then(n, "eol-crlf"), text) for n, text in converted if text is not None]
    yield from texts
    if attributes.get("export-subst") is True:
        for name, text in texts:
            for result in _substituted(text, facts):
                yield _then(name, "export-subst"), result
    if version is not None and _VERSION.fullmatch(version):
        yield "version-stamp", _stamp(source, version)


def _then(first: str, second: str) -> str:
    return f"{first}, {second}" if first else second


def _ident(source: bytes, facts: CommitFacts) -> bytes:
    """Expand ``$Id$`` as git does (gitattributes(5), "ident"; convert.c, ident_to_worktree).

    An expansion of another system, which has spaces inside, stays as it is.
    """

    def expand(match: re.Match[bytes]) -> bytes:
        old = match[1]
        return match[0] if old is not None and b" " in old[1:-1] else b"$Id: " + name + b" $"

    is_sha256 = len(facts.commit_id) == ObjectFormat.SHA256.width
    object_format = ObjectFormat.SHA256 if is_sha256 else ObjectFormat.SHA1
    name = object_id("blob", source, object_format).encode()
    return _IDENT.sub(expand, source)


def _substituted(text: bytes, facts: CommitFacts) -> Iterator[bytes | None]:
    """Yield the expansions of ``$Format:…$`` that different versions and clones of git make."""
    widths: range = range(_SHORTEST, _SHORTEST + 1)
    if any(_SHORT.search(match[1]) for match in _FORMAT.finditer(text)):
        if len(text) > _MAX_SHORT_SOURCE:
            return
        widths = range(_SHORTEST, _LONGEST_SHORT + 1)
    for utc in ("Z", "+00:00"):  # as git spells it since 2.45, and before
        for width in widths:
            yield _subst(text, facts, utc, width)


def _is_lfs(member: Member, source: bytes) -> bool:
    match = _LFS_POINTER.fullmatch(source)
    return match is not None and match[1].decode() == member.sha256 and int(match[2]) == member.size


def _crlf(source: bytes, mode: Mode, text: Value | None) -> bytes | None:
    """Convert line ends as git does for a plain text file (gitattributes(5), "text" and "eol")."""
    is_plain = mode is Mode.FILE and not source.startswith(b"#!")
    if not is_plain or text is False or b"\0" in source or b"\r" in source:
        return None
    if text == "auto" and _looks_binary(source):
        return None
    return source.replace(b"\n", b"\r\n")


_UNPRINTABLE = bytes(c for c in range(128) if (c < 32 and c not in b"\b\t\n\f\r\033") or c == 127)
_LINE_ENDS = b"\r\n"


def _looks_binary(source: bytes) -> bool:
    # Git's own measure (convert.c, gather_stats): one unprintable byte in 128 printable ones.
    text = source.removesuffix(b"\032")
    printable = len(text.translate(None, _UNPRINTABLE + _LINE_ENDS))
    unprintable = len(text) - len(text.translate(None, _UNPRINTABLE))
    return printable >> 7 < unprintable


def _stamp(source: bytes, version: str) -> bytes:
    for placeholder in VERSION_PLACEHOLDERS:
        source = source.replace(placeholder, version.encode())
    return source


def _subst(source: bytes, facts: CommitFacts, utc: str, width: int) -> bytes | None:
    """Expand ``$Format:…$`` as git archive does (gitattributes(5), "export-subst").

    ``width`` is how many digits an abbreviated id has, which depends on the clone.
    """
    understood = True

    def expand(match: re.Match[bytes]) -> bytes:
        nonlocal understood
        expanded = _PLACEHOLDER.sub(lambda m: _value(m[1].decode(), facts, utc, width), match[1])
        # A percent sign that is left is a placeholder that is not recomputed (a message, a ref).
        understood = understood and b"%" not in expanded
        return expanded

    result = _FORMAT.sub(expand, source)
    return result if understood else None


def _value(placeholder: str, facts: CommitFacts, utc: str, width: int) -> bytes:
    if placeholder.startswith("(describe"):
        return facts.tag.encode("utf-8", "surrogateescape") or b"%"
    if placeholder in "HTht":
        name = facts.commit_id if placeholder in "Hh" else facts.tree_id
        return (name if placeholder in "HT" else name[:width]).encode()
    date = facts.author_date if placeholder[0] == "a" else facts.committer_date
    if date is None:
        return b"%"
    text = {
        "t": str(int(date.timestamp())),
        "I": date.isoformat().replace("+00:00", utc),
        "i": date.strftime("%Y-%m-%d %H:%M:%S %z"),
        "s": date.strftime("%Y-%m-%d"),
    }[placeholder[1]]
    return text.encode()
