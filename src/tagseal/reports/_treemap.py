"""A tree of folders as a treemap: rectangles whose area is size, near to squares.

The layout is the squarified one (M. Bruls, K. Huizing, J. J. van Wijk, "Squarified Treemaps",
2000). What would be too small to see is drawn as one rectangle with its neighbours of the same
standing, so that the number of rectangles is bounded by the area, whatever the archive holds. A
file that nothing explains is drawn by itself and large enough to be seen, unless there are more
than `_MOST_ALONE` of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tagseal.core.contents_report import FileClass, ReportedFile, Standing
from tagseal.reports._tree import Folder

__all__ = ["Box", "Cell", "Frame", "treemap"]

_SMALLEST = 60.0
"""The area, in units, below which a file shares a rectangle with others."""
_SMALLEST_FOLDER = 420.0
_HEAD = 15.0
"""The height of a folder's own label."""
_GAP = 1.5
_SMALL_GAP = 0.6
"""Around a folder that has no room for its name."""
_SPOT = 0.0012
"""The share of the whole that a file takes at least which nothing explains."""
_SPOTS = 0.2
"""The share of the whole that all of them take at least together, at most."""
_MOST_ALONE = 1500
"""Files that nothing explains up to which each has a rectangle of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle, in units of the drawing."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Its area."""
        return self.width * self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A rectangle for a file, or for several that are alike in standing."""

    box: Box
    standing: Standing
    file_class: FileClass | None
    """None where files of several classes share it."""
    count: int
    size: int
    path: bytes
    """The file's path; of several, their folder's."""
    folder: Folder
    file: ReportedFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The rectangle of a folder that has room for its name."""

    box: Box
    folder: Folder


_Contents = tuple[Standing, FileClass | None, int, int, ReportedFile | None]
"""Standing, class, number of files, size, and the file where it is one."""


@dataclass(slots=True, kw_only=True)
class _Item:
    """Something that gets a rectangle in a folder's."""

    weight: float
    cell: _Contents
    folder: Folder
    enters: bool = False


def treemap(root: Folder, width: float, height: float) -> tuple[Cell | Frame, ...]:
    """Return the rectangles of a tree, in the order of drawing; none of an empty tree."""
    drawing = _Drawing(root)
    if not drawing.weights[id(root)]:
        return ()
    return tuple(drawing.inside(root, Box(x=0, y=0, width=width, height=height)))


class _Drawing:
    def __init__(self, root: Folder) -> None:
        unexplained = root.counts["unexplained"]
        share = min(_SPOT, _SPOTS / unexplained) if unexplained else 0.0
        self._alone = unexplained <= _MOST_ALONE
        self._floor = share * max(root.size, root.number)
        self.weights: dict[int, float] = {}
        self._weigh(root)

    def weight(self, file: ReportedFile) -> float:
        """Return a file's size, or what an unexplained one takes at least."""
        size = float(file.size or 0)
        return max(size, self._floor, 1.0) if file.standing == "unexplained" else size

    def _weigh(self, folder: Folder) -> float:
        total = sum(self.weight(file) for _, file in folder.files)
        total += sum(self._weigh(below) for below in folder.folders.values())
        self.weights[id(folder)] = total
        return total

    def inside(self, folder: Folder, box: Box) -> Iterator[Cell | Frame]:
        total = self.weights[id(folder)]
        scale = box.area / total
        items = sorted(self._items(folder, scale), key=lambda item: item.weight, reverse=True)
        for item, place in zip(
            items, _squarify([i.weight * scale for i in items], box), strict=True
        ):
            if item.enters:
                yield from self._entered(item.folder, place)
            else:
                yield _cell(item, place)

    def _items(self, folder: Folder, scale: float) -> Iterator[_Item]:
        for below in folder.folders.values():
            weight = self.weights[id(below)]
            if not weight:
                continue
            has_spots = self._alone and bool(below.counts["unexplained"])
            enters = has_spots or weight * scale >= _SMALLEST_FOLDER
            cell: _Contents = (below.worst, _only_class(below), below.number, below.size, None)
            yield _Item(weight=weight, cell=cell, folder=below, enters=enters)
        small: dict[tuple[Standing, FileClass], list[ReportedFile]] = {}
        for _, file in folder.files:
            weight = self.weight(file)
            if not weight:
                continue
            is_spot = self._alone and file.standing == "unexplained"
            if is_spot or weight * scale >= _SMALLEST:
                cell = (file.standing, file.file_class, 1, file.size or 0, file)
                yield _Item(weight=weight, cell=cell, folder=folder)
            else:
                small.setdefault((file.standing, file.file_class), []).append(file)
        for (standing, file_class), files in small.items():
            size = sum(file.size or 0 for file in files)
            only = files[0] if len(files) == 1 else None
            cell = (standing, file_class, len(files), size, only)
            yield _Item(weight=float(size), cell=cell, folder=folder)

    def _entered(self, folder: Folder, box: Box) -> Iterator[Cell | Frame]:
        if box.width > 50 and box.height > 36:
            yield Frame(box=box, folder=folder)
            yield from self.inside(folder, _shrunk(box, _GAP, _HEAD))
        else:
            yield from self.inside(folder, _shrunk(box, _SMALL_GAP, _SMALL_GAP))


