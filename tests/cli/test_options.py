import click
import pytest

from tagseal.cli import _options
from tagseal.cli._options import allowances
from tagseal.contents import PathMapping


def mapping(text: str) -> PathMapping:
    (only,) = _options._mappings(None, None, (text,))  # type: ignore[arg-type]
    return only


@pytest.mark.parametrize(
    ("text", "archive", "tree"),
    [
        ("demo-1.0/=/", b"demo-1.0/", b""),
        ("demo-1.0/=", b"demo-1.0/", b""),
        ("package/=packages/demo/", b"package/", b"packages/demo/"),
        ("/=src/", b"", b"src/"),
        ("=", b"", b""),
        ("a=b", b"a", b"b"),
        ("a/=b=c/", b"a/", b"b=c/"),
        ("\udcff/=\udcff/", b"\xff/", b"\xff/"),
    ],
)
def test_mappings(text: str, archive: bytes, tree: bytes) -> None:
    assert mapping(text) == PathMapping(archive=archive, tree=tree)


@pytest.mark.parametrize("text", ["", "a", "a/", "a/=b", "a=b/", "a=", "=b", "/=b"])
def test_mappings_that_are_none(text: str) -> None:
    with pytest.raises(click.BadParameter):
        mapping(text)


@pytest.mark.parametrize("text", ["owner/name", "o/n", "_o/.github", "o-1.x/n_2"])
def test_repositories(text: str) -> None:
    assert _options.repository_name(None, None, text) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "name", "/name", "owner/", "a/b/c", "https://github.com/a/b", "a b/c", "-a/b"]
)
def test_repositories_that_are_none(text: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        _options.repository_name(None, None, text)  # type: ignore[arg-type]
    assert "OWNER/NAME" in caught.value.message


def test_no_allowance_is_given_by_default() -> None:
    options = {f"allow_{name}": () for name in _options.PATTERN_FIELDS} | {"allow_mapping": ()}
    allow = allowances(options)
    assert options == {}
    assert not any(allow.patterns().values())
    assert allow.mappings == ()
