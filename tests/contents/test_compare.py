from dataclasses import replace

import pytest

from support_contents import ROOT, File, archive_of, commit_of, top, tree_of
from tagseal.contents import Account, Kind, account_for, claim_of, identical_digest
from tagseal.core.digests import sha256_hex
from tagseal.core.listing import Mode, TreeEntry

LINK: File = (Mode.SYMLINK, b"x")
SUBMODULE = TreeEntry(mode=Mode.SUBMODULE, object="1" * 40)


def account(tree: dict[bytes, File], archive: dict[bytes, File], **options: object) -> Account:
    return account_for(
        archive_of(top(archive)),
        tree_of(tree),
        kind=Kind.SOURCE,
        mappings=ROOT,
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("tree", "archive", "conflicting"),
    [
        ({b"a": b"1"}, {b"a": LINK}, (b"t-1/a", b"a")),
        ({b"a": LINK}, {b"a": b"1"}, (b"t-1/a", b"a")),
        ({b"a": SUBMODULE}, {b"a": b"1"}, (b"t-1/a", b"a")),
        ({b"a": SUBMODULE}, {b"a/b/c": b"1"}, (b"t-1/a/b/c", b"a")),
        ({b"a/b": b"1"}, {b"a": b"1"}, (b"t-1/a", b"a")),
        ({b"a": b"1"}, {b"a/b": b"1"}, (b"t-1/a/b", b"a")),
    ],
)
def test_what_cannot_be_in_one_tree_is_conflicting(
    tree: dict[bytes, File], archive: dict[bytes, File], conflicting: tuple[bytes, bytes]
) -> None:
    found = account({b"x": b"x", **tree}, {b"x": b"x", **archive})
    assert found.conflicting == (conflicting,)
    assert found.counts["generated"] == 0


def test_a_rule_is_only_a_label() -> None:
    found = account(
        {b"x": b"x", b"m": b"1"},
        {b"x": b"x", b"y": b"y", b"m": b"2"},
        rule=lambda path: f"rule of {path.decode()}",
    )
    assert [g.rule for g in found.exceptions.generated] == ["rule of t-1/y"]
    assert [m.rule for m in found.exceptions.modified] == ["rule of t-1/m"]


def test_a_needed_file_is_omitted_by_its_own_name() -> None:
    tree: dict[bytes, File] = {b"x": b"x", b"d/e/readme": b"r", b"d/e/other": b"o", b"d/f/y": b"y"}
    found = account(tree, {b"x": b"x"}, needed={b"d/e/readme"})
    assert [o.path for o in found.exceptions.omitted] == [b"d/e/other", b"d/e/readme", b"d/f"]
    assert [o.path for o in account(tree, {b"x": b"x"}).exceptions.omitted] == [b"d"]


def test_only_one_unmistakable_file_is_relocated() -> None:
    def relocated(tree: dict[bytes, File], archive: dict[bytes, File]) -> list[bytes]:
        found = account({b"x": b"x", **tree}, {b"x": b"x", **archive})
        return [r.tree_path for r in found.exceptions.relocated]

    assert relocated({b"a/f": b"f"}, {b"b/f": b"f"}) == [b"a/f"]
    assert relocated({b"a/f": b"f"}, {b"b/g": b"f"}) == []
    assert relocated({b"a/f": b"f"}, {b"b/f": (Mode.EXECUTABLE, b"f")}) == []
    assert relocated({b"a/f": b""}, {b"b/f": b""}) == []
    assert relocated({b"a/f": LINK}, {b"b/f": LINK}) == []
    assert relocated({b"a/f": b"f", b"c/f": b"f"}, {b"b/f": b"f"}) == []
    assert relocated({b"a/f": b"f"}, {b"b/f": b"f", b"c/f": b"f"}) == [b"a/f"]
    assert relocated({b"a/f": b"f"}, {b"a/f": b"f", b"b/f": b"f"}) == []


def test_the_digest_covers_path_tree_path_mode_and_bytes() -> None:
    members = archive_of({b"a/b": b"1", b"a/c": (Mode.EXECUTABLE, b"2")}).members
    one, two = sha256_hex(b"1").encode(), sha256_hex(b"2").encode()
    expected = b"a/b\0b\x00100644\0" + one + b"\0a/c\0c\x00100755\0" + two + b"\0"
    assert identical_digest(members, {b"a/c": b"c", b"a/b": b"b"}) == sha256_hex(expected)


def test_a_digest_that_was_not_made_is_never_taken_for_one() -> None:
    listing = archive_of({b"a/b": b"1"})
    members = {path: replace(member, sha256=None) for path, member in listing.members.items()}
    with pytest.raises(ValueError, match="was not made"):
        identical_digest(members, {b"a/b": b"b"})
    with pytest.raises(ValueError, match="was not made"):
        account_for(replace(listing, members=members), tree_of({}), kind=Kind.SOURCE, mappings=ROOT)


TREE: dict[bytes, File] = {b"x": b"x", b"m": b"1", b"o": b"o", b"d/o": b"o2", b"l": LINK}
ARCHIVE: dict[bytes, File] = {b"x": b"x", b"m": b"2"}


class TestClaim:
    def claim(
        self, carried: dict[bytes, bytes], archive: dict[bytes, File] | None = None
    ) -> object:
        listing = archive_of(top(archive or ARCHIVE))
        tree = tree_of(TREE)
        made = account_for(listing, tree, kind=Kind.SOURCE, mappings=ROOT, needed={b"d/o"})
        return claim_of(
            made,
            repository="r",
            ref="refs/tags/v1",
            commit_id="1" * 40,
            commit=commit_of(tree.tree),
            tree_id=tree.tree,
            tags=(),
            listing=listing,
            carried=carried,
        ).carried

    def test_it_carries_omitted_files_and_sources_and_nothing_else(self) -> None:
        at_hand = {b"x": b"x", b"m": b"1", b"o": b"o", b"d/o": b"o2", b"l": b"x", b"no": b""}
        tree = tree_of(TREE)
        wanted = {tree.entries[path].object: at_hand[path] for path in (b"m", b"o", b"d/o")}
        assert self.claim(at_hand) == wanted
        assert self.claim({}) == {}

    def test_it_carries_no_other_bytes_than_the_trees(self) -> None:
        with pytest.raises(ValueError, match="not the tree's"):
            self.claim({b"m": b"2"})

    def test_it_cannot_express_a_conflict(self) -> None:
        with pytest.raises(ValueError, match="another type"):
            self.claim({}, {**ARCHIVE, b"d": b"file"})
