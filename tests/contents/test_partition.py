"""Submodules in an account: each in its own tree, and no deeper than a claim can say."""

from dataclasses import replace

from support_contents import ROOT, URI, Forged, archive_of, codes, commit_of, honest, top, tree_of
from support_forging import EVIL, README, generated, with_submodule
from tagseal.attest import as_predicate, parse_contents
from tagseal.contents import MAX_NESTING, Exceptions, Kind, Submodule, account_for, claim_of
from tagseal.contents.model import NestedTree
from tagseal.core.digests import object_id
from tagseal.core.listing import Mode, TreeEntry, TreeListing

SHA1 = tree_of({}).object_format


def chain(depth: int) -> tuple[TreeListing, dict[bytes, Submodule]]:
    """Trees inside of one another, the innermost last; by path."""
    tree = tree_of({b"f": b"x"})
    inside: dict[bytes, Submodule] = {}
    for _ in range(depth):
        commit = commit_of(tree.tree)
        here = Submodule(commit=commit, tree=tree, repository="r", blob=lambda _: None)
        inside = {b"m": here} | {b"m/" + path: each for path, each in inside.items()}
        entry = TreeEntry(mode=Mode.SUBMODULE, object=object_id("commit", commit, SHA1))
        tree = tree_of({b"f": b"x", b"m": entry})
    return tree, inside


def accounted(depth: int) -> tuple[Forged | None, int]:
    tree, inside = chain(depth)
    listing = archive_of(top({b"m/" * n + b"f": b"x" for n in range(depth + 1)}))
    account = account_for(
        listing,
        tree,
        kind=Kind.SOURCE,
        mappings=ROOT,
        submodule=lambda path, _: inside.get(path),
    )
    if account.conflicting:
        return None, len(account.conflicting)
    commit = commit_of(tree.tree)
    claim = claim_of(
        account,
        repository=URI,
        ref="refs/tags/v1",
        commit_id=object_id("commit", commit, SHA1),
        commit=commit,
        tree_id=tree.tree,
        tags=(),
        listing=listing,
        carried={},
    )
    return Forged(listing=listing, claim=claim), 0


def test_submodules_may_be_so_deep() -> None:
    forged, _ = accounted(MAX_NESTING)
    assert forged is not None
    assert parse_contents(as_predicate(forged.claim)) == forged.claim
    assert codes(forged) == set()
    assert len(forged.proof.nested) == MAX_NESTING


def test_and_no_deeper() -> None:
    assert accounted(MAX_NESTING + 1) == (None, 1)


def test_a_file_below_a_generated_name_of_a_submodule_is_absent_there() -> None:
    """What is only in the archive makes the submodule's folders be named entry by entry."""
    sub = tree_of({b"f": b"x", b"d/a": b"a", b"d/e/b": b"b"})
    commit = commit_of(sub.tree)
    entry = TreeEntry(mode=Mode.SUBMODULE, object=object_id("commit", commit, SHA1))
    account = account_for(
        archive_of(top({b"f": b"f", b"m/f": b"x", b"m/d/new": b"new"})),
        tree_of({b"f": b"f", b"m": entry}),
        kind=Kind.SOURCE,
        mappings=ROOT,
        submodule=lambda *_: Submodule(commit=commit, tree=sub, repository="", blob=lambda _: None),
    )
    [nested] = account.exceptions.nested
    assert isinstance(nested, NestedTree)
    assert [o.path for o in nested.exceptions.omitted] == [b"d/a", b"d/e"]
    assert [o.path for o in account.flat.omitted] == [b"m/d/a", b"m/d/e"]
    assert account.all_identical == {b"t-1/f": b"f", b"t-1/m/f": b"m/f"}
    assert account.counts["generated"] == 1


def test_a_member_without_a_mapping_belongs_to_the_tree_that_lists_it() -> None:
    forged = with_submodule(README, README, Exceptions())
    stray = archive_of({**top({**README, b"lib/README": b"read me\n"}), b"stray": EVIL})
    assert codes(replace(forged, listing=stray).but()) == {"contents-unmapped"}
    [nested] = forged.claim.exceptions.nested
    listed = replace(nested, exceptions=Exceptions(generated=(generated(b"stray"),)))
    evil = replace(forged, listing=stray).but(exceptions=Exceptions(nested=(listed,)))
    assert codes(evil) == {"contents-unmapped"}


def test_a_folder_beside_the_top_stands_for_nothing() -> None:
    archive = archive_of(top(README), folders=[b"t-1", b"stray"])
    [finding] = honest(README, archive).proof.findings
    assert (finding.code, finding.path) == ("contents-idle-folder", b"stray")
