import pytest

from support_contents import SHA1, blob
from tagseal.contents.tree import EMPTY_TREES, MAX_DEPTH, TreeBuilder, TreeConflict, Whereabouts
from tagseal.core.digests import ObjectFormat
from tagseal.core.listing import Mode, TreeEntry

FILE = TreeEntry(mode=Mode.FILE, object=blob(b"x"))
HIDDEN = TreeEntry(mode=Mode.TREE, object="1" * 40)


def build(**entries: TreeEntry) -> TreeBuilder:
    tree = TreeBuilder()
    for path, entry in entries.items():
        tree.add(path.encode(), entry)
    return tree


@pytest.mark.parametrize(
    ("first", "second"), [(b"a", b"a"), (b"a", b"a/b"), (b"a/b", b"a"), (b"a/b", b"a/b/c")]
)
@pytest.mark.parametrize("entry", [FILE, HIDDEN])
def test_two_entries_that_exclude_each_other(first: bytes, second: bytes, entry: TreeEntry) -> None:
    tree = TreeBuilder()
    tree.add(first, entry)
    with pytest.raises(TreeConflict):
        tree.add(second, FILE)


def test_a_tree_has_a_depth() -> None:
    tree = TreeBuilder()
    tree.add(b"d/" * (MAX_DEPTH - 1) + b"f", FILE)
    tree.id(SHA1)
    with pytest.raises(TreeConflict, match="deep"):
        tree.add(b"e/" * MAX_DEPTH + b"f", FILE)


def test_an_id_is_of_the_trees_own_hash() -> None:
    with pytest.raises(ValueError, match="no sha256 id"):
        build(a=FILE).id(ObjectFormat.SHA256)
    with pytest.raises(ValueError, match="no sha1 id"):
        build(a=TreeEntry(mode=Mode.FILE, object="1" * 64)).id(SHA1)


def test_where_a_path_is() -> None:
    empty = TreeEntry(mode=Mode.TREE, object=min(EMPTY_TREES))
    tree = build(**{"a/b": FILE, "h": HIDDEN, "e": empty})
    where = {path: tree.whereabouts(path.encode()).name for path in ("a", "a/b", "h", "e")}
    assert set(where.values()) == {"PRESENT"}
    assert tree.whereabouts(b"a/c") is tree.whereabouts(b"x/y/z") is Whereabouts.ABSENT
    assert tree.whereabouts(b"e/x") is Whereabouts.ABSENT
    assert tree.whereabouts(b"h/x/y") is Whereabouts.HIDDEN
    assert tree.whereabouts(b"a/b/c") is Whereabouts.BELOW_FILE
    leaf = FILE.mode, FILE.object
    assert tree.holds(b"a/b", *leaf)
    assert not tree.holds(b"a", *leaf)
    assert not tree.holds(b"a/b/c", *leaf)
    assert set(tree.paths()) == {b"a", b"a/b", b"h", b"e"}
