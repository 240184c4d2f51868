"""Vectors: bombs, floods and quines.

Where an archive is marked as a bomb, a careless reader needs much more than the archive's size.
"""

import struct
import zlib
from collections.abc import Iterator

from handmade import HEADER, deflate_run, deflate_stored, gzip_of, zeros_crc
from quine import gzip_quine
from vectors_containers import GZ, TAR
from vectors_tar import TOP, tar
from vectors_zip import one

from support_archives import END, Zip, ZipMember, folder, header, long_name, member, pax, record
from support_vectors import SUCCESS, Vector

RUN = 258 * 65000 + 1  # about 16 MiB, from 16 kB
GIB = 1 << 30


def vector(
    name: str, expect: str, comment: str, payload: bytes, file: str = "gz", **limits: int
) -> Vector:
    """Return a bomb; ``file`` is what its name ends in."""
    suffix = {"gz": ".tar.gz", "zip": ".zip", "tar": ".tar"}[file]
    return Vector(
        name=f"bomb-{name}", expect=expect, file=f"evil-1.0{suffix}", comment=comment,
        payload=payload, limits=limits, bomb=True,
    )  # fmt: skip


def vectors() -> Iterator[Vector]:
    """Yield them all."""
    yield from _flat()
    yield from _floods()
    yield from _nested()
    yield from _overlapping()
    yield from _limits()


def _flat() -> Iterator[Vector]:
    head = TOP + header(b"evil-1.0/zeros", size=GIB)
    runs = GIB // 258
    first = GIB + len(END) - (258 * runs + 1)
    head += bytes(first)
    stored = struct.pack("<BHH", 0, len(head), len(head) ^ 0xFFFF) + head
    size = len(head) + 258 * runs + 1
    yield vector(
        "gzip",
        "archive-limit-ratio",
        "A file of one gigabyte of zeros, a thousandth of that in the archive.",
        HEADER
        + stored
        + deflate_run(258 * runs + 1)
        + struct.pack("<2I", zeros_crc(zlib.crc32(head), 258 * runs + 1), size),
    )
    yield vector(
        "gzip-end",
        "archive-limit-ratio",
        "An honest archive whose end mark is a gigabyte of zeros.",
        HEADER
        + (b"\0" + deflate_stored(TAR)[1:])
        + deflate_run(258 * runs + 1)
        + struct.pack("<2I", zeros_crc(zlib.crc32(TAR), 258 * runs + 1), len(TAR) + 258 * runs + 1),
    )
    run = deflate_run(258 * runs + 1)
    yield vector(
        "zip",
        "archive-limit-ratio",
        "A member of one gigabyte of zeros.",
        _zipped(run, 258 * runs + 1),
        "zip",
    )
    yield vector(
        "zip-lying",
        "archive-zip-size",
        "A member that says it has a thousand bytes, and unpacks to a gigabyte.",
        _zipped(run, 1000),
        "zip",
    )


def _zipped(deflated: bytes, size: int) -> bytes:
    crc = zeros_crc(0, size)
    bomb = one(name=b"evil-1.0/zeros", method=8, packed=deflated, size=size, crc=crc)
    return Zip(members=[bomb]).build()


def _floods() -> Iterator[Vector]:
    names = (header(b"evil-1.0/%d" % n) for n in range(2500))
    yield vector(
        "members", "archive-limit-members", "More empty files than the reader's limit.",
        tar(*names), "tar", max_members=2000,
    )  # fmt: skip
    deep = b"/".join([b"a"] * 500)
    paths = (b"evil-1.0/%d/%s" % (n, deep) for n in range(20))
    yield vector(
        "folders", "archive-limit-members",
        "Twenty files in five hundred folders each, which a reader has to remember.",
        tar(*(pax(record(b"path", path)) + header(path[:100]) for path in paths)),
        "tar", max_members=5000,
    )  # fmt: skip
    comment = pax(record(b"comment", b"c" * 40), kind=b"g")
    yield vector(
        "global-headers", "archive-pax-global", "Five thousand global headers, and no member.",
        comment * 5000 + END, "tar",
    )  # fmt: skip
    yield vector(
        "long-names", "archive-tar-stacked", "A thousand long names for one member.",
        tar(long_name(b"evil-1.0/" + b"n" * 120) * 1000, header(b"evil-1.0/n")), "tar",
    )  # fmt: skip
    headers = pax(record(b"uname", b"u" * 60_000))
    yield vector(
        "large-headers", SUCCESS, "Fifty members with a pax header of 60 kB each.",
        tar(*(headers + header(b"evil-1.0/%d" % n) for n in range(50))), "tar",
    )  # fmt: skip
    yield vector(
        "gzip-members", "archive-gzip-second-member",
        "A hundred thousand empty gzip members follow the archive.",
        GZ + gzip_of(b"") * 100_000,
    )  # fmt: skip
    yield vector(
        "deflate-blocks", SUCCESS, "Two hundred thousand empty deflate blocks, then the data.",
        gzip_of(TAR, deflated=b"\0\0\0\xff\xff" * 200_000 + deflate_stored(TAR)),
    )  # fmt: skip
    members = [one(name=b"evil-1.0/%d" % n, data=b"") for n in range(2500)]
    yield vector(
        "zip-members", "archive-limit-members", "More empty members than the reader's limit.",
        Zip(members=members).build(), "zip", max_members=2000,
    )  # fmt: skip
    whole = Zip(members=[one()]).build()
    yield vector(
        "zip-directory", "archive-zip-directory",
        "The end record says that the directory has four gigabytes.",
        whole[:-10] + b"\xff\xff\xff\xff" + whole[-6:], "zip",
    )  # fmt: skip


