"""All archives get their names, or none."""

import errno
from pathlib import Path

import pytest

from tagseal.builders._publish import copy_result, publish
from tagseal.core.errors import BuildError, UsageError


@pytest.fixture
def staged(tmp_path: Path) -> list[Path]:
    (tmp_path / "out/staging").mkdir(parents=True)
    paths = [tmp_path / "out/staging" / name for name in ("one", "two")]
    for path in paths:
        path.write_text(path.name)
    return paths


def test_none_is_there_when_one_is_taken(staged, tmp_path) -> None:
    out = tmp_path / "out"
    (out / "two").write_text("mine")
    with pytest.raises(UsageError) as caught:
        publish(staged, out)
    assert caught.value.code == "output-exists"
    assert not (out / "one").exists()
    assert (out / "two").read_text() == "mine"


@pytest.mark.parametrize("taken", [False, True])
def test_a_file_system_without_hard_links(taken: bool, staged, tmp_path, monkeypatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    out = tmp_path / "out"
    if not taken:
        publish(staged, out)
        assert (out / "two").read_text() == "two"
        return
    (out / "two").write_text("mine")
    with pytest.raises(UsageError) as caught:
        publish(staged, out)
    assert caught.value.code == "output-exists"
    assert not (out / "one").exists()


def test_only_a_regular_file_is_copied(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    for name in ("link", "absent", "."):
        with pytest.raises(BuildError) as caught:
            copy_result(tmp_path / name, tmp_path)
        assert caught.value.code == "build-result-invalid"
