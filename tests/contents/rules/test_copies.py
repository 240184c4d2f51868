import subprocess
from pathlib import Path

import pytest

from support_contents import File
from support_rules import EXECUTABLE, asked, explained, rule_of
from tagseal.config import load_config
from tagseal.contents.helpers import KnownHelpers
from tagseal.contents.rules import active_rules
from tagseal.core.digests import ObjectFormat, object_id

# What automake 1.15 and 1.16.5 ship; see real/ORIGIN.md.
REAL = Path(__file__).parent / "real"
OLDER = (REAL / "install-sh-1.15").read_bytes()
HELPER = (REAL / "install-sh-1.16.5").read_bytes()


def sha1(content: bytes) -> str:
    return object_id("blob", content, ObjectFormat.SHA1)


# Modes.


def test_another_executable_bit() -> None:
    script = b"#!/bin/sh\n"
    assert rule_of(script, (EXECUTABLE, script)) == "mode-differs"
    assert rule_of((EXECUTABLE, script), script) == "mode-differs"
    assert rule_of((EXECUTABLE, b"x"), b"x") == "mode-differs"
    reasons = asked({b"f": (EXECUTABLE, b"x")}, {b"f": b"x"}).explanations
    assert "not executable where the commit's file is" in reasons[b"t-1/f"].reason


def test_what_is_no_script_does_not_become_executable() -> None:
    assert rule_of(b"rm -rf /\n", (EXECUTABLE, b"rm -rf /\n")) is None
    assert rule_of(b"#!/bin/sh\n", (EXECUTABLE, b"#!/bin/sh\n"), kept=lambda _: False) is None
    assert rule_of(b"#!/bin/sh\n", (EXECUTABLE, b"#!/bin/sh\nevil\n")) is None


# Copies.


def test_the_manifest_that_cargo_keeps() -> None:
    tree: dict[bytes, File] = {b"Cargo.toml": b"[package]\n", b"sub/Cargo.toml": b"[lib]\n"}

    def kept(path: bytes, content: File) -> str | None:
        return explained(tree, {**tree, path: content}).get(path.decode())

    assert kept(b"Cargo.toml.orig", b"[package]\n") == "cargo-original-manifest"
    assert kept(b"sub/Cargo.toml.orig", b"[lib]\n") == "cargo-original-manifest"
    assert kept(b"sub/Cargo.toml.orig", b"[package]\n") is None
    assert kept(b"other/Cargo.toml.orig", b"[package]\n") is None
    assert kept(b"Cargo.toml.orig", b"[evil]\n") is None
    assert kept(b"Cargo.toml.orig", (EXECUTABLE, b"[package]\n")) is None


def test_a_copy_is_proven_where_only_the_proof_is_at_hand() -> None:
    tree = {b"Cargo.toml": b"[package]\n"}
    new = {**tree, b"Cargo.toml.orig": b"[package]\n"}
    assert explained(tree, new, standings=("proven",)) == {
        "Cargo.toml.orig": "cargo-original-manifest"
    }


@pytest.mark.parametrize("name", [b"LICENSE", b"LICENSE-MIT", b"COPYING.LESSER", b"README.md"])
def test_a_license_of_the_root_in_a_package(name: bytes) -> None:
    tree: dict[bytes, File] = {name: b"the text of it\n"}
    assert explained(tree, {**tree, b"sub/" + name: b"the text of it\n"}) == {
        f"sub/{name.decode()}": "workspace-file"
    }
    assert not explained(tree, {**tree, b"sub/" + name: b"another text\n"})


@pytest.mark.parametrize("name", [b"README.py", b"LICENSE.sh", b"NOTICE.m4", b"READMEXEC", b"run"])
def test_other_files_of_the_root_are_no_shown_texts(name: bytes) -> None:
    tree: dict[bytes, File] = {name: b"the text of it\n"}
    assert not explained(tree, {**tree, b"sub/" + name: b"the text of it\n"})


def test_braces_in_a_name_are_not_filled_in() -> None:
    """A folder that is called {name} does not make another file the origin."""
    tree: dict[bytes, File] = {b"Cargo.toml.orig/Cargo.toml": b"evil\n", b"a": b"a"}
    new = {**tree, b"{name}/Cargo.toml.orig": b"evil\n"}
    del new[b"Cargo.toml.orig/Cargo.toml"]
    assert not explained(tree, new)


def test_a_copy_that_a_project_declares() -> None:
    text = '[[rule]]\nname = "doc"\ncheck = "copy"\npaths = ["x.3", "y.3"]\nfrom = "man/tool.3"\n'
    config = load_config({"tagseal.toml": text.encode()})
    assert config is not None
    rules = active_rules(config.rules, ())
    tree: dict[bytes, File] = {b"man/tool.3": b"a manual page\n"}
    new = {**tree, b"x.3": b"a manual page\n", b"y.3": b"another\n", b"x.4": b"a manual page\n"}
    assert explained(tree, new, rules=rules) == {"x.3": "project:doc"}
    assert explained(tree, new, rules=active_rules(config.rules, {"project"})) == {}


# Known helpers.


def test_a_known_helper_is_named() -> None:
    results = asked({}, {b"build-aux/install-sh": (EXECUTABLE, HELPER)})
    [found] = results.explanations.values()
    assert found.rule.name == "known-helper"
    assert found.reason.startswith("it is byte for byte what ")
    assert rule_of(None, HELPER, b"install-sh", standings=("proven",)) == "known-helper"


