"""Attacks on the rules about absence, classes and paths (1 to 3)."""

from support_contents import File, Forged, archive_of, entry, forge, top, tree_of
from support_forging import (
    EVIL,
    README,
    XZ,
    attack,
    folder,
    generated,
    mapping,
    modified,
    omitted,
    wheel,
    with_submodule,
)
from tagseal.contents import Exceptions, OmittedEntry, RelocatedFile
from tagseal.core.listing import Mode, TreeEntry

# Rule 1: what is only in the archive is certainly not in the tree.


@attack(1, "not-absent")
def an_omitted_folder_hides_a_replaced_file() -> Forged:
    archive = archive_of(top({**README, b"m4/build-to-host.m4": EVIL}))
    lies = Exceptions(
        generated=(generated(b"t-1/m4/build-to-host.m4"),), omitted=(folder(b"m4", XZ),)
    )
    return forge(XZ, archive, lies)


@attack(1, "not-absent")
def a_folder_high_above_hides_a_replaced_file() -> Forged:
    tree = {**README, b"a/b/c/d": b"good"}
    archive = archive_of(top({**README, b"a/b/c/d": EVIL}))
    lies = Exceptions(generated=(generated(b"t-1/a/b/c/d"),), omitted=(folder(b"a", tree),))
    return forge(tree, archive, lies)


@attack(1, "not-absent")
def a_replaced_file_is_generated_and_its_source_omitted() -> Forged:
    archive = archive_of(top({**README, b"configure.ac": EVIL}))
    tree = {**README, b"configure.ac": b"good"}
    lies = Exceptions(
        generated=(generated(b"t-1/configure.ac"),), omitted=(omitted(b"configure.ac", b"good"),)
    )
    return forge(tree, archive, lies)


@attack(1, "not-absent")
def a_generated_file_is_below_an_omitted_symlink() -> Forged:
    tree = {**README, b"m4": (Mode.SYMLINK, b"build/m4")}
    archive = archive_of(top({**README, b"m4/x.m4": EVIL}))
    lies = Exceptions(
        generated=(generated(b"t-1/m4/x.m4"),), omitted=(omitted(b"m4", tree[b"m4"]),)
    )
    return forge(tree, archive, lies)


@attack(1, "not-absent")
def a_generated_file_is_inside_an_omitted_submodule() -> Forged:
    submodule = TreeEntry(mode=Mode.SUBMODULE, object="1" * 40)
    archive = archive_of(top({**README, b"lib/x.c": EVIL}))
    lies = Exceptions(generated=(generated(b"t-1/lib/x.c"),), omitted=(omitted(b"lib", submodule),))
    return forge({**README, b"lib": submodule}, archive, lies)


@attack(1, "not-absent")
def a_wheel_pretends_to_have_a_flat_layout() -> Forged:
    lies = Exceptions(
        generated=(generated(b"t/mod.py"),), omitted=(omitted(b"src/t/mod.py", b"good"),)
    )
    return wheel({b"t/mod.py": EVIL}, {b"src/t/mod.py": b"good"}, lies, mapping(b"t/", b"t/"))


@attack(1, "not-absent")
def a_wheel_pretends_to_have_a_src_layout() -> Forged:
    lies = Exceptions(generated=(generated(b"t/mod.py"),), omitted=(omitted(b"t/mod.py", b"good"),))
    return wheel({b"t/mod.py": EVIL}, {b"t/mod.py": b"good"}, lies, mapping(b"t/", b"src/t/"))


@attack(1, "not-absent")
def a_wheel_installs_over_an_omitted_module_from_its_data_folder() -> Forged:
    path = b"t-1.data/purelib/t/mod.py"
    lies = Exceptions(generated=(generated(path),), omitted=(omitted(b"src/t/mod.py", b"good"),))
    return wheel({path: EVIL}, {b"src/t/mod.py": b"good"}, lies, mapping(b"t/", b"src/t/"))


@attack(1, "unmapped")
def a_wheel_has_a_generated_module_that_no_mapping_covers() -> Forged:
    lies = Exceptions(generated=(generated(b"requests.py"),))
    return wheel({b"requests.py": EVIL}, {}, lies)


@attack(1, "unmapped")
def a_wheel_has_the_metadata_of_another_project() -> Forged:
    path = b"requests-2.dist-info/METADATA"
    return wheel({path: EVIL}, {}, Exceptions(generated=(generated(path),)))


@attack(1, "not-absent")
def a_mapping_leads_into_an_omitted_folder() -> Forged:
    tree: dict[bytes, File] = {b"src/t/guard.py": b"good"}
    lies = Exceptions(omitted=(folder(b"src", tree),))
    return wheel({}, tree, lies, mapping(b"t/", b"src/t/"))


