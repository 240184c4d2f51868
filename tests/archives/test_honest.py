"""Honest archives, by every tool at hand: what this reader lists is what other readers see.

Python's tarfile and zipfile, git, and the writers in its standard library are always there. Other
programs (GNU tar, bsdtar, xz, zstd, bzip2, gzip, zip) join in, as makers and as readers, where they
are installed.
"""

import bz2
import gzip
import hashlib
import io
import lzma
import os
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from support_archives import git, zst, zstd
from tagseal.archives import open_archive
from tagseal.core.digests import sha256_hex
from tagseal.core.listing import ArchiveListing

TOP = "demo-1.0"
SHORT: dict[str, bytes | str] = {
    "empty": b"",
    "one": b"1",
    "511": b"a" * 511,
    "512": b"b" * 512,
    "513": b"c" * 513,
    "large": bytes(range(256)) * 9000,
    "run.sh": b"#!/bin/sh\n",
    "sub/deep/er/file.txt": b"text\n" * 1000,
    "sub/link": "deep/er/file.txt",
    "sub/up": "../one",
}
LONG: dict[str, bytes | str] = {
    **SHORT,
    "sub/" + "n" * 110: b"a name beyond its field",
    "sub/" + "/".join("d" * 60 for _ in range(5)) + "/file": b"a path beyond the prefix's field",
    "sub/long-link": "x/" + "l" * 130,
    "sub/\u00e9\u4e2d.txt": b"a name beyond ASCII",
}
USTAR: dict[str, bytes | str] = {**SHORT, "sub/" + "d" * 90 + "/" + "n" * 80: b"split in two"}

Compress = Callable[[bytes], bytes]


class Seen(NamedTuple):
    """What a reader sees of one member."""

    executable: bool
    size: int
    target: str | None
    sha256: str


def program(*arguments: str) -> Compress:
    def run(data: bytes) -> bytes:
        return subprocess.run(arguments, input=data, stdout=subprocess.PIPE, check=True).stdout

    return run


def compressors() -> Iterator[tuple[str, str, Compress]]:
    yield "tarfile", "tar", bytes
    yield "gzip", "tar.gz", lambda data: gzip.compress(data, mtime=0)
    yield "bz2", "tar.bz2", bz2.compress
    yield "lzma", "tar.xz", lzma.compress
    yield "zstd", "tar.zst", zst
    for suffix, arguments in (
        ("tar.gz", ("gzip", "-9c")),
        ("tgz", ("gzip", "-1nc")),
        ("tar.bz2", ("bzip2", "-c")),
        ("tar.xz", ("xz", "-c")),
        ("tar.xz", ("xz", "-9ec", "--check=sha256")),
        ("tar.xz", ("xz", "-0c", "-T2", "--block-size=400000")),
        ("txz", ("xz", "-0c", "--check=crc32", "--block-size=4096")),
        ("tar.zst", ("zstd", "-qc")),
        ("tar.zst", ("zstd", "-19", "-qc", "--no-check")),
        ("tzst", ("zstd", "-1", "-qc", "-T2")),
    ):
        if shutil.which(arguments[0]):
            yield " ".join(arguments), suffix, program(*arguments)


COMPRESSORS = [*compressors()]


def has(name: str, brand: str) -> bool:
    """Whether a program is there and is the one that is meant."""
    if not shutil.which(name):
        return False
    said = subprocess.run([name, "--version"], stdout=subprocess.PIPE, check=False).stdout
    return brand in said


GNU_TAR, BSDTAR = has("tar", b"GNU tar"), has("bsdtar", b"libarchive")


def write_tree(folder: Path, files: dict[str, bytes | str]) -> Path:
    for name, content in files.items():
        path = folder / TOP / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.symlink_to(content)
        else:
            path.write_bytes(content)
            path.chmod(0o755 if name.endswith(".sh") else 0o644)
    for at, folders, _ in os.walk(folder):
        for name in folders:
            (Path(at) / name).chmod(0o755)
    return folder


def expected(files: dict[str, bytes | str]) -> dict[str, Seen]:
    return {
        f"{TOP}/{name}": seen(content, executable=name.endswith(".sh"))
        for name, content in files.items()
    }


