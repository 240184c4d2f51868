"""A contents report as GitHub-flavoured Markdown, for a release's notes or a job's summary.

Names and texts of an archive must not become markup, mentions of people, references to issues or
links. A name of letters, digits and a few harmless marks stands in a code span, in which nothing is
read as markup (CommonMark 0.31, section 6.1); any other stands in a ``<code>`` element with every
mark as a numeric character reference, which cannot be structure (section 2.5), and GitHub looks for
mentions and references outside of code only. A diff stands in a fence longer than any in it.

GitHub takes 1 MiB for a job's summary and 125,000 characters for a release's notes; what comes from
here has at most `MOST_BYTES` and says what it leaves out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from tagseal.core.contents_report import CLASSES, STANDINGS, ContentsReport, Diff, ReportedFile
from tagseal.core.finding import Finding
from tagseal.core.paths import display
from tagseal.reports._order import by_folder, by_urgency, folder_and_name, groups_of, reason_of
from tagseal.reports._words import (
    CLASS_MEANS,
    bytes_text,
    hiding_names,
    is_against_text,
    number_text,
    verdict_parts,
    visible,
)

__all__ = ["MOST_BYTES", "as_markdown"]

MOST_BYTES = 60_000
_ROOM = {"warnings": 4_000, "notes": 1_000, "unexplained": 20_000, "rules": 8_000, "diffs": 20_000}
"""Bytes of the parts whose length the archive decides; what is left is for the rest."""
_DIFF_LINES = 40
_DIFF_LINE = 200
_MOST_NAMES = 20
"""Names of one folder."""
_LONGEST = 400
"""Characters of one name or sentence."""

_HARMLESS = re.compile(r"[A-Za-z0-9_./+=-]+")
_MARK = re.compile(r"[^A-Za-z0-9 ]", re.ASCII)
_SENTENCE_MARK = re.compile(r"[^A-Za-z0-9 ,;.'()/-]", re.ASCII)
_LURE = re.compile(r"@|#|://|www\.|\bgh-", re.IGNORECASE)
"""What GitHub makes links, mentions and references of, wherever it stands in a text."""


def as_markdown(report: ContentsReport) -> str:
    """Return the report as Markdown of at most `MOST_BYTES` bytes of UTF-8."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: ContentsReport) -> Iterator[str]:
    word, rest = verdict_parts(report)
    sign = "✅" if report.status == 0 else "❌"
    yield f"### {sign} {_text(word)}: {_name(report.archive)}"
    yield ""
    if rest:
        yield f"{_text(rest)}."
        yield ""
    yield from _within(
        (f"> **Warning:** {_text(warning)}\n" for warning in report.warnings),
        _ROOM["warnings"],
        more="> And {} more.\n",
    )
    yield from _within(
        (f"> Noted: {_text(note)}\n" for note in report.notes),
        _ROOM["notes"],
        more="> And {} notes more.\n",
    )
    yield from _unexplained(report)
    yield from _counts(report)
    yield from _rules(report)
    yield from _diffs(by_urgency(report.unexplained))
    yield from _facts(report)


def _unexplained(report: ContentsReport) -> Iterator[str]:
    total = len(report.unexplained) + len(report.whole_findings)
    if not total:
        return
    whole = report.whole_findings
    items = [(1, _finding_text(finding)) for finding in whole if finding.path is None]
    for group in groups_of(report.unexplained):
        items += _group(group)
    items += [(1, _finding_text(finding)) for finding in whole if finding.path is not None]
    yield f"**Not explained: {number_text(total)}**"
    yield ""
    room, left_out = _ROOM["unexplained"], 0
    for number, item in items:
        room -= len(item.encode()) + 1
        if room < 0:
            left_out += number
        else:
            yield item
    if left_out:
        yield f"- and {number_text(left_out)} more; the JSON has them all"
    yield ""


def _finding_text(finding: Finding) -> str:
    where = f"{_name(finding.path)}: " if finding.path is not None else ""
    return f"- {where}{_text(finding.message)} ({_name(finding.code)})"


def _group(files: Sequence[ReportedFile]) -> Iterator[tuple[int, str]]:
    """Yield the items about files that one sentence is about, and how many files each is for."""
    first = files[0]
    reason = f": {_text(reason_of(files))}" if first.reason else ""
    code = f" ({_name(first.code)})" if first.code is not None else ""
    if len(files) == 1:
        yield 1, f"- {_file_text(first, first.file_class, reason + code)}"
        return
    yield 0, f"- **{number_text(len(files))} {first.file_class} files**{reason}{code}"
    for together in by_folder(files):
        if len(together) == 1:
            yield 1, f"  - {_file_text(together[0], '', '')}"
            continue
        names = [_name(folder_and_name(file)[1]) for file in together[:_MOST_NAMES]]
        more = len(together) - len(names)
        rest = f" and {number_text(more)} more" if more else ""
        folder = folder_and_name(together[0])[0]
        where = (_name(folder) if folder else "") + (" (binary)" if together[0].is_binary else "")
        where = f"{where}: " if where else ""
        yield len(together), f"  - {where}{', '.join(names)}{rest}"


