from benchmarks.figures import Bar, Claim, Relation
from benchmarks.measure import Command, Cost
from benchmarks.page import Measured, all_met, page
from benchmarks.rows import Group


def measured(bar: float | None, *, failure: str | None = None) -> Measured:
    claim = Claim(
        work="reading",
        subject="own",
        against="a | b",
        bar=Bar(relation=Relation.AT_MOST, value=bar),
    )
    group = Group(
        about="A small archive",
        commands=tuple(Command(name=name, arguments=()) for name in ("own", "a | b")),
        claims=(claim,),
        turns=1,
    )
    costs = {
        "own": [Cost(wall=1.0, cpu=1.5, peak=64_000_000)],
        "a | b": [Cost(wall=4.0, cpu=4.0, peak=2_000_000)],
    }
    return Measured(group=group, costs={} if failure else costs, failure=failure)


def test_a_row_tells_the_bar_the_figure_and_that_it_is_met() -> None:
    text = page([measured(0.3)], ["a machine"])
    figure = "at most 0.3 times as long | 0.25 times (0.25 to 0.25) | met |"
    assert f"| reading | `a \\| b` | {figure}" in text
    assert "| `own` | 1 | 1.00 (1.00 to 1.00) | 1.50 | 64 |" in text
    assert text.endswith("- a machine\n")
    assert all_met([measured(0.3), measured(None)])


def test_a_bar_that_is_missed_is_written_down() -> None:
    text = page([measured(0.2)], [])
    assert "0.25 times (0.25 to 0.25) | **not met** |" in text
    assert not all_met([measured(0.3), measured(0.2)])


def test_what_could_not_be_measured_is_written_down() -> None:
    failed = measured(0.3, failure="own ended with status 1")
    assert "**Not measured**: own ended with status 1" in page([failed], [])
    assert not all_met([failed])


def test_a_cost_without_a_bar_is_only_told() -> None:
    assert "| no bar | 0.25 times (0.25 to 0.25) |  |" in page([measured(None)], [])
