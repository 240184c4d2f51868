"""Every exception gets one ground, and the default is no."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from support_contents import File, Forged
from support_verification import (
    PYPROJECT,
    TREE,
    Sealed,
    allowing,
    generated,
    sdist,
    seal,
    source,
    wheel,
)
from tagseal.config import load_config
from tagseal.contents import Kind, PathMapping, RelocatedFile
from tagseal.contents.rules import RuleResults
from tagseal.core.listing import Mode, TreeEntry
from tagseal.core.reasons import Status
from tagseal.policy import Ground, decide_contents

SUBMODULE = TreeEntry(mode=Mode.SUBMODULE, object="c" * 40)


def table(text: str, builder: str = "python") -> File:
    return PYPROJECT + f'[[tool.tagseal.archive]]\nbuilder = "{builder}"\n{text}\n'.encode()


def grounds(sealed: Sealed) -> dict[str, str]:
    """Path to ground, of a verified archive."""
    verdict = sealed.verify()
    assert verdict.status is Status.VERIFIED, [f.sentence for f in verdict.findings]
    return {e["path"]: e["ground"] for e in verdict.facts["exceptions"]}


# Generated.


PACKAGE: dict[bytes, File] = {
    path.removeprefix(b"src/"): file for path, file in TREE.items() if path.startswith(b"src/")
}


@pytest.mark.parametrize(
    ("make", "packed"),
    [
        (source, {**TREE, b"evil.py": b"evil"}),
        (sdist, {**TREE, b"evil.py": b"evil"}),
        (wheel, {**PACKAGE, b"t/evil.py": b"evil"}),
    ],
)
def test_generated_is_refused(make: Callable[..., Forged], packed: dict[bytes, File]) -> None:
    assert seal(make(TREE, packed)).codes == {"contents-generated"}


def macros() -> Sealed:
    """Two macros of a project's own that only the tarball has."""
    return seal(source(TREE, {**TREE, b"m4/t-own.m4": b"evil", b"m4/t-good.m4": b"good"}))


@pytest.mark.parametrize(
    "pattern", ["m4/*.m4", "t-1-source/m4/*", "m4/**", "**/t-own.m4", "*/m4/*"]
)
def test_generated_that_the_user_allows(pattern: str) -> None:
    assert macros().codes == {"contents-generated"}
    sealed = macros().asked(allow=allowing(generated=[pattern, "m4/t-good.m4"]))
    assert set(grounds(sealed).values()) == {"allowed"}
    assert "2 things are allowed by you" in sealed.verify().headline


@pytest.mark.parametrize("field", ["modified", "relocated", "omitted", "shadowing", "top_level"])
def test_an_allowance_is_for_one_class(field: str) -> None:
    allow = allowing(**{field: ["m4/*", "m4"]})
    assert macros().asked(allow=allow).codes == {"contents-generated"}


XZ = b"m4/build-to-host.m4"


def xz(builder: str = "") -> Sealed:
    """The macro that only the tarball had: a known helper's name, and bytes of no release."""
    tree = {**TREE, b"pyproject.toml": table(builder, "command")} if builder else TREE
    return seal(source(tree, {**tree, XZ: b"evil"}))


@pytest.mark.parametrize("pattern", ["m4/*.m4", "m4/**", "**/build-to-host.m4", "t-1-source/m4/*"])
def test_no_pattern_allows_an_imitation(pattern: str) -> None:
    assert xz().codes == {"contents-helper-unknown"}
    assert xz().asked(allow=allowing(generated=[pattern])).codes == {"contents-helper-unknown"}


@pytest.mark.parametrize("path", ["m4/build-to-host.m4", "t-1-source/m4/build-to-host.m4"])
def test_an_imitation_is_allowed_by_its_own_path(path: str) -> None:
    named = xz().asked(allow=allowing(generated=[path]))
    assert set(grounds(named).values()) == {"allowed"}