def seen(content: bytes | str, *, executable: bool = False) -> Seen:
    data = content.encode() if isinstance(content, str) else content
    target = content if isinstance(content, str) else None
    return Seen(executable, len(data), target, sha256_hex(data))


def by_tarfile(format: int) -> Callable[[Path], bytes]:  # noqa: A002 - tarfile's own word
    def make(folder: Path) -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=format) as archive:
            archive.add(folder / TOP, arcname=TOP)
        return out.getvalue()

    return make


def by_program(*arguments: str) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        command = [*arguments, "-cf", "-", "-C", str(folder), TOP]
        return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout

    return make


def makers() -> Iterator[tuple[str, dict[str, bytes | str], Callable[[Path], bytes]]]:
    yield "tarfile ustar", USTAR, by_tarfile(tarfile.USTAR_FORMAT)
    yield "tarfile gnu", LONG, by_tarfile(tarfile.GNU_FORMAT)
    yield "tarfile pax", LONG, by_tarfile(tarfile.PAX_FORMAT)
    if GNU_TAR:
        for kind, files in (("v7", SHORT), ("ustar", USTAR), ("gnu", LONG), ("posix", LONG)):
            yield f"tar {kind}", files, by_program("tar", "--no-xattrs", f"--format={kind}")
        yield (
            "tar sorted",
            LONG,
            by_program(
                "tar", "--no-xattrs", "--sort=name", "--owner=0", "--group=0", "--numeric-owner"
            ),
        )
    if BSDTAR:
        for kind, files in (("v7", SHORT), ("ustar", USTAR), ("gnutar", LONG), ("pax", LONG)):
            yield (
                f"bsdtar {kind}",
                files,
                by_program("bsdtar", "--no-xattrs", "--no-acls", "--no-fflags", f"--format={kind}"),
            )


MAKERS = [*makers()]


def ours(listing: ArchiveListing) -> dict[str, Seen]:
    found = {}
    for path, member in listing.members.items():
        assert member.sha256 is not None
        target = None if member.target is None else member.target.decode()
        executable = member.mode.text == "100755"
        found[path.decode()] = Seen(executable, member.size, target, member.sha256)
    return found


def as_tarfile_sees(path: Path) -> dict[str, Seen]:
    data = path.read_bytes()
    if path.name.endswith("zst"):  # tarfile itself reads it from Python 3.14 on
        data = zstd.decompress(data)
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if member.issym():
                found[member.name] = seen(member.linkname)
            elif member.isfile():
                content = archive.extractfile(member)
                assert content is not None
                found[member.name] = seen(content.read(), executable=bool(member.mode & 0o100))
    return found


def as_bsdtar_sees(path: Path) -> dict[str, Seen]:
    """Let libarchive read the archive and write what it saw as a pax archive."""
    copy = path.with_name("copy.tar")
    with copy.open("wb") as out:
        command = ["bsdtar", "--format=pax", "-cf", "-", f"@{path}"]
        subprocess.run(command, stdout=out, check=True)
    return as_tarfile_sees(copy)


def as_tar_sees(path: Path) -> dict[str, Seen]:
    """Let GNU tar unpack the archive."""
    folder = path.with_name("unpacked")
    folder.mkdir()
    subprocess.run(["tar", "-xf", str(path), "-C", str(folder)], check=True)
    found = {}
    for file in folder.rglob("*"):
        name = file.relative_to(folder).as_posix()
        if file.is_symlink():
            found[name] = seen(str(file.readlink()))
        elif file.is_file():
            executable = bool(file.stat().st_mode & 0o100)
            found[name] = seen(file.read_bytes(), executable=executable)
    return found


def readers() -> Iterator[Callable[[Path], dict[str, Seen]]]:
    yield as_tarfile_sees
    if BSDTAR:
        yield as_bsdtar_sees
    if GNU_TAR:
        yield as_tar_sees


@pytest.mark.parametrize(("name", "files", "make"), MAKERS, ids=[name for name, _, _ in MAKERS])
def test_a_tar_of_every_kind(
    tmp_path: Path, name: str, files: dict[str, bytes | str], make: Callable[[Path], bytes]
) -> None:
    path = tmp_path / "x.tar"
    path.write_bytes(make(write_tree(tmp_path / "tree", files)))
    listing = ours(open_archive(path))
    assert listing == expected(files)
    for reader in readers():
        assert reader(path) == listing
        shutil.rmtree(path.with_name("unpacked"), ignore_errors=True)


