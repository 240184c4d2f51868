"""Archives made by hand, byte for byte, so that a test can make each part of one wrong."""

import gzip
import io
import struct
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tagseal.archives import Limits, read_archive
from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import ArchiveError
from tagseal.core.listing import ArchiveListing, Mode, TreeEntry, TreeListing

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

END = bytes(1024)
USTAR = b"ustar\x0000"
GNU = b"ustar  \0"
V7 = bytes(8)


def pack(
    path: Path,
    files: Mapping[str, bytes],
    *,
    top: str = "demo-1.0/",
    executable: Collection[str] = (),
) -> Path:
    """Write an honest tar.gz of these files below a top folder, and return its path."""
    with tarfile.open(path, "w:gz", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(files.items()):
            info = tarfile.TarInfo(top + name)
            info.size, info.mode = len(content), 0o755 if name in executable else 0o644
            tar.addfile(info, io.BytesIO(content))
    return path


def field_of(text: bytes, size: int) -> bytes:
    return text.ljust(size, b"\0")


def header(
    name: bytes = b"top/file",
    *,
    mode: bytes = b"0000644\0",
    uid: bytes = b"0000000\0",
    size: bytes | int = 0,
    kind: bytes = b"0",
    link: bytes = b"",
    magic: bytes = USTAR,
    uname: bytes = b"root",
    prefix: bytes = b"",
    padding: bytes = b"",
    checksum: bytes | None = None,
) -> bytes:
    """Return one tar header block."""
    size = b"%011o\0" % size if isinstance(size, int) else size
    block = b"".join(
        [
            field_of(name, 100),
            mode,
            uid,
            b"0000000\0",
            size,
            b"00000000000\0",
            b" " * 8,
            kind,
            field_of(link, 100),
            magic,
            field_of(uname, 32) if magic != V7 else bytes(32),
            bytes(32 + 16),
            field_of(prefix, 155),
            field_of(padding, 12),
        ]
    )
    assert len(block) == 512
    if checksum is None:
        checksum = b"%06o\0 " % sum(block)
    return block[:148] + checksum + block[156:]


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def member(name: bytes = b"top/file", data: bytes = b"", **fields: object) -> bytes:
    """Return a header and its data."""
    fields.setdefault("size", len(data))
    return header(name, **fields) + padded(data)  # type: ignore[arg-type]


def folder(name: bytes = b"top/", mode: bytes = b"0000755\0") -> bytes:
    return header(name, kind=b"5", mode=mode)


def link(name: bytes, target: bytes) -> bytes:
    return header(name, kind=b"2", link=target, mode=b"0000777\0")


def record(key: bytes, value: bytes) -> bytes:
    rest = b" %s=%s\n" % (key, value)
    length = len(rest)
    while len(b"%d" % length) + len(rest) != length:
        length = len(b"%d" % length) + len(rest)
    return b"%d" % length + rest


def pax(*records: bytes, kind: bytes = b"x") -> bytes:
    """Return a pax extension header."""
    return member(b"pax", b"".join(records), kind=kind)


def long_name(name: bytes, kind: bytes = b"L") -> bytes:
    """Return a GNU long name header."""
    return member(b"././@LongLink", name + b"\0", kind=kind, magic=GNU)


def read(
    data: bytes,
    name: str = "top.tar",
    *,
    limits: Limits | None = None,
    keep: object = None,
    object_format: ObjectFormat = ObjectFormat.SHA1,
    collision_detection: bool = False,
) -> ArchiveListing:
    options: dict[str, object] = {} if keep is None else {"keep": keep}
    return read_archive(
        io.BytesIO(data),
        name,
        limits=limits or Limits(),
        object_format=object_format,
        collision_detection=collision_detection,
        **options,  # type: ignore[arg-type]
    )


def refused(data: bytes, name: str = "top.tar", **options: object) -> ArchiveError:
    """Return the error that reading raises; there must be one."""
    with pytest.raises(ArchiveError) as caught:
        read(data, name, **options)  # type: ignore[arg-type]
    assert str(caught.value).startswith(name)
    return caught.value


def gz(tar: bytes) -> bytes:
    return gzip.compress(tar, mtime=0)


def zst(tar: bytes, **parameters: int) -> bytes:
    """Return a zstd frame, made with these of zstd's compression parameters."""
    options = {getattr(zstd.CompressionParameter, key): value for key, value in parameters.items()}
    return zstd.compress(tar, options=options)


@dataclass(kw_only=True)
class ZipMember:
    """One member of a hand-made zip; what is None is made right."""

    name: bytes = b"top/file"
    data: bytes = b"content\n"
    method: int = 8
    flags: int = 0
    system: int = 3
    mode: int = 0o100644
    dos: int = 0
    crc: int | None = None
    size: int | None = None
    packed: bytes | None = None
    local_name: bytes | None = None
    local_sizes: tuple[int, int, int] | None = None
    local_extra: bytes = b""
    extra: bytes = b""
    comment: bytes = b""
    before: bytes = b""
    after: bytes = b""
    offset: int | None = None
    disk: int = 0

    def build(self, at: int) -> tuple[bytes, bytes]:
        """Return the local part, and the entry of the central directory."""
        packed = self.packed
        if packed is None:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = self.data
            if self.method == 8:
                packed = deflate.compress(self.data) + deflate.flush()
        crc = zlib.crc32(self.data) if self.crc is None else self.crc
        size = len(self.data) if self.size is None else self.size
        sizes = (crc, len(packed), size)
        common = (self.flags, self.method, 0, 33)
        local_name = self.name if self.local_name is None else self.local_name
        told = sizes if self.local_sizes is None else self.local_sizes
        local = (
            self.before
            + struct.pack(
                "<4s5H3I2H", b"PK\3\4", 20, *common, *told, len(local_name), len(self.local_extra)
            )
            + local_name
            + self.local_extra
            + packed
            + self.after
        )
        central = (
            struct.pack(
                "<4s6H3I5H2I",
                b"PK\1\2",
                self.system << 8 | 20,
                20,
                *common,
                *sizes,
                len(self.name),
                len(self.extra),
                len(self.comment),
                self.disk,
                0,
                self.mode << 16 | self.dos,
                at + len(self.before) if self.offset is None else self.offset,
            )
            + self.name
            + self.extra
            + self.comment
        )
        return local, central


@dataclass(kw_only=True)
class Zip:
    """A hand-made zip."""

    members: list[ZipMember] = field(default_factory=list)
    comment: bytes = b""
    count: int | None = None
    before_directory: bytes = b""
    before_end: bytes = b""
    directory_junk: bytes = b""
    offset: int | None = None
    disk: int = 0

    def build(self) -> bytes:
        body = b""
        directory = b""
        for each in self.members:
            local, central = each.build(len(body))
            body += local
            directory += central
        body += self.before_directory
        directory += self.directory_junk
        count = len(self.members) if self.count is None else self.count
        offset = len(body) if self.offset is None else self.offset
        end = struct.pack(
            "<4s4H2IH",
            b"PK\5\6",
            self.disk,
            0,
            count,
            count,
            len(directory),
            offset,
            len(self.comment),
        )
        return body + directory + self.before_end + end + self.comment


def zip_of(**fields: object) -> bytes:
    """Return a zip of one member with these fields."""
    return Zip(members=[ZipMember(**fields)]).build()  # type: ignore[arg-type]


def git(repository: Path, *arguments: str, data: bytes | None = None, **env: str) -> bytes:
    """Run git without anybody's configuration; return what it prints."""
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(repository),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "C",
        "GIT_COMMITTER_EMAIL": "c@example.org",
        "GIT_AUTHOR_DATE": "1700000000 +0000",
        "GIT_COMMITTER_DATE": "1700000001 +0130",
        **env,
    }
    run = subprocess.run(
        ["git", *arguments], cwd=repository, input=data, env=environment, capture_output=True
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def git_tree(repository: Path, commit: str, object_format: ObjectFormat) -> TreeListing:
    """Return the listing of a commit's tree, by git's own account."""
    entries: dict[bytes, TreeEntry] = {}
    root = git(repository, "rev-parse", f"{commit}^{{tree}}").decode().strip()
    trees = {b"": root}
    for line in git(repository, "ls-tree", "-r", "-t", "-z", commit).split(b"\0")[:-1]:
        facts, _, path = line.partition(b"\t")
        mode, kind, oid = facts.decode().split()
        if kind == "tree":
            trees[path] = oid
        else:
            entries[path] = TreeEntry(mode=Mode(int(mode, 8)), object=oid)
    return TreeListing(object_format=object_format, tree=root, entries=entries, trees=trees)


def git_repository(
    path: Path,
    files: Iterable[tuple[bytes, Mode, bytes]],
    *,
    object_format: ObjectFormat = ObjectFormat.SHA1,
) -> str:
    """Make a repository with one commit of these files (path, mode, content); return its id."""
    path.mkdir()
    git(path, "init", "--quiet", f"--object-format={object_format.value}")
    attributes = path / ".git" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("* -export-subst -export-ignore -text -eol -ident -filter\n")
    lines = b""
    for name, mode, content in files:
        if mode is Mode.SUBMODULE:
            oid = content
        else:
            oid = git(path, "hash-object", "-w", "--stdin", data=content).strip()
        lines += b"%o %s 0\t%s\0" % (mode, oid, name)
    git(path, "update-index", "-z", "--index-info", data=lines)
    tree = git(path, "write-tree").decode().strip()
    return git(path, "commit-tree", tree, "-m", "one").decode().strip()
