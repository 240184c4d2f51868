import io
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from support_archives import Zip, ZipMember, read, refused, zip_of
from tagseal.archives import Limits, read_archive
from tagseal.core.listing import Mode

CONTENT = b"content\n"
CRC = zlib.crc32(CONTENT)


def deflated(data: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush()


PACKED = len(deflated(CONTENT))
UT = struct.pack("<2HBI", 0x5455, 5, 1, 0)


def read_zip(data: bytes, name: str = "top.zip", **options: object):
    return read(data, name, **options)  # type: ignore[arg-type]


def zip_refused(data: bytes, **options: object) -> str:
    return refused(data, "top.zip", **options).code


@pytest.mark.parametrize("method", [0, 8])
def test_a_member_is_read(method: int) -> None:
    listing = read_zip(zip_of(method=method), keep=lambda path, size: True)
    assert listing.format == "zip"
    assert listing.tar_sha256 is None
    assert listing.kept == {b"top/file": CONTENT}
    assert listing.members[b"top/file"].raw_mode == 0o644
    assert listing.members[b"top/file"].size == len(CONTENT)


def test_an_empty_zip_has_no_members() -> None:
    assert read_zip(Zip().build()).members == {}


def test_comment_times_and_utf8_names_are_read() -> None:
    name = "top/é".encode()
    data = Zip(
        members=[ZipMember(name=name, flags=0x800, extra=UT, local_extra=UT)], comment=b"c" * 40
    ).build()
    listing = read_zip(data)
    assert [*listing.members] == [name]
    assert listing.comment == b"c" * 40


@pytest.mark.parametrize("mark", [b"PK\7\x08", b""])
@pytest.mark.parametrize("told", [(0, 0, 0), (CRC, PACKED, len(CONTENT))])
def test_a_data_descriptor_is_read(mark: bytes, told: tuple[int, int, int]) -> None:
    after = mark + struct.pack("<3I", CRC, PACKED, len(CONTENT))
    assert read_zip(zip_of(flags=8, local_sizes=told, after=after)).members


def test_members_may_stand_in_another_order_than_the_directory() -> None:
    one, two = ZipMember(name=b"top/1"), ZipMember(name=b"top/2")
    local_one, _ = one.build(0)
    one.offset, two.offset = len(local_one), 0
    data = Zip(members=[one, two]).build()
    assert local_one in data
    # The local headers are exchanged, so that each is where the directory says.
    body = two.build(0)[0] + one.build(0)[0]
    assert [*read_zip(body + data[len(body) :]).members] == [b"top/2", b"top/1"]


@pytest.mark.parametrize(
    ("fields", "mode", "raw_mode"),
    [
        ({"mode": 0o100755}, Mode.EXECUTABLE, 0o755),
        ({"mode": 0o600}, Mode.FILE, 0o600),
        ({"mode": 0}, Mode.FILE, None),
        ({"system": 0, "mode": 0}, Mode.FILE, None),
        ({"system": 0, "mode": 0o100666, "dos": 0x20}, Mode.FILE, None),
        ({"mode": 0o120777, "data": b"to", "method": 0}, Mode.SYMLINK, 0o777),
        ({"mode": 0o120777, "data": b"to"}, Mode.SYMLINK, 0o777),
    ],
)
def test_modes(fields: dict[str, object], mode: Mode, raw_mode: int | None) -> None:
    member = read_zip(zip_of(**fields)).members[b"top/file"]
    assert (member.mode, member.raw_mode) == (mode, raw_mode)
    assert member.target == (b"to" if mode is Mode.SYMLINK else None)


@pytest.mark.parametrize("fields", [{"mode": 0o040755, "dos": 0x10}, {"mode": 0, "system": 0}])
def test_a_folder_is_read(fields: dict[str, object]) -> None:
    listing = read_zip(zip_of(name=b"top/", data=b"", method=0, **fields))
    assert (listing.folders, listing.members) == ({b"top"}, {})


REFUSED = {
    "encrypted": ({"flags": 1}, "archive-zip-encrypted"),
    "strongly encrypted": ({"flags": 0x40}, "archive-zip-encrypted"),
    "masked headers": ({"flags": 0x2000}, "archive-zip-encrypted"),
    "patch data": ({"flags": 0x20}, "archive-zip-flags"),
    "bzip2": ({"method": 12}, "archive-zip-method"),
    "stored, two sizes": ({"method": 0, "size": 7}, "archive-zip-size"),
    "larger than said": ({"size": 7}, "archive-zip-size"),
    "smaller than said": ({"size": 9}, "archive-zip-size"),
    "checksum": ({"crc": 1}, "archive-crc"),
    "checksum, stored": ({"crc": 1, "method": 0}, "archive-crc"),
    "corrupt": ({"packed": b"\xff" * 9}, "archive-deflate"),
    "no end of data": ({"packed": deflated(CONTENT)[:-2]}, "archive-deflate"),
    "no data": ({"packed": b""}, "archive-deflate"),
    "after the data": ({"packed": deflated(CONTENT) + b"x"}, "archive-zip-after-deflate"),
    "name not marked": ({"name": b"top/\xc3\xa9"}, "archive-zip-name"),
    "name not UTF-8": ({"name": b"top/\xe9", "flags": 0x800}, "archive-path-not-utf8"),
    "local name": ({"local_name": b"top/evil"}, "archive-zip-local-header"),
    "local checksum": ({"local_sizes": (1, PACKED, 8)}, "archive-zip-local-header"),
    "local size": ({"local_sizes": (CRC, PACKED, 9)}, "archive-zip-local-header"),
    "no local sizes": ({"local_sizes": (0, 0, 0)}, "archive-zip-local-header"),
    "no local header": ({"before": b"PK\3\5" + bytes(26), "offset": 0}, "archive-zip-local-header"),
    "zip64": ({"extra": struct.pack("<2HQ", 1, 8, 8)}, "archive-zip64"),
    "local zip64": ({"local_extra": struct.pack("<2HQ", 1, 8, 8)}, "archive-zip64"),
    "Unicode path": ({"extra": struct.pack("<2H", 0x7075, 0)}, "archive-zip-extra"),
    "local extra": ({"local_extra": struct.pack("<2H", 0xCAFE, 0)}, "archive-zip-extra"),
    "extra cut": ({"extra": b"UT"}, "archive-zip-extra"),
    "extra too long": ({"extra": struct.pack("<2H", 0x5455, 1)}, "archive-zip-extra"),
    "extra twice": ({"extra": UT + UT}, "archive-zip-extra"),
    "comment": ({"comment": b"c"}, "archive-zip-comment"),
    "prepended": ({"before": b"#!"}, "archive-zip-prepended"),
    "gap": ({"after": b"x"}, "archive-zip-gap"),
    "gap like a descriptor": ({"after": bytes(12)}, "archive-zip-gap"),
    "descriptor missing": ({"flags": 8}, "archive-zip-gap"),
    "descriptor wrong": ({"flags": 8, "after": bytes(12)}, "archive-zip-descriptor"),
    "descriptor's mark wrong": (
        {"flags": 8, "after": bytes(4) + struct.pack("<3I", CRC, PACKED, 8)},
        "archive-zip-descriptor",
    ),
    "folder with data": ({"name": b"top/", "mode": 0o040755}, "archive-zip-folder-data"),
    "folder with a checksum": (
        {"name": b"top/", "mode": 0o040755, "data": b"", "method": 0, "crc": 1},
        "archive-zip-folder-data",
    ),
    "folder deflated": (
        {"name": b"top/", "mode": 0o040755, "data": b""},
        "archive-zip-folder-data",
    ),
    "file named as a folder": ({"name": b"top/", "data": b"", "method": 0}, "archive-zip-mode"),
    "folder named as a file": ({"mode": 0o040755}, "archive-zip-mode"),
    "DOS folder named as a file": ({"dos": 0x10}, "archive-zip-mode"),
    "device": ({"mode": 0o020644}, "archive-zip-mode"),
    "symlink not of Unix": ({"mode": 0o120777, "system": 0}, "archive-zip-mode"),
    "executable not of Unix": ({"mode": 0o100755, "system": 0}, "archive-zip-mode"),
    "setuid": ({"mode": 0o104755}, "archive-mode-special"),
    "long symlink": ({"mode": 0o120777, "data": b"x" * 2000}, "archive-limit-path-length"),
    "other disk": ({"disk": 1}, "archive-zip-directory"),
    "offset beyond": ({"offset": 1 << 30}, "archive-zip-prepended"),
}


@pytest.mark.parametrize(("fields", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_member_is_refused(fields: dict[str, object], code: str) -> None:
    assert zip_refused(zip_of(**fields)) == code


def two(**fields: object) -> Zip:
    return Zip(members=[ZipMember(name=b"top/1"), ZipMember(name=b"top/2", **fields)])


SIZE = len(ZipMember(name=b"top/1").build(0)[0])

REFUSED_WHOLE = {
    "no end record": (zip_of()[:-22], "archive-zip-end"),
    "end record cut": (zip_of()[:-1], "archive-zip-end"),
    "data after the end": (zip_of() + b"x", "archive-zip-end"),
    "an end record in the comment": (
        Zip(members=[ZipMember()], comment=Zip().build()).build(),
        "archive-zip-gap",
    ),
    "split": (Zip(members=[ZipMember()], disk=1).build(), "archive-zip-disks"),
    "count too low": (Zip(members=[ZipMember()] * 2, count=1).build(), "archive-zip-directory"),
    "count too high": (Zip(members=[ZipMember()], count=2).build(), "archive-zip-directory"),
    "directory too large": (
        Zip(members=[ZipMember()], directory_junk=bytes(5000)).build(),
        "archive-zip-directory",
    ),
    "directory's junk": (
        Zip(members=[ZipMember()], directory_junk=bytes(5)).build(),
        "archive-zip-directory",
    ),
    "directory cut": (
        Zip(members=[], directory_junk=b"PK\1\2", count=1).build(),
        "archive-zip-directory",
    ),
    "gap before the directory": (
        Zip(members=[ZipMember()], before_directory=b"x").build(),
        "archive-zip-gap",
    ),
    "gap before the end record": (
        Zip(members=[ZipMember()], before_end=b"x").build(),
        "archive-zip-gap",
    ),
    "directory beyond": (
        Zip(members=[ZipMember()], offset=1 << 20).build(),
        "archive-zip-overlap",
    ),
    "one place for two": (two(offset=0).build(), "archive-zip-overlap"),
    "member in the other's header": (two(offset=10).build(), "archive-zip-overlap"),
    "member in the other's data": (two(offset=SIZE - 3).build(), "archive-zip-overlap"),
    "member in the directory": (two(offset=2 * SIZE + 1).build(), "archive-zip-gap"),
    "duplicate": (Zip(members=[ZipMember(), ZipMember()]).build(), "archive-duplicate-member"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED_WHOLE.values(), ids=REFUSED_WHOLE.keys())
def test_a_zip_is_refused(data: bytes, code: str) -> None:
    assert zip_refused(data) == code


def zip64(**wrong: int) -> bytes:
    facts = {
        "rest": 44, "disk": 0, "count": 1, "length": 0, "offset": 0, "place": 0, "disks": 1,
        "end_count": 0xFFFF, **wrong,
    }  # fmt: skip
    local, central = ZipMember().build(0)
    place = len(local) + len(central)
    record = struct.pack(
        "<4sQ2H2I4Q", b"PK\6\6", facts["rest"], 45, 45, facts["disk"], 0, facts["count"],
        facts["count"], len(central) + facts["length"], len(local) + facts["offset"],
    )  # fmt: skip
    record += struct.pack("<4sIQI", b"PK\6\7", 0, place + facts["place"], facts["disks"])
    return Zip(members=[ZipMember()], before_end=record, count=facts["end_count"]).build()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "archive-zip64"),
        ({"end_count": 1}, "archive-zip64"),
        ({"count": 70000}, "archive-zip-directory"),
        ({"count": 70000, "end_count": 1}, "archive-zip64"),
        ({"count": 70000, "place": 1}, "archive-zip64"),
        ({"count": 70000, "rest": 45}, "archive-zip64"),
        ({"count": 70000, "length": 1}, "archive-zip64"),
        ({"count": 70000, "offset": 1}, "archive-zip64"),
        ({"count": 70000, "disk": 1}, "archive-zip-disks"),
        ({"count": 70000, "disks": 2}, "archive-zip-disks"),
        ({"count": 1 << 40}, "archive-limit-members"),
    ],
)
def test_a_zip64_record_must_be_needed_and_right(wrong: dict[str, int], code: str) -> None:
    assert zip_refused(zip64(**wrong)) == code


def test_what_python_writes_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "top"
    (folder / "sub").mkdir(parents=True)
    (folder / "file").write_bytes(CONTENT * 100)
    (folder / "sub" / "run").write_bytes(b"")
    (folder / "sub" / "run").chmod(0o755)
    path = tmp_path / "top.zip"
    zipfile.main(["-c", str(path), str(folder)])
    listing = read_zip(path.read_bytes())
    assert {*listing.members} == {b"top/file", b"top/sub/run"}
    assert listing.members[b"top/sub/run"].mode is Mode.EXECUTABLE
    assert listing.folders == {b"top", b"top/sub"}


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *where: int) -> int:
        raise io.UnsupportedOperation("seek")

    def tell(self, *where: int) -> int:
        raise io.UnsupportedOperation("tell")


