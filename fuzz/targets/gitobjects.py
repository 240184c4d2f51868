"""Raw git objects, as a predicate carries them or git prints them (`tagseal.core.gitobjects`)."""

from tagseal.core.digests import ObjectFormat
from tagseal.core.gitobjects import format_tree, parse_commit, parse_tag, parse_tree


def check(data: bytes) -> None:
    """The first byte says which object the rest is, and with which hash.

    An object is read or a ValueError; a tree that was read is exactly what it writes.
    """
    if not data:
        return
    choice, raw = data[0], data[1:]
    object_format = ObjectFormat.SHA256 if choice & 4 else ObjectFormat.SHA1
    try:
        match choice & 3:
            case 0:
                commit = parse_commit(raw, object_format)
                assert raw.startswith(b"tree " + commit.tree.encode() + b"\n")
                assert len(commit.tree) == object_format.width
                assert all(len(parent) == object_format.width for parent in commit.parents)
                assert commit.time >= 0
            case 1:
                tag = parse_tag(raw, object_format)
                assert raw.startswith(b"object " + tag.object.encode() + b"\n")
                assert tag.name
            case _:
                entries = parse_tree(raw, object_format)
                assert format_tree(entries) == raw
                assert len({name for name, _, _ in entries}) == len(entries)
    except ValueError:
        return
