"""What somebody between two steps can change, and which step tells."""

import gzip
import hashlib
import json
from collections.abc import Callable

import pytest

from support_archives import END, gz, member
from support_cli import refused, run
from support_steps import TAR, ZIP, Release


@pytest.mark.parametrize("step", ["rebuild", "compare", "state", "sign"])
def test_an_archive_that_changed_between_two_steps(stated: Release, step: str) -> None:
    archive = stated.folder / TAR
    archive.write_bytes(archive.read_bytes()[:-1] + b"\xff")
    ran = stated.stops("release-archive-changed", step)
    assert ran.document["error"]["where"] == TAR


@pytest.mark.parametrize("step", ["rebuild", "compare", "state", "sign"])
def test_an_archive_that_is_gone(stated: Release, step: str) -> None:
    (stated.folder / ZIP).unlink()
    ran = stated.stops("file-unreadable", step)
    assert ZIP in ran.document["error"]["where"]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(format=2),
        lambda d: d.update(format=True),
        lambda d: d.update(archives=[]),
        lambda d: d.update(archives={}),
        lambda d: d.update(tag=1),
        lambda d: d.pop("commit"),
        lambda d: d["archives"][0].update(name="../demo-1.0.tar.gz"),
        lambda d: d["archives"][0].update(name="a/b"),
        lambda d: d["archives"][0].update(name=".."),
        lambda d: d["archives"][0].update(name=7),
        lambda d: d["archives"][0].update(rebuilt="yes"),
        lambda d: d["archives"][0].update(rebuilt=[]),
        lambda d: d["archives"][0].update(dependencies=7),
        lambda d: d["archives"][0].update(dependencies=[{"uri": "a", "digest": []}]),
        lambda d: d["archives"][0].update(reported=[1]),
        lambda d: d["archives"].append("x"),
        lambda d: d["archives"].append(d["archives"][0]),
    ],
)
def test_a_release_json_that_build_did_not_write(
    built: Release, change: Callable[[dict[str, object]], object]
) -> None:
    built.change_record(change)
    built.stops("release-folder-invalid", "rebuild")
    built.stops("release-folder-invalid", "state")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"a":1,"a":2}'])
def test_a_release_json_that_is_no_record(built: Release, content: bytes) -> None:
    (built.folder / "release.json").write_bytes(content)
    built.stops("release-folder-invalid", "state")


@pytest.mark.parametrize("step", ["rebuild", "compare", "state", "sign"])
def test_a_folder_without_release_json(release: Release, step: str) -> None:
    release.folder.mkdir()
    ran = release.stops("file-unreadable", step)
    assert "release.json" in ran.document["error"]["where"]
    assert ran.document["error"]["hint"] == "Name a folder that `tagseal build` made."


def test_an_evil_archive_with_its_digest_in_the_record_is_told_by_its_contents(
    stated: Release,
) -> None:
    """Whoever owns the build job can write both; the next job looks at the bytes themselves."""
    archive = stated.folder / TAR
    tar = gzip.decompress(archive.read_bytes()).rstrip(b"\0")
    tar += bytes(-len(tar) % 512) + member(b"demo-1.0/evil.m4", b"evil\n") + END
    archive.write_bytes(gz(tar))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    stated.change_record(lambda d: d["archives"][0].update(sha256=digest))  # type: ignore[index]
    assert run(*stated.arguments("compare"), "--json").codes == ["contents-generated"]
    ran = stated.stops("release-not-accounted", "state")
    assert "evil.m4" in ran.document["error"]["message"]
    ran = stated.stops("release-claims-differ", "sign")
    assert "as it was built" in ran.document["error"]["message"]
    stated.stops("release-rebuild-differs", "rebuild")


def test_another_commit_in_the_record_is_not_believed(built: Release) -> None:
    built.change_record(lambda d: d.update(commit="0" * 40))
    for step in ("rebuild", "compare", "state"):
        built.stops("git-tag-moved", step)


def test_another_tag_in_the_record_is_stated_but_not_signed(stated: Release) -> None:
    stated.sandbox.git("tag", "v1.1")
    stated.change_record(lambda d: d.update(tag="v1.1"))
    stated.through("state")
    ran = stated.stops("release-claims-differ", "sign")
    assert 'name the ref "refs/tags/v1.1"' in ran.document["error"]["message"]


