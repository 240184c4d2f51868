"""Tags and versions lead to each other, and nothing else fits a pattern."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.config import check_tag_pattern, tag_version, version_tag


@pytest.mark.parametrize(
    ("pattern", "tag", "wanted"),
    [
        ("v{version}", "v14", "14"),
        ("v{version}", "v14.2", "14.2"),
        ("v{version}", "14.2", None),
        ("v{version}", "v", None),
        ("v{version}", "vendor", None),
        ("v{version}", "v1.0/x", None),
        ("v{version}", "v1..0", None),
        ("v{version}", "v1.0.", None),
        ("v{version}", "v1\n", None),
        ("v{version}", "v" + "1" * 300, None),
        ("rel/{version}-final", "rel/1.2-final", "1.2"),
        ("rel/{version}-final", "rel/1.2-fina", None),
        ("a{version}a", "a", None),
        ("{version}", "2.0.0rc1+local", "2.0.0rc1+local"),
    ],
)
def test_tag_version(pattern: str, tag: str, wanted: str | None) -> None:
    assert check_tag_pattern(pattern) is None
    assert tag_version(pattern, tag) == wanted


def test_a_version_that_no_tag_holds() -> None:
    with pytest.raises(ValueError, match="cannot be the version"):
        version_tag("v{version}", "latest")


def test_a_pattern_that_is_too_long() -> None:
    assert "too long" in (check_tag_pattern("v" * 300 + "{version}") or "")


@given(st.text("v{}-/.a1", max_size=12), st.from_regex(r"[0-9][0-9a-z.]{0,6}", fullmatch=True))
def test_a_tag_leads_back_to_its_version(text: str, version: str) -> None:
    pattern = text + "{version}"
    if check_tag_pattern(pattern) is not None:
        return
    try:
        tag = version_tag(pattern, version)
    except ValueError:
        assert version.endswith(".") or ".." in version
    else:
        assert tag_version(pattern, tag) == version
