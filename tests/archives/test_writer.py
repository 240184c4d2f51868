import gzip
import hashlib
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_archives import git, git_repository, git_tree, read
from tagseal.archives import (
    WrittenArchive,
    _tarwriter,
    _zipwriter,
    write_source_archive,
    zlib_version,
)
from tagseal.archives._members import WriteMember
from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.errors import ArchiveError
from tagseal.core.listing import Mode, TreeEntry, TreeListing

COMMIT = "c" * 40
MTIME = 1_700_000_001
GITLINK = {ObjectFormat.SHA1: b"5" * 40, ObjectFormat.SHA256: b"5" * 64}

FILE, EXECUTABLE, SYMLINK, SUBMODULE = Mode.FILE, Mode.EXECUTABLE, Mode.SYMLINK, Mode.SUBMODULE


def many(object_format: ObjectFormat) -> list[tuple[bytes, Mode, bytes]]:
    deep = b"/".join(b"folder-%02d-with-a-name" % n for n in range(15))
    return [
        (b"README", FILE, b"hello\n"),
        (b"a.b", FILE, b"sorts before a/\n"),
        (b"a/x", FILE, b""),
        (b"a-b/x", FILE, b"sorts before a/ too\n"),
        (b"a0", FILE, b"0" * 512),
        (b"run.sh", EXECUTABLE, b"#!/bin/sh\n"),
        (b"caf\xc3\xa9/\xe6\xbc\xa2\xe5\xad\x97.txt", FILE, b"u" * 513),
        (b"link", SYMLINK, b"a/x"),
        (b"long-link", SYMLINK, b"a/../" * 30 + b"a/x"),
        (b"link-100", SYMLINK, b"./" * 49 + b"a0"),
        (b"link-101", SYMLINK, b"./" * 49 + b"a.b"),
        (b"vendored", SUBMODULE, GITLINK[object_format]),
        (deep + b"/vendored", SUBMODULE, GITLINK[object_format]),
        (deep + b"/deep.txt", FILE, b"deep\n"),
        (deep + b"/deep", SYMLINK, b"deep.txt/" + b"x" * 120),
        (b"n" * 120, FILE, b"no slash to split at\n"),
        (b"d" * 120 + b"/f", FILE, b"a prefix of 120 bytes\n"),
        (b"d/" + b"n" * 101, FILE, b"a name of 101 bytes\n"),
        (b"e/" + b"n" * 100, FILE, b"a name of 100 bytes\n"),
        (b"p" * 149 + b"/f", FILE, b"at the prefix's limit\n"),
        (b"q" * 150 + b"/f", FILE, b"over the prefix's limit\n"),
        *((b"edge/" + b"x" * n, FILE, b"%d" % n) for n in range(80, 104)),
        *((b"g" * n + b"/h/i", FILE, b"%d" % n) for n in range(85, 100)),
    ]


def blobs(repository: Path):
    return lambda oid: git(repository, "cat-file", "blob", oid)


def write(tree: TreeListing, open_blob, **options) -> tuple[bytes, WrittenArchive]:
    options = {
        "format": "tar",
        "prefix": b"name-1.0/",
        "mtime": MTIME,
        "commit": COMMIT,
        **options,
    }
    out = io.BytesIO()
    written = write_source_archive(out, tree=tree, open_blob=open_blob, **options)
    data = out.getvalue()
    assert written.size == len(data)
    assert written.sha256 == hashlib.sha256(data).hexdigest()
    return data, written


def by_git(repository: Path, commit: str, prefix: str = "name-1.0/", kind: str = "tar") -> bytes:
    return git(
        repository, "-c", "tar.umask=0022", "archive", f"--format={kind}", f"--prefix={prefix}",
        commit,
    )  # fmt: skip


@pytest.fixture(params=list(ObjectFormat), ids=lambda f: f.value)
def repository(request: pytest.FixtureRequest, tmp_path: Path):
    path = tmp_path / "repository"
    commit = git_repository(path, many(request.param), object_format=request.param)
    return path, commit, git_tree(path, commit, request.param)


