import os
from pathlib import Path

import pytest

from tagseal.archives import open_archive, open_regular
from tagseal.core.errors import TagsealError


def test_a_regular_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    with open_regular(tmp_path / "a") as stream:
        assert stream.read() == b"abc"


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "nothing"])
def test_anything_else_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = Path("/dev/null") if kind == "device" else tmp_path / "a"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(OSError, match=r"regular|directory"):
        open_regular(path)
    with pytest.raises(TagsealError) as caught:
        open_archive(path)
    assert caught.value.code == "file-unreadable"
