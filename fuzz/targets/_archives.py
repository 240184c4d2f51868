"""What holds for every format: checking an archive, and mutating what is inside of a container."""

import hashlib
import io
import random
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator

from tagseal.archives import Limits, _xz, _zip, read_archive, reader
from tagseal.archives._ahead import Ahead
from tagseal.core.digests import ObjectFormat, object_id, sha256_hex
from tagseal.core.errors import ArchiveError
from tagseal.core.listing import ArchiveListing, Mode

__all__ = [
    "MOST_INSIDE",
    "Mutation",
    "check_tar",
    "check_zip",
    "mutate_inside",
    "mutate_tar",
    "repaired_tar",
]

Mutation = Callable[[bytes, int], bytes]
LIMITS = Limits(
    max_unpacked_size=1 << 20, ratio_floor=1 << 19, max_members=5000, max_decoder_memory=1 << 24
)
_BLOCK = 512
_WITH_THREADS = 16
MOST_INSIDE = 1 << 20  # and so for what a library unpacks


def _everything(path: bytes, size: int) -> bool:
    return bool(path) and size >= 0


class _Direct:
    """What stands for `Ahead` most of the time: the same chunks, without a thread to wait for."""

    def __init__(self, chunks: Iterator[bytes], depth: int) -> None:
        assert depth > 0
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def __next__(self) -> bytes:
        return next(self._chunks)

    def __enter__(self) -> "_Direct":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        if (close := getattr(self._chunks, "close", None)) is not None:
            close()


def _read(data: bytes, name: str, *, threads: bool) -> ArchiveListing | str:
    for module in (reader, _xz, _zip):
        module.Ahead = Ahead if threads else _Direct  # type: ignore[attr-defined]
    try:
        return read_archive(io.BytesIO(data), name, limits=LIMITS, keep=_everything)
    except ArchiveError as error:
        return error.code


def _listing(data: bytes, name: str) -> ArchiveListing | None:
    """Read without threads, and sometimes with them, which must say the same; None if refused."""
    listing = _read(data, name, threads=False)
    if zlib.crc32(data) % _WITH_THREADS == 0:
        assert _read(data, name, threads=True) == listing
    if isinstance(listing, str):
        assert listing.startswith("archive-")
        return None
    assert listing.size == len(data)
    assert listing.sha256 == sha256_hex(data)
    for path, member in listing.members.items():
        content = listing.kept[path] if member.target is None else member.target
        assert len(content) == member.size
        assert member.blob == object_id("blob", content, ObjectFormat.SHA1)
        assert member.sha256 == sha256_hex(content)
    return listing


def check_tar(data: bytes, name: str, unpack: Callable[[bytes], bytes]) -> None:
    """A tar in a container is refused by name, or tarfile sees the very same members in it."""
    listing = _listing(data, name)
    if listing is None:
        return
    tar = unpack(data)
    assert listing.tar_sha256 == hashlib.sha256(tar).hexdigest()
    if not listing.members and not listing.folders:
        return  # tarfile takes a tar of nothing but a global header for broken
    found: dict[bytes, object] = {}
    with tarfile.open(fileobj=io.BytesIO(tar), mode="r:") as archive:
        for info in archive:
            path = info.name.encode("utf-8", "surrogateescape")
            assert path not in found
            if info.isdir():
                found[path] = None
            elif info.issym():
                found[path] = info.linkname.encode("utf-8", "surrogateescape")
            else:
                assert info.isreg()
                stream = archive.extractfile(info)
                assert stream is not None
                found[path] = (stream.read(), bool(info.mode & 0o100))
    assert found == _members(listing)


def _members(listing: ArchiveListing) -> dict[bytes, object]:
    files: dict[bytes, object] = dict.fromkeys(listing.folders)
    for path, member in listing.members.items():
        files[path] = member.target
        if member.target is None:
            files[path] = (listing.kept[path], member.mode is Mode.EXECUTABLE)
    return files


def check_zip(data: bytes, name: str) -> None:
    """A zip is refused by name, or zipfile sees the very same members in it."""
    listing = _listing(data, name)
    if listing is None:
        return
    assert listing.tar_sha256 is None
    found: dict[bytes, bytes | None] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            path = info.filename.encode("utf-8")
            assert path not in found
            found[path.removesuffix(b"/")] = None if info.is_dir() else archive.read(info)
        assert (archive.comment or None) == listing.comment
    ours: dict[bytes, bytes | None] = dict.fromkeys(listing.folders)
    for path, member in listing.members.items():
        ours[path] = listing.kept[path] if member.target is None else member.target
    assert found == ours


def repaired_tar(tar: bytes) -> bytes:
    """Return a tar whose checksums are right again, so that what was mutated gets past them."""
    blocks = [tar[at : at + _BLOCK] for at in range(0, len(tar), _BLOCK)]
    for index, block in enumerate(blocks):
        if len(block) == _BLOCK and block[257:262] == b"ustar":
            total = sum(block) - sum(block[148:156]) + 8 * 0x20
            blocks[index] = block[:148] + b"%06o\0 " % total + block[156:]
    return b"".join(blocks)


def mutate_tar(data: bytes, max_size: int, chance: random.Random, plain: Mutation) -> bytes:
    """Mutate a tar; mostly repair its checksums, and sometimes double or drop a whole block."""
    tar = plain(data, max_size)
    at = chance.randrange(0, max(len(tar), 1), _BLOCK)
    match chance.randrange(12):
        case 0:
            tar = tar[:at] + tar[at : at + _BLOCK] + tar[at:]
        case 1:
            tar = tar[:at] + tar[at + _BLOCK :]
        case 2:
            tar = tar[: len(tar) - len(tar) % _BLOCK]
    return repaired_tar(tar)[:max_size] if chance.randrange(8) else tar[:max_size]


def mutate_inside(
    data: bytes,
    max_size: int,
    seed: int,
    plain: Mutation,
    unpack: Callable[[bytes], bytes],
    pack: Callable[[bytes, random.Random], bytes],
) -> bytes:
    """Mutate a container's bytes or, half of the time, the tar within and pack it again."""
    chance = random.Random(seed)  # noqa: S311 - a fuzzer's
    if chance.randrange(2):
        return plain(data, max_size)
    try:
        tar = unpack(data)
    except Exception:  # whatever the library says of what is no longer a container
        return plain(data, max_size)
    packed = pack(mutate_tar(tar, MOST_INSIDE, chance, plain), chance)
    return packed if len(packed) <= max_size else plain(data, max_size)
