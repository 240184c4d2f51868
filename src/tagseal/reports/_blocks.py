"""A contents report for a terminal: about one screen, what is unexplained before what is not."""

from collections.abc import Iterator, Sequence

from tagseal.core.contents_report import CLASSES, ContentsReport, Diff, ReportedFile
from tagseal.core.finding import Finding
from tagseal.core.paths import display
from tagseal.core.reasons import REASONS
from tagseal.core.report import Block, Line, Report, Table
from tagseal.reports._data import contents_data
from tagseal.reports._order import (
    IMITATES,
    by_folder,
    by_urgency,
    folder_and_name,
    groups_of,
    reason_of,
)
from tagseal.reports._words import hiding_names, is_against_text, number_text, visible

__all__ = ["contents_answer", "contents_blocks"]

_MOST_WARNINGS = 5
_MOST_NOTES = 8
_MOST_LINES = 18
_MOST_ALIKE = 5
_NAMES_LENGTH = 62
_MOST_RULES = 12
_DIFF_LINES = (20, 8)
"""How many lines of a diff are shown: of the first the most, for it is what matters most."""
_MOST_DIFFS = len(_DIFF_LINES)
_BUILT = ("built-alike", "built-on-another-day")
_LINE_LENGTH = 160


def contents_answer(report: ContentsReport, *, every_file: bool = False) -> Report:
    """Return a contents report as a report document: blocks for a person, data for a program."""
    return Report(
        blocks=tuple(contents_blocks(report)), data=contents_data(report, every_file=every_file)
    )


def contents_blocks(report: ContentsReport) -> Iterator[Block]:
    """Return the blocks: counts, what is unexplained with diffs and hints, rules, the verdict."""
    for warning in report.warnings[:_MOST_WARNINGS]:
        yield Line(text=f"warning: {visible(warning)}", tone="warning")
    if len(report.warnings) > _MOST_WARNINGS:
        more = number_text(len(report.warnings) - _MOST_WARNINGS)
        yield Line(text=f"warning: and {more} more; --json has them all", tone="warning")
    yield _counts(report)
    yield from _unexplained(report)
    yield from _diffs(report)
    yield from _hints(report)
    yield from _rules(report)
    if report.notes:
        yield Line(text=f"noted: {_notes_text(report.notes)}", tone="quiet")
    if report.rests_on_sha1:
        yield Line(text="rests on SHA-1, by which git tells files apart", tone="quiet")
    yield Line(text=visible(report.headline), tone="bad" if report.status else "good")


def _notes_text(notes: Sequence[str]) -> str:
    text = "; ".join(visible(note) for note in notes[:_MOST_NOTES])
    more = len(notes) - _MOST_NOTES
    return text if more <= 0 else f"{text}; and {number_text(more)} more; --json has them all"


def _counts(report: ContentsReport) -> Table:
    # A line of all classes is wider than many a terminal, and most of them are mostly empty.
    shown = [name for name in CLASSES if name == "identical" or report.counts.get(name)]
    return Table(
        columns=("archive", *(f"{name}#" for name in shown)),
        rows=((display(report.archive), *(str(report.counts.get(name, 0)) for name in shown)),),
    )


def _unexplained(report: ContentsReport) -> Iterator[Block]:
    groups = groups_of(report.unexplained)
    imitations = [group for group in groups if group[0].code == IMITATES]
    whole = report.whole_findings
    found = [*_findings([finding for finding in whole if finding.path is None])]
    for group in imitations:
        found += _group(group)
    found += _findings([finding for finding in whole if finding.path is not None])
    for group in groups[len(imitations) :]:
        found += _group(group)
    yield from (line for _, line in found[:_MOST_LINES])
    left = sum(number for number, _ in found[_MOST_LINES:])
    if left:
        text = f"and {number_text(left)} more; --json has them all"
        yield Line(text=text, tone="bad", indent=1)


def _findings(findings: Sequence[Finding]) -> Iterator[tuple[int, Line]]:
    """Yield some lines of each code, and how many findings each is for."""
    for code in dict.fromkeys(finding.code for finding in findings):
        alike = [finding for finding in findings if finding.code == code]
        for finding in alike[:_MOST_ALIKE]:
            yield 1, Line(text=f"[{code}] {visible(finding.sentence)}", tone="bad", indent=1)
        left = len(alike) - _MOST_ALIKE
        if left > 0:
            text = f"[{code}] and {number_text(left)} more; --json has them all"
            yield left, Line(text=text, tone="bad", indent=1)


