"""What is taken away from an archive: each is an attack that leaves only honest bytes behind."""

import pytest

from support_contents import WHEEL, File, archive_of, commit_of, forge, tree_of
from support_verification import PYPROJECT, TREE, allowing, sdist, seal, source, wheel
from tagseal.contents import Exceptions, Kind, NestedTree, PathMapping
from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.listing import Mode, TreeEntry

LICENSES = b"t-1.dist-info/licenses/"
FALLBACK: dict[bytes, File] = {
    **TREE,
    b"src/t/tls.py": b"weak()\n",
    b"src/t/tls/__init__.py": b"strong()\n",
}
PACKED: dict[bytes, File] = {
    b"t/__init__.py": TREE[b"src/t/__init__.py"],
    b"t/guard.py": TREE[b"src/t/guard.py"],
}
SUBMODULE = TreeEntry(mode=Mode.SUBMODULE, object="a" * 40)


def test_a_package_among_the_licenses_is_not_in_the_wheel() -> None:
    files = {**PACKED, b"t/tls.py": b"weak()\n"}
    hiding = {**files, LICENSES + b"src/t/tls/__init__.py": b"strong()\n"}
    assert seal(wheel(FALLBACK, hiding)).codes == {"contents-omitted"}
    honest = {**files, b"t/tls/__init__.py": b"strong()\n"}
    assert seal(wheel(FALLBACK, honest)).codes == set()


@pytest.mark.parametrize("hidden", [b"__init__.py", b"guard.py"])
def test_a_module_among_the_licenses_is_not_in_the_wheel(hidden: bytes) -> None:
    files = dict(PACKED)
    files[LICENSES + b"src/t/" + hidden] = files.pop(b"t/" + hidden)
    sealed = seal(wheel(TREE, files))
    assert sealed.codes == {"contents-omitted"}
    allowed = allowing(omitted=[f"src/t/{hidden.decode()}"])
    assert sealed.asked(allow=allowed).codes == set()


def test_a_license_that_is_in_the_package_too_is_only_a_copy() -> None:
    tree = {**TREE, b"src/t/LICENSE": b"free\n", b"LICENSE": b"free\n"}
    files = {
        **PACKED,
        b"t/LICENSE": b"free\n",
        LICENSES + b"src/t/LICENSE": b"free\n",
        LICENSES + b"LICENSE": b"free\n",
    }
    assert seal(wheel(tree, files)).codes == set()


def test_a_wheel_without_code() -> None:
    tree = {**TREE, b"LICENSE": b"free\n"}
    only = {LICENSES + b"LICENSE": b"free\n"}
    assert "contents-nothing-identical" in seal(wheel(tree, only)).codes
    everything = {LICENSES + path: file for path, file in tree.items()}
    assert "contents-nothing-identical" in seal(wheel(tree, everything)).codes


@pytest.mark.parametrize(
    "decoy",
    [
        {b"t/__init__.py": b"old", b"t/guard.py": b"none", b"t/more.py": b"more"},
        {b"t.py": b"old"},
    ],
)
def test_a_decoy_of_the_same_name_at_the_root(decoy: dict[bytes, File]) -> None:
    tree = {**TREE, **decoy}
    assert seal(wheel(tree, decoy)).codes == {"contents-omitted"}


def test_nobody_said_which_of_two_packages_is_the_real_one() -> None:
    tree = {**TREE, b"t/__init__.py": b"old"}
    sealed = seal(wheel(tree, PACKED))
    assert sealed.codes == {"contents-omitted"}
    assert sealed.asked(allow=allowing(omitted=["t/__init__.py", "t"])).codes == set()


def test_a_file_beside_a_package_that_only_begins_like_it() -> None:
    tree = {**TREE, b"t.ini": b"x", b"src/t.egg-link": b"x", b"tests/test_t.py": b"x"}
    assert seal(wheel(tree, PACKED)).codes == set()


