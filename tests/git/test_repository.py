import hashlib
import os
import zlib
from pathlib import Path

import pytest

from support_git import Sandbox
from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.errors import GitError
from tagseal.core.listing import Mode
from tagseal.git import Repository, private_clone


def code(error: pytest.ExceptionInfo[GitError]) -> str:
    return error.value.code


def listed(sandbox: Sandbox, commit: str) -> dict[bytes, tuple[str, str]]:
    """What git's own listing says: path to mode and id."""
    found = {}
    for line in os.fsencode(sandbox.git("ls-tree", "-r", "-z", commit)).split(b"\0"):
        if line:
            meta, _, path = line.partition(b"\t")
            mode, _, target = meta.decode().split(" ")
            found[path] = (mode, target)
    return found


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_read_tree_equals_gits_listing(tmp_path, object_format):
    sandbox = Sandbox(tmp_path / "r", object_format=object_format)
    sandbox.write("a.b", b"1")
    sandbox.write("a/b", b"1")
    sandbox.write("a0", b"2", executable=True)
    sandbox.write(b"caf\xe9/\xff", b"3")
    (sandbox.folder / "link").symlink_to("nowhere")
    commit = sandbox.commit()
    gitlink = "12" * (ObjectFormat(object_format).width // 2)
    sandbox.git("update-index", "--add", "--cacheinfo", f"160000,{gitlink},sub/module")
    tree = sandbox.git("write-tree")
    with Repository.open(sandbox.folder) as repository:
        assert repository.object_format is ObjectFormat(object_format)
        listing = repository.read_tree(tree)
        entries = {path: (e.mode.text, e.object) for path, e in listing.entries.items()}
        assert entries == listed(sandbox, tree)
        assert listing.entries[b"sub/module"].mode is Mode.SUBMODULE
        assert listing.entries[b"link"].mode is Mode.SYMLINK
        assert listing.tree == tree == listing.trees[b""]
        assert set(listing.trees) == {b"", b"a", b"caf\xe9", b"sub"}
        assert listing.trees[b"a"] == sandbox.git("rev-parse", f"{tree}:a")
        assert repository.read_tree(commit).tree == sandbox.git("rev-parse", "HEAD^{tree}")


def test_empty_trees(sandbox):
    empty = sandbox.raw("tree", b"")
    top = sandbox.raw("tree", b"40000 void\0" + bytes.fromhex(empty))
    with Repository.open(sandbox.folder) as repository:
        assert dict(repository.read_tree(empty).entries) == {}
        listing = repository.read_tree(top)
        assert [(p, e.mode, e.object) for p, e in listing.entries.items()] == [
            (b"void", Mode.TREE, empty)
        ]
        assert listing.trees == {b"": top, b"void": empty}


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([b"100644 a", b"100755 a"], id="duplicate"),
        pytest.param([b"100644 a", b"100644 a.b", b"40000 a"], id="duplicate-apart"),
        pytest.param([b"100644 b", b"100644 a"], id="unsorted"),
        pytest.param([b"100664 a"], id="legacy-mode"),
        pytest.param([b"100644 .."], id="dotdot"),
        pytest.param([b"40000 .Git"], id="dotgit"),
        pytest.param([b"100644 a/b"], id="slash"),
    ],
)
def test_malformed_trees(sandbox, entries):
    blob = bytes.fromhex(sandbox.raw("blob", b"x"))
    below = sandbox.raw("tree", b"".join(entry + b"\0" + blob for entry in entries))
    top = sandbox.raw("tree", b"40000 d\0" + bytes.fromhex(below))
    with Repository.open(sandbox.folder) as repository:
        with pytest.raises(GitError) as error:
            repository.read_tree(top)
        assert code(error) == "git-tree-malformed"
        assert error.value.where == f"tree {below}"


def test_answers_on_their_way_are_not_taken_for_the_next(sandbox):
    blob = bytes.fromhex(sandbox.raw("blob", b"x"))
    bad = sandbox.raw("tree", b"100664 a\0" + blob)
    good = [sandbox.raw("tree", b"100644 %d\0%s" % (n, blob)) for n in range(5)]
    entries = [b"40000 %d\0%s" % (n, bytes.fromhex(t)) for n, t in enumerate([bad, *good])]
    top = sandbox.raw("tree", b"".join(entries))
    with Repository.open(sandbox.folder) as repository:
        with pytest.raises(GitError) as error:
            repository.read_tree(top)
        assert code(error) == "git-tree-malformed"
        for tree in reversed(good):
            assert repository.read_tree(tree).tree == tree


