"""Looking mappings up gives what trying each of them gives."""

import time

from hypothesis import given
from hypothesis import strategies as st

from tagseal.contents import PathMapping, map_path
from tagseal.contents.layout import is_licenses, map_paths
from tagseal.contents.mapper import Mapper

ends = st.sampled_from(
    [b"", b"a", b"a/", b"a/b", b"a/b/", b"b", b"b/", b"a//", b"/", b"x.dist-info/"]
)
mappings = st.builds(PathMapping, archive=ends, tree=ends)
paths = st.sampled_from([b"a", b"a/", b"a/b", b"a/b/c", b"a/bc", b"ab", b"b", b"b/a", b"", b"/a"])


@given(st.lists(mappings, max_size=5), paths)
def test_the_first_that_covers_a_path_counts(maps: list[PathMapping], path: bytes) -> None:
    mapper = Mapper(maps)
    assert mapper.tree_path(path) == map_path(maps, path)
    assert mapper.covering(path) == [m for m in maps if m.apply(path) is not None]
    assert map_paths(maps, [path]) == {path: map_path(maps, path)}


@given(st.lists(mappings, max_size=5), paths)
def test_and_back_again(maps: list[PathMapping], path: bytes) -> None:
    """Whatever a mapping makes of an archive path leads back to that path."""
    for mapping in maps:
        tree_path = mapping.apply(path)
        is_plain = not mapping.is_folder or not mapping.tree or mapping.tree.endswith(b"/")
        if tree_path is not None and is_plain and not is_licenses(mapping):
            leading = Mapper(maps).leading_to(tree_path)
            assert mapping in leading
            assert path in [m.archive + tree_path[len(m.tree) :] for m in leading]


def test_many_mappings_take_no_longer() -> None:
    found = [b"t%04d/x/y/f%d" % (n % 5000, n) for n in range(20_000)]
    maps = [PathMapping(archive=b"t%04d/" % n, tree=b"src/t%04d/" % n) for n in range(5000)]
    started = time.process_time()
    assert map_paths(maps, found) == {path: b"src/" + path for path in found}
    assert time.process_time() - started < 5  # a hundred million tries take longer
