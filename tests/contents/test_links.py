"""Dereferenced symlinks: honest archives that have copies in their place."""

import json

import pytest

from support_attacks_links import COPIED, REAL, linked, symlink
from support_contents import (
    DIST_INFO,
    WHEEL,
    File,
    Forged,
    archive_of,
    blob,
    codes,
    commit_of,
    entry,
    honest,
    top,
    tree_of,
)
from support_forging import LICENSED
from tagseal.attest import as_predicate, parse_contents
from tagseal.contents import Kind, account_for, choose_layout, claim_of
from tagseal.contents.links import LinkProblem, Links
from tagseal.contents.tree import TreeBuilder
from tagseal.core.digests import object_id
from tagseal.core.listing import Mode


def links_of(files: dict[bytes, File]) -> Links:
    tree = TreeBuilder()
    for path, file in files.items():
        tree.add(path, entry(file))
    return Links(tree, {p: f[1] for p, f in files.items() if isinstance(f, tuple)}.get)


@pytest.mark.parametrize(
    ("target", "behind"),
    [
        (b"real", COPIED),
        (b"./real//", COPIED),
        (b"real/deep/..", COPIED),
        (b"README", {b"link": b"read me\n"}),
        (b"real/deep/../a.c", {b"link": b"good a"}),
        (b"real/deep", {b"link/b.c": b"good b"}),
    ],
)
def test_whole_copies_pass(target: bytes, behind: dict[bytes, File]) -> None:
    forged = linked(target, behind)
    assert codes(forged) == set()
    assert {file.path for file in forged.proof.dereferenced} == {b"t-1/" + p for p in behind}
    assert {file.link for file in forged.proof.dereferenced} == {b"link"}


@pytest.mark.parametrize("target", [b"real", b"README", b"real/deep/b.c"])
def test_an_account_finds_them(target: bytes) -> None:
    behind: dict[bytes, File] = {
        b"real": COPIED,
        b"README": {b"link": b"read me\n"},
        b"real/deep/b.c": {b"link": b"good b"},
    }[target]
    tree = {**REAL, b"link": symlink(target)}
    forged = made(tree, {**REAL, **behind})
    assert forged.claim.exceptions.omitted == ()
    assert [link.target for link in forged.claim.exceptions.dereferenced] == [target]
    assert parse_contents(json.loads(json.dumps(as_predicate(forged.claim)))) == forged.claim


def made(tree: dict[bytes, File], archive: dict[bytes, File], **more: object) -> Forged:
    """The true claim of an account that has all blobs of the tree at hand."""
    listed, listing = tree_of(tree), archive_of(top(archive))
    blobs = {entry(f).object: f[1] if isinstance(f, tuple) else f for f in tree.values()}
    template = honest(REAL, archive_of(top(REAL)))
    account = account_for(
        listing,
        listed,
        kind=Kind.SOURCE,
        mappings=template.claim.mappings,
        blob=blobs.get,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )
    assert account.conflicting == ()
    commit = commit_of(listed.tree)
    claim = claim_of(
        account,
        repository=template.claim.repository,
        ref=template.claim.ref,
        commit_id=object_id("commit", commit, listing.object_format),
        commit=commit,
        tree_id=listed.tree,
        tags=(),
        listing=listing,
        carried={},
    )
    forged = Forged(listing=listing, claim=claim)
    assert codes(forged) == set()
    return forged


def test_a_folder_that_a_link_leads_to_is_named_entry_by_entry() -> None:
    tree = {**REAL, b"link": symlink(b"real")}
    forged = made(tree, {b"README": b"read me\n", **COPIED})
    assert [o.path for o in forged.claim.exceptions.omitted] == [b"real/a.c", b"real/deep/b.c"]


def test_links_behind_links_are_followed() -> None:
    tree = {
        **REAL,
        b"one": symlink(b"two"),
        b"two": symlink(b"real"),
        b"real/c": symlink(b"deep/b.c"),
        b"real/again": symlink(b"deep"),
    }
    copied: dict[bytes, File] = {
        **{path.replace(b"link", b"one"): file for path, file in COPIED.items()},
        b"one/c": b"good b",
        b"one/again/b.c": b"good b",
        b"real/c": b"good b",
    }
    forged = made(tree, {**REAL, **copied})
    # Two links are left out, and what they hold is carried.
    assert sorted(forged.claim.carried.values()) == [b"deep", b"real"]
    assert [link.path for link in forged.claim.exceptions.dereferenced] == [b"one", b"real/c"]
    assert {f.tree_path for f in forged.proof.dereferenced if f.path.endswith(b"/c")} == {
        b"real/deep/b.c"
    }


def test_a_link_that_is_in_the_archive_is_followed_there() -> None:
    tree = {**REAL, b"one": symlink(b"two"), b"two": symlink(b"real")}
    copied = {path.replace(b"link", b"one"): file for path, file in COPIED.items()}
    forged = made(tree, {**REAL, **copied, b"two": symlink(b"real")})
    assert forged.claim.carried == {}


