"""The words of a verdict, read as a person reads them."""

import re

import pytest

from support_contents import (
    File,
    archive_of,
    commit_of,
    forge,
    tree_of,
)
from support_verification import TREE, Sealed, allowing, sdist, seal, source, wheel
from tagseal.contents import Exceptions, NestedTree, PathMapping
from tagseal.core.digests import ObjectFormat, object_id, sha256_hex
from tagseal.core.listing import Mode, TreeEntry
from tagseal.core.reasons import Status

LAST_LINE = re.compile(
    r"VERIFIED: \S+ is (from the tag \S+|accounted for): "
    r"(1 file is that|\d+ files are those) of commit [0-9a-f]{12}.*"
)


def said(sealed: Sealed) -> tuple[str, tuple[str, ...]]:
    """The last line, without the commit's number, and the notes."""
    verdict = sealed.verify()
    assert verdict.status is Status.VERIFIED, [f.sentence for f in verdict.findings]
    assert LAST_LINE.fullmatch(verdict.headline)
    return verdict.headline.replace(verdict.facts["commit"][:12], "C"), verdict.notes


def test_all_of_it_is_the_tags() -> None:
    headline, notes = said(seal(source()))
    assert (
        headline == "VERIFIED: t-1-source.tar.gz is from the tag v1: 4 files are those of commit C"
    )
    assert notes == (
        "judged as a source archive by its name",
        'the whole release is "t-1-source.tar.gz", "z-1.zip"',
        "reported by the build: network open",
        "the proof rests on SHA-1, the hash of this git repository",
        "whether the commit is on a reviewed branch was not checked",
    )


def test_an_sdist_and_a_wheel() -> None:
    headline, notes = said(seal(sdist()))
    assert headline == (
        "VERIFIED: t-1.tar.gz is from the tag v1: 4 files are those of commit C, "
        "1 is recomputed from it"
    )
    assert notes[:3] == (
        "judged as an sdist because the tagged pyproject.toml makes a file of this name one",
        '1 generated, recomputed here: "t-1/PKG-INFO"',
        'Requires-Dist: "click>=8"',
    )
    headline, notes = said(seal(wheel()))
    assert headline.endswith("3 are recomputed from it, 2 customarily left out")
    assert {
        '2 omitted, customary for this kind of archive: "README", "pyproject.toml"',
        '"t/" stands for "src/t/" of the tagged tree',
        'top level: "t"',
    } <= set(notes)


def test_one_file() -> None:
    headline, _ = said(seal(source({b"a": b"a"})))
    assert headline.endswith("from the tag v1: 1 file is that of commit C")


def test_many_names_are_cut_short() -> None:
    packed = {**TREE, **{b"made/%d" % n: b"%d" % n for n in range(7)}}
    sealed = seal(source(TREE, packed)).asked(allow=allowing(generated=["made/*"]))
    headline, notes = said(sealed)
    assert headline == (
        "VERIFIED: t-1-source.tar.gz is accounted for: 4 files are those of commit C (tag v1), "
        "7 things are allowed by you"
    )
    names = ", ".join(f'"t-1-source/made/{n}"' for n in range(5))
    assert f"7 generated, allowed by you: {names} and 2 more" in notes


def test_names_from_an_archive_cannot_speak_to_the_terminal() -> None:
    packed = {**TREE, "made/\N{RIGHT-TO-LEFT OVERRIDE}gnp\x1b[2J".encode(): b"evil"}
    sealed = seal(source(TREE, packed))
    sentences = [f.sentence for f in sealed.verify().findings]
    assert sentences
    assert all(s.isprintable() for s in sentences)


def test_lfs_and_submodules_are_counted() -> None:
    content = b"large\n"
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" % (
        sha256_hex(content).encode(),
        len(content),
    )
    tree: dict[bytes, File] = {
        **TREE,
        b".gitattributes": b"*.bin filter=lfs\n",
        b"a.bin": pointer,
        b"sub": TreeEntry(mode=Mode.SUBMODULE, object="c" * 40),
    }
    packed = {p: f for p, f in tree.items() if p != b"sub"} | {b"a.bin": content}
    headline, notes = said(seal(source(tree, packed, carried={b"a.bin": pointer})))
    assert headline.endswith("1 is recomputed from it, 1 customarily left out")
    assert "1 file is from Git LFS, by the digest that the commit has" in notes
    assert "1 submodule of the commit is not in the archive" in notes


