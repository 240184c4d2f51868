import bz2

import pytest

from support_archives import END, member, read, refused
from tagseal.archives import Limits
from tagseal.core.errors import ArchiveError

CONTENT = member(b"top/a", b"a" * 700) + member(b"top/b", bytes(range(256)) * 9) + END


def code(data: bytes, **options: object) -> str:
    return refused(data, "x.tar.bz2", **options).code


@pytest.mark.parametrize("level", [1, 9])
def test_one_stream_is_read(level: int) -> None:
    listing = read(bz2.compress(CONTENT, level), "x.tar.bz2")
    assert listing.members == read(CONTENT, "x.tar").members
    assert listing.tar_sha256 == read(CONTENT, "x.tar").sha256
    assert listing.format == "tar.bz2"


def test_several_blocks_are_read() -> None:
    content = member(b"top/a", bytes(range(256)) * 2000) + END
    assert read(bz2.compress(content, 1), "x.tar.bz2").members == read(content).members


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (bz2.compress(b""), "archive-second-stream"),
        (b"\0", "archive-trailing-bytes"),
        (bytes(1 << 20), "archive-trailing-bytes"),
    ],
)
def test_nothing_may_follow(after: bytes, expected: str) -> None:
    assert code(bz2.compress(CONTENT) + after) == expected


def test_corrupt_data_is_refused_or_makes_no_difference() -> None:
    """Bzip2 has tables with codes that nothing uses, and bits at its end that nobody reads."""
    members = read(CONTENT, "x.tar").members
    data = bytearray(bz2.compress(CONTENT))
    refusals: list[str] = []
    for at in range(4, len(data)):
        data[at] ^= 0x10
        try:
            found = read(bytes(data), "x.tar.bz2").members
        except ArchiveError as error:
            refusals.append(error.code)
        else:
            assert found == members
        data[at] ^= 0x10
    assert set(refusals) <= {"archive-corrupt", "archive-truncated"}
    assert len(refusals) > 700


def test_an_end_in_the_middle_is_refused() -> None:
    data = bz2.compress(CONTENT)
    for end in range(1, len(data)):
        expected = "archive-name-contradicts" if end < 3 else "archive-truncated"
        assert code(data[:end]) == expected


def test_the_limits_hold_for_what_is_unpacked() -> None:
    bomb = bz2.compress(member(b"top/a", bytes(3 << 20)) + END)
    assert code(bomb, limits=Limits(max_unpacked_size=1 << 20)) == "archive-limit-unpacked-size"
    assert code(bomb, limits=Limits(ratio_floor=1 << 20)) == "archive-limit-ratio"
    assert code(bomb, limits=Limits(max_file_size=50)) == "archive-limit-file-size"
