import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support_archives import END, folder, gz, link, member
from support_release import repository_of
from tagseal.workflows import account
from tagseal.workflows.account import Accounted, account_archive
from tagseal.workflows.source import ReleaseSource, open_source

TOP = b"demo-1.0/"


@contextmanager
def opened(tmp_path: Path, files: dict[str, bytes]) -> Iterator[ReleaseSource]:
    sandbox = repository_of(tmp_path / "repository", files)
    with open_source(sandbox.folder, "v1.0") as source:
        yield source


def accounted(tmp_path: Path, source: ReleaseSource, files: dict[str, bytes]) -> Accounted:
    path = tmp_path / "demo-1.0.tar.gz"
    members = [member(TOP + name.encode(), data) for name, data in files.items()]
    path.write_bytes(gz(folder(TOP) + b"".join(members) + END))
    return account_archive(path, source)


def carried(item: Accounted) -> set[bytes]:
    assert item.claim is not None
    return set(item.claim.carried.values())


def test_an_archive_that_is_the_tree_carries_nothing(tmp_path: Path) -> None:
    files = {"README": b"text\n", "a.c": b"int a;\n"}
    with opened(tmp_path, files) as source:
        item = accounted(tmp_path, source, files)
    assert item.account.counts["identical"] == 2
    assert carried(item) == set()
    assert item.conflicts == ()


def test_the_source_of_a_modified_file_is_carried_with_its_attributes(tmp_path: Path) -> None:
    """A verifier recomputes the transformation from them, and has no git."""
    files = {
        ".gitattributes": b"*.txt eol=crlf\n",
        "docs/.gitattributes": b"a.txt -text\n",
        "docs/a.txt": b"one\ntwo\n",
        "b": b"",
    }
    given = {name: data for name, data in files.items() if "gitattributes" not in name}
    with opened(tmp_path, files) as source:
        item = accounted(tmp_path, source, {**given, "docs/a.txt": b"one\r\ntwo\r\n"})
    assert carried(item) == {data for name, data in files.items() if name != "b"}


def test_what_metadata_is_recomputed_from_is_carried_where_it_was_left_out(tmp_path: Path) -> None:
    texts = [
        'readme = "docs/read.md"',
        'readme = "./docs/read.md"',
        'readme = {file = "docs/read.md"}',
        'license = {file = "docs/read.md"}',
        'readme = {text = "x"}',
        'license = "MIT"',
    ]
    for number, text in enumerate(texts):
        project = f'[project]\nname = "demo"\nversion = "1.0"\n{text}\n'.encode()
        files = {"pyproject.toml": project, "docs/read.md": b"# read\n", "a": b""}
        room = tmp_path / str(number)
        room.mkdir()
        with opened(room, files) as source:
            item = accounted(room, source, {"a": b""})
        assert carried(item) == {project} | ({b"# read\n"} if "docs" in text else set())


def test_a_large_source_is_not_put_into_a_statement(tmp_path: Path) -> None:
    large = bytes(account._CARRIED_LIMIT + 1)
    with opened(tmp_path, {"large": large, "a": b"a"}) as source:
        item = accounted(tmp_path, source, {"large": b"other", "a": b"a"})
    assert item.account.counts["modified"] == 1
    assert carried(item) == set()


def test_a_symlink_in_place_of_a_file_cannot_be_claimed(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0.tar.gz"
    with opened(tmp_path, {"a": b"a", "b": b"b"}) as source:
        path.write_bytes(gz(folder(TOP) + member(TOP + b"a", b"a") + link(TOP + b"b", b"a") + END))
        item = account_archive(path, source)
    assert item.claim is None
    assert [finding.path for finding in item.conflicts] == [TOP + b"b"]


def test_generated_files_are_labelled_by_what_they_look_like(tmp_path: Path) -> None:
    info = b"Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n"
    project = b'[build-system]\nrequires = []\n[project]\nname = "demo"\nversion = "1.0"\n'
    with opened(tmp_path, {"pyproject.toml": project}) as source:
        given = {"pyproject.toml": project, "PKG-INFO": info, "more": b""}
        item = accounted(tmp_path, source, given)
    rules = {g.path: g.rule for g in item.account.exceptions.generated}
    assert rules[TOP + b"more"] == "generated"
    assert rules[TOP + b"PKG-INFO"].startswith("metadata:")
    assert gzip.decompress((tmp_path / "demo-1.0.tar.gz").read_bytes()).endswith(END)