def _only_class(folder: Folder) -> FileClass | None:
    classes = {file_class for file_class, _, _ in folder.alike}
    return classes.pop() if len(classes) == 1 and not folder.loud else None


def _cell(item: _Item, box: Box) -> Cell:
    standing, file_class, count, size, file = item.cell
    path = file.path if file is not None else item.folder.path
    return Cell(
        box=box,
        standing=standing,
        file_class=file_class,
        count=count,
        size=size,
        path=path,
        folder=item.folder,
        file=file,
    )


def _shrunk(box: Box, gap: float, head: float) -> Box:
    return Box(
        x=box.x + gap,
        y=box.y + head,
        width=max(box.width - 2 * gap, 0.5),
        height=max(box.height - head - gap, 0.5),
    )


def _squarify(areas: Sequence[float], box: Box) -> Iterator[Box]:
    """Return a box for each area, in order; areas fall and add up to the box's."""
    at = 0
    while at < len(areas):
        side = min(box.width, box.height)
        end, total = at + 1, areas[at]
        worst = _worst(areas[at], areas[at], total, side)
        while end < len(areas):
            wider = total + areas[end]
            candidate = _worst(areas[at], areas[end], wider, side)
            if candidate > worst:
                break
            end, total, worst = end + 1, wider, candidate
        row = areas[at:end]
        yield from _row(row, total, box)
        box = _rest(total, box)
        at = end


def _worst(largest: float, smallest: float, total: float, side: float) -> float:
    """Return how far from a square the worst of a row is; areas are positive."""
    return max(side * side * largest / (total * total), total * total / (side * side * smallest))


def _row(areas: Sequence[float], total: float, box: Box) -> Iterator[Box]:
    if box.width >= box.height:
        width, y = total / box.height, box.y
        for area in areas:
            height = area / width
            yield Box(x=box.x, y=y, width=width, height=height)
            y += height
    else:
        height, x = total / box.width, box.x
        for area in areas:
            width = area / height
            yield Box(x=x, y=box.y, width=width, height=height)
            x += width


def _rest(total: float, box: Box) -> Box:
    """Return what a row leaves of a box; rounding never leaves less than a sliver."""
    if box.width >= box.height:
        taken = min(total / box.height, box.width)
        left = max(box.width - taken, 1e-6)
        return Box(x=box.x + taken, y=box.y, width=left, height=box.height)
    taken = min(total / box.width, box.height)
    left = max(box.height - taken, 1e-6)
    return Box(x=box.x, y=box.y + taken, width=box.width, height=left)
