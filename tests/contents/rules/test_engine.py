from dataclasses import replace

import pytest

from support_contents import File, archive_of, honest, top, tree_of
from support_rules import EXECUTABLE, SYMLINK, asked, explained, rule_of
from tagseal.contents.rules import BUILT_IN, CHECKS, Difference, context_of, explain

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