def test_an_imitation_that_was_declared_and_rebuilt_is_still_named() -> None:
    """Two builds of a project that ships a changed macro are alike; the verdict says what it is."""
    text = 'run = [["make"]]\noutputs = ["t-*.tar.gz"]\ngenerated = ["m4/*.m4"]\n'
    verdict = xz(text).verify()
    assert verdict.status is Status.VERIFIED
    [found] = [e for e in verdict.facts["exceptions"] if e["path"].endswith(".m4")]
    assert found["ground"] == "rebuilt"
    assert "no known release of it ships" in found["detail"]


def compared(sealed_by: str, packed: dict[bytes, File], **options: bool) -> dict[bytes, Ground]:
    """Decide as comparing does: nobody says who built what."""
    tree = {**TREE, b"pyproject.toml": table(sealed_by, "command")}
    forged = source(tree, {**tree, **packed})
    config = load_config({"pyproject.toml": tree[b"pyproject.toml"]})  # type: ignore[dict-item]
    imitations = {b"t-1-source/" + XZ: "it imitates"} if XZ in packed else {}
    decision = decide_contents(
        forged.proof,
        name=forged.listing.name,
        members=forged.listing.members,
        allow=allowing(),
        config=config,
        rebuilt="not-rebuilt",
        metadata={},
        project="t",
        rules=RuleResults(imitations=imitations),
        declared_suffices=True,
        **options,
    )
    return {d.path: d.ground for d in decision.decided}


def test_a_declaration_suffices_where_nobody_says_who_built() -> None:
    text = 'run = [["make"]]\noutputs = ["t-*.tar.gz"]\ngenerated = ["m4/*.m4"]\n'
    packed: dict[bytes, File] = {b"m4/t-own.m4": b"x", XZ: b"evil", b"other": b"y"}
    assert compared(text, packed) == {
        b"t-1-source/m4/t-own.m4": Ground.DECLARED,
        b"t-1-source/" + XZ: Ground.NONE,
        b"t-1-source/other": Ground.NONE,
    }


def commanded(outputs: str, builder: str = "") -> Sealed:
    """A source archive with a configure; the configuration's command makes ``outputs``."""
    text = f'run = [["make"]]\noutputs = ["{outputs}"]\ngenerated = ["configure"]\n'
    tree = {**TREE, b"pyproject.toml": table(text + builder, "command")}
    return seal(source(tree, {**tree, b"configure": b"#!/bin/sh\n"}))


def test_declared_for_the_archive_that_the_command_makes() -> None:
    assert grounds(commanded("t-*.tar.gz")) == {"t-1-source/configure": "rebuilt"}


def test_declared_for_another_archive() -> None:
    """What one table declares says nothing about the archives of another."""
    assert commanded("t-dist-*.tar.gz").codes == {"contents-generated"}
    own = '[[tool.tagseal.archive]]\nbuilder = "source"\nname = "t-{version}-source"\n'
    assert commanded("t-dist-*.tar.gz", own).codes == {"contents-generated"}


def test_what_a_command_makes_is_of_no_other_table() -> None:
    """A guard that the plain source archive leaves out may be needed in what the command makes."""
    own = '[[tool.tagseal.archive]]\nbuilder = "source"\nomitted = ["guard.c"]\n'
    text = 'run = [["make"]]\noutputs = ["t-1-source.*"]\n' + own
    tree = {**TREE, b"guard.c": b"guard", b"pyproject.toml": table(text, "command")}
    packed = {p: f for p, f in tree.items() if p != b"guard.c"}
    assert seal(source(tree, packed)).codes == {"contents-omitted"}


def test_declared_for_the_wheel_only() -> None:
    tree = {**TREE, b"pyproject.toml": table('sdist = false\ngenerated = ["src/t/_v.py"]')}
    assert grounds(seal(wheel(tree, {**PACKAGE, b"t/_v.py": b"1"})))["t/_v.py"] == "rebuilt"
    as_sdist = seal(sdist(tree, {**tree, b"src/t/_v.py": b"1"}))
    assert as_sdist.asked(kind=Kind.SDIST).codes == {"contents-generated"}


