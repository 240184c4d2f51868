"""Archives with a few bytes changed: refused with a reason, or read; never anything else."""

import bz2
import contextlib
import io
import lzma
import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from support_archives import (
    END,
    GNU,
    Zip,
    ZipMember,
    folder,
    gz,
    link,
    long_name,
    member,
    pax,
    record,
    zst,
    zstd,
)
from support_xz import Block, Stream
from tagseal.archives import Limits, read_archive
from tagseal.core.digests import sha256_hex
from tagseal.core.errors import ArchiveError

LONG = b"top/" + b"n" * 120
LIMITS = Limits(max_unpacked_size=1 << 22, ratio_floor=1 << 20)
TAR = (
    pax(record(b"comment", b"c" * 40), kind=b"g")
    + folder()
    + member(b"top/hello", b"hello\n")
    + pax(record(b"path", LONG), record(b"mtime", b"1.5"))
    + member(LONG[:100], b"x" * 600)
    + long_name(LONG + b"2")
    + member(LONG[:100], b"y", magic=GNU)
    + link(b"top/link", b"hello")
    + END
)
ZIP = Zip(
    members=[
        ZipMember(name=b"top/", data=b"", method=0, mode=0o040755, dos=0x10),
        ZipMember(name=b"top/hello"),
        ZipMember(name=b"top/stored", method=0, data=b"z" * 300),
        ZipMember(name=b"top/link", mode=0o120777, data=b"hello"),
    ],
    comment=b"c" * 40,
).build()
XZ = Stream(blocks=[Block(content=TAR[:1000]), Block(content=TAR[1000:], sizes=False)]).build()
SEEDS = {
    "x.tar": TAR,
    "x.tar.gz": gz(TAR),
    "x.tar.xz": XZ,
    "x.tar.zst": zst(TAR, checksum_flag=1),
    "x.tar.bz2": bz2.compress(TAR),
    "x.zip": ZIP,
}


@st.composite
def mutated(draw: st.DrawFn, seed: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data) - 1))
        length = draw(st.integers(1, 40))
        kind = draw(st.sampled_from(["flip", "cut", "insert", "drop", "repeat", "zero", "digit"]))
        if kind == "flip":
            data[at] ^= draw(st.integers(1, 255))
        elif kind == "cut":
            del data[max(at, 1) :]
        elif kind == "insert":
            data[at:at] = draw(st.binary(min_size=1, max_size=20))
        elif kind == "drop":
            del data[at + 1 : at + 1 + length]
        elif kind == "repeat":
            block = at - at % 512
            data[block:block] = data[block : block + 512]
        elif kind == "zero":
            data[at : at + length] = bytes(len(data[at : at + length]))
        else:
            data[at] = draw(st.sampled_from(b"01234567x/. "))
    return bytes(data)


def survive(data: bytes, name: str) -> None:
    with contextlib.suppress(ArchiveError):
        read_archive(io.BytesIO(data), name, limits=LIMITS, keep=lambda path, size: True)


def repaired(data: bytes) -> bytes:
    """Return a tar with its checksums made right again, so that mutations get past them."""
    blocks = [data[at : at + 512] for at in range(0, len(data), 512)]
    for index, block in enumerate(blocks):
        if len(block) == 512 and b"ustar" in block:
            total = sum(block) - sum(block[148:156]) + 8 * 32
            blocks[index] = block[:148] + b"%06o\0 " % total + block[156:]
    return b"".join(blocks)


@given(mutated(TAR))
@settings(max_examples=150, deadline=None)
def test_tar(data: bytes) -> None:
    survive(data, "x.tar")
    survive(repaired(data), "x.tar")


@given(mutated(gz(TAR)))
@settings(max_examples=100, deadline=None)
def test_gzip(data: bytes) -> None:
    survive(data, "x.tar.gz")


@given(
    st.sampled_from([".xz", ".zst", ".bz2"]).flatmap(
        lambda s: st.tuples(st.just(s), mutated(SEEDS["x.tar" + s]))
    )
)
@settings(max_examples=150, deadline=None)
def test_one_stream(drawn: tuple[str, bytes]) -> None:
    """What is not refused is what the formats' own libraries make of it."""
    suffix, data = drawn
    own = {".xz": lzma.decompress, ".zst": zstd.decompress, ".bz2": bz2.decompress}[suffix]
    try:
        listing = read_archive(io.BytesIO(data), "x.tar" + suffix, limits=LIMITS)
    except ArchiveError:
        return
    assert listing.tar_sha256 == sha256_hex(own(data))


@given(mutated(ZIP))
@settings(max_examples=150, deadline=None)
def test_zip(data: bytes) -> None:
    survive(data, "x.zip")


@given(st.binary(max_size=2000), st.sampled_from([*SEEDS, "x"]))
@settings(max_examples=50, deadline=None)
def test_noise(data: bytes, name: str) -> None:
    survive(data, name)
    survive(SEEDS.get(name, b"")[:100] + data, name)


def test_the_seeds_are_read() -> None:
    for name, seed in SEEDS.items():
        listing = read_archive(io.BytesIO(seed), name, limits=LIMITS)
        assert listing.members[b"top/link"].target == b"hello"
    assert zlib.crc32(repaired(TAR)) == zlib.crc32(TAR)