@attack(1, "not-absent")
def another_file_of_the_tree_takes_the_place_of_an_omitted_one() -> Forged:
    tree = {**README, b"check.py": b"good", b"tests/bad/check.py": b"always true"}
    archive = archive_of(top({**README, b"check.py": b"always true"}))
    moved = RelocatedFile(path=b"t-1/check.py", tree_path=b"tests/bad/check.py")
    lies = Exceptions(relocated=(moved,), omitted=(omitted(b"check.py", b"good"),))
    return forge(tree, archive, lies)


@attack(1, "not-absent")
def an_omitted_folder_of_a_submodule_hides_a_replaced_file() -> Forged:
    inner = Exceptions(
        generated=(generated(b"t-1/lib/m4/build-to-host.m4"),), omitted=(folder(b"m4", XZ),)
    )
    return with_submodule(XZ, {**README, b"m4/build-to-host.m4": EVIL}, inner)


# Rule 2: one class for each member and each entry.


@attack(2, "conflict", "tree-differs")
def an_evil_file_stands_beside_its_true_id_in_omitted() -> Forged:
    archive = archive_of(top({**README, b"a.c": EVIL}))
    return forge(
        {**README, b"a.c": b"good"}, archive, Exceptions(omitted=(omitted(b"a.c", b"good"),))
    )


@attack(2, "conflict", "tree-differs")
def an_evil_file_stands_below_its_true_folder_in_omitted() -> Forged:
    archive = archive_of(top({**README, b"m4/build-to-host.m4": EVIL}))
    return forge(XZ, archive, Exceptions(omitted=(folder(b"m4", XZ),)))


@attack(2, "listed-missing", "tree-differs")
def a_file_that_is_left_out_counts_as_modified() -> Forged:
    lies = Exceptions(modified=(modified(b"t-1/guard.c", b"guard.c", b"good"),))
    return forge({**README, b"guard.c": b"good"}, archive_of(top(README)), lies)


@attack(2, "listed-missing")
def a_generated_file_is_not_there() -> Forged:
    return forge(README, archive_of(top(README)), Exceptions(generated=(generated(b"t-1/x"),)))


@attack(2, "listed-missing", "tree-differs")
def a_relocated_file_is_not_there() -> Forged:
    moved = RelocatedFile(path=b"t-1/x", tree_path=b"guard.c")
    tree = {**README, b"guard.c": b"good"}
    return forge(tree, archive_of(top(README)), Exceptions(relocated=(moved,)))


@attack(2, "listed-differs")
def a_generated_file_was_changed_after_it_was_listed() -> Forged:
    lies = Exceptions(generated=(generated(b"t-1/configure", b"reviewed"),))
    return forge(README, archive_of(top({**README, b"configure": EVIL})), lies)


@attack(2, "listed-differs")
def a_generated_file_was_made_executable() -> Forged:
    lies = Exceptions(generated=(generated(b"t-1/configure"),))
    archive = archive_of(top({**README, b"configure": (Mode.EXECUTABLE, EVIL)}))
    return forge(README, archive, lies)


@attack(2, "listed-differs")
def a_modified_file_was_changed_after_it_was_listed() -> Forged:
    lies = Exceptions(modified=(modified(b"t-1/a.c", b"a.c", b"good", b"reviewed"),))
    return forge({**README, b"a.c": b"good"}, archive_of(top({**README, b"a.c": EVIL})), lies)


@attack(2, "tree-differs")
def a_file_was_changed_without_a_word() -> Forged:
    return forge({**README, b"a.c": b"good"}, archive_of(top({**README, b"a.c": EVIL})))


@attack(2, "tree-differs")
def a_file_was_made_executable_without_a_word() -> Forged:
    archive = archive_of(top({**README, b"a.sh": (Mode.EXECUTABLE, b"good")}))
    return forge({**README, b"a.sh": b"good"}, archive)


@attack(2, "tree-differs")
def a_file_was_added_without_a_word() -> Forged:
    return forge(README, archive_of(top({**README, b"a.c": EVIL})))


@attack(2, "unmapped")
def a_wheel_has_a_module_that_nothing_names() -> Forged:
    return wheel({b"requests.py": EVIL}, {}, Exceptions())


