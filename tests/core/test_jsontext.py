import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.core.jsontext import dump, parse

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**18) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_what_is_dumped_is_parsed(value: object) -> None:
    assert parse(dump(value)) == value
    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"a":1,"a":1}', "twice"),
        (b'{"a":1,"\\u0061":1}', "twice"),
        (b'{"x":{"a":1,"a":2}}', "twice"),
        (b"1.0", "integer"),
        (b"1e3", "integer"),
        (b"NaN", "integer"),
        (b"-Infinity", "integer"),
        (b"1" * 20, "large"),
        (b"", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'"\xff"', "UTF-8"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b'"\\ud800"', "half"),
        (b'{"\\uDFFF":1}', "half"),
        (b"[" * 65 + b"]" * 65, "levels"),
        (b'{"a":' * 100_000, "levels"),
        (b'"[" ' * 3, "not JSON"),
    ],
)
def test_what_has_two_meanings_is_refused(text: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse(text)


def test_what_only_looks_deep_or_half_is_read() -> None:
    assert parse(b'"' + b"[" * 100 + b'\\"{"') == "[" * 100 + '"{'
    assert parse(b"[" * 64 + b"]" * 64)
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"
    assert parse(b'"\\\\ud800"') == "\\ud800"


def test_a_key_is_shown_safely() -> None:
    with pytest.raises(ValueError, match="stands twice") as caught:
        parse(b'{"\\u001b[2J":1,"\\u001b[2J":1}')
    assert "\x1b" not in str(caught.value)