def test_a_compiled_module_beside_the_package() -> None:
    for name in (b"src/t.cpython-311-x86_64-linux-gnu.so", b"src/t.pyd", b"t.pyc", b"t.py"):
        assert seal(wheel({**TREE, name: b"x"}, PACKED)).codes == {"contents-omitted"}, name


def test_a_symlink_in_a_wheel() -> None:
    tree = {**TREE, b"src/t/guard.py": (Mode.SYMLINK, b"impl.py"), b"src/t/impl.py": b"guard()"}
    files = {
        b"t/__init__.py": TREE[b"src/t/__init__.py"],
        b"t/guard.py": (Mode.SYMLINK, b"impl.py"),
        b"t/impl.py": b"guard()",
    }
    assert "contents-symlink" in seal(wheel(tree, files)).codes


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        (b"vendor/zlib", set()),
        (b"src/t/guard_impl", {"contents-omitted"}),
        (b"t/guard_impl", {"contents-omitted"}),
    ],
)
def test_a_submodule_that_an_sdist_leaves_out(path: bytes, codes: set[str]) -> None:
    assert seal(sdist({**TREE, path: SUBMODULE}, TREE)).codes == codes
    assert seal(source({**TREE, path: SUBMODULE}, TREE)).codes == set()


@pytest.mark.parametrize(("project", "codes"), [(b"t", set()), (b"docs", {"contents-omitted"})])
def test_a_project_that_is_called_docs(project: bytes, codes: set[str]) -> None:
    tree = {
        **TREE,
        b"pyproject.toml": PYPROJECT.replace(b'name = "t"', b'name = "%s"' % project),
        b"docs/__init__.py": b"strong()",
        b"docs.py": b"weak()",
    }
    packed = {path: file for path, file in tree.items() if not path.startswith(b"docs/")}
    metadata = b"Metadata-Version: 2.4\nName: %s\nVersion: 1\nRequires-Dist: click>=8\n" % project
    sealed = seal(sdist(tree, packed, metadata)).asked(allow=allowing())
    found = sealed.codes - {"contents-metadata"}  # the file is still called t-1.tar.gz
    assert found - {"contents-generated"} == codes


@pytest.mark.parametrize(
    ("pattern", "accepted"),
    [
        ("vendor/*", False),
        ("vendor/s*", False),
        ("vendor/security", True),
        ("vendor/security/**", True),
        ("**/security", True),
        ("vendor/**", False),
    ],
)
def test_a_whole_folder_is_never_named_by_a_star(pattern: str, accepted: bool) -> None:
    tree = {**TREE, b"vendor/kept.c": b"x", b"vendor/security/deep/guard.c": b"guard"}
    packed = {path: file for path, file in tree.items() if b"security" not in path}
    sealed = seal(source(tree, packed)).asked(allow=allowing(omitted=[pattern]))
    assert sealed.codes == (set() if accepted else {"contents-omitted"})


def test_a_submodules_file_among_the_licenses_is_not_in_the_wheel() -> None:
    inner: dict[bytes, File] = {b"__init__.py": b"guard()"}
    commit = commit_of(tree_of(inner).tree)
    submodule = TreeEntry(
        mode=Mode.SUBMODULE, object=object_id("commit", commit, ObjectFormat.SHA1)
    )
    tree: dict[bytes, File] = {b"t/__init__.py": b"t", b"t/guard": submodule}
    members: dict[bytes, File] = {
        b"t/__init__.py": b"t",
        LICENSES + b"t/guard/__init__.py": b"guard()",
    }
    nested = NestedTree(
        path=b"t/guard", commit=commit, repository="https://o.example/g", exceptions=Exceptions()
    )
    mappings = (PathMapping(archive=b"t/", tree=b"t/"), PathMapping(archive=LICENSES, tree=b""))
    forged = forge(
        tree,
        archive_of(members, WHEEL),
        Exceptions(nested=(nested,)),
        kind=Kind.WHEEL,
        mappings=tuple(sorted(mappings)),
    )
    assert {f.code for f in forged.proof.findings} == {"contents-layout-refused"}
