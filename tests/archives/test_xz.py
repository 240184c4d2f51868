"""The xz container. `support_xz` makes streams by hand; liblzma reads the right ones too."""

import lzma
import threading

import pytest

from support_archives import END, member, read, refused
from support_xz import CHECKS, CRC32, CRC64, SHA256, Block, Stream, lzma2, number
from tagseal.archives import Limits

CONTENT = member(b"top/a", b"a" * 700) + member(b"top/b", bytes(range(256)) * 9) + END
PARTS = [CONTENT[:1000], CONTENT[1000:1001], CONTENT[1001:]]


def stream(**options: object) -> bytes:
    """A stream of three blocks; block options go to the second."""
    names = Block.__dataclass_fields__.keys() & options.keys() - {"check", "flags", "header_crc"}
    of_block = {name: options.pop(name) for name in names}
    blocks = [Block(content=part) for part in PARTS]
    blocks[1] = Block(content=PARTS[1], **of_block)  # type: ignore[arg-type]
    return Stream(blocks=blocks, **options).build()  # type: ignore[arg-type]


def code(data: bytes, **options: object) -> str:
    return refused(data, "x.tar.xz", **options).code


@pytest.mark.parametrize("check", [*CHECKS])
@pytest.mark.parametrize("sizes", [True, False])
def test_a_stream_of_several_blocks_is_read(check: int, sizes: bool) -> None:
    blocks = [Block(content=part, sizes=sizes) for part in PARTS]
    data = Stream(blocks=blocks, check=check).build()
    assert lzma.decompress(data) == CONTENT
    listing = read(data, "x.tar.xz")
    assert listing.members == read(CONTENT, "x.tar").members
    assert listing.tar_sha256 == read(CONTENT, "x.tar").sha256
    assert listing.format == "tar.xz"


@pytest.mark.parametrize("check", [lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256])
@pytest.mark.parametrize("preset", [0, 6, 9 | lzma.PRESET_EXTREME])
def test_what_the_library_writes_is_read(check: int, preset: int) -> None:
    data = lzma.compress(CONTENT, check=check, preset=preset)
    assert read(data, "x.tar.xz").members == read(CONTENT, "x.tar").members


def test_some_blocks_tell_their_sizes_and_some_do_not() -> None:
    blocks = [
        Block(content=CONTENT[n : n + 500], sizes=n % 1000 == 0)
        for n in range(0, len(CONTENT), 500)
    ]
    assert read(Stream(blocks=blocks).build(), "x.tar.xz").members.keys() == {b"top/a", b"top/b"}


def test_large_blocks_take_turns() -> None:
    content = member(b"top/a", b"\1" * (3 << 20)) + member(b"top/b", b"\2" * (3 << 20)) + END
    step = 1 << 20
    blocks = [Block(content=content[n : n + step]) for n in range(0, len(content), step)]
    listing = read(Stream(blocks=blocks, check=CRC32).build(), "x.tar.xz")
    assert listing.members == read(content, "x.tar").members
    assert threading.active_count() == 1


def test_blocks_with_large_dictionaries_come_one_after_the_other() -> None:
    limits = Limits(max_decoder_memory=1 << 16)
    listing = read(stream(), "x.tar.xz", limits=limits)
    assert listing.members == read(CONTENT, "x.tar").members


def test_a_dictionary_that_is_too_large_is_refused_before_it_is_made() -> None:
    limits = Limits(max_decoder_memory=(1 << 16) - 1)
    assert code(stream(), limits=limits) == "archive-limit-memory"
    error = refused(stream(filter=b"\x21\x01\x28"), "x.tar.xz")
    assert error.code == "archive-limit-memory"
    assert "4,294,967,295 bytes" in str(error)
    assert code(lzma.compress(CONTENT, preset=9)[:30]) == "archive-truncated"
    assert code(stream(filter=b"\x21\x01\x1d")) == "archive-limit-memory"  # 96 MiB


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"header_crc": b"1234"}, "archive-xz-header"),
        ({"flags": b"\1\4"}, "archive-xz-header"),
        ({"flags": b"\0\x14"}, "archive-xz-header"),
        ({"flags": b"\0\0"}, "archive-xz-check"),
        ({"flags": b"\0\2"}, "archive-xz-check"),
        ({"flags": b"\0\xff"}, "archive-xz-header"),
        ({"records": []}, "archive-xz-index"),
        ({"records": [(44, 1), (44, 1), (44, 1)]}, "archive-xz-index"),
        ({"count": 2}, "archive-xz-index"),
        ({"index_crc": b"1234"}, "archive-xz-index"),
        ({"index_size": 7}, "archive-xz-footer"),
        ({"footer_flags": b"\0\1"}, "archive-xz-footer"),
        ({"footer_crc": b"1234"}, "archive-xz-footer"),
        ({"footer_magic": b"ZY"}, "archive-xz-footer"),
        ({"after": bytes(4)}, "archive-trailing-bytes"),
        ({"after": b"x"}, "archive-trailing-bytes"),
        ({"after": lzma.compress(b"")}, "archive-second-stream"),
        ({"filter": b"\x21\x01\x29"}, "archive-xz-block"),
        ({"filter": b"\x21\x00"}, "archive-xz-filter"),
        ({"filter": b"\x03\x01\x00"}, "archive-xz-filter"),
        ({"filter": b"\x04\x00"}, "archive-xz-filter"),
        ({"filter": b""}, "archive-xz-filter"),
        ({"header_padding": b"\0\0\0\0\1"}, "archive-xz-padding"),
        ({"packed": 0}, "archive-xz-block"),
        ({"unpacked": 0}, "archive-xz-block"),
        ({"packed": 4}, "archive-xz-block"),
        ({"packed": 6}, "archive-xz-block"),
        ({"unpacked": 2}, "archive-xz-block"),
        ({"padding": b"\1\0\0"}, "archive-xz-padding"),
        ({"data": b"\3\0\0\0", "sizes": False}, "archive-corrupt"),
        ({"data": b"\xff\0\0\0\0\0\0", "sizes": False}, "archive-corrupt"),
    ],
)
def test_what_is_out_of_order_is_refused(options: dict[str, object], expected: str) -> None:
    assert code(stream(**options)) == expected


