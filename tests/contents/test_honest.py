"""Honest archives, mostly of real repositories and as the git program itself writes them."""

import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support_contents import (
    DIST_INFO,
    WHEEL,
    File,
    Forged,
    archive_of,
    codes,
    honest,
    top,
    tree_of,
)
from support_forging import README, with_submodule
from tagseal.attest import as_predicate, parse_contents
from tagseal.contents import Exceptions, Kind
from tagseal.core.digests import sha256_hex
from tagseal.core.jsontext import dump, parse
from tagseal.core.listing import Mode, TreeEntry

Make = Callable[..., Any]

FILES = {
    "README": b"read me\n",
    "src/a.c": b"int a;\n",
    "src/deep/er/b.c": b"int b;\n",
    "src-x/c": b"sorts between src and src/\n",
}


def passes(forged: Forged) -> Forged:
    proof = forged.proof
    assert proof.findings == ()
    assert proof.shadowing == ()
    again = parse_contents(parse(dump(as_predicate(forged.claim))))
    assert again == forged.claim
    return forged


def counts(forged: Forged) -> tuple[int, ...]:
    p = forged.proof
    return len(p.identical), len(p.generated), len(p.modified), len(p.relocated), len(p.omitted)


def added(project: Any, extra: dict[str, bytes], without: tuple[str, ...] = ()) -> bytes:
    """What `git archive` writes, with members added and left out."""
    original = project.git("-c", "tar.umask=0022", "archive", "--prefix=t-1/", "refs/tags/v1")
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(original)) as source,
        tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as target,
    ):
        for member in source:
            if not member.name.startswith(tuple("t-1/" + name for name in without)):
                member.pax_headers = {}
                target.addfile(member, source.extractfile(member))
        for name, content in extra.items():
            member = tarfile.TarInfo("t-1/" + name)
            member.size = len(content)
            target.addfile(member, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize("name", ["t-1.tar", "t-1.tar.gz", "t-1.zip"])
@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_a_source_archive_without_exceptions(project: Make, name: str, object_format: str) -> None:
    p = project(object_format=object_format)
    p.write(FILES)
    p.write({"run.sh": b"#!/bin/sh\n"}, mode=0o755)
    (p.path / "link.c").symlink_to("src/a.c")
    p.commit()
    forged = passes(p.honest(p.archive(name)))
    assert counts(forged) == (6, 0, 0, 0, 0)


def test_generated_and_omitted_files(project: Make) -> None:
    p = project()
    p.write({**FILES, ".github/ci.yml": b"x", ".github/deep/y": b"y"})
    p.commit()
    made = added(p, {"configure": b"made", "src/new/parser.c": b"made"}, without=(".github",))
    forged = passes(p.honest(p.read(made, "t-1.tar")))
    assert counts(forged) == (4, 2, 0, 0, 1)
    assert [o.path for o in forged.claim.exceptions.omitted] == [b".github"]


def test_a_generated_file_beside_omitted_ones_expands_the_folder(project: Make) -> None:
    p = project()
    p.write({**FILES, "m4/a.m4": b"a", "m4/deep/b.m4": b"b"})
    p.commit()
    forged = passes(p.honest(p.read(added(p, {"m4/lt.m4": b"made"}, without=("m4",)), "t-1.tar")))
    assert [o.path for o in forged.claim.exceptions.omitted] == [b"m4/a.m4", b"m4/deep"]


def test_a_relocated_file_expands_the_folder_that_it_moved_to(project: Make) -> None:
    p = project()
    p.write({**FILES, "etc/x": b"x", "old/conf.in": b"conf", "old/y": b"y"})
    p.commit()
    made = added(p, {"etc/conf.in": b"conf"}, without=("etc", "old"))
    forged = passes(p.honest(p.read(made, "t-1.tar")))
    assert [(r.path, r.tree_path) for r in forged.proof.relocated] == [
        (b"t-1/etc/conf.in", b"old/conf.in")
    ]
    assert [o.path for o in forged.proof.omitted] == [b"etc/x", b"old/y"]


def test_line_ends_and_substitutions_of_git_archive_are_recomputed(project: Make) -> None:
    p = project()
    formats = b" ".join(b"$Format:%%%s$" % f for f in (b"H", b"T", b"ct", b"cI", b"ci", b"cs"))
    formats += b"\n$Format:%at and %aI\n%ai, %as$ $Format:$ $Format:%H"
    p.write(
        {
            **FILES,
            ".gitattributes": b"*.bat text eol=crlf\n_version.py export-subst\n"
            b"both eol=crlf export-subst\n",
            "run.bat": b"@echo off\nrem \xff\n",
            "pkg/_version.py": formats,
            "both": b"$Format:%H$\n",
        }
    )
    p.commit()
    forged = passes(p.honest(p.archive()))
    assert {m.file.tree_path: m.transform for m in forged.proof.modified} == {
        b"run.bat": "eol-crlf",
        b"pkg/_version.py": "export-subst",
        b"both": "eol-crlf, export-subst",
    }


@pytest.mark.parametrize("zone", ["+0000", "-0000", "-0330", "+1400"])
def test_dates_are_substituted_in_every_time_zone(project: Make, zone: str) -> None:
    p = project()
    p.write({".gitattributes": b"v export-subst\n", "v": b"$Format:%aI %ai %as %cI$", "x": b"x"})
    p.git("add", "-A")
    p.git("commit", "-q", "-m", "x", GIT_AUTHOR_DATE=f"1700000000 {zone}")
    p.git("tag", "v1")
    [modified] = passes(p.honest(p.archive())).proof.modified
    assert modified.transform == "export-subst"


def test_messages_and_refs_stay_unproven(project: Make) -> None:
    p = project()
    p.write({".gitattributes": b"* export-subst\n", "v": b"$Format:%D %s$", "x": b"x"})
    p.commit()
    [modified] = passes(p.honest(p.archive())).proof.modified
    assert modified.transform is None


def test_a_large_file_storage_pointer_is_proven_by_its_digest(project: Make) -> None:
    content = b"large" * 1000
    digest = sha256_hex(content)
    pointer = (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"
    )
    p = project()
    p.write({**FILES, ".gitattributes": b"*.bin filter=lfs -text\n", "a.bin": pointer.encode()})
    p.commit()
    made = added(p, {"a.bin": content}, without=("a.bin",))
    [modified] = passes(p.honest(p.read(made, "t-1.tar"))).proof.modified
    assert modified.transform == "lfs"


def test_a_version_stamp_is_proven_by_the_tag(project: Make) -> None:
    p = project()
    p.write({**FILES, "v.h": b'#define V "@VERSION@"\n'})
    p.commit()
    listing = p.read(added(p, {"v.h": b'#define V "1"\n'}, without=("v.h",)), "t-1.tar")
    assert passes(p.honest(listing, version="1")).proof.modified[0].transform == "version-stamp"
    assert passes(p.honest(listing, version="2")).proof.modified[0].transform is None
    assert passes(p.honest(listing)).proof.modified[0].transform is None


def test_submodules_stand_as_empty_folders(project: Make) -> None:
    lib = project("lib")
    lib.write({"x.c": b"x"})
    lib.commit()
    p = project()
    p.write(FILES)
    p.git("submodule", "--quiet", "add", "../lib", "lib")
    p.git("submodule", "--quiet", "add", "../lib", "vendor/all/lib")
    p.commit()
    forged = passes(p.honest(p.archive()))
    omitted = {o.path: o.entry.mode for o in forged.proof.omitted}
    assert omitted == {b"lib": Mode.SUBMODULE, b"vendor/all/lib": Mode.SUBMODULE}


def test_empty_folders_of_a_tree_stand_as_empty_folders(project: Make) -> None:
    p = project()
    p.write({"x": b"x", "full/y": b"y"})
    p.git("add", "-A")
    empty = p.git("hash-object", "-t", "tree", "-w", os.devnull).decode().strip()
    above = (
        p.git_input("mktree", stdin=b"040000 tree %s\tinner\n" % empty.encode()).decode().strip()
    )
    root = p.git_input(
        "mktree",
        stdin=p.git("ls-tree", p.git("write-tree").decode().strip())
        + b"040000 tree %s\tbare\n040000 tree %s\tzone\n" % (empty.encode(), above.encode()),
    )
    commit = p.git("commit-tree", "-m", "x", root.decode().strip()).decode().strip()
    p.git("tag", "v1", commit)
    forged = passes(p.honest(p.archive()))
    assert forged.proof.identical.keys() == {b"t-1/x", b"t-1/full/y"}
    made = added(p, {"bare/made": b"made", "zone/made": b"made"})
    assert len(passes(p.honest(p.read(made, "t-1.tar"))).proof.generated) == 2


def test_tags_of_every_kind(project: Make) -> None:
    p = project()
    p.write(FILES)
    p.commit(annotate=True)
    assert len(passes(p.honest(p.archive())).claim.tags) == 1
    chained = project("chained")
    chained.write(FILES)
    chained.commit(tag="inner", annotate=True)
    chained.git("tag", "-a", "-m", "outer", "v1", "inner")
    assert len(passes(chained.honest(chained.archive())).claim.tags) == 2


def test_a_signed_merge_with_odd_headers(project: Make) -> None:
    p = project()
    p.write(FILES)
    p.commit(tag="base")
    p.git("checkout", "-q", "-b", "side")
    p.write({"side": b"s"})
    p.commit(tag="tagged-side", annotate=True)
    p.git("checkout", "-q", "-")
    p.write({"main": b"m"})
    p.git("add", "-A")
    p.git("-c", "i18n.commitEncoding=latin1", "commit", "-q", "-m", "caf\u00e9")
    p.git("merge", "-q", "--no-ff", "-m", "merge", "tagged-side")
    p.git("tag", "v1")
    assert counts(passes(p.honest(p.archive()))) == (6, 0, 0, 0, 0)


def test_collisions_of_the_tree_itself_only_warn(project: Make) -> None:
    p = project()
    p.write({"x.c": b"1", "X.c": b"2", "DIR/a": b"3", "dir/a": b"4"})
    p.commit()
    forged = passes(p.honest(p.archive()))
    assert {w.code for w in forged.proof.warnings} == {"contents-collision-in-source"}


def test_a_zip_without_modes_is_recomputed(project: Make, tmp_path: Path) -> None:
    p = project()
    p.write({"a": b"a", "deep/a": b"a"})
    p.write({"run": b"run"}, mode=0o755)
    p.commit()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in ("a", "deep/a", "run"):
            info = zipfile.ZipInfo("t-1/" + name)
            info.create_system = 0
            info.external_attr = 0
            target.writestr(info, (p.path / name).read_bytes())
    [modified] = passes(p.honest(p.read(out.getvalue(), "t-1.zip"))).proof.modified
    assert (modified.file.tree_path, modified.transform) == (b"run", "mode-unrecorded")


def test_an_sdist(project: Make) -> None:
    p = project()
    p.write({**FILES, "pyproject.toml": b"[project]\n", "tests/x": b"x", "src/t/__init__.py": b""})
    p.commit()
    listing = p.read(added(p, {"PKG-INFO": b"Metadata-Version: 2.1\n"}, ("tests",)), "t-1.tar")
    assert counts(passes(p.honest(listing, Kind.SDIST))) == (6, 1, 0, 0, 1)


@pytest.mark.parametrize("layout", [b"", b"src/"])
def test_a_wheel(layout: bytes) -> None:
    module: dict[bytes, File] = {b"t/__init__.py": b"", b"t/a/b.py": b"b", b"t/py.typed": b"x"}
    single: dict[bytes, File] = {b"_t.py": b"single"}
    tree: dict[bytes, File] = {b"LICENSE": b"free", b"vendor/NOTICE": b"n", b"tests/x": b"x"}
    tree |= {layout + path: file for path, file in (module | single).items()}
    made: dict[bytes, File] = {DIST_INFO + b"METADATA": b"m", DIST_INFO + b"RECORD": b"r"}
    made |= {DIST_INFO + b"licenses/LICENSE": b"free", DIST_INFO + b"licenses/vendor/NOTICE": b"n"}
    made |= {b"t/_version.py": b"v = 1", b"t_made/x.py": b"x"}
    forged = passes(honest(tree, archive_of({**module, **single, **made}, WHEEL), kind=Kind.WHEEL))
    assert counts(forged) == (6, 4, 0, 0, 1)


def test_a_wheel_holds_a_license_twice() -> None:
    tree: dict[bytes, File] = {b"src/t/vendor/LICENSE": b"free", b"src/t/a.py": b"a"}
    files: dict[bytes, File] = {
        b"t/vendor/LICENSE": b"free",
        b"t/a.py": b"a",
        DIST_INFO + b"licenses/src/t/vendor/LICENSE": b"free",
    }
    assert counts(passes(honest(tree, archive_of(files, WHEEL), kind=Kind.WHEEL)))[0] == 3
    changed = archive_of({**files, DIST_INFO + b"licenses/src/t/vendor/LICENSE": b"mine"}, WHEEL)
    assert codes(honest(tree, changed, kind=Kind.WHEEL)) == {"contents-conflict"}


def test_nested_submodules_with_their_files() -> None:
    forged = passes(with_submodule({**README, b"x": b"x"}, {**README, b"x": b"x"}, Exceptions()))
    [nested] = forged.proof.nested
    assert (nested.path, nested.identical, nested.repository_proven) == (b"lib", 2, False)
    assert counts(forged)[0] == 1


def test_tree_paths_that_are_not_utf8_are_omitted_by_their_bytes() -> None:
    tree: dict[bytes, File] = {b"x": b"x", b"caf\xe9": b"latin", b"d/\xff": b"y"}
    forged = passes(honest(tree, archive_of(top({b"x": b"x"}))))
    assert [o.path for o in forged.proof.omitted] == [b"caf\xe9", b"d"]


def test_an_archive_without_a_top_folder_needs_permission() -> None:
    tree: dict[bytes, File] = {b"x": b"x", b"d/y": b"y"}
    forged = honest(tree, archive_of(tree))
    assert codes(forged) == {"contents-layout-refused"}
    assert codes(replace(forged, allowed=forged.claim.mappings)) == set()


def test_the_predicate_stays_small_whatever_the_size_of_the_archive() -> None:
    tree: dict[bytes, File] = {
        b"src/%d/%d/file.c" % (n % 50, n): b"int x = %d;\n" % n for n in range(5000)
    }
    forged = honest(tree_of(tree), archive_of(top(tree)))
    assert forged.proof.findings == ()
    assert forged.proof.identical.__len__() == 5000
    assert len(dump(as_predicate(forged.claim))) < 2000 + len(forged.claim.commit)


def test_submodule_entries_that_are_no_folders_of_the_archive() -> None:
    link = TreeEntry(mode=Mode.SUBMODULE, object="1" * 40)
    tree: dict[bytes, File] = {b"x": b"x", b"lib": link}
    assert counts(passes(honest(tree, archive_of(top({b"x": b"x"}))))) == (1, 0, 0, 0, 1)