def _file_text(file: ReportedFile, file_class: str, rest: str) -> str:
    notes = ", ".join(note for note in (file_class, "binary" if file.is_binary else "") if note)
    names = ", ".join(hiding_names(file))
    hidden = f"; **hidden characters**: {_text(names)}" if names else ""
    return f"{_name(file.path)}{f' ({notes})' if notes else ''}{rest}{hidden}"


def _counts(report: ContentsReport) -> Iterator[str]:
    cells = {(c, s): 0 for c in CLASSES for s in STANDINGS}
    for file in report.files:
        cells[file.file_class, file.standing] += 1
    yield f"| class | files | {' | '.join(STANDINGS)} | means |"
    yield f"|---|--:|{'--:|' * len(STANDINGS)}---|"
    for name in CLASSES:
        total = report.counts.get(name, 0)
        if total or name != "conflicting":
            counts = " | ".join(number_text(cells[name, standing]) for standing in STANDINGS)
            yield f"| {name} | {number_text(total)} | {counts} | {CLASS_MEANS[name]} |"
    yield ""


def _rules(report: ContentsReport) -> Iterator[str]:
    names = sorted(report.rules, key=lambda name: (-report.rules[name], name))
    if not names:
        return
    yield "| explained by | files | which means |"
    yield "|---|--:|---|"
    rows = (
        f"| {_name(name)} | {number_text(report.rules[name])} "
        f"| {_text(report.rule_reasons.get(name, ''))} |"
        for name in names
    )
    yield from _within(rows, _ROOM["rules"], more="| and {} more rules | | |")
    yield ""


def _diffs(files: Sequence[ReportedFile]) -> Iterator[str]:
    items = [_diff_text(f, f.diff) for f in files if f.diff and is_against_text(f.diff)]
    if not items:
        return
    more = "And {} more; the HTML report has them all.\n"
    yield from _within(items, _ROOM["diffs"], more=more)


def _diff_text(file: ReportedFile, diff: Diff) -> str:
    lines = [
        _cut(visible(line.text if line.kind == "@" else line.kind + line.text), _DIFF_LINE)
        for line in diff.lines[:_DIFF_LINES]
    ]
    if len(diff.lines) > _DIFF_LINES or diff.truncated:
        lines.append("@@ the rest is left out @@")
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    title = f"Diff of {_element(display(file.path))}, against {_text(diff.against)}"
    body = "\n".join([f"{fence}diff", *lines, fence])
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>\n"


def _facts(report: ContentsReport) -> Iterator[str]:
    yield "<details><summary>What was compared</summary>"
    yield ""
    yield f"- repository {_name(report.repository)}, tag {_name(report.tag)}"
    yield f"- commit {_name(report.commit)}"
    kind = report.kind if report.kind is not None else "not judged"
    yield f"- {_name(report.format)}, {bytes_text(report.size)}, {kind}"
    yield f"- SHA-256 {_name(report.sha256)}"
    if report.rests_on_sha1:
        yield "- rests on SHA-1, by which git tells files apart"
    yield ""
    yield f"Made by {_text(report.made_by)}."
    yield ""
    yield "</details>"


def _within(items: Iterable[str], room: int, *, more: str) -> Iterator[str]:
    """Yield items until the room is used up, then how many are left out."""
    left_out = 0
    for item in items:
        size = len(item.encode()) + 1
        if left_out or size > room:
            left_out += 1
            continue
        room -= size
        yield item
    if left_out:
        yield more.format(number_text(left_out))


def _cut(text: str, most: int = _LONGEST) -> str:
    return text if len(text) <= most else text[: most - 2] + " …"


def _name(name: bytes | str) -> str:
    text = _cut(display(name))
    return f"`{text}`" if _HARMLESS.fullmatch(text) else _element(text)


def _element(text: str) -> str:
    return f"<code>{_MARK.sub(_reference, _cut(text))}</code>"


def _text(text: str) -> str:
    """Return a sentence in which nothing is markup, a link, a mention or a reference."""
    parts, at = [], 0
    shown = _cut(visible(text).replace("\t", " "))
    for lure in _LURE.finditer(shown):
        parts.append(_SENTENCE_MARK.sub(_reference, shown[at : lure.start()]))
        parts.append(_element(lure.group()))
        at = lure.end()
    return "".join([*parts, _SENTENCE_MARK.sub(_reference, shown[at:])])


def _reference(match: re.Match[str]) -> str:
    return f"&#{ord(match.group())};" if match.group().isascii() else match.group()