def nested(repository: str, gitmodules: bytes) -> Sealed:
    inner: dict[bytes, File] = {b"zlib.c": b"zlib", b"zlib.h": b"header"}
    commit = commit_of(tree_of(inner).tree)
    commit_id = object_id("commit", commit, ObjectFormat.SHA1)
    own: dict[bytes, File] = {**TREE, b".gitmodules": gitmodules}
    tree: dict[bytes, File] = {
        **own,
        b"vendor/zlib": TreeEntry(mode=Mode.SUBMODULE, object=commit_id),
    }
    members = {b"t-1-full/" + p: f for p, f in own.items()}
    members |= {b"t-1-full/vendor/zlib/" + p: f for p, f in inner.items()}
    claim = Exceptions(
        nested=(
            NestedTree(
                path=b"vendor/zlib", commit=commit, repository=repository, exceptions=Exceptions()
            ),
        )
    )
    mappings = (PathMapping(archive=b"t-1-full/", tree=b""),)
    return seal(forge(tree, archive_of(members, "t-1-full.tar.gz"), claim, mappings=mappings))


def test_files_of_submodules_are_counted_apart() -> None:
    uri = "https://github.com/madler/zlib"
    gitmodules = f'[submodule "z"]\n\tpath = vendor/zlib\n\turl = {uri}\n'.encode()
    headline, notes = said(nested(uri, gitmodules))
    assert headline.endswith("5 files are those of commit C, 2 are those of its submodules")
    (note,) = (n for n in notes if "submodule" in n)
    assert re.fullmatch(
        r'2 files are those of the submodule "vendor/zlib" at commit [0-9a-f]{12} '
        r"of https://github.com/madler/zlib",
        note,
    )
    assert nested(uri, gitmodules).verify().facts["submodules"][0]["repository_proven"] is True
    _, notes = said(nested("https://github.com/mallory/zlib", gitmodules))
    assert any(n.endswith(", said to be of https://github.com/mallory/zlib") for n in notes)


@pytest.mark.parametrize(
    ("network", "noted"),
    [("open", True), ("cut\x1b[2J", True), (None, False), ({"deep": 1}, False)],
)
def test_what_the_build_reports_is_called_a_report(network: object, noted: bool) -> None:
    sealed = seal(source()).edited(
        0, lambda s: s["predicate"]["buildDefinition"]["internalParameters"].update(network=network)
    )
    notes = [n for n in said(sealed)[1] if "network" in n]
    assert all(n.startswith("reported by the build: ") and n.isprintable() for n in notes)
    assert bool(notes) is noted


def test_the_weakest_of_several_claims_is_shown() -> None:
    """Of two true accounts of one archive the one counts that needs more permission."""
    sealed = seal(source())
    mappings = tuple(
        PathMapping(archive=b"t-1-source/" + path, tree=path)
        for path in (b"README", b"pyproject.toml", b"src/")
    )
    other = seal(source().but(mappings=mappings)).contents
    for lines in ((*sealed.lines, other), (other, *sealed.lines)):
        both = sealed.but(lines=lines)
        assert both.codes == {"contents-layout-refused"}
        headline, _ = said(both.asked(allow=allowing(mappings=mappings)))  # type: ignore[arg-type]
        assert headline.endswith(
            "is accounted for: 4 files are those of commit C (tag v1), 3 things are allowed by you"
        )


def test_an_empty_mapping_is_called_the_root() -> None:
    _, notes = said(seal(wheel({**TREE, b"LICENSE": b"a licence\n"}, _licensed())))
    assert '"t-1.dist-info/licenses/" stands for the root of the tagged tree' in notes


def _licensed() -> dict[bytes, File]:
    package = {p.removeprefix(b"src/"): f for p, f in TREE.items() if p.startswith(b"src/")}
    return {**package, b"t-1.dist-info/licenses/LICENSE": b"a licence\n"}


def test_what_was_declared_or_allowed_to_be_left_out_is_named() -> None:
    tree = {**TREE, b"guard.c": b"guard"}
    sealed = seal(source(tree, TREE)).asked(allow=allowing(omitted=["guard.c"]))
    headline, _ = said(sealed)
    assert headline.endswith('1 thing is allowed by you, 1 left out: "guard.c"')