@pytest.mark.parametrize("method", [0, 8])
def test_what_python_writes_to_a_pipe_is_read(method: int) -> None:
    out = Unseekable()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("top/file", CONTENT * 1000)
        archive.writestr("top/other", b"PK\3\4PK\7\x08")
    listing = read_zip(out.getvalue(), keep=lambda path, size: True)
    assert listing.kept[b"top/file"] == CONTENT * 1000
    assert listing.members[b"top/file"].raw_mode == 0o600


class Changing(io.BytesIO):
    """A small file that somebody replaces after its directory was read."""

    def __init__(self, before: bytes, after: bytes) -> None:
        super().__init__(before)
        self.after = after
        self.rewinds = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.rewinds += offset == 0 and whence == 0
        if self.rewinds == 2:
            super().seek(0)
            self.truncate()
            self.write(self.after)
        return super().seek(offset, whence)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data + b"x", "archive-changed"),
        (lambda data: data[:-22] + b"x" * 22, "archive-changed"),
        (lambda data: data[:-1], "archive-truncated"),
        (lambda data: data.replace(CONTENT, b"CONTENT\n"), "archive-crc"),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_refused(change, code: str) -> None:
    data = zip_of(method=0)
    with pytest.raises(Exception, match=r"top\.zip") as caught:
        read_archive(Changing(data, change(data)), "top.zip")
    assert caught.value.code == code


