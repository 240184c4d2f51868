import pytest
from benchmarks.figures import Bar, Claim, Relation, figures_of, memory_bar
from benchmarks.measure import Cost


def cost(wall: float, peak: int = 0) -> Cost:
    return Cost(wall=wall, cpu=wall, peak=peak)


COSTS = {
    "own": [cost(1.0, 50_000_000), cost(2.0, 80_000_000), cost(9.0, 60_000_000)],
    "peer": [cost(4.0, 100_000_000), cost(4.0, 100_000_000), cost(10.0, 100_000_000)],
}


def claim(relation: Relation, value: float | None, against: str | None = "peer") -> Claim:
    bar = Bar(relation=relation, value=value)
    return Claim(work="work", subject="own", against=against, bar=bar)


@pytest.mark.parametrize(
    ("relation", "median", "smallest", "largest"),
    [
        (Relation.AT_MOST, 0.5, 0.25, 0.9),
        (Relation.FASTER, 2.0, 10 / 9, 4.0),
        (Relation.EXTRA, -2000.0, -3000.0, -1000.0),
        (Relation.MEMORY, 60.0, 50.0, 80.0),
        (Relation.MEMORY_RATIO, 0.6, 0.5, 0.8),
    ],
)
def test_the_figure_is_the_median_of_the_turns(
    relation: Relation, median: float, smallest: float, largest: float
) -> None:
    figures = figures_of(claim(relation, None), COSTS)
    assert (figures.median, figures.smallest, figures.largest) == pytest.approx(
        (median, smallest, largest)
    )
    assert figures.met is None


@pytest.mark.parametrize(
    ("relation", "value", "met"),
    [
        (Relation.AT_MOST, 0.5, True),
        (Relation.AT_MOST, 0.499, False),
        (Relation.FASTER, 2.0, True),
        (Relation.FASTER, 2.001, False),
        (Relation.EXTRA, -2000.0, True),
        (Relation.EXTRA, -2001.0, False),
        (Relation.MEMORY, 60.0, True),
        (Relation.MEMORY, 59.9, False),
        (Relation.MEMORY_RATIO, 0.6, True),
        (Relation.MEMORY_RATIO, 0.5, False),
    ],
)
def test_the_median_meets_the_bar_or_does_not(relation: Relation, value: float, met: bool) -> None:
    assert figures_of(claim(relation, value), COSTS).met is met


def test_turns_are_paired_so_one_that_is_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        figures_of(claim(Relation.AT_MOST, 1.0), {**COSTS, "peer": COSTS["peer"][:2]})


def test_memory_may_grow_by_a_kilobyte_a_member() -> None:
    assert memory_bar(0).value == 100
    assert memory_bar(92_000).value == 192
    assert memory_bar(92_000).text == "at most 192 MB"


@pytest.mark.parametrize(
    ("relation", "value", "text"),
    [
        (Relation.AT_MOST, 0.45, "at most 0.45 times as long"),
        (Relation.FASTER, 4, "at least 4 times faster"),
        (Relation.EXTRA, 100, "at most 100 ms more"),
        (Relation.EXTRA, None, "no bar"),
    ],
)
def test_a_bar_reads_as_a_sentence_would(
    relation: Relation, value: float | None, text: str
) -> None:
    assert Bar(relation=relation, value=value).text == text