@pytest.mark.parametrize("prefix", ["name-1.0/", "a/b/", "p" * 60 + "/", "p" * 130 + "/"])
def test_tar_is_what_git_writes(repository, prefix: str) -> None:
    path, commit, tree = repository
    ours, written = write(tree, blobs(path), commit=commit, prefix=prefix.encode())
    assert ours == by_git(path, commit, prefix)
    assert written.tar_sha256 == written.sha256


def test_tar_of_an_empty_commit_is_what_git_writes(tmp_path: Path) -> None:
    path = tmp_path / "repository"
    commit = git_repository(path, [])
    tree = git_tree(path, commit, ObjectFormat.SHA1)
    ours, _ = write(tree, blobs(path), commit=commit)
    assert ours == by_git(path, commit)
    assert read(ours, "name-1.0.tar").folders == {b"name-1.0"}


# The last block of 10,240 bytes is full, has room for one end block, for two, or nearly so.
@pytest.mark.parametrize("blocks", range(12, 20))
def test_tar_is_padded_as_git_pads(tmp_path: Path, blocks: int) -> None:
    path = tmp_path / "repository"
    commit = git_repository(path, [(b"file", FILE, b"x" * 512 * blocks)])
    ours, _ = write(git_tree(path, commit, ObjectFormat.SHA1), blobs(path), commit=commit)
    assert ours == by_git(path, commit)


def test_empty_folders_are_left_out_as_git_leaves_them_out(tmp_path: Path) -> None:
    path = tmp_path / "repository"
    commit = git_repository(path, [(b"file", FILE, b"x")])
    empty = git(path, "mktree", data=b"").decode().strip()
    blob = git(path, "rev-parse", f"{commit}:file").decode().strip()
    lines = f"040000 tree {empty}\tempty\n100644 blob {blob}\tfile\n"
    tree_id = git(path, "mktree", data=lines.encode()).decode().strip()
    commit = git(path, "commit-tree", tree_id, "-m", "two").decode().strip()
    tree = TreeListing(
        object_format=ObjectFormat.SHA1,
        tree=tree_id,
        entries={
            b"empty": TreeEntry(mode=Mode.TREE, object=empty),
            b"file": TreeEntry(mode=FILE, object=blob),
        },
        trees={b"": tree_id, b"empty": empty},
    )
    ours, _ = write(tree, blobs(path), commit=commit)
    assert ours == by_git(path, commit)


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "zip"])
def test_what_is_written_reads_back_as_the_tree(repository, kind: str) -> None:
    path, commit, tree = repository
    data, written = write(tree, blobs(path), commit=commit, format=kind)
    listing = read(data, f"name-1.0.{kind}", object_format=tree.object_format)
    assert listing.sha256 == written.sha256
    assert listing.tar_sha256 == written.tar_sha256
    assert listing.comment == commit.encode()
    assert_same(listing, tree)


def assert_same(listing, tree: TreeListing) -> None:
    found = {
        path: TreeEntry(mode=member.mode, object=member.blob)
        for path, member in listing.members.items()
    }
    files = {
        b"name-1.0/" + path: entry
        for path, entry in tree.entries.items()
        if entry.mode is not SUBMODULE
    }
    assert found == files
    assert list(found) == sorted(files)
    gitlinks = {path for path, entry in tree.entries.items() if entry.mode is SUBMODULE}
    folders = {b"name-1.0/" + path for path in (set(tree.trees) | gitlinks) - {b""}}
    assert listing.folders == folders | {b"name-1.0"}


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_git_own_archive_reads_as_the_tree(repository, kind: str) -> None:
    path, commit, tree = repository
    data = by_git(path, commit, kind=kind)
    listing = read(data, f"name-1.0.{kind}", object_format=tree.object_format)
    assert_same(listing, tree)
    assert listing.comment == commit.encode()


