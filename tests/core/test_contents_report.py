from typing import get_args

from tagseal.core.contents_report import CLASSES, STANDINGS, FileClass, Standing


def test_every_class_and_standing_has_its_place_in_the_order() -> None:
    assert set(CLASSES) == set(get_args(FileClass))
    assert set(STANDINGS) == set(get_args(Standing))
