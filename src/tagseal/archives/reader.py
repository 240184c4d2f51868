"""Reading an archive: which format it is, and the one pass that hashes and parses it."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import BinaryIO

from tagseal.archives._ahead import Ahead
from tagseal.archives._collector import Collector, Keep, Sha256Of
from tagseal.archives._collisions import detecting_sha1
from tagseal.archives._format import recognise
from tagseal.archives._input import Blocks, HashedInput, Meter
from tagseal.archives._open import open_regular
from tagseal.archives._tar import read_tar
from tagseal.archives.limits import Limits
from tagseal.core.digests import Hasher, ObjectFormat
from tagseal.core.errors import ArchiveError, TagsealError
from tagseal.core.listing import ArchiveListing
from tagseal.core.paths import display

__all__ = ["open_archive", "read_archive"]

_HEAD = 512
_DEPTH = 4
_TAR_CHUNK = 1 << 20
_LIMITS = Limits()


def _nothing(path: bytes, size: int) -> bool:
    del path, size
    return False


def _all(path: bytes) -> bool:
    del path
    return True


def open_archive(
    path: Path,
    *,
    object_format: ObjectFormat = ObjectFormat.SHA1,
    limits: Limits = _LIMITS,
    keep: Keep = _nothing,
    sha256_of: Sha256Of = _all,
    tar_digest: bool = True,
    collision_detection: bool = False,
) -> ArchiveListing:
    """Read the archive at a path through one descriptor; see `read_archive`.

    A file that cannot be opened or read, or is no regular file, is a TagsealError
    ``file-unreadable``.
    """
    try:
        file = open_regular(path)
    except OSError as error:
        raise TagsealError(
            "file-unreadable",
            f"The archive cannot be opened: {error.strerror or error}.",
            where=display(str(path)),
        ) from error
    with file:
        return read_archive(
            file,
            path.name,
            object_format=object_format,
            limits=limits,
            keep=keep,
            sha256_of=sha256_of,
            tar_digest=tar_digest,
            collision_detection=collision_detection,
        )


def read_archive(
    file: BinaryIO,
    name: str,
    *,
    object_format: ObjectFormat = ObjectFormat.SHA1,
    limits: Limits = _LIMITS,
    keep: Keep = _nothing,
    sha256_of: Sha256Of = _all,
    tar_digest: bool = True,
    collision_detection: bool = False,
) -> ArchiveListing:
    """Read an archive in one pass, from where the file stands (a zip: from its start) to its end.

    ``name`` is its file name, which must not contradict the bytes. Blob ids are made in
    ``object_format``. ``keep`` is asked, with path and size, which members' bytes are wanted in
    the listing's ``kept``. ``sha256_of`` is asked, with the path, for which members the sha256 is
    made beside the blob id (all, by default; a kept member has it always), and ``tar_digest`` says
    whether that of the uncompressed tar is made: each costs about as much as the blob ids. With
    ``collision_detection`` SHA-1 is made by a library that notices attacks on it, at about three
    times the cost; UsageError where that is not installed.

    Raises ArchiveError with an ``archive-…`` reason code when the archive is refused, and
    TagsealError ``file-unreadable`` when the file cannot be read.
    """
    try:
        new_hasher = _hasher(object_format, collision_detection)
        collector = Collector(limits, new_hasher, keep, sha256_of)
        with closing(collector):
            return _read(file, name, collector, limits, object_format, tar_digest)
    except ArchiveError as error:
        error.where = f"{display(name)}: {error.where}" if error.where else display(name)
        raise
    except OSError as error:
        raise TagsealError(
            "file-unreadable",
            f"The archive cannot be read: {error.strerror or error}.",
            where=display(name),
        ) from error


def _hasher(object_format: ObjectFormat, collision_detection: bool) -> Callable[[bytes], Hasher]:
    if object_format is ObjectFormat.SHA256:
        return hashlib.sha256
    return detecting_sha1() if collision_detection else partial(hashlib.sha1, usedforsecurity=False)


def _read(
    file: BinaryIO,
    name: str,
    collector: Collector,
    limits: Limits,
    object_format: ObjectFormat,
    tar_digest: bool,
) -> ArchiveListing:
    source = HashedInput(file, limits)
    kind = recognise(source.head(_HEAD), name)
    digest = None
    if kind == "zip":
        from tagseal.archives._zip import read_zip

        source = HashedInput(file, limits)
        comment = read_zip(file, source, collector, limits)
    else:
        digest = hashlib.sha256() if tar_digest and kind != "tar" else None
        with Ahead(_unpacked(kind, source, limits, digest), _DEPTH) as chunks:
            comment = read_tar(Blocks(chunks), collector, limits)
    tar_sha256 = source.sha256 if kind == "tar" else None
    if digest is not None:
        tar_sha256 = digest.hexdigest()
    collected = collector.finish()
    return ArchiveListing(
        name=name,
        format=kind,
        size=source.size,
        sha256=source.sha256,
        tar_sha256=tar_sha256,
        object_format=object_format,
        members=collected.members,
        folders=collected.folders,
        comment=comment,
        kept=collected.kept,
        warnings=collected.warnings,
    )


def _unpacked(
    kind: str, source: HashedInput, limits: Limits, digest: Hasher | None
) -> Iterator[bytes]:
    """Yield the bytes of a tar, counted against the limits as they come."""
    meter = Meter(lambda: source.size, limits)
    for chunk in _decompressed(kind, source, limits):
        meter.add(len(chunk))
        if digest is not None:
            digest.update(chunk)
        yield chunk


def _decompressed(kind: str, source: HashedInput, limits: Limits) -> Iterator[bytes]:
    """Yield the bytes of a tar. Only what a format needs is imported: libraries take their time."""
    if kind == "tar":
        return source.chunks(_TAR_CHUNK)
    blocks = Blocks(source.chunks())
    if kind == "tar.gz":
        from tagseal.archives._gzip import gunzip

        return gunzip(blocks)
    if kind == "tar.xz":
        from tagseal.archives._xz import unxz

        return unxz(blocks, limits)
    if kind == "tar.zst":
        from tagseal.archives._zstd import unzstd

        return unzstd(blocks, limits)
    from tagseal.archives._bzip2 import bunzip2

    return bunzip2(blocks)
