from dataclasses import replace

import pytest

from support_contents import File, Forged, archive_of, codes, fit, forge, honest, top
from support_forging import README, generated, modified, omitted, with_submodule
from tagseal.contents import Exceptions, RelocatedFile
from tagseal.core.digests import object_id
from tagseal.core.listing import Mode, TreeEntry

NAMED = b'[submodule "lib"]\n\tpath = lib\n\turl = https://x.invalid/lib\n'


def submodule(gitmodules: bytes) -> Forged:
    """A nested submodule, with a `.gitmodules` in the tree and the archive."""
    forged = with_submodule(README, README, Exceptions())
    files: dict[bytes, File] = {**README, b".gitmodules": gitmodules}
    link = forged.claim.exceptions.nested[0]
    commit = object_id("commit", link.commit, forged.listing.object_format)
    tree = {**files, b"lib": TreeEntry(mode=Mode.SUBMODULE, object=commit)}
    archive = archive_of(top({**files, b"lib/README": README[b"README"]}))
    return forge(tree, archive, Exceptions(nested=(link,)))


@pytest.mark.parametrize(
    ("gitmodules", "proven"),
    [
        (NAMED, True),
        (NAMED.replace(b"\n", b"\r\n"), True),
        (NAMED.replace(b"x.invalid", b"y.invalid"), False),
        (NAMED.replace(b"= lib", b"= lib2"), False),
        (NAMED.replace(b"url", b"# url"), False),
        (NAMED.replace(b"\tpath", b"[x]\n\tpath"), True),
        (NAMED.replace(b"\turl", b"[x]\n\turl"), False),
        (NAMED + b"\tx = \\\nurl = https://y.invalid\n", False),
        (b"", False),
    ],
)
def test_where_a_submodule_comes_from_is_what_the_commit_says(
    gitmodules: bytes, proven: bool
) -> None:
    forged = submodule(gitmodules)
    [nested] = forged.proof.nested
    assert codes(forged) == set()
    assert nested.repository_proven is proven


def test_what_a_submodule_lacks_is_not_forgotten() -> None:
    inner = Exceptions(
        generated=(generated(b"t-1/lib/made"),),
        modified=(modified(b"t-1/lib/m", b"m", b"good"),),
        relocated=(RelocatedFile(path=b"t-1/lib/r", tree_path=b"old/r"),),
        omitted=(omitted(b"guard", b"g"),),
    )
    sub: dict[bytes, File] = {**README, b"m": b"good", b"old/r": b"r", b"guard": b"g"}
    files: dict[bytes, File] = {**README, b"made": b"evil", b"m": b"evil", b"r": b"r"}
    proof = with_submodule(sub, files, inner).proof
    assert proof.findings == ()
    assert [g.path for g in proof.generated] == [b"t-1/lib/made"]
    assert [(m.file.tree_path, m.transform) for m in proof.modified] == [(b"lib/m", None)]
    assert [r.tree_path for r in proof.relocated] == [b"lib/old/r"]
    assert [o.path for o in proof.omitted] == [b"lib/guard"]


def test_carried_names_are_shown_safely() -> None:
    forged = honest(README, archive_of(top(README)))
    evil = fit(replace(forged.claim, carried={"\x1b[2J": b""}), forged.listing)
    [finding] = replace(forged, claim=evil).proof.findings
    assert finding.code == "contents-carried-refused"
    assert "\x1b" not in finding.message


def test_the_configuration_is_proven_when_it_is_identical_or_carried() -> None:
    tree: dict[bytes, File] = {b"x": b"x", b"tagseal.toml": b"a = 1"}
    assert honest(tree, archive_of(top(tree))).proof.sources.files[b"tagseal.toml"] == b"a = 1"
    without = archive_of(top({b"x": b"x"}))
    carried = honest(tree, without, carried={b"tagseal.toml": b"a = 1"})
    assert carried.proof.findings == ()
    assert carried.proof.sources.files == {b"x": b"x", b"tagseal.toml": b"a = 1"}
    assert b"tagseal.toml" not in honest(tree, without).proof.sources.files
    changed = archive_of(top({b"x": b"x", b"tagseal.toml": b"evil"}))
    assert b"tagseal.toml" not in honest(tree, changed).proof.sources.files
