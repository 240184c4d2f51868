"""Trees of tens of thousands of files: right, and no step that takes the square of their number."""

import time
from collections.abc import Callable

import pytest

from support_contents import (
    REF,
    ROOT,
    SHA1,
    URI,
    File,
    archive_of,
    commit_of,
    entry,
    top,
)
from tagseal.contents import (
    Account,
    Kind,
    Proof,
    SourceContents,
    account_for,
    check_contents,
    claim_of,
)
from tagseal.contents.layout import folders_above
from tagseal.core.digests import object_id
from tagseal.core.gitobjects import RawEntry, format_tree
from tagseal.core.listing import ArchiveListing, Mode, TreeEntry, TreeListing

Files = dict[bytes, File]


def listing_of(files: Files) -> TreeListing:
    """The same as `support_contents.tree_of`, which is not made for so many."""
    entries = {path: entry(file) for path, file in files.items()}
    folders: dict[bytes, list[RawEntry]] = {b"": []}
    for path in folders_above(entries):
        folders[path] = []
    for path, item in entries.items():
        above, _, name = path.rpartition(b"/")
        folders[above].append((name, item.mode, item.object))
    trees: dict[bytes, str] = {}
    for path in sorted(folders, key=lambda path: path.count(b"/") + bool(path), reverse=True):
        trees[path] = object_id("tree", format_tree(folders[path]), SHA1)
        if path:
            above, _, name = path.rpartition(b"/")
            folders[above].append((name, Mode.TREE, trees[path]))
    return TreeListing(object_format=SHA1, tree=trees[b""], entries=entries, trees=trees)


def names(count: int) -> list[bytes]:
    return [b"d%d/s%d/f%d.%s" % (n % 50, n % 300, n, b"h" if n % 3 else b"c") for n in range(count)]


def identical(count: int) -> tuple[Files, Files]:
    files: Files = {path: path for path in names(count)}
    return files, files


def generated(count: int) -> tuple[Files, Files]:
    return {b"o/" + path: path + b"o" for path in names(count)}, {p: p for p in names(count)}


def modified(count: int) -> tuple[Files, Files]:
    attributes = {b".gitattributes": b"*.txt eol=crlf\n" * 50}
    tree: Files = {**attributes, **{path: path for path in names(count)}}
    return tree, {**attributes, **{path: path + b"!" for path in names(count)}}


def relocated(count: int) -> tuple[Files, Files]:
    return {b"old/" + path: path for path in names(count)}, {p: p for p in names(count)}


def dereferenced(count: int) -> tuple[Files, Files]:
    real: Files = {b"real/" + path: path for path in names(count)}
    links: Files = {p: (Mode.SYMLINK, b"../../real/" + p) for p in names(count)}
    return {**real, **links}, {**real, **{path: path for path in names(count)}}


def one_folder_dereferenced(count: int) -> tuple[Files, Files]:
    real: Files = {b"real/" + path: path for path in names(count)}
    copied = {b"link/" + path: path for path in names(count)}
    return {**real, b"link": (Mode.SYMLINK, b"real")}, {**real, **copied}


SHAPES: list[Callable[[int], tuple[Files, Files]]] = [
    identical,
    generated,
    modified,
    relocated,
    dereferenced,
    one_folder_dereferenced,
]


def accounted(archive: ArchiveListing, listed: TreeListing, tree: Files) -> Account:
    blobs = {
        entry(file).object: file[1] if isinstance(file, tuple) else file
        for file in tree.values()
        if not isinstance(file, TreeEntry)
    }
    return account_for(archive, listed, kind=Kind.SOURCE, mappings=ROOT, blob=blobs.get)


def claimed(
    archive: ArchiveListing, listed: TreeListing, account: Account, tree: Files
) -> SourceContents:
    commit = commit_of(listed.tree)
    return claim_of(
        account,
        repository=URI,
        ref=REF,
        commit_id=object_id("commit", commit, SHA1),
        commit=commit,
        tree_id=listed.tree,
        tags=(),
        listing=archive,
        carried={path: file for path, file in tree.items() if isinstance(file, bytes)},
    )


def run(shape: Callable[[int], tuple[Files, Files]], count: int) -> tuple[Proof, float]:
    """Account and check; returned are the proof and the seconds of computing."""
    tree, files = shape(count)
    tree, files = {**tree, b"README": b"r"}, {**files, b"README": b"r"}
    archive, listed = archive_of(top(files)), listing_of(tree)
    started = time.process_time()
    account = accounted(archive, listed, tree)
    claim = claimed(archive, listed, account, tree)
    proof = check_contents(archive, claim, kind=Kind.SOURCE)
    assert proof.findings == ()
    return proof, time.process_time() - started


def test_fifty_thousand_files() -> None:
    proof, seconds = run(identical, 50_000)
    assert len(proof.identical) == 50_001
    assert seconds < 10  # about half a second where nothing else runs


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_nothing_takes_the_square(shape: Callable[[int], tuple[Files, Files]]) -> None:
    few = min(run(shape, 1_500)[1] for _ in range(3))
    many = min(run(shape, 9_000)[1] for _ in range(2))
    assert many < 18 * few  # six times as many files: 36 times as long if it were the square
