import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.config import Config
from tagseal.policy.versions import same_version, version_of_tag


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("v1", "1"),
        ("14.2", "14.2"),
        ("v14.2", "14.2"),
        ("V1.0", "1.0"),
        ("xz-5.8.1", "5.8.1"),
        ("py3-tool-1.0", "1.0"),
        ("tool2-1.0", None),
        ("release-2.0-rc1", "2.0-rc1"),
        ("release/1.0", "1.0"),
        ("v1.0.0-alpha.1", "1.0.0-alpha.1"),
        ("1!2.0", "1!2.0"),
        ("v1.0+local.1", "1.0+local.1"),
        ("curl-8_9_1", None),
        ("1.0-2-gabcdef", None),
        ("nightly", None),
        ("v", None),
        ("", None),
        ("v1.0\n", None),
        ("v1 ", None),
        ("v\N{ARABIC-INDIC DIGIT ONE}", None),
        ("v1." * 100, None),
    ],
)
def test_the_version_in_a_tag(tag: str, version: str | None) -> None:
    assert version_of_tag(None, tag) == version


def test_a_configurations_pattern_decides() -> None:
    config = Config(file="tagseal.toml", tag="release-{version}")
    assert version_of_tag(config, "release-1.0") == "1.0"
    assert version_of_tag(config, "v1.0") is None


@given(st.text())
def test_any_tag_has_a_version_or_none(tag: str) -> None:
    version = version_of_tag(None, tag)
    assert version is None or (tag.endswith(version) and same_version(version, version))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("1.0", "1", True),
        ("1.0rc1", "1.0-rc.1", True),
        ("1.0", "1.0.1", False),
        ("a", "a", True),
        ("a", "b", False),
        ("1.0", "a", False),
        ("14", "14.2", False),
    ],
)
def test_the_same_version(first: str, second: str, same: bool) -> None:
    assert same_version(first, second) is same
    assert same_version(second, first) is same
