"""The treemap as the template draws it: numbers as text, labels that fit."""

from collections.abc import Mapping
from typing import Any

from tagseal.core.contents_report import STANDINGS
from tagseal.core.paths import display
from tagseal.reports._tree import Folder
from tagseal.reports._treemap import Cell, Frame, treemap
from tagseal.reports._words import CLASS_LETTERS, bytes_text, number_text

__all__ = ["HEIGHT", "PATTERNS", "WIDTH", "drawn"]

WIDTH, HEIGHT = 1160, 560
"""The drawing's size in units, which are pixels in a wide window."""

PATTERNS: Mapping[str, str] = {
    "s1": "M-2 2l4-4M0 8l8-8M6 10l4-4",
    "s2": "M2 2h2v2h-2zM6 6h2v2h-2z",
    "s3": "M0 0l8 8M8 0l-8 8",
    "c-generated": "M-2 2l4-4M0 8l8-8M6 10l4-4",
    "c-modified": "M0 2h8M0 6h8",
    "c-relocated": "M2 0v8M6 0v8",
    "c-dereferenced": "M0 2h4M4 6h4",
    "c-conflicting": "M0 0l8 8M8 0l-8 8",
    "c-several": "M2 2h2v2h-2zM6 6h2v2h-2z",
}
"""The strokes by which what is not plain is told apart without colour: by standing and by class."""

_LETTER_WIDTH = 6.3
"""Of the labels' monospaced letters, in units."""


def drawn(root: Folder, row_numbers: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return the rectangles of a tree's treemap.

    ``row_numbers`` has the row of each file that has its own, by the file's `id`.
    """
    return [
        _frame(part) if isinstance(part, Frame) else _cell(part, row_numbers)
        for part in treemap(root, WIDTH, HEIGHT)
    ]


def _place(part: Cell | Frame) -> dict[str, Any]:
    box = part.box
    # A hairline between neighbours; what is thinner than that keeps what it has.
    gap = 0.8 if isinstance(part, Cell) and min(box.width, box.height) > 3 else 0.0
    return {
        "x": f"{box.x:.1f}",
        "y": f"{box.y:.1f}",
        "width": f"{max(box.width - gap, 0.3):.1f}",
        "height": f"{max(box.height - gap, 0.3):.1f}",
    }


def _frame(frame: Frame) -> dict[str, Any]:
    box = frame.box
    return {
        "is_frame": True,
        **_place(frame),
        "label": _fitting(display(frame.folder.name) + "/", box.width - 8),
        "label_x": f"{box.x + 4:.1f}",
        "label_y": f"{box.y + 11:.1f}",
    }


def _cell(cell: Cell, row_numbers: Mapping[int, int]) -> dict[str, Any]:
    row = row_numbers.get(id(cell.file)) if cell.file is not None else None
    if row is None:
        row = cell.folder.row if cell.folder.row is not None else 0
    label, x, y = _label(cell)
    return {
        "is_frame": False,
        **_place(cell),
        "row": row,
        "standing": STANDINGS.index(cell.standing),
        "file_class": cell.file_class if cell.file_class is not None else "several",
        "title": _title(cell),
        "label": label,
        "label_x": f"{x:.1f}",
        "label_y": f"{y:.1f}",
    }


def _label(cell: Cell) -> tuple[str, float, float]:
    box = cell.box
    letter = "" if cell.file_class in (None, "identical") else CLASS_LETTERS[cell.file_class] + " "
    x, y = box.x + 4, box.y + 12
    if box.height < 15 or box.width < 14:
        return "", x, y
    if cell.file is None:
        name = f"{number_text(cell.count)} files"
    else:
        name = display(cell.path.rpartition(b"/")[2])
    return _fitting(letter + name, box.width - 7) or letter.strip(), x, y


def _fitting(text: str, width: float) -> str:
    """Return as much of a text as fits, or nothing where that would say nothing."""
    room = int(width / _LETTER_WIDTH)
    if len(text) <= room:
        return text
    return text[: room - 1] + "…" if room >= 5 else ""


def _title(cell: Cell) -> str:
    what = cell.file_class if cell.file_class is not None else "of several classes"
    if cell.file is not None:
        rule = f", {display(cell.file.rule)}" if cell.file.rule is not None else ""
        name = display(cell.path)
        return f"{name}: {what}, {cell.standing}{rule}, {bytes_text(cell.size)}"
    inside = f" in {display(cell.path)}/" if cell.path else ""
    worst = "all" if cell.file_class is not None else "the worst"
    size = bytes_text(cell.size)
    return f"{number_text(cell.count)} files{inside}: {what}, {worst} {cell.standing}, {size}"
