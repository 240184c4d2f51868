import hashlib
from pathlib import Path

import pytest

from tagseal.core.errors import TagsealError, UsageError
from tagseal.workflows.files import (
    file_sha256,
    new_folder,
    read_limited,
    require_writable,
    write_new,
    write_whole,
)


def test_reading_stops_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert read_limited(path, 3) == b"abc"
    with pytest.raises(TagsealError) as caught:
        read_limited(path, 2)
    assert caught.value.code == "file-unreadable"
    assert "larger than 2 bytes" in str(caught.value)


@pytest.mark.parametrize("function", [lambda path: read_limited(path, 9), file_sha256])
def test_what_cannot_be_read(tmp_path: Path, function: object) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(TagsealError) as caught:
            function(path)  # type: ignore[operator]
        assert caught.value.code == "file-unreadable"
        assert caught.value.where == str(path)


def test_the_digest_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 300_000)
    assert file_sha256(path) == hashlib.sha256(b"x" * 300_000).hexdigest()


def test_writing_replaces_the_old_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(path, b"new")
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_folder_appears_when_all_is_there(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with new_folder(target) as partial:
        (partial / "a").write_bytes(b"")
        assert not target.exists()
    assert [p.name for p in target.iterdir()] == ["a"]
    assert [p.name for p in target.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_new_folder_does_not_appear_after_an_error(
    tmp_path: Path, error: type[BaseException]
) -> None:
    (tmp_path / "out").mkdir()

    def fill() -> None:
        with new_folder(tmp_path / "out") as partial:
            (partial / "a").write_bytes(b"")
            raise error

    with pytest.raises(error):
        fill()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_nothing_is_overwritten(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "out"
    if kind == "file":
        target.write_bytes(b"mine")
    elif kind == "folder":
        target.mkdir()
        (target / "mine").write_bytes(b"")
    else:
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(TagsealError) as caught, new_folder(target):
        pass
    assert caught.value.code == "output-exists"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_names_are_shown_escaped(tmp_path: Path) -> None:
    (tmp_path / "\x1b").write_bytes(b"")
    with pytest.raises(TagsealError) as caught, new_folder(tmp_path / "\x1b"):
        pass
    assert r"\x1b" in str(caught.value)
    assert "\x1b" not in str(caught.value)


# A file that a user named.


def test_a_named_file_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    write_new(target, b"one", overwrite=False)
    assert target.read_bytes() == b"one"
    write_new(target, b"two", overwrite=True)
    assert target.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("kind", ["file", "folder", "symlink", "dangling"])
def test_a_named_file_is_not_overwritten(tmp_path: Path, kind: str) -> None:
    target, other = tmp_path / "report", tmp_path / "other"
    other.write_bytes(b"mine")
    if kind == "file":
        target.write_bytes(b"mine")
    elif kind == "folder":
        target.mkdir()
    else:
        target.symlink_to(other if kind == "symlink" else tmp_path / "nowhere")
    for check in (require_writable, lambda path, **how: write_new(path, b"new", **how)):
        with pytest.raises(UsageError) as caught:
            check(target, overwrite=False)  # type: ignore[operator]
        assert caught.value.code == "output-exists"
    assert other.read_bytes() == b"mine"
    if kind == "file":
        require_writable(target, overwrite=True)
        return
    with pytest.raises(UsageError) as caught:
        write_new(target, b"new", overwrite=True)
    assert caught.value.code == "output-exists"
    assert other.read_bytes() == b"mine"


def test_a_named_file_in_no_folder(tmp_path: Path) -> None:
    with pytest.raises(TagsealError) as caught:
        require_writable(tmp_path / "none/report", overwrite=False)
    assert caught.value.code == "output-unwritable"
    with pytest.raises(TagsealError) as caught:
        write_new(tmp_path / ("x" * 250 + ".html"), b"", overwrite=False)
    assert caught.value.code == "output-unwritable"