@attack(2, "path-refused", "nothing-identical", "not-absent", "unbuildable")
def the_whole_tree_is_omitted() -> Forged:
    whole = OmittedEntry(path=b"", entry=TreeEntry(mode=Mode.TREE, object=tree_of(XZ).tree))
    lies = Exceptions(generated=(generated(b"t-1/x"),), omitted=(whole,))
    return forge(XZ, archive_of(top({b"x": EVIL})), lies)


@attack(2, "nothing-identical")
def everything_is_omitted_or_generated() -> Forged:
    lies = Exceptions(
        generated=(generated(b"t-1/x"),),
        omitted=(omitted(b"README", README[b"README"]), folder(b"m4", XZ)),
    )
    return forge(XZ, archive_of(top({b"x": EVIL})), lies)


@attack(2, "lists")
def a_modified_file_is_really_identical() -> Forged:
    lies = Exceptions(modified=(modified(b"t-1/a.c", b"a.c", b"good", b"good"),))
    return forge({**README, b"a.c": b"good"}, archive_of(top({**README, b"a.c": b"good"})), lies)


@attack(2, "lists")
def a_list_is_not_sorted() -> Forged:
    files = {**README, b"x": EVIL, b"y": EVIL}
    lies = Exceptions(generated=(generated(b"t-1/y"), generated(b"t-1/x")))
    return forge(README, archive_of(top(files)), lies)


@attack(2, "lists")
def a_file_is_listed_twice() -> Forged:
    lies = Exceptions(generated=(generated(b"t-1/x"), generated(b"t-1/x")))
    return forge(README, archive_of(top({**README, b"x": EVIL})), lies)


@attack(2, "lists")
def a_file_is_generated_and_relocated() -> Forged:
    tree = {**README, b"old/x": EVIL}
    lies = Exceptions(
        generated=(generated(b"t-1/x"),),
        relocated=(RelocatedFile(path=b"t-1/x", tree_path=b"old/x"),),
    )
    return forge(tree, archive_of(top({**README, b"x": EVIL})), lies)


@attack(2, "conflict")
def a_modified_file_takes_its_source_from_elsewhere() -> Forged:
    tree = {**README, b"a.c": b"good", b"tests/a.c": b"bad"}
    lies = Exceptions(
        modified=(modified(b"t-1/a.c", b"tests/a.c", b"bad"),), omitted=(omitted(b"a.c", b"good"),)
    )
    return forge(tree, archive_of(top({**README, b"a.c": EVIL})), lies)


@attack(2, "configuration-generated")
def the_configuration_is_generated() -> Forged:
    lies = Exceptions(generated=(generated(b"t-1/tagseal.toml"),))
    return forge(README, archive_of(top({**README, b"tagseal.toml": EVIL})), lies)


@attack(2, "configuration-generated")
def the_configuration_is_moved_here_from_a_test() -> Forged:
    tree = {**README, b"tests/tagseal.toml": EVIL}
    moved = RelocatedFile(path=b"t-1/tagseal.toml", tree_path=b"tests/tagseal.toml")
    archive = archive_of(top({**README, b"tagseal.toml": EVIL}))
    return forge(tree, archive, Exceptions(relocated=(moved,)))


# Rule 3: paths.


@attack(3, "path-refused", "unbuildable")
def one_name_holds_the_raw_bytes_of_two_entries() -> Forged:
    tree: dict[bytes, File] = {**README, b"a": b"first", b"b": b"good"}
    first = bytes.fromhex(entry(tree[b"a"]).object)
    assert b"/" not in first
    name = b"a\0" + first + b"100644 b"
    lies = Exceptions(generated=(generated(b"t-1/b"),), omitted=(omitted(name, b"good"),))
    return forge(tree, archive_of(top({**README, b"b": EVIL})), lies)


@attack(3, "path-refused")
def a_generated_file_is_a_hook_of_git() -> Forged:
    lies = Exceptions(generated=(generated(b"t-1/.GIT/hooks/post-checkout"),))
    return forge(README, archive_of(top({**README, b".GIT/hooks/post-checkout": EVIL})), lies)


@attack(3, "path-refused")
def a_generated_file_has_the_short_name_of_another() -> Forged:
    lies = Exceptions(generated=(generated(b"t-1/BUILD-~1.M4"),))
    return forge(README, archive_of(top({**README, b"BUILD-~1.M4": EVIL})), lies)


@attack(3, "unbuildable")
def an_id_is_as_wide_as_of_another_hash() -> Forged:
    tree = {**README, b"a": b"good"}
    wide = TreeEntry(mode=Mode.FILE, object=entry(b"good").object + "0" * 24)
    lies = Exceptions(omitted=(OmittedEntry(path=b"a", entry=wide),))
    return forge(tree, archive_of(top(README)), lies)
