"""Vectors: names, links and modes, in a plain tar."""

from collections.abc import Iterator

from vectors_tar import NAME, tar, vector

from support_archives import folder, header, link, member, pax, record
from support_vectors import SUCCESS, Vector

TOP = b"evil-1.0/"


def vectors() -> Iterator[Vector]:
    """Yield them all."""
    yield from _paths()
    yield from _portable()
    yield from _collisions()
    yield from _symlinks()
    yield from _modes()


def _paths() -> Iterator[Vector]:
    for name, code, path, comment in (
        ("empty", "path-empty", b"", "A member has no name."),
        ("absolute", "path-absolute", b"/etc/passwd", "A path is absolute."),
        ("dot", "path-dot", b"./evil-1.0/file", "A path begins with a dot."),
        ("dot-between", "path-dot", b"evil-1.0/./file", "A path has a dot between."),
        ("dot-dot", "path-dot-dot", b"evil-1.0/../../etc/passwd", "A path leads upwards."),
        (
            "dot-dot-inside",
            "path-dot-dot",
            b"evil-1.0/a/../README",
            "A path leads up and down again.",
        ),
        ("dot-dot-alone", "path-dot-dot", b"..", "A file's name is two dots."),
        ("double-slash", "path-empty-component", b"evil-1.0//file", "A path has two slashes."),
        ("backslash", "path-backslash", b"evil-1.0\\..\\..\\evil", "A path is one of Windows."),
        ("control", "path-control", b"evil-1.0/a\nb", "A path holds a line feed."),
        ("escape", "path-control", b"evil-1.0/\x1b[2Jx", "A path clears the terminal's screen."),
        ("delete", "path-control", b"evil-1.0/a\x7f", "A path holds the character DEL."),
        ("latin-1", "path-not-utf8", b"evil-1.0/caf\xe9", "A path is in Latin-1."),
        ("overlong", "path-not-utf8", b"evil-1.0/\xc0\xae\xc0\xae/x", "Dots in overlong UTF-8."),
        ("surrogate", "path-not-utf8", b"evil-1.0/\xed\xa0\x80", "Half of a surrogate pair."),
    ):
        yield vector(f"name-{name}", f"archive-{code}", comment, tar(member(path, b"x")))
    yield vector(
        "name-folder-slashes",
        "archive-path-empty-component",
        "A folder's name ends in two slashes.",
        tar(folder(TOP + b"sub//")),
    )
    yield vector(
        "name-folder-root", "archive-path-empty", "A folder is the root itself.", tar(folder(b"/"))
    )
    yield vector(
        "name-pax-dot-dot",
        "archive-path-dot-dot",
        "The path that leads upwards stands in a pax record.",
        tar(
            pax(record(b"path", TOP + b"n" * 100 + b"/../../../etc/passwd")),
            member((TOP + b"n" * 100)[:100]),
        ),
    )
    yield vector(
        "name-prefix-dot-dot",
        "archive-path-dot-dot",
        "The path that leads upwards stands in the prefix of a header.",
        tar(header(b"passwd", prefix=b"evil-1.0/../../etc")),
    )
    yield vector(
        "name-prefix-absolute",
        "archive-path-absolute",
        "The prefix makes a path absolute.",
        tar(header(b"passwd", prefix=b"/etc")),
    )


