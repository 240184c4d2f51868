import pytest

from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import GitError
from tagseal.core.reasons import Status
from tagseal.git import Repository

WHO = "A U Thor <author@example.org> 1700000000 +0000"


def refused(folder, tag, **expected) -> GitError:
    with Repository.open(folder) as repository, pytest.raises(GitError) as error:
        repository.resolve_tag(tag, **expected)
    return error.value


def tag_object(sandbox, target: str, kind: str, name: str) -> str:
    text = f"object {target}\ntype {kind}\ntag {name}\ntagger {WHO}\n\nm\n"
    return sandbox.raw("tag", text.encode())


def test_annotated(sandbox):
    with Repository.open(sandbox.folder) as repository:
        tag = repository.resolve_tag("v1.0")
        assert repository.tags() == ("v1.0",)
    assert (tag.name, tag.ref) == ("v1.0", "refs/tags/v1.0")
    assert tag.commit == sandbox.git("rev-parse", "HEAD")
    assert tag.tree == sandbox.git("rev-parse", "HEAD^{tree}")
    assert tag.tag_object_id == tag.target == sandbox.git("rev-parse", "refs/tags/v1.0")
    assert tag.tag_object == tag.tag_objects[0]
    assert b"\ntag v1.0\n" in tag.tag_object
    assert tag.commit_object.startswith(b"tree " + tag.tree.encode())
    assert (tag.commit_time, tag.object_format) == (1_700_000_000, ObjectFormat.SHA1)


def test_lightweight(sandbox):
    sandbox.git("tag", "light")
    with Repository.open(sandbox.folder) as repository:
        tag = repository.resolve_tag("light")
    assert (tag.tag_object, tag.tag_object_id, tag.tag_objects) == (None, None, ())
    assert tag.target == tag.commit


def test_names_with_slashes_and_bytes(sandbox):
    names = ["release/v1", "caf\udce9", "großes/v1"]
    for name in names:
        sandbox.git("tag", "-a", "-m", "m", name)
    with Repository.open(sandbox.folder) as repository:
        assert repository.tags() == tuple(sorted([*names, "v1.0"]))
        for name in names:
            assert repository.resolve_tag(name).name == name
    sandbox.git("pack-refs", "--all")
    with Repository.open(sandbox.folder) as repository:
        assert repository.tags() == tuple(sorted([*names, "v1.0"]))
        for name in names:
            assert repository.resolve_tag(name).name == name


def test_a_loose_ref_goes_before_a_packed_one(sandbox):
    sandbox.git("tag", "moving")
    sandbox.git("pack-refs", "--all")
    new = sandbox.commit("two")
    sandbox.git("tag", "-f", "moving")
    with Repository.open(sandbox.folder) as repository:
        assert repository.resolve_tag("moving").commit == new


def test_unknown(sandbox):
    error = refused(sandbox.folder, "v1.1")
    assert error.code == "git-tag-unknown"
    assert error.reason.status is Status.USAGE
    assert "v1.0" in error.hint


def test_unknown_without_any_tag(sandbox):
    sandbox.git("tag", "-d", "v1.0")
    assert "git fetch --tags" in refused(sandbox.folder, "v1.0").hint


def test_unknown_with_the_whole_ref(sandbox):
    error = refused(sandbox.folder, "refs/tags/v1.0")
    assert error.code == "git-tag-unknown"
    assert "without refs/tags/" in error.hint


@pytest.mark.parametrize(
    "name",
    ["", "..", "../heads/main", "/v1.0", "v1.0/", "v1.0/x", "a\0b", "V1.0", "x" * 5000, "@{"],
)
def test_odd_names_are_unknown(sandbox, name):
    assert refused(sandbox.folder, name).code == "git-tag-unknown"


def test_messages_are_escaped(sandbox):
    error = refused(sandbox.folder, "a\x1b[2J")
    assert "\x1b" not in str(error)
    assert "\\x1b" in str(error)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ref", ["refs/heads/v1.0", "refs/remotes/origin/v1.0"])
