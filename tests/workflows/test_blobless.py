"""Comparing with clones that have commits and trees, and no blobs."""

import gzip
from pathlib import Path

import pytest

from support_archives import END, folder, gz, link, member
from support_git import Sandbox
from support_submodules import TOP, clone
from tagseal.core.errors import GitError
from tagseal.git import Repository
from tagseal.workflows.compare import CompareOptions, Comparison, compare_archive
from tagseal.workflows.source import open_source, rehearsal_source

PYPROJECT = b'[project]\nname = "demo"\nversion = "1.0"\nreadme = "docs/read.md"\n'
CONFIG = b'[[archive]]\nbuilder = "source"\nomitted = ["docs/**"]\n'
FILES: dict[str, bytes] = {
    "pyproject.toml": PYPROJECT,
    "tagseal.toml": CONFIG,
    ".gitattributes": b"*.txt eol=crlf\n",
    "a.txt": b"one\ntwo\n",
    "docs/read.md": b"# demo\n",
    "real/x.c": b"x\n",
}


@pytest.fixture
def remote(tmp_path: Path) -> Sandbox:
    made = Sandbox(tmp_path / "remote")
    for name, data in FILES.items():
        made.write(name, data)
    (made.folder / "linked").symlink_to("real")
    made.commit()
    made.git("tag", "-a", "-m", "release", "v1.0")
    made.git("config", "uploadpack.allowFilter", "true")
    made.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return made


@pytest.fixture
def blobless(remote: Sandbox, tmp_path: Path) -> Path:
    """A clone without a single blob, whose remote would answer if it were asked."""
    made = clone(remote.folder, tmp_path / "blobless", "--filter=blob:none", "--no-checkout")
    with Repository.open(made) as repository:
        assert repository.partial
        tree = repository.read_tree(repository.resolve_tag("v1.0").tree)
        assert not any(repository.has(entry.object) for entry in tree.entries.values())
    return made


def compared(
    repository: Path, tmp_path: Path, files: dict[str, bytes], *links: bytes, complete: bool = False
) -> Comparison:
    path = tmp_path / "demo-1.0.tar.gz"
    members = [member(TOP + name.encode(), data) for name, data in files.items()]
    path.write_bytes(gz(folder(TOP) + b"".join([*members, *links]) + END))
    before = _objects(repository)
    found = compare_archive(path, repository, "v1.0", CompareOptions(complete=complete))
    assert _objects(repository) == before  # nothing was fetched
    return found


def _objects(repository: Path) -> list[str]:
    return sorted(str(path) for path in (repository / ".git/objects").rglob("*"))


LINK = link(TOP + b"linked", b"real")


def test_an_archive_of_the_tree_needs_no_blobs(blobless: Path, tmp_path: Path) -> None:
    found = compared(blobless, tmp_path, FILES, LINK, complete=True)
    assert found.findings == ()
    assert found.warnings == ()
    # The configuration counts, though only the archive has it.
    assert found.accounted.source.config is not None
    assert found.accounted.source.files == {"pyproject.toml": PYPROJECT, "tagseal.toml": CONFIG}
    assert found.accounted.source.missing == ()
    without = {name: data for name, data in FILES.items() if not name.startswith("docs/")}
    assert compared(blobless, tmp_path, without, LINK, complete=True).findings == ()


def test_what_nobody_has_is_said(blobless: Path, tmp_path: Path) -> None:
    found = compared(blobless, tmp_path, {**FILES, "a.txt": b"one\r\ntwo\r\n"}, LINK)
    assert {f.code for f in found.findings} == {"contents-modified"}
    [warning] = found.warnings
    assert '"a.txt"' in warning
    assert "git fetch" in warning


def test_configuration_that_nobody_has(blobless: Path, tmp_path: Path) -> None:
    without = {name: data for name, data in FILES.items() if not name.endswith(".toml")}
    found = compared(blobless, tmp_path, without, LINK)
    assert {f.code for f in found.findings} == {"contents-configuration"}
    assert found.accounted.source.missing == (b"pyproject.toml", b"tagseal.toml")
    [warning] = found.warnings
    assert '"pyproject.toml", "tagseal.toml"' in warning


