import pytest

from tagseal.contents.rules._parsed import as_table, is_same, read_json, read_toml


@pytest.mark.parametrize(
    ("first", "second"),
    [(1, True), (0, False), (1, 1.0), ("1", 1), ([], {}), (None, False), ({"a": 1}, {"b": 1})],
)
def test_values_of_different_types_are_not_the_same(first: object, second: object) -> None:
    assert is_same(first, first)
    assert not is_same(first, second)
    assert not is_same({"x": [first]}, {"x": [second]})


def test_the_order_of_keys_counts_where_it_is_asked_for() -> None:
    first, second = {"a": 1, "b": [{"c": 2, "d": 3}]}, {"b": [{"d": 3, "c": 2}], "a": 1}
    assert is_same(first, second)
    assert not is_same(first, second, ordered=True)
    assert not is_same([1, 2], [2, 1])
    assert not is_same([1], [1, 1])


def test_what_is_no_document() -> None:
    assert read_toml(b"a = 1") == {"a": 1}
    assert read_json(b'{"a": 1}') == {"a": 1}
    for read in (read_toml, read_json):
        for content in (None, b"\xff", b"{", b" " * (2**20 + 1), b"[" * 2**19):
            assert read(content) is None
    for text in (b"[]", b"5", b"null", b'{"a": 1, "a": 2}', b'{"a": -Infinity}'):
        assert read_json(text) is None
    assert as_table([1]) == {}
    assert as_table({"a": 1}) == {"a": 1}
