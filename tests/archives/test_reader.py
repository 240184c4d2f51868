import bz2
import io
import lzma
from pathlib import Path

import pytest

from support_archives import END, V7, Zip, gz, header, member, read, refused, zip_of, zst
from tagseal.archives import Limits, open_archive, read_archive
from tagseal.core.digests import sha256_hex
from tagseal.core.errors import ArchiveError, TagsealError
from tagseal.core.reasons import REASONS, Status

TAR = member(data=b"content\n") + END
XZ = lzma.compress(TAR)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (TAR, "x.tar", "tar"),
        (TAR, "x", "tar"),
        (TAR, "x.gem", "tar"),
        (member(magic=V7) + END, "x.tar", "tar"),
        (gz(TAR), "x.tar.gz", "tar.gz"),
        (gz(TAR), "x.tgz", "tar.gz"),
        (gz(TAR), "x.crate", "tar.gz"),
        (gz(TAR), "X.TAR.GZ", "tar.gz"),
        (gz(TAR), "download", "tar.gz"),
        (lzma.compress(TAR), "x.tar.xz", "tar.xz"),
        (lzma.compress(TAR), "x.txz", "tar.xz"),
        (zst(TAR), "x.tar.zst", "tar.zst"),
        (zst(TAR), "x.tzst", "tar.zst"),
        (bz2.compress(TAR), "x.tar.bz2", "tar.bz2"),
        (bz2.compress(TAR), "x.tbz2", "tar.bz2"),
        (bz2.compress(TAR), "x.tbz", "tar.bz2"),
        (bz2.compress(TAR), "download", "tar.bz2"),
        (zip_of(), "x.zip", "zip"),
        (zip_of(), "x.whl", "zip"),
        (zip_of(), "x.jar", "zip"),
        (Zip().build(), "x.zip", "zip"),
    ],
)
def test_the_bytes_say_which_format_it_is(data: bytes, name: str, kind: str) -> None:
    listing = read(data, name)
    assert (listing.format, listing.name, listing.size) == (kind, name, len(data))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (gz(TAR), "x.tar"),
        (gz(TAR), "x.whl"),
        (gz(TAR), "x.tar.xz"),
        (TAR, "x.tar.gz"),
        (TAR, "x.zip"),
        (zip_of(), "x.tar.gz"),
        (XZ, "x.tar.gz"),
        (XZ, "x.tar.zst"),
        (b"junk", "x.tar.gz"),
        (TAR[:300], "x.tar.zst"),
    ],
)
def test_a_name_that_contradicts_the_bytes_is_refused(data: bytes, name: str) -> None:
    assert refused(data, name).code == "archive-name-contradicts"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"LZIP\1" + bytes(50), "x.tar.lz"),
        (b"\x1f\x9d\x90" + bytes(50), "x.tar.Z"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "x.7z"),
        (b"\x04\x22\x4d\x18" + bytes(50), "download"),
    ],
)
def test_formats_that_are_not_read_are_undecided(data: bytes, name: str) -> None:
    error = refused(data, name)
    assert error.code == "archive-format-unsupported"
    assert error.reason.status is Status.UNDECIDED


@pytest.mark.parametrize("name", ["download", "x.tar", "x.tar.gz", "x.zip", "x.tar.xz"])
def test_an_empty_file_is_cut_short(name: str) -> None:
    assert refused(b"", name).code == "archive-truncated"


@pytest.mark.parametrize("data", [b"junk", bytes(2000), b"!<arch>\n" + bytes(600)])
def test_what_is_no_archive_is_undecided(data: bytes) -> None:
    error = refused(data, "download")
    assert error.code == "archive-format-unknown"
    assert error.reason.status is Status.UNDECIDED


