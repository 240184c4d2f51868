"""The arithmetic: medians, ratios turn by turn, and whether a bar is met."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from benchmarks.measure import Cost

__all__ = ["Bar", "Claim", "Figures", "Relation", "figures_of", "memory_bar"]

_MEGABYTE = 1_000_000
_KILOBYTE = 1_000


class Relation(Enum):
    """How a command is held against another, or against a number."""

    AT_MOST = "at most {} times as long"
    """Its wall time is at most this many times the other's."""
    FASTER = "at least {} times faster"
    """The other's wall time is at least this many times its own."""
    EXTRA = "at most {:.0f} ms more"
    """Its wall time is at most this many milliseconds more than the other's."""
    MEMORY = "at most {:.0f} MB"
    """Its largest process is at most this many megabytes (of a million bytes)."""
    MEMORY_RATIO = "at most {} times the memory"
    """Its largest process is at most this many times the other's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a figure must not be above (or, for `Relation.FASTER`, below)."""

    relation: Relation
    value: float | None
    """None where a cost is only told."""

    @property
    def text(self) -> str:
        """The bar as a reader sees it."""
        if self.value is None:
            return "no bar"
        shown = f"{self.value:g}" if "{}" in self.relation.value else self.value
        return self.relation.value.format(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One row: a command, what it is held against (None for a number alone), and the bar."""

    work: str
    subject: str
    against: str | None
    bar: Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A claim's figure: the median over the turns, with the smallest and the largest."""

    median: float
    smallest: float
    largest: float
    met: bool | None
    """None where there is no bar."""


def memory_bar(members: int) -> Bar:
    """Return the bar for an archive's reader: 100 MB, and 1 kB for each member."""
    return Bar(relation=Relation.MEMORY, value=(100 * _MEGABYTE + members * _KILOBYTE) / _MEGABYTE)


_PAIRED: dict[Relation, Callable[[Cost, Cost], float]] = {
    Relation.AT_MOST: lambda own, other: own.wall / other.wall,
    Relation.FASTER: lambda own, other: other.wall / own.wall,
    Relation.EXTRA: lambda own, other: (own.wall - other.wall) * 1000,
    Relation.MEMORY: lambda own, _: own.peak / _MEGABYTE,
    Relation.MEMORY_RATIO: lambda own, other: own.peak / other.peak,
}


def figures_of(claim: Claim, costs: Mapping[str, Sequence[Cost]]) -> Figures:
    """Return the figures of a claim from the costs of its group; the median is what must be met.

    >>> from benchmarks.measure import Cost
    >>> costs = {
    ...     "own": [Cost(wall=1.0, cpu=1.0, peak=1), Cost(wall=3.0, cpu=1.0, peak=1)],
    ...     "peer": [Cost(wall=4.0, cpu=1.0, peak=1), Cost(wall=6.0, cpu=1.0, peak=1)],
    ... }
    >>> bar = Bar(relation=Relation.AT_MOST, value=0.4)
    >>> figures = figures_of(Claim(work="reading", subject="own", against="peer", bar=bar), costs)
    >>> figures.median, figures.smallest, figures.largest, figures.met
    (0.375, 0.25, 0.5, True)
    """
    own = costs[claim.subject]
    other = costs[claim.against] if claim.against is not None else own
    paired = _PAIRED[claim.bar.relation]
    values = [paired(mine, its) for mine, its in zip(own, other, strict=True)]
    median = statistics.median(values)
    met = None
    if claim.bar.value is not None:
        slower = claim.bar.relation is not Relation.FASTER
        met = median <= claim.bar.value if slower else median >= claim.bar.value
    return Figures(median=median, smallest=min(values), largest=max(values), met=met)