def _portable() -> Iterator[Vector]:
    git, reserved = "archive-path-git", "archive-path-reserved"
    for name, code, path, comment in (
        ("git", git, b".git/hooks/post-checkout", "A hook that git would run."),
        (
            "git-upper",
            git,
            b".GIT/config",
            "A folder that is .git where letter case does not count.",
        ),
        ("git-ignorable", git, ".g\u200cit/config".encode(), "A folder that is .git on HFS+."),
        ("git-fullwidth", git, "\uff0egit/config".encode(), "A folder that is .git after NFKC."),
        (
            "git-dot",
            reserved,
            b".git./config",
            "A folder that is .git on Windows: a dot at the end.",
        ),
        (
            "git-short",
            reserved,
            b"GIT~1/config",
            "A folder that is .git on Windows: the short name.",
        ),
        ("git-stream", reserved, b".git::$INDEX_ALLOCATION/config", "The folder .git as a stream."),
        ("stream", reserved, b"README:evil", "A stream of another file on Windows."),
        ("drive", reserved, b"C:evil", "A path on a drive of Windows."),
        ("space", reserved, b"README ", "A space at the end, which Windows takes away."),
        ("dots", reserved, b"README...", "Dots at the end, which Windows takes away."),
        ("device", reserved, b"nul", "A device of Windows."),
    ):
        yield vector(f"name-{name}", code, comment, tar(member(TOP + path, b"x")))
    yield vector(
        "name-bidirectional",
        SUCCESS,
        "A name with a bidirectional override: it is taken, and must be shown with an escape.",
        tar(member(TOP + "a\u202ec.sh".encode(), b"x")),
    )


def _collisions() -> Iterator[Vector]:
    code = "archive-duplicate-member"
    yield vector(
        "name-duplicate",
        code,
        "Two files have one path: the first wins for some readers, the last for others.",
        tar(member(NAME, b"good\n"), member(NAME, b"evil\n")),
    )
    yield vector(
        "name-duplicate-same",
        code,
        "A file stands twice, with the same content.",
        tar(member(NAME, b"good\n"), member(NAME, b"good\n")),
    )
    yield vector(
        "name-duplicate-folder", code, "A folder stands twice.", tar(*[folder(TOP + b"sub/")] * 2)
    )
    yield vector(
        "name-duplicate-kinds",
        code,
        "A file and a symlink have one path.",
        tar(member(NAME, b"good\n"), link(NAME, b"README")),
    )
    code = "archive-path-through-file"
    yield vector(
        "name-through-symlink",
        code,
        "A file is written through a symlink of the archive.",
        tar(link(TOP + b"sub", b"."), member(TOP + b"sub/file", b"x")),
    )
    yield vector(
        "name-through-file",
        code,
        "A file stands below another file.",
        tar(member(TOP + b"sub", b"x"), member(TOP + b"sub/file", b"x")),
    )
    yield vector(
        "name-far-through-file",
        code,
        "A file stands two folders below another file.",
        tar(member(TOP + b"sub", b"x"), member(TOP + b"sub/deep/file", b"x")),
    )
    yield vector(
        "name-file-for-folder",
        code,
        "A symlink takes the place of a folder that an earlier path implies.",
        tar(member(TOP + b"sub/file", b"x"), link(TOP + b"sub", b"/tmp")),
    )
    yield vector(
        "name-unicode-forms",
        "archive-path-normalization",
        "Two names are the same after Unicode normalisation.",
        tar(member(TOP + "\u00e9".encode(), b"x"), member(TOP + b"e\xcc\x81", b"y")),
    )
    yield vector(
        "name-letter-case",
        SUCCESS,
        "Two names differ in letter case only: Linux itself has some.",
        tar(member(TOP + b"xt_dscp.h", b"x"), member(TOP + b"xt_DSCP.h", b"y")),
        warning="archive-path-case",
    )
    yield vector(
        "name-decomposed",
        SUCCESS,
        "A name in decomposed Unicode, alone.",
        tar(member(TOP + b"e\xcc\x81", b"x")),
    )
    yield vector(
        "name-path-too-long",
        "archive-limit-path-length",
        "A path has 1,100 bytes.",
        tar(
            pax(record(b"path", TOP + b"/".join([b"n" * 99] * 11))),
            member((TOP + b"n" * 99)[:100]),
        ),
    )


