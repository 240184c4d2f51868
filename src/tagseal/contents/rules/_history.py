"""Checks for files that tools write out of the commit's history: ChangeLogs and lists of people."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable

from tagseal.contents.rules._model import Difference, History, Rule, RuleContext

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
_PERSON = re.compile(rb"(?:[0-9]+\t)?([^<>]*?)[ \t]*(?:<([^<>]*)>)?(?:[ \t]*\([0-9]+\))?:?")
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
_TRAILER = re.compile(rb"[A-Za-z-]+(?:-by|-to)?: *([^<>]*?) *(?:<([^<>]*)>)?")


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
    """
    del rule
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
    strange = [line for line in lines if line not in own and not _is_of(line, history)]
    if not lines or len(strange) > _MAX_STRANGE or not _are_wrapped(strange, lines, history):
        return None
    return f"each of its {len(lines)} lines is of the commit's history: messages, people and dates"


def _are_wrapped(strange: Collection[bytes], lines: list[bytes], history: History) -> bool:
    """Whether lines are pieces of messages that a tool broke where it liked.

    A piece is looked for without white space, and together with the line before or after it where
    it is too short to be told from chance.
    """
    if not strange:
        return True
    text = b"\n".join(_squeezed(line) for line in history.messages)
    wanted = set(strange)
    for i, line in enumerate(lines):
        if line in wanted:
            piece = _squeezed(line.strip(_DECORATION))
            around = [_squeezed(b"".join(lines[max(i - 1, 0) : i + 1]))]
            around.append(_squeezed(b"".join(lines[i : i + 2])))
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
        return _is_person(match[1].strip(), history) or match[1].startswith(b"Version ")
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
    match = _PERSON.fullmatch(text)
    if match is None:
        return False
    name, address = match[1].strip(), match[2]
    if name and name not in history.people:
        return False
    return bool(name or address) and (address is None or address in history.people)
