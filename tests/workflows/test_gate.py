from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_archives import END, folder, gz, link, member
from support_release import repository_of
from tagseal.workflows.account import Accounted, account_archive
from tagseal.workflows.gate import gate, literal_pattern
from tagseal.workflows.source import ReleaseSource, open_source

TOP = b"demo-1.0/"


@pytest.fixture
def source(tmp_path: Path) -> Iterator[ReleaseSource]:
    files = {"README": b"text\n", "src/a.c": b"int a;\n", "b": b"b\n"}
    sandbox = repository_of(tmp_path / "repository", files)
    with open_source(sandbox.folder, "v1.0") as opened:
        yield opened


def accounted(tmp_path: Path, source: ReleaseSource, *members: bytes) -> Accounted:
    path = tmp_path / "demo-1.0.tar.gz"
    path.write_bytes(gz(folder(TOP) + b"".join(members) + END))
    return account_archive(path, source)


README = member(TOP + b"README", b"text\n")
SOURCE = member(TOP + b"src/a.c", b"int a;\n")
SAME = member(TOP + b"b", b"b\n")


def test_nothing_to_allow(tmp_path: Path, source: ReleaseSource) -> None:
    result = gate(
        accounted(tmp_path, source, README, SOURCE, SAME), repository="o/n", rebuilt="same-bytes"
    )
    assert (result.findings, result.blocking) == ((), ())
    assert not any(result.needed.patterns().values())


def test_what_a_consumer_must_allow_is_exactly_enough(
    tmp_path: Path, source: ReleaseSource
) -> None:
    changed = member(TOP + b"README", b"other\n")
    more = member(TOP + b"ChangeLog", b"")
    result = gate(
        accounted(tmp_path, source, changed, more, SAME), repository="o/n", rebuilt="same-bytes"
    )
    assert result.blocking == ()
    needed = {k: [p.text for p in v] for k, v in result.needed.patterns().items() if v}
    assert set(needed) == {"generated", "modified", "omitted"}
    assert {f.code for f in result.findings} == {
        "contents-generated",
        "contents-modified",
        "contents-omitted",
    }


def test_what_no_allowance_answers_blocks(tmp_path: Path, source: ReleaseSource) -> None:
    result = gate(
        accounted(tmp_path, source, member(TOP + b"x", b"")), repository="o/n", rebuilt="same-bytes"
    )
    assert "contents-nothing-identical" in {f.code for f in result.blocking}


def test_a_member_of_another_type_blocks(tmp_path: Path, source: ReleaseSource) -> None:
    """A symlink where the tree has a file cannot even be claimed."""
    odd = accounted(tmp_path, source, SOURCE, SAME, link(TOP + b"README", b"b"))
    result = gate(odd, repository="o/n", rebuilt="same-bytes")
    assert odd.claim is None
    assert result.judged is None
    assert {f.code for f in result.findings} == {"contents-conflicting"}
    assert result.blocking == result.findings


@given(st.binary(min_size=1).filter(lambda b: b"\0" not in b and b"//" not in b))
def test_a_literal_pattern_matches_its_path(path: bytes) -> None:
    try:
        pattern = literal_pattern(path)
    except ValueError:
        return  # a path that no pattern can spell is no path of an archive
    assert pattern.matches(path)
