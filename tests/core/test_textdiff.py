import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.core.contents_report import Diff
from tagseal.core.textdiff import DiffLimits, diff_of

LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\n", b"\n", b"a\r\n"]), max_size=30)
ALL = DiffLimits(lines_kept=10_000)


def diff(old: bytes, new: bytes, limits: DiffLimits = ALL) -> Diff:
    found = diff_of(old, new, against="x", limits=limits)
    assert found is not None
    assert found.against == "x"
    return found


def shown(found: Diff) -> list[str]:
    return [line.kind + line.text for line in found.lines]


def patched(old: bytes, found: Diff) -> bytes:
    """What a diff makes of the old text, by the rules of unified diffs."""
    lines = old.split(b"\n")
    lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    result: list[bytes] = []
    at, previous = 0, ""
    for line in found.lines:
        text = line.text.encode("utf-8", "surrogateescape") + b"\n"
        match line.kind:
            case "@":
                start, _, count = line.text.split()[1][1:].partition(",")
                begin = int(start) - (count != "0")
                result += lines[at:begin]
                at = begin
            case " ":
                assert lines[at].rstrip(b"\n") == text.rstrip(b"\n")
                result.append(lines[at])
                at += 1
            case "-":
                assert lines[at].rstrip(b"\n") == text.rstrip(b"\n")
                at += 1
            case "+":
                result.append(text)
            case "\\" if previous == "+":
                result[-1] = result[-1][:-1]
            case _:
                assert line.kind == "\\"
        previous = line.kind
    return b"".join(result + lines[at:])


def changes(found: Diff) -> int:
    return sum(line.kind in "+-" for line in found.lines)


def fewest_changes(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """The textbook's way, to hold the quick one to."""
    above = list(range(len(new) + 1))
    for i, line in enumerate(old, 1):
        row = [i]
        for j, other in enumerate(new, 1):
            row.append(above[j - 1] if line == other else 1 + min(above[j], row[j - 1]))
        above = row
    return above[-1]


@given(LINES, LINES, st.booleans(), st.booleans())
def test_a_diff_makes_the_new_text_of_the_old_one(
    old: list[bytes], new: list[bytes], old_ends: bool, new_ends: bool
) -> None:
    before = b"".join(old).removesuffix(b"" if old_ends else b"\n")
    after = b"".join(new).removesuffix(b"" if new_ends else b"\n")
    found = diff(before, after)
    assert patched(before, found) == after
    assert not found.truncated


@given(LINES, LINES)
def test_no_diff_has_fewer_changes(old: list[bytes], new: list[bytes]) -> None:
    assert changes(diff(b"".join(old), b"".join(new))) == fewest_changes(old, new)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes(old: bytes, new: bytes) -> None:
    found = diff_of(old, new, against="x")
    if found is not None:
        assert patched(old, found) == new


def test_hunks_have_three_lines_around_them() -> None:
    old = b"".join(b"%d\n" % n for n in range(40))
    new = old.replace(b"5\n6\n", b"5\nsix\n", 1).replace(b"30\n", b"")
    assert shown(diff(old, new)) == [
        *("@@@ -4,7 +4,7 @@", " 3", " 4", " 5", "-6", "+six", " 7", " 8", " 9"),
        *("@@@ -28,7 +28,6 @@", " 27", " 28", " 29", "-30", " 31", " 32", " 33"),
    ]


def test_empty_ranges_name_the_line_before() -> None:
    assert shown(diff(b"", b"a\n")) == ["@@@ -0,0 +1,1 @@", "+a"]
    assert shown(diff(b"a\n", b"")) == ["@@@ -1,1 +0,0 @@", "-a"]


def test_a_missing_line_end_is_said() -> None:
    assert shown(diff(b"a\n", b"a")) == [
        "@@@ -1,1 +1,1 @@",
        "-a",
        "+a",
        "\\no line end at the end of the text",
    ]


def test_line_ends_of_windows_are_a_difference_that_can_be_seen() -> None:
    assert shown(diff(b"a\n", b"a\r\n"))[1:] == ["-a", "+a\r"]


def test_bytes_that_are_no_utf_8_survive() -> None:
    assert shown(diff(b"", b"caf\xe9\n"))[1] == "+caf\udce9"


def test_equal_texts_have_no_lines() -> None:
    assert diff(b"a\n", b"a\n").lines == ()


@pytest.mark.parametrize(("old", "new"), [(b"\0", b"a"), (b"a", b"\0")])
def test_binary_has_no_diff(old: bytes, new: bytes) -> None:
    assert diff_of(old, new, against="x") is None


def test_only_so_many_bytes_are_read() -> None:
    limits = DiffLimits(bytes_read=4)
    found = diff(b"a\nb\nc\n", b"a\nb\nd\n", limits)
    assert found.truncated
    assert found.lines == ()
    assert not diff(b"a\nb\n", b"a\nc\n", limits).truncated


def test_only_so_many_lines_are_kept() -> None:
    limits = DiffLimits(lines_kept=10)
    found = diff(b"", b"".join(b"%d\n" % n for n in range(50)), limits)
    assert found.truncated
    assert len(found.lines) == 6, "the head, and half of the limit"
    replaced = diff(b"a\n" * 50, b"b\n" * 50, limits)
    assert {line.kind for line in replaced.lines} == {"@", "-", "+"}, "both texts show"
    assert len(replaced.lines) == 10
    assert replaced.truncated


def test_hunks_that_no_longer_fit_are_left_out() -> None:
    old = b"".join(b"%d\n" % n for n in range(100))
    new = old.replace(b"10\n", b"x\n", 1).replace(b"50\n", b"y\n", 1).replace(b"90\n", b"z\n", 1)
    found = diff(old, new, DiffLimits(lines_kept=9))
    assert len(found.lines) == 9
    assert found.truncated


def test_long_lines_are_cut() -> None:
    found = diff(b"", b"x" * 5000 + b"\n")
    assert found.lines[1].text == "x" * 1000 + " …"
    assert found.truncated


def test_texts_too_large_to_compare_count_as_replaced() -> None:
    limits = DiffLimits(lines_compared=3)
    found = diff(b"1\n2\n3\n4\n", b"2\n1\n4\n3\n", limits)
    assert changes(found) == 8
    assert found.truncated
    # What only one text has needs no comparing.
    assert not diff(b"1\n2\n3\n4\n5\n", b"a\n2\nb\nc\n4\n", limits).truncated


HARD = {
    "repeated": (b"a\nb\n" * 10_000, b"b\na\nc\n" * 6_666),
    "shuffled": (
        b"".join(b"%d\n" % n for n in range(20_000)),
        b"".join(b"%d\n" % (n * 7919 % 20_000) for n in range(20_000)),
    ),
    "one line": (b"x" * 4_000_000, b"x" * 3_999_999 + b"y"),
    "empty lines": (b"\n" * 2_000_000, b"\n" * 1_000_000 + b"x\n"),
}


@pytest.mark.parametrize("name", HARD)
def test_texts_that_are_made_to_be_hard_take_little_time(name: str) -> None:
    """What difflib takes minutes or hours for; the bound is generous, since machines are busy."""
    start = time.process_time()
    found = diff_of(*HARD[name], against="x")
    assert time.process_time() - start < 5
    assert found is not None
    assert len(found.lines) <= 1000