def nested(sandbox: Sandbox, depth: int, fan: int, name: bytes = b"d") -> str:
    tree = sandbox.raw("tree", b"100644 f\0" + bytes.fromhex(sandbox.raw("blob", b"")))
    for _ in range(depth):
        target = bytes.fromhex(tree)
        tree = sandbox.raw(
            "tree", b"".join(b"40000 %s%d\0%s" % (name, n, target) for n in range(fan))
        )
    return tree


def test_limits_of_trees(sandbox, monkeypatch):
    monkeypatch.setattr("tagseal.git._trees.MAX_DEPTH", 5)
    monkeypatch.setattr("tagseal.git._trees.MAX_PATHS", 500)
    with Repository.open(sandbox.folder) as repository:
        assert len(repository.read_tree(nested(sandbox, 5, 1)).entries) == 1
        for tree in (
            nested(sandbox, 6, 1),
            nested(sandbox, 3, 9),  # 729 paths from four objects
            nested(sandbox, 5, 1, name=b"x" * 1000),
        ):
            with pytest.raises(GitError) as error:
                repository.read_tree(tree)
            assert code(error) == "git-limit"
    monkeypatch.setattr("tagseal.git._trees.MAX_PATHS", 2)
    with Repository.open(sandbox.folder) as repository:
        with pytest.raises(GitError) as error:
            repository.read_tree(nested(sandbox, 3, 1))
        assert code(error) == "git-limit"


def test_blobs(sandbox):
    ids = [sandbox.raw("blob", b"%d" % n) for n in range(150)]
    with Repository.open(sandbox.folder) as repository:
        found = []
        for name, content in repository.blobs(ids):
            found.append((name, content))
            assert repository.blob(ids[0]) == b"0"
        assert found == [(name, b"%d" % n) for n, name in enumerate(ids)]
        assert list(repository.blobs([])) == []
        stopped = repository.blobs(ids)
        next(stopped)
        stopped.close()
        assert repository.blob(ids[1]) == b"1"


def test_a_large_blob(sandbox):
    content = hashlib.sha256(b"x").digest() * 200_000
    name = sandbox.raw("blob", content)
    with Repository.open(sandbox.folder) as repository:
        assert repository.blob(name) == content
        with pytest.raises(GitError) as error:
            repository.blob(name, limit=len(content) - 1)
        assert code(error) == "git-limit"
        with pytest.raises(GitError):
            list(repository.blobs([name], limit=5))


def test_wrong_objects(sandbox):
    blob = sandbox.raw("blob", b"x")
    with Repository.open(sandbox.folder) as repository:
        for name, kind, expected in (
            (blob, "tree", "git-object-malformed"),
            ("ab" * 20, "blob", "git-object-missing"),
            ("ab" * 32, "blob", "git-object-malformed"),
            ("HEAD", "commit", "git-object-malformed"),
            (f"{blob}\n{blob}", "blob", "git-object-malformed"),
        ):
            with pytest.raises(GitError) as error:
                repository.read_object(name, kind, limit=100)
            assert code(error) == expected
        with pytest.raises(GitError) as error:
            repository.read_tree(blob)
        assert code(error) == "git-object-malformed"
        assert repository.blob(blob) == b"x"


def test_an_object_under_another_id(sandbox):
    blob = sandbox.git("rev-parse", "v1.0:README")
    sandbox.plant("blob", b"jello\n", blob)
    with Repository.open(sandbox.folder) as repository:
        with pytest.raises(GitError) as error:
            repository.blob(blob)
        assert code(error) == "git-object-corrupt"
        with pytest.raises(GitError) as error:
            list(repository.blobs([blob]))
        assert code(error) == "git-object-corrupt"


def test_a_truncated_object(sandbox, monkeypatch):
    # Which of these it is depends on git's version; some loop on such an object without end.
    codes = ("git-failed", "git-object-missing", "git-object-corrupt", "git-timeout")
    monkeypatch.setattr("tagseal.git._catfile.ANSWER_SECONDS", 1.0)
    raw = b"blob 10\0only"
    name = object_id("blob", b"only      ", ObjectFormat.SHA1)
    target = sandbox.folder / ".git/objects" / name[:2] / name[2:]
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(zlib.compress(raw))
    with Repository.open(sandbox.folder) as repository:
        with pytest.raises(GitError) as error:
            repository.blob(name)
        assert code(error) in codes


def test_malformed_commit(sandbox):
    commit = sandbox.raw("commit", b"tree x\n\n")
    with Repository.open(sandbox.folder) as repository:
        with pytest.raises(GitError) as error:
            repository.commit(commit)
        assert code(error) == "git-object-malformed"
        assert error.value.where == f"commit {commit}"


def test_packed_objects(sandbox):
    sandbox.git("gc", "-q")
    assert not (sandbox.folder / ".git/refs/tags/v1.0").exists()
    with Repository.open(sandbox.folder) as repository:
        tag = repository.resolve_tag("v1.0")
        assert repository.read_tree(tag.tree).entries[b"README"].mode is Mode.FILE
        assert repository.head() == tag.commit


