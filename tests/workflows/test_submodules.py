"""Archives that hold the files of submodules: accounted for, claimed, read back and checked."""

import json
from pathlib import Path

import pytest

from support_archives import END, folder, gz, member
from support_submodules import TOP, Nested, clone, nested_repositories
from tagseal.attest import as_predicate, parse_contents
from tagseal.contents import Kind, Proof, check_contents
from tagseal.core.errors import GitError
from tagseal.workflows.account import Accounted, account_archive
from tagseal.workflows.compare import CompareOptions, compare_archive
from tagseal.workflows.source import open_source


def archive(tmp_path: Path, files: dict[str, bytes]) -> Path:
    path = tmp_path / "demo-1.0.tar.gz"
    members = [member(TOP + name.encode(), data) for name, data in files.items()]
    path.write_bytes(gz(folder(TOP) + b"".join(members) + END))
    return path


def accounted(
    tmp_path: Path, made: Nested, files: dict[str, bytes], given: dict[bytes, Path] | None = None
) -> Accounted:
    with open_source(made.outer.folder, "v1.0") as source:
        return account_archive(archive(tmp_path, files), source, submodules=given)


def checked(item: Accounted) -> Proof:
    assert item.claim is not None
    claim = parse_contents(json.loads(json.dumps(as_predicate(item.claim))))
    assert claim == item.claim
    return check_contents(item.listing, claim, kind=Kind.SOURCE)


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_two_levels_are_proven(tmp_path: Path, object_format: str) -> None:
    made = nested_repositories(tmp_path, object_format)
    item = accounted(tmp_path, made, made.files)
    assert item.account.counts == {
        "identical": 7,
        "generated": 0,
        "modified": 0,
        "relocated": 0,
        "dereferenced": 0,
        "omitted": 0,
    }
    proof = checked(item)
    assert proof.findings == ()
    found = {(n.path, n.repository, n.repository_proven, n.identical) for n in proof.nested}
    assert found == {
        (b"lib", str(made.middle.folder), True, 3),
        # Only what the commit's own .gitmodules says is proven.
        (b"lib/third party/inner", str(made.inner.folder), False, 2),
    }
    assert len(proof.identical) == 2


def test_exceptions_stand_in_the_tree_that_they_belong_to(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    files = {**made.files, "lib/lib.c": b"changed\n", "lib/third party/inner/made.c": b"made\n"}
    files |= {"lib/moved/more.c": files.pop("lib/third party/inner/src/more.c")}
    del files["lib/unused/x"], files[".gitmodules"]
    item = accounted(tmp_path, made, files)
    proof = checked(item)
    assert proof.findings == ()
    assert {g.path for g in proof.generated} == {
        TOP + b"lib/third party/inner/made.c",
        TOP + b"lib/moved/more.c",
    }
    assert [m.file.tree_path for m in proof.modified] == [b"lib/lib.c"]
    omitted = [b".gitmodules", b"lib/unused", b"lib/third party/inner/src"]
    assert [o.path for o in proof.omitted] == omitted
    assert item.account.flat.omitted == proof.omitted
    assert set(item.account.flat.modified) == {m.file for m in proof.modified}
    # It is carried, so where the submodule comes from is proven nevertheless.
    assert [n.repository_proven for n in proof.nested] == [True, False]


def test_a_submodule_that_is_left_out_is_omitted(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    files = {name: data for name, data in made.files.items() if "inner" not in name}
    proof = checked(accounted(tmp_path, made, files))
    assert proof.findings == ()
    assert [o.path for o in proof.omitted] == [b"lib/third party/inner"]


def test_objects_that_are_not_at_hand(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    bare = clone(made.outer.folder, tmp_path / "clone")
    result = compare_archive(
        archive(tmp_path, made.files), bare, "v1.0", CompareOptions(complete=True)
    )
    assert result.accounted.claim is None
    assert {f.code for f in result.accounted.conflicts} == {"contents-submodule"}
    commit = made.middle.git("rev-parse", "HEAD")
    assert commit in result.accounted.conflicts[0].message
    assert str(made.middle.folder) in result.accounted.conflicts[0].message
    # What can be judged is judged all the same.
    assert result.judged is not None
    assert result.judged.proof.findings == ()
    assert len(result.accounted.conflicts) == 5


def test_repositories_that_the_user_names(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    bare = clone(made.outer.folder, tmp_path / "clone")
    given = {b"lib": made.middle.folder, b"lib/third party/inner": made.inner.folder}
    path = archive(tmp_path, made.files)
    assert compare_archive(path, bare, "v1.0", CompareOptions(submodules=given)).findings == ()
    # The first alone finds the other in its own clone.
    middle = clone(made.middle.folder, tmp_path / "middle-clone", "--recurse-submodules")
    given = {b"lib": middle}
    assert compare_archive(path, bare, "v1.0", CompareOptions(submodules=given)).findings == ()
    with open_source(bare, "v1.0") as source:
        item = account_archive(path, source, submodules={b"lib": made.inner.folder})
    assert [path for path, _ in item.account.missing] == [b"lib"]


def test_a_repository_of_another_hash_has_no_such_commit(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path / "one")
    other = nested_repositories(tmp_path / "two", "sha256")
    item = accounted(tmp_path, made, made.files, {b"lib": other.middle.folder})
    assert [path for path, _ in item.account.missing] == [b"lib"]


def test_a_broken_submodule_is_not_at_hand(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    (made.outer.folder / ".git/modules/the/lib/config").write_bytes(b"[core")
    item = accounted(tmp_path, made, made.files)
    assert [path for path, _ in item.account.missing] == [b"lib"]
    assert item.origins == {b"lib": str(made.middle.folder)}


def test_a_submodule_that_shares_nothing_is_none(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    item = accounted(tmp_path, made, {"README": b"read me\n", "lib/x": b"x"})
    assert item.account.conflicting == ((TOP + b"lib/x", b"lib"),)
    assert [f.code for f in item.conflicts] == ["contents-conflicting"]


def test_no_gitmodules_at_all(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    made.outer.git("rm", "-q", "--cached", ".gitmodules")
    (made.outer.folder / ".gitmodules").unlink()
    made.outer.git("commit", "-q", "-m", "two")
    made.outer.git("tag", "-f", "v1.0")
    files = {name: data for name, data in made.files.items() if name != ".gitmodules"}
    item = accounted(tmp_path, made, files)
    assert (item.account.missing[0][0], item.origins) == (b"lib", {})
    given = {b"lib": made.middle.folder}
    proof = checked(accounted(tmp_path, made, files, given))
    assert (proof.findings, proof.nested[0].repository) == ((), "")


def test_a_corrupt_submodule_is_an_error(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    commit = made.middle.git("rev-parse", "HEAD")
    other = made.middle.git("rev-parse", "HEAD:lib.c")
    objects = made.middle.folder / ".git/objects"
    target = objects / commit[:2] / commit[2:]
    target.unlink()
    target.write_bytes((objects / other[:2] / other[2:]).read_bytes())
    with pytest.raises(GitError) as raised:
        accounted(tmp_path, made, made.files, {b"lib": made.middle.folder})
    assert raised.value.code in ("git-object-malformed", "git-failed")