def test_a_branch_of_the_same_name(sandbox, ref, packed):
    other = sandbox.commit("other")
    sandbox.git("update-ref", ref, other)
    if packed:
        sandbox.git("pack-refs", "--all")
    error = refused(sandbox.folder, "v1.0")
    assert error.code == "git-tag-is-branch-too"
    assert error.reason.status is Status.NOT_VERIFIED


def test_branches_with_other_names_do_not_matter(sandbox):
    for ref in ("refs/heads/feature/v1.0", "refs/remotes/origin/feature/v1.0", "refs/heads/v1"):
        sandbox.git("update-ref", ref, "HEAD")
    with Repository.open(sandbox.folder) as repository:
        assert repository.resolve_tag("v1.0").name == "v1.0"


def test_a_tag_object_under_another_name(sandbox):
    sandbox.git("update-ref", "refs/tags/v2.0", sandbox.git("rev-parse", "refs/tags/v1.0"))
    error = refused(sandbox.folder, "v2.0")
    assert error.code == "git-tag-name-differs"
    assert '"v1.0"' in error.message


def test_nested_tags(sandbox):
    target, kind = sandbox.git("rev-parse", "HEAD"), "commit"
    for depth in range(1, 7):
        target, kind = tag_object(sandbox, target, kind, f"t{depth}"), "tag"
        sandbox.git("update-ref", f"refs/tags/t{depth}", target)
    with Repository.open(sandbox.folder) as repository:
        tag = repository.resolve_tag("t5")
        assert len(tag.tag_objects) == 5
        assert tag.commit == sandbox.git("rev-parse", "HEAD")
        assert b"\ntag t5\n" in tag.tag_objects[0]
        assert b"\ntag t1\n" in tag.tag_objects[-1]
    assert refused(sandbox.folder, "t6").code == "git-tag-not-a-commit"


@pytest.mark.parametrize("what", ["HEAD^{tree}", "HEAD:README"])
@pytest.mark.parametrize("annotated", [False, True])
def test_tags_of_trees_and_blobs(sandbox, what, annotated):
    options = ["-a", "-m", "m"] if annotated else []
    sandbox.git("tag", *options, "odd", what)
    assert refused(sandbox.folder, "odd").code == "git-tag-not-a-commit"


def test_a_tag_that_lies_about_its_targets_type(sandbox):
    tree = sandbox.git("rev-parse", "HEAD^{tree}")
    sandbox.git("update-ref", "refs/tags/liar", tag_object(sandbox, tree, "commit", "liar"))
    assert refused(sandbox.folder, "liar").code == "git-object-malformed"


def test_a_malformed_tag_object(sandbox):
    name = sandbox.raw("tag", b"object x\n\n")
    (sandbox.folder / ".git/refs/tags/bad").write_text(f"{name}\n")
    error = refused(sandbox.folder, "bad")
    assert (error.code, error.where) == ("git-object-malformed", f"tag object {name}")


def test_a_missing_target(sandbox):
    (sandbox.folder / ".git/refs/tags/lost").write_text("ab" * 20 + "\n")
    assert refused(sandbox.folder, "lost").code == "git-object-missing"


def test_moved(sandbox):
    old = sandbox.git("rev-parse", "HEAD")
    with Repository.open(sandbox.folder) as repository:
        repository.resolve_tag("v1.0", expected_commit=old)
        new = sandbox.commit("two")
        sandbox.git("tag", "-f", "-a", "-m", "m", "v1.0")
        with pytest.raises(GitError) as error:
            repository.resolve_tag("v1.0", expected_commit=old)
        assert error.value.code == "git-tag-moved"
        assert old in error.value.message
        assert new in error.value.message
        sandbox.git("tag", "-d", "v1.0")
        with pytest.raises(GitError) as error:
            repository.resolve_tag("v1.0", expected_commit=old)
        assert error.value.code == "git-tag-moved"
