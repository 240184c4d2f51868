import pytest

from support_archives import END, GNU, V7, field_of, header, member, read, refused
from tagseal.archives import _fields


@pytest.mark.parametrize("magic", [b"ustar\x0000", GNU, V7])
@pytest.mark.parametrize("kind", [b"0", b"\0"])
def test_every_kind_of_tar_is_read(magic: bytes, kind: bytes) -> None:
    listing = read(member(data=b"x", magic=magic, kind=kind) + END)
    assert [*listing.members] == [b"top/file"]


@pytest.mark.parametrize("number", [b"0000001\0", b"      1 ", b"000001 \0", b"1" + bytes(7)])
def test_numbers_are_octal_with_blanks_around(number: bytes) -> None:
    assert read(header(uid=number.ljust(8, b"\0")) + END).members


def test_a_number_may_fill_its_field() -> None:
    assert read(member(data=b"x", size=b"000000000001") + END).members[b"top/file"].size == 1


def test_owners_may_be_empty_but_a_size_not() -> None:
    assert read(header(uid=bytes(8)) + END).members
    assert refused(header(size=bytes(12)) + END).code == "archive-tar-number"


@pytest.mark.parametrize(
    "number",
    [b"000008\0 ", b"-000001\0", b"0x1\0\0\0\0\0", b"1\x000000\0\0", b"1 1    \0", b"+000001\0"],
)
def test_other_numbers_are_refused(number: bytes) -> None:
    assert refused(header(uid=number) + END).code == "archive-tar-number"


def test_base_256_is_refused() -> None:
    assert refused(header(size=b"\x80" + bytes(10) + b"\1") + END).code == "archive-tar-base256"
    assert refused(header(uid=b"\xff" * 8) + END).code == "archive-tar-base256"


@pytest.mark.parametrize("name", [b"top/file", "top/\u00e9".encode(), "top/\uffff".encode() * 10])
def test_a_wrong_checksum_is_refused(name: bytes) -> None:
    right = header(name)
    assert read(right + END, keep=lambda path, size: True).kept == {name: b""} or len(name) > 20
    digits = right[148:154]
    wrong = b"%06o\0 " % (int(digits, 8) + 1)
    assert refused(header(name, checksum=wrong) + END).code == "archive-tar-checksum"


def test_a_sum_over_a_full_block_of_ascii_is_right() -> None:
    block = header(b"~" * 100, link=b"~" * 100, uname=b"~" * 31, prefix=b"~" * 154, kind=b"2")
    parsed = _fields.parse_header(block)
    assert parsed.name == b"~" * 154 + b"/" + b"~" * 100
    assert parsed.link == b"~" * 100


def test_an_unknown_magic_is_refused() -> None:
    # The name is not .tar's own, so that not the name is what refuses it.
    assert refused(header(magic=b"ustar\x0001") + END).code == "archive-tar-magic"
    assert refused(header(magic=b"tar\0\0\0\0\0") + END).code == "archive-tar-magic"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": b"top/file\0hidden"},
        {"link": b"\0hidden"},
        {"uname": b"root\0x"},
        {"prefix": b"top\0hidden"},
        {"prefix": b"\0hidden"},
        {"padding": b"x"},
        {"magic": GNU, "prefix": b"prefix"},
        {"magic": V7, "prefix": b"prefix"},
    ],
)
def test_bytes_that_belong_to_no_field_are_refused(wrong: dict[str, bytes]) -> None:
    assert refused(header(**wrong) + END).code == "archive-tar-junk"  # type: ignore[arg-type]


def test_a_v7_header_has_no_owners_by_name() -> None:
    block = bytearray(header(magic=V7))
    block[265:269] = b"root"
    block[148:156] = b" " * 8
    block[148:156] = field_of(b"%06o\0 " % sum(block), 8)
    assert refused(bytes(block) + END).code == "archive-tar-junk"
