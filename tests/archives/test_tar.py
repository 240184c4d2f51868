import io
import tarfile

import pytest

from support_archives import (
    END,
    GNU,
    V7,
    folder,
    header,
    link,
    long_name,
    member,
    pax,
    read,
    record,
    refused,
)
from tagseal.archives import Limits
from tagseal.core.digests import ObjectFormat
from tagseal.core.listing import Mode

LONG = b"top/" + b"n" * 200


def test_files_folders_and_symlinks_are_listed() -> None:
    listing = read(
        folder()
        + member(b"top/hello", b"hello\n")
        + member(b"top/run", b"#!", mode=b"0100755\0")
        + link(b"top/link", b"hello")
        + END
    )
    hello = listing.members[b"top/hello"]
    assert hello.blob == "ce013625030ba8dba906f756967f9e9ca394464a"
    assert hello.sha256 == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    assert (hello.size, hello.mode, hello.raw_mode) == (6, Mode.FILE, 0o644)
    assert listing.members[b"top/run"].mode is Mode.EXECUTABLE
    assert listing.members[b"top/run"].raw_mode == 0o755
    assert listing.members[b"top/link"].target == b"hello"
    assert listing.members[b"top/link"].mode is Mode.SYMLINK
    assert listing.members[b"top/link"].blob == "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"
    assert listing.folders == {b"top"}
    assert listing.sha256 == listing.tar_sha256
    assert listing.comment is None


def test_blob_ids_are_of_the_format_asked_for() -> None:
    listing = read(member(data=b"hello\n") + END, object_format=ObjectFormat.SHA256)
    assert listing.members[b"top/file"].blob == (
        "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4"
    )


def test_members_of_many_chunks_are_read_whole() -> None:
    data = bytes(range(256)) * 5000
    listing = read(
        member(b"top/a", data) + member(b"top/b", b"b") + END, keep=lambda path, size: True
    )
    assert listing.kept == {b"top/a": data, b"top/b": b"b"}


@pytest.mark.parametrize(
    "kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["u", "g", "p"]
)
def test_what_tarfile_writes_is_read(kind: int) -> None:
    out = io.BytesIO()
    names = ["top", "top/a", "top/" + "f" * 60 + "/" + "n" * 90, "top/café"]
    if kind != tarfile.USTAR_FORMAT:
        names.append("top/" + "n" * 240)
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.type = tarfile.DIRTYPE if name == "top" else tarfile.REGTYPE
            info.mode = 0o755
            info.mtime = 1.5 if kind == tarfile.PAX_FORMAT else 1
            archive.addfile(info)
        info = tarfile.TarInfo("top/link")
        info.type = tarfile.SYMTYPE
        info.linkname = "./" * (60 if kind != tarfile.USTAR_FORMAT else 1) + "a"
        archive.addfile(info)
    listing = read(out.getvalue())
    assert [*listing.members] == [name.encode() for name in names[1:]] + [b"top/link"]
    assert listing.members[b"top/link"].target == info.linkname.encode()


def test_long_names_of_gnu_and_pax() -> None:
    for extension in (long_name(LONG), pax(record(b"path", LONG))):
        assert [*read(extension + member(LONG[:100]) + END).members] == [LONG]
    assert [*read(L + member(LONG[:97]) + END).members] == [LONG]
    target = b"./" * 80 + b"file"
    for extension in (long_name(target, b"K"), pax(record(b"linkpath", target))):
        listing = read(extension + link(b"top/link", target[:100]) + END)
        assert listing.members[b"top/link"].target == target
    both = long_name(target, b"K") + long_name(LONG)
    listing = read(both + link(LONG[:100], target[:100]) + END)
    assert listing.members[LONG].target == target


def test_pax_may_say_times_owners_and_what_the_header_says() -> None:
    extension = pax(
        record(b"mtime", b"1.5"),
        record(b"uname", "é".encode()),
        record(b"path", b"top/file"),
        record(b"size", b"1"),
    )
    assert read(extension + member(data=b"x") + END).members[b"top/file"].size == 1
    assert read(pax(record(b"path", b"top")) + folder() + END).folders == {b"top"}


def test_a_global_header_may_hold_a_comment() -> None:
    listing = read(pax(record(b"comment", b"c" * 40), kind=b"g") + member() + END)
    assert listing.comment == b"c" * 40
    assert read(pax(kind=b"g") + member() + END).comment is None


def test_a_v7_name_with_a_slash_is_a_folder() -> None:
    assert read(header(b"top/", magic=V7, kind=b"\0", mode=b"0000755\0") + END).folders == {b"top"}


def test_an_empty_tar_has_no_members() -> None:
    assert read(END).members == {}


X = pax(record(b"mtime", b"1"))
L = long_name(LONG)
K = long_name(LONG, b"K")