def _symlinks() -> Iterator[Vector]:
    code = "archive-symlink-outside"
    for name, target, comment in (
        ("absolute", b"/etc/passwd", "A symlink's target is absolute."),
        ("dot-dot", b"../../etc/passwd", "A symlink leads out of the archive."),
        ("top", b"..", "A symlink leads out of the top folder."),
        (
            "through-nothing",
            b"no/thing/../../../x",
            "A symlink leads out through what is not there.",
        ),
        ("drive", b"C:/Windows", "A symlink leads to a drive of Windows."),
        ("down-and-up", b"sub/../../x", "A symlink leads down, and then out of the top folder."),
    ):
        yield vector(f"symlink-{name}", code, comment, tar(link(NAME, target)))
    yield vector(
        "symlink-through-another",
        code,
        "A symlink leads out through another one: each alone looks harmless.",
        tar(
            folder(TOP + b"a/"),
            folder(TOP + b"a/b/"),
            link(TOP + b"up", b"a/b"),
            link(TOP + b"a/b/up", b"../.."),
            link(TOP + b"out", b"up/up/../x"),
        ),
    )
    yield vector(
        "symlink-chain",
        code,
        "A chain of 60 symlinks, which no system follows to its end.",
        tar(*(link(TOP + b"l%d" % n, b"l%d" % (n + 1)) for n in range(60))),
    )
    doubled = (link(TOP + b"d%d" % n, b"d%d/../d%d" % (n - 1, n - 1)) for n in range(1, 30))
    yield vector(
        "symlink-doubling",
        SUCCESS,
        "Each symlink goes through the one before it twice: a billion steps where none is kept.",
        tar(folder(TOP + b"d0/"), *doubled),
        bomb=True,
    )
    yield vector(
        "symlink-loop",
        SUCCESS,
        "Two symlinks lead to each other: harmless, and git can hold them.",
        tar(link(TOP + b"a", b"b"), link(TOP + b"b", b"a")),
    )
    yield vector(
        "symlink-dangling", SUCCESS, "A symlink leads to nothing.", tar(link(NAME, b"nothing"))
    )
    code = "archive-symlink-target"
    yield vector("symlink-empty", code, "A symlink has no target.", tar(link(NAME, b"")))
    yield vector(
        "symlink-backslash",
        code,
        "A symlink leads out of the archive on Windows.",
        tar(link(NAME, b"..\\..\\evil")),
    )
    yield vector(
        "symlink-control",
        code,
        "A symlink's target holds a terminal's escape.",
        tar(link(NAME, b"\x1b[2J")),
    )
    yield vector(
        "symlink-too-long",
        "archive-limit-path-length",
        "A symlink's target has 1,100 bytes.",
        tar(pax(record(b"linkpath", b"n" * 1100)), link(NAME, b"n" * 100)),
    )


def _modes() -> Iterator[Vector]:
    special, owner = "archive-mode-special", "archive-mode-owner"
    for name, code, mode, comment in (
        ("setuid", special, b"0004755\0", "A file has the setuid bit."),
        ("setgid", special, b"0002755\0", "A file has the setgid bit."),
        ("sticky", special, b"0001644\0", "A file has the sticky bit."),
        ("writable", "archive-mode-writable", b"0000666\0", "Everybody may write a file."),
        ("unreadable", owner, b"0000200\0", "A file's owner may not read it."),
        ("none", owner, b"0000000\0", "A file has no permissions."),
        ("type", "archive-mode-type", b"0120644\0", "A file's mode is a symlink's."),
        ("type-device", "archive-mode-type", b"0060644\0", "A file's mode is a block device's."),
        ("high", "archive-mode-type", b"7777644\0", "A file's mode has bits that do not exist."),
    ):
        yield vector(f"mode-{name}", code, comment, tar(header(NAME, mode=mode)))
    for name, code, mode, comment in (
        ("folder-closed", owner, b"0000600\0", "A folder's owner may not enter it."),
        ("folder-writable", "archive-mode-writable", b"0000777\0", "Everybody may write a folder."),
        ("folder-setgid", special, b"0002755\0", "A folder has the setgid bit."),
    ):
        yield vector(f"mode-{name}", code, comment, tar(folder(TOP + b"sub/", mode=mode)))
    yield vector(
        "mode-group-writable",
        SUCCESS,
        "A file's group may write it, as git archive has it by default.",
        tar(header(NAME, mode=b"0000664\0")),
    )
    yield vector(
        "mode-with-type",
        SUCCESS,
        "A file's mode has the type bits of a file, as some tars write.",
        tar(header(NAME, mode=b"0100644\0")),
    )
