"""Vectors: pax records and GNU long names, and how they stand to the header that they extend."""

from collections.abc import Iterator

from vectors_tar import GOOD, NAME, TOP, tar, vector

from support_archives import GNU, header, link, long_name, member, pax, record
from support_vectors import SUCCESS, Vector

LONG = b"evil-1.0/" + b"n" * 120


def vectors() -> Iterator[Vector]:
    """Yield them all."""
    yield from _malformed()
    yield from _keys()
    yield from _disagreeing()
    yield from _global()
    yield from _stacked()
    yield from _long_names()


def _malformed() -> Iterator[Vector]:
    code = "archive-pax-malformed"
    whole = record(b"path", LONG)
    for name, data, comment in (
        ("no-length", b"path=x\n", "A record has no length."),
        ("length-short", b"6 path=x\n", "A record's length ends within its value."),
        ("length-long", b"99 path=x\n", "A record's length leads beyond the header."),
        ("length-zero-led", b"010 path=x\n", "A record's length begins with a zero."),
        ("length-zero", b"0 path=x\n", "A record's length is zero: a careless reader never ends."),
        ("length-negative", b"-9 path=x\n", "A record's length is negative."),
        ("length-huge", b"9" * 40 + b" path=x\n", "A record's length has forty digits."),
        ("length-spaced", b" 9 path=x\n", "A space precedes a record's length."),
        ("no-equals", b"8 pathx\n", "A record has no equals sign."),
        ("no-key", b"5 =x\n", "A record has no key."),
        ("no-line-feed", b"9 path=xy", "A record does not end in a line feed."),
        ("zero-byte", record(b"path", LONG + b"\0x"), "A path holds a zero byte."),
        ("trailing-zeros", whole + bytes(8), "Zero bytes follow the last record within its data."),
        ("size-negative", record(b"size", b"-1"), "A size is negative."),
        ("size-text", record(b"size", b"eight"), "A size is no number."),
        ("size-zero-led", record(b"size", b"00"), "A size begins with a zero."),
        ("size-huge", record(b"size", b"9" * 30), "A size has thirty digits."),
    ):
        yield vector(f"pax-{name}", code, comment, tar(pax(data), member(LONG[:100])))


def _keys() -> Iterator[Vector]:
    code = "archive-pax-key"
    for name, key, value, comment in (
        ("charset", b"hdrcharset", b"BINARY", "A record changes how names are to be read."),
        ("sparse", b"GNU.sparse.major", b"1", "A record makes the file a sparse one."),
        (
            "sparse-name",
            b"GNU.sparse.name",
            b"evil",
            "A record renames the member for GNU tar only.",
        ),
        ("attributes", b"SCHILY.xattr.user.a", b"b", "A record sets an extended attribute."),
        ("acl", b"SCHILY.acl.access", b"user::rwx", "A record sets an access control list."),
        (
            "capability",
            b"LIBARCHIVE.xattr.security.capability",
            b"AQ",
            "A record gives privileges.",
        ),
        ("file-type", b"SCHILY.filetype", b"sparse", "A record changes the member's type."),
        ("unknown", b"x", b"y", "A record with a key that nobody has defined."),
        ("comment", b"comment", b"c", "A member has a comment."),
    ):
        parts = (pax(record(key, value)), member(NAME))
        yield vector(f"pax-key-{name}", code, comment, tar(*parts))
    yield vector(
        "pax-key-letter-case",
        code,
        "A record's key is Path: readers differ in whether that is path.",
        tar(pax(record(b"Path", LONG)), member(NAME)),
    )
    code = "archive-pax-duplicate"
    yield vector(
        "pax-duplicate",
        code,
        "A header gives two paths: the first wins for some readers, the last for others.",
        tar(pax(record(b"path", LONG), record(b"path", LONG + b"2")), member(LONG[:100])),
    )
    yield vector(
        "pax-duplicate-same",
        code,
        "A header gives one path twice.",
        tar(pax(record(b"mtime", b"1"), record(b"mtime", b"1")), member(NAME)),
    )


def _disagreeing() -> Iterator[Vector]:
    code = "archive-pax-disagrees"
    yield vector(
        "pax-path-disagrees",
        code,
        "A record renames a file: readers that do not know pax see another name.",
        tar(pax(record(b"path", b"evil-1.0/Makefile")), member(b"evil-1.0/harmless", b"x")),
    )
    yield vector(
        "pax-size-disagrees",
        code,
        "A record gives another size than the header: readers differ in where the next member is.",
        tar(
            pax(record(b"size", b"1024")),
            header(NAME, size=0),
            member(b"evil-1.0/hidden", b"x"),
        ),
    )
    yield vector(
        "pax-size-zero",
        code,
        "A record takes a file's size away.",
        tar(pax(record(b"size", b"0")), member(NAME, member(b"evil-1.0/hidden", b"x"))),
    )
    yield vector(
        "pax-link-disagrees",
        code,
        "A record gives a symlink another target.",
        tar(pax(record(b"linkpath", b"configure")), link(NAME, b"README")),
    )
    yield vector(
        "pax-path-agrees",
        SUCCESS,
        "A record repeats what the header says.",
        tar(pax(record(b"path", NAME)), member(NAME)),
    )
    yield vector("pax-empty", SUCCESS, "A pax header has no records.", tar(pax(), member(NAME)))
    yield vector(
        "pax-path-long",
        SUCCESS,
        "A record gives a path that the header cannot hold, as pax is meant.",
        tar(pax(record(b"path", LONG)), member(LONG[:100])),
    )


