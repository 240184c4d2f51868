from pathlib import Path

import pytest

from support_git import Sandbox
from support_submodules import nested_repositories
from tagseal.core.errors import GitError
from tagseal.git import Repository
from tagseal.git._door import find_git
from tagseal.git._submodules import module_folder, parse_gitmodules

PLAIN = b'[submodule "lib"]\n\tpath = lib\n\turl = https://x.invalid/lib\n'


def test_submodules_are_named_by_their_path() -> None:
    content = PLAIN + b'[submodule "a.b/c"]\n\turl = ../c\n\tpath = "third party/c"\n'
    found = parse_gitmodules(content, find_git())
    assert {path: (m.name, m.url) for path, m in found.items()} == {
        b"lib": ("lib", "https://x.invalid/lib"),
        b"third party/c": ("a.b/c", "../c"),
    }


def test_one_without_a_url() -> None:
    [module] = parse_gitmodules(b'[submodule "x"]\npath = \xff\n', find_git()).values()
    assert (module.path, module.url) == (b"\xff", None)


def test_the_first_of_two_counts() -> None:
    twice = PLAIN + b'[submodule "evil"]\n\tpath = lib\n\turl = https://y.invalid/\n'
    assert parse_gitmodules(twice, find_git())[b"lib"].name == "lib"


@pytest.mark.parametrize(
    "content", [b"[submodule", b"", b"\0", b"[include]\n\tpath = /etc/x\n", b"#" * 4_200_000]
)
def test_what_names_no_submodule(content: bytes) -> None:
    assert parse_gitmodules(content, find_git()) == {}


def test_a_clone_has_its_submodules(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    inner_id = made.inner.git("rev-parse", "HEAD")
    with Repository.open(made.outer.folder) as outer:
        middle = outer.open_submodule("the/lib")
        assert middle is not None
        with middle:
            inner = middle.open_submodule("third party/inner")
            assert inner is not None
            with inner:
                assert b"deep.c" in inner.read_tree(inner_id).entries
            assert middle.open_submodule("other") is None
        assert outer.open_submodule("lib") is None


def test_a_worktree_finds_them_too(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    made.outer.git("worktree", "add", "-q", str(tmp_path / "tree"))
    with Repository.open(tmp_path / "tree") as tree:
        middle = tree.open_submodule("the/lib")
        assert middle is not None
        middle.close()


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/../../x", "a/./b", "/etc", "a//b", "..\\x", "a\\..\\..\\x", "a\0b"],
)
def test_a_name_that_leads_elsewhere_is_none(tmp_path: Path, name: str) -> None:
    # Wherever it may lead, there is a repository.
    made = nested_repositories(tmp_path)
    for place in ("x", "a", "etc", "a/b"):
        (made.outer.folder / ".git" / place / "objects").mkdir(parents=True, exist_ok=True)
        (made.outer.folder / ".git" / place / "refs").mkdir(exist_ok=True)
        (made.outer.folder / ".git" / place / "HEAD").write_bytes(b"ref: refs/heads/main\n")
    assert module_folder(made.outer.folder / ".git", name) is None


def test_a_symlink_in_the_folder_of_submodules_is_not_followed(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    modules = made.outer.folder / ".git" / "modules"
    (modules / "evil").symlink_to(made.inner.folder / ".git")
    (modules / "round").symlink_to("round")
    git_dir = made.outer.folder / ".git"
    assert module_folder(git_dir, "evil") is None
    assert module_folder(git_dir, "round") is None
    assert module_folder(git_dir, "n" * 5000) is None
    assert module_folder(git_dir, "the/lib") is not None
    modules.rename(git_dir / "away")
    modules.symlink_to("away")
    assert module_folder(git_dir, "the/lib") is None


def test_a_folder_that_is_no_repository_is_no_submodule(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    (made.outer.folder / ".git/modules/empty").mkdir()
    with Repository.open(made.outer.folder) as outer:
        # The search for a repository would else go up, to the outer one.
        assert outer.open_submodule("empty") is None


def test_a_submodule_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    made = nested_repositories(tmp_path)
    (made.outer.folder / ".git/modules/the/lib/config").write_bytes(b"[core")
    with Repository.open(made.outer.folder) as outer, pytest.raises(GitError) as raised:
        outer.open_submodule("the/lib")
    assert raised.value.code == "git-repository-malformed"


def test_what_is_at_hand(tmp_path: Path) -> None:
    made = Sandbox(tmp_path / "one")
    made.write("a", b"first\n")
    made.commit()
    blob = made.git("rev-parse", "HEAD:a")
    with Repository.open(made.folder) as repository:
        assert repository.blob_at_hand(blob) == b"first\n"
        assert repository.blob_at_hand(blob, limit=3) is None
        assert repository.blob_at_hand("1" * 40) is None
        assert repository.has(blob)
        assert not repository.has("1" * 40)
        for ask in (repository.has, repository.blob_at_hand):
            with pytest.raises(GitError) as raised:
                ask("x")
            assert raised.value.code == "git-object-malformed"
    made.plant("blob", b"evil\n", blob)
    with Repository.open(made.folder) as repository, pytest.raises(GitError) as raised:
        repository.blob_at_hand(blob)
    assert raised.value.code == "git-object-corrupt"


def test_without_git_no_submodules_are_read(tmp_path: Path) -> None:
    with pytest.raises(GitError) as raised:
        parse_gitmodules(PLAIN, tmp_path / "git")
    assert raised.value.code == "git-not-found"
