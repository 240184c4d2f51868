"""The page: what was measured, as Markdown."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import Bar, Claim, Figures, Relation, figures_of
from benchmarks.measure import Cost
from benchmarks.rows import Group

__all__ = ["Measured", "all_met", "page", "shown"]

_MET = {True: "met", False: "**not met**", None: ""}

_HEAD = """\
# Benchmarks

`nox -s bench` writes this page; nobody edits it. It runs every command as a whole process, in turn
with what it is held against, after one turn to warm up. A figure is the median over the turns of
the ratio (or the difference) within one turn, with the smallest and the largest in brackets; the
bar counts for the median. Times are wall time. Memory is the largest resident set of any one
process; Linux shows none smaller than the one that starts it, some 20 MB here. What the inputs are
and how they are made is in [benchmarks/inputs.py](../benchmarks/inputs.py).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A group with the costs of its commands, by name; or why it could not be measured."""

    group: Group
    costs: Mapping[str, Sequence[Cost]]
    failure: str | None = None


def shown(figures: Figures, bar: Bar) -> str:
    """Return a figure as the page has it.

    >>> figures = Figures(median=0.25, smallest=0.2, largest=0.3, met=True)
    >>> shown(figures, Bar(relation=Relation.AT_MOST, value=0.3))
    '0.25 times (0.20 to 0.30)'
    >>> shown(figures, Bar(relation=Relation.EXTRA, value=100))
    '0 ms more (0 to 0)'
    """
    places, unit = {
        Relation.AT_MOST: (2, " times"),
        Relation.FASTER: (1, " times faster"),
        Relation.EXTRA: (0, " ms more"),
        Relation.MEMORY: (0, " MB"),
        Relation.MEMORY_RATIO: (2, " times the memory"),
    }[bar.relation]
    middle, low, high = (
        f"{value:,.{places}f}" for value in (figures.median, figures.smallest, figures.largest)
    )
    return f"{middle}{unit} ({low} to {high})"


def page(measured: Sequence[Measured], machine: Sequence[str]) -> str:
    """Return the whole page: the claims, then what every command took, then the machine."""
    return "\n".join(
        [
            _HEAD,
            *_claims(measured),
            "## What each command took",
            "",
            "Medians, with the smallest and the largest wall time in brackets.",
            "",
            "| command | turns | wall, s | processor, s | memory, MB |",
            "|---|---|---|---|---|",
            *(line for item in measured for line in _commands(item)),
            "",
            "## Measured on",
            "",
            *(f"- {line}" for line in machine),
            "",
        ]
    )


def all_met(measured: Sequence[Measured]) -> bool:
    """Return whether everything was measured and every bar is met."""
    return all(
        item.failure is None
        and all(figures_of(claim, item.costs).met is not False for claim in item.group.claims)
        for item in measured
    )


def _claims(measured: Sequence[Measured]) -> list[str]:
    lines = []
    for item in measured:
        lines += [f"## {item.group.about}", ""]
        if item.failure is not None:
            lines += [f"**Not measured**: {item.failure}", ""]
            continue
        lines += ["| work | held against | bar | measured | |", "|---|---|---|---|---|"]
        lines += [_row(claim, item.costs) for claim in item.group.claims]
        lines.append("")
    return lines


def _row(claim: Claim, costs: Mapping[str, Sequence[Cost]]) -> str:
    figures = figures_of(claim, costs)
    against = f"`{claim.against}`" if claim.against is not None else ""
    measured = shown(figures, claim.bar)
    cells = (claim.work, against, claim.bar.text, measured, _MET[figures.met])
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _commands(item: Measured) -> list[str]:
    return [
        f"| `{name.replace('|', chr(92) + '|')}` | {len(costs)} | {_spread(costs)} "
        f"| {statistics.median([cost.cpu for cost in costs]):.2f} "
        f"| {statistics.median([cost.peak for cost in costs]) / 1e6:,.0f} |"
        for name, costs in item.costs.items()
    ]


def _spread(costs: Sequence[Cost]) -> str:
    walls = [cost.wall for cost in costs]
    return f"{statistics.median(walls):.2f} ({min(walls):.2f} to {max(walls):.2f})"