def test_signing_without_statements(built: Release) -> None:
    ran = built.stops("release-folder-invalid", "sign")
    assert "tagseal state" in ran.document["error"]["hint"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"repository": "owner/fork"}, "repository"),
        ({"ref": "refs/heads/main"}, "ref"),
        ({"ref": "refs/tags/v1.01"}, "ref"),
        ({"commit": "1" * 40}, "commit"),
    ],
)
def test_signing_in_a_run_of_something_else(
    stated: Release, change: dict[str, str], what: str
) -> None:
    stated.enter(**change)
    entries = stated.sigstore.log_entries()
    ran = stated.stops("release-claims-differ", "sign")
    assert f"the statements name the {what} " in ran.document["error"]["message"]
    assert stated.sigstore.log_entries() == entries


STATEMENTS = [f"{TAR}.provenance.json", f"{TAR}.contents.json", "release.statement.json"]


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_about_another_digest_is_not_signed(stated: Release, name: str) -> None:
    path = stated.folder / "statements" / name
    digest = json.loads((stated.folder / "release.json").read_bytes())["archives"][0]["sha256"]
    changed = path.read_bytes().replace(digest.encode(), b"0" * 64)
    assert changed != path.read_bytes()
    path.write_bytes(changed)
    stated.stops("release-claims-differ", "sign")


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_of_another_commit_is_not_signed(stated: Release, name: str) -> None:
    path = stated.folder / "statements" / name
    commit = stated.workload.commit
    changed = path.read_bytes().replace(commit.encode(), b"0" * 40)
    assert changed != path.read_bytes()
    path.write_bytes(changed)
    ran = stated.stops("release-claims-differ", "sign")
    assert "different sources" in ran.document["error"]["message"]


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff"])
def test_a_statement_that_is_none_is_not_signed(stated: Release, name: str, content: bytes) -> None:
    (stated.folder / "statements" / name).write_bytes(content)
    stated.stops("statement-malformed", "sign")


def test_a_statement_that_was_exchanged_is_not_signed(stated: Release) -> None:
    statements = stated.folder / "statements"
    provenance, contents = (statements / name for name in STATEMENTS[:2])
    contents.write_bytes(provenance.read_bytes())
    ran = run(*stated.arguments("sign"), "--json")
    assert ran.status != 0
    assert not list(stated.folder.glob("*.intoto.jsonl"))


@pytest.mark.parametrize(
    ("name", "place", "value", "code"),
    [
        (STATEMENTS[1], ("contents", "sha256"), "0" * 64, "contents-identical-digest"),
        (STATEMENTS[1], ("source", "digest", "gitTree"), "0" * 40, "contents-commit-malformed"),
        (STATEMENTS[0], ("runDetails", "builder", "id"), "https://x", "evidence-contradicts"),
    ],
)
def test_a_statement_that_was_changed_subtly_is_signed_and_not_verified(
    stated: Release, name: str, place: tuple[str, ...], value: str, code: str
) -> None:
    """Between two jobs the statements' digests are the CI's to compare; the lie buys nothing."""
    path = stated.folder / "statements" / name
    document = json.loads(path.read_bytes())
    holder = document["predicate"]
    for step in place[:-1]:
        holder = holder[step]
    assert isinstance(holder[place[-1]], str)
    holder[place[-1]] = value
    path.write_text(json.dumps(document))
    stated.through("sign")
    ran = run(*stated.arguments("verify"), "--json", "--full-sha256")
    assert ran.status == 1
    assert ran.document["archives"][0]["verified"] is False
    assert code in ran.codes
    # Only that sum is not looked at unless it is asked for: the archive's own digest is signed.
    unasked = run(*stated.arguments("verify"), "--json")
    assert unasked.status == (0 if code == "contents-identical-digest" else 1)


def test_verifying_a_folder_checks_its_record_first(stated: Release) -> None:
    (stated.folder / TAR).write_bytes(b"")
    refused("release-archive-changed", "verify", "--release", stated.folder)