def test_a_declared_pattern_starts_below_the_top_folder() -> None:
    """``*/configure`` declares sub/configure, and not the configure at the root."""
    tree = {**TREE, b"pyproject.toml": table('generated = ["*/configure"]')}
    assert seal(sdist(tree, {**tree, b"configure": b"evil"})).codes == {"contents-generated"}
    inside = seal(sdist(tree, {**tree, b"src/configure": b"made"}))
    assert grounds(inside)["t-1/src/configure"] == "rebuilt"


# Modified and relocated.


def test_modified_is_refused_unless_recomputed() -> None:
    attributes = b"*.txt text eol=crlf\n"
    tree: dict[bytes, File] = {**TREE, b".gitattributes": attributes, b"a.txt": b"a\nb\n"}

    def packed(text: bytes) -> Sealed:
        carried = {b"a.txt": b"a\nb\n"}
        return seal(source(tree, {**tree, b"a.txt": text}, carried=carried))

    assert packed(b"a\nc\n").codes == {"contents-modified"}
    recomputed = packed(b"a\r\nb\r\n")
    assert grounds(recomputed) == {"t-1-source/a.txt": "recomputed"}
    assert "from the tag v1: 6 files" not in recomputed.verify().headline
    assert recomputed.verify().headline.endswith(", 1 is recomputed from it")
    allowed = packed(b"a\nc\n").asked(allow=allowing(modified=["a.txt"]))
    assert grounds(allowed) == {"t-1-source/a.txt": "allowed"}


def test_relocated_is_refused() -> None:
    tree: dict[bytes, File] = {**TREE, b"tools/run": b"run the tools, all of them\n"}
    files = {b"t/" + p.rpartition(b"/")[2]: f for p, f in TREE.items() if b"src" in p}
    forged = wheel(tree, {**files, b"t/run": tree[b"tools/run"]})
    sealed = seal(forged)
    if forged.claim.exceptions.relocated:
        assert sealed.codes == {"contents-relocated"}
        assert grounds(sealed.asked(allow=allowing(relocated=["t/run"])))["t/run"] == "allowed"
    else:
        assert sealed.codes == {"contents-generated"}


def test_a_copy_does_not_explain_what_is_missing_at_its_own_place() -> None:
    # Called relocated, a file that is left out would need nobody's word, for it has a copy.
    free, guard = b"free\n", b"guard the guards\n"
    rule = '[[tool.tagseal.rule]]\nname = "dist"\ncheck = "copy"\npaths = ["dist/*"]\n'
    tree: dict[bytes, File] = {
        **TREE,
        b"pyproject.toml": PYPROJECT + rule.encode() + b'from = "guard.c"\n',
        b"LICENSE": free,
        b"guard.c": guard,
    }
    copies = {b"src/t/LICENSE": free, b"dist/guard.c": guard}
    both = seal(source(tree, {**tree, **copies}))
    assert set(grounds(both).values()) == {"recomputed"}
    moved = {path: file for path, file in tree.items() if path not in (b"LICENSE", b"guard.c")}
    sealed = seal(source(tree, {**moved, **copies}))
    assert sealed.codes == {"contents-relocated"}
    assert sealed.asked(allow=allowing(omitted=["LICENSE"])).codes == {"contents-relocated"}
    omitted = sealed.asked(allow=allowing(omitted=["LICENSE", "guard.c"]))
    assert set(grounds(omitted).values()) == {"recomputed"}


# Omitted.


