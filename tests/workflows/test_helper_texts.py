from pathlib import Path

import pytest

from support_git import Sandbox
from support_helpers import table_of
from tagseal.contents.helpers import MAX_TEXT_BYTES
from tagseal.core.errors import GitError
from tagseal.workflows.helper_texts import known_texts, nearest_known

NAME = b"build.m4"
OLD = b"".join(b"old line %d\n" % number for number in range(20))
NEW = b"".join(b"new line %d\n" % number for number in range(20))
TABLE = table_of({NAME: [OLD, NEW], b"other.m4": [b"other\n" * 20]})


@pytest.fixture
def nothing(tmp_path: Path) -> Path:
    """A machine without any of the tools."""
    folder = tmp_path / "nothing"
    folder.mkdir()
    return folder


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_installed_tools_are_looked_through(tmp_path: Path) -> None:
    put(tmp_path / "aclocal-1.16" / "build.m4", OLD)
    put(tmp_path / "gnulib" / "m4" / "build.m4", NEW)
    put(tmp_path / "elsewhere" / "build.m4", NEW)
    found = nearest_known(NAME, NEW + b"EVIL\n", installed=tmp_path, helpers=TABLE)
    assert found == ("build.m4 of make-up 2", NEW)
    assert len(list(known_texts(NAME, TABLE, installed=tmp_path))) == 2


def test_a_changed_file_of_an_installed_tool_is_not_known(tmp_path: Path) -> None:
    put(tmp_path / "aclocal" / "build.m4", NEW + b"EVIL\n")
    assert nearest_known(NAME, NEW + b"EVIL\n", installed=tmp_path, helpers=TABLE) is None


def test_a_named_folder_is_walked(tmp_path: Path, nothing: Path) -> None:
    put(tmp_path / "folder" / "deep" / "m4" / "build.m4", OLD)
    put(tmp_path / "folder" / "copy" / "build.m4", OLD)
    put(tmp_path / "folder" / "large" / "build.m4", b"x" * (MAX_TEXT_BYTES + 1))
    (tmp_path / "folder" / "m4" / "build.m4").mkdir(parents=True)
    for name, target in (("dangling", "nowhere"), ("unreadable", "/proc/self/mem")):
        (tmp_path / "folder" / name).mkdir()
        (tmp_path / "folder" / name / "build.m4").symlink_to(target)
    texts = known_texts(NAME, TABLE, folders=[tmp_path / "folder"], installed=nothing)
    assert [text.helper.version for text in texts] == ["1"]


def test_a_named_repository_is_asked_by_id(tmp_path: Path, nothing: Path) -> None:
    sandbox = Sandbox(tmp_path / "clone")
    sandbox.write("m4/build.m4", OLD)
    sandbox.commit()
    sandbox.write("m4/build.m4", NEW)
    sandbox.commit()
    bare = tmp_path / "bare"
    sandbox.git("clone", "-q", "--bare", ".", str(bare))
    texts = known_texts(NAME, TABLE, folders=[bare], installed=nothing)
    assert [text.helper.version for text in texts] == ["2", "1"]
    found = nearest_known(NAME, OLD[:-5], folders=[bare], installed=nothing, helpers=TABLE)
    assert found == ("build.m4 of make-up 1", OLD)


def test_a_repository_without_the_texts_or_of_another_format_gives_none(
    tmp_path: Path, nothing: Path
) -> None:
    empty = Sandbox(tmp_path / "empty", bare=True)
    other = Sandbox(tmp_path / "other", object_format="sha256", bare=True)
    other.git("hash-object", "-w", "--stdin", stdin=OLD)
    folders = [empty.folder, other.folder]
    assert list(known_texts(NAME, TABLE, folders=folders, installed=nothing)) == []


def test_a_repository_whose_objects_are_others_is_an_error(tmp_path: Path, nothing: Path) -> None:
    sandbox = Sandbox(tmp_path / "clone", bare=True)
    old, new = (sandbox.git("hash-object", "-w", "--stdin", stdin=data) for data in (OLD, NEW))
    objects = sandbox.folder / "objects"
    (objects / old[:2] / old[2:]).replace(objects / new[:2] / new[2:])
    with pytest.raises(GitError) as caught:
        list(known_texts(NAME, TABLE, folders=[sandbox.folder], installed=nothing))
    assert caught.value.code == "git-object-corrupt"


def test_a_repository_that_cannot_be_opened_is_an_error(tmp_path: Path, nothing: Path) -> None:
    put(tmp_path / "clone" / ".git", b"gitdir: \n")
    with pytest.raises(GitError) as caught:
        list(known_texts(NAME, TABLE, folders=[tmp_path / "clone"], installed=nothing))
    assert caught.value.code == "git-repository-malformed"


def test_a_name_that_the_table_lacks_is_looked_for_nowhere(tmp_path: Path) -> None:
    put(tmp_path / "own.m4", OLD)
    assert list(known_texts(b"own.m4", TABLE, folders=[tmp_path], installed=tmp_path)) == []


def test_nothing_at_hand_is_nothing_found(nothing: Path) -> None:
    assert nearest_known(b"build-to-host.m4", b"EVIL\n" * 20, installed=nothing) is None
