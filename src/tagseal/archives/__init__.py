r"""Archives: read strictly in one pass without ever extracting, and written the same everywhere.

**Reading.** `open_archive` and `read_archive` take a tar (as it is, or as tar.gz, tar.xz, tar.zst
or tar.bz2; a crate and npm's tgz are tar.gz), a zip or a wheel from front to back through one
descriptor, and return its listing: path, mode, size, git blob id and sha256 of every member, beside
the digests of the file and of the uncompressed tar. The bytes that are hashed are the bytes that
are parsed. What two readers could read differently is refused, each with a reason code of its own
(``archive-…``, in `tagseal.core.reasons`):

- the container: more than one gzip member, xz or bzip2 stream or zstd frame; bytes after it, even
  zeros; a wrong checksum or length; truncation; gzip header flags beyond a file name; xz without a
  check that is known, with another filter than LZMA2, with an index or sizes that are not the
  blocks'; zstd with a dictionary or with frames to skip; a file name that contradicts the bytes;
- tar (v7, ustar, GNU, pax): a wrong checksum or magic, numbers that are not octal, bytes that
  belong to no field, pax records that are malformed, double, not known or at odds with the header,
  a global header with more than a comment, extension headers on one another, members that are no
  file, folder or symlink, data or padding where none may be, an end that is not two zero blocks and
  nothing but zeros after them;
- zip: bytes that belong to no member, before, between or after them; members that overlap; a local
  header unlike the central directory; extra fields beyond times and owners; methods beyond stored
  and deflate; encryption; a zip64 record that is not needed;
- names: empty, absolute, with ``.``, ``..``, ``//``, a backslash or control characters, not UTF-8,
  ``.git``, names that Windows changes, duplicates, paths that Unicode normalisation makes one,
  paths through a file or symlink; paths that differ in letter case only warn;
- symlinks that lead out of the top folder, even through others; hardlinks; modes with setuid and
  its like, writable by everybody, or closed to their owner;
- more than `Limits` allows, while it streams; and a dictionary or window that is larger, before
  anything is allocated for it.

Every refusal is status 1; only a format that is unknown or not supported is status 3.

Decompressing and hashing the file run in a thread of their own, beside the walk that hashes the
members; blocks of an xz that tell their sizes are decoded in two threads more. Deflate is done by
isal where it is installed, else by zlib. Memory does not grow with the bytes of an archive, only
with its number of members, and with the bytes that the caller asks to keep.

**Writing.** `write_source_archive` writes a git tree. Its tar is, byte for byte, what ``git -c
tar.umask=0022 archive --format=tar --prefix=NAME-VERSION/ COMMIT`` writes with attributes off. Its
gzip has a fixed header (no name, no time, XFL 2 for level 9, OS 255 for unknown) and the raw
deflate of the zlib that runs, whose version `zlib_version` tells. Its zip has the same members in
the same order, Unix modes, the commit's time in UTC, and no extra fields.

>>> import io
>>> from tagseal.archives import read_archive, write_source_archive
>>> from tagseal.core.digests import ObjectFormat, object_id
>>> from tagseal.core.listing import Mode, TreeEntry, TreeListing
>>> blob = object_id("blob", b"hello\n", ObjectFormat.SHA1)
>>> root = object_id(
...     "tree", b"100644 hello.txt\0" + bytes.fromhex(blob), ObjectFormat.SHA1
... )
>>> tree = TreeListing(
...     object_format=ObjectFormat.SHA1,
...     tree=root,
...     entries={b"hello.txt": TreeEntry(mode=Mode.FILE, object=blob)},
...     trees={b"": root},
... )
>>> out = io.BytesIO()
>>> written = write_source_archive(
...     out,
...     format="tar.gz",
...     prefix=b"hello-1.0/",
...     tree=tree,
...     open_blob={blob: b"hello\n"}.__getitem__,
...     mtime=1_700_000_000,
...     commit="c" * 40,
... )
>>> listing = read_archive(io.BytesIO(out.getvalue()), "hello-1.0.tar.gz")
>>> listing.tar_sha256 == written.tar_sha256
True
>>> member = listing.members[b"hello-1.0/hello.txt"]
>>> member.mode.text, member.size, member.blob
('100644', 6, 'ce013625030ba8dba906f756967f9e9ca394464a')
>>> read_archive(io.BytesIO(out.getvalue()[:-1]), "hello-1.0.tar.gz")
Traceback (most recent call last):
...
tagseal.core.errors.ArchiveError: hello-1.0.tar.gz: The archive ends in the middle of something.
"""

from typing import TYPE_CHECKING, Any

from tagseal.archives._open import open_regular
from tagseal.archives.limits import Limits
from tagseal.archives.reader import open_archive, read_archive

if TYPE_CHECKING:
    from tagseal.archives.writer import (
        SourceFormat,
        WrittenArchive,
        write_source_archive,
        zlib_version,
    )

__all__ = [
    "Limits",
    "SourceFormat",
    "WrittenArchive",
    "open_archive",
    "open_regular",
    "read_archive",
    "write_source_archive",
    "zlib_version",
]


def __getattr__(name: str) -> Any:
    """Import what writes when it is asked for: whoever reads does not need it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tagseal.archives import writer

    return getattr(writer, name)
