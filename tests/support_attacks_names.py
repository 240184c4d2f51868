"""Attacks on the rules about types, layouts and names (4 to 6)."""

from dataclasses import replace

from support_contents import DIST_INFO, ROOT, File, Forged, archive_of, forge, top, tree_of
from support_forging import (
    EVIL,
    LICENSES,
    README,
    XZ,
    attack,
    folder,
    generated,
    mapping,
    modified,
    omitted,
    wheel,
)
from tagseal.contents import Exceptions, Kind, RelocatedFile
from tagseal.core.listing import Mode, TreeEntry

# Rule 4: files, symlinks, folders and submodules never stand in for each other.


@attack(4, "idle-folder")
def an_empty_folder_is_added() -> Forged:
    return forge(README, archive_of(top(README), folders=[b"t-1", b"t-1/tls"]))


@attack(4, "idle-folder")
def an_omitted_folder_is_there_but_empty() -> Forged:
    archive = archive_of(top(README), folders=[b"t-1", b"t-1/m4"])
    return forge(XZ, archive, Exceptions(omitted=(folder(b"m4", XZ),)))


@attack(4, "conflict")
def a_file_stands_for_a_whole_folder() -> Forged:
    source = TreeEntry(mode=Mode.TREE, object=tree_of(XZ).trees[b"m4"])
    lies = Exceptions(modified=(modified(b"t-1/m4", b"m4", source),))
    return forge(XZ, archive_of(top({**README, b"m4": EVIL})), lies)


@attack(4, "conflict")
def a_file_stands_for_a_symlink() -> Forged:
    link: File = (Mode.SYMLINK, b"README")
    lies = Exceptions(modified=(modified(b"t-1/link", b"link", link),))
    return forge({**README, b"link": link}, archive_of(top({**README, b"link": EVIL})), lies)


@attack(4, "conflict")
def a_file_stands_for_a_submodule() -> Forged:
    link = TreeEntry(mode=Mode.SUBMODULE, object="1" * 40)
    lies = Exceptions(modified=(modified(b"t-1/lib", b"lib", link),))
    return forge({**README, b"lib": link}, archive_of(top({**README, b"lib": EVIL})), lies)


@attack(4, "symlink")
def a_symlink_stands_for_a_file() -> Forged:
    changed = replace(modified(b"t-1/a.c", b"a.c", b"good", b"/tmp/a.c"), mode=Mode.SYMLINK)
    archive = archive_of(top({**README, b"a.c": (Mode.SYMLINK, b"/tmp/a.c")}))
    return forge({**README, b"a.c": b"good"}, archive, Exceptions(modified=(changed,)))


@attack(4, "symlink")
def a_generated_file_is_a_symlink() -> Forged:
    lies = Exceptions(generated=(generated(b"t-1/x", b"/etc/x", Mode.SYMLINK),))
    return forge(README, archive_of(top({**README, b"x": (Mode.SYMLINK, b"/etc/x")})), lies)


@attack(4, "symlink")
def a_symlink_is_moved_to_where_it_leads_elsewhere() -> Forged:
    link: File = (Mode.SYMLINK, b"../keys")
    moved = RelocatedFile(path=b"t-1/keys", tree_path=b"tests/keys")
    archive = archive_of(top({**README, b"keys": link}))
    return forge({**README, b"tests/keys": link}, archive, Exceptions(relocated=(moved,)))


# Rule 5: layouts.

DECOY: dict[bytes, File] = {**README, b"a.c": b"good", b"tests/decoy/a.c": b"bad"}


@attack(5, "layout-refused")
def a_decoy_in_the_tests_is_mapped_to_the_top() -> Forged:
    lies = Exceptions(omitted=(omitted(b"README", b"read me\n"), omitted(b"a.c", b"good")))
    archive = archive_of(top({b"a.c": b"bad"}))
    return forge(DECOY, archive, lies, mappings=(mapping(b"t-1/", b"tests/decoy/"),))


@attack(5, "layout-refused")
def a_second_mapping_puts_a_decoy_over_one_file() -> Forged:
    maps = (mapping(b"t-1/README", b"README"), mapping(b"t-1/a.c", b"tests/decoy/a.c"))
    lies = Exceptions(omitted=(omitted(b"a.c", b"good"),))
    return forge(DECOY, archive_of(top({**README, b"a.c": b"bad"})), lies, mappings=maps)


@attack(5, "layout-refused")
def two_mappings_overlap() -> Forged:
    maps = (mapping(b"t-1/", b""), mapping(b"t-1/a.c", b"tests/decoy/a.c"))
    forged = forge(README, archive_of(top(README)), mappings=maps)
    return replace(forged, allowed=maps)


@attack(5, "layout-refused")
def the_top_folder_is_of_another_version() -> Forged:
    archive = archive_of({b"t-2/README": b"read me\n"})
    return forge(README, archive, mappings=(mapping(b"t-2/", b""),))


@attack(5, "layout-refused")
def a_source_archive_says_that_it_is_a_wheel() -> Forged:
    lies = Exceptions(
        omitted=(
            omitted(b"README", b"read me\n"),
            omitted(b"a.c", b"good"),
            omitted(b"tests/decoy/a.c", b"bad"),
        )
    )
    tree = {**DECOY, b"src/t-1/a.c": b"bad"}
    archive = archive_of(top({b"a.c": b"bad"}))
    return forge(tree, archive, lies, mappings=(mapping(b"t-1/", b"src/t-1/"),)).but(
        kind=Kind.WHEEL
    )


