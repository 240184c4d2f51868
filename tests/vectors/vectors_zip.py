"""Vectors: zips, their records and data."""

import struct
import zlib
from collections.abc import Iterator

from handmade import deflate_stored

from support_archives import Zip, ZipMember
from support_vectors import SUCCESS, Vector

FILE = "evil-1.0.zip"
NAME = b"evil-1.0/file"
CONTENT = b"content\n"
CRC = zlib.crc32(CONTENT)
PACKED = deflate_stored(CONTENT)
UT = struct.pack("<2HBI", 0x5455, 5, 1, 0)
ZIP64 = struct.pack("<2HQQ", 1, 16, 8, 8)


def one(**fields: object) -> ZipMember:
    """Return a member, stored unless it says otherwise."""
    fields = {"name": NAME, "method": 0, "data": CONTENT, **fields}
    return ZipMember(**fields)  # type: ignore[arg-type]


def good() -> ZipMember:
    """Return an honest member."""
    return one(name=b"evil-1.0/README", data=b"hello\n")


def archive(*members: ZipMember, **fields: object) -> bytes:
    """Return a zip of an honest member and these."""
    return Zip(members=[good(), *members], **fields).build()  # type: ignore[arg-type]


def vector(name: str, expect: str, comment: str, payload: bytes, **fields: object) -> Vector:
    """Return a vector of a zip."""
    return Vector(
        name=f"zip-{name}", expect=expect, file=FILE, comment=comment, payload=payload,
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def vectors() -> Iterator[Vector]:
    """Yield them all."""
    yield from _honest()
    yield from _ends()
    yield from _directory()
    yield from _places()
    yield from _local_headers()
    yield from _extra_fields()
    yield from _methods()
    yield from _data()


def _honest() -> Iterator[Vector]:
    yield vector("stored", SUCCESS, "A zip with nothing wrong.", archive(one()))
    yield vector("deflated", SUCCESS, "A deflated member.", archive(one(method=8, packed=PACKED)))
    yield vector(
        "descriptor",
        SUCCESS,
        "Sizes that follow the data, as a zip has that was written to a pipe.",
        archive(
            one(
                flags=8,
                local_sizes=(0, 0, 0),
                after=b"PK\7\x08" + struct.pack("<3I", CRC, len(CONTENT), len(CONTENT)),
            )
        ),
    )
    yield vector(
        "times", SUCCESS, "Extra fields with times.", archive(one(extra=UT, local_extra=UT))
    )
    folder = one(name=b"evil-1.0/sub/", data=b"", mode=0o040755, dos=0x10)
    yield vector("folder", SUCCESS, "A folder of its own.", archive(folder))
    yield vector(
        "dos", SUCCESS, "A zip without modes, as one made on DOS.",
        archive(one(system=0, mode=0, dos=0x20)),
    )  # fmt: skip
    yield vector("empty", SUCCESS, "A zip without members.", Zip().build())
    yield vector("comment", SUCCESS, "An archive comment.", archive(one(), comment=b"c" * 40))


def _ends() -> Iterator[Vector]:
    code = "archive-zip-end"
    whole = archive(one())
    yield vector("no-end", code, "There is no end record.", whole[:-22])
    yield vector("end-cut", code, "The file ends within the end record.", whole[:-1])
    yield vector("half", code, "The file ends within a member.", whole[:60])
    yield vector("appended", code, "Text follows the end record.", whole + b"evil\n")
    yield vector("appended-zeros", code, "Zeros follow the end record.", whole + bytes(512))
    yield vector(
        "comment-cut", code, "The comment is shorter than the end record says.",
        archive(one(), comment=b"c" * 40)[:-1],
    )  # fmt: skip
    yield vector(
        "end-in-comment",
        "archive-zip-gap",
        "The comment holds a second end record: readers that search from the end and readers that "
        "search from the start see different archives.",
        archive(one(), comment=Zip().build()),
    )
    yield vector(
        "two-archives",
        "archive-zip-gap",
        "A whole other archive precedes this one, whose offsets do not count it.",
        Zip(members=[one(data=b"other\n")]).build() + whole,
    )


def _directory() -> Iterator[Vector]:
    disks, code = "archive-zip-disks", "archive-zip-directory"
    yield vector("disk", disks, "The archive is one part of several.", archive(one(), disk=1))
    for name, comment, payload in (
        (
            "count-low",
            "The end record counts fewer members than there are.",
            archive(one(), count=1),
        ),
        (
            "count-high",
            "The end record counts more members than there are.",
            archive(one(), count=3),
        ),
        ("junk", "Bytes follow the last entry.", archive(one(), directory_junk=b"junk!")),
        ("member-disk", "A member is on another disk.", archive(one(disk=1))),
    ):
        yield vector(f"directory-{name}", code, comment, payload)
    broken = archive(one()).replace(b"PK\1\2", b"PK\1\3")
    yield vector("directory-mark", code, "An entry has a wrong mark.", broken)
    yield vector(
        "directory-name-beyond",
        code,
        "An entry's name is longer than the directory.",
        _patched(archive(one()), b"PK\1\2", 28, struct.pack("<H", 0xFFFF)),
    )
    yield vector(
        "member-comment",
        "archive-zip-comment",
        "A member has a comment.",
        archive(one(comment=b"c")),
    )


def _patched(data: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """Return a zip with bytes of its last record of a kind replaced."""
    at = data.rindex(mark) + offset
    return data[:at] + value + data[at + len(value) :]


def _places() -> Iterator[Vector]:
    gap, overlap = "archive-zip-gap", "archive-zip-overlap"
    size = len(good().build(0)[0])
    yield vector(
        "prepended",
        "archive-zip-prepended",
        "A script precedes the first member, as in archives that unpack themselves.",
        Zip(members=[one(before=b"#!/bin/sh\n"), good()]).build(),
    )
    yield vector("gap", gap, "Bytes between two members.", archive(one(before=b"evil")))
    yield vector(
        "gap-member",
        gap,
        "A member that only readers of local headers see.",
        archive(one(before=one(name=b"evil-1.0/hidden").build(0)[0])),
    )
    yield vector(
        "gap-before-directory", gap, "Bytes between members and directory.",
        archive(one(), before_directory=b"evil"),
    )  # fmt: skip
    yield vector(
        "gap-before-end", gap, "Bytes between directory and end record.",
        archive(one(), before_end=b"evil"),
    )  # fmt: skip
    yield vector("after-data", gap, "Bytes after a member's data.", archive(one(after=b"evil")))
    yield vector("same-place", overlap, "Two members are at one place.", archive(one(offset=0)))
    yield vector(
        "overlap-header",
        overlap,
        "A member begins within another's header.",
        archive(one(offset=9)),
    )
    yield vector(
        "overlap-data", overlap, "A member begins in another's data.", archive(one(offset=size - 3))
    )
    yield vector(
        "directory-beyond", overlap, "The directory is beyond the end.",
        archive(one(), offset=1 << 20),
    )  # fmt: skip
    yield vector(
        "member-beyond", gap, "A member is beyond the directory.", archive(one(offset=1 << 30))
    )


def _local_headers() -> Iterator[Vector]:
    code = "archive-zip-local-header"
    size = len(CONTENT)
    for name, fields, comment in (
        ("name", {"local_name": b"evil-1.0/evil"}, "A local header has another name."),
        ("crc", {"local_sizes": (CRC ^ 1, size, size)}, "A local header has another checksum."),
        ("size", {"local_sizes": (CRC, size, size - 1)}, "A local header has another size."),
        (
            "zero-sizes",
            {"local_sizes": (0, 0, 0)},
            "A local header has no sizes, and no flag for that.",
        ),
    ):
        yield vector(f"local-{name}", code, comment, archive(one(**fields)))
    for name, offset, value, comment in (
        ("mark", 2, b"\3\5", "A local header has a wrong mark."),
        ("flags", 6, b"\x02", "A local header has other flags."),
        ("method", 8, b"\x08", "A local header has another method: stored or deflated?"),
        ("time", 10, b"\x01", "A local header has another time."),
    ):
        payload = _patched(archive(one()), b"PK\3\4", offset, value)
        yield vector(f"local-{name}", code, comment, payload)


def _extra_fields() -> Iterator[Vector]:
    code = "archive-zip-extra"
    path = b"\1" + struct.pack("<I", zlib.crc32(NAME)) + b"evil-1.0/Makefile"
    for name, extra, comment in (
        (
            "unicode-path",
            struct.pack("<2H", 0x7075, len(path)) + path,
            "An extra field gives a member another name, for readers that know it.",
        ),
        ("unknown", struct.pack("<2H", 0xCAFE, 0), "An extra field of an unknown kind."),
        ("cut", b"UT", "The extra fields end within one."),
        ("long", struct.pack("<2H", 0x5455, 99) + b"\0", "An extra field leads beyond their end."),
        ("twice", UT + UT, "An extra field stands twice."),
        (
            "large",
            struct.pack("<2HBI", 0x5455, 105, 1, 0) + b"evil" * 25,
            "An extra field of times has a hundred bytes more than times.",
        ),
        ("aes", struct.pack("<2HH2sBH", 0x9901, 7, 2, b"AE", 3, 0), "An extra field of AES."),
    ):
        yield vector(f"extra-{name}", code, comment, archive(one(extra=extra)))
    yield vector(
        "extra-local",
        code,
        "An extra field of an unknown kind in a local header.",
        archive(one(local_extra=struct.pack("<2H", 0xCAFE, 4) + b"evil")),
    )
    code = "archive-zip64"
    yield vector(
        "zip64-extra", code, "A member has 64-bit sizes in vain.", archive(one(extra=ZIP64))
    )
    yield vector(
        "zip64-extra-local",
        code,
        "A local header has 64-bit sizes.",
        archive(one(local_extra=ZIP64)),
    )
    yield vector("zip64-end", code, "There is a 64-bit end record in vain.", _zip64(count=2))
    yield vector(
        "zip64-end-elsewhere", code, "The 64-bit end record is elsewhere.", _zip64(count=2, place=8)
    )
    yield vector(
        "zip64-disks", "archive-zip-disks", "The 64-bit end record counts two disks.",
        _zip64(count=70000, end_count=0xFFFF, disks=2),
    )  # fmt: skip
    yield vector(
        "zip64-count",
        "archive-limit-members",
        "The 64-bit end record counts a million million members.",
        _zip64(count=10**12, end_count=0xFFFF),
        bomb=True,
    )


def _zip64(*, count: int, end_count: int = 2, place: int = 0, disks: int = 1) -> bytes:
    members = [good(), one()]
    body = directory = b""
    for each in members:
        local, central = each.build(len(body))
        body, directory = body + local, directory + central
    at = len(body) + len(directory) + place
    record = struct.pack(
        "<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), len(body)
    )
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at, disks)
    return Zip(members=members, before_end=record + locator, count=end_count).build()


def _methods() -> Iterator[Vector]:
    code = "archive-zip-encrypted"
    for name, flags, comment in (
        ("encrypted", 0x1, "A member is encrypted."),
        ("encrypted-strongly", 0x41, "A member is encrypted strongly."),
        ("encrypted-directory", 0x2001, "The directory is masked."),
    ):
        yield vector(name, code, comment, archive(one(flags=flags)))
    code = "archive-zip-flags"
    yield vector("flag-patch", code, "A member is a patch.", archive(one(flags=0x20)))
    yield vector("flag-reserved", code, "A member has a reserved flag.", archive(one(flags=0x80)))
    code = "archive-zip-version"
    for name, mark, offset in (("version", b"PK\1\2", 6), ("local-version", b"PK\3\4", 4)):
        yield vector(
            name, code, "A member needs a reader of version 99.",
            _patched(archive(one()), mark, offset, b"\x63"),
        )  # fmt: skip
    code = "archive-zip-method"
    for name, method in (
        ("shrunk", 1),
        ("imploded", 6),
        ("deflate64", 9),
        ("bzip2", 12),
        ("lzma", 14),
        ("zstandard", 93),
        ("xz", 95),
    ):
        yield vector(
            f"method-{name}",
            code,
            f"A member has the method {method}.",
            archive(one(method=method)),
        )


def _data() -> Iterator[Vector]:
    size = "archive-zip-size"
    deflated = {"method": 8, "packed": PACKED}
    for name, code, fields, comment in (
        ("size-two", size, {"size": 7}, "A stored member has two sizes."),
        ("size-low", size, {**deflated, "size": 7}, "A member unpacks to more than it says."),
        ("size-high", size, {**deflated, "size": 9}, "A member unpacks to less than it says."),
        ("checksum", "archive-crc", {"crc": CRC ^ 1}, "A member's checksum is wrong."),
        (
            "deflate-type", "archive-deflate", {**deflated, "packed": b"\x07" + bytes(8)},
            "A deflated block is of a type that does not exist.",
        ),
        (
            "deflate-no-end", "archive-deflate", {**deflated, "packed": b"\0" + PACKED[1:]},
            "The last deflated block does not say that it is the last.",
        ),
        ("deflate-empty", "archive-deflate", {**deflated, "packed": b""}, "No deflated data."),
        (
            "after-deflate", "archive-zip-after-deflate", {**deflated, "packed": PACKED + b"evil"},
            "Bytes follow the deflated data, within the packed size.",
        ),
        ("descriptor-missing", "archive-zip-gap", {"flags": 8}, "A descriptor is missing."),
        (
            "descriptor-wrong", "archive-zip-descriptor",
            {"flags": 8, "local_sizes": (0, 0, 0), "after": b"PK\7\x08" + bytes(12)},
            "The sizes after the data are wrong.",
        ),
    ):  # fmt: skip
        yield vector(name, code, comment, archive(one(**fields)))
    code = "archive-zip-folder-data"
    sub = {"name": b"evil-1.0/sub/", "mode": 0o040755}
    yield vector("folder-data", code, "A folder has data.", archive(one(**sub)))
    yield vector(
        "folder-checksum", code, "A folder has a checksum.", archive(one(**sub, data=b"", crc=1))
    )
