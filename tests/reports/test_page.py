from typing import Any

from support_report import explained, report_on, reported, small_report, unexplained
from tagseal.core.contents_report import ContentsReport, Diff, DiffLine
from tagseal.reports._page import page_of


def diff(number: int, length: int = 10) -> Diff:
    lines = tuple(DiffLine(kind="+", text="x" * length) for _ in range(number))
    return Diff(against="x", lines=lines)


def modified(path: bytes, lines: int, length: int = 10, *, wrong: bool = False) -> Any:
    return reported(
        path,
        file_class="modified",
        standing="unexplained" if wrong else "explained",
        diff=diff(lines, length),
    )


def left_out(report: ContentsReport) -> dict[bytes, int]:
    parts = page_of(report)["parts"]
    return {f.path: parts[id(f)].left_out for f in report.files if f.diff is not None}


def test_diffs_that_fit_are_whole() -> None:
    assert left_out(report_on([modified(b"a", 900), modified(b"b", 3)])) == {b"a": 0, b"b": 0}


def test_short_diffs_are_whole_where_long_ones_are_cut() -> None:
    found = left_out(report_on([modified(b"a", 900, 9000), modified(b"b", 3), modified(b"c", 900)]))
    assert found[b"b"] == found[b"c"] == 0
    assert 600 < found[b"a"] < 800


def test_what_is_unexplained_takes_its_room_first() -> None:
    files = [modified(b"a", 1000, 1900), modified(b"b", 1000, 1900, wrong=True)]
    found = left_out(report_on(files))
    assert found[b"b"] == 0
    assert found[b"a"] > 900


def test_what_differs_from_a_text_comes_first_and_alike_files_are_one_group() -> None:
    files = [
        reported(b"a", file_class="generated", standing="unexplained", reason="new"),
        unexplained(b"b"),
        reported(b"c", file_class="generated", standing="unexplained", reason="new"),
        reported(
            b"d",
            file_class="generated",
            standing="unexplained",
            reason="new",
            hidden_characters=((1, "ZERO WIDTH SPACE"),),
        ),
        reported(b"e", file_class="conflicting", standing="unexplained", reason="a symlink"),
    ]
    report = report_on(files)
    page = page_of(report)
    assert [[f.path for f in group] for group in page["groups"]] == [
        *([b"b"], [b"d", b"a", b"c"], [b"e"]),
    ]
    assert page["cards"][id(report.files[1])] == "u0"
    assert page["opened"] == [id(report.files[1])]


def test_the_bar_shows_the_smallest_part() -> None:
    files = [reported(b"%05d" % n) for n in range(9999)] + [unexplained(b"x")]
    bar = page_of(report_on(files))["bar"]
    assert [part["number"] for part in bar] == [0, 3]
    assert float(bar[1]["width"]) >= 6
    assert sum(float(part["width"]) for part in bar) == 1000
    assert page_of(report_on([]))["bar"] == []


def test_every_class_but_conflicting_has_a_line() -> None:
    def names(report: ContentsReport) -> list[str]:
        return [line["file_class"] for line in page_of(report)["matrix"]]

    assert "conflicting" not in names(small_report())
    file = reported(b"a", file_class="conflicting", standing="unexplained")
    assert names(report_on([file]))[-1] == "conflicting"


def test_rules_name_their_files_with_the_most_used_first() -> None:
    files = [explained(b"t/%02d" % n) for n in range(30)] + [explained(b"t/x", rule="other")]
    first, second = page_of(report_on(files))["rules"]
    assert (first["name"], first["count"], len(first["files"]), first["more"]) == (
        *("known-helper", 30, 25, 5),
    )
    assert first["means"] == "Byte for byte what a known tool ships under this name"
    assert (second["name"], second["means"], second["more"]) == ("other", "", 0)
    number, file = second["files"][0]
    assert (number, file.path) == (31, b"t/x")


def test_a_rule_that_only_the_files_name_is_counted() -> None:
    rules = page_of(report_on([explained(b"t/a")], rules={"other": 3}))["rules"]
    assert [(rule["name"], rule["count"]) for rule in rules] == [("other", 3), ("known-helper", 1)]
