"""Dates as tools stamp them into texts, and whether one is of a release's own time."""

import re
from datetime import date, timedelta

from tagseal.contents.transforms import CommitFacts

__all__ = ["DATE", "day_of", "is_of_the_release"]

_MONTHS = (
    *(b"January", b"February", b"March", b"April", b"May", b"June"),
    *(b"July", b"August", b"September", b"October", b"November", b"December"),
)
_NAMES = b"|".join(_MONTHS) + b"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
_DAYS = b"Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_CLOCK = rb"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?: ?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?"

DATE = re.compile(
    rb"(?:(?:" + _DAYS + rb"),? )?(?:"
    rb"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]" + _CLOCK + rb")?"
    rb"|\b[0-9]{1,2} (?:" + _NAMES + rb"),? [0-9]{4}\b"
    rb"|\b(?:" + _NAMES + rb") [0-9]{1,2},? (?:" + _CLOCK + rb" )?(?:[A-Z]{3} )?[0-9]{4}\b"
    rb"|\b(?:" + _NAMES + rb") [0-9]{4}\b"
    rb"|\b(?:19|20)[0-9]{6}\b"
    rb")"
)
"""A date, and perhaps a time of day; every part of it is bounded, so that matching is fast."""

_FORMS = (
    re.compile(rb"\b(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    re.compile(rb"\b(?P<day>[0-9]{1,2}) (?P<month>" + _NAMES + rb"),? (?P<year>[0-9]{4})\b"),
    re.compile(rb"\b(?P<month>" + _NAMES + rb") (?P<day>[0-9]{1,2})\b.*?(?P<year>[0-9]{4})\Z"),
    re.compile(rb"\b(?P<month>" + _NAMES + rb") (?P<year>[0-9]{4})\b"),
    re.compile(rb"\b(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})\b"),
)
_SLACK = timedelta(days=200)


def day_of(text: bytes) -> date | None:
    """Return the day that a text which `DATE` matches means; None where no calendar has it.

    A month without a day counts as its first.
    """
    for form in _FORMS:
        if (match := form.search(text)) is not None:
            found = match.groupdict()
            month = found["month"]
            number = int(month) if month.isdigit() else _number(month)
            try:
                return date(int(found["year"]), number, int(found.get("day") or 1))
            except ValueError:
                return None
    return None


def _number(name: bytes) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def is_of_the_release(text: bytes, facts: CommitFacts) -> bool:
    """Return whether a date lies within 200 days of the commit's own: when a release is made.

    So a stamp cannot move a date in a text, such as one on which something expires, at will.
    """
    day = day_of(text)
    made = (facts.author_date, facts.committer_date)
    return day is not None and any(abs(day - m.date()) <= _SLACK for m in made if m is not None)
