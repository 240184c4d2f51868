from pathlib import Path

import pytest

from tagseal.core.errors import GitError
from tagseal.git._files import read_small


def test_what_is_there_and_what_is_not(tmp_path):
    (tmp_path / "file").write_bytes(b"12345")
    assert read_small(tmp_path / "file", 5) == b"12345"
    assert read_small(tmp_path / "none", 5) is None
    assert read_small(tmp_path / "file/below", 5) is None
    assert read_small(tmp_path, 5) is None
    assert read_small(tmp_path / ("x" * 5000), 5) is None
    with pytest.raises(GitError) as error:
        read_small(tmp_path / "file", 4)
    assert error.value.code == "git-limit"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here fails when read")
def test_a_file_that_fails_when_it_is_read():
    with pytest.raises(GitError) as error:
        read_small(Path("/proc/self/mem"), 5)
    assert error.value.code == "file-unreadable"


def test_devices_are_no_files():
    with pytest.raises(GitError) as error:
        read_small(Path("/dev/null"), 5)
    assert error.value.code == "git-repository-malformed"
