"""Checks for files that tools write out of the commit's history: ChangeLogs and lists of people."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable

from tagseal.contents.rules._model import Difference, History, Rule, RuleContext
from tagseal.core.listing import Mode

__all__ = ["from_history", "history_of"]

_MAX_STRANGE = 2000
_LEAST_PIECE = 24
_MAX_TEXT = 32 * 1024 * 1024
_DECORATION = b" \t\r*-+=~#_.:;,\f"
_PERSON_AND_DAY = re.compile(rb"([^()]+) \([0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}\)")
_BROUGHT = re.compile(rb"\[(.+) brought this change\]")
_HEADING = re.compile(rb"Changelog for the [A-Za-z0-9 ._-]+\. Generated with [A-Za-z0-9._-]+")
_DATE_AND_PERSON = re.compile(
    rb"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[A-Z][a-z]{2} [A-Z][a-z]{2} +[0-9]{1,2} [0-9:]{8}"
    rb"(?: [A-Z]{3,4})? [0-9]{4}(?: [+-][0-9]{4})?)[ \t]*(.*)"
)
_GIT_LOG = re.compile(
    rb"(?:commit|Merge:?|Author:?|Commit|Committer|AuthorDate:?|CommitDate:?|Date:?)[ \t]+(.*)"
)
_COUNTED = re.compile(rb"[0-9]{1,9}\t")
_COUNT = re.compile(rb"\([0-9]{1,9}\)\Z")
_VERSION = re.compile(rb"Version v?[0-9][0-9A-Za-z._-]*")
_TEXT = re.compile(rb"[^.]+(?:\.[0-9]+)*(?:\.(?:md|txt|rst|adoc|org|old))?")
_MAX_LINE = 16 * 1024
_MAX_SEARCHED = 40 * 1024**3
_DAY = re.compile(
    rb"(?:[A-Z][a-z]{2},? )?(?:[A-Z][a-z]{2} )?[0-9]{1,2}(?: [A-Z][a-z]{2})?"
    rb"[ ,0-9:]*(?:[+-][0-9]{4})?"
    rb"|[0-9]{4}-[0-9]{2}-[0-9]{2}[ 0-9:+-]*"
)
_STAT = re.compile(
    rb"\S.* \| +(?:[0-9]+ ?\+*-*|Bin [0-9]+ -> [0-9]+ bytes)"
    rb"|[0-9]+ files? changed(?:, [0-9]+ insertions?\(\+\))?(?:, [0-9]+ deletions?\(-\))?"
)
_ID = re.compile(rb"[0-9a-f]{7,64}")
_TRAILER = re.compile(rb"[A-Za-z-]+: *([^<>]*)(?:<([^<>]*)>)?")


def history_of(
    commits: Iterable[tuple[bytes, Iterable[bytes], bytes]], tags: Iterable[bytes]
) -> History:
    """Return a history out of each commit's id, the names and addresses of its people, message."""
    ids: list[bytes] = []
    lines: set[bytes] = set()
    people: set[bytes] = set()
    messages: list[bytes] = []
    for name, persons, message in commits:
        ids.append(name)
        messages.append(message)
        people.update(person.strip() for person in persons)
        for line in message.split(b"\n"):
            lines.add(line.strip(_DECORATION))
            if match := _TRAILER.fullmatch(line.strip()):
                people.update(part.strip() for part in match.groups() if part)
    return History(
        messages=tuple(messages),
        lines=frozenset(lines),
        people=frozenset(people),
        commits=tuple(sorted(ids)),
        tags=frozenset(tags),
    )


