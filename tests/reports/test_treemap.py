import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_report import explained, large_report, reported, unexplained
from tagseal.core.contents_report import ReportedFile
from tagseal.reports._tree import make_tree
from tagseal.reports._treemap import Box, Cell, Frame, treemap

SIZES = st.lists(st.integers(min_value=0, max_value=10**7), min_size=1, max_size=40)


def cells(files: Iterable[ReportedFile]) -> list[Cell]:
    found = treemap(make_tree(files), 1000, 500)
    return [part for part in found if isinstance(part, Cell)]


def inside(inner: Box, outer: Box) -> bool:
    slack = 1e-3
    return (
        inner.x >= outer.x - slack
        and inner.y >= outer.y - slack
        and inner.x + inner.width <= outer.x + outer.width + slack
        and inner.y + inner.height <= outer.y + outer.height + slack
    )


def overlap(one: Box, other: Box) -> float:
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(wide, 0) * max(high, 0)


@given(SIZES)
def test_areas_are_sizes_and_nothing_overlaps(sizes: list[int]) -> None:
    found = cells(reported(b"%02d" % n, size=size) for n, size in enumerate(sizes))
    total = sum(sizes)
    assert bool(found) == bool(total)
    for cell in found:
        assert cell.box.area == pytest.approx(500_000 * cell.size / total, rel=1e-3, abs=1e-2)
        assert inside(cell.box, Box(x=0, y=0, width=1000, height=500))
    assert sum(cell.box.area for cell in found) == pytest.approx(500_000 if total else 0)
    for one, other in itertools.combinations(found, 2):
        assert overlap(one.box, other.box) < 0.5
    assert sum(cell.count for cell in found) == sum(size > 0 for size in sizes)


def test_rectangles_are_near_to_squares() -> None:
    found = cells(reported(b"%02d" % n, size=100 + n) for n in range(50))
    ratios = [max(c.box.width / c.box.height, c.box.height / c.box.width) for c in found]
    assert max(ratios) < 2.5


def test_folders_hold_their_files_and_have_names_where_there_is_room() -> None:
    files = [reported(b"t/a/%d" % n, size=100) for n in range(9)]
    files += [reported(b"t/b/%d" % n, size=100) for n in range(9)]
    found = treemap(make_tree(files), 1000, 500)
    frames = {part.folder.path: part.box for part in found if isinstance(part, Frame)}
    assert set(frames) == {b"t", b"t/a", b"t/b"}
    for part in found:
        if isinstance(part, Cell):
            assert inside(part.box, frames[part.path.rpartition(b"/")[0]])


def test_small_files_that_stand_alike_share_a_rectangle() -> None:
    files = [reported(b"big", size=10**8)]
    files += [reported(b"s%d" % n, size=100) for n in range(30)]
    files += [explained(b"e", size=100)]
    found = {(c.standing, c.count): c for c in cells(files)}
    assert found.keys() == {("proven", 1), ("proven", 30), ("explained", 1)}
    assert found["proven", 30].file is None
    assert found["explained", 1].file is not None, "a single one is named"


def test_small_folders_are_one_rectangle_of_the_worst_standing() -> None:
    files = [reported(b"big", size=10**8), reported(b"f/a", size=50), explained(b"f/b", size=50)]
    files += [reported(b"g/a", size=50), reported(b"g/b", size=50)]
    found = {c.path: c for c in cells(files)}
    assert (found[b"f"].standing, found[b"f"].count, found[b"f"].file_class) == (
        "explained",
        2,
        None,
    )
    assert found[b"g"].file_class == "identical"


def test_what_is_unexplained_is_drawn_by_itself_and_large_enough() -> None:
    report = large_report(20_000, wrong=(7, 777))
    found = [c for c in cells(report.files) if c.standing == "unexplained"]
    assert {c.path for c in found} == {file.path for file in report.unexplained}
    assert all(c.box.area > 200 for c in found)


def test_in_small_folders_too() -> None:
    files = [reported(b"t/%04d/a" % n, size=9) for n in range(1000)]
    files += [unexplained(b"t/%04d/b" % n) for n in range(1000)]
    found = cells([*files, reported(b"t/big", size=10**8)])
    assert sum(c.standing == "unexplained" and c.file is not None for c in found) == 1000


def test_an_empty_unexplained_file_is_seen_among_nothing_else() -> None:
    found = cells([unexplained(b"t/empty", new=b"")])
    assert len(found) == 1
    assert found[0].box.area > 400_000


def test_thousands_of_unexplained_files_share_rectangles() -> None:
    files = [unexplained(b"t/%d/u%04d" % (n % 7, n)) for n in range(20_000)]
    found = cells([*files, reported(b"t/big", size=10**8)])
    assert len(found) < 1000
    assert sum(c.count for c in found if c.standing == "unexplained") == 20_000


def test_many_unexplained_files_do_not_push_the_rest_out() -> None:
    files = [unexplained(b"t/u%04d" % n) for n in range(1500)] + [reported(b"t/big", size=10**8)]
    big = next(c for c in cells(files) if c.path == b"t/big")
    assert big.box.area > 350_000


def test_large_archives_have_a_bounded_number_of_rectangles() -> None:
    assert len(treemap(make_tree(large_report().files), 1160, 560)) < 4000


def test_deep_trees_are_drawn_to_a_depth() -> None:
    files = [reported(b"/".join([b"d"] * n) + b"/f", size=1000) for n in range(1, 200)]
    assert cells(files)


def test_folders_of_empty_files_take_no_room() -> None:
    found = cells([reported(b"t/a", size=10), reported(b"t/empty/b", size=0)])
    assert [c.path for c in found] == [b"t/a"]