def test_alternates_of_the_repository_keep_working(sandbox, tmp_path):
    sandbox.git("clone", "-q", "--shared", ".", str(tmp_path / "shared"))
    with Repository.open(tmp_path / "shared") as repository:
        assert b"README" in repository.read_tree(repository.head()).entries
    alternates = tmp_path / "shared/.git/objects/info/alternates"
    alternates.write_text("../../../repo/.git/objects\n")
    with Repository.open(tmp_path / "shared") as repository:
        assert b"README" in repository.read_tree(repository.head()).entries


@pytest.mark.parametrize("name", ["a:b", 'a"b', "a\\b", "a\nb", '"', b"caf\xe9", "#x"])
def test_a_folder_with_an_odd_name(tmp_path, name):
    sandbox = Sandbox(tmp_path / os.fsdecode(name))
    sandbox.write("f", b"x")
    commit = sandbox.commit()
    with Repository.open(sandbox.folder) as repository:
        assert list(repository.read_tree(commit).entries) == [b"f"]


def test_it_writes_nothing(sandbox):
    def files() -> list[tuple[Path, int]]:
        return sorted((p, p.lstat().st_mtime_ns) for p in sandbox.folder.rglob("*"))

    before = files()
    with Repository.open(sandbox.folder) as repository:
        tag = repository.resolve_tag("v1.0")
        list(repository.blobs(e.object for e in repository.read_tree(tag.tree).entries.values()))
        repository.require_complete(tag.commit)
    assert files() == before


def test_closing_ends_processes_and_removes_the_folder(sandbox):
    with Repository.open(sandbox.folder) as repository:
        repository.read_tree(repository.head())
        folder = repository.door.folder
        assert folder.is_dir()
    assert not folder.exists()


class TestShallow:
    @pytest.fixture
    def shallow(self, sandbox, tmp_path):
        sandbox.write("more", b"1")
        sandbox.commit("two")
        sandbox.git("tag", "v2.0")
        url = f"file://{sandbox.folder}"
        sandbox.git("clone", "-q", "--depth=1", url, str(tmp_path / "shallow"))
        return tmp_path / "shallow"

    def test_is_said(self, sandbox, shallow):
        with Repository.open(shallow) as repository:
            assert repository.shallow
            tip = repository.head()
            assert b"more" in repository.read_tree(tip).entries
            with pytest.raises(GitError) as error:
                repository.require_complete(tip)
            assert code(error) == "git-shallow"
            assert "git fetch --unshallow --tags" in error.value.hint
            with pytest.raises(GitError) as error:
                repository.resolve_tag("v1.0")
            assert code(error) == "git-tag-unknown"
            assert "shallow" in error.value.hint
            with pytest.raises(GitError) as error:
                repository.commit(sandbox.git("rev-parse", "v1.0^{commit}"))
            assert code(error) == "git-object-missing"
            assert "--unshallow" in error.value.hint
        with Repository.open(sandbox.folder) as repository:
            assert not repository.shallow
            repository.require_complete(tip)

    def test_damage_is_not_called_shallow(self, sandbox):
        who = "A <a@example.org> 1700000000 +0000"
        tree = sandbox.git("rev-parse", "HEAD^{tree}")
        commit = sandbox.raw(
            "commit",
            f"tree {tree}\nparent {'ab' * 20}\nauthor {who}\ncommitter {who}\n\nm\n".encode(),
        )
        with Repository.open(sandbox.folder) as repository:
            with pytest.raises(GitError) as error:
                repository.require_complete(commit)
            assert code(error) == "git-object-missing"


def test_a_partial_clone_is_never_completed_by_fetching(sandbox, tmp_path):
    sandbox.git("config", "uploadpack.allowFilter", "true")
    sandbox.git("config", "uploadpack.allowAnySHA1InWant", "true")
    url = f"file://{sandbox.folder}"
    target = tmp_path / "partial"
    sandbox.git("clone", "-q", "--filter=blob:none", "--no-checkout", url, str(target))
    with Repository.open(target) as repository:
        assert repository.partial
        listing = repository.read_tree(repository.resolve_tag("v1.0").tree)
        with pytest.raises(GitError) as error:
            repository.blob(listing.entries[b"README"].object)
        assert code(error) == "git-object-missing"
        assert "partial clone" in error.value.hint
        with pytest.raises(GitError) as error:
            private_clone(repository, tmp_path / "c", tag="v1.0", commit=repository.head())
        assert code(error) == "git-object-missing"
        assert "partial clone" in error.value.hint
    with Repository.open(sandbox.folder) as repository:
        assert not repository.partial
