from pathlib import Path

import pytest

from support_git import Sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """Return a repository with one commit of a few files, tagged v1.0 by an annotated tag."""
    made = Sandbox(tmp_path / "repo")
    made.write("README", b"hello\n")
    made.write("src/run.sh", b"#!/bin/sh\n", executable=True)
    made.write("src/a/deep", b"deep\r\n")
    (made.folder / "link").symlink_to("src/run.sh")
    made.commit()
    made.git("tag", "-a", "-m", "release", "v1.0")
    return made
