"""Bytes that no package at hand holds, but that are a package's but for a stamp.

libtool writes its version into `ltmain.sh` and `ltversion.m4`, and distributions add their own. The
script has the released text, so it can tell with certainty which bytes come out for another stamp,
without having seen the package that has them. Each edit must apply, or the script stops.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["STAMPED", "UNDONE", "Derived", "derived"]

STAMPED = frozenset(["libtool.m4", "ltmain.sh", "ltversion.m4"])
"""The base names whose texts `derived` needs, of libtool's packages."""

UNDONE = "debian/patches/0090-shell-op.patch"
"""A patch that Debian's libtool has since 2.4.7-6, as its changelog says, and not before."""

# The address in a libtool that was bootstrapped from git, and not unpacked from a release.
_ADDRESS = (b"://www.gnu.org/software/libtool/>.\n", b"://www.gnu.org/s/libtool/>.\n")
_HOST = b"# Libtool was configured on host `(hostname || uname -n) 2>/dev/null | sed 1q`:\n"
# Versions that git gives to a checkout after a release, or with patches on it.
_FROM_GIT = (
    ("2.4.7", "2.4.7", "2.4.7", 0),
    ("2.4.7", "2.4.7-dirty", "2.4.7", 0),
    ("2.5.4", "2.5.4", "2.5.4", 0),
    ("2.5.4", "2.5.4-dirty", "2.5.4", 0),
    ("2.5.4", "2.5.4.1-baa1-dirty", "2.5.4.1", 1),
    ("2.6.2", "2.6.2", "2.6.2", 0),
    ("2.6.2", "2.6.2-dirty", "2.6.2", 0),
)


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A text with another stamp, what to call it, and the version that it was made from."""

    name: str
    version: str
    base: str
    data: bytes


def derived(
    texts: Mapping[tuple[str, str], bytes], patches: Mapping[str, bytes]
) -> Iterator[Derived]:
    """Yield what follows from libtool's texts, which are keyed by base name and version.

    ``patches`` has the patch `UNDONE` of each version of Debian's package that has it.
    """
    for release, version, revision, commits in _FROM_GIT:
        label = f"{version} (git, from {release})"
        main = texts.get(("ltmain.sh", release))
        if main is not None:
            edits = [_ADDRESS, *_stamp_main(release, version, revision)]
            yield _derive("ltmain.sh", label, release, main, edits)
        macros = texts.get(("ltversion.m4", release))
        if macros is not None and version != release:
            edits = _stamp_macros(macros, release, version, revision, commits)
            yield _derive("ltversion.m4", label, release, macros, edits)
    for (name, version), text in texts.items():
        if name == "libtool.m4" and _HOST in text:
            yield _derive(name, f"{version} (no host name)", version, text, [(_HOST, b"")])
        if name == "ltmain.sh" and version.endswith(" (Debian)"):
            yield from _rebuilt(version, text)
            if version in patches and version.startswith("2.4.7-7"):
                yield from _before(version, _undo(text, patches[version], "build-aux/ltmain.sh"))


def _rebuilt(version: str, text: bytes) -> Iterator[Derived]:
    """Yield the text with the stamps of Debian's package before it went into a stable release, and
    of Ubuntu's rebuilds of that."""
    full = version.removesuffix(" (Debian)")
    plain = re.sub(r"~deb\d+u\d+$", "", full)
    for other in (plain, f"{plain}build1", f"{plain}build2"):
        if other != full:
            label = f"{other} (Debian, from {full})"
            stamp = (f"Debian-{full}".encode(), f"Debian-{other}".encode())
            yield _derive("ltmain.sh", label, version, text, [stamp])


def _before(version: str, text: bytes) -> Iterator[Derived]:
    """Yield the unpatched text with the stamps of the packages that did not have the patch."""
    full = version.removesuffix(" (Debian)")
    for other in ("2.4.7-4", "2.4.7-5"):
        label = f"{other} (Debian, from {full} less a patch)"
        stamp = (f"Debian-{full}".encode(), f"Debian-{other}".encode())
        yield _derive("ltmain.sh", label, version, text, [stamp])


def _undo(text: bytes, patch: bytes, path: str) -> bytes:
    """Take one file's hunks of a unified patch out of its text again."""
    [part] = [
        part for part in re.split(rb"(?m)^--- a/", patch) if part.startswith(path.encode() + b"\n")
    ]
    for hunk in re.split(rb"(?m)^@@ .*\n", part)[1:]:
        lines = hunk.splitlines(keepends=True)
        old, new = (
            b"".join(line[1:] for line in lines if line[:1] in (b" ", sign))
            for sign in (b"-", b"+")
        )
        assert text.count(new) == 1
        text = text.replace(new, old)
    return text


def _stamp_main(release: str, version: str, revision: str) -> list[tuple[bytes, bytes]]:
    pairs = [
        ("(GNU libtool) {}", release, version),
        ("\nVERSION={}\n", release, version),
        ("\npackage_revision={}\n", release, revision),
    ]
    return [(form.format(old).encode(), form.format(new).encode()) for form, old, new in pairs]


def _stamp_macros(
    text: bytes, release: str, version: str, revision: str, commits: int
) -> list[tuple[bytes, bytes]]:
    serial = re.search(rb"\n# serial (\d+) ltversion\.m4\n", text)
    assert serial is not None
    pairs = [
        ("[LT_PACKAGE_VERSION], [{}]", release, version),
        ("[LT_PACKAGE_REVISION], [{}]", release, revision),
        ("macro_version='{}'", release, version),
        ("macro_revision='{}'", release, revision),
        ("# serial {} ltversion.m4", serial[1].decode(), str(int(serial[1]) + commits)),
    ]
    return [(form.format(old).encode(), form.format(new).encode()) for form, old, new in pairs]


def _derive(
    name: str, version: str, base: str, text: bytes, edits: list[tuple[bytes, bytes]]
) -> Derived:
    for old, new in edits:
        assert old in text, (name, version, old)
        text = text.replace(old, new)
    return Derived(name=name, version=version, base=base, data=text)
