import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_contents import File
from support_rules import EXECUTABLE, rule_of
from tagseal.contents.rules import History, history_of
from tagseal.contents.rules._history import _is_of

ID = b"0123456789abcdef0123456789abcdef01234567"
LONG = b"The decoder now refuses a stream whose header is longer than it says, as it always should."
MESSAGES = (
    b"Fix the decoder\n\n"
    + LONG
    + b"\n\n* a.c: Check it.\n\nReviewed-by: Rev Iewer <rev@example.org>\n",
    b"Say rm -rf / in a message\n",
)
HISTORY = history_of(
    [(ID, [b"A U Thor", b"author@example.org"], m) for m in MESSAGES], [b"v1.2.3", b"v1.2.2"]
)


def written(
    new: File, path: bytes = b"ChangeLog", old: File | None = None, **options: object
) -> bool:
    return rule_of(old, new, path, **{"history": HISTORY, **options}) == "from-history"


@pytest.mark.parametrize(
    "line",
    [
        b"Fix the decoder",
        b"\t* Fix the decoder.",
        b"- a.c: Check it.",
        b"2023-11-14  A U Thor  <author@example.org>",
        b"Tue Nov 14 10:00:00 UTC 2023  A U Thor",
        b"2023-11-14",
        b"commit " + ID,
        b"Merge: 0123456 0123456789",
        b"Author: A U Thor <author@example.org>",
        b"Date:   Tue Nov 14 10:00:00 2023 +0000",
        b"AuthorDate: 2023-11-14 10:00:00 +0000",
        b"v1.2.2",
        b"    3\tA U Thor",
        b"3\tA U Thor <author@example.org>",
        b"A U Thor (3):",
        b"Rev Iewer",
        b"<rev@example.org>",
        b"Version 1.2.3 (4 Jun 2023)",
        b"A U Thor (4 Jun 2023)",
        b"[A U Thor brought this change]",
        b"Changelog for the tool project. Generated with git2changes.pl",
        b" src/a.c | 3 ++-",
        b" a.bin | Bin 0 -> 10 bytes",
        b" 1 file changed, 2 insertions(+), 1 deletion(-)",
        b"====",
    ],
)
def test_lines_that_tools_write(line: bytes) -> None:
    assert written(b"Fix the decoder\n" + line + b"\n")


@pytest.mark.parametrize(
    "line",
    [
        b"$(evil)",
        b"Fix the decoder && evil",
        b"commit fedcba9",
        b"commit",
        b"Merge: evil 0123456",
        b"Author: E Vil <evil@example.org>",
        b"Author: A U Thor <evil@example.org>",
        b"A U Thor <author@example.org",
        b"2023-11-14  E Vil",
        b"v1.2.4",
        b"Version $(evil) (4 Jun 2023)",
        b"E Vil (4 Jun 2023)",
        b"[E Vil brought this change]",
        b"Date: evil",
        b"evil",
        b"the decoder",
    ],
)
def test_lines_that_the_history_does_not_have(line: bytes) -> None:
    assert not written(b"Fix the decoder\n" + line + b"\nSay rm -rf / in a message\n")


def test_lines_that_a_tool_broke() -> None:
    words = LONG.split(b" ")
    halves = b" ".join(words[:8]) + b"\n  " + b" ".join(words[8:])
    assert written(b"Fix the decoder\n" + halves + b"\n")
    assert written(b"Fix the decoder\n" + LONG[:-12] + b"\n" + LONG[-12:] + b"\n")
    assert not written(b"Fix the decoder\n" + b" ".join(words[:8]) + b" evil\n")
    assert not written(b"Fix the decoder\nit says\n2023-11-14\n")
    assert not written(b"it says")


def test_a_file_of_the_tree_keeps_its_lines() -> None:
    old = b"All the news.\n\nOld news.\n"
    assert written(old + b"Fix the decoder\n", b"NEWS", old)
    assert not written(old + b"evil news\n", b"NEWS", old)
    assert not written((EXECUTABLE, old + b"Fix the decoder\n"), b"NEWS", old)
    assert not written(old + b"Fix the decoder\n", b"NEWS", (EXECUTABLE, old))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (b"ChangeLog-2012", True),
        (b"CHANGELOG.md", True),
        (b"doc/NEWS.1", True),
        (b"AUTHORS.txt", True),
        (b"ChangeLog.1.old", True),
        (b"NEWS.py", False),
        (b"CHANGES.sh", False),
        (b"AUTHORS.h", False),
        (b"NEWS.sh.md", False),
        (b"configure", False),
    ],
)
def test_only_texts_are_explained(path: bytes, expected: bool) -> None:
    assert written(b"Say rm -rf / in a message\n", path) is expected


def test_what_is_not_at_hand_is_not_explained() -> None:
    assert written(b"Fix the decoder\n")
    assert not written(b"Fix the decoder\n", history=None)
    assert not written(b"Fix the decoder\n", kept=lambda _: False)
    assert not written(b"Fix the decoder\n", standings=("proven",))
    assert not written(b"Fix the decoder\n\0")
    assert not written(b"#!/bin/sh\nFix the decoder\n")
    assert not written((EXECUTABLE, b"Fix the decoder\n"))
    assert not written(b"\n\n")
    assert not written(b"x" * 17000)


def test_looking_for_pieces_is_bounded() -> None:
    """Where too many lines are to be looked for in too much, nothing is explained."""
    many = b"".join(b"Fix the decoder%d\n" % i for i in range(2001))
    assert not written(many)
    huge = History(
        messages=(b"x" * 30_000_000,),
        lines=frozenset(),
        people=frozenset(),
        commits=(),
        tags=frozenset(),
    )
    pieces = b"".join(b"x" * (30 + i) + b"\n" for i in range(600))
    assert not written(pieces, history=huge)
    small = History(
        messages=(b"x" * 5000,), lines=frozenset(), people=frozenset(), commits=(), tags=frozenset()
    )
    assert written(pieces, history=small)


@given(line=st.text(alphabet=" \t<>()0123456789:AUhorTt|+-", max_size=60))
def test_any_line_is_read_without_an_error(line: str) -> None:
    _is_of(line.encode(), HISTORY)
