import pytest

from support_archives import END, member, read, refused, zst, zstd
from tagseal.archives import Limits

CONTENT = member(b"top/a", b"a" * 700) + member(b"top/b", bytes(range(256)) * 9) + END
MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE = b"\x5a\x2a\x4d\x18"


def code(data: bytes, **options: object) -> str:
    return refused(data, "x.tar.zst", **options).code


def frame(descriptor: int, fields: bytes, content: bytes = CONTENT, block: int = 1) -> bytes:
    """A frame of one raw block, which is the last."""
    header = (len(content) << 3 | block).to_bytes(3, "little")
    return MAGIC + bytes([descriptor]) + fields + header + content


def streamed(content: bytes, **options: object) -> bytes:
    """A frame that does not tell how large its content is."""
    compressor = zstd.ZstdCompressor(**options)  # type: ignore[arg-type]
    return compressor.compress(content) + compressor.flush()


@pytest.mark.parametrize(
    "data",
    [
        zst(CONTENT),
        zst(CONTENT, compression_level=19),
        zst(CONTENT, checksum_flag=1),
        zst(CONTENT, content_size_flag=0),
        zst(CONTENT, window_log=10),
        streamed(CONTENT),
        streamed(CONTENT, options={zstd.CompressionParameter.checksum_flag: 1}),
        frame(0x00, b"\x58"),
        frame(0x60, (len(CONTENT) - 256).to_bytes(2, "little")),
        frame(0xA0, len(CONTENT).to_bytes(4, "little")),
        frame(0xE0, len(CONTENT).to_bytes(8, "little")),
        frame(0xC0, b"\x59" + len(CONTENT).to_bytes(8, "little")),
    ],
)
def test_one_frame_of_any_kind_is_read(data: bytes) -> None:
    listing = read(data, "x.tar.zst")
    assert listing.members == read(CONTENT, "x.tar").members
    assert listing.tar_sha256 == read(CONTENT, "x.tar").sha256
    assert listing.format == "tar.zst"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (zst(CONTENT) + zst(b""), "archive-second-stream"),
        (zst(CONTENT) + SKIPPABLE + bytes(4), "archive-second-stream"),
        (SKIPPABLE + bytes(4) + zst(CONTENT), "archive-zstd-skippable"),
        (zst(CONTENT) + b"\0", "archive-trailing-bytes"),
        (frame(0x08, b"\x58"), "archive-zstd-header"),
        (frame(0x10, b"\x58"), "archive-zstd-header"),
        (frame(0x01, b"\x58\x07"), "archive-zstd-dictionary"),
        (frame(0x02, b"\x58\x00\x00"), "archive-zstd-dictionary"),
        (frame(0x03, b"\x58" + bytes(4)), "archive-zstd-dictionary"),
        (frame(0xA0, (len(CONTENT) + 1).to_bytes(4, "little")), "archive-corrupt"),
        (frame(0xA0, (len(CONTENT) - 1).to_bytes(4, "little")), "archive-corrupt"),
        (frame(0xA0, bytes(4)), "archive-corrupt"),
        (frame(0x00, b"\x58", block=7), "archive-corrupt"),
        (frame(0x04, b"\x58") + b"1234", "archive-crc"),
        (MAGIC, "archive-truncated"),
        (MAGIC + b"\xa0\0", "archive-truncated"),
    ],
)
def test_what_is_out_of_order_is_refused(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_a_changed_checksum_is_refused() -> None:
    data = bytearray(zst(CONTENT, checksum_flag=1))
    data[-1] ^= 1
    assert code(bytes(data)) == "archive-crc"


@pytest.mark.parametrize(
    "data",
    [
        frame(0x00, bytes([27 - 10 << 3])),
        frame(0x00, b"\x81"),  # 64 MiB and an eighth
        frame(0xE0, (1 << 40).to_bytes(8, "little")),
        streamed(CONTENT, options={zstd.CompressionParameter.window_log: 27}),
    ],
)
def test_a_window_that_is_too_large_is_refused(data: bytes) -> None:
    assert code(data) == "archive-limit-memory"
    assert code(data[:14]) == "archive-limit-memory"


def test_a_window_may_be_as_large_as_the_limit() -> None:
    assert read(frame(0x00, b"\x80"), "x.tar.zst").members
    limits = Limits(max_decoder_memory=len(CONTENT))
    assert read(zst(CONTENT), "x.tar.zst", limits=limits).members
    limits = Limits(max_decoder_memory=len(CONTENT) - 1)
    assert code(zst(CONTENT), limits=limits) == "archive-limit-memory"


def test_an_end_in_the_middle_is_refused() -> None:
    data = zst(CONTENT)
    for end in range(1, len(data)):
        expected = "archive-name-contradicts" if end < 4 else "archive-truncated"
        assert code(data[:end]) == expected


def test_the_limits_hold_for_what_is_unpacked() -> None:
    bomb = zst(member(b"top/a", bytes(3 << 20)) + END)
    assert code(bomb, limits=Limits(max_unpacked_size=1 << 20)) == "archive-limit-unpacked-size"
    assert code(bomb, limits=Limits(ratio_floor=1 << 20)) == "archive-limit-ratio"
    assert code(bomb, limits=Limits(max_file_size=50)) == "archive-limit-file-size"