def _group(files: Sequence[ReportedFile]) -> Iterator[tuple[int, Line]]:
    """Yield the lines about files that one sentence is about, and how many files each is for."""
    first = files[0]
    code = f"[{first.code}] " if first.code is not None else ""
    reason = visible(reason_of(files))
    if len(files) == 1:
        text = f"{code}{_file_text(first, reason)}"
        yield 1, Line(text=text, tone="bad", indent=1)
        return
    text = f"{code}{number_text(len(files))} files" + (f": {reason}" if reason else "")
    if first.code is None:  # the finding on the whole archive says why, and the names say nothing
        yield len(files), Line(text=text, tone="bad", indent=1)
        return
    yield 0, Line(text=text, tone="bad", indent=1)
    for together in by_folder(files):
        text = _folder_text(together) if len(together) > 1 else _file_text(together[0], "")
        yield len(together), Line(text=text, tone="bad", indent=2)


def _file_text(file: ReportedFile, reason: str) -> str:
    binary = " (binary)" if file.is_binary else ""
    names = ", ".join(hiding_names(file))
    hidden = f"; has hidden characters: {names}" if names else ""
    return f"{display(file.path)}{binary}{f': {reason}' if reason else ''}{hidden}"


def _folder_text(files: Sequence[ReportedFile]) -> str:
    folder, _ = folder_and_name(files[0])
    text = f"{folder}{' (binary)' if files[0].is_binary else ''}"
    text = f"{text}: " if text else ""
    for number, file in enumerate(files):
        name = folder_and_name(file)[1]
        if number and len(text) + len(", ") + len(name) > _NAMES_LENGTH:
            return f"{text} and {number_text(len(files) - number)} more"
        text += f", {name}" if number else name
    return text


def _diffs(report: ContentsReport) -> Iterator[Block]:
    files = by_urgency(report.unexplained)
    with_diff = [(file, file.diff) for file in files if file.diff is not None and file.diff.lines]
    # The first lines of a file that has nothing to differ from say little on a screen.
    telling = [(file, diff) for file, diff in with_diff if is_against_text(diff)]
    shown = telling[:_MOST_DIFFS]
    for number, (file, diff) in enumerate(shown):
        title = f"{display(file.path)}, against {visible(diff.against)}:"
        yield Line(text=title, tone="title", indent=1)
        yield from _diff(diff, _DIFF_LINES[number])
    left = len(with_diff) - len(shown)
    if left:
        files_text = "1 file" if left == 1 else f"{number_text(left)} files"
        yield Line(text=f"--html shows the text or the diff of {files_text} more", indent=1)


def _diff(diff: Diff, most: int) -> Iterator[Line]:
    for line in diff.lines[:most]:
        text = line.text if line.kind == "@" else line.kind + line.text
        shown = visible(text).expandtabs(8)
        if len(shown) > _LINE_LENGTH:
            shown = shown[: _LINE_LENGTH - 2] + " …"
        yield Line(text=shown, tone="plain" if line.kind in "+-" else "quiet", indent=2)
    if len(diff.lines) > most or diff.truncated:
        yield Line(text="the rest of the diff is left out; --html has it", tone="quiet", indent=2)


def _hints(report: ContentsReport) -> Iterator[Block]:
    files = by_urgency(report.unexplained)
    codes = [f.code for f in report.whole_findings] + [file.code for file in files]
    for code in dict.fromkeys(codes):
        if code is not None:
            yield Line(text=f"{code}: {REASONS[code].means}", tone="quiet", indent=1)
            yield Line(text=f"hint: {REASONS[code].next_step}", indent=1)
    if any(file.code == IMITATES and not is_against_text(file.diff) for file in files):
        text = (
            "hint: With --helpers, a folder or clone of the tool, it is shown against the nearest."
        )
        yield Line(text=text, indent=1)
    if "contents-generated" in codes and not any(name in report.rules for name in _BUILT):
        text = (
            "hint: What a build makes is explained by an archive that you built yourself: --built"
        )
        yield Line(text=text, indent=1)


def _rules(report: ContentsReport) -> Iterator[Block]:
    names = sorted(report.rules, key=lambda name: (-report.rules[name], name))
    if not names:
        return
    yield Table(
        columns=("explained by", "files#", "which means"),
        rows=tuple(
            (
                display(name),
                number_text(report.rules[name]),
                visible(report.rule_reasons.get(name, "")),
            )
            for name in names[:_MOST_RULES]
        ),
    )
    if len(names) > _MOST_RULES:
        text = f"and {len(names) - _MOST_RULES} more rules; --json has them all"
        yield Line(text=text, tone="quiet")
