from dataclasses import replace

import pytest

from support_contents import File, archive_of, honest, top, tree_of
from support_rules import EXECUTABLE, SYMLINK, asked, explained, rule_of
from tagseal.contents.rules import BUILT_IN, CHECKS, Difference, context_of, explain, history_of

SCRIPT = b"#!/bin/sh\n"


def test_the_first_rule_that_fits_explains() -> None:
    built = {b"VERSION": b"1.2.3\n"}
    assert rule_of(None, b"1.2.3\n", b"VERSION", built=built) == "built-alike"
    assert rule_of(None, b"1.2.3\n", b"VERSION") == "version-file"
    without = [rule for rule in BUILT_IN if rule.name != "version-file"]
    assert rule_of(None, b"1.2.3\n", b"VERSION", rules=without) is None


def test_a_standing_that_is_not_asked_for_explains_nothing() -> None:
    assert rule_of(None, b"1.2.3\n", b"VERSION", standings=("proven",)) is None
    tree = {b"Cargo.toml": b"[package]\n"}
    for standings in (("proven",), ("proven", "explained")):
        found = explained(tree, {**tree, b"Cargo.toml.orig": b"[package]\n"}, standings=standings)
        assert found == {"Cargo.toml.orig": "cargo-original-manifest"}


def test_a_symlink_is_never_explained() -> None:
    """Not even where a build has the same; the proof refuses it before anybody asks."""
    files: dict[bytes, File] = {b"a": b"a", b"x": b"x"}
    listing = archive_of(top(files))
    forged = honest(tree_of({b"a": b"a"}), listing)
    context = context_of(forged.proof, listing, forged.claim, version="1")
    context = replace(context, built=archive_of(top(files)))
    member = listing.members[b"t-1/x"]
    difference = Difference(file_class="generated", path=b"t-1/x", inner=b"x", member=member)
    found = explain(difference, BUILT_IN, context)
    assert found is not None
    assert found.rule.name == "built-alike"
    link = replace(difference, member=replace(member, mode=SYMLINK))
    assert explain(link, BUILT_IN, context) is None


def test_a_rule_is_about_its_classes_and_names() -> None:
    assert rule_of(SCRIPT, (EXECUTABLE, SCRIPT)) == "mode-differs"
    assert rule_of(None, (EXECUTABLE, SCRIPT)) is None
    assert rule_of(None, b"1.2.3\n", b"other") is None


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_without_any_bytes_finds_nothing(check: str) -> None:
    """Of an archive that was not read again, and of a build that nobody made."""
    rules = [rule for rule in BUILT_IN if rule.check == check]
    tree = {
        b"f": b"a",
        b"package.json": b"{}",
        b"x.po": b"",
        b"pyproject.toml": b"",
        b"y.txt": b"a",
    }
    new = dict.fromkeys(tree, b"b") | {b"ChangeLog": b"x", b"x.gmo": b"y", b"_version.py": b"z"}
    assert explained(tree, new, rules=rules, kept=lambda _: False) == {}


def test_the_reason_is_the_rest_of_a_sentence() -> None:
    results = asked({b"f": SCRIPT}, {b"f": (EXECUTABLE, SCRIPT), b"VERSION": b"1.2.3"})
    for found in results.explanations.values():
        assert found.reason[0].islower()
        assert not found.reason.endswith(".")


def test_without_the_commits_bytes_only_what_needs_none_is_explained() -> None:
    """In a clone that has no blobs: each file below is explained where they are at hand."""
    files: dict[bytes, tuple[bytes, bytes]] = {
        b"a.h": (b"version 1.2.3-DEV\n", b"version 1.2.3\n"),
        b"a.txt": (b"a\n", b"a\r\n"),
        b"VERSION": (b"1.2.2\n", b"1.2.3\n"),
        b"_version.py": (b"version = '1'\n", b"version = '1.2.3'\n"),
        b"package.json": (b'{"version": "0"}', b'{"version": "1.2.3"}'),
        b"NEWS": (b"old news\n", b"old news\n2023-11-14\n"),
        b"setup.cfg": (b"[a]\n", b"[a]\n\n[egg_info]\ntag_build = \ntag_date = 0\n"),
        b"x.pdf": (b"/CreationDate (D:20230101)", b"/CreationDate (D:20231114)"),
    }
    tree: dict[bytes, File] = {path: old for path, (old, _) in files.items()}
    archive: dict[bytes, File] = {path: new for path, (_, new) in files.items()}
    history = history_of([(b"0" * 40, [b"A"], b"m")], [])
    built = {b"x.pdf": b"/CreationDate (D:20251125)"}
    found = explained(tree, archive, history=history, built=built)
    assert found.keys() == {path.decode() for path in files}
    assert explained(tree, archive, history=history, built=built, blobless=True) == {}