def test_what_is_no_whole_copy_stays_a_conflict() -> None:
    tree = tree_of({**REAL, b"link": symlink(b"real")})
    for behind in ({b"link/a.c": b"good a"}, {**COPIED, b"link/x": b"x"}, {b"link": b"x"}):
        account = account_for(
            archive_of(top({**REAL, **behind})),
            tree,
            kind=Kind.SOURCE,
            mappings=honest(REAL, archive_of(top(REAL))).claim.mappings,
            blob={blob(b"real"): b"real"}.get,
        )
        assert {there for _, there in account.conflicting} == {b"link"}
        assert account.links == {}


def test_a_link_whose_bytes_are_not_at_hand_stays_a_conflict() -> None:
    account = account_for(
        archive_of(top({**REAL, **COPIED})),
        tree_of({**REAL, b"link": symlink(b"real")}),
        kind=Kind.SOURCE,
        mappings=honest(REAL, archive_of(top(REAL))).claim.mappings,
    )
    assert [path for path, _ in account.conflicting] == [b"t-1/" + path for path in COPIED]


def test_wheels_have_copies_too_but_not_among_their_licenses() -> None:
    tree = {**LICENSED, b"t/x.py": b"x", b"t/LICENSE": symlink(b"../LICENSE")}
    files: dict[bytes, File] = {DIST_INFO + b"licenses/LICENSE": b"free\n", b"t/x.py": b"x"}
    blobs = {blob(b"../LICENSE"): b"../LICENSE"}
    for place, conflicts in ((b"t/LICENSE", 0), (DIST_INFO + b"licenses/t/LICENSE", 1)):
        listing = archive_of({**files, place: b"free\n"}, WHEEL)
        mappings = choose_layout(Kind.WHEEL, WHEEL, listing.members, tree_of(tree))
        account = account_for(
            listing, tree_of(tree), kind=Kind.WHEEL, mappings=mappings, blob=blobs.get
        )
        assert len(account.conflicting) == conflicts
        assert account.counts["dereferenced"] == 1 - conflicts


def test_what_a_link_leads_to_is_read_in_its_place() -> None:
    forged = linked(b"README", {b"link": b"read me\n"})
    assert forged.proof.sources.files[b"link"] == b"read me\n"
    attributes: dict[bytes, File] = {b".gitattributes": symlink(b"README")}
    forged = made({**REAL, **attributes}, {**REAL, b".gitattributes": b"read me\n"})
    assert b".gitattributes" not in forged.proof.sources.files


def test_a_header_behind_a_link_hides_no_other() -> None:
    tree: dict[bytes, File] = {b"include/a.h": b"a", b"src/a.h": symlink(b"../include/a.h")}
    forged = made({**REAL, **tree}, {**REAL, b"include/a.h": b"a", b"src/a.h": b"a"})
    assert forged.proof.shadowing == ()


def test_chains_end() -> None:
    chain: dict[bytes, File] = {b"l%04d" % n: symlink(b"l%04d" % (n + 1)) for n in range(5000)}
    with pytest.raises(LinkProblem, match="more than 40"):
        list(links_of(chain).copies(b"l0000"))


def test_depth_ends() -> None:
    deep: dict[bytes, File] = {b"d/" * 200 + b"back": symlink(b"../" * 200 + b"e")}
    deep |= {b"e/" * 200 + b"f": b"f", b"link": symlink(b"d")}
    with pytest.raises(LinkProblem, match="too deep"):
        list(links_of(deep).copies(b"link"))


def test_folders_that_hold_each_other_end() -> None:
    # Each step doubles what is behind the link; the first copy that is not there ends it.
    files: dict[bytes, File] = {}
    for n in range(30):
        files |= {b"d%02d/%s" % (n, x): symlink(b"../d%02d" % (n + 1)) for x in (b"a", b"b")}
    files |= {b"d30/f": b"f", b"link": symlink(b"d00")}
    assert Mode.SYMLINK in {entry(file).mode for file in files.values()}
    found, problems = links_of(files).match(b"link", {})
    assert (found, len(problems)) == ([], 1)


def test_links_that_lead_to_nothing_do_not_take_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each is walked anew; with 40 long ones on the way, each took 50 ms, and a claim lists a
    # million of them in its 64 MB.
    chain: dict[bytes, File] = {
        b"c%02d" % n: symlink(b"real/../" * 100 + b"c%02d" % (n + 1)) for n in range(39)
    }
    links = links_of({**REAL, **chain, **{b"l%d" % n: symlink(b"c00") for n in range(9)}})
    monkeypatch.setattr("tagseal.contents.links.MAX_STEPS", 50_000)
    problems = [links.match(b"l%d" % n, {})[1][0][1] for n in range(9)]
    assert problems[0] == 'it leads to "c39", which is not in the tree'
    assert problems[-1] == "the symlinks of the tree take too long to follow"
