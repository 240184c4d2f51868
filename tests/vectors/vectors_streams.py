"""Vectors: tar.zst (RFC 8878), tar.bz2, and containers that are not read."""

import bz2
import struct
from collections.abc import Iterator

from vectors_containers import TAR
from vectors_tar import TOP

from support_archives import END, header
from support_vectors import SUCCESS, Vector

GIB = 1 << 30
MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE = b"\x50\x2a\x4d\x18" + struct.pack("<I", 4) + b"evil"
RAW, RLE, PACKED, RESERVED = range(4)


def block(data: bytes, *, last: bool = True, kind: int = RAW, size: int | None = None) -> bytes:
    """Return one block of a frame."""
    size = len(data) if size is None else size
    return (last | kind << 1 | size << 3).to_bytes(3, "little") + data


def frame(
    *blocks: bytes, descriptor: int = 0xA0, window: bytes = b"", size: int | None = len(TAR)
) -> bytes:
    """Return a frame; by default of one segment, with its size in four bytes."""
    told = b"" if size is None else struct.pack("<I", size)
    return MAGIC + bytes([descriptor]) + window + told + b"".join(blocks or [block(TAR)])


def zst(name: str, expect: str, comment: str, payload: bytes, **fields: object) -> Vector:
    """Return a vector of a tar.zst."""
    return Vector(
        name=f"zst-{name}", expect=expect, file="evil-1.0.tar.zst", comment=comment,
        payload=payload, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def bz(name: str, expect: str, comment: str, payload: bytes, **fields: object) -> Vector:
    """Return a vector of a tar.bz2."""
    return Vector(
        name=f"bz2-{name}", expect=expect, file="evil-1.0.tar.bz2", comment=comment,
        payload=payload, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def vectors() -> Iterator[Vector]:
    """Yield them all."""
    yield from _zstd()
    yield from _zstd_bombs()
    yield from _bzip2()
    yield from _others()


def _zstd() -> Iterator[Vector]:
    whole = frame()
    yield zst("plain", SUCCESS, "A tar.zst with nothing wrong.", whole)
    yield zst(
        "window", SUCCESS, "A frame with a window instead of a size.",
        frame(descriptor=0, window=b"\x38", size=None),
    )  # fmt: skip
    second, trailing = "archive-second-stream", "archive-trailing-bytes"
    yield zst("second-frame", second, "A second frame holds another archive.", whole * 2)
    yield zst("skippable-after", second, "A frame follows that readers skip.", whole + SKIPPABLE)
    yield zst(
        "skippable", "archive-zstd-skippable", "A frame that readers skip comes first.",
        SKIPPABLE + whole,
    )  # fmt: skip
    yield zst("trailing-bytes", trailing, "Text follows the frame.", whole + b"evil\n")
    yield zst("trailing-zeros", trailing, "Zeros follow the frame.", whole + bytes(512))
    yield zst(
        "reserved", "archive-zstd-header", "The frame has a reserved bit.", frame(descriptor=0xA8)
    )
    yield zst(
        "dictionary", "archive-zstd-dictionary", "The frame needs the dictionary of number 7.",
        MAGIC + b"\xa1\x07" + whole[5:],
    )  # fmt: skip
    corrupt = "archive-corrupt"
    for name, payload, comment in (
        (
            "block-empty",
            frame(block(b"", kind=PACKED, last=False), block(TAR)),
            "A block is compressed to nothing: libzstd takes it or not, by how it is fed.",
        ),
        ("block-reserved", frame(block(TAR, kind=RESERVED)), "A block is of a reserved kind."),
        ("block-noise", frame(block(b"\xff" * 99, kind=PACKED)), "A compressed block is noise."),
        ("size-high", frame(size=len(TAR) + 1), "The frame says that it has a byte more."),
        ("size-low", frame(size=len(TAR) - 1), "The frame says that it has a byte less."),
        ("block-large", frame(block(b"", kind=RLE, size=1 << 20) + b"\0"), "A block is too large."),
    ):
        yield zst(name, corrupt, comment, payload)
    yield zst(
        "checksum", "archive-crc", "The frame's checksum is wrong.",
        frame(descriptor=0xA4) + b"evil",
    )  # fmt: skip
    for name, size, comment in (
        ("header", 6, "The file ends within the frame header."),
        ("block", 500, "The file ends within a block."),
        ("block-header", 10, "The file ends within the header of a block."),
    ):
        yield zst(f"truncated-{name}", "archive-truncated", comment, whole[:size])
    yield zst(
        "truncated-checksum", "archive-truncated", "The file ends within the checksum.",
        frame(descriptor=0xA4) + b"ev",
    )  # fmt: skip
    yield zst(
        "no-last-block",
        "archive-truncated",
        "No block is the last one.",
        frame(block(TAR, last=False)),
    )
    yield zst(
        "legacy",
        "archive-name-contradicts",
        "A frame of zstd 0.7.",
        b"\x27\xb5\x2f\xfd" + whole[4:],
    )


def _zstd_bombs() -> Iterator[Vector]:
    code = "archive-limit-memory"
    yield zst(
        "window-3-75-tib", code, "The window has almost four terabytes.",
        frame(descriptor=0, window=b"\xff", size=None), bomb=True,
    )  # fmt: skip
    yield zst(
        "window-128m", code, "The window has 128 MiB.",
        frame(descriptor=0, window=b"\x88", size=None), bomb=True,
    )  # fmt: skip
    yield zst(
        "segment-huge", code, "The frame is one segment of an exabyte.",
        MAGIC + b"\xe0" + struct.pack("<Q", 1 << 60) + block(TAR), bomb=True,
    )  # fmt: skip
    head = TOP + header(b"evil-1.0/zeros", size=GIB)
    run = block(b"\0", kind=RLE, last=False, size=1 << 17)
    yield zst(
        "bomb", "archive-limit-ratio", "A file of a gigabyte of zeros, 32,000 times its size.",
        frame(
            block(head, last=False), run * (GIB >> 17), block(END),
            descriptor=0, window=b"\x38", size=None,
        ), bomb=True,
    )  # fmt: skip
    yield zst(
        "empty-blocks", SUCCESS, "Two hundred thousand empty blocks.",
        frame(block(b"", last=False) * 200_000, block(TAR)), bomb=True,
    )  # fmt: skip


def _bzip2() -> Iterator[Vector]:
    whole = bz2.compress(TAR)
    yield bz("plain", SUCCESS, "A tar.bz2 with nothing wrong.", whole)
    second, trailing, corrupt = (
        "archive-second-stream", "archive-trailing-bytes", "archive-corrupt",
    )  # fmt: skip
    yield bz("second-stream", second, "A second stream holds another archive.", whole * 2)
    yield bz("empty-second-stream", second, "An empty stream follows.", whole + bz2.compress(b""))
    yield bz("trailing-bytes", trailing, "Text follows the stream.", whole + b"evil\n")
    yield bz("trailing-zeros", trailing, "Zeros follow the stream.", whole + bytes(512))
    for name, payload, comment in (
        ("level", b"BZh0" + whole[4:], "The block size is zero."),
        ("block-magic", whole[:4] + b"evil!!" + whole[10:], "A block begins with no known mark."),
        ("block-checksum", whole[:10] + b"evil" + whole[14:], "A block's checksum is wrong."),
        ("pointer", whole[:14] + b"\x7f\xff\xff" + whole[17:], "The block's origin is beyond it."),
    ):
        yield bz(name, corrupt, comment, payload)
    for name, size, comment in (
        ("header", 3, "The file ends within the header."),
        ("data", len(whole) // 2, "The file ends within the data."),
        ("checksum", len(whole) - 2, "The file ends within the checksum."),
    ):
        yield bz(f"truncated-{name}", "archive-truncated", comment, whole[:size])
    size = 96 << 20
    zeros = TOP + header(b"evil-1.0/zeros", size=size) + bytes(size) + END
    yield bz(
        "bomb", "archive-limit-ratio", "A file of 96 MiB of zeros, from some hundred bytes.",
        bz2.compress(zeros), bomb=True,
    )  # fmt: skip


def _others() -> Iterator[Vector]:
    for name, file, head in (
        ("lzip", "evil-1.0.tar.lz", b"LZIP\1\x0c"),
        ("compress", "evil-1.0.tar.Z", b"\x1f\x9d\x90"),
        ("7z", "evil-1.0.7z", b"7z\xbc\xaf\x27\x1c\0\4"),
        ("lz4", "evil-1.0.tar.lz4", b"\x04\x22\x4d\x18"),
    ):
        yield Vector(
            name=f"format-{name}", expect="archive-format-unsupported", file=file,
            comment="An archive of a kind that is known and not read.", payload=head + bytes(64),
        )  # fmt: skip