def test_default_umask_of_git_is_read(repository) -> None:
    path, commit, tree = repository
    data = git(path, "archive", "--format=tar", "--prefix=name-1.0/", commit)
    listing = read(data, "name-1.0.tar", object_format=tree.object_format)
    assert_same(listing, tree)
    assert listing.members[b"name-1.0/README"].raw_mode == 0o664


def test_gzip_has_a_fixed_header_and_the_tar_inside(repository) -> None:
    path, commit, tree = repository
    tar, plain = write(tree, blobs(path), commit=commit)
    data, written = write(tree, blobs(path), commit=commit, format="tar.gz")
    assert data[:10] == bytes.fromhex("1f8b08000000000002ff")
    assert gzip.decompress(data) == tar
    assert written.tar_sha256 == plain.sha256
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    assert data[10:-8] == deflate.compress(tar) + deflate.flush()


def one_file(data: bytes = b"x", name: bytes = b"file") -> tuple[TreeListing, dict[str, bytes]]:
    oid = object_id("blob", data, ObjectFormat.SHA1)
    tree = TreeListing(
        object_format=ObjectFormat.SHA1,
        tree="0" * 40,
        entries={name: TreeEntry(mode=FILE, object=oid)},
        trees={b"": "0" * 40},
    )
    return tree, {oid: data}


def test_tar_bytes_never_change() -> None:
    tree, store = one_file()
    _, written = write(tree, store.__getitem__)
    assert written.sha256 == "f2cc9cc1fcee6dd90f3d908328b1f450662dd5a669d839432c59374727028a93"


@pytest.mark.parametrize(
    ("mtime", "expected"),
    [
        (0, (1980, 1, 1, 0, 0, 0)),
        (MTIME, (2023, 11, 14, 22, 13, 20)),
        (8**11 - 1, (2107, 12, 31, 23, 59, 58)),
    ],
)
def test_zip_time_is_utc_within_the_years_of_dos(mtime: int, expected: tuple[int, ...]) -> None:
    tree, store = one_file()
    data, written = write(tree, store.__getitem__, format="zip", mtime=mtime)
    assert written.tar_sha256 is None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert [info.date_time for info in archive.infolist()] == [expected, expected]
        assert archive.comment == COMMIT.encode()
        assert [info.filename for info in archive.infolist()] == ["name-1.0/", "name-1.0/file"]


