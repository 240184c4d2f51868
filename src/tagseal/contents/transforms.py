"""Recomputing a modified file from the tagged commit's own bytes.

Each transform goes from git's bytes to the archive's, never back, and only where a proven
``.gitattributes`` asks for it; the version stamp alone needs none. What no transform yields is
*unproven*, however plausible it looks.

| name | does |
|---|---|
| ``eol-crlf`` | every LF of a plain text file becomes CRLF (``eol=crlf``) |
| ``export-subst`` | ``$Format:…$`` with hashes and dates of the commit; no messages, no refs |
| ``lfs`` | a strict Git LFS pointer becomes the file that it names (``filter=lfs``) |
| ``version-stamp`` | the tag's version in place of a known placeholder |
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from tagseal.core.digests import sha256_hex
from tagseal.core.listing import Member, Mode

__all__ = ["CommitFacts", "commit_facts", "recomputed_by"]

VERSION_PLACEHOLDERS = (b"@VERSION@", b"@PACKAGE_VERSION@")
"""The texts that a version stamp may replace. A closed list: an arbitrary one could be code."""

_FORMAT = re.compile(rb"\$Format:([^$\n]*)\$")
_PLACEHOLDER = re.compile(rb"%([HT]|[ac][tIis])")
_LFS_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n"
    rb"oid sha256:([0-9a-f]{64})\nsize (0|[1-9][0-9]{0,15})\n"
)
_PERSON = re.compile(rb"^(author|committer) .*> ([0-9]{1,12}) ([+-])([0-9]{2})([0-5][0-9])$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitFacts:
    """What ``export-subst`` may put into a file."""

    commit_id: str
    tree_id: str
    author_date: datetime | None
    committer_date: datetime | None


def commit_facts(commit: bytes, commit_id: str, tree_id: str) -> CommitFacts:
    """Return the facts of a raw commit object; a date is None where its line is not understood."""
    header = commit.split(b"\n\n", 1)[0]
    dates: dict[bytes, datetime] = {}
    for role, seconds, sign, hours, minutes in _PERSON.findall(header):
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == b"-" else 1)
        if role in dates or abs(offset) >= timedelta(days=1) or int(seconds) > 2**38:
            continue
        moment = datetime.fromtimestamp(int(seconds), tz=UTC)
        dates[role] = moment.astimezone(timezone(offset))
    return CommitFacts(
        commit_id=commit_id,
        tree_id=tree_id,
        author_date=dates.get(b"author"),
        committer_date=dates.get(b"committer"),
    )


def recomputed_by(
    member: Member,
    source: bytes,
    source_mode: Mode,
    attributes: dict[str, str],
    facts: CommitFacts,
    version: str | None,
) -> str | None:
    """Return the name of the transform that makes a member of the source's bytes, or None.

    ``attributes`` are the file's as `tagseal.contents.attributes` gives them, ``version`` is the
    tag's version without its prefix.
    """
    if member.mode is not source_mode:
        return None
    if attributes.get("filter") == "lfs":
        return "lfs" if _is_lfs(member, source) else None
    candidates = {
        "eol-crlf": _crlf(source, source_mode) if attributes.get("eol") == "crlf" else None,
        "export-subst": _subst(source, facts) if attributes.get("export-subst") == "set" else None,
        "version-stamp": _stamp(source, version) if version else None,
    }
    for name, result in candidates.items():
        if result is not None and result != source and sha256_hex(result) == member.sha256:
            return name
    return None


def _is_lfs(member: Member, source: bytes) -> bool:
    match = _LFS_POINTER.fullmatch(source)
    return match is not None and match[1].decode() == member.sha256 and int(match[2]) == member.size


def _crlf(source: bytes, mode: Mode) -> bytes | None:
    if mode is not Mode.FILE or b"\0" in source or b"\r" in source or source.startswith(b"#!"):
        return None
    return source.replace(b"\n", b"\r\n")


def _stamp(source: bytes, version: str) -> bytes:
    for placeholder in VERSION_PLACEHOLDERS:
        source = source.replace(placeholder, version.encode())
    return source


def _subst(source: bytes, facts: CommitFacts) -> bytes | None:
    """Expand ``$Format:…$`` as git archive does (gitattributes(5), "export-subst")."""
    understood = True

    def expand(match: re.Match[bytes]) -> bytes:
        nonlocal understood
        expanded = _PLACEHOLDER.sub(lambda m: _value(m[1].decode(), facts), match[1])
        # A percent sign that is left is a placeholder that is not recomputed (a message, a ref).
        understood = understood and b"%" not in expanded
        return expanded

    result = _FORMAT.sub(expand, source)
    return result if understood else None


def _value(placeholder: str, facts: CommitFacts) -> bytes:
    if placeholder in ("H", "T"):
        return (facts.commit_id if placeholder == "H" else facts.tree_id).encode()
    date = facts.author_date if placeholder[0] == "a" else facts.committer_date
    if date is None:
        return b"%"
    text = {
        "t": str(int(date.timestamp())),
        "I": date.isoformat().replace("+00:00", "Z") if not date.utcoffset() else date.isoformat(),
        "i": date.strftime("%Y-%m-%d %H:%M:%S %z"),
        "s": date.strftime("%Y-%m-%d"),
    }[placeholder[1]]
    return text.encode()
