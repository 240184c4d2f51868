import re

import pytest

import tagseal.core.errors as errors
from tagseal.core.errors import ArchiveError, TagsealError
from tagseal.core.reasons import REASONS

CLASSES = [getattr(errors, name) for name in errors.__all__]


def test_the_tree_is_as_it_is_drawn() -> None:
    drawn = re.findall(r"^    (?:[├└]── )?(\w+Error)", errors.__doc__ or "", re.MULTILINE)
    assert drawn[0] == "TagsealError"
    assert sorted(drawn) == sorted(errors.__all__) == errors.__all__
    assert TagsealError.__bases__ == (Exception,)
    assert all(c.__bases__ == (TagsealError,) for c in CLASSES if c is not TagsealError)


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_carries_its_reason(kind: type[TagsealError]) -> None:
    error = kind("archive-truncated", "it ends early", where="a.tar")
    assert (error.code, error.reason) == ("archive-truncated", REASONS["archive-truncated"])
    assert (error.message, error.where) == ("it ends early", "a.tar")
    assert str(error) == "a.tar: it ends early"
    assert error.args == ("it ends early",)


def test_without_a_place_only_the_message_is_said() -> None:
    assert str(ArchiveError("archive-truncated", "it ends early")) == "it ends early"


def test_the_hint_is_the_reasons_unless_there_is_a_better_one() -> None:
    reason = REASONS["archive-truncated"]
    assert ArchiveError(reason.code, "m").hint == reason.next_step
    assert ArchiveError(reason.code, "m", hint="do this").hint == "do this"
    assert ArchiveError(reason.code, "m", hint="").hint == ""


def test_a_code_that_is_not_in_the_table_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        TagsealError("no-such-code", "m")