@pytest.mark.parametrize(
    ("name", "suffix", "compress"), COMPRESSORS, ids=[name for name, _, _ in COMPRESSORS]
)
def test_a_tar_compressed_by_everything(
    tmp_path: Path, name: str, suffix: str, compress: Compress
) -> None:
    tar = by_tarfile(tarfile.PAX_FORMAT)(write_tree(tmp_path / "tree", LONG))
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(compress(tar))
    listing = open_archive(path)
    assert ours(listing) == expected(LONG)
    assert listing.tar_sha256 == sha256_hex(tar)
    assert listing.sha256 == sha256_hex(path.read_bytes())
    for reader in readers():
        if reader is not as_tar_sees or suffix in ("tar", "tar.gz", "tgz"):
            assert reader(path) == ours(listing)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = write_tree(tmp_path / "repository", LONG) / TOP
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "m")
    return folder


@pytest.mark.parametrize("suffix", ["tar", "tar.gz", "zip"])
def test_what_git_archives(tmp_path: Path, repository: Path, suffix: str) -> None:
    """As GitHub and GitLab make their archives of sources."""
    options = ("-c", "tar.umask=0022", "archive", f"--prefix={TOP}/", f"--format={suffix}")
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(git(repository, *options, "HEAD"))
    listing = open_archive(path)
    assert listing.comment == git(repository, "rev-parse", "HEAD").strip()
    assert ours(listing) == expected(LONG)
    blobs = git(repository, "ls-tree", "-rz", "HEAD").split(b"\0")[:-1]
    assert {entry.partition(b"\t")[2]: entry.split()[2].decode() for entry in blobs} == {
        p.removeprefix(f"{TOP}/".encode()): m.blob for p, m in listing.members.items()
    }
    assert (as_zipfile_sees if suffix == "zip" else as_tarfile_sees)(path) == ours(listing)


def as_zipfile_sees(path: Path) -> dict[str, Seen]:
    found = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            if info.is_dir():
                continue
            content = archive.read(info)
            if mode & 0o170000 == 0o120000:
                found[info.filename] = seen(content.decode())
            else:
                found[info.filename] = seen(content, executable=bool(mode & 0o100))
    return found


def by_zipfile(method: int) -> Callable[[Path, Path], None]:
    def make(folder: Path, path: Path) -> None:
        with zipfile.ZipFile(path, "w", method) as archive:
            for file in sorted((folder / TOP).rglob("*")):
                name = file.relative_to(folder).as_posix()
                if file.is_symlink():
                    info = zipfile.ZipInfo(name)
                    info.create_system = 3
                    info.external_attr = 0o120777 << 16
                    archive.writestr(info, str(file.readlink()))
                else:
                    archive.write(file, name)

    return make


def by_zip(folder: Path, path: Path) -> None:
    subprocess.run(["zip", "-qry", str(path), TOP], cwd=folder, check=True)


ZIPPERS: dict[str, tuple[Callable[[Path, Path], None], dict[str, bytes | str]]] = {
    "zipfile stored": (by_zipfile(zipfile.ZIP_STORED), LONG),
    "zipfile deflated": (by_zipfile(zipfile.ZIP_DEFLATED), LONG),
    # Info-ZIP does not mark names as UTF-8, so readers may differ in them, and ours refuses.
    **({"zip": (by_zip, SHORT)} if shutil.which("zip") else {}),
}


@pytest.mark.parametrize("name", ZIPPERS)
def test_a_zip_of_every_kind(tmp_path: Path, name: str) -> None:
    make, files = ZIPPERS[name]
    path = tmp_path / "x.zip"
    make(write_tree(tmp_path / "tree", files), path)
    listing = ours(open_archive(path))
    assert listing == expected(files)
    assert as_zipfile_sees(path) == listing
    if BSDTAR:
        assert as_bsdtar_sees(path) == listing


def test_the_blob_ids_are_gits(repository: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    path.write_bytes(by_tarfile(tarfile.PAX_FORMAT)(write_tree(tmp_path / "tree", SHORT)))
    for name, member in open_archive(path).members.items():
        content = SHORT[name.decode().removeprefix(f"{TOP}/")]
        data = content.encode() if isinstance(content, str) else content
        assert member.blob == hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
