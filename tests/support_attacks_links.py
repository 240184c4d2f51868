"""Attacks on dereferenced symlinks: rule 12, and what it asks of the others."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from support_contents import (
    DIST_INFO,
    WHEEL,
    File,
    Forged,
    archive_of,
    blob,
    commit_of,
    entry,
    forge,
    top,
    tree_of,
)
from support_forging import (
    EVIL,
    LICENSED,
    LICENSES,
    README,
    attack,
    folder,
    generated,
    mapping,
    modified,
    omitted,
    with_submodule,
)
from tagseal.contents import DereferencedLink, Exceptions, Kind, RelocatedFile
from tagseal.core.digests import object_id, sha256_hex
from tagseal.core.listing import Mode, TreeEntry

REAL: dict[bytes, File] = {**README, b"real/a.c": b"good a", b"real/deep/b.c": b"good b"}
COPIED: dict[bytes, File] = {b"link/a.c": b"good a", b"link/deep/b.c": b"good b"}


def symlink(target: bytes) -> File:
    return (Mode.SYMLINK, target)


def link(path: bytes, target: bytes) -> DereferencedLink:
    return DereferencedLink(path=path, target=target)


def linked(
    target: bytes,
    behind: dict[bytes, File],
    lies: Exceptions = Exceptions(),
    *,
    tree: Mapping[bytes, File] = MappingProxyType({}),
    archive: Mapping[bytes, File] = MappingProxyType({}),
    carried: dict[str, bytes] | None = None,
) -> Forged:
    """A tree with a symlink "link", and an archive with other things in its place."""
    lies = replace(lies, dereferenced=(link(b"link", target), *lies.dereferenced))
    listing = archive_of(top({**REAL, **archive, **behind}))
    return forge({**REAL, b"link": symlink(target), **tree}, listing, lies, carried=carried)


@attack(12, "dereferenced")
def a_file_behind_a_link_is_another() -> Forged:
    return linked(b"real", {**COPIED, b"link/deep/b.c": EVIL})


@attack(12, "dereferenced")
def a_file_behind_a_link_is_executable() -> Forged:
    return linked(b"real", {**COPIED, b"link/a.c": (Mode.EXECUTABLE, b"good a")})


@attack(12, "dereferenced")
def a_file_is_added_behind_a_link() -> Forged:
    return linked(b"real", {**COPIED, b"link/evil.c": EVIL})


@attack(12, "dereferenced")
def a_file_is_added_behind_a_link_to_a_file() -> Forged:
    return linked(b"README", {b"link/README": b"read me\n"})


@attack(12, "dereferenced")
def a_file_behind_a_link_is_left_out() -> Forged:
    return linked(b"real", {b"link/a.c": b"good a"})


@attack(12, "dereferenced")
def nothing_is_behind_a_link() -> Forged:
    return linked(b"real", {})


@attack(12, "dereferenced")
def a_file_takes_the_place_of_a_link_to_another() -> Forged:
    return linked(b"README", {b"link": EVIL})


@attack(12, "dereferenced")
def a_file_takes_the_place_of_a_link_to_a_folder() -> Forged:
    return linked(b"real", {b"link": EVIL})


@attack(12, "dereferenced")
def the_link_itself_is_there() -> Forged:
    return linked(b"real", {b"link": symlink(b"real")})


@attack(12, "dereferenced")
def another_link_is_copied_as_a_link() -> Forged:
    tree = {b"real/c": symlink(b"a.c")}
    behind = {**COPIED, b"link/c": symlink(b"a.c")}
    return linked(b"real", behind, tree=tree, archive=tree)


@attack(12, "tree-differs")
def the_link_leads_elsewhere_than_in_the_tree() -> Forged:
    decoy = {b"decoy/a.c": EVIL}
    lies = Exceptions(dereferenced=(link(b"link", b"decoy"),))
    archive = archive_of(top({**REAL, **decoy, b"link/a.c": EVIL}))
    return forge({**REAL, **decoy, b"link": symlink(b"real")}, archive, lies)


@attack(12, "tree-differs")
def a_link_that_is_there_leads_elsewhere_than_in_the_tree() -> Forged:
    good: dict[bytes, File] = {b"one": symlink(b"real"), b"decoy/a.c": EVIL}
    evil = {**good, b"one": symlink(b"decoy")}
    return linked(b"one", {b"link/a.c": EVIL}, tree=good, archive=evil)


@attack(7, "carried-refused")
def a_link_that_is_left_out_leads_elsewhere_than_in_the_tree() -> Forged:
    tree: dict[bytes, File] = {b"one": symlink(b"real"), b"decoy/a.c": EVIL}
    lies = Exceptions(omitted=(omitted(b"one", tree[b"one"]),))
    return linked(
        b"one",
        {b"link/a.c": EVIL},
        lies,
        tree=tree,
        archive={b"decoy/a.c": EVIL},
        carried={blob(b"real"): b"decoy"},
    )


@attack(12, "dereferenced")
def a_link_that_is_left_out_leads_nobody_knows_where() -> Forged:
    tree: dict[bytes, File] = {b"one": symlink(b"real")}
    lies = Exceptions(omitted=(omitted(b"one", tree[b"one"]),))
    return linked(b"one", COPIED, lies, tree=tree)


@attack(12, "dereferenced")
def a_link_leads_out_of_the_tree() -> Forged:
    return linked(b"../t-1/real", COPIED)


@attack(12, "dereferenced")
def a_link_is_absolute() -> Forged:
    return linked(b"/real", COPIED)


@attack(12, "dereferenced")
def a_link_holds_nothing() -> Forged:
    copies = {b"sub/link/" + path: file for path, file in {b"a.c": b"good a"}.items()}
    tree: dict[bytes, File] = {b"sub/a.c": b"good a", b"sub/link": symlink(b"")}
    lies = Exceptions(dereferenced=(link(b"sub/link", b""),))
    archive = archive_of(top({**REAL, b"sub/a.c": b"good a", **copies}))
    return forge({**REAL, **tree}, archive, lies)


@attack(12, "dereferenced")
def a_link_holds_too_much() -> Forged:
    return linked(b"./" * 3000 + b"real", COPIED)


@attack(12, "dereferenced")
def a_link_leads_to_nothing() -> Forged:
    return linked(b"unreal", {b"link": EVIL})


@attack(12, "dereferenced")
def a_link_leads_to_nothing_in_a_folder_that_is_copied() -> Forged:
    return linked(b"real/unreal", COPIED)


@attack(12, "dereferenced")
def a_link_leads_through_a_file() -> Forged:
    return linked(b"README/../real", COPIED)


@attack(12, "dereferenced")
def a_link_leads_to_a_file_as_if_it_were_a_folder() -> Forged:
    return linked(b"README/", {b"link": b"read me\n"})


@attack(12, "dereferenced")
def a_link_leads_back_to_itself() -> Forged:
    return linked(b"link", {b"link": EVIL})


@attack(12, "dereferenced")
def two_links_lead_to_each_other() -> Forged:
    tree: dict[bytes, File] = {b"other": symlink(b"link")}
    return linked(b"other", {b"link": EVIL}, tree=tree, archive=tree)


@attack(12, "dereferenced")
def a_link_leads_above_itself() -> Forged:
    # However often it is copied into itself, one time more is missing.
    tree: dict[bytes, File] = {b"real/self": symlink(b".")}
    behind = {b"link/" + b"self/" * n + path: data for n in range(9) for path, data in (
        (b"a.c", b"good a"), (b"deep/b.c", b"good b")
    )}  # fmt: skip
    return linked(b"real", behind, tree=tree, archive=tree)


@attack(12, "dereferenced")
def a_link_leads_through_too_many_others() -> Forged:
    chain: dict[bytes, File] = {b"l%02d" % n: symlink(b"l%02d" % (n + 1)) for n in range(40)}
    chain[b"l40"] = symlink(b"real")
    return linked(b"l00", COPIED, tree=chain, archive=chain)


@attack(12, "dereferenced")
def the_links_behind_a_link_are_too_many() -> Forged:
    chain: dict[bytes, File] = {b"l%02d" % n: symlink(b"l%02d" % (n + 1)) for n in range(38)}
    chain[b"l38"] = symlink(b"way")
    tree: dict[bytes, File] = {**chain, b"way/in": symlink(b"../real")}
    behind = {path.replace(b"link/", b"link/in/"): file for path, file in COPIED.items()}
    return linked(b"l00", behind, tree=tree, archive=tree)


@attack(12, "dereferenced")
def a_link_leads_into_a_hidden_folder() -> Forged:
    tree: dict[bytes, File] = {b"hidden/a.c": b"good"}
    lies = Exceptions(omitted=(folder(b"hidden", tree),))
    return linked(b"hidden", {b"link/a.c": EVIL}, lies, tree=tree)


@attack(12, "dereferenced")
def a_link_leads_through_a_hidden_folder() -> Forged:
    tree: dict[bytes, File] = {b"hidden/way/x": b"good"}
    lies = Exceptions(omitted=(folder(b"hidden", tree),))
    return linked(b"hidden/way/../../real", COPIED, lies, tree=tree)


@attack(12, "dereferenced")
def a_link_leads_into_a_submodule() -> Forged:
    lib = TreeEntry(mode=Mode.SUBMODULE, object="1" * 40)
    lies = Exceptions(omitted=(omitted(b"lib", lib),))
    return linked(b"lib", {b"link/x.c": EVIL}, lies, tree={b"lib": lib})


@attack(12, "dereferenced")
def a_link_leads_to_a_file_of_a_submodule() -> Forged:
    lib = TreeEntry(mode=Mode.SUBMODULE, object="1" * 40)
    lies = Exceptions(omitted=(omitted(b"lib", lib),))
    return linked(b"lib/x.c", {b"link": EVIL}, lies, tree={b"lib": lib})


@attack(2, "lists", "conflict")
def a_link_is_dereferenced_and_omitted() -> Forged:
    return linked(b"real", COPIED, Exceptions(omitted=(omitted(b"link", symlink(b"real")),)))


@attack(2, "lists", "conflict")
def a_link_is_dereferenced_twice() -> Forged:
    return linked(b"real", COPIED, Exceptions(dereferenced=(link(b"link", b"real"),)))


@attack(2, "lists")
def the_links_are_not_sorted() -> Forged:
    lies = Exceptions(dereferenced=(link(b"also", b"README"),))
    tree = {b"also": symlink(b"README")}
    return linked(b"real", {**COPIED, b"also": b"read me\n"}, lies, tree=tree)


@attack(3, "path-refused")
def the_path_of_a_link_is_one_of_git() -> Forged:
    lies = Exceptions(dereferenced=(link(b".git ", b"real"),))
    behind = {path.replace(b"link", b".git ", 1): file for path, file in COPIED.items()}
    archive = archive_of(top({**REAL, **behind}))
    return forge({**REAL, b".git ": symlink(b"real")}, archive, lies)


@attack(12, "tree-differs", "conflict")
def a_link_stands_for_a_folder_of_the_tree() -> Forged:
    # What is below the folder would be "behind" it, and the folder itself be gone.
    tree: dict[bytes, File] = {b"link/guard.c": b"good"}
    lies = Exceptions(
        dereferenced=(link(b"link", b"real"),), omitted=(omitted(b"link/guard.c", b"good"),)
    )
    return forge({**REAL, **tree}, archive_of(top({**REAL, **COPIED})), lies)


@attack(1, "not-absent")
def a_file_behind_a_link_is_generated() -> Forged:
    lies = Exceptions(generated=(generated(b"t-1/link/evil.c"),))
    return linked(b"real", {**COPIED, b"link/evil.c": EVIL}, lies)


@attack(1, "not-absent")
def a_file_behind_a_link_is_relocated() -> Forged:
    lies = Exceptions(
        relocated=(RelocatedFile(path=b"t-1/link/evil.c", tree_path=b"tests/evil.c"),)
    )
    tree: dict[bytes, File] = {b"tests/evil.c": EVIL}
    return linked(b"real", {**COPIED, b"link/evil.c": EVIL}, lies, tree=tree)


@attack(2, "conflict", "dereferenced", "tree-differs")
def a_file_behind_a_link_is_modified() -> Forged:
    lies = Exceptions(modified=(modified(b"t-1/link/a.c", b"link/a.c", b"good a"),))
    return linked(b"real", {**COPIED, b"link/a.c": EVIL}, lies)


@attack(12, "configuration-generated")
def the_configuration_is_behind_a_link() -> Forged:
    tree: dict[bytes, File] = {b"tagseal.toml": symlink(b"tests/tagseal.toml")}
    other: dict[bytes, File] = {b"tests/tagseal.toml": EVIL}
    lies = Exceptions(dereferenced=(link(b"tagseal.toml", b"tests/tagseal.toml"),))
    archive = archive_of(top({**REAL, **other, b"tagseal.toml": EVIL}))
    return forge({**REAL, **tree, **other}, archive, lies)


@attack(12, "layout-refused", "dereferenced")
def a_wheel_has_its_code_among_the_licenses() -> Forged:
    tree = {**LICENSED, b"t/x.py": b"good", b"t/link.py": symlink(b"x.py")}
    archive = archive_of(
        {
            DIST_INFO + b"licenses/LICENSE": b"free\n",
            DIST_INFO + b"licenses/t/link.py": b"good",
            b"t/x.py": b"good",
        },
        WHEEL,
    )
    lies = Exceptions(dereferenced=(link(b"t/link.py", b"x.py"),))
    maps = tuple(sorted((LICENSES, mapping(b"t/", b"t/"))))
    return forge(tree, archive, lies, kind=Kind.WHEEL, mappings=maps)


@attack(2, "conflict")
def two_archive_paths_are_behind_one_link() -> Forged:
    maps = (mapping(b"t-1/a/", b""), mapping(b"t-1/b/", b""))
    behind = {b"b/" + path: file for path, file in COPIED.items()}
    ours = {b"a/" + path: file for path, file in {**REAL, **COPIED}.items()}
    lies = Exceptions(dereferenced=(link(b"link", b"real"),))
    tree = {**REAL, b"link": symlink(b"real")}
    forged = forge(tree, archive_of(top({**ours, **behind})), lies, mappings=maps)
    return replace(forged, allowed=maps)


@attack(9, "identical-digest")
def a_file_behind_a_link_has_the_sha1_of_another() -> Forged:
    forged = linked(b"real", COPIED)
    members = dict(forged.listing.members)
    path = b"t-1/link/a.c"
    members[path] = replace(members[path], sha256=sha256_hex(EVIL))
    return replace(forged, listing=replace(forged.listing, members=members))


@attack(12, "dereferenced")
def a_link_of_a_submodule_leads_to_another_file() -> Forged:
    inner = Exceptions(dereferenced=(link(b"link", b"real"),))
    sub = {**REAL, b"link": symlink(b"real")}
    return with_submodule(sub, {**REAL, **COPIED, b"link/a.c": EVIL}, inner)


@attack(12, "dereferenced")
def a_link_of_a_submodule_leads_out_of_it() -> Forged:
    inner = Exceptions(dereferenced=(link(b"link", b"../README"),))
    sub = {**REAL, b"link": symlink(b"../README")}
    return with_submodule(sub, {**REAL, b"link": b"read me\n"}, inner)


@attack(2, "conflict", "dereferenced", "nothing-identical", "tree-differs")
def a_submodule_is_behind_a_link() -> Forged:
    forged = with_submodule(README, README, Exceptions())
    [nested] = forged.claim.exceptions.nested
    lies = Exceptions(
        dereferenced=(link(b"link", b"lib"),), nested=(replace(nested, path=b"link/lib"), nested)
    )
    commit = object_id("commit", commit_of(tree_of(README).tree), forged.listing.object_format)
    gitlink = TreeEntry(mode=Mode.SUBMODULE, object=commit)
    tree = {**README, b"lib": gitlink, b"link": symlink(b"lib")}
    archive = archive_of(top({**README, b"lib/README": b"read me\n", b"link/x.c": EVIL}))
    return forge(tree, archive, replace(lies, nested=tuple(sorted(lies.nested, key=_path))))


def _path(nested: object) -> bytes:
    path = nested.path  # type: ignore[attr-defined]
    assert isinstance(path, bytes)
    return path


@attack(7, "carried-refused")
def a_link_that_nothing_leads_through_is_carried() -> Forged:
    lies = Exceptions(omitted=(omitted(b"one", symlink(b"real")),))
    tree: dict[bytes, File] = {**REAL, b"one": symlink(b"real")}
    assert entry(tree[b"one"]).object == blob(b"real")
    return forge(tree, archive_of(top(REAL)), lies, carried={blob(b"real"): b"real"})
