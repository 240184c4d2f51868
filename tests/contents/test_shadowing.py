import pytest

from support_contents import DIST_INFO, WHEEL, File, archive_of, honest, top
from tagseal.contents import Kind

SOURCE: dict[bytes, File] = {
    b"x": b"x",
    b"Makefile": b"all:\n",
    b"pkg/mod.py": b"",
    b"pkg/sub/__init__.py": b"",
    b"include/config.h": b"h",
}


def shadowing(tree: dict[bytes, File], added: dict[bytes, File], omit: bytes = b"-") -> list[bytes]:
    kept = {path: file for path, file in tree.items() if path != omit}
    proof = honest(tree, archive_of(top({**kept, **added}))).proof
    assert proof.findings == ()
    assert {f.code for f in proof.shadowing} <= {"contents-shadowing"}
    return sorted(f.path for f in proof.shadowing if f.path)


@pytest.mark.parametrize(
    "evil",
    [
        b"GNUmakefile",
        b"gnumakefile",
        b"BSDmakefile",
        b"pkg/mod.so",
        b"pkg/mod.cpython-311-x86_64-linux-gnu.so",
        b"pkg/mod.abi3.so",
        b"pkg/mod.cp311-win_amd64.pyd",
        b"pkg/mod.pyc",
        b"pkg/__pycache__/mod.cpython-311.pyc",
        b"pkg/mod/__init__.py",
        b"pkg/mod/__init__.so",
        b"pkg/sub.so",
        b"a.pth",
        b"sitecustomize.py",
        b"usercustomize.py",
        b"early/config.h",
        b"stdio.h",
    ],
)
def test_a_generated_file_that_takes_precedence_is_found(evil: bytes) -> None:
    assert shadowing(SOURCE, {evil: b"evil"}) == [b"t-1/" + evil]


def test_what_is_left_out_is_not_forgotten() -> None:
    assert shadowing(SOURCE, {b"GNUmakefile": b"evil"}, omit=b"Makefile") == [b"t-1/GNUmakefile"]


@pytest.mark.parametrize(
    "harmless",
    [b"configure", b"Makefile.in", b"pkg/mod.pyi", b"pkg/mod.c", b"pkg/x.so", b"pkg/__init__.pyi"],
)
def test_other_generated_files_are_not(harmless: bytes) -> None:
    assert shadowing(SOURCE, {harmless: b"made"}) == []


def test_what_the_tagged_commit_itself_has_is_its_own() -> None:
    tree: dict[bytes, File] = {
        **SOURCE,
        b"GNUmakefile": b"g",
        b"pkg/mod.so": b"so",
        b"tests/a.pth": b"p",
        b"compat/stdio.h": b"h",
        b"other/config.h": b"h",
    }
    assert shadowing(tree, {}) == []


def test_many_headers_of_one_name_take_little_time() -> None:
    added: dict[bytes, File] = {b"d%d/config.h" % n: b"h" for n in range(3000)}
    assert len(shadowing(SOURCE, added)) == 3000


def wheel(tree: dict[bytes, File], files: dict[bytes, File]) -> set[tuple[str, bytes | None]]:
    made: dict[bytes, File] = {DIST_INFO + b"RECORD": b"r"}
    proof = honest(tree, archive_of({**files, **made}, WHEEL), kind=Kind.WHEEL).proof
    assert proof.findings == ()
    return {(f.code, f.path) for f in proof.shadowing}


def test_a_path_file_at_the_top_of_a_wheel_needs_permission_in_every_class() -> None:
    tree: dict[bytes, File] = {b"t/a.py": b"a", b"t.pth": b"import t"}
    assert wheel(tree, tree) == {("contents-shadowing", b"t.pth")}


def test_two_identical_files_of_different_mappings_can_shadow_each_other() -> None:
    tree: dict[bytes, File] = {b"t/__init__.py": b"a", b"src/t.py": b"b"}
    files: dict[bytes, File] = {b"t/__init__.py": b"a", b"t.py": b"b"}
    assert wheel(tree, files) == {("contents-shadowing", b"t/__init__.py")}


def test_the_data_folder_of_a_wheel_needs_permission() -> None:
    tree: dict[bytes, File] = {b"t/a.py": b"a"}
    script, module = b"t-1.data/scripts/t", b"t-1.data/purelib/t/a.so"
    assert wheel(tree, {**tree, script: b"#!python", module: b"so"}) == {
        ("contents-data-folder", script),
        ("contents-data-folder", module),
        ("contents-shadowing", module),
    }
