import pytest

from support_contents import ROOT, WHEEL, File, archive_of, codes, honest, tree_of
from tagseal.contents import (
    Kind,
    PathMapping,
    choose_layout,
    dist_info_folder,
    guess_kind,
    map_path,
    stem,
    top_folder,
    top_level_names,
)
from tagseal.contents.layout import layout_findings, readings
from tagseal.contents.mapper import Mapper


def test_a_file_name_decides_what_can_be_decided_by_it() -> None:
    assert guess_kind(WHEEL) is Kind.WHEEL
    assert guess_kind("t-1.tar.gz") is Kind.SOURCE
    assert stem("t-1.zip") == "t-1"
    assert stem("t-1") == "t-1"
    assert dist_info_folder("t_x-1!2.0+l-1-py3-none-any.whl") == b"t_x-1!2.0+l.dist-info"
    assert dist_info_folder("t\udce9-1-py3-none-any.whl") == b"t\xe9-1.dist-info"


def test_a_top_folder_is_the_one_that_all_are_in() -> None:
    assert top_folder([b"a/x", b"a/y/z"]) == b"a"
    assert top_folder([b"a/x", b"b/y"]) is None
    assert top_folder([b"a/x", b"y"]) is None
    assert top_folder([]) is None
    assert top_level_names([b"t/a", b"u.py", b"t-1.dist-info/x"], WHEEL) == (b"t", b"u.py")


def test_a_path_is_mapped_by_the_one_mapping_that_covers_it() -> None:
    maps = (PathMapping(archive=b"a/", tree=b"src/a/"), PathMapping(archive=b"b.py", tree=b"b.py"))
    paths = (b"a/x", b"b.py", b"a", b"a/", b"c", b"b.pyc")
    assert [map_path(maps, path) for path in paths] == [b"src/a/x", b"b.py", *[None] * 4]
    whole = (PathMapping(archive=b"", tree=b""),)
    assert map_path(whole, b"x/y") == b"x/y"


def test_a_wheel_is_mapped_to_where_most_of_it_is() -> None:
    tree = tree_of({b"src/t/a": b"", b"src/t/b": b"", b"t/a": b"", b"u.py": b"", b"L": b""})
    paths = [b"t/a", b"t/b", b"u.py", b"new/x", b"t-1.dist-info/licenses/L", b"t-1.data/scripts/x"]
    members = archive_of(dict.fromkeys(paths, b""), WHEEL).members
    assert choose_layout(Kind.WHEEL, WHEEL, members, tree) == (
        PathMapping(archive=b"new/", tree=b"new/"),
        PathMapping(archive=b"t-1.dist-info/licenses/", tree=b""),
        PathMapping(archive=b"t/", tree=b"src/t/"),
        PathMapping(archive=b"u.py", tree=b"u.py"),
    )


def test_every_reading_of_a_path_counts() -> None:
    assert readings(Mapper(ROOT), Kind.SOURCE, b"t-1/a/b") == {b"a/b"}
    maps = (PathMapping(archive=b"t/", tree=b"lib/t/"),)
    assert readings(Mapper(maps), Kind.WHEEL, b"t-1.data/purelib/t/a") == {
        b"lib/t/a",
        b"t/a",
        b"src/t/a",
        b"t-1.data/purelib/t/a",
        b"src/t-1.data/purelib/t/a",
    }


@pytest.mark.parametrize("kind", [Kind.SOURCE, Kind.SDIST])
def test_only_the_stem_may_be_the_top_folder(kind: Kind) -> None:
    assert layout_findings(kind, "t-1.tar.gz", ROOT, ()) == []
    for name in ("t-1.1.tar.gz", "T-1.tar.gz", "t-\udce9.tar.gz", ".tar.gz"):
        assert {f.code for f in layout_findings(kind, name, ROOT, ())} == {
            "contents-layout-refused"
        }


@pytest.mark.parametrize("end", [b"a//", b"../", b"a/../b/", b".git/", b"a\0/", b"con/"])
def test_both_ends_of_a_mapping_are_paths(end: bytes) -> None:
    for mapping in (PathMapping(archive=end, tree=b"t/"), PathMapping(archive=b"t/", tree=end)):
        assert layout_findings(Kind.WHEEL, WHEEL, (mapping,), (mapping,))


def test_a_mapping_that_the_user_allows_may_lead_anywhere() -> None:
    maps = (PathMapping(archive=b"t/", tree=b"lib/t/"),)
    assert layout_findings(Kind.WHEEL, WHEEL, maps, ())
    assert layout_findings(Kind.WHEEL, WHEEL, maps, maps) == []


def test_a_file_that_is_no_wheel_but_named_so_is_judged_as_one() -> None:
    forged = honest({b"x": b"x"}, archive_of({b"t-1/x": b"x"}, WHEEL), kind=Kind.SOURCE)
    assert codes(forged) == {"contents-layout-refused"}


# A package of a larger repository.


def root_of(archive: dict[bytes, File], tree: dict[bytes, File]) -> bytes:
    members = archive_of(archive).members
    [mapping] = choose_layout(Kind.SOURCE, "t-1.tar.gz", members, tree_of(tree))
    return mapping.tree


def test_a_package_stands_for_its_own_folder() -> None:
    package: dict[bytes, File] = {b"a": b"a\n", b"b/c": b"c\n", b"d": b"d\n"}
    tree: dict[bytes, File] = {b"crates/t/" + path: file for path, file in package.items()}
    tree |= {b"a": b"another\n", b"x": b"x"}
    archive = {b"t-1/" + path: file for path, file in package.items()}
    assert root_of(archive, tree) == b"crates/t/"
    assert root_of(archive | {b"t-1/made": b"m", b"t-1/too": b"t"}, tree) == b"crates/t/"
    assert root_of(archive, {**tree, **package}) == b""
    assert root_of({b"t-1/none": b"none"}, tree) == b""
    assert root_of({b"t-1/a": b"", b"t-1/b": b""}, {b"s/a": b"", b"s/b": b""}) == b""


def test_the_root_wins_where_half_of_the_files_are_there() -> None:
    tree: dict[bytes, File] = {b"a": b"a\n", b"s/b": b"b\n", b"s/a": b"a\n"}
    assert root_of({b"t-1/a": b"a\n", b"t-1/b": b"b\n"}, tree) == b""


def test_an_archive_without_one_top_folder_maps_its_top() -> None:
    members = archive_of({b"a": b"a\n", b"b/c": b"c\n"}).members
    tree = tree_of({b"a": b"a\n", b"b/c": b"c\n"})
    assert choose_layout(Kind.SOURCE, "t.tar", members, tree) == (
        PathMapping(archive=b"", tree=b""),
    )


def test_a_part_of_the_tree_is_refused_unless_it_is_allowed() -> None:
    part = (PathMapping(archive=b"t-1/", tree=b"crates/t/"),)
    assert [f.code for f in layout_findings(Kind.SOURCE, "t-1.tar.gz", part, ())] == [
        "contents-layout-refused"
    ]
    assert layout_findings(Kind.SOURCE, "t-1.tar.gz", part, part) == []