def test_a_symlink_that_nobody_has_is_a_conflict(blobless: Path, tmp_path: Path) -> None:
    found = compared(blobless, tmp_path, {**FILES, "linked/x.c": b"x\n"})
    assert {f.code for f in found.accounted.conflicts} == {"contents-conflicting"}


def test_a_symlink_that_the_clone_has(remote: Sandbox, tmp_path: Path) -> None:
    found = compared(remote.folder, tmp_path, {**FILES, "linked/x.c": b"x\n"}, complete=True)
    assert found.findings == ()
    assert found.accounted.account.counts["dereferenced"] == 1


def test_many_that_are_missing(remote: Sandbox, tmp_path: Path) -> None:
    for n in range(9):
        remote.write(f"{n}.c", b"%d\n" % n)
    remote.commit()
    remote.git("tag", "-f", "v1.0")
    made = clone(remote.folder, tmp_path / "clone", "--filter=blob:none", "--no-checkout")
    files = {**FILES, **{f"{n}.c": b"other %d\n" % n for n in range(9)}}
    [warning] = compared(made, tmp_path, files, LINK).warnings
    assert "and 4 more" in warning


def test_blobs_that_are_gone_without_a_word(remote: Sandbox, tmp_path: Path) -> None:
    """No partial clone: objects were taken out of a whole one."""
    made = clone(remote.folder, tmp_path / "clone", "--no-checkout")
    with Repository.open(made) as repository:
        tree = repository.read_tree(repository.resolve_tag("v1.0").tree)
    full = Sandbox(tmp_path / "empty")
    keep = remote.git("rev-list", "--objects", "--filter=blob:none", "--all").split("\n")
    ids = [line.split(" ")[0] for line in keep] + [remote.git("rev-parse", "v1.0")]
    pack = full.folder / ".git/objects/pack/pack"
    remote.git("pack-objects", "-q", str(pack), stdin="\n".join(ids).encode() + b"\n")
    full.git("update-ref", "refs/tags/v1.0", remote.git("rev-parse", "v1.0"))
    with Repository.open(full.folder) as repository:
        assert not any(repository.has(entry.object) for entry in tree.entries.values())
    assert compared(full.folder, tmp_path, FILES, LINK, complete=True).findings == ()
    assert gzip.decompress((tmp_path / "demo-1.0.tar.gz").read_bytes()).endswith(END)


def test_a_release_needs_its_configuration(blobless: Path) -> None:
    with pytest.raises(GitError) as raised, open_source(blobless, "v1.0"):
        pass
    assert raised.value.code == "git-object-missing"
    assert "partial clone" in raised.value.hint
    with pytest.raises(GitError) as raised, rehearsal_source(blobless, None):
        pass
    assert raised.value.code == "git-object-missing"


def test_bytes_that_the_archive_has_elsewhere(remote: Sandbox, tmp_path: Path) -> None:
    remote.write("one/README", b"same\n")
    remote.write("two/README", b"same\n")
    remote.commit()
    remote.git("tag", "-f", "v1.0")
    made = clone(remote.folder, tmp_path / "clone", "--filter=blob:none", "--no-checkout")
    files = {**FILES, "one/README": b"same\n", "two/README": b"changed\n"}
    found = compared(made, tmp_path, files, LINK)
    assert found.warnings == ()
    assert found.accounted.claim is not None
    assert list(found.accounted.claim.carried.values()) == [b"same\n"]


def test_a_readme_that_is_a_symlink_and_left_out(tmp_path: Path) -> None:
    made = Sandbox(tmp_path / "remote")
    made.write("pyproject.toml", b'[project]\nname = "demo"\nversion = "1.0"\nreadme = "READ"\n')
    made.write("a.md", b"# a\n")
    (made.folder / "READ").symlink_to("a.md")
    made.commit()
    made.git("tag", "v1.0")
    files = {"a.md": b"# a\n", "pyproject.toml": (made.folder / "pyproject.toml").read_bytes()}
    found = compared(made.folder, tmp_path, files)
    assert found.accounted.claim is not None
    assert found.accounted.claim.carried == {}
