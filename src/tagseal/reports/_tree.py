"""A report's files as a tree of folders, and the rows by which a page shows it.

A page of 92,000 rows helps nobody. Where there are more files than a page should have rows, files
that stand alike are folded into one row with their count: a whole folder of them, or those of one
folder among others. What nothing explains is never folded, nor is a file with a diff or with hidden
characters.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tagseal.core.contents_report import STANDINGS, FileClass, ReportedFile, Standing

__all__ = [
    "MOST_ROWS",
    "Close",
    "FileRow",
    "Fold",
    "Folder",
    "Open",
    "Row",
    "folded_files",
    "make_tree",
    "rows_of",
]

MOST_ROWS = 4000
"""Files up to which each has a row of its own."""
_FEW = 3
"""Files that are never folded, since a row for them all says no more."""
_DEEPEST = 32
"""Folders that are shown inside each other; below, a file's name holds the rest of its path.
Browsers stop nesting at some hundred elements, and each folder takes three."""

_WORST_FIRST: tuple[Standing, ...] = tuple(reversed(STANDINGS))

Alike = tuple[FileClass, Standing, str | None]
"""What files have in common that are folded together: class, standing and rule."""


@dataclass(slots=True, kw_only=True)
class Folder:
    """A folder with all that is in it, summed up."""

    path: bytes
    name: bytes
    folders: "dict[bytes, Folder]" = field(default_factory=dict)
    files: list[tuple[bytes, ReportedFile]] = field(default_factory=list)
    """Name below this folder, and file."""
    size: int = 0
    counts: dict[Standing, int] = field(default_factory=lambda: dict.fromkeys(STANDINGS, 0))
    alike: set[Alike] = field(default_factory=set)
    """What its files are, without those that are never folded."""
    loud: int = 0
    """How many files are never folded."""
    row: int | None = None
    """The number of the row that shows it, or that it is folded into."""

    @property
    def number(self) -> int:
        """How many files are in it."""
        return sum(self.counts.values())

    @property
    def worst(self) -> Standing:
        """The worst standing of any file in it."""
        return next((s for s in _WORST_FIRST if self.counts[s]), "proven")


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The row of a folder; the rows up to its `Close` are inside of it."""

    number: int
    folder: Folder
    name: bytes
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """The row of one file."""

    number: int
    name: bytes
    file: ReportedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """One row for several files of a folder, or for a whole folder when it has a name."""

    number: int
    name: bytes | None
    count: int
    size: int
    alike: Alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The end of a folder's rows."""


Row = Open | FileRow | Fold | Close


def make_tree(files: Iterable[ReportedFile]) -> Folder:
    """Return the root folder of the files' paths."""
    root = Folder(path=b"", name=b"")
    known: dict[bytes, tuple[Folder, bytes]] = {}
    for file in files:
        above, slash, name = file.path.rpartition(b"/")
        place = known.get(above)
        if place is None:
            place = known[above] = _place(root, above + slash)
        folder, rest = place
        folder.files.append((rest + name, file))
    _sum_up(root)
    return root


def _place(root: Folder, prefix: bytes) -> tuple[Folder, bytes]:
    """Return the folder that shows what begins with a prefix, and the rest of the prefix."""
    *names, rest = prefix.split(b"/", _DEEPEST)
    folder = root
    for name in names:
        below = folder.folders.get(name)
        if below is None:
            path = folder.path + b"/" + name if folder.path else name
            below = folder.folders[name] = Folder(path=path, name=name)
        folder = below
    return folder, rest


def _sum_up(folder: Folder) -> None:
    for _, file in folder.files:
        folder.size += file.size or 0
        folder.counts[file.standing] += 1
        if _is_loud(file):
            folder.loud += 1
        else:
            folder.alike.add(_alike(file))
    for below in folder.folders.values():
        _sum_up(below)
        folder.size += below.size
        folder.loud += below.loud
        folder.alike |= below.alike
        for standing, count in below.counts.items():
            folder.counts[standing] += count


def _alike(file: ReportedFile) -> Alike:
    return file.file_class, file.standing, file.rule


def _is_loud(file: ReportedFile) -> bool:
    return file.standing == "unexplained" or file.diff is not None or bool(file.hidden_characters)


def rows_of(root: Folder, *, first: int, fold: bool) -> Iterator[Row]:
    """Return the rows of what is in a folder, in the order in which they are shown.

    Rows are numbered from ``first``; ``fold`` says whether alike files are folded. Each folder's
    ``row`` is set on the way.
    """
    yield from _Rows(first, fold=fold).inside(root)


class _Rows:
    """Makes rows and numbers them."""

    def __init__(self, first: int, *, fold: bool) -> None:
        self._next = first
        self._fold = fold

    def inside(self, folder: Folder) -> Iterator[Row]:
        for below in sorted(folder.folders.values(), key=lambda f: f.name):
            yield from self._folder(below, below.name)
        yield from self._files(folder)

    def _folder(self, folder: Folder, name: bytes) -> Iterator[Row]:
        # Folders that hold nothing but one folder share a row with it.
        only = next(iter(folder.folders.values())) if len(folder.folders) == 1 else None
        if only is not None and not folder.files:
            yield from self._folder(only, name + b"/" + only.name)
            folder.row = only.row
            return
        folder.row = number = self._number()
        if self._fold and not folder.loud and len(folder.alike) == 1 and folder.number > _FEW:
            alike = next(iter(folder.alike))
            count, size = folder.number, folder.size
            yield Fold(number=number, name=name, count=count, size=size, alike=alike)
            _point(folder.folders.values(), number)
            return
        is_open = bool(folder.counts["unexplained"])
        yield Open(number=number, folder=folder, name=name, is_open=is_open)
        yield from self.inside(folder)
        yield Close()

    def _files(self, folder: Folder) -> Iterator[Row]:
        groups: dict[Alike, list[ReportedFile]] = {}
        if self._fold:
            for _, file in folder.files:
                if not _is_loud(file):
                    groups.setdefault(_alike(file), []).append(file)
        folded = {alike: files for alike, files in groups.items() if len(files) > _FEW}
        for name, file in folder.files:
            if _is_loud(file) or _alike(file) not in folded:
                yield FileRow(number=self._number(), name=name, file=file)
        for alike, files in folded.items():
            size = sum(file.size or 0 for file in files)
            number = self._number()
            yield Fold(number=number, name=None, count=len(files), size=size, alike=alike)

    def _number(self) -> int:
        self._next += 1
        return self._next - 1


def _point(folders: Iterable[Folder], row: int) -> None:
    """Let everything that is folded point to the row that it is folded into."""
    left = list(folders)
    while left:
        folder = left.pop()
        folder.row = row
        left += folder.folders.values()


def folded_files(rows: Sequence[Row]) -> tuple[int, int]:
    """Return how many files are folded, and into how many rows."""
    folds = [row for row in rows if isinstance(row, Fold)]
    return sum(fold.count for fold in folds), len(folds)
