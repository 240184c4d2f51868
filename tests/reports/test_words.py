from typing import get_args

import pytest

from support_report import report_on, reported
from tagseal.core.contents_report import FileClass, Standing
from tagseal.reports._words import (
    CLASS_LETTERS,
    CLASS_MEANS,
    STANDING_MEANS,
    bytes_text,
    hidden_groups,
    hiding_names,
    verdict_parts,
    visible,
)


def test_every_class_and_standing_has_its_words() -> None:
    assert set(CLASS_MEANS) == set(CLASS_LETTERS) == set(get_args(FileClass))
    assert len(set(CLASS_LETTERS.values())) == len(CLASS_LETTERS), "letters tell them apart"
    assert list(STANDING_MEANS) == list(get_args(Standing))


@pytest.mark.parametrize(
    ("size", "text"),
    [
        *((0, "0 B"), (7, "7 B"), (999, "999 B"), (1000, "1.0 kB"), (9949, "9.9 kB")),
        *((9999, "10 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (5 * 10**9, "5.0 GB")),
        (10**15, "1000000 GB"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert bytes_text(size) == text


def test_hidden_characters_are_grouped_by_name() -> None:
    places = [(1, "B"), (2, "A"), (2, "A"), *((n, "A") for n in range(3, 20))]
    first, second = hidden_groups(reported(b"x", hidden_characters=tuple(places)))
    assert (first.name, first.lines, first.more) == ("B", (1,), 0)
    assert (second.name, second.lines, second.more) == ("A", (2, 3, 4, 5, 6, 7, 8, 9), 10)


@pytest.mark.parametrize(
    ("headline", "parts"),
    [
        ("DIFFERENT: tool-1.2.tar.gz: 1 file: x", ("DIFFERENT", "1 file: x")),
        ("DIFFERENT: another", ("DIFFERENT", "another")),
        ("nothing", ("nothing", "")),
    ],
)
def test_the_headline_without_the_name(headline: str, parts: tuple[str, str]) -> None:
    assert verdict_parts(report_on([], headline=headline)) == parts


def test_visible_keeps_what_shows_itself() -> None:
    assert visible("a\\b\t\u200bc\n") == "a\\b\t[U+200B]c[U+000A]"


def test_harmless_characters_are_told_from_those_that_hide() -> None:
    names = ("NO-BREAK SPACE", "BYTE ORDER MARK", "ZERO WIDTH SPACE", "ESCAPE", "THIN SPACE")
    file = reported(b"x", hidden_characters=tuple((1, name) for name in names))
    assert hiding_names(file) == ("ZERO WIDTH SPACE", "ESCAPE")