@pytest.mark.parametrize(
    ("path", "sdist_codes"),
    [
        (b".gitignore", set()),
        (b".github/workflows/x.yml", set()),
        (b"tests/test_a.py", set()),
        (b"docs/a.md", set()),
        (b"sub/.hidden", {"contents-omitted"}),
        (b"src/t/tests/test_a.py", {"contents-omitted"}),
        (b"test/test_a.py", {"contents-omitted"}),
        (b"LICENSE", {"contents-omitted"}),
        (b"src/t/tls/__init__.py", {"contents-omitted"}),
    ],
)
def test_what_an_sdist_customarily_leaves_out(path: bytes, sdist_codes: set[str]) -> None:
    tree = {**TREE, path: b"content"}
    assert seal(sdist(tree, TREE)).codes == sdist_codes
    assert seal(source(tree, TREE)).codes == {"contents-omitted"}


def test_a_part_of_the_tests_is_not_all_of_them() -> None:
    tree = {**TREE, b"tests/a.py": b"a", b"tests/guard.py": b"b"}
    packed = {p: f for p, f in tree.items() if p != b"tests/guard.py"}
    assert seal(sdist(tree, packed)).codes == {"contents-omitted"}


def test_a_file_named_tests_is_no_folder() -> None:
    assert seal(sdist({**TREE, b"tests": b"file"}, TREE)).codes == {"contents-omitted"}


def test_submodules_are_left_out_of_source_archives() -> None:
    for make in (source, sdist):
        sealed = seal(make({**TREE, b"zlib": SUBMODULE}, TREE))
        assert grounds(sealed)["zlib"] == "customary"
        assert "1 submodule of the commit is not in the archive" in sealed.verify().notes


@pytest.mark.parametrize(
    ("path", "is_customary"),
    [
        (b"LICENSE", True),
        (b"setup.py", True),
        (b"tests/a.py", True),
        (b"src/other/__init__.py", True),
        (b"vendor/zlib/zlib.c", True),
        (b"src/t/tls/__init__.py", False),
        (b"src/t/data.json", False),
        (b"src/t.py", False),
        (b"src/t.abi3.so", False),
    ],
)
def test_what_a_wheel_may_leave_out(path: bytes, is_customary: bool) -> None:
    sealed = seal(wheel({**TREE, path: b"content"}, PACKAGE))
    assert sealed.codes == (set() if is_customary else {"contents-omitted"})


def test_a_submodule_inside_of_a_wheels_package_counts() -> None:
    """Leaving out the package t/tls makes t/tls.py win, wherever its files would come from."""
    tree = {**TREE, b"src/t/tls": SUBMODULE, b"src/t/tls.py": b"weak"}
    packed = {p.removeprefix(b"src/"): f for p, f in tree.items() if p.startswith(b"src/")}
    del packed[b"t/tls"]
    assert seal(wheel(tree, packed)).codes == {"contents-omitted"}


def test_a_package_left_out_beside_a_module_of_its_name() -> None:
    tree = {b"pyproject.toml": PYPROJECT, b"t.py": b"weak", b"t/__init__.py": b"strong"}
    assert seal(wheel(tree, {b"t.py": b"weak"})).codes == {"contents-omitted"}
    alone = {b"pyproject.toml": PYPROJECT, b"t.py": b"fine", b"tt/__init__.py": b"other"}
    assert seal(wheel(alone, {b"t.py": b"fine"})).codes == set()


def test_licenses_map_the_root_and_nothing_of_it() -> None:
    licensed = {**PACKAGE, b"t-1.dist-info/licenses/LICENSE": b"a licence\n"}
    tree = {**TREE, b"LICENSE": b"a licence\n", b"src/t/tls/__init__.py": b"tls"}
    assert seal(wheel({**TREE, b"LICENSE": b"a licence\n"}, licensed)).codes == set()
    assert seal(wheel(tree, licensed)).codes == {"contents-omitted"}


