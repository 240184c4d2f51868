"""Attacks on the rules about git objects, digests and submodules (7 to 10)."""

from collections.abc import Callable
from dataclasses import replace

from support_contents import Forged, archive_of, commit_of, entry, forge, tag_of, top, tree_of
from support_forging import EVIL, README, attack, generated, modified, omitted, with_submodule
from tagseal.contents import Exceptions
from tagseal.core.digests import object_id, sha256_hex
from tagseal.core.listing import Mode, TreeEntry

# Rule 7: carried bytes are those of a listed tree file.


@attack(7, "carried-refused")
def the_carried_source_is_another() -> Forged:
    lies = Exceptions(modified=(modified(b"t-1/a.c", b"a.c", b"good"),))
    archive = archive_of(top({**README, b"a.c": EVIL}))
    return forge(
        {**README, b"a.c": b"good"}, archive, lies, carried={entry(b"good").object: b"bad"}
    )


@attack(7, "carried-refused")
def carried_bytes_belong_to_no_file() -> Forged:
    return forge(README, archive_of(top(README)), carried={entry(b"x").object: b"x"})


# Rule 8: the git objects.


def objects(change: Callable[[bytes], bytes]) -> Forged:
    forged = forge(README, archive_of(top(README)))
    commit = change(forged.claim.commit)
    return forged.but(
        commit=commit, commit_id=object_id("commit", commit, tree_of({}).object_format)
    )


@attack(8, "commit-malformed")
def the_commit_has_two_trees() -> Forged:
    line = b"tree %s\n" % tree_of(README).tree.encode()
    return objects(lambda raw: raw.replace(b"\n\n", b"\n" + line + b"\n", 1))


@attack(8, "commit-malformed")
def the_commit_has_a_nul_in_its_header() -> Forged:
    return objects(lambda raw: raw.replace(b"A <", b"A\0 <", 1))


@attack(8, "commit-malformed")
def the_commit_is_not_the_one_named() -> Forged:
    return forge(README, archive_of(top(README))).but(commit_id="1" * 40)


@attack(8, "commit-malformed")
def the_tree_is_not_the_one_named() -> Forged:
    return forge(README, archive_of(top(README))).but(tree_id="1" * 40)


@attack(8, "commit-malformed")
def the_ids_are_of_another_hash() -> Forged:
    return forge(README, archive_of(top(README))).but(tree_id="1" * 64)


@attack(8, "commit-malformed")
def the_ref_is_a_branch() -> Forged:
    return forge(README, archive_of(top(README))).but(ref="refs/heads/v1")


def tagged(*chain: tuple[bytes, bytes | None]) -> Forged:
    """A claim with a chain of tags, given from the commit outwards by name and kind."""
    forged = forge(README, archive_of(top(README)))
    target, kind, raws = forged.claim.commit_id, b"commit", []
    for name, forced in chain:
        raws.append(tag_of(target, name, forced or kind))
        target, kind = object_id("tag", raws[-1], tree_of({}).object_format), b"tag"
    return forged.but(tags=tuple(reversed(raws)))


@attack(8, "commit-malformed")
def the_tag_object_has_another_name() -> Forged:
    return tagged((b"v14", None))


@attack(8, "commit-malformed")
def the_tag_object_tags_another_commit() -> Forged:
    return forge(README, archive_of(top(README))).but(tags=(tag_of("1" * 40),))


@attack(8, "commit-malformed")
def the_tag_object_tags_a_tree() -> Forged:
    return tagged((b"v1", b"tree"))


@attack(8, "commit-malformed")
def the_chain_of_tags_is_broken() -> Forged:
    forged = tagged((b"inner", None), (b"v1", None))
    return forged.but(tags=(forged.claim.tags[0], tag_of(forged.claim.commit_id, b"other")))


@attack(8, "commit-malformed")
def the_chain_of_tags_is_endless() -> Forged:
    return tagged(*[(b"v1", None)] * 5)


@attack(8, "commit-malformed")
def the_tag_object_is_no_tag() -> Forged:
    return forge(README, archive_of(top(README))).but(tags=(b"v1",))


# Rule 9: the sha256 over the identical files.


@attack(9, "identical-digest")
def a_file_has_the_sha1_of_another() -> Forged:
    forged = forge(README, archive_of(top(README)))
    member = forged.listing.members[b"t-1/README"]
    collided = {b"t-1/README": replace(member, sha256=sha256_hex(EVIL))}
    return replace(forged, listing=replace(forged.listing, members=collided))


@attack(9, "tree-differs")
def the_count_of_identical_files_is_a_lie() -> Forged:
    forged = forge(README, archive_of(top(README)))
    return replace(forged, claim=replace(forged.claim, identical_count=2))


# Rule 10: submodules.


@attack(10, "tree-differs")
def a_submodule_is_of_another_commit() -> Forged:
    forged = with_submodule(README, README, Exceptions())
    nested = replace(
        forged.claim.exceptions.nested[0],
        commit=commit_of(tree_of(README).tree, b"parent " + b"1" * 40 + b"\n"),
    )
    return forged.but(exceptions=Exceptions(nested=(nested,)))


@attack(10, "tree-differs")
def a_file_of_a_submodule_is_changed() -> Forged:
    return with_submodule({**README, b"x": b"good"}, {**README, b"x": EVIL}, Exceptions())


@attack(10, "commit-malformed", "tree-differs")
def the_commit_of_a_submodule_is_no_commit() -> Forged:
    forged = with_submodule(README, README, Exceptions())
    nested = replace(forged.claim.exceptions.nested[0], commit=b"x")
    return forged.but(exceptions=Exceptions(nested=(nested,)))


@attack(10, "nothing-identical")
def everything_of_a_submodule_is_omitted_or_generated() -> Forged:
    inner = Exceptions(
        generated=(generated(b"t-1/lib/x"),), omitted=(omitted(b"README", b"read me\n"),)
    )
    return with_submodule(README, {b"x": EVIL}, inner)


@attack(10, "listed-missing", "tree-differs", "not-absent", "identical-digest")
def a_file_of_a_submodule_is_listed_by_the_wrong_tree() -> Forged:
    forged = with_submodule(README, {**README, b"x": EVIL}, Exceptions())
    lies = replace(forged.claim.exceptions, generated=(generated(b"t-1/lib/x"),))
    return forged.but(exceptions=lies)


@attack(10, "lists", "conflict")
def a_submodule_is_nested_and_omitted() -> Forged:
    forged = with_submodule(README, README, Exceptions())
    commit = object_id(
        "commit", forged.claim.exceptions.nested[0].commit, tree_of({}).object_format
    )
    link = omitted(b"lib", TreeEntry(mode=Mode.SUBMODULE, object=commit))
    return forged.but(exceptions=replace(forged.claim.exceptions, omitted=(link,)))


@attack(10, "lists", "conflict")
def a_submodule_is_nested_twice() -> Forged:
    forged = with_submodule(README, README, Exceptions())
    return forged.but(exceptions=Exceptions(nested=forged.claim.exceptions.nested * 2))
