import pytest

from support_contents import File, archive_of, forge, honest, top
from support_forging import EVIL, README, generated
from tagseal.contents import Exceptions


@pytest.mark.parametrize("count", [1, 49, 51, 300])
def test_every_collision_is_named_however_many_there_are(count: int) -> None:
    ours: dict[bytes, File] = {b"m4/f%d.m4" % n: b"good" for n in range(count)}
    theirs: dict[bytes, File] = {b"m4/F%d.m4" % n: EVIL for n in range(count)}
    lies = Exceptions(generated=tuple(generated(b"t-1/" + path) for path in sorted(theirs)))
    proof = forge({**README, **ours}, archive_of(top({**README, **ours, **theirs})), lies).proof
    assert {f.code for f in proof.findings} == {"contents-collision"}
    assert {f.path for f in proof.findings} == {b"t-1/" + path for path in theirs}


def test_what_is_below_a_folder_that_collides_is_named_too() -> None:
    tree: dict[bytes, File] = {**README, b"m4/a/x": b"good"}
    lies = Exceptions(generated=(generated(b"t-1/M4/a/x"),))
    proof = forge(tree, archive_of(top({**tree, b"M4/a/x": EVIL})), lies).proof
    assert [f.path for f in proof.findings] == [b"t-1/M4", b"t-1/M4/a", b"t-1/M4/a/x"]
    assert [f.sentence for f in proof.findings] == [
        't-1/M4: some file systems take it for "t-1/m4"',
        't-1/M4/a: some file systems take it for "t-1/m4/a"',
        't-1/M4/a/x: some file systems take it for "t-1/m4/a/x"',
    ]


def test_what_the_tree_itself_has_is_only_a_warning() -> None:
    tree: dict[bytes, File] = {b"xt_MARK.h": b"1", b"xt_mark.h": b"2", b"other": b"3"}
    proof = honest(tree, archive_of(top(tree))).proof
    assert proof.findings == ()
    assert [(w.code, w.path) for w in proof.warnings] == [
        ("contents-collision-in-source", b"t-1/xt_mark.h")
    ]
