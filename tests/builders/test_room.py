"""The folder of a build goes away, or it is said that it did not."""

import shutil
from pathlib import Path

import pytest

from tagseal.builders._room import build_room


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_nothing_is_left(temporary: Path, error: type[BaseException] | None) -> None:
    def build() -> None:
        with build_room(print) as room:
            (room / "a").mkdir()
            (room / "a/b").write_text("x")
            if error:
                raise error

    if error:
        with pytest.raises(error):
            build()
    else:
        build()
    assert list(temporary.iterdir()) == []


def test_a_first_failure_is_not_the_last_word(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a killed process wrote into a folder that was being emptied."""
    real, calls = shutil.rmtree, []

    def busy(path: Path) -> None:
        calls.append(path)
        if len(calls) < 3:
            raise OSError("Directory not empty")
        real(path)

    monkeypatch.setattr(shutil, "rmtree", busy)
    said: list[str] = []
    with build_room(said.append) as room:
        (room / "a/b").mkdir(parents=True)
        (room / "a/b").chmod(0o500)
        (room / "link").symlink_to("/")
    assert list(temporary.iterdir()) == []
    assert said == []


def test_a_folder_that_stays_is_named(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(path: Path) -> None:
        raise OSError("Directory not empty")

    monkeypatch.setattr(shutil, "rmtree", never)
    said: list[str] = []
    with build_room(said.append) as room:
        pass
    [left] = temporary.iterdir()
    assert said == [f"warning: this folder cannot be removed: {room}"]
    assert room.name == left.name