def test_zip_unpacks_with_modes_and_links(repository, tmp_path: Path) -> None:
    path, commit, tree = repository
    data, _ = write(tree, blobs(path), commit=commit, format="zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        by_name = {info.filename: info for info in archive.infolist()}
    assert by_name["name-1.0/run.sh"].external_attr >> 16 == 0o100755
    assert by_name["name-1.0/link"].external_attr >> 16 == 0o120777
    assert by_name["name-1.0/vendored/"].external_attr == 0o040755 << 16 | 0x10
    assert "name-1.0/café/漢字.txt" in by_name


def test_zip_of_many_members_has_a_zip64_record() -> None:
    oid = object_id("blob", b"", ObjectFormat.SHA1)
    tree = TreeListing(
        object_format=ObjectFormat.SHA1,
        tree="0" * 40,
        entries={b"%d" % n: TreeEntry(mode=FILE, object=oid) for n in range(0xFFFF)},
        trees={b"": "0" * 40},
    )
    data, _ = write(tree, lambda _: b"", format="zip")
    assert len(read(data, "name-1.0.zip").members) == 0xFFFF


@pytest.mark.parametrize(("count", "size"), [(0xFFFE, 0), (0xFFFF, 76), (0x10000, 76)])
def test_zip64_records_stand_only_where_they_are_needed(count: int, size: int) -> None:
    end = _zipwriter._end(count, 1, 2, b"")
    assert len(end) == 22 + size
    assert struct.unpack_from("<H", end, size + 10)[0] == min(count, 0xFFFF)


def test_a_zip_is_never_larger_than_4_gigabytes() -> None:
    class Large(bytes):
        def __len__(self) -> int:
            return 1 << 32

    pieces = _zipwriter.write_zip(
        [WriteMember(b"top/link", SYMLINK, "b" * 40)], lambda _: Large(b""), MTIME, COMMIT
    )
    with pytest.raises(ArchiveError) as caught:
        list(pieces)
    assert caught.value.code == "archive-write-unsupported"


def test_zip_refuses_what_it_cannot_hold() -> None:
    tree, store = one_file(name=b"caf\xe9")
    with pytest.raises(ArchiveError) as caught:
        write(tree, store.__getitem__, format="zip")
    assert caught.value.code == "archive-write-unsupported"


@pytest.mark.parametrize(
    "wrong",
    [
        {"prefix": b"name"},
        {"prefix": b"../"},
        {"prefix": b"/"},
        {"prefix": b""},
        {"mtime": -1},
        {"mtime": 8**11},
    ],
)
def test_what_no_archive_can_hold_is_refused(wrong: dict[str, object]) -> None:
    tree, store = one_file()
    with pytest.raises(ArchiveError) as caught:
        write(tree, store.__getitem__, **wrong)
    assert caught.value.code == "archive-write-unsupported"


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "zip"])
def test_wrong_bytes_for_a_blob_are_refused(kind: str) -> None:
    tree, _ = one_file()
    with pytest.raises(ArchiveError) as caught:
        write(tree, lambda _: b"y", format=kind)
    assert caught.value.code == "archive-write-blob"


def test_a_file_of_8_gigabytes_gets_a_size_record() -> None:
    class Large(bytes):
        def __len__(self) -> int:
            return 8**11

    pieces = _tarwriter.write_tar(
        [WriteMember(b"top/file", FILE, "b" * 40)], lambda _: Large(b""), MTIME, COMMIT
    )
    start = [next(pieces) for _ in range(7)]
    assert start[3][:52].rstrip(b"\0") == b"b" * 40 + b".paxheader"
    assert start[4] == b"19 size=8589934592\n"
    assert start[6][124:136] == b"00000000000\0"


def test_zlib_version_is_named() -> None:
    assert zlib_version() == zlib.ZLIB_RUNTIME_VERSION


NAMES = (
    st.text("ab.-é漢", min_size=1, max_size=130)
    .filter(lambda name: name.strip(".") == name)
    .map(lambda name: name.encode()[:240].decode("utf-8", "ignore").encode())
)
MODES = st.sampled_from([FILE, EXECUTABLE, SYMLINK, SUBMODULE])


@given(
    st.dictionaries(
        st.lists(NAMES, min_size=1, max_size=3).map(b"/".join),
        st.tuples(MODES, st.binary(max_size=600)),
        max_size=8,
    ),
    st.sampled_from(["tar", "tar.gz", "zip"]),
)
@settings(max_examples=60, deadline=None)
def test_any_tree_reads_back(files: dict[bytes, tuple[Mode, bytes]], kind: str) -> None:
    store = {}
    entries = {}
    folders = {name[:at] for name in files for at in range(len(name)) if name[at : at + 1] == b"/"}
    for name, (mode, data) in files.items():
        if name in folders:
            continue
        content = b"target" if mode is SYMLINK else data
        oid = object_id("blob", content, ObjectFormat.SHA1)
        store[oid] = content
        entries[name] = TreeEntry(mode=mode, object=oid)
    used = {f for f in folders if any(e.startswith(f + b"/") for e in entries)}
    tree = TreeListing(
        object_format=ObjectFormat.SHA1,
        tree="0" * 40,
        entries=entries,
        trees={b"": "0" * 40, **dict.fromkeys(used, "1" * 40)},
    )
    data, _ = write(tree, store.__getitem__, format=kind)
    assert_same(read(data, f"x.{kind}"), tree)