@attack(5, "layout-refused")
def a_wheel_maps_a_decoy() -> Forged:
    tree: dict[bytes, File] = {b"src/t/mod.py": b"good", b"tests/t/mod.py": b"bad"}
    lies = Exceptions(omitted=(omitted(b"src/t/mod.py", b"good"),))
    return wheel({b"t/mod.py": b"bad"}, tree, lies, mapping(b"t/", b"tests/t/"))


@attack(5, "layout-refused")
def a_wheel_maps_a_folder_below_its_top() -> Forged:
    tree: dict[bytes, File] = {b"t/a.py": b"good", b"src/t/b/c.py": b"bad", b"t/b/c.py": b"good"}
    lies = Exceptions(omitted=(omitted(b"t/b/c.py", b"good"),))
    maps = (mapping(b"t/a.py", b"t/a.py"), mapping(b"t/b/", b"src/t/b/"))
    return wheel({b"t/a.py": b"good", b"t/b/c.py": b"bad"}, tree, lies, *maps)


@attack(5, "layout-refused")
def a_wheel_takes_its_metadata_from_the_tree() -> Forged:
    tree: dict[bytes, File] = {b"src/u-1.dist-info/METADATA": EVIL}
    maps = mapping(b"u-1.dist-info/", b"src/u-1.dist-info/")
    return wheel({b"u-1.dist-info/METADATA": EVIL}, tree, Exceptions(), maps)


@attack(5, "layout-refused")
def a_wheel_maps_its_data_folder() -> Forged:
    tree: dict[bytes, File] = {b"t-1.data/scripts/run": EVIL}
    maps = mapping(b"t-1.data/", b"t-1.data/")
    return wheel({b"t-1.data/scripts/run": EVIL}, tree, Exceptions(), maps)


@attack(5, "layout-refused")
def a_file_is_mapped_to_a_folder() -> Forged:
    maps = (*ROOT, mapping(b"x", b"m4/"))
    return replace(forge(README, archive_of(top(README)), mappings=maps), allowed=maps)


@attack(5, "layout-refused")
def the_mappings_are_endless() -> Forged:
    maps = tuple(
        sorted((mapping(b"%04d/" % n, b"%04d/" % n) for n in range(257)), key=lambda m: m.archive)
    )
    return wheel({}, {}, Exceptions(), *maps)


@attack(5, "layout-refused")
def the_mappings_are_not_sorted() -> Forged:
    maps = (mapping(b"t/", b"src/t/"), LICENSES)
    return wheel({}, {}, Exceptions()).but(mappings=maps)


@attack(5, "layout-refused", "unmapped", "nothing-identical", "tree-differs")
def there_is_no_mapping() -> Forged:
    return forge(README, archive_of(top(README)), mappings=())


@attack(5, "conflict")
def two_archive_paths_are_one_tree_path() -> Forged:
    maps = (mapping(b"t-1/a/", b"a/"), mapping(b"t-1/b/", b"a/"))
    archive = archive_of(top({b"a/x.py": b"good", b"b/x.py": b"good"}))
    return replace(forge({b"a/x.py": b"good"}, archive, mappings=maps), allowed=maps)


# Rule 6: names that some file system takes for one.


@attack(6, "collision")
def a_generated_file_collides_with_one_of_the_tree() -> Forged:
    archive = archive_of(top({**XZ, b"M4/BUILD-TO-HOST.M4": EVIL}))
    return forge(XZ, archive, Exceptions(generated=(generated(b"t-1/M4/BUILD-TO-HOST.M4"),)))


@attack(6, "collision")
def a_generated_folder_collides_with_an_omitted_one() -> Forged:
    archive = archive_of(top({**README, b"M4/build-to-host.m4": EVIL}))
    lies = Exceptions(
        generated=(generated(b"t-1/M4/build-to-host.m4"),), omitted=(folder(b"m4", XZ),)
    )
    return forge(XZ, archive, lies)


@attack(6, "collision")
def a_generated_file_is_the_same_after_normalisation() -> Forged:
    tree = {**README, "caf\u00e9.c".encode(): b"good"}
    evil = "cafe\u0301.c".encode()
    archive = archive_of(top({**tree, evil: EVIL}))
    return forge(tree, archive, Exceptions(generated=(generated(b"t-1/" + evil),)))


@attack(6, "collision")
def a_generated_file_differs_by_what_a_file_system_ignores() -> Forged:
    tree = {**README, b"Makefile": b"good"}
    evil = "Make\u200cfile".encode()
    archive = archive_of(top({**tree, evil: EVIL}))
    return forge(tree, archive, Exceptions(generated=(generated(b"t-1/" + evil),)))


@attack(6, "collision")
def a_wheel_collides_with_an_omitted_module() -> Forged:
    tree: dict[bytes, File] = {b"src/t/tls.py": b"good"}
    lies = Exceptions(
        generated=(generated(b"t/TLS.py"),), omitted=(omitted(b"src/t/tls.py", b"good"),)
    )
    return wheel({b"t/TLS.py": EVIL}, tree, lies, mapping(b"t/", b"src/t/"))


@attack(6, "collision")
def a_wheel_installs_a_module_twice() -> Forged:
    path = b"t-1.data/platlib/t/made.py"
    lies = Exceptions(generated=(generated(path), generated(b"t/made.py", b"reviewed")))
    return wheel({b"t/made.py": b"reviewed", path: EVIL}, {}, lies, mapping(b"t/", b"t/"))


@attack(6, "collision")
def a_wheel_has_its_metadata_twice() -> Forged:
    paths = DIST_INFO + b"METADATA", DIST_INFO + b"metadata"
    lies = Exceptions(generated=(generated(paths[0], b"reviewed"), generated(paths[1])))
    return wheel({paths[0]: b"reviewed", paths[1]: EVIL}, {}, lies)
