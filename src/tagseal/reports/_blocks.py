"""A contents report for a terminal: about one screen, what is unexplained before what is not."""

from collections.abc import Iterator, Sequence

from tagseal.core.contents_report import CLASSES, ContentsReport, Diff, ReportedFile
from tagseal.core.paths import display
from tagseal.core.reasons import REASONS
from tagseal.core.report import Block, Line, Report, Table
from tagseal.reports._data import contents_data
from tagseal.reports._words import hiding_names, is_against_text, number_text, visible

__all__ = ["contents_answer", "contents_blocks"]

_MOST_WARNINGS = 5
_MOST_FILES = 25
_MOST_RULES = 12
_MOST_DIFFS = 3
_DIFF_LINES = 20
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
    yield from _diffs(report.unexplained)
    yield from _hints(report)
    yield from _rules(report)
    if report.rests_on_sha1:
        yield Line(text="rests on SHA-1, by which git tells files apart", tone="quiet")
    yield Line(text=visible(report.headline), tone="bad" if report.status else "good")


def _counts(report: ContentsReport) -> Table:
    shown = [name for name in CLASSES if name != "conflicting" or report.counts.get(name)]
    return Table(
        columns=("archive", *(f"{name}#" for name in shown)),
        rows=((display(report.archive), *(str(report.counts.get(name, 0)) for name in shown)),),
    )


def _unexplained(report: ContentsReport) -> Iterator[Block]:
    lines = [_file_text(file) for file in report.unexplained]
    lines += [f"[{f.code}] {visible(f.sentence)}" for f in report.whole_findings]
    for text in lines[:_MOST_FILES]:
        yield Line(text=text, tone="bad", indent=1)
    if len(lines) > _MOST_FILES:
        text = f"and {number_text(len(lines) - _MOST_FILES)} more; --json has them all"
        yield Line(text=text, tone="bad", indent=1)


def _file_text(file: ReportedFile) -> str:
    code = f"[{file.code}] " if file.code is not None else ""
    reason = f": {visible(file.reason)}" if file.reason else ""
    binary = " (binary)" if file.is_binary else ""
    names = ", ".join(hiding_names(file))
    hidden = f"; has hidden characters: {names}" if names else ""
    return f"{code}{display(file.path)}{binary}{reason}{hidden}"


def _diffs(files: Sequence[ReportedFile]) -> Iterator[Block]:
    with_diff = [(file, file.diff) for file in files if file.diff is not None and file.diff.lines]
    # The first lines of a file that has nothing to differ from say little on a screen.
    telling = [(file, diff) for file, diff in with_diff if is_against_text(diff)]
    for file, diff in telling[:_MOST_DIFFS]:
        title = f"{display(file.path)}, against {visible(diff.against)}:"
        yield Line(text=title, tone="title", indent=1)
        yield from _diff(diff)
    left = len(with_diff) - len(telling[:_MOST_DIFFS])
    if left:
        files_text = "1 file" if left == 1 else f"{number_text(left)} files"
        yield Line(text=f"--html shows the text or the diff of {files_text} more", indent=1)


def _diff(diff: Diff) -> Iterator[Line]:
    for line in diff.lines[:_DIFF_LINES]:
        text = line.text if line.kind == "@" else line.kind + line.text
        shown = visible(text).expandtabs(8)
        if len(shown) > _LINE_LENGTH:
            shown = shown[: _LINE_LENGTH - 2] + " …"
        yield Line(text=shown, tone="plain" if line.kind in "+-" else "quiet", indent=2)
    left = len(diff.lines) - _DIFF_LINES
    if left > 0 or diff.truncated:
        yield Line(text="the rest of the diff is left out; --html has it", tone="quiet", indent=2)


def _hints(report: ContentsReport) -> Iterator[Block]:
    codes = [file.code for file in report.unexplained] + [f.code for f in report.whole_findings]
    for code in dict.fromkeys(codes):
        if code is not None:
            yield Line(text=f"{code}: {REASONS[code].means}", tone="quiet", indent=1)
            yield Line(text=f"hint: {REASONS[code].next_step}", indent=1)


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
