"""Vectors: zips by their names and modes, and wheels."""

from collections.abc import Iterator

from vectors_zip import archive, one, vector

from support_archives import Zip
from support_vectors import SUCCESS, Vector


def vectors() -> Iterator[Vector]:
    """Yield them all."""
    yield from _names_and_modes()
    yield from _wheels()


def _names_and_modes() -> Iterator[Vector]:
    for name, code, path, flags, comment in (
        (
            "cp437",
            "zip-name",
            b"evil-1.0/\x82",
            0,
            "A name is not ASCII, and in no stated encoding.",
        ),
        (
            "utf8-unmarked",
            "zip-name",
            "evil-1.0/é".encode(),
            0,
            "A name is UTF-8 and not marked so.",
        ),
        (
            "not-utf8",
            "path-not-utf8",
            b"evil-1.0/\xe9",
            0x800,
            "A name is marked UTF-8 and is not.",
        ),
        ("absolute", "path-absolute", b"/etc/passwd", 0, "A name is absolute."),
        ("dot-dot", "path-dot-dot", b"evil-1.0/../../evil", 0, "A name leads upwards."),
        ("backslash", "path-backslash", b"evil-1.0\\..\\..\\evil", 0, "A name is one of Windows."),
        ("drive", "path-reserved", b"C:/evil", 0, "A name is on a drive of Windows."),
        ("zero-byte", "path-control", b"evil-1.0/a\0.txt", 0, "A name holds a zero byte."),
        ("no-name", "path-empty", b"", 0, "A member has no name."),
        ("root", "path-empty", b"/", 0, "A folder is the root itself."),
        ("duplicate", "duplicate-member", b"evil-1.0/README", 0, "Two members have one name."),
        ("through-file", "path-through-file", b"evil-1.0/README/x", 0, "A member is below a file."),
    ):
        folder = {"mode": 0o040755, "data": b""} if path == b"/" else {}
        payload = archive(one(name=path, flags=flags, **folder))
        yield vector(f"name-{name}", f"archive-{code}", comment, payload)
    mode = "archive-zip-mode"
    for name, code, fields, comment in (
        ("folder-as-file", mode, {"mode": 0o040755}, "A file's mode is a folder's."),
        ("dos-folder", mode, {"dos": 0x10}, "A file has the folder's attribute of DOS."),
        ("device", mode, {"mode": 0o020644}, "A file's mode is a device's."),
        (
            "symlink-not-unix", mode, {"mode": 0o120777, "system": 0},
            "A symlink in an archive that was not made on Unix.",
        ),
        (
            "executable-not-unix", mode, {"mode": 0o100755, "system": 0},
            "An executable in an archive that was not made on Unix.",
        ),
        ("setuid", "archive-mode-special", {"mode": 0o104755}, "A file has the setuid bit."),
        ("writable", "archive-mode-writable", {"mode": 0o100666}, "Everybody may write a file."),
        (
            "symlink-outside", "archive-symlink-outside",
            {"mode": 0o120777, "data": b"../../etc/passwd"}, "A symlink leads out of the archive.",
        ),
        (
            "symlink-empty", "archive-symlink-target", {"mode": 0o120777, "data": b""},
            "A symlink has no target.",
        ),
        (
            "symlink-large", "archive-limit-path-length", {"mode": 0o120777, "data": b"n" * 2000},
            "A symlink's target has 2,000 bytes.",
        ),
    ):  # fmt: skip
        yield vector(f"mode-{name}", code, comment, archive(one(**fields)))
    yield vector(
        "mode-file-as-folder",
        mode,
        "A file's name is a folder's.",
        archive(one(name=b"evil-1.0/sub/", data=b"")),
    )


def _wheels() -> Iterator[Vector]:
    info = b"evil-1.0.dist-info/"
    record = one(name=info + b"RECORD", data=b"evil/__init__.py,,\n")
    module = one(name=b"evil/__init__.py", data=b"")
    other = one(name=b"evil/__init__.py", data=b"import os\n")
    for name, expect, comment, payload in (
        ("plain", SUCCESS, "A wheel with nothing wrong.", Zip(members=[module, record]).build()),
        (
            "duplicate",
            "archive-duplicate-member",
            "A module stands twice: installers differ in which they install.",
            Zip(members=[module, other, record]).build(),
        ),
        (
            "prepended",
            "archive-zip-prepended",
            "A program precedes the wheel, which is an executable and a wheel in one.",
            Zip(
                members=[one(name=b"evil/__init__.py", before=b"\x7fELF" + bytes(60)), record]
            ).build(),
        ),
        (
            "hidden-module",
            "archive-zip-gap",
            "A module that only readers of local headers install.",
            Zip(members=[one(name=b"evil/a.py", after=other.build(0)[0]), record]).build(),
        ),
        (
            "appended",
            "archive-zip-gap",
            "A second wheel follows, which readers from the end see alone.",
            Zip(members=[module, record]).build() + Zip(members=[other, record]).build(),
        ),
        (
            "dot-dot",
            "archive-path-dot-dot",
            "A file of the wheel lands beside the installed packages.",
            Zip(members=[one(name=b"../evil.pth"), record]).build(),
        ),
    ):
        yield Vector(
            name=f"wheel-{name}", expect=expect, file="evil-1.0-py3-none-any.whl",
            comment=comment, payload=payload,
        )  # fmt: skip