REFUSED = {
    "no end": (member(), "archive-tar-no-end"),
    "nothing": (member()[:512], "archive-tar-no-end"),
    "lone end block": (member() + bytes(512), "archive-tar-lone-end"),
    "lone end block before more": (
        member() + bytes(512) + member(b"top/b") + END,
        "archive-tar-lone-end",
    ),
    "data after the end": (member() + END + member(b"top/b") + END, "archive-tar-data-after-end"),
    "a byte after the end": (member() + END + bytes(511) + b"x", "archive-tar-data-after-end"),
    "end no whole block": (member() + END + bytes(5), "archive-truncated"),
    "cut in a header": (member()[:300], "archive-truncated"),
    "cut in data": (member(data=b"x" * 600)[:700], "archive-truncated"),
    "cut in padding": (member(data=b"x")[:520], "archive-truncated"),
    "cut in an extension": (X[:515], "archive-truncated"),
    "padding": (header(size=1) + b"x" + bytes(510) + b"x" + END, "archive-tar-padding"),
    "padding of an extension": (
        header(kind=b"x", size=11) + b"11 mtime=1\n" + bytes(500) + b"x" + member() + END,
        "archive-tar-padding",
    ),
    "hardlink": (header(kind=b"1", link=b"top/a") + END, "archive-hardlink"),
    "character device": (header(kind=b"3") + END, "archive-tar-type"),
    "block device": (header(kind=b"4") + END, "archive-tar-type"),
    "fifo": (header(kind=b"6") + END, "archive-tar-type"),
    "contiguous": (header(kind=b"7") + END, "archive-tar-type"),
    "sparse": (header(kind=b"S", magic=GNU) + END, "archive-tar-type"),
    "volume": (header(kind=b"V", magic=GNU) + END, "archive-tar-type"),
    "no known type": (header(kind=b"\xff") + END, "archive-tar-type"),
    "file named as a folder": (header(b"top/a/") + END, "archive-tar-slash"),
    "old file named as a folder": (header(b"top/a/", kind=b"\0") + END, "archive-tar-slash"),
    "symlink named as a folder": (link(b"top/a/", b"b") + END, "archive-tar-slash"),
    "file with a target": (header(link=b"top/a") + END, "archive-tar-link"),
    "folder with a target": (
        header(kind=b"5", link=b"a", mode=b"0000755\0") + END,
        "archive-tar-link",
    ),
    "folder with data": (
        member(b"top/", b"x", kind=b"5", mode=b"0000755\0") + END,
        "archive-tar-data",
    ),
    "symlink with data": (member(b"top/a", b"x", kind=b"2", link=b"b") + END, "archive-tar-data"),
    "mode of another type": (header(mode=b"0120644\0") + END, "archive-mode-type"),
    "x before x": (X + X + member() + END, "archive-tar-stacked"),
    "x before L": (X + L + member() + END, "archive-tar-stacked"),
    "L before x": (L + X + member() + END, "archive-tar-stacked"),
    "L before L": (L + L + member() + END, "archive-tar-stacked"),
    "K before K": (K + K + member() + END, "archive-tar-stacked"),
    "x before the end": (member() + X + END, "archive-tar-stacked"),
    "L before the end": (member() + L + END, "archive-tar-stacked"),
    "K before the end": (member() + K + END, "archive-tar-stacked"),
    "L of another name": (member(b"other", LONG + b"\0", kind=b"L") + END, "archive-tar-stacked"),
    "L with two names": (
        member(b"././@LongLink", LONG + b"\0b\0", kind=b"L") + member() + END,
        "archive-tar-junk",
    ),
    "L with no name": (member(b"././@LongLink", b"\0", kind=b"L") + END, "archive-tar-junk"),
    "L unlike the header": (L + member(b"top/m") + END, "archive-pax-disagrees"),
    "L beside no name": (L + member(b"") + END, "archive-pax-disagrees"),
    "L with the name cut short": (L + member(LONG[:95]) + END, "archive-pax-disagrees"),
    "K unlike the header": (K + link(b"top/a", b"b") + END, "archive-pax-disagrees"),
    "pax path unlike the header": (
        pax(record(b"path", b"top/evil")) + member() + END,
        "archive-pax-disagrees",
    ),
    "pax path empty": (pax(record(b"path", b"")) + member() + END, "archive-pax-disagrees"),
    "pax linkpath unlike the header": (
        pax(record(b"linkpath", b"evil")) + link(b"top/a", b"b") + END,
        "archive-pax-disagrees",
    ),
    "pax size unlike the header": (
        pax(record(b"size", b"512")) + header() + END + END,
        "archive-pax-disagrees",
    ),
    "pax size no number": (pax(record(b"size", b"+1")) + member() + END, "archive-pax-malformed"),
    "pax size padded": (pax(record(b"size", b"00")) + member() + END, "archive-pax-malformed"),
    "pax size endless": (
        pax(record(b"size", b"9" * 19)) + member() + END,
        "archive-pax-malformed",
    ),
    "global after a member": (
        member() + pax(record(b"comment", b"c"), kind=b"g") + END,
        "archive-pax-global",
    ),
    "global twice": (2 * pax(record(b"comment", b"c"), kind=b"g") + END, "archive-pax-global"),
    "global with a path": (
        pax(record(b"path", b"evil"), kind=b"g") + member() + END,
        "archive-pax-global",
    ),
    "extension too large": (
        member(b"x", b"x" * 70000, kind=b"x") + member() + END,
        "archive-tar-extension-size",
    ),
}


@pytest.mark.parametrize(("tar", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(tar: bytes, code: str) -> None:
    assert refused(tar).code == code


def test_a_pax_size_may_be_beyond_what_a_header_holds() -> None:
    tar = pax(record(b"size", b"%d" % 8**11)) + header() + END
    assert refused(tar, limits=Limits(max_unpacked_size=8**12)).code == "archive-truncated"


def test_a_type_is_shown_escaped() -> None:
    assert "\\x1b" in refused(header(kind=b"\x1b") + END).message
