"""Vectors: tar.xz, its stream, blocks, index and footer, and what it asks of memory.

The .xz File Format, version 1.2.1. LZMA2 can hold chunks that are not compressed; most of these
have no others.
"""

import lzma
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from handmade import zeros_crc
from vectors_containers import TAR
from vectors_tar import TOP

from support_archives import END, header
from support_vectors import SUCCESS, Vector

GIB = 1 << 30
_MAGIC = b"\xfd7zXZ\0"


def crc(data: bytes) -> bytes:
    """Return the checksum of the container's own fields."""
    return struct.pack("<I", zlib.crc32(data))


def number(value: int) -> bytes:
    """Return a number as the format has it (section 1.2)."""
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def chunks(data: bytes) -> bytes:
    """Return LZMA2 data of chunks that are not compressed."""
    out = b""
    for at in range(0, len(data), 1 << 16):
        piece = data[at : at + (1 << 16)]
        out += struct.pack(">BH", 2 if at else 1, len(piece) - 1) + piece
    return out + b"\0"


@dataclass(kw_only=True)
class Block:
    """One block; what is None is made right."""

    packed: bytes = chunks(TAR)
    size: int = len(TAR)
    flags: int = 0
    sizes: bytes = b""
    filters: bytes = b"\x21\x01\x10"
    header_padding: bytes | None = None
    header_crc: bytes | None = None
    padding: bytes | None = None
    check: bytes | None = None
    record: tuple[int, int] | None = None

    def build(self) -> tuple[bytes, tuple[int, int]]:
        """Return the block, and what the index says of it."""
        head = bytes([self.flags]) + self.sizes + self.filters
        spare = -(len(head) + 1) % 4
        head += bytes(spare) if self.header_padding is None else self.header_padding
        head = bytes([(len(head) + 1) // 4]) + head
        head += crc(head) if self.header_crc is None else self.header_crc
        padding = bytes(-len(self.packed) % 4) if self.padding is None else self.padding
        check = crc(TAR) if self.check is None else self.check
        unpadded = len(head) + len(self.packed) + len(check)
        return head + self.packed + padding + check, self.record or (unpadded, self.size)


@dataclass(kw_only=True)
class Stream:
    """One stream; what is None is made right."""

    blocks: list[Block] = field(default_factory=lambda: [Block()])
    flags: bytes = b"\0\1"
    header_crc: bytes | None = None
    count: int | None = None
    index_padding: bytes | None = None
    index_crc: bytes | None = None
    footer_flags: bytes | None = None
    footer_crc: bytes | None = None
    backward: int | None = None
    footer_magic: bytes = b"YZ"

    def build(self) -> bytes:
        """Return the file."""
        head = _MAGIC + self.flags
        head += crc(self.flags) if self.header_crc is None else self.header_crc
        built = [block.build() for block in self.blocks]
        index = b"\0" + number(len(built) if self.count is None else self.count)
        index += b"".join(number(a) + number(b) for _, (a, b) in built)
        spare = -len(index) % 4
        index += bytes(spare) if self.index_padding is None else self.index_padding
        index += crc(index) if self.index_crc is None else self.index_crc
        backward = len(index) // 4 - 1 if self.backward is None else self.backward
        fields = struct.pack("<I", backward) + (self.footer_flags or self.flags)
        footer = (crc(fields) if self.footer_crc is None else self.footer_crc) + fields
        return head + b"".join(block for block, _ in built) + index + footer + self.footer_magic


def vector(name: str, expect: str, comment: str, payload: bytes, **fields: object) -> Vector:
    """Return a vector of a tar.xz."""
    return Vector(
        name=f"xz-{name}", expect=expect, file="evil-1.0.tar.xz", comment=comment,
        payload=payload, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def block(**fields: object) -> bytes:
    """Return a stream of one block with these fields."""
    return Stream(blocks=[Block(**fields)]).build()  # type: ignore[arg-type]


def vectors() -> Iterator[Vector]:
    """Yield them all."""
    whole = Stream().build()
    yield vector("plain", SUCCESS, "A tar.xz with nothing wrong.", whole)
    yield from _around(whole)
    yield from _headers()
    yield from _blocks()
    yield from _index()
    yield from _bombs()


def _around(whole: bytes) -> Iterator[Vector]:
    second, trailing = "archive-second-stream", "archive-trailing-bytes"
    yield vector("second-stream", second, "A second stream holds another archive.", whole * 2)
    yield vector(
        "empty-second-stream", second, "A stream without blocks follows.",
        whole + Stream(blocks=[]).build(),
    )  # fmt: skip
    yield vector("stream-padding", trailing, "Four zeros follow, as xz allows.", whole + bytes(4))
    yield vector("trailing-bytes", trailing, "Text follows the stream.", whole + b"evil\n")
    for name, size, comment in (
        ("header", 9, "The file ends within the stream header."),
        ("block-header", 16, "The file ends within a block header."),
        ("data", 500, "The file ends within the data."),
        ("index", len(whole) - 16, "The file ends within the index."),
        ("footer", len(whole) - 1, "The file ends within the footer."),
    ):
        yield vector(f"truncated-{name}", "archive-truncated", comment, whole[:size])
    yield vector(
        "no-blocks", "archive-tar-no-end", "The stream holds nothing.", Stream(blocks=[]).build()
    )


def _headers() -> Iterator[Vector]:
    code = "archive-xz-header"
    yield vector(
        "header-flag", code, "The stream has a reserved flag.", Stream(flags=b"\1\1").build()
    )
    yield vector(
        "header-checksum", code, "The stream header's checksum is wrong.",
        Stream(header_crc=b"evil").build(),
    )  # fmt: skip
    yield vector(
        "no-check", "archive-xz-check", "The stream has no check of its content.",
        Stream(flags=b"\0\0", blocks=[Block(check=b"")]).build(),
    )  # fmt: skip
    yield vector(
        "unknown-check", "archive-xz-check", "The stream has a check that is not defined.",
        Stream(flags=b"\0\2").build(),
    )  # fmt: skip
    code = "archive-xz-block"
    size, packed = number(len(TAR)), number(len(chunks(TAR)))
    for name, fields, comment in (
        ("block-checksum", {"header_crc": b"evil"}, "A block header's checksum is wrong."),
        ("block-flag", {"flags": 0x04}, "A block header has a reserved flag."),
        ("block-packed", {"flags": 0x40, "sizes": number(9)}, "A block's packed size is wrong."),
        ("block-unpacked", {"flags": 0x80, "sizes": number(9)}, "A block's size is wrong."),
        ("block-zero", {"flags": 0x40, "sizes": b"\0"}, "A block's packed size is zero."),
        (
            "block-number", {"flags": 0xC0, "sizes": packed + size[:-1] + b"\x9c\0"},
            "A size is written longer than it need be.",
        ),
        ("block-dictionary", {"filters": b"\x21\x01\x29"}, "No such dictionary size."),
    ):  # fmt: skip
        yield vector(name, code, comment, block(**fields))
    yield vector(
        "block-unpacked-huge", "archive-xz-block", "A block says that it has four exabytes.",
        block(flags=0x80, sizes=number((1 << 62) + 1)), bomb=True,
    )  # fmt: skip
    code = "archive-xz-filter"
    for name, fields, comment in (
        ("delta", {"flags": 1, "filters": b"\x03\x01\x00\x21\x01\x10"}, "A delta filter."),
        ("x86", {"flags": 1, "filters": b"\x04\x00\x21\x01\x10"}, "A filter for programs."),
        ("filter", {"filters": b"\x7e\x01\x10"}, "A filter that is not defined."),
    ):
        yield vector(name, code, comment, block(**fields))


def _blocks() -> Iterator[Vector]:
    yield vector(
        "header-padding", "archive-xz-padding", "A block header's padding is not zero.",
        block(header_padding=b"evi" + b"l\0\0\0"),
    )  # fmt: skip
    halves = chunks(TAR[:1024])[:-1] + b"\2" + chunks(TAR[1024:])[1:]
    yield vector(
        "block-padding", "archive-xz-padding", "A block's padding is not zero.",
        block(packed=halves, padding=b"x" * (-len(halves) % 4)),
    )  # fmt: skip
    yield vector("check", "archive-crc", "A block's check is wrong.", block(check=b"evil"))
    code = "archive-corrupt"
    body = chunks(TAR)
    for name, packed, comment in (
        ("chunk", b"\3" + body[1:], "A chunk is of a kind that does not exist."),
        (
            "chunk-first",
            b"\2" + body[1:],
            "The first chunk has no dictionary.",
        ),
        ("chunk-data", b"\xe0\x0d\xff\0\x1f\x5d" + bytes(range(1, 33)) + b"\0", "Noise for data."),
        ("chunk-properties", b"\xe0\x0d\xff\0\x1f\xff" + bytes(33), "Properties out of range."),
    ):
        yield vector(name, code, comment, block(packed=packed))
    half = len(TAR) // 2
    yield vector(
        "two-blocks", SUCCESS, "The tar is in two blocks, as xz -T makes them.",
        Stream(
            blocks=[
                Block(
                    packed=chunks(part), size=len(part), check=crc(part), flags=0xC0,
                    sizes=number(len(chunks(part))) + number(len(part)),
                )
                for part in (TAR[:half], TAR[half:])
            ]
        ).build(),
    )  # fmt: skip


def _index() -> Iterator[Vector]:
    code = "archive-xz-index"
    good = Block().build()[1]
    for name, stream, comment in (
        ("index-count", Stream(count=2), "The index counts a block that is not there."),
        (
            "index-size", Stream(blocks=[Block(record=(good[0], good[1] + 1))]),
            "The index has another size of the content.",
        ),
        (
            "index-packed", Stream(blocks=[Block(record=(good[0] + 4, good[1]))]),
            "The index has another size of the block.",
        ),
        ("index-checksum", Stream(index_crc=b"evil"), "The index's checksum is wrong."),
    ):  # fmt: skip
        yield vector(name, code, comment, stream.build())
    spare = -len(b"\0\1" + number(good[0]) + number(good[1])) % 4
    yield vector(
        "index-padding", "archive-xz-padding", "The index's padding is not zero.",
        Stream(index_padding=b"x" * (spare or 4)).build(),
    )  # fmt: skip
    code = "archive-xz-footer"
    for name, stream, comment in (
        ("footer-checksum", Stream(footer_crc=b"evil"), "The footer's checksum is wrong."),
        ("footer-size", Stream(backward=99), "The footer has another size of the index."),
        ("footer-flags", Stream(footer_flags=b"\0\4"), "The footer has another check."),
        ("footer-magic", Stream(footer_magic=b"ZY"), "The footer's magic is wrong."),
    ):
        yield vector(name, code, comment, stream.build())


def _bombs() -> Iterator[Vector]:
    code = "archive-limit-memory"
    for name, bits, comment in (
        ("dictionary", 40, "The dictionary has four gigabytes: so much memory a decoder asks for."),
        ("dictionary-128m", 30, "The dictionary has 128 MiB."),
    ):
        filters = b"\x21\x01" + bytes([bits])
        yield vector(name, code, comment, block(filters=filters), bomb=True)
    empty = Block(packed=b"\0", size=0, check=bytes(4))
    yield vector(
        "blocks", "archive-xz-block", "Seventy thousand blocks without content.",
        Stream(blocks=[*([empty] * 70_000), Block()]).build(), bomb=True,
    )  # fmt: skip
    run = _run()
    head = TOP + header(b"evil-1.0/zeros", size=GIB - 2048)
    content = head + bytes((1 << 20) - len(head))
    body = chunks(content)[:-1] + run * 1023 + b"\0"
    check = struct.pack("<I", zeros_crc(zlib.crc32(content), 1023 * (1 << 20)))
    yield vector(
        "bomb", "archive-limit-ratio", "A file of a gigabyte of zeros.",
        block(packed=body, size=GIB, check=check), bomb=True,
    )  # fmt: skip
    zeros = Block(
        packed=run * 16 + b"\0", size=16 << 20, check=struct.pack("<I", zeros_crc(0, 16 << 20)),
        flags=0xC0, sizes=number(len(run) * 16 + 1) + number(16 << 20),
    )  # fmt: skip
    first = Block(
        packed=chunks(head), size=len(head), check=crc(head), flags=0xC0,
        sizes=number(len(chunks(head))) + number(len(head)),
    )  # fmt: skip
    last = Block(packed=chunks(END), size=len(END), check=crc(END))
    yield vector(
        "bomb-blocks", "archive-limit-ratio",
        "A file of a gigabyte in blocks of 16 MiB, which decoders take side by side.",
        Stream(blocks=[first, *([zeros] * 64), last]).build(), bomb=True,
    )  # fmt: skip


def _run() -> bytes:
    """Return an LZMA2 chunk of a megabyte of zeros, which may follow any other."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 1 << 16}]
    packed = lzma.compress(bytes(1 << 20), lzma.FORMAT_RAW, filters=filters)
    length = (packed[3] << 8 | packed[4]) + 1
    if packed[0] != 0xEF or len(packed) != 6 + length + 1:
        raise ValueError("the encoder made more than one chunk")
    return packed[:-1]