@pytest.mark.parametrize("sizes", [True, False])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"check": bytes(8)}, "archive-crc"),
        ({"header_crc": b"1234"}, "archive-xz-block"),
        ({"flags": 0x04}, "archive-xz-block"),
        ({"flags": 0x01}, "archive-xz-filter"),
    ],
)
def test_a_block_that_is_out_of_order_is_refused(
    options: dict[str, object], expected: str, sizes: bool
) -> None:
    block = Block(content=CONTENT, sizes=sizes, **options)  # type: ignore[arg-type]
    assert code(Stream(blocks=[block]).build()) == expected


def test_the_check_of_each_kind_is_held_against_the_content() -> None:
    for check, size in ((CRC32, 4), (CRC64, 8), (SHA256, 32)):
        wrong = Block(content=CONTENT, check=b"\1" * size)
        assert code(Stream(blocks=[wrong], check=check).build()) == "archive-crc"


@pytest.mark.parametrize("wrong", [b"\x80\x00", b"\xff" * 9, b"\xff" * 4])
def test_a_number_has_one_form(wrong: bytes) -> None:
    block = Block(content=CONTENT, sizes=False, flags=0x40, filter=wrong)
    assert code(Stream(blocks=[block]).build()) == "archive-xz-block"


def test_a_padding_of_the_index_that_is_not_zero_is_refused() -> None:
    block = Block(content=CONTENT)
    _, unpadded, unpacked = block.build(CRC64)
    padding = -len(b"\0\1" + number(unpadded) + number(unpacked)) % 4
    assert padding
    data = Stream(blocks=[block], index_padding=b"\1" * padding).build()
    assert code(data) == "archive-xz-padding"


def test_sizes_that_are_told_too_large_are_refused() -> None:
    assert code(stream(packed=1 << 20)) == "archive-xz-block"
    assert code(stream(unpacked=1 << 50)) == "archive-xz-block"


def test_an_end_in_the_middle_is_refused() -> None:
    data = stream()
    for end in range(1, len(data), 7):
        expected = "archive-name-contradicts" if end < 6 else "archive-truncated"
        assert code(data[:end]) == expected


def test_every_changed_byte_is_refused() -> None:
    data = bytearray(Stream(blocks=[Block(content=part) for part in PARTS], check=CRC32).build())
    for at in range(6, len(data)):
        data[at] ^= 0x01
        assert code(bytes(data)).startswith("archive-")
        data[at] ^= 0x01


def test_more_blocks_than_anybody_needs_are_refused() -> None:
    blocks = [Block(content=b"\0", data=b"\1\0\0\0\0")] * (1 << 14)
    data = Stream(blocks=[Block(content=CONTENT), *blocks]).build()
    assert code(data) == "archive-xz-block"


def test_a_refusal_in_the_tar_stops_the_blocks_that_wait() -> None:
    content = header_that_is_wrong() + bytes(1 << 20)
    blocks = [Block(content=content)] * 3
    assert code(Stream(blocks=blocks, check=CRC32).build()) == "archive-tar-checksum"
    assert threading.active_count() == 1


def header_that_is_wrong() -> bytes:
    return member(b"top/a", checksum=b"0000000\0")


def test_the_limits_hold_for_what_is_unpacked() -> None:
    bomb = member(b"top/a", bytes(3 << 20)) + END
    for data in (
        lzma.compress(bomb),
        Stream(blocks=[Block(content=bomb, data=lzma2(bomb))], check=CRC32).build(),
    ):
        assert code(data, limits=Limits(max_unpacked_size=1 << 20)) == "archive-limit-unpacked-size"
        assert code(data, limits=Limits(ratio_floor=1 << 20)) == "archive-limit-ratio"
        assert code(data, limits=Limits(max_file_size=100)) == "archive-limit-file-size"
