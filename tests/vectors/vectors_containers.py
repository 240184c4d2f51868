"""Vectors: what a file's name says of it, and the containers around a tar."""

import zlib
from collections.abc import Iterator

from handmade import HEADER, Bits, deflate_stored, gzip_of
from vectors_tar import GOOD, TOP, tar

from support_archives import END, Zip, ZipMember, member
from support_vectors import SUCCESS, Vector

TAR = tar(member(b"evil-1.0/file", b"content\n"))
HIDDEN = TOP + GOOD + member(b"evil-1.0/hidden", b"evil\n") + END
GZ = gzip_of(TAR)
ZIP = Zip(members=[ZipMember(name=b"evil-1.0/file", method=0)]).build()


def gz(name: str, expect: str, comment: str, payload: bytes, **fields: object) -> Vector:
    """Return a vector of a tar.gz."""
    return Vector(
        name=f"gzip-{name}", expect=expect, file="evil-1.0.tar.gz", comment=comment,
        payload=payload, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def vectors() -> Iterator[Vector]:
    """Yield them all."""
    yield from _formats()
    yield from _gzip_members()
    yield from _gzip_header()
    yield from _gzip_data()


def _formats() -> Iterator[Vector]:
    for name, code, file, payload, comment in (
        ("zip-as-gzip", "name-contradicts", "evil-1.0.tar.gz", ZIP, "A zip, named as a tar.gz."),
        ("gzip-as-tar", "name-contradicts", "evil-1.0.tar", GZ, "A tar.gz, named as a tar."),
        ("tar-as-gzip", "name-contradicts", "evil-1.0.tar.gz", TAR, "A tar, named as a tar.gz."),
        ("gzip-as-xz", "name-contradicts", "evil-1.0.tar.xz", GZ, "A tar.gz, named as a tar.xz."),
        (
            "gzip-as-wheel", "name-contradicts", "evil-1.0-py3-none-any.whl", GZ,
            "A tar.gz, named as a wheel.",
        ),
        ("page", "name-contradicts", "evil-1.0.tar.gz", b"<!doctype html>\n", "A web page."),
        ("unknown", "format-unknown", "evil-1.0.exe", b"MZ\x90\0", "A program."),
    ):  # fmt: skip
        yield Vector(
            name=f"format-{name}", expect=f"archive-{code}", file=file, comment=comment,
            payload=payload,
        )  # fmt: skip
    yield Vector(
        name="format-tar-in-text",
        expect="archive-format-unknown",
        file="evil-1.0.txt",
        comment="Text, named as text.",
        payload=b"This is no archive.\n",
    )
    yield Vector(
        name="format-unnamed",
        expect=SUCCESS,
        file="evil-1.0",
        comment="A tar.gz whose name says nothing.",
        payload=GZ,
    )


def _gzip_members() -> Iterator[Vector]:
    second = "archive-gzip-second-member"
    cut = len(TOP + GOOD)
    yield gz("plain", SUCCESS, "A tar.gz with nothing wrong.", GZ)
    yield gz(
        "second-member",
        second,
        "A second gzip member holds another archive, which only some readers reach.",
        GZ + gzip_of(HIDDEN),
    )
    yield gz(
        "split-over-members",
        second,
        "The tar is split over two gzip members: readers of one see less.",
        gzip_of(HIDDEN[:cut]) + gzip_of(HIDDEN[cut:]),
        # The tar, cut at a member, has no end before the container goes on.
    )
    yield gz("empty-second-member", second, "An empty member follows.", GZ + gzip_of(b""))
    trailing = "archive-trailing-bytes"
    yield gz("trailing-bytes", trailing, "Text follows the gzip member.", GZ + b"evil\n")
    yield gz("trailing-zero", trailing, "A zero byte follows the gzip member.", GZ + b"\0")
    yield gz("trailing-zeros", trailing, "A tape's zeros follow.", GZ + bytes(10240))


def _gzip_header() -> Iterator[Vector]:
    flags, wrong = "archive-gzip-flags", "archive-gzip-header"

    def header(flag: int, more: bytes = b"", method: int = 8) -> bytes:
        return b"\x1f\x8b" + bytes([method, flag]) + bytes(5) + b"\xff" + more

    crc = zlib.crc32(header(2)) & 0xFFFF
    for name, code, head, comment in (
        ("text-flag", flags, header(1), "The header has the flag for text."),
        ("header-crc", flags, header(2, crc.to_bytes(2, "little")), "The header has a checksum."),
        ("extra", flags, header(4, b"\x08\0EV\4\0evil"), "The header has an extra field."),
        ("comment", flags, header(16, b"evil\0"), "The header has a comment."),
        ("reserved-flag", flags, header(0x20), "The header has a flag that is reserved."),
        ("encrypted-flag", flags, header(0x40), "The header has a flag that is reserved."),
        ("method", wrong, header(0, method=9), "The compression has the number 9."),
        ("endless-name", wrong, header(8, b"n" * 70000), "The file name has 70 kB and no end."),
    ):
        yield gz(name, code, comment, gzip_of(TAR, header=head))
    yield gz(
        "name",
        SUCCESS,
        "The header has a file name.",
        gzip_of(TAR, header=header(8, b"evil.tar\0")),
    )
    yield gz("header-only", "archive-truncated", "The file ends after the gzip header.", HEADER)
    yield gz("header-cut", "archive-truncated", "The file ends within the gzip header.", HEADER[:5])


def _invalid(build: str) -> bytes:
    """Return a deflate stream that no inflater may take."""
    bits = Bits()
    if build == "type":
        bits.put(0b111, 3)
        return bits.done() + bytes(8)
    if build == "length":
        return b"\x01\x05\x00\x05\x00hello"
    bits.put(0b011, 3)  # the last block, fixed
    bits.code(0x30 + ord("e"), 8)
    if build == "distance":  # a length of 3 from 4 bytes back, where there is one byte
        bits.code(1, 7)
        bits.code(3, 5)
    else:  # the length code 286, which does not exist
        bits.code(0b11000110, 8)
    bits.code(0, 7)
    return bits.done() + bytes(8)


def _gzip_data() -> Iterator[Vector]:
    crc = zlib.crc32(TAR)
    yield gz(
        "checksum",
        "archive-crc",
        "The checksum in the trailer is wrong.",
        gzip_of(TAR, crc=crc ^ 1),
    )
    yield gz(
        "length",
        "archive-gzip-length",
        "The length in the trailer is wrong.",
        gzip_of(TAR, length=len(TAR) + 1),
    )
    for name, size, comment in (
        ("data", 700, "The file ends within the compressed data."),
        ("block", len(HEADER) + 2, "The file ends within the header of a block."),
        ("trailer", len(GZ) - 4, "The file ends within the trailer."),
        ("before-trailer", len(GZ) - 8, "The file ends before the trailer."),
    ):
        yield gz(f"truncated-{name}", "archive-truncated", comment, GZ[:size])
    for name, comment in (
        ("type", "A block is of a type that does not exist."),
        ("length", "The two lengths of a stored block contradict each other."),
        ("distance", "A copy begins before the data does."),
        ("symbol", "A length has a code that does not exist."),
    ):
        payload = gzip_of(b"", deflated=_invalid(name))
        yield gz(f"deflate-{name}", "archive-deflate", comment, payload)
    yield gz(
        "twice",
        "archive-tar-number",
        "The tar is compressed twice: what is inside is no tar, and its first field is no number.",
        gzip_of(GZ.ljust(4096, b"\0")),
    )
    yield gz(
        "bad-inside",
        "archive-tar-checksum",
        "The container is sound, and the first header in it is not.",
        gzip_of(TAR[:148] + b"0000000\0" + TAR[156:]),
    )
    yield gz(
        "nothing",
        "archive-tar-no-end",
        "The container holds nothing.",
        HEADER + deflate_stored(b"") + bytes(8),
    )