def test_a_known_helper_in_a_repository_of_the_other_hash() -> None:
    sha256 = ObjectFormat.SHA256
    assert rule_of(None, HELPER, b"install-sh", object_format=sha256) == "known-helper"
    assert rule_of(None, HELPER, b"install-sh", object_format=sha256, kept=lambda _: False) is None
    newer = {b"install-sh": b"one of our own\n"}
    assert explained(newer, {b"install-sh": HELPER}, object_format=sha256) == {}
    assert (
        explained({b"install-sh": HELPER[:-1]}, {b"install-sh": HELPER}, object_format=sha256) == {}
    )


def test_a_known_helper_under_another_name_or_with_other_bytes_is_not_known() -> None:
    assert rule_of(None, HELPER, b"build-aux/other") is None
    results = asked({}, {b"build-aux/install-sh": HELPER + b"evil\n"})
    assert not results.explanations
    assert results.imitations.keys() == {b"t-1/build-aux/install-sh"}
    [imitated] = results.imitations.values()
    assert "automake" in imitated
    assert "no known release of it ships" in imitated


def test_an_empty_file_is_no_helper() -> None:
    assert rule_of(None, b"", b"install-sh") is None


def test_a_helper_of_the_tree_is_only_brought_up() -> None:
    older, newer, patched = OLDER, HELPER, HELPER + b"# mended\n"
    helpers = KnownHelpers.load()
    order = [helper.blob for helper in helpers.versions_of(b"install-sh")]
    assert order.index(sha1(older)) < order.index(sha1(newer))
    assert rule_of(older, newer, b"install-sh") == "known-helper-instead"
    assert rule_of(older, newer, b"install-sh", standings=("proven",)) is None
    assert rule_of(newer, older, b"install-sh") is None
    assert rule_of(patched, newer, b"install-sh") is None
    assert rule_of(older, (EXECUTABLE, newer), b"install-sh") is None
    sha256 = ObjectFormat.SHA256
    assert rule_of(older, newer, b"install-sh", object_format=sha256) == "known-helper-instead"
    assert rule_of(newer, older, b"install-sh", object_format=sha256) is None


# A build of one's own.


def test_a_build_of_ones_own_has_the_same() -> None:
    results = asked({}, {b"configure": b"made\n"}, built={b"configure": b"made\n"})
    [found] = results.explanations.values()
    assert found.rule.name == "built-alike"
    assert found.reason == "your own build, mine-1.tar.gz, has the same bytes there"


@pytest.mark.parametrize(
    "built",
    [
        None,
        {},
        {b"configure": b"maid\n"},
        {b"x/configure": b"made\n"},
        {b"configure": (EXECUTABLE, b"made\n")},
    ],
)
def test_a_build_of_ones_own_has_something_else(built: dict[bytes, File] | None) -> None:
    assert rule_of(None, b"made\n", b"configure", built=built) is None


def test_a_build_whose_top_folder_is_of_a_part_of_the_repository() -> None:
    """A crate's folder stands for another one in the tree, but not in a build of the crate."""
    tree = {b"crates/t/a": b"a\n", b"crates/t/b": b"b\n", b"same": b"other\n"}
    archive = {b"a": b"a\n", b"b": b"b\n", b"gen": b"made\n"}
    assert explained(tree, archive, built={**archive, b"same": b""})["gen"] == "built-alike"


PDF = b"""%PDF-1.4
/CreationDate (D:20231114000000Z)
/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]
made on 2023-11-14 with care
"""


@pytest.mark.parametrize(
    ("mine", "same"),
    [
        (PDF, True),
        (PDF.replace(b"(D:20231114", b"(D:20261125"), True),
        (PDF.replace(b"0011", b"FF11"), True),
        (PDF.replace(b"on 2023-11-14", b"on 2026-11-25"), True),
        (PDF.replace(b"made on", b"maid on"), False),
        (PDF.replace(b"on 2023-11-14 with", b"on with 2023-11-14"), False),
        (PDF.replace(b"(D:20231114", b"(D:2023111"), False),
        (PDF + b"\n", False),
    ],
)
def test_a_build_on_another_day(mine: bytes, same: bool) -> None:
    rule = rule_of(None, PDF, b"a.pdf", built={b"a.pdf": mine})
    expected = "built-alike" if mine == PDF else "built-on-another-day"
    assert rule == (expected if same else None)


def test_dates_do_not_change_places() -> None:
    mine = {b"a.txt": b"on 2023-11-14 10:00 and 2023-11-14\n"}
    assert rule_of(None, b"on 2023-11-14 and 2023-11-14 10:00\n", b"a.txt", built=mine) is None


def test_a_date_in_the_archive_is_of_the_release() -> None:
    mine = {b"a.txt": b"valid until 2026-11-25\n"}
    assert rule_of(None, b"valid until 2023-11-14\n", b"a.txt", built=mine) is not None
    assert rule_of(None, b"valid until 2099-11-14\n", b"a.txt", built=mine) is None
    assert (
        rule_of(None, b"valid until 2023-11-14\n", b"a.txt", built=mine, kept=lambda _: False)
        is None
    )


def test_the_helper_is_the_one_that_git_would_name() -> None:
    done = subprocess.run(
        ["git", "hash-object", "--stdin"], input=HELPER, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == sha1(HELPER)
