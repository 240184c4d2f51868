"""Trees written by this project, tarfile and zipfile are read back as what they are."""

import bz2
import gzip
import io
import lzma
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_archives import zst
from support_contents import blob, tree_of
from tagseal.archives import Limits, SourceFormat, read_archive, write_source_archive
from tagseal.core.errors import ArchiveError
from tagseal.core.listing import ArchiveListing, Mode
from tagseal.core.paths import check_path

TOP = b"demo-1.0/"
MTIME = 1_700_000_000
COMMIT = "c" * 40
LIMITS = Limits(max_unpacked_size=1 << 24)

Tree = Mapping[bytes, tuple[Mode, bytes]]


def fits(name: str) -> bool:
    """Whether a name is one that archives may hold, in the form that no other name is taken for."""
    return check_path(name.encode()) is None and unicodedata.normalize("NFC", name) == name


names = st.one_of(
    st.sampled_from(["a", "b", "src", "README", "x.y", "a-b", "n" * 60, "m" * 99, "o" * 110, "é"]),
    st.text(
        st.characters(min_codepoint=0x21, max_codepoint=0x2FFF, categories=["L", "N", "P"]),
        min_size=1,
        max_size=12,
    ).filter(lambda name: "/" not in name and fits(name)),
)
paths = st.lists(names, min_size=1, max_size=4).map(lambda parts: "/".join(parts).encode())
files = st.tuples(
    st.sampled_from([Mode.FILE, Mode.EXECUTABLE]),
    st.one_of(st.binary(max_size=40), st.sampled_from([511, 512, 513, 5000]).map(bytes)),
)
links = st.tuples(st.just(Mode.SYMLINK), st.sampled_from([b"a", b"n" * 101, b"./b/../a", b"x/y"]))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    drawn = draw(st.dictionaries(paths, st.one_of(files, files, links), min_size=1, max_size=8))
    kept: dict[bytes, tuple[Mode, bytes]] = {}
    folders: set[bytes] = set()
    for path, item in drawn.items():
        parents = {path[:at] for at, byte in enumerate(path) if byte == ord("/")}
        if path not in folders and not parents & set(kept):
            # A link that stands in a folder would have to be looked at for where it leads.
            kept[path] = item if item[0].is_file or not parents else (Mode.FILE, item[1])
            folders |= parents
    return kept


def folders_of(tree: Tree) -> set[bytes]:
    top = {TOP[:-1]}
    return top | {TOP + p[:at] for p in tree for at, byte in enumerate(p) if byte == ord("/")}


def read(data: bytes, name: str) -> ArchiveListing:
    return read_archive(
        io.BytesIO(data), name, limits=LIMITS, keep=lambda path, size: path.startswith(TOP)
    )


def agrees(listing: ArchiveListing, tree: Tree) -> None:
    found = {}
    for path, member in listing.members.items():
        content = listing.kept[path] if member.target is None else member.target
        assert member.size == len(content)
        assert member.blob == blob(content)
        found[path] = (member.mode, content)
    assert found == {TOP + path: item for path, item in tree.items()}


@given(trees(), st.sampled_from(["tar", "tar.gz", "zip"]))
@settings(max_examples=60, deadline=None)
def test_what_is_written_here(tree: Tree, kind: SourceFormat) -> None:
    blobs = {blob(content): content for _, content in tree.values()}
    out = io.BytesIO()
    written = write_source_archive(
        out,
        format=kind,
        prefix=TOP,
        tree=tree_of(tree),
        open_blob=blobs.__getitem__,
        mtime=MTIME,
        commit=COMMIT,
    )
    listing = read(out.getvalue(), f"demo-1.0.{kind}")
    agrees(listing, tree)
    assert listing.folders == folders_of(tree)
    assert listing.comment == COMMIT.encode()
    assert (listing.sha256, listing.tar_sha256) == (written.sha256, written.tar_sha256)
    assert listing.size == written.size == len(out.getvalue())


