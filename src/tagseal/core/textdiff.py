r"""Line diffs that are bounded in time and space, whoever wrote the texts.

The standard library's difflib takes quadratic time and worse on texts that are made for it; an
archive's files may be. Here the longest common subsequence of lines is found with one machine
operation for many lines at once (H. Hyyrö, "Bit-Parallel LCS-length Computation Revisited", 2004):
for two texts of 20,000 lines a tenth of a second, and a known bound above which no attempt is made.

>>> diff = diff_of(b"a\nb\n", b"a\nc\n", against="the tagged commit's x")
>>> [line.kind + line.text for line in diff.lines]
['@@@ -1,2 +1,2 @@', ' a', '-b', '+c']
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tagseal.core.contents_report import Diff, DiffLine
from tagseal.core.hidden import hidden_characters, is_binary

__all__ = ["DiffLimits", "diff_of", "hidden_characters", "is_binary"]

_CONTEXT = 3
_NO_LINE_END = DiffLine(kind="\\", text="no line end at the end of the text")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLimits:
    """What a diff may cost, and how much of it is kept; what is cut is marked as truncated."""

    bytes_read: int = 4 << 20
    """Bytes of each text that are looked at."""
    lines_compared: int = 20_000
    """Lines of each text that are compared, not counting those that only one text has and those
    before the first and after the last difference: 20,000 take 80 MB while they are. Above it all
    between the first and the last difference counts as replaced."""
    lines_kept: int = 1000
    """Lines of the diff; of lines that are replaced at one place, half as many of each text."""
    line_length: int = 1000
    """Characters of each line."""


_DEFAULT = DiffLimits()


def diff_of(old: bytes, new: bytes, *, against: str, limits: DiffLimits = _DEFAULT) -> Diff | None:
    """Return the diff from one text to another, or None where either is binary.

    ``against`` says what the old text is. Texts that are equal give a diff without lines. Lines end
    at a line feed only: a carriage return before it is the last character of its line.
    """
    if is_binary(old) or is_binary(new):
        return None
    is_cut = max(len(old), len(new)) > limits.bytes_read
    before = _lines(old[: limits.bytes_read])
    after = _lines(new[: limits.bytes_read])
    blocks, is_rough = _blocks(before, after, limits.lines_compared)
    kept = _Kept(limits)
    for hunk in _hunks(blocks):
        if kept.is_full:
            kept.is_cut = True
            break
        kept.add_hunk(before, after, hunk)
    truncated = is_cut or is_rough or kept.is_cut
    return Diff(against=against, lines=tuple(kept.lines), truncated=truncated)


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    rest = lines.pop()
    ended = [line + b"\n" for line in lines]
    return [*ended, rest] if rest else ended


_Block = tuple[int, int, int, int]
"""Old lines from the first number up to the second are replaced by new ones from the third up to
the fourth; either may be none."""


def _blocks(old: Sequence[bytes], new: Sequence[bytes], most: int) -> tuple[list[_Block], bool]:
    """Return the replaced blocks in order, and whether the texts were too large to compare."""
    start = 0
    shortest = min(len(old), len(new))
    while start < shortest and old[start] == new[start]:
        start += 1
    end = 0
    while end < shortest - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old_end, new_end = len(old) - end, len(new) - end
    # A line that only one text has cannot be common, and many texts differ in nothing else.
    in_old, in_new = set(old[start:old_end]), set(new[start:new_end])
    old_at = [i for i in range(start, old_end) if old[i] in in_new]
    new_at = [i for i in range(start, new_end) if new[i] in in_old]
    common: list[tuple[int, int]] = []
    is_rough = max(len(old_at), len(new_at)) > most
    if not is_rough:
        pairs = _common([old[i] for i in old_at], [new[i] for i in new_at])
        common = [(old_at[i], new_at[j]) for i, j in pairs]
    blocks: list[_Block] = []
    at_old, at_new = start, start
    for i, j in [*common, (old_end, new_end)]:
        if at_old < i or at_new < j:
            blocks.append((at_old, i, at_new, j))
        at_old, at_new = i + 1, j + 1
    return blocks, is_rough


def _common(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """Return the indices of a longest common subsequence, in order.

    Bit i of a row is 0 where one more old line, the one with the index i, makes the longest common
    subsequence with the new lines so far longer by one.
    """
    places: dict[bytes, int] = {}
    for index, line in enumerate(old):
        places[line] = places.get(line, 0) | 1 << index
    all_ones = (1 << len(old)) - 1
    row = all_ones
    rows = []
    for line in new:
        matching = row & places[line]
        row = (row + matching | row - matching) & all_ones
        rows.append(row)
    pairs = []
    i, j = len(old) - 1, len(new) - 1
    while i >= 0 and j >= 0:
        if rows[j] >> i & 1:
            i -= 1
        elif j and not rows[j - 1] >> i & 1:
            j -= 1
        else:
            pairs.append((i, j))
            i, j = i - 1, j - 1
    pairs.reverse()
    return pairs


def _hunks(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Group blocks whose context would touch."""
    group: list[_Block] = []
    for block in blocks:
        if group and block[0] - group[-1][1] > 2 * _CONTEXT:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _range(start: int, end: int) -> str:
    """Spell a range as unified diffs do: the line before where it is empty."""
    return f"{start + 1 if end > start else start},{end - start}"


class _Kept:
    """The lines of a diff up to its limits."""

    def __init__(self, limits: DiffLimits) -> None:
        self.lines: list[DiffLine] = []
        self.is_cut = False
        self._limits = limits

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more."""
        return len(self.lines) >= self._limits.lines_kept

    def add_hunk(self, old: Sequence[bytes], new: Sequence[bytes], hunk: Sequence[_Block]) -> None:
        """Add blocks with the lines around them."""
        lead = min(_CONTEXT, hunk[0][0])
        trail = min(_CONTEXT, len(old) - hunk[-1][1])
        old_start, new_start = hunk[0][0] - lead, hunk[0][2] - lead
        old_end, new_end = hunk[-1][1] + trail, hunk[-1][3] + trail
        head = f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@"
        self._add(DiffLine(kind="@", text=head))
        at = old_start
        for removed, removed_end, added, added_end in hunk:
            self._add_lines(" ", old, at, removed)
            self._add_lines("-", old, removed, removed_end)
            self._add_lines("+", new, added, added_end)
            at = removed_end
        self._add_lines(" ", old, at, old_end)

    def _add_lines(
        self, kind: Literal[" ", "-", "+"], lines: Sequence[bytes], start: int, end: int
    ) -> None:
        most = self._limits.lines_kept // 2
        self.is_cut |= end - start > most
        for line in lines[start : min(end, start + most)]:
            text = line.removesuffix(b"\n").decode("utf-8", "surrogateescape")
            self._add(DiffLine(kind=kind, text=text))
            if not line.endswith(b"\n"):
                self._add(_NO_LINE_END)

    def _add(self, line: DiffLine) -> None:
        if self.is_full:
            self.is_cut = True
            return
        if len(line.text) > self._limits.line_length:
            self.is_cut = True
            line = DiffLine(kind=line.kind, text=line.text[: self._limits.line_length] + " …")
        self.lines.append(line)
