from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.contents.rules._dates import DATE, day_of, is_of_the_release
from tagseal.contents.transforms import CommitFacts


def facts(author: datetime | None, committer: datetime | None) -> CommitFacts:
    return CommitFacts(
        commit_id="", tree_id="", author_date=author, committer_date=committer, tag=""
    )


@pytest.mark.parametrize(
    "text",
    [
        b"2023-11-14",
        b"2023-11-14T10:00:00Z",
        b"2023-11-14 10:00 +0100",
        b"Tue, 14 Nov 2023",
        b"14 November, 2023",
        b"November 14, 2023",
        b"Tue Nov 14 10:00:00 UTC 2023",
        b"Nov 14 2023",
        b"20231114",
    ],
)
def test_spellings_of_a_day(text: bytes) -> None:
    assert DATE.fullmatch(text)
    assert day_of(text) == date(2023, 11, 14)


def test_a_month_counts_as_its_first_day() -> None:
    assert DATE.fullmatch(b"Sept 2023")
    assert day_of(b"Sept 2023") == date(2023, 9, 1)


@pytest.mark.parametrize("text", [b"2023-13-01", b"31 February 2023", b"20230231", b"0000-01-01"])
def test_days_that_no_calendar_has(text: bytes) -> None:
    assert day_of(text) is None
    assert not is_of_the_release(text, facts(datetime(2023, 2, 1, tzinfo=UTC), None))


def test_what_is_no_date() -> None:
    assert day_of(b"no date") is None


def test_a_date_of_the_release_is_near_the_commits() -> None:
    made = datetime(2023, 11, 14, tzinfo=UTC)
    for known in (facts(made, None), facts(None, made), facts(made, made)):
        assert is_of_the_release(b"2023-05-01", known)
        assert is_of_the_release(b"2024-05-31", known)
        assert not is_of_the_release(b"2023-04-27", known)
        assert not is_of_the_release(b"2024-06-02", known)
    assert not is_of_the_release(b"2023-11-14", facts(None, None))


@given(text=st.binary(max_size=60))
def test_any_text_is_read_without_an_error(text: bytes) -> None:
    for match in DATE.finditer(text):
        day_of(match[0])
    day_of(text)