def from_history(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """Every line is of a commit message, names a person of the history, or is a date or version.

    Wrapped lines are joined to what the message says. A modified file may keep the tree's lines.
    Only a text that nothing runs is explained so: messages may well quote commands.
    """
    del rule
    if not _is_text(difference):
        return None
    content = context.content(difference)
    history = context.history()
    if content is None or history is None or len(content) > _MAX_TEXT or b"\0" in content:
        return None
    own: frozenset[bytes] = frozenset()
    if difference.source_path is not None:
        source = context.source(difference.source_path)
        if source is None:
            return None
        own = frozenset(source.split(b"\n"))
    lines = [line.rstrip() for line in content.split(b"\n") if line.strip(_DECORATION)]
    if content.startswith(b"#!") or any(len(line) > _MAX_LINE for line in lines):
        return None
    strange = [line for line in lines if line not in own and not _is_of(line, history)]
    if not lines or len(strange) > _MAX_STRANGE or not _are_wrapped(strange, lines, history):
        return None
    return f"each of its {len(lines)} lines is of the commit's history: messages, people and dates"


def _is_text(difference: Difference) -> bool:
    """Whether a file's name is that of a text, and its mode that of one that nothing runs."""
    mode = difference.source.mode if difference.source is not None else Mode.FILE
    name = difference.path.rpartition(b"/")[2].lower()
    return difference.member.mode is mode is Mode.FILE and _TEXT.fullmatch(name) is not None


def _are_wrapped(strange: Collection[bytes], lines: list[bytes], history: History) -> bool:
    """Whether lines are pieces of messages that a tool broke where it liked.

    A piece is looked for without white space, and together with the line before or after it where
    it is too short to be told from chance.
    """
    if not strange:
        return True
    text = b"\n".join(_squeezed(line) for line in history.messages)
    wanted = set(strange)
    if 3 * len(text) * len(strange) > _MAX_SEARCHED:
        return False
    for i, line in enumerate(lines):
        if line in wanted:
            piece = _squeezed(line.strip(_DECORATION))
            pairs = (lines[i - 1 : i + 1] if i else [], lines[i : i + 2])
            around = [_squeezed(b"".join(pair)) for pair in pairs if len(pair) > 1]
            if not (len(piece) >= _LEAST_PIECE and piece in text) and all(
                joined not in text for joined in around
            ):
                return False
    return True


def _squeezed(text: bytes) -> bytes:
    return b"".join(text.split())


def _is_of(line: bytes, history: History) -> bool:
    text = line.strip(_DECORATION)
    if not text or text in history.lines or _is_person(text, history):
        return True
    if _HEADING.fullmatch(text) or _STAT.fullmatch(line.strip()):
        return True
    if match := _PERSON_AND_DAY.fullmatch(line.strip()):
        return _is_person(match[1].strip(), history) or _VERSION.fullmatch(match[1]) is not None
    if match := _BROUGHT.fullmatch(text):
        return _is_person(match[1].strip(), history)
    if match := _DATE_AND_PERSON.fullmatch(line.strip()):
        return not match[1] or _is_person(match[1].strip(), history)
    if match := _GIT_LOG.fullmatch(line.strip()):
        rest = match[1].strip()
        ids = rest.split()
        are_commits = bool(ids) and all(_is_commit(name, history) for name in ids)
        return are_commits or _is_person(rest, history) or _DAY.fullmatch(rest) is not None
    return text in history.tags or _DAY.fullmatch(text) is not None


def _is_commit(name: bytes, history: History) -> bool:
    if not _ID.fullmatch(name):
        return False
    at = bisect_left(history.commits, name)
    return at < len(history.commits) and history.commits[at].startswith(name)


def _is_person(text: bytes, history: History) -> bool:
    """Whether a text is a person's name, address or both, counted or not, as shortlog has them."""
    counted = _COUNTED.match(text)
    rest = _COUNT.sub(b"", text[counted.end() if counted else 0 :].removesuffix(b":")).rstrip()
    name, opening, address = rest.removesuffix(b">").partition(b"<")
    if opening and (not rest.endswith(b">") or address not in history.people):
        return False
    name = name.strip()
    return bool(name or opening) and (not name or name in history.people)
