import pytest

from tagseal.core.report import Command, Line, Report, Table


def test_a_report_has_no_data_of_its_own() -> None:
    assert Report(blocks=()).data == {}


def test_a_line_is_plain_by_default() -> None:
    assert (Line(text="a").tone, Line(text="a").indent) == ("plain", 0)


@pytest.mark.parametrize(
    "block", [Line(text="a"), Table(columns=(), rows=()), Command(arguments=())]
)
def test_blocks_cannot_be_changed(block: object) -> None:
    with pytest.raises((AttributeError, TypeError)):
        block.text = "b"  # type: ignore[attr-defined]
