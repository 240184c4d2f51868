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


GOOD = {
    "tag_name": ["v1", "release/1", "refs/heads"],
    "commit_id": ["0" * 40, "a1" * 32],
    "number": ["1", "0123"],
    "builder_uri": ["https://github.com/o/n/.github/workflows/w.yml@refs/tags/v1"],
    "workflow_path": [".github/workflows/release.yml", "a.yaml"],
}
BAD = {
    "tag_name": [("", "not empty"), ("refs/tags/v1", 'without refs/tags/: "v1"')],
    "commit_id": [(v, "in full") for v in ("", "0" * 39, "A" * 40, "main", "0" * 40 + "\n")],
    "number": [(v, "numeric id") for v in ("", "name", "-1", "1.0", "\N{ARABIC-INDIC DIGIT ONE}")],
    "builder_uri": [
        (v, "with its ref")
        for v in (
            "",
            "x@y",
            "https://a/b",
            "https://a/b@",
            "http://a/b@c",
            "https://a@b",
            "https://a/b c@d",
        )
    ],
    "workflow_path": [
        (v, "path of a workflow")
        for v in (
            "",
            "release",
            "/a.yml",
            "../a.yml",
            "a//b.yml",
            "https://a/b.yml",
            "a.yml@v1",
            "./a.yml",
        )
    ],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in GOOD.items() for v in values])
def test_values_that_can_be_meant(name: str, value: str) -> None:
    callback = getattr(_options, name)
    assert callback(None, None, value) == value
    assert callback(None, None, None) is None


@pytest.mark.parametrize(
    ("name", "value", "said"), [(n, v, said) for n, values in BAD.items() for v, said in values]
)
def test_values_that_cannot_be_meant(name: str, value: str, said: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        getattr(_options, name)(None, None, value)
    assert said in caught.value.message