def _global() -> Iterator[Vector]:
    code = "archive-pax-global"
    comment = pax(record(b"comment", b"c" * 40), kind=b"g")
    rest = TOP + GOOD + bytes(1024)
    yield vector(
        "pax-global-path",
        code,
        "A global header gives every member the same path.",
        pax(record(b"path", b"evil-1.0/evil"), kind=b"g") + rest,
    )
    yield vector(
        "pax-global-size",
        code,
        "A global header gives every member a size.",
        pax(record(b"size", b"512"), kind=b"g") + rest,
    )
    yield vector("pax-global-twice", code, "There are two global headers.", comment * 2 + rest)
    yield vector(
        "pax-global-later", code, "A global header stands between members.", tar(comment, GOOD)
    )
    yield vector(
        "pax-global-comment",
        SUCCESS,
        "A global header with a comment at the start, as git archive writes it.",
        comment + rest,
    )


def _stacked() -> Iterator[Vector]:
    code = "archive-tar-stacked"
    long_path = pax(record(b"path", LONG))
    body = member(LONG[:100])
    yield vector(
        "pax-twice",
        code,
        "Two pax headers precede one member: which of them holds?",
        tar(long_path, pax(record(b"path", LONG + b"2")), body),
    )
    yield vector(
        "pax-after-long-name",
        code,
        "A GNU long name and a pax path precede one member: which of them holds?",
        tar(long_name(LONG), long_path, body),
    )
    yield vector(
        "pax-before-long-name",
        code,
        "A pax path and a GNU long name precede one member: which of them holds?",
        tar(long_path, long_name(LONG), body),
    )
    yield vector(
        "gnu-long-name-twice",
        code,
        "Two GNU long names precede one member.",
        tar(long_name(LONG), long_name(LONG + b"2"), body),
    )
    yield vector(
        "gnu-long-link-twice",
        code,
        "Two GNU long targets precede one symlink.",
        tar(long_name(LONG, b"K"), long_name(LONG + b"2", b"K"), link(NAME, LONG[:100])),
    )
    yield vector(
        "pax-at-the-end", code, "A pax header precedes the end of the archive.", tar(long_path)
    )
    yield vector(
        "gnu-long-name-at-the-end", code, "A long name precedes the end.", tar(long_name(LONG))
    )
    yield vector(
        "gnu-long-name-misnamed",
        code,
        "A GNU long name's header has not the name that all readers look for.",
        tar(member(b"evil-1.0/x", LONG + b"\0", kind=b"L", magic=GNU), body),
    )


def _long_names() -> Iterator[Vector]:
    yield vector(
        "gnu-long-name-junk",
        "archive-tar-junk",
        "Bytes follow the end of a GNU long name: some readers take them into the name.",
        tar(member(b"././@LongLink", LONG + b"\0evil", kind=b"L", magic=GNU), member(LONG[:100])),
    )
    yield vector(
        "gnu-long-name-empty",
        "archive-tar-junk",
        "A GNU long name is empty.",
        tar(member(b"././@LongLink", b"\0", kind=b"L", magic=GNU), member(NAME)),
    )
    yield vector(
        "gnu-long-name-disagrees",
        "archive-pax-disagrees",
        "A GNU long name is another name than the header's.",
        tar(long_name(b"evil-1.0/Makefile"), member(b"evil-1.0/harmless", magic=GNU)),
    )
    yield vector(
        "gnu-long-name",
        SUCCESS,
        "A GNU long name, as GNU tar writes it.",
        tar(long_name(LONG), member(LONG[:100], magic=GNU)),
    )
    code = "archive-tar-extension-size"
    yield vector(
        "pax-too-large",
        code,
        "A pax header has 70 kB of records.",
        tar(pax(record(b"uname", b"u" * 70_000)), member(NAME)),
    )
    yield vector(
        "gnu-long-name-too-large",
        code,
        "A GNU long name has 70 kB.",
        tar(long_name(LONG + b"n" * 70_000), member(LONG[:100])),
    )
    yield vector(
        "pax-size-claimed",
        code,
        "A pax header says that it has eight gigabytes: a careless reader asks for the memory.",
        tar(header(b"pax", kind=b"x", size=b"77777777777\0") + record(b"mtime", b"1")),
        bomb=True,
    )
    yield vector(
        "pax-truncated",
        "archive-truncated",
        "The file ends within a pax header.",
        tar(pax(record(b"path", LONG)), end=b"")[:-500],
    )
