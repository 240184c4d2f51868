import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.gitobjects import format_tree, parse_commit, parse_tag, parse_tree
from tagseal.core.listing import Mode

SHA1 = ObjectFormat.SHA1
BLOB = "ce013625030ba8dba906f756967f9e9ca394464a"
TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
WHO = b"A U Thor <a@example.org> 1700000000 +0100"
COMMIT = b"tree %s\nparent %s\nauthor %s\ncommitter %s\n\nmessage\n" % (
    TREE.encode(),
    BLOB.encode(),
    WHO,
    WHO,
)
TAG = b"object %s\ntype commit\ntag v1\ntagger %s\n\nmessage\n" % (BLOB.encode(), WHO)


def test_commit():
    commit = parse_commit(COMMIT, SHA1)
    assert (commit.tree, commit.parents, commit.time) == (TREE, (BLOB,), 1_700_000_000)


def test_commit_with_signature_and_merged_tag():
    extra = b"mergetag object x\n tree y\n author z\ngpgsig -----\n \n -----\n"
    raw = COMMIT.replace(b"\n\nmessage", b"\n" + extra + b"\nmessage")
    assert parse_commit(raw, SHA1).parents == (BLOB,)


def test_commit_of_sha256():
    wide = b"ab" * 32
    raw = b"tree %s\nauthor %s\ncommitter %s\n\n" % (wide, WHO, WHO)
    assert parse_commit(raw, ObjectFormat.SHA256).tree == wide.decode()
    with pytest.raises(ValueError, match="40 lowercase"):
        parse_commit(raw, SHA1)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"tree ", b"Tree ", "no tree line"),
        (b"tree 4b", b"tree  4b", "not an id"),
        (b"tree 4b", b"tree 4B", "not an id"),
        (b"tree 4b825d", b"tree ", "not an id"),
        (b"parent ce", b"parent xx", "commit's parent"),
        (b"author ", b"writer ", "no author line"),
        (b"author ", b"author x\nauthor ", "no committer line"),
        (b"committer A", b"committer A\ncommitter A", "no time"),
        (b"+0100\n\n", b"+0100\ntree x\n\n", "tree line out of place"),
        (b"+0100\n\n", b"+0100\nparent x\n\n", "parent line out of place"),
        (b"+0100\n\n", b"+0100\ncommitter x\n\n", "committer line out of place"),
        (b"+0100\n\n", b"+0100\nx \0\n\n", "NUL byte"),
        (b"\n\nmessage\n", b"\n", "no empty line"),
        (b"1700000000 +0100\n\n", b"\n\n", "no time"),
        (b"1700000000 +0100\n\n", b"-5 +0100\n\n", "no time"),
        (b"1700000000 +0100\n\n", b"253402300800 +0100\n\n", "no time"),
    ],
)
def test_malformed_commit(old, new, problem):
    raw = COMMIT.replace(old, new, 1)
    assert raw != COMMIT
    with pytest.raises(ValueError, match=problem):
        parse_commit(raw, SHA1)


def test_tag():
    tag = parse_tag(TAG, SHA1)
    assert (tag.object, tag.type, tag.name) == (BLOB, "commit", b"v1")
    without_tagger = TAG.replace(b"tagger " + WHO + b"\n", b"")
    assert parse_tag(without_tagger, SHA1) == tag


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"object ", b"thing ", "no object line"),
        (b"object ce", b"object CE", "not an id"),
        (b"type commit", b"type branch", 'type "branch"'),
        (b"type commit\n", b"", "no type line"),
        (b"tag v1\n", b"tag \n", "has no name"),
        (b"tag v1\n", b"tag v1\ntag v2\n", "tag line out of place"),
        (b"tag v1\n", b"tag v1\nobject x\n", "object line out of place"),
        (b"tag v1\n", b"tag v1\0\n", "NUL byte"),
    ],
)
def test_malformed_tag(old, new, problem):
    with pytest.raises(ValueError, match=problem):
        parse_tag(TAG.replace(old, new, 1), SHA1)


def entry(mode: bytes, name: bytes) -> bytes:
    return mode + b" " + name + b"\0" + bytes.fromhex(BLOB)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (entry(b"100664", b"a"), "mode 100664"),
        (entry(b"040000", b"a"), "mode 040000"),
        (entry(b"100600", b"a"), "mode 100600"),
        (entry(b"100644", b"a") * 2, 'two entries of the name "a"'),
        (
            entry(b"100644", b"a") + entry(b"100644", b"a.b") + entry(b"40000", b"a"),
            'two entries of the name "a"',
        ),
        (entry(b"100644", b"b") + entry(b"100644", b"a"), 'not in order at "a"'),
        (entry(b"40000", b"a") + entry(b"100644", b"a.b"), "not in order"),
        (entry(b"100644", b""), "of the name"),
        (entry(b"100644", b"."), "of the name"),
        (entry(b"40000", b".."), "of the name"),
        (entry(b"40000", b".GIT"), "of the name"),
        (entry(b"100644", b"a/b"), "of the name"),
        (entry(b"100644", b"a")[:-1], "cut short"),
        (b"100644 a", "cut short"),
        (b"no tree at all", "cut short"),
        (b"\0" * 40, "cut short"),
    ],
)
def test_malformed_tree(raw, problem):
    with pytest.raises(ValueError, match=problem):
        parse_tree(raw, SHA1)


def test_format_tree_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="twice"):
        format_tree([(b"a", Mode.FILE, BLOB), (b"a", Mode.TREE, TREE)])
    with pytest.raises(ValueError, match="of the name"):
        format_tree([(b"a/b", Mode.FILE, BLOB)])


def test_empty_tree():
    assert parse_tree(b"", SHA1) == []
    assert object_id("tree", format_tree([]), SHA1) == TREE


names = st.binary(min_size=1, max_size=6).filter(
    lambda name: not set(name) & {0, ord("/")} and name.lower() not in (b".", b"..", b".git")
)


@given(
    st.dictionaries(names, st.tuples(st.sampled_from(Mode), st.binary(min_size=20, max_size=20)))
)
def test_trees_come_back(found):
    entries = [(name, mode, target.hex()) for name, (mode, target) in found.items()]
    raw = format_tree(entries)
    assert sorted(parse_tree(raw, SHA1)) == sorted(entries)
    assert format_tree(parse_tree(raw, SHA1)) == raw


@given(st.binary(max_size=80))
def test_any_bytes_are_a_tree_or_a_value_error(raw):
    try:
        entries = parse_tree(raw, SHA1)
    except ValueError:
        return
    assert format_tree(entries) == raw
