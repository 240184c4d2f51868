"""Source archives: git's own tar, the same bytes every time."""

import gzip
import hashlib
import subprocess
import zipfile
from dataclasses import replace

import pytest

from tagseal.builders import version_finding
from tagseal.config import CommandArchive, SourceArchive
from tagseal.core.errors import BuildError, GitError, UsageError
from tagseal.core.listing import Mode, TreeEntry
from tagseal.core.patterns import compile_pattern

BOTH = SourceArchive(formats=("tar.gz", "zip"))


def test_the_tar_is_gits(prepare, make, tmp_path) -> None:
    inputs = prepare("tree")
    [built] = make(SourceArchive(), inputs)
    git = subprocess.run(
        ["git", "-c", "tar.umask=0022", "archive", "--format=tar", "--prefix=demo-1.0/", "v1.0"],
        cwd=tmp_path / "repository",
        capture_output=True,
        check=True,
    )
    assert gzip.decompress(built.path.read_bytes()) == git.stdout
    assert built.path == tmp_path / "out/demo-1.0.tar.gz"
    assert built.path.stat().st_mode & 0o777 == 0o644
    assert built.reported["network"] == "not used"
    assert built.reported["source_date_epoch"] == inputs.tag.commit_time
    assert built.dependencies == ()
    assert version_finding(built, inputs) is None


def test_both_formats_have_the_same_bytes_twice(prepare, make) -> None:
    inputs = prepare("tree")

    def digests() -> dict[str, str]:
        built = make(BOTH, inputs)
        found = {b.path.name: hashlib.sha256(b.path.read_bytes()).hexdigest() for b in built}
        for archive in built:
            archive.path.unlink()
        return found

    first = digests()
    assert list(first) == ["demo-1.0.tar.gz", "demo-1.0.zip"]
    assert digests() == first


def test_omitted_paths_are_left_out(prepare, make) -> None:
    config = SourceArchive(formats=("zip",), omitted=(compile_pattern("backend/**"),))
    [built] = make(config, prepare("tree"))
    with zipfile.ZipFile(built.path) as archive:
        assert [n for n in archive.namelist() if not n.endswith("/")] == ["demo-1.0/pyproject.toml"]
    assert built.reported["omitted"] == ["backend/**"]


@pytest.mark.parametrize("name", ["../demo", "a/b", "-demo", ".demo", "d\x1b", ""])
def test_names_that_are_refused(name: str, prepare, make, tmp_path) -> None:
    inputs = replace(prepare("tree"), name=name)
    with pytest.raises(BuildError) as caught:
        make(SourceArchive(), inputs)
    assert caught.value.code == "build-name-invalid"
    assert "\x1b" not in caught.value.message
    assert not (tmp_path / "out").exists()


def test_nothing_is_overwritten(prepare, make, tmp_path) -> None:
    taken = tmp_path / "out/demo-1.0.zip"
    taken.parent.mkdir()
    taken.symlink_to("/nowhere")
    with pytest.raises(UsageError) as caught:
        make(BOTH, prepare("tree"))
    assert caught.value.code == "output-exists"
    assert [path.name for path in taken.parent.iterdir()] == ["demo-1.0.zip"]


def test_a_failure_leaves_nothing(prepare, make, tmp_path) -> None:
    inputs = prepare("tree")
    entries = {**inputs.tree.entries, b"z": TreeEntry(mode=Mode.FILE, object="0" * 40)}
    with pytest.raises(GitError) as caught:
        make(BOTH, replace(inputs, tree=replace(inputs.tree, entries=entries)))
    assert caught.value.code == "git-object-missing"
    assert list((tmp_path / "out").iterdir()) == []


def test_an_output_that_is_a_file(prepare, make, tmp_path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError) as caught:
        make(BOTH, prepare("tree"))
    assert caught.value.code == "output-unwritable"


def test_commands_are_refused_by_name(prepare, make) -> None:
    with pytest.raises(BuildError) as caught:
        make(CommandArchive(run=(("make",),), outputs=()), prepare("tree"))
    assert caught.value.code == "build-command-unsupported"