def tar_of(tree: Tree, form: int, folders: bool = True) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for path in sorted(folders_of(tree)) if folders else ():
            info = tarfile.TarInfo(path.decode())
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(info)
        for path, (mode, content) in tree.items():
            info = tarfile.TarInfo((TOP + path).decode())
            info.mode = 0o755 if mode is Mode.EXECUTABLE else 0o644
            info.uname, info.mtime = "builder", MTIME
            if mode is Mode.SYMLINK:
                info.type, info.linkname = tarfile.SYMTYPE, content.decode()
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "tar.gz": lambda tar: gzip.compress(tar, mtime=0),
    "tar.xz": lzma.compress,
    "tar.bz2": bz2.compress,
    "tar.zst": lambda tar: zst(tar, checksum_flag=1),
}


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@given(tree=trees(), kind=st.sampled_from([*PACKERS]), folders=st.booleans())
@settings(max_examples=40, deadline=None)
def test_what_tarfile_writes(tree: Tree, form: int, kind: str, folders: bool) -> None:
    try:
        tar = tar_of(tree, form, folders)
    except ValueError:  # a name or a target that ustar cannot hold
        assert form == tarfile.USTAR_FORMAT
        return
    listing = read(PACKERS[kind](tar), f"demo-1.0.{kind}")
    agrees(listing, tree)
    assert listing.folders == (folders_of(tree) if folders else set())
    assert listing.format == kind


class Pipe(io.RawIOBase):
    """Where zipfile cannot go back, and writes sizes after the data."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self.data += bytes(data)
        return len(data)


def zip_of(tree: Tree, method: int, piped: bool) -> bytes:
    out: Pipe | io.BytesIO = Pipe() if piped else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:  # type: ignore[arg-type]
        for path, (mode, content) in tree.items():
            info = zipfile.ZipInfo((TOP + path).decode())
            permissions = {Mode.FILE: 0o100644, Mode.EXECUTABLE: 0o100755, Mode.SYMLINK: 0o120777}
            info.external_attr = permissions[mode] << 16
            info.compress_type = method
            archive.writestr(info, content)
    return out.data if isinstance(out, Pipe) else out.getvalue()


@given(trees(), st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_zipfile_writes(tree: Tree, method: int, piped: bool) -> None:
    agrees(read(zip_of(tree, method, piped), "demo-1.0.zip"), tree)


HONEST: Tree = {
    b"README": (Mode.FILE, b"hello\n"),
    b"src/run": (Mode.EXECUTABLE, bytes(700)),
    b"src/" + b"n" * 120: (Mode.FILE, b"x" * 90),
    b"link": (Mode.SYMLINK, b"README"),
}
PACKED = {
    **{kind: pack(tar_of(HONEST, tarfile.PAX_FORMAT)) for kind, pack in PACKERS.items()},
    "zip": zip_of(HONEST, zipfile.ZIP_DEFLATED, piped=False),
}


@pytest.mark.parametrize("kind", PACKED)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_a_changed_archive_is_refused_or_reads_as_before(kind: str, data: st.DataObject) -> None:
    packed = bytearray(PACKED[kind])
    name = f"demo-1.0.{kind}"
    honest = read(bytes(packed), name)
    change = data.draw(st.sampled_from(["flip", "cut", "insert", "drop"]))
    at = data.draw(st.integers(0, len(packed) - 1))
    if change == "flip":
        packed[at] ^= data.draw(st.integers(1, 255))
    elif change == "cut":
        del packed[max(at, 1) :]
    elif change == "insert":
        packed[at:at] = data.draw(st.binary(min_size=1, max_size=9))
    else:
        del packed[at : at + data.draw(st.integers(1, 9))]
    try:
        listing = read(bytes(packed), name)
    except ArchiveError:
        return
    assert [*listing.members] == [*honest.members]
    changed = [
        path
        for path, member in listing.members.items()
        if (member.size, member.blob) != (honest.members[path].size, honest.members[path].blob)
    ]
    # Only an uncompressed tar has no checksum over the content of its members.
    assert len(changed) <= (kind == "tar")