def test_all_refusals_of_an_archive_are_not_verified() -> None:
    undecided = {"archive-format-unsupported", "archive-format-unknown"}
    usage = {"archive-write-unsupported"}
    for code, reason in REASONS.items():
        if code.startswith("archive-") and code not in undecided | usage:
            assert reason.status is Status.NOT_VERIFIED


def test_limits_on_sizes() -> None:
    zeros = gz(member(data=bytes(1_000_000)) + END)
    codes = {
        "archive-limit-file-size": Limits(max_file_size=len(zeros) - 1),
        "archive-limit-unpacked-size": Limits(max_unpacked_size=1_000_000),
        "archive-limit-ratio": Limits(ratio_floor=500_000),
    }
    for code, limits in codes.items():
        assert refused(zeros, "x.tar.gz", limits=limits).code == code
    assert read(zeros, "x.tar.gz").members
    assert read(zeros, "x.tar.gz", limits=Limits(ratio_floor=500_000, max_ratio=2000)).members


def test_a_path_is_opened_once(tmp_path: Path) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gz(TAR))
    assert open_archive(path) == read(gz(TAR), "x.tar.gz")
    kept = open_archive(path, keep=lambda name, size: True).kept
    assert kept == {b"top/file": b"content\n"}


def test_a_file_that_cannot_be_opened_is_undecided(tmp_path: Path) -> None:
    for path in (tmp_path / "missing\x1b.tar", tmp_path):
        with pytest.raises(TagsealError) as caught:
            open_archive(path)
        assert caught.value.code == "file-unreadable"
        assert "\x1b" not in str(caught.value)


class Broken(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_file_that_cannot_be_read_is_undecided() -> None:
    with pytest.raises(TagsealError) as caught:
        read_archive(Broken(), "x.tar")
    assert caught.value.code == "file-unreadable"
    assert not isinstance(caught.value, ArchiveError)
    assert str(caught.value) == "x.tar: The archive cannot be read: Input/output error."


class OneWay(io.BytesIO):
    def seek(self, *where: int) -> int:
        raise io.UnsupportedOperation("seek")


class Slow(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 7, 7))


def test_a_tar_may_come_from_a_pipe_but_a_zip_not() -> None:
    assert read_archive(OneWay(gz(TAR)), "x.tar.gz") == read(gz(TAR), "x.tar.gz")
    with pytest.raises(TagsealError) as caught:
        read_archive(OneWay(zip_of()), "x.zip")
    assert caught.value.code == "file-unreadable"


@pytest.mark.parametrize(
    ("data", "name"), [(TAR, "x.tar"), (gz(TAR), "x.tar.gz"), (zip_of(), "x.zip")]
)
def test_reads_may_be_short(data: bytes, name: str) -> None:
    assert read_archive(Slow(data), name) == read(data, name)


def test_a_zip_without_its_magic_is_judged_as_a_zip() -> None:
    assert refused(b"junk", "x.zip").code == "archive-zip-end"
    assert refused(b"#!/bin/sh\n" + zip_of(), "x.whl").code == "archive-zip-gap"


def test_an_empty_block_without_a_name_is_no_tar() -> None:
    assert refused(header(magic=V7) + END, "x").code == "archive-format-unknown"


def test_only_the_digests_that_are_asked_for_are_made() -> None:
    tar = gz(member(b"top/a", b"a") + member(b"top/b", b"b") + member(b"top/c", b"c") + END)
    listing = read_archive(
        io.BytesIO(tar),
        "top.tar.gz",
        sha256_of=lambda path: path == b"top/a",
        keep=lambda path, size: path == b"top/c",
        tar_digest=False,
    )
    made = {path: member.sha256 for path, member in listing.members.items()}
    assert made == {b"top/a": sha256_hex(b"a"), b"top/b": None, b"top/c": sha256_hex(b"c")}
    assert listing.tar_sha256 is None
    assert listing.sha256 == sha256_hex(tar)
    assert listing.members[b"top/b"].blob == read(tar, "top.tar.gz").members[b"top/b"].blob
