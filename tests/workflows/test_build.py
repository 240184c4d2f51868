import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support_release import GENERATING, repository_of
from tagseal.core.digests import sha256_hex
from tagseal.core.errors import BuildError, TagsealError
from tagseal.workflows.build import build_release, rebuild_release
from tagseal.workflows.source import open_source


def clock() -> datetime:
    return datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_two_archives_of_one_name(tmp_path: Path) -> None:
    """A source archive that is named like the sdist would overwrite it, or be overwritten."""
    twice = b'\n[[tool.tagseal.archive]]\nbuilder = "source"\n'
    files = {**GENERATING, "pyproject.toml": GENERATING["pyproject.toml"] + twice}
    sandbox = repository_of(tmp_path / "repository", files)
    out = tmp_path / "out"
    out.mkdir()
    with open_source(sandbox.folder, "v1.0") as source, pytest.raises(BuildError) as caught:
        build_release(source, out, progress=lambda _: None, clock=clock)
    assert caught.value.code == "build-name-taken"
    assert not (out / "release.json").exists()


def test_times_are_the_clocks(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", {"README": b""})
    out = tmp_path / "out"
    out.mkdir()
    with open_source(sandbox.folder, "v1.0") as source:
        folder = build_release(source, out, progress=lambda _: None, clock=clock)
    (record,) = folder.archives
    assert (record.started, record.finished) == ("2024-02-03T04:05:06Z",) * 2


def test_an_archive_that_is_not_built_again(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", {"README": b""})
    out = tmp_path / "out"
    out.mkdir()
    with open_source(sandbox.folder, "v1.0") as source:
        folder = build_release(source, out, progress=lambda _: None, clock=clock)
        (out / "repository-1.0.tar.gz").rename(out / "another.tar.gz")
        changed = replace(folder, archives=(replace(folder.archives[0], name="another.tar.gz"),))
        with pytest.raises(TagsealError) as caught:
            rebuild_release(changed, source, progress=lambda _: None, clock=clock)
    assert caught.value.code == "release-rebuild-differs"
    assert caught.value.where == "another.tar.gz"


def test_the_same_contents_in_other_bytes(tmp_path: Path) -> None:
    """Another zlib packs otherwise; the members are what counts."""
    sandbox = repository_of(tmp_path / "repository", {"README": b"text\n" * 100})
    out = tmp_path / "out"
    out.mkdir()
    with open_source(sandbox.folder, "v1.0") as source:
        folder = build_release(source, out, progress=lambda _: None, clock=clock)
        archive = folder.archive(folder.archives[0])
        other = gzip.compress(gzip.decompress(archive.read_bytes()), 1, mtime=0)
        archive.write_bytes(other)
        record = replace(folder.archives[0], sha256=sha256_hex(other))
        again = rebuild_release(
            replace(folder, archives=(record,)), source, progress=lambda _: None, clock=clock
        )
    assert [item.rebuilt for item in again.archives] == ["same-contents"]
