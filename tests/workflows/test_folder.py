import json
from dataclasses import replace
from pathlib import Path

import pytest

from tagseal.attest import Dependency
from tagseal.core.digests import sha256_hex
from tagseal.core.errors import TagsealError
from tagseal.workflows.folder import BuildRecord, ReleaseFolder


def record(name: str = "demo-1.0.tar.gz", content: bytes = b"archive") -> BuildRecord:
    return BuildRecord(
        name=name,
        sha256=sha256_hex(content),
        builder="source",
        dependencies=(Dependency(uri="pkg:pypi/x@1", digest={"sha256": "0" * 64}),),
        reported={"network": "not used"},
        started="2024-01-01T00:00:00Z",
        finished="2024-01-01T00:00:01Z",
    )


@pytest.fixture
def folder(tmp_path: Path) -> ReleaseFolder:
    (tmp_path / "demo-1.0.tar.gz").write_bytes(b"archive")
    return ReleaseFolder(
        path=tmp_path,
        slug="owner/demo",
        uri="https://github.com/owner/demo",
        tag="v1.0",
        commit="a" * 40,
        version="1.0",
        archives=(record(),),
    )


def test_what_was_saved_is_loaded(folder: ReleaseFolder) -> None:
    folder.save()
    assert ReleaseFolder.load(folder.path) == folder


def test_results_of_building_again(folder: ReleaseFolder) -> None:
    updated = folder.with_rebuilt({"demo-1.0.tar.gz": "same-bytes"})
    updated.save()
    assert ReleaseFolder.load(folder.path).archives[0].rebuilt == "same-bytes"
    assert folder.with_rebuilt({}) == folder


def test_a_name_that_leads_out_of_the_folder(folder: ReleaseFolder) -> None:
    replace(folder, archives=(record("../demo-1.0.tar.gz"),)).save()
    with pytest.raises(TagsealError) as caught:
        ReleaseFolder.load(folder.path)
    assert caught.value.code == "release-folder-invalid"


def test_messages_are_escaped(folder: ReleaseFolder) -> None:
    folder.save()
    path = folder.path / "release.json"
    document = json.loads(path.read_bytes())
    document["format"] = "\x1b[2J"
    path.write_text(json.dumps(document))
    with pytest.raises(TagsealError) as caught:
        ReleaseFolder.load(folder.path)
    assert r"\x1b[2J" in caught.value.message