def test_a_wheel_that_maps_the_root_by_permission_leaves_nothing_out_by_custom() -> None:
    tree = {b"pyproject.toml": PYPROJECT, b"t/__init__.py": b"t", b"t/tls/__init__.py": b"tls"}
    forged = wheel(tree, {b"t/__init__.py": b"t"})
    everything = PathMapping(archive=b"", tree=b"")
    flat = forged.but(mappings=(everything,))
    sealed = seal(flat).asked(allow=allowing(mappings=[everything]))  # type: ignore[list-item]
    assert "contents-omitted" in sealed.codes


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("doc", True),
        ("doc/**", True),
        ("**/doc/**", True),
        ("doc/*", False),
        ("d/**", False),
        ("do", False),
    ],
)
def test_a_folder_that_is_left_out_as_a_whole(pattern: str, matches: bool) -> None:
    tree = {**TREE, b"doc/a": b"a", b"doc/b": b"b"}
    sealed = seal(source(tree, TREE)).asked(allow=allowing(omitted=[pattern]))
    assert sealed.codes == (set() if matches else {"contents-omitted"})
    text = f'omitted = ["{pattern}"]\nname = "t-{{version}}-source"'
    declaring = {**tree, b"pyproject.toml": table(text, "source")}
    packed = {p: f for p, f in declaring.items() if not p.startswith(b"doc/")}
    assert seal(source(declaring, packed)).codes == (set() if matches else {"contents-omitted"})


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("t-1-source.tar.gz", set()),
        ("t-1-source.tar", {"contents-omitted"}),
        ("t-1-other.tar.gz", {"contents-omitted"}),
    ],
)
def test_declared_omissions_are_of_the_archive_that_declares_them(
    name: str, codes: set[str]
) -> None:
    tree = {
        **TREE,
        b"guard.c": b"guard",
        b"pyproject.toml": table(
            'omitted = ["guard.c"]\nname = "{name}-{version}-source"', "source"
        ),
    }
    packed = {p: f for p, f in tree.items() if p != b"guard.c"}
    assert seal(source(tree, packed, name=name)).codes == codes


# Shadowing and foreign names.


def shadowed() -> Sealed:
    tree = {**TREE, b"Makefile": b"all:\n", b"pyproject.toml": table('generated = ["GNUmakefile"]')}
    return seal(sdist(tree, {**tree, b"GNUmakefile": b"all: evil\n"}))


def test_shadowing_is_only_the_users_to_allow() -> None:
    assert shadowed().codes == {"contents-shadowing"}
    generated = shadowed().asked(allow=allowing(generated=["GNUmakefile"]))
    assert generated.codes == {"contents-shadowing"}
    verdict = shadowed().asked(allow=allowing(shadowing=["GNUmakefile"])).verify()
    assert verdict.status is Status.VERIFIED
    assert "1 thing is allowed by you" in verdict.headline
    assert any(n.startswith("allowed by you: t-1/GNUmakefile: ") for n in verdict.notes)
    assert [w["code"] for w in verdict.facts["waived"]] == ["contents-shadowing"]


def with_other(path: bytes) -> Sealed:
    tree = {**TREE, b"src/" + path: b"other\n"}
    packed = {p.removeprefix(b"src/"): f for p, f in tree.items() if p.startswith(b"src/")}
    return seal(wheel(tree, packed))


@pytest.mark.parametrize("path", [b"other/__init__.py", b"other.py", b"click/__init__.py"])
def test_a_wheel_with_a_foreign_name(path: bytes) -> None:
    assert "contents-top-level" in with_other(path).codes
    top_level = path.split(b"/")[0].decode()
    allowed = with_other(path).asked(allow=allowing(top_level=[top_level]))
    assert "contents-top-level" not in allowed.codes
    assert with_other(path).asked(allow=allowing(top_level=["o"])).codes & {"contents-top-level"}


@pytest.mark.parametrize("name", [b"t.py", b"T/__init__.py"])
def test_the_projects_own_name_in_other_spellings(name: bytes) -> None:
    tree = {b"pyproject.toml": PYPROJECT, name: b"t\n"}
    assert "contents-top-level" not in seal(wheel(tree, {name: b"t\n"})).codes


