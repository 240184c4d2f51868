import pytest

from support_verification import allowing
from tagseal.policy import PATTERN_FIELDS, Allowances, Policy


def test_allowances_are_kept_once() -> None:
    allow = allowing(generated=["a", "b", "a"])
    assert [p.text for p in allow.generated] == ["a", "b"]
    assert Allowances.of(allow.patterns(), allow.mappings) == allow
    assert Allowances.of({}) == Allowances()


def test_nothing_is_allowed_unless_it_is_said() -> None:
    assert Policy(repository="owner/t").allow == Allowances()
    assert all(getattr(Allowances(), name) == () for name in (*PATTERN_FIELDS, "mappings"))
    assert set(Allowances().patterns()) == set(PATTERN_FIELDS)


@pytest.mark.parametrize("pattern", ["*", "**", "**/*", "?"])
def test_no_pattern_allows_everything(pattern: str) -> None:
    with pytest.raises(ValueError, match="matches too much"):
        allowing(generated=[pattern])
