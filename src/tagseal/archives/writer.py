"""Writing a source archive: the same bytes for the same tree, time and zlib, on every machine."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from tagseal.archives._errors import refusal
from tagseal.archives._members import WriteMember, tree_members
from tagseal.archives._tarwriter import MAX_MTIME, write_tar
from tagseal.archives._zipwriter import write_zip
from tagseal.core.digests import Hasher, object_id
from tagseal.core.listing import TreeListing
from tagseal.core.paths import check_path

__all__ = ["SourceFormat", "WrittenArchive", "write_source_archive", "zlib_version"]

SourceFormat = Literal["tar", "tar.gz", "zip"]

_GZIP_HEADER = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x02\xff"
"""RFC 1952: deflate, no flags, no time, "slowest algorithm", operating system unknown."""

_FEED = 1 << 16  # zlib's replacements depend on how they are fed: always in pieces of this size


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenArchive:
    """What was written; ``tar_sha256`` is of the uncompressed tar, and None for a zip."""

    sha256: str
    tar_sha256: str | None
    size: int


def zlib_version() -> str:
    """Return the version of the zlib that compresses here, for the provenance.

    Compressed bytes are only the same where it is; the tar inside is the same everywhere.
    """
    return zlib.ZLIB_RUNTIME_VERSION


def write_source_archive(
    out: BinaryIO,
    *,
    format: SourceFormat,  # noqa: A002 - it is what everybody calls it
    prefix: bytes,
    tree: TreeListing,
    open_blob: Callable[[str], bytes],
    mtime: int,
    commit: str,
) -> WrittenArchive:
    """Write a tree as an archive.

    ``prefix`` is the top folder with its slash, such as ``b"name-1.0/"``; ``open_blob`` returns a
    blob's bytes by its id, which are checked against the id; ``mtime`` is the commit's committer
    time in seconds since 1970, ``commit`` its id. The tar is what ``git -c tar.umask=0022 archive
    --format=tar --prefix=PREFIX COMMIT`` writes with attributes off. Raises ArchiveError
    ``archive-write-blob`` for wrong bytes and ``archive-write-unsupported`` for a prefix, time or
    name that the format cannot hold. What is already in ``out`` then is not an archive.
    """
    if not prefix.endswith(b"/") or check_path(prefix[:-1]):
        raise refusal(
            "archive-write-unsupported", "The prefix is not the path of a folder.", prefix
        )
    if not 0 <= mtime <= MAX_MTIME:
        raise refusal("archive-write-unsupported", "The commit's time is out of a tar's range.")

    def content(member: WriteMember) -> bytes:
        data = open_blob(member.object)
        if object_id("blob", data, tree.object_format) != member.object:
            raise refusal(
                "archive-write-blob",
                f"The bytes are not those of blob {member.object}.",
                member.path,
            )
        return data

    members = tree_members(tree, prefix)
    if format == "zip":
        return _write(out, write_zip(members, content, mtime, commit), None)
    tar_digest = hashlib.sha256()
    pieces = _hashed(write_tar(members, content, mtime, commit), tar_digest)
    return _write(out, _gzip(pieces) if format == "tar.gz" else pieces, tar_digest)


def _hashed(pieces: Iterable[bytes], digest: Hasher) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    crc = length = 0
    yield _GZIP_HEADER
    for piece in _in_feeds(pieces):
        crc = zlib.crc32(piece, crc)
        length += len(piece)
        yield deflate.compress(piece)
    yield deflate.flush()
    yield crc.to_bytes(4, "little") + (length & 0xFFFFFFFF).to_bytes(4, "little")


def _in_feeds(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= _FEED:
            whole = len(held) - len(held) % _FEED
            view = bytes(held[:whole])
            del held[:whole]
            for at in range(0, whole, _FEED):
                yield view[at : at + _FEED]
    yield bytes(held)


def _write(out: BinaryIO, pieces: Iterable[bytes], tar_digest: Hasher | None) -> WrittenArchive:
    digest = hashlib.sha256()
    size = 0
    for piece in pieces:
        digest.update(piece)
        out.write(piece)
        size += len(piece)
    return WrittenArchive(
        sha256=digest.hexdigest(),
        tar_sha256=tar_digest.hexdigest() if tar_digest else None,
        size=size,
    )
