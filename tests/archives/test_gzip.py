import gzip
import zlib

import pytest

from support_archives import END, gz, member, read, refused

TAR = member(data=b"content\n") + END
HEADER = bytes.fromhex("1f8b08000000000002ff")
GZ = gz(TAR)
BODY = GZ[10:]


def test_a_gzip_is_read_and_both_digests_are_told() -> None:
    listing = read(GZ, "top.tar.gz")
    assert listing.format == "tar.gz"
    assert listing.tar_sha256 == read(TAR).sha256
    assert listing.size == len(GZ)


def test_a_file_name_is_allowed() -> None:
    assert read(b"\x1f\x8b\x08\x08" + bytes(6) + b"top.tar\0" + BODY, "top.tgz").members


@pytest.mark.parametrize("level", [0, 1, 9])
def test_any_level_is_read_across_chunks(level: int) -> None:
    data = b"".join(b"%d," % n for n in range(200_000))
    packed = gzip.compress(member(data=data) + END, level)
    kept = read(packed, "top.crate", keep=lambda path, size: True).kept
    assert kept == {b"top/file": data}


def test_a_file_that_unpacks_to_whole_output_chunks_is_read() -> None:
    size = (1 << 18) - 512 - 1024
    for extra in (0, 1 << 18):
        assert read(gz(member(data=bytes(size + extra)) + END), "top.tar.gz").members


REFUSED = {
    "second member": (GZ + GZ, "archive-gzip-second-member"),
    "empty second member": (GZ + gz(b""), "archive-gzip-second-member"),
    "trailing zero": (GZ + b"\0", "archive-trailing-bytes"),
    "trailing text": (GZ + b"PK\3\4", "archive-trailing-bytes"),
    "text flag": (b"\x1f\x8b\x08\x01" + bytes(6) + BODY, "archive-gzip-flags"),
    "header checksum": (b"\x1f\x8b\x08\x02" + bytes(8) + BODY, "archive-gzip-flags"),
    "extra field": (b"\x1f\x8b\x08\x04" + bytes(8) + BODY, "archive-gzip-flags"),
    "comment": (b"\x1f\x8b\x08\x10" + bytes(6) + b"c\0" + BODY, "archive-gzip-flags"),
    "reserved flag": (b"\x1f\x8b\x08\x80" + bytes(6) + BODY, "archive-gzip-flags"),
    "other method": (b"\x1f\x8b\x07\x00" + bytes(6) + BODY, "archive-gzip-header"),
    "endless name": (b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 2000 + BODY, "archive-gzip-header"),
    "checksum": (GZ[:-8] + b"\0\0\0\0" + GZ[-4:], "archive-crc"),
    "length": (GZ[:-4] + b"\0\0\0\1", "archive-gzip-length"),
    "cut in the header": (GZ[:5], "archive-truncated"),
    "cut in the data": (GZ[:30], "archive-truncated"),
    "cut after the data": (GZ[:-8], "archive-truncated"),
    "cut in the trailer": (GZ[:-1], "archive-truncated"),
    "corrupt": (HEADER + b"\xff" * 20, "archive-deflate"),
    "no tar inside": (gz(b"x" * 2000), "archive-tar-number"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(data: bytes, code: str) -> None:
    assert refused(data, "top.tar.gz").code == code


def test_a_stream_that_was_flushed_in_the_middle_is_read() -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(TAR[:100]) + deflate.flush(zlib.Z_FULL_FLUSH)
    body += deflate.compress(TAR[100:]) + deflate.flush()
    assert read(HEADER + body + GZ[-8:], "top.tar.gz").members
