import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_archives import record
from tagseal.archives._pax import parse_records
from tagseal.core.errors import ArchiveError


def refused(data: bytes, *, is_global: bool = False) -> str:
    with pytest.raises(ArchiveError) as caught:
        parse_records(data, is_global=is_global)
    return caught.value.code


def test_records_are_key_and_value() -> None:
    data = record(b"path", b"a=b\nc") + record(b"mtime", b"1.5")
    assert parse_records(data) == {b"path": b"a=b\nc", b"mtime": b"1.5"}
    assert parse_records(b"") == {}


@given(st.binary(max_size=1200).filter(lambda value: b"\0" not in value))
def test_any_value_comes_back(value: bytes) -> None:
    assert parse_records(record(b"path", value)) == {b"path": value}


@pytest.mark.parametrize(
    "data",
    [
        b"mtime=1\n",
        b"011 mtime=1\n",
        b"-1 mtime=1\n",
        b"11  mtime=1\n",
        b"10 mtime=1\n",
        b"12 mtime=1\n",
        b"11 mtime=1",
        b"11 mtime=1\n\0",
        b"11 mtime=1\n5",
        b"3 \n",
        b"2 ",
        b"0 mtime=1\n",
        b"6 =12\n",
        b"9 mtime1\n",
        b"12 mtime=1\0\n",
        b"9999999999 mtime=1\n",
    ],
)
def test_malformed_records_are_refused(data: bytes) -> None:
    assert refused(data) == "archive-pax-malformed"


def test_a_record_twice_is_refused() -> None:
    assert refused(record(b"path", b"a") + record(b"path", b"a")) == "archive-pax-duplicate"


@pytest.mark.parametrize(
    "key", [b"GNU.sparse.major", b"hdrcharset", b"comment", b"SCHILY.xattr.user.a", b"Path"]
)
def test_a_record_that_is_not_known_is_refused(key: bytes) -> None:
    assert refused(record(key, b"1")) == "archive-pax-key"


def test_a_global_header_holds_a_comment_only() -> None:
    assert parse_records(record(b"comment", b"c"), is_global=True) == {b"comment": b"c"}
    assert refused(record(b"mtime", b"1"), is_global=True) == "archive-pax-global"
