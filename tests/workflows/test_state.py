import json
from pathlib import Path

import pytest

from support_archives import END, folder, gz, link, member
from support_release import repository_of
from tagseal.attest import CONTENTS_TYPE, PROVENANCE_TYPE, RELEASE_TYPE
from tagseal.core.digests import sha256_hex
from tagseal.core.errors import TagsealError
from tagseal.workflows.folder import BuildRecord, ReleaseFolder
from tagseal.workflows.source import open_source
from tagseal.workflows.state import (
    Run,
    Statements,
    account_release,
    gate_release,
    read_statements,
    require_open_gate,
    state_release,
    write_statements,
)

TOP = b"demo-1.0/"
RUN = Run(builder_id="https://b.example/w@r", invocation="https://i.example")


def stated(tmp_path: Path, *members: bytes) -> tuple[ReleaseFolder, Statements]:
    """State an archive with these members beside the tree's one file."""
    sandbox = repository_of(tmp_path / "repository", {"README": b"text\n", "a": b"a"})
    archive = tmp_path / "demo-1.0.tar.gz"
    archive.write_bytes(gz(folder(TOP) + b"".join(members) + END))
    with open_source(sandbox.folder, "v1.0") as source:
        record = BuildRecord(
            name=archive.name,
            sha256=sha256_hex(archive.read_bytes()),
            builder="source",
            dependencies=(),
            reported={"network": "not used"},
            started="2024-01-01T00:00:00Z",
            finished="2024-01-01T00:00:00Z",
        )
        release = ReleaseFolder(
            path=tmp_path,
            slug=source.slug,
            uri=source.uri,
            tag="v1.0",
            commit=source.tag.commit,
            version="1.0",
            archives=(record,),
        )
        accounted = account_release(release, source, progress=lambda _: None)
        require_open_gate(accounted, gate_release(release, source, accounted))
        return release, state_release(release, source, accounted, RUN)


HONEST = (member(TOP + b"README", b"text\n"), member(TOP + b"a", b"a"))


def test_three_statements_with_their_subjects(tmp_path: Path) -> None:
    release, statements = stated(tmp_path, *HONEST)
    (record,) = release.archives
    texts = [*statements.archives[record.name], statements.release]
    documents = [json.loads(text) for text in texts]
    types = [PROVENANCE_TYPE, CONTENTS_TYPE, RELEASE_TYPE]
    assert [document["predicateType"] for document in documents] == types
    subject = [{"name": record.name, "digest": {"sha256": record.sha256}}]
    assert all(document["subject"] == subject for document in documents)


def test_stating_is_deterministic(tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("first", "second"))
    first.mkdir()
    second.mkdir()
    assert stated(first, *HONEST)[1] == stated(second, *HONEST)[1]


def test_the_exact_bytes_are_read_back(tmp_path: Path) -> None:
    release, statements = stated(tmp_path, *HONEST)
    write_statements(release, statements)
    write_statements(release, statements)
    assert read_statements(release) == statements


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ([member(TOP + b"evil", b"")], "evil"),
        ([link(TOP + b"evil", b"README")], "evil"),
    ],
)
def test_the_gate_names_what_is_not_accounted_for(
    tmp_path: Path, extra: list[bytes], named: str
) -> None:
    with pytest.raises(TagsealError) as caught:
        stated(tmp_path, *HONEST, *extra)
    assert caught.value.code == "release-not-accounted"
    assert named in caught.value.message


def test_the_gate_names_some_of_many_and_counts_the_rest(tmp_path: Path) -> None:
    extra = [member(TOP + b"evil%02d" % number, b"") for number in range(30)]
    with pytest.raises(TagsealError) as caught:
        stated(tmp_path, *HONEST, *extra)
    assert caught.value.message.endswith("and 10 more")
