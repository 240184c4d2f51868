"""Both deflate libraries, at everything that rests on them: whatever is at hand must do."""

import gzip
import random
import sys
import zlib

import pytest

from support_archives import END, Zip, ZipMember, gz, member, read, refused, zip_of
from tagseal.archives import Limits
from tagseal.archives._deflate import deflate_library

NOISE = random.Random(3).randbytes(70_000)
CONTENT = member(b"top/a", b"a" * (3 << 20)) + member(b"top/b", NOISE + NOISE) + END


@pytest.fixture(params=["isal", "zlib"], autouse=True)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read with Intel's library, then as where it cannot be imported."""
    if request.param == "zlib":
        monkeypatch.setitem(sys.modules, "isal", None)
    return str(request.param)


def test_the_library_is_the_one_that_is_meant(library: str) -> None:
    assert (deflate_library().crc32 is zlib.crc32) == (library == "zlib")
    assert deflate_library().crc32(b"x", 7) == zlib.crc32(b"x", 7)


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_a_gzip_of_every_level_is_read(level: int) -> None:
    listing = read(gzip.compress(CONTENT, level), "x.tar.gz")
    assert listing.members == read(CONTENT, "x.tar").members
    assert listing.tar_sha256 == read(CONTENT, "x.tar").sha256


def test_deflate_that_was_flushed_in_the_middle_is_read() -> None:
    made = zlib.compressobj(6, zlib.DEFLATED, 31)
    data = b"".join(
        made.compress(CONTENT[n : n + 9999]) + made.flush(zlib.Z_FULL_FLUSH)
        for n in range(0, len(CONTENT), 9999)
    )
    assert read(data + made.flush(), "x.tar.gz").members == read(CONTENT, "x.tar").members


def test_a_zip_of_every_kind_is_read() -> None:
    members = [
        ZipMember(name=b"top/a", data=b"a" * (3 << 20)),
        ZipMember(name=b"top/b", data=NOISE + NOISE),
        ZipMember(name=b"top/c", data=NOISE, method=0),
        ZipMember(name=b"top/d", data=b""),
    ]
    listing = read(Zip(members=members).build(), "x.zip")
    assert listing.members[b"top/a"] == read(CONTENT, "x.tar").members[b"top/a"]
    assert listing.members[b"top/b"] == read(CONTENT, "x.tar").members[b"top/b"]


@pytest.mark.parametrize(
    ("packed", "expected"),
    [
        (b"\x07", "archive-deflate"),
        (b"\x4b\x04", "archive-deflate"),
        (b"\x4b\x04\x00" + b"x", "archive-zip-after-deflate"),
        (b"", "archive-deflate"),
        (b"\x03\x02", "archive-deflate"),
    ],
)
def test_other_data_in_a_zip_is_refused(packed: bytes, expected: str) -> None:
    data = zip_of(data=b"a", packed=packed)
    assert refused(data, "x.zip").code in (expected, "archive-zip-size")


def test_a_gzip_that_is_cut_or_changed_is_refused() -> None:
    data = gz(member(b"top/a", b"abc" * 50) + END)
    for end in range(10, len(data)):
        assert refused(data[:end], "x.tar.gz").code == "archive-truncated"
    refusals = set()
    for at in range(10, len(data)):
        changed = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
        refusals.add(refused(changed, "x.tar.gz").code)
    assert {"archive-deflate", "archive-crc", "archive-gzip-length"} <= refusals


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (gz(b""), "archive-gzip-second-member"),
        (b"\0", "archive-trailing-bytes"),
        (bytes(1 << 20), "archive-trailing-bytes"),
    ],
)
def test_nothing_may_follow_a_gzip(after: bytes, expected: str) -> None:
    assert refused(gz(CONTENT) + after, "x.tar.gz").code == expected


def test_the_limits_hold_for_what_is_unpacked() -> None:
    bomb = gz(member(b"top/a", bytes(5 << 20)) + END)
    limits = Limits(max_unpacked_size=1 << 20)
    assert refused(bomb, "x.tar.gz", limits=limits).code == "archive-limit-unpacked-size"
    limits = Limits(ratio_floor=1 << 20)
    assert refused(bomb, "x.tar.gz", limits=limits).code == "archive-limit-ratio"
    bomb = zip_of(name=b"top/a", data=bytes(5 << 20))
    assert refused(bomb, "x.zip", limits=limits).code == "archive-limit-ratio"
