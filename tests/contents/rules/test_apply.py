from dataclasses import replace

from support_contents import File, archive_of, honest, top, tree_of
from support_rules import EXECUTABLE, asked, explained
from tagseal.config import load_config
from tagseal.contents.rules import BUILT_IN, PROJECT, active_rules, apply_rules, context_of

TEXT = """[[rule]]
name = "man"
check = "copy"
paths = ["doc/man.1"]
from = "tool.1"

[[rule]]
name = "news"
check = "from-history"
paths = ["doc/*.txt"]
"""


def test_the_rules_of_a_project_come_first() -> None:
    config = load_config({"tagseal.toml": TEXT.encode()})
    assert config is not None
    rules = active_rules(config.rules, ())
    assert [rule.name for rule in rules[:2]] == ["project:man", "project:news"]
    assert [rule.standing for rule in rules[:2]] == ["proven", "explained"]
    assert rules[2:] == BUILT_IN
    assert rules[0].means == 'the tagged commit\'s configuration declares it, by the check "copy"'
    assert rules[0].parameters == {"from": "tool.1"}


def test_a_consumer_takes_rules_away() -> None:
    config = load_config({"tagseal.toml": TEXT.encode()})
    assert config is not None
    assert active_rules(config.rules, {PROJECT}) == BUILT_IN
    left = active_rules(config.rules, {"project:man", "known-helper"})
    assert "project:man" not in {rule.name for rule in left}
    assert "known-helper" not in {rule.name for rule in left}
    assert "project:news" in {rule.name for rule in left}
    tree: dict[bytes, File] = {b"tool.1": b"the page\n", b"x": b"x"}
    archive = {**tree, b"doc/man.1": b"the page\n"}
    assert explained(tree, archive, rules=active_rules(config.rules, ())) == {
        "doc/man.1": "project:man"
    }
    assert explained(tree, archive, rules=left) == {}


def test_every_class_is_asked_about() -> None:
    tree: dict[bytes, File] = {b"LICENSE": b"a license\n", b"f": b"#!/bin/sh\n", b"a": b"a"}
    archive = {b"pkg/LICENSE": b"a license\n", b"f": (EXECUTABLE, b"#!/bin/sh\n"), b"a": b"a"}
    found = explained(tree, {**archive, b"VERSION": b"1.2.3\n"})
    assert found == {
        "pkg/LICENSE": "workspace-file",
        "f": "mode-differs",
        "VERSION": "version-file",
    }


def test_what_is_settled_is_not_asked_about() -> None:
    tree = {b"a": b"a"}
    listing = archive_of(top({**tree, b"VERSION": b"1", b"missing": b"evil"}))
    forged = honest(tree_of(tree), listing, version="1")
    proof = forged.proof
    context = context_of(proof, listing, forged.claim, version="1")
    asked_all = apply_rules(proof, BUILT_IN, context, standings=("proven", "explained"))
    assert asked_all.explanations.keys() == {b"t-1/VERSION"}
    assert asked_all.imitations.keys() == {b"t-1/missing"}
    settled = [b"t-1/VERSION", b"t-1/missing"]
    rest = apply_rules(proof, BUILT_IN, context, standings=("proven", "explained"), settled=settled)
    assert not rest.explanations
    assert not rest.imitations


def test_an_imitation_is_a_new_file_with_a_helpers_name() -> None:
    name = b"m4/build-to-host.m4"
    assert asked({}, {name: b"evil"}).imitations.keys() == {b"t-1/" + name}
    assert not asked({name: b"own"}, {name: b"evil"}).imitations
    assert not asked({}, {b"m4/of-our-own.m4": b"x"}).imitations
    assert not asked({}, {b"COPYING": b"x"}).imitations
    built = {name: b"evil"}
    assert not asked({}, {name: b"evil"}, built=built).imitations


def test_a_recomputed_file_needs_no_rule() -> None:
    tree: dict[bytes, File] = {b"f.txt": b"a\n", b".gitattributes": b"*.txt eol=crlf\n", b"a": b"a"}
    listing = archive_of(top({**tree, b"f.txt": b"a\r\n"}))
    forged = honest(tree_of(tree), listing, carried={b"f.txt": b"a\n"})
    proof = forged.proof
    assert [checked.transform for checked in proof.modified] == ["eol-crlf"]
    context = context_of(proof, listing, forged.claim, version=None)
    found = apply_rules(proof, BUILT_IN, context, standings=("proven", "explained"))
    assert found == replace(found, explanations={}, imitations={})
