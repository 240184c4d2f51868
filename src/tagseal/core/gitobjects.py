"""Git's raw objects: reading commits, tags and trees strictly, and writing trees.

The formats are git's (gitformat-pack, "Object types"; Pro Git, "Git Objects"; git's ``fsck.c`` for
what it calls an error). Git's own readers are lenient, and two readers that differ in what they
tolerate can be shown two different sources; so these accept one form only and raise ValueError,
with a plain sentence, for any other. An object's payload is its bytes without the ``tree 33\\0``
header.

>>> from tagseal.core.digests import ObjectFormat
>>> blob = "ce013625030ba8dba906f756967f9e9ca394464a"
>>> payload = format_tree([(b"b", Mode.FILE, blob), (b"a", Mode.SYMLINK, blob)])
>>> [name for name, _, _ in parse_tree(payload, ObjectFormat.SHA1)]
[b'a', b'b']
>>> raw = b"tree " + blob.encode() + b"\\nauthor A <a@b> 7 +0000\\ncommitter A <a@b> 7 +0000\\n\\nm"
>>> parse_commit(raw, ObjectFormat.SHA1).time
7
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn, cast

from tagseal.core.digests import ObjectFormat, ObjectType
from tagseal.core.listing import Mode
from tagseal.core.paths import display

__all__ = [
    "Commit",
    "RawEntry",
    "TagObject",
    "format_tree",
    "parse_commit",
    "parse_tag",
    "parse_tree",
]

RawEntry = tuple[bytes, Mode, str]
"""One entry of a raw tree: its name (one component), its mode, and the id that it points to."""

# The time of year 10000: what tar headers and RFC 3339 cannot say is no time of a release.
_END_OF_TIME = 253_402_300_800
_COMMITTED = re.compile(rb"[^\n]*> ([0-9]{1,12}) [+-][0-9]{4,7}")
_MODES = {b"%o" % mode: mode for mode in Mode}
_MODE_BYTES = {mode: b"%o " % mode for mode in Mode}
_TYPES = (b"commit", b"tree", b"blob", b"tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What a raw commit object says."""

    tree: str
    parents: tuple[str, ...]
    time: int
    """The committer's time, in seconds since 1970-01-01 UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagObject:
    """What a raw tag object says."""

    object: str
    """The id of the object that is tagged."""
    type: ObjectType
    """The type that the tag says this object has."""
    name: bytes
    """The tag's own name for itself, which need not be the name of the ref that points to it."""


def parse_commit(raw: bytes, object_format: ObjectFormat) -> Commit:
    """Return what a commit object says; ValueError when it is not exactly in git's form.

    The header is ``tree``, any number of ``parent``, one ``author``, one ``committer``, then
    headers of other names, and ends at the first empty line.
    """
    lines = _header("commit", raw)
    tree = _id(_take(lines, b"tree", "commit"), object_format, "commit's tree")
    parents = []
    while lines and lines[0].startswith(b"parent "):
        parents.append(_id(lines.pop(0)[7:], object_format, "commit's parent"))
    _take(lines, b"author", "commit")
    committed = _COMMITTED.fullmatch(_take(lines, b"committer", "commit"))
    if committed is None or int(committed[1]) >= _END_OF_TIME:
        raise ValueError("the commit's committer line has no time that can be read")
    _refuse_repeated(lines, (b"tree", b"parent", b"author", b"committer"), "commit")
    return Commit(tree=tree, parents=tuple(parents), time=int(committed[1]))


def parse_tag(raw: bytes, object_format: ObjectFormat) -> TagObject:
    """Return what a tag object says; ValueError when it is not exactly in git's form.

    The header is ``object``, ``type``, ``tag``, then ``tagger`` (missing in very old tags) and
    headers of other names, and ends at the first empty line.
    """
    lines = _header("tag object", raw)
    target = _id(_take(lines, b"object", "tag object"), object_format, "tag object's target")
    kind = _take(lines, b"type", "tag object")
    if kind not in _TYPES:
        raise ValueError(f'the tag object tags a thing of type "{display(kind)}"')
    name = _take(lines, b"tag", "tag object")
    if not name:
        raise ValueError("the tag object has no name")
    if lines and lines[0].startswith(b"tagger "):
        lines.pop(0)
    _refuse_repeated(lines, (b"object", b"type", b"tag", b"tagger"), "tag object")
    return TagObject(object=target, type=cast("ObjectType", kind.decode()), name=name)


