"""What a report's page shows, as values that its template only has to lay out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tagseal.core.contents_report import (
    CLASSES,
    STANDINGS,
    ContentsReport,
    DiffLine,
    FileClass,
    ReportedFile,
)
from tagseal.core.paths import display
from tagseal.reports._drawing import HEIGHT, PATTERNS, WIDTH, drawn
from tagseal.reports._order import by_urgency, groups_of
from tagseal.reports._tree import (
    MOST_ROWS,
    FileRow,
    folded_files,
    make_tree,
    rows_of,
)
from tagseal.reports._words import (
    CLASS_LETTERS,
    CLASS_MEANS,
    MODE_WORDS,
    STANDING_MEANS,
    is_against_text,
    verdict_parts,
)

__all__ = ["DiffPart", "page_of"]

_DIFF_ROOM = 2_000_000
"""Characters of all diffs of a page, with what the page adds to each line."""
_LINE_COST = 45
_MOST_CARDS = 200
"""Unexplained files that have a card of their own at the top; after them some are only named."""
_MOST_NAMED = 800
_OPENED = 12
"""Cards whose diff is open from the start, of those that have a file to differ from."""
_RULE_FILES = 25
"""Files that are named with their rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffPart:
    """As much of a diff as there is room for."""

    lines: tuple[DiffLine, ...]
    left_out: int


def page_of(report: ContentsReport) -> dict[str, Any]:
    """Return the variables of the template.

    Files are keyed by their `id`: an archive and a tree may have the same path.
    """
    unexplained = by_urgency(report.unexplained)
    with_card = unexplained[:_MOST_CARDS]
    listed = unexplained[_MOST_CARDS : _MOST_CARDS + _MOST_NAMED]
    word, rest = verdict_parts(report)
    rules = _rule_counts(report)
    return {
        "report": report,
        "verdict": {"word": word, "rest": rest},
        "unexplained_count": len(unexplained),
        "groups": groups_of(with_card),
        "cards": {id(file): f"u{number}" for number, file in enumerate(with_card)},
        "opened": [id(file) for file in with_card if is_against_text(file.diff)][:_OPENED],
        "listed": listed,
        "unlisted": len(unexplained) - len(with_card) - len(listed),
        "parts": _diff_parts(report.files),
        "classes": CLASSES,
        "standings": STANDINGS,
        "worst_first": STANDINGS[::-1],
        "class_number": {name: number for number, name in enumerate(CLASSES)},
        "standing_number": {name: number for number, name in enumerate(STANDINGS)},
        "rule_number": {name: number for number, name in enumerate(rules)},
        "letters": CLASS_LETTERS,
        "mode_words": MODE_WORDS,
        "standing_means": STANDING_MEANS,
        "patterns": PATTERNS,
        **_counts(report),
        **_files(report, rules),
    }


def _rule_counts(report: ContentsReport) -> dict[str, int]:
    """Return how many files each rule is named for, the most used first."""
    counts = Counter(file.rule for file in report.files if file.rule is not None)
    counts.update(dict.fromkeys(report.rules, 0))
    both = {name: report.rules.get(name, count) for name, count in counts.items()}
    return dict(sorted(both.items(), key=lambda item: (-item[1], item[0])))


def _counts(report: ContentsReport) -> dict[str, Any]:
    cells = {(c, s): 0 for c in CLASSES for s in STANDINGS}
    for file in report.files:
        cells[file.file_class, file.standing] += 1
    matrix = [
        {
            "file_class": name,
            "total": report.counts.get(name, 0),
            "counts": {standing: cells[name, standing] for standing in STANDINGS},
            "means": CLASS_MEANS[name],
        }
        for name in CLASSES
        if name != "conflicting" or report.counts.get(name, 0)
    ]
    totals = [sum(cells[c, s] for c in CLASSES) for s in STANDINGS]
    return {"matrix": matrix, **_bar(totals)}


def _bar(totals: Sequence[int]) -> dict[str, Any]:
    """Return the parts of a bar that is 1000 wide; whatever there is of is wide enough to see."""
    present = [number for number, total in enumerate(totals) if total]
    least = 6.0
    room = 1000 - least * len(present)
    parts, x = [], 0.0
    for number in present:
        width = least + room * totals[number] / sum(totals)
        parts.append({"number": number, "x": f"{x:.1f}", "width": f"{width:.1f}"})
        x += width
    text = ", ".join(f"{totals[number]} {STANDINGS[number]}" for number in present)
    return {"bar": parts, "bar_text": text}


def _files(report: ContentsReport, rules: Mapping[str, int]) -> dict[str, Any]:
    present = [file for file in report.files if file.file_class != "omitted"]
    omitted = [file for file in report.files if file.file_class == "omitted"]
    fold = len(report.files) > MOST_ROWS
    root, tree_root = make_tree(present), make_tree(omitted)
    rows = list(rows_of(root, first=0, fold=fold))
    omitted_rows = list(rows_of(tree_root, first=len(rows), fold=fold))
    both = [*rows, *omitted_rows]
    folded, folds = folded_files(both)
    row_numbers = {id(r.file): r.number for r in both if isinstance(r, FileRow)}
    return {
        "rows": rows,
        "omitted_rows": omitted_rows,
        "folded": folded,
        "folds": folds,
        "rules": _rules(report, rules, row_numbers),
        "boxes": drawn(root, row_numbers),
        "map_width": WIDTH,
        "map_height": HEIGHT,
        "map_classes": _classes(present),
    }


def _classes(files: Iterable[ReportedFile]) -> list[FileClass]:
    found = {file.file_class for file in files}
    return [name for name in CLASSES if name in found]


def _rules(
    report: ContentsReport, counts: Mapping[str, int], row_numbers: Mapping[int, int]
) -> list[dict[str, Any]]:
    files: dict[str, list[ReportedFile]] = {name: [] for name in counts}
    for file in report.files:
        if file.rule is not None:
            files[file.rule].append(file)
    return [
        {
            "name": display(name),
            "count": count,
            "means": report.rule_reasons.get(name, ""),
            "files": [(row_numbers.get(id(f)), f) for f in files[name][:_RULE_FILES]],
            "more": max(count - _RULE_FILES, 0),
        }
        for name, count in counts.items()
    ]


def _diff_parts(files: Sequence[ReportedFile]) -> dict[int, DiffPart]:
    """Share the room for diffs out: first to what is unexplained, and the short ones in full."""
    parts: dict[int, DiffPart] = {}
    room = _DIFF_ROOM
    for is_unexplained in (True, False):
        chosen = [
            file
            for file in files
            if file.diff is not None and (file.standing == "unexplained") is is_unexplained
        ]
        chosen.sort(key=lambda file: _cost(file.diff.lines if file.diff else ()))
        for number, file in enumerate(chosen):
            lines = file.diff.lines if file.diff else ()
            part = _part(lines, room // (len(chosen) - number))
            room -= _cost(part.lines)
            parts[id(file)] = part
    return parts


def _cost(lines: Sequence[DiffLine]) -> int:
    return sum(len(line.text) + _LINE_COST for line in lines)


def _part(lines: Sequence[DiffLine], room: int) -> DiffPart:
    end, used = 0, 0
    while end < len(lines) and used + len(lines[end].text) + _LINE_COST <= room:
        used += len(lines[end].text) + _LINE_COST
        end += 1
    return DiffPart(lines=tuple(lines[:end]), left_out=len(lines) - end)