def _nested() -> Iterator[Vector]:
    inner = _zipped(deflate_run(RUN), RUN)
    for _ in range(3):
        inner = Zip(
            members=[one(name=b"evil-1.0/%d.zip" % n, data=inner) for n in range(4)]
        ).build()
    yield vector(
        "nested", SUCCESS,
        "A zip of zips of zips of bombs, a gigabyte in all: members are not opened.",
        inner, "zip",
    )  # fmt: skip
    yield vector(
        "nested-tar", SUCCESS, "A tar.gz in a tar.gz: a member like any other.",
        gzip_of(tar(member(b"evil-1.0/evil-1.0.tar.gz", GZ))),
    )  # fmt: skip
    yield vector(
        "quine", "archive-truncated",
        "A gzip file that unpacks to itself, for ever: too short for a tar, not unpacked twice.",
        gzip_quine(),
    )  # fmt: skip
    yield vector(
        "quine-member", SUCCESS, "The same as a member of an archive.",
        gzip_of(tar(member(b"evil-1.0/quine.gz", gzip_quine()))),
    )  # fmt: skip


def _overlapping() -> Iterator[Vector]:
    kernel = one(name=b"evil-1.0/0", method=8, packed=deflate_run(RUN), data=bytes(RUN))
    others = [
        ZipMember(
            name=b"evil-1.0/%d" % n, method=8, packed=b"", crc=zlib.crc32(bytes(RUN)), size=RUN,
            offset=0,
        )
        for n in range(1, 250)
    ]  # fmt: skip
    local, directory = kernel.build(0)
    size = struct.pack("<I", len(deflate_run(RUN)))
    for each in others:
        central = each.build(0)[1]
        directory += central[:20] + size + central[24:]
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 250, 250, len(directory), len(local), 0)
    yield vector(
        "zip-overlap", "archive-zip-overlap",
        "250 members share the same 16 kB, and unpack to four gigabytes.",
        local + directory + end, "zip",
    )  # fmt: skip
    yield vector(
        "zip-quoted", "archive-zip-overlap",
        "Each member's data quotes the next one's header and goes on as its data: all are honest, "
        "and all overlap.",
        _quoted(30), "zip",
    )  # fmt: skip


def _quoted(count: int) -> bytes:
    """Members that overlap, each with a local header of its own (D. Fifield, "A better zip bomb",
    WOOT 2019): a stored block makes the next member's header part of the data."""
    body = deflate_run(RUN)
    quoted: list[bytes] = []
    facts = []
    for n in reversed(range(count)):
        crc = zeros_crc(zlib.crc32(b"".join(reversed(quoted))), RUN)
        size = RUN + sum(map(len, quoted))
        name = b"evil-1.0/%02d" % n
        local = struct.pack(
            "<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(body), size, len(name), 0
        )
        local += name
        facts.append((name, crc, len(body), size, len(local)))
        quoted.append(local)
        body = struct.pack("<BHH", 0, len(local), len(local) ^ 0xFFFF) + local + body
    # The first member is not quoted by another one: its own header begins the file.
    body = body[5:]
    directory = b""
    at = 0
    for name, crc, packed, size, length in reversed(facts):
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 3 << 8 | 20, 20, 0, 8, 0, 33, crc, packed, size,
            len(name), 0, 0, 0, 0, 0o100644 << 16, at,
        ) + name  # fmt: skip
        at += length + 5
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def _limits() -> Iterator[Vector]:
    data = tar(member(b"evil-1.0/file", b"x" * 5000))
    yield vector(
        "file-size", "archive-limit-file-size", "The file is larger than the reader's limit.",
        data, "tar", max_file_size=4000,
    )  # fmt: skip
    yield vector(
        "zip-file-size", "archive-limit-file-size", "The zip is larger than the reader's limit.",
        Zip(members=[one(data=b"x" * 5000)]).build(), "zip", max_file_size=4000,
    )  # fmt: skip
    yield vector(
        "unpacked-size", "archive-limit-unpacked-size", "The tar is larger than the limit.",
        gzip_of(data), max_unpacked_size=4000,
    )  # fmt: skip
    yield vector(
        "zip-unpacked-size", "archive-limit-unpacked-size",
        "The members are larger than the limit, together.",
        Zip(members=[one(name=b"evil-1.0/%d" % n, data=b"x" * 3000) for n in range(2)]).build(),
        "zip", max_unpacked_size=4000,
    )  # fmt: skip
    yield vector(
        "path", "archive-limit-path-length", "A path is longer than the limit.",
        tar(folder(b"evil-1.0/" + b"n" * 80)), "tar", max_path_length=64,
    )  # fmt: skip
