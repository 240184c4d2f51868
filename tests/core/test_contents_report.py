from typing import get_args

import pytest

from support_report import report_on, reported, unexplained
from tagseal.core.contents_report import CLASSES, STANDINGS, FileClass, Standing
from tagseal.core.finding import Finding


def test_nothing_unexplained_can_have_the_status_0() -> None:
    with pytest.raises(ValueError, match="the status is 0"):
        report_on([unexplained(b"t/a")], status=0)
    finding = Finding(code="contents-tree-differs", message="it differs")
    with pytest.raises(ValueError, match="the status is 0"):
        report_on([reported(b"t/a")], findings=(finding,))


def test_findings_that_no_file_shows_are_kept_apart() -> None:
    whole = Finding(code="contents-tree-differs", message="it differs")
    other = Finding(code="contents-shadowing", message="it is run", path=b"t/a")
    file = unexplained(b"t/a")
    shown = Finding(code="contents-modified", message="it differs", path=b"t/a")
    report = report_on([file, reported(b"t/b")], findings=(whole, shown, other))
    assert report.unexplained == (file,)
    assert report.whole_findings == (whole, other)


def test_every_class_and_standing_has_its_place_in_the_order() -> None:
    assert set(CLASSES) == set(get_args(FileClass))
    assert set(STANDINGS) == set(get_args(Standing))