def test_sizes_are_limited_before_anything_is_unpacked() -> None:
    bomb = zip_of(data=bytes(1_000_000), size=1_000_000)
    assert zip_refused(bomb, limits=Limits(max_unpacked_size=999_999)) == (
        "archive-limit-unpacked-size"
    )
    assert zip_refused(bomb, limits=Limits(ratio_floor=1000)) == "archive-limit-ratio"
    assert zip_refused(bomb, limits=Limits(max_file_size=100)) == "archive-limit-file-size"
    assert zip_refused(two().build(), limits=Limits(max_members=1)) == "archive-limit-members"


def test_a_large_file_is_refused_before_its_directory_is_read() -> None:
    data = zip_of(method=0, data=bytes(300_000))
    assert zip_refused(data, limits=Limits(max_file_size=290_000)) == "archive-limit-file-size"


def test_a_member_that_unpacks_to_more_than_it_says_stops_early() -> None:
    assert zip_refused(zip_of(data=bytes(50_000_000), size=1000)) == "archive-zip-size"


# With 21 bytes more, zlib has taken all input when the output chunk is full.
@pytest.mark.parametrize("size", [1 << 18, (1 << 18) + 1, (1 << 18) + 21, 1 << 20])
def test_members_of_whole_output_chunks_are_read(size: int) -> None:
    assert read_zip(zip_of(data=bytes(size))).members[b"top/file"].size == size


def test_the_maker_of_this_python_is_known() -> None:
    # zipfile says 3 (Unix) everywhere but on Windows; the tests above rely on it.
    assert zipfile.ZipInfo().create_system == (0 if sys.platform == "win32" else 3)