def test_the_name_comes_from_the_tag_and_not_from_the_file() -> None:
    """A wheel that is called like what it smuggles in."""
    tree = {**TREE, b"src/evil/__init__.py": b"evil\n"}
    forged = wheel(tree, {b"evil/__init__.py": b"evil\n"}, name="evil-1-py3-none-any.whl")
    assert "contents-top-level" in seal(forged).codes


def test_data_folders_need_permission() -> None:
    script = b"t-1.data/scripts/t"
    sealed = seal(wheel(TREE, {**PACKAGE, script: b"#!python\n"}))
    assert {"contents-data-folder", "contents-generated", "contents-top-level"} <= sealed.codes


# The decision as a value.


def test_a_decision_has_one_ground_for_each_exception() -> None:
    tree: dict[bytes, File] = {**TREE, b"docs/a": b"a"}
    forged = sdist(tree, {**TREE, b"x.c": b"x"})
    proof = forged.proof
    decision = decide_contents(
        proof,
        name="t-1.tar.gz",
        members=forged.listing.members,
        allow=allowing(generated=["x.c"]),
        config=None,
        rebuilt="not-rebuilt",
        metadata={b"t-1/PKG-INFO": ("Name: it is another",)},
        project="t",
    )
    assert {(d.exception, d.path, d.ground) for d in decision.decided} == {
        ("generated", b"t-1/PKG-INFO", Ground.NONE),
        ("generated", b"t-1/x.c", Ground.ALLOWED),
        ("omitted", b"docs", Ground.NONE),
    }
    assert [(f.code, f.path) for f in decision.findings] == [
        ("contents-metadata", b"t-1/PKG-INFO"),
        ("contents-omitted", b"docs"),
    ]
    assert decision.count("generated", Ground.ALLOWED) == 1
    assert all((d.finding is None) == (d.ground is not Ground.NONE) for d in decision.decided)


def test_files_of_a_submodule_are_members_of_a_wheel_too() -> None:
    """A foreign name that is a submodule's is as foreign as any other."""
    forged = wheel()
    decision = decide_contents(
        forged.proof,
        name=forged.listing.name,
        members=[*forged.listing.members, b"evil/__init__.py"],
        allow=allowing(),
        config=None,
        rebuilt="not-rebuilt",
        metadata={},
        project="t",
    )
    assert [(f.code, f.path) for f in decision.other] == [("contents-top-level", b"evil")]


def test_a_relocated_file_at_the_place_of_metadata_is_metadata() -> None:
    proof = replace(
        sdist().proof,
        generated=(),
        relocated=(RelocatedFile(path=b"t-1/PKG-INFO", tree_path=b"evil/PKG-INFO"),),
    )

    def codes(pattern: str) -> list[str]:
        decision = decide_contents(
            proof,
            name="t-1.tar.gz",
            members=[],
            allow=allowing(relocated=[pattern]),
            config=None,
            rebuilt="same-bytes",
            metadata={b"t-1/PKG-INFO": ("Requires-Dist: evil",)},
            project="t",
        )
        return [finding.code for finding in decision.findings]

    assert codes("t-1/*") == ["contents-metadata"]
    assert codes("t-1/PKG-INFO") == []


def test_metadata_whose_name_is_a_pattern() -> None:
    """A file that is really called ``*`` is not allowed by who wanted to allow others."""
    path = b"t-1/x.egg-info/*"
    proof = replace(sdist().proof, generated=(generated(path),))
    decision = decide_contents(
        proof,
        name="t-1.tar.gz",
        members=[path],
        allow=allowing(generated=["t-1/x.egg-info/*"]),
        config=None,
        rebuilt="same-bytes",
        metadata={path: ("the file: it is not recomputed",)},
        project="t",
    )
    assert [finding.code for finding in decision.findings] == ["contents-metadata"]
