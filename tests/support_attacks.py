"""The forged pairs of archive and claim, each against one rule of the contents proof.

Every attack here would pass if its rule were taken out; `MORE` are the codes of rules that happen
to stop it too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from support_contents import (
    DIST_INFO,
    ROOT,
    WHEEL,
    File,
    Forged,
    archive_of,
    commit_of,
    entry,
    forge,
    tag_of,
    top,
    tree_of,
)

from tagseal.contents import (
    Exceptions,
    GeneratedFile,
    Kind,
    ModifiedFile,
    NestedTree,
    OmittedEntry,
    PathMapping,
    RelocatedFile,
)
from tagseal.core.digests import object_id, sha256_hex
from tagseal.core.listing import Mode, TreeEntry

EVIL = b"evil"
README: dict[bytes, File] = {b"README": b"read me\n"}
XZ: dict[bytes, File] = {**README, b"m4/build-to-host.m4": b"good", b"m4/other.m4": b"other"}


@dataclass(frozen=True)
class Attack:
    rule: int
    code: str
    make: Callable[[], Forged]
    more: frozenset[str]

    @property
    def name(self) -> str:
        return self.make.__name__


ATTACKS: list[Attack] = []


def attack(
    rule: int, code: str, *more: str
) -> Callable[[Callable[[], Forged]], Callable[[], Forged]]:
    def register(make: Callable[[], Forged]) -> Callable[[], Forged]:
        ATTACKS.append(
            Attack(rule, "contents-" + code, make, frozenset("contents-" + m for m in more))
        )
        return make

    return register


def generated(path: bytes, data: bytes = EVIL, mode: Mode = Mode.FILE) -> GeneratedFile:
    return GeneratedFile(path=path, mode=mode, sha256=sha256_hex(data), rule="declared")


def omitted(path: bytes, item: File) -> OmittedEntry:
    return OmittedEntry(path=path, entry=entry(item))


def folder(path: bytes, files: dict[bytes, File]) -> OmittedEntry:
    """A whole folder of a tree, by its one id."""
    return OmittedEntry(
        path=path, entry=TreeEntry(mode=Mode.TREE, object=tree_of(files).trees[path])
    )


def modified(path: bytes, tree_path: bytes, source: File, data: bytes = EVIL) -> ModifiedFile:
    return ModifiedFile(
        path=path,
        mode=Mode.FILE,
        sha256=sha256_hex(data),
        tree_path=tree_path,
        source=entry(source),
        rule="version stamp",
    )


def mapping(archive: bytes, tree: bytes) -> PathMapping:
    return PathMapping(archive=archive, tree=tree)


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


LICENSES = mapping(DIST_INFO + b"licenses/", b"")
LICENSED: dict[bytes, File] = {b"LICENSE": b"free\n"}
IN_WHEEL: dict[bytes, File] = {DIST_INFO + b"licenses/LICENSE": b"free\n"}


def wheel(
    files: dict[bytes, File], tree: dict[bytes, File], lies: Exceptions, *maps: PathMapping
) -> Forged:
    return forge(
        {**LICENSED, **tree},
        archive_of({**IN_WHEEL, **files}, WHEEL),
        lies,
        kind=Kind.WHEEL,
        mappings=tuple(sorted((LICENSES, *maps))),
    )


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


def with_submodule(
    sub: dict[bytes, File], files: dict[bytes, File], inner: Exceptions, **tree: File
) -> Forged:
    commit = commit_of(tree_of(sub).tree)
    link = TreeEntry(
        mode=Mode.SUBMODULE, object=object_id("commit", commit, tree_of({}).object_format)
    )
    nested = NestedTree(
        path=b"lib", commit=commit, repository="https://x.invalid/lib", exceptions=inner
    )
    archive = archive_of(top({**README, **{b"lib/" + path: f for path, f in files.items()}}))
    return forge({**README, b"lib": link}, archive, Exceptions(nested=(nested,)))


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