def parse_tree(raw: bytes, object_format: ObjectFormat) -> list[RawEntry]:
    """Return the entries of a tree object in their order; ValueError when it is malformed.

    Each entry is ``<octal mode> <name>\\0<binary id>``. Refused are modes other than `Mode`'s
    (git's listings print the legacy 100664 as 100644), zero-padded modes, names that are not one
    component of a path, names of ``.git`` in any letter case, two entries of one name, and an order
    other than git's.
    """
    entries: list[RawEntry] = []
    previous = b""
    width = object_format.width // 2
    position = 0
    while position < len(raw):
        end = raw.find(b"\0", position)
        text, space, name = raw[position:end].partition(b" ")
        position = end + 1 + width
        if end < 0 or not space or position > len(raw):
            raise ValueError("the tree object is cut short or is no tree")
        mode = _MODES.get(text) or _refuse_mode(text, name)
        _check_name(name)
        # Git compares a folder's name as if it ended in a slash (read-cache.c, base_name_compare).
        key = name + b"/" if mode is Mode.TREE else name
        if key < previous:
            raise ValueError(f'the tree object is not in order at "{display(name)}"')
        previous = key
        entries.append((name, mode, raw[end + 1 : position].hex()))
    if len({name for name, _, _ in entries}) != len(entries):
        twice = Counter(name for name, _, _ in entries).most_common(1)[0][0]
        raise ValueError(f'the tree object has two entries of the name "{display(twice)}"')
    return entries


def format_tree(entries: Iterable[RawEntry]) -> bytes:
    """Return the payload of the tree that holds these entries, given in any order.

    ValueError for entries that `parse_tree` would refuse.
    """
    # Git compares a folder's name as if it ended in a slash (read-cache.c, base_name_compare).
    keyed = sorted(
        (name + b"/" if mode is Mode.TREE else name, name, mode, target)
        for name, mode, target in entries
    )
    parts: list[bytes] = []
    names: set[bytes] = set()
    for _, name, mode, target in keyed:
        _check_name(name)
        if name in names:
            raise ValueError(f'a tree cannot hold "{display(name)}" twice')
        names.add(name)
        parts += (_MODE_BYTES[mode], name, b"\0", bytes.fromhex(target))
    return b"".join(parts)


def _refuse_mode(text: bytes, name: bytes) -> NoReturn:
    raise ValueError(
        f'the tree object has the mode {display(text)} for "{display(name)}", which git no '
        "longer writes and shows as another one"
    )


_NOT_NAMES = frozenset([b"", b".", b".."])


def _check_name(name: bytes) -> None:
    if (
        name in _NOT_NAMES
        or b"/" in name
        or b"\0" in name
        or (len(name) == 4 and name.lower() == b".git")
    ):
        raise ValueError(f'the tree object has an entry of the name "{display(name)}"')


def _header(what: str, raw: bytes) -> list[bytes]:
    """Return the header's lines, which end at the first empty line."""
    header, separator, _ = raw.partition(b"\n\n")
    if not separator:
        raise ValueError(f"the {what} has no empty line after its header")
    if b"\0" in header:
        raise ValueError(f"the {what} has a NUL byte in its header")
    return header.split(b"\n")


def _take(lines: list[bytes], key: bytes, what: str) -> bytes:
    if not lines or not lines[0].startswith(key + b" "):
        raise ValueError(f"the {what} has no {key.decode()} line where one belongs")
    return lines.pop(0)[len(key) + 1 :]


def _id(text: bytes, object_format: ObjectFormat, what: str) -> str:
    if not re.fullmatch(rb"[0-9a-f]{%d}" % object_format.width, text):
        raise ValueError(
            f"the {what} is not an id of {object_format.width} lowercase hexadecimal digits"
        )
    return text.decode()


def _refuse_repeated(lines: list[bytes], keys: tuple[bytes, ...], what: str) -> None:
    for line in lines:
        key = line.partition(b" ")[0]
        if key in keys:
            raise ValueError(f"the {what} has a {key.decode()} line out of place")
