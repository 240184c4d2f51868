"""Steps 4, 6 and 7: what is stated, about what, and that it belongs together."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from support_verification import (
    OTHER_RELEASED,
    Sealed,
    identity_of,
    sdist,
    seal,
    source,
)
from tagseal.core.reasons import Status
from tagseal.core.verdict import Outcome

PROVENANCE, CONTENTS, RELEASE = range(3)
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def sealed() -> Sealed:
    return seal(source())


def failed_step(sealed: Sealed) -> int:
    return next(c.number for c in sealed.verify().checks if c.outcome is Outcome.FAILED)


# Step 4: an in-toto statement of a known type about exactly this file.


def test_no_evidence_is_no_success(sealed: Sealed) -> None:
    verdict = sealed.but(lines=()).verify()
    assert {f.code for f in verdict.findings} == {"evidence-missing"}
    assert verdict.status is Status.NOT_VERIFIED


def test_the_evidence_of_another_file(sealed: Sealed) -> None:
    other = replace(sealed.listing, sha256="1" * 64)
    assert sealed.but(listing=other).codes == {"evidence-wrong-file"}


def test_one_line_of_the_evidence_is_of_another_file(sealed: Sealed) -> None:
    other = sealed.edited(CONTENTS, lambda s: s["subject"][0]["digest"].update(sha256="1" * 64))
    assert other.codes == {"evidence-wrong-file"}
    assert failed_step(other) == 4


@pytest.mark.parametrize("name", ["t-2-source.tar.gz", "T-1-source.tar.gz", "t-1-source.tar.gz "])
def test_a_renamed_file(sealed: Sealed, name: str) -> None:
    renamed = sealed.but(name=name)
    assert renamed.codes == {"evidence-wrong-name"}
    assert renamed.verify().status is Status.NOT_VERIFIED


def test_a_renamed_file_when_the_name_is_not_demanded(sealed: Sealed) -> None:
    verdict = sealed.but(name="download").asked(any_name=True).verify()
    assert verdict.status is Status.VERIFIED
    assert verdict.archive == "download"
    note = 'it was signed under the name "t-1-source.tar.gz", which you did not demand'
    assert note in verdict.notes
    assert note not in sealed.asked(any_name=True).verify().notes


def test_the_name_that_was_signed_decides_how_a_renamed_file_is_read() -> None:
    renamed = seal(sdist()).but(name="t-1-py3-none-any.whl").asked(any_name=True)
    verdict = renamed.verify()
    assert verdict.status is Status.VERIFIED
    assert verdict.facts["kind"] == "sdist"


def test_without_a_name_all_statements_still_name_one_file(sealed: Sealed) -> None:
    def rename(statement: dict[str, Any]) -> None:
        statement["subject"][0]["name"] = "t-2-source.tar.gz"

    assert "evidence-contradicts" in sealed.edited(CONTENTS, rename).asked(any_name=True).codes


def test_a_release_that_names_the_file_differently(sealed: Sealed) -> None:
    def rename(statement: dict[str, Any]) -> None:
        for item in (statement["subject"][0], statement["predicate"]["archives"][0]):
            item["name"] = "a.tar.gz"

    other = sealed.edited(RELEASE, rename)
    assert other.codes == {"evidence-wrong-name"}
    assert other.asked(any_name=True).codes == {"evidence-contradicts"}


@pytest.mark.parametrize("index", [PROVENANCE, CONTENTS])
def test_several_subjects(sealed: Sealed, index: int) -> None:
    extra = {"name": "u-1.tar.gz", "digest": {"sha256": "5" * 64}}
    several = sealed.edited(index, lambda s: s["subject"].append(extra))
    assert several.codes == {"evidence-contradicts"}
    assert failed_step(several) == 4


@pytest.mark.parametrize("payload_type", ["", "application/json", "application/vnd.in-toto+json "])
def test_a_payload_of_another_type(sealed: Sealed, payload_type: str) -> None:
    line = replace(sealed.contents, payload_type=payload_type)
    verdict = sealed.but(lines=(sealed.provenance, line, sealed.release)).verify()
    assert {f.code for f in verdict.findings} == {"statement-unsupported"}
    assert verdict.status is Status.UNDECIDED
    assert "line 2" in verdict.findings[0].message


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda s: s.update(predicateType="https://spdx.dev/Document"), "statement-unsupported"),
        (lambda s: s.update(predicateType=s["predicateType"] + "/"), "statement-unsupported"),
        (lambda s: s.update(_type="https://in-toto.io/Statement/v0.1"), "statement-unsupported"),
        (lambda s: s.update(subject=[]), "statement-malformed"),
        (lambda s: s.update(predicate=None), "statement-malformed"),
        (lambda s: s["predicate"].update(more=1), "statement-malformed"),
        (lambda s: s.pop("_type"), "statement-malformed"),
    ],
)
@pytest.mark.parametrize("index", [PROVENANCE, CONTENTS, RELEASE])
def test_statements_of_another_form(sealed: Sealed, index: int, change: Change, code: str) -> None:
    verdict = sealed.edited(index, change).verify()
    assert {f.code for f in verdict.findings} == {code}
    assert all(f.message.startswith(f"line {index + 1}") for f in verdict.findings)


def test_a_payload_that_is_no_json(sealed: Sealed) -> None:
    broken = replace(sealed.contents, payload=sealed.contents.payload[:-1])
    lines = (sealed.provenance, broken, sealed.release)
    assert sealed.but(lines=lines).codes == {"statement-malformed"}


def test_another_kind_of_build_is_undecided(sealed: Sealed) -> None:
    def change(statement: dict[str, Any]) -> None:
        statement["predicate"]["buildDefinition"]["buildType"] = "https://other.example/v1"

    verdict = sealed.edited(PROVENANCE, change).verify()
    assert {f.code for f in verdict.findings} == {"provenance-build-type"}
    assert verdict.status is Status.UNDECIDED


# Step 6: a predicate that contradicts its certificate.


def definition(statement: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = statement["predicate"]["buildDefinition"]
    return found


def other_repository(statement: dict[str, Any]) -> None:
    external = definition(statement)["externalParameters"]
    external["repository"] = "https://github.com/mallory/t"
    source = definition(statement)["resolvedDependencies"][0]
    source["uri"] = f"git+{external['repository']}@{external['ref']}"


def other_ref(statement: dict[str, Any]) -> None:
    external = definition(statement)["externalParameters"]
    external["ref"] = "refs/tags/v1.1"
    source = definition(statement)["resolvedDependencies"][0]
    source["uri"] = f"git+{external['repository']}@{external['ref']}"


def other_commit(statement: dict[str, Any]) -> None:
    definition(statement)["resolvedDependencies"][0]["digest"]["gitCommit"] = "b" * 40


def other_archive(statement: dict[str, Any]) -> None:
    definition(statement)["externalParameters"]["archive"]["name"] = "t-2.tar.gz"


def other_builder(statement: dict[str, Any]) -> None:
    statement["predicate"]["runDetails"]["builder"]["id"] = "https://github.com/mallory/b"


def other_run(statement: dict[str, Any]) -> None:
    statement["predicate"]["runDetails"]["metadata"]["invocationId"] += "1"


@pytest.mark.parametrize(
    "change",
    [other_repository, other_ref, other_commit, other_archive, other_builder, other_run],
)
def test_provenance_that_contradicts_its_certificate(sealed: Sealed, change: Change) -> None:
    contradicting = sealed.edited(PROVENANCE, change)
    assert contradicting.codes == {"evidence-contradicts"}
    assert failed_step(contradicting) == 6


def test_unknown_external_parameters_are_refused(sealed: Sealed) -> None:
    def change(statement: dict[str, Any]) -> None:
        definition(statement)["externalParameters"]["flags"] = ["--evil"]

    assert sealed.edited(PROVENANCE, change).codes == {"statement-malformed"}


# Step 7: all of one run, and nothing dropped.


@pytest.mark.parametrize("index", [PROVENANCE, CONTENTS, RELEASE])
def test_a_dropped_line(sealed: Sealed, index: int) -> None:
    lines = sealed.lines[:index] + sealed.lines[index + 1 :]
    assert sealed.but(lines=lines).codes == {"evidence-incomplete"}


@pytest.mark.parametrize(
    "field",
    [
        "run_invocation_uri",
        "build_signer_digest",
        "build_config_digest",
        "source_repository_id",
        "source_owner_id",
        "source_repository_visibility",
    ],
)
@pytest.mark.parametrize("index", [CONTENTS, RELEASE])
def test_a_line_of_another_run(sealed: Sealed, index: int, field: str) -> None:
    lines = list(sealed.lines)
    lines[index] = (sealed.contents, sealed.release)[index - 1].signed_by(**{field: "7"})
    mixed = sealed.but(lines=tuple(lines))
    assert mixed.codes == {"evidence-mixed"}
    assert failed_step(mixed) == 7


def test_lines_of_two_runs_that_are_complete_each(sealed: Sealed) -> None:
    commit = sealed.contents.identity.source_repository_digest or ""
    again = seal(source(), identity=identity_of(commit, run_invocation_uri="run 8"))
    assert again.codes == set()
    assert sealed.but(lines=sealed.lines + again.lines).codes == {"evidence-mixed"}


def test_lines_of_two_commits() -> None:
    first = seal(source())
    other = seal(source({b"README": b"other\n"}))
    mixed = first.but(lines=(first.provenance, other.contents, first.release))
    assert "evidence-mixed" in mixed.codes


@pytest.mark.parametrize("index", [PROVENANCE, CONTENTS, RELEASE])
def test_a_line_that_stands_twice_changes_nothing(sealed: Sealed, index: int) -> None:
    once, twice = sealed.verify(), sealed.but(lines=(*sealed.lines, sealed.lines[index])).verify()
    assert twice.status is Status.VERIFIED
    assert (twice.headline, twice.facts, twice.notes) == (once.headline, once.facts, once.notes)
    assert twice.checks[8].detail == "1 builder, and 1 is demanded"


@pytest.mark.parametrize("index", [CONTENTS, RELEASE])
@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["uri"] and s.update(uri="https://github.com/mallory/t"),
        lambda s: s["annotations"].update(ref="refs/tags/v1.1"),
        lambda s: s["digest"].update(gitCommit="b" * 40),
        lambda s: s["digest"].update(gitCommit="b" * 64),
    ],
)
def test_another_source_than_the_certificates(sealed: Sealed, index: int, change: Change) -> None:
    other = sealed.edited(index, lambda s: change(s["predicate"]["source"]))
    assert other.codes == {"evidence-contradicts"}
    assert failed_step(other) == 7


def test_a_release_of_other_archives_than_it_is_about(sealed: Sealed) -> None:
    def withheld(statement: dict[str, Any]) -> None:
        statement["predicate"]["archives"].pop()

    def more(statement: dict[str, Any]) -> None:
        statement["subject"].append({"name": "u", "digest": {"sha256": "6" * 64}})

    def digest(statement: dict[str, Any]) -> None:
        statement["predicate"]["archives"][0]["digest"]["sha256"] = "6" * 64

    for change in (withheld, more, digest):
        assert sealed.edited(RELEASE, change).codes == {"evidence-contradicts"}


def test_a_release_that_does_not_list_the_archive(sealed: Sealed) -> None:
    def drop(statement: dict[str, Any]) -> None:
        statement["subject"].pop(0)
        statement["predicate"]["archives"].pop(0)

    assert sealed.edited(RELEASE, drop).codes == {"evidence-wrong-file"}


def test_two_releases_are_not_one(sealed: Sealed) -> None:
    def without_the_other(statement: dict[str, Any]) -> None:
        for items in (statement["subject"], statement["predicate"]["archives"]):
            items[:] = [item for item in items if item["name"] != OTHER_RELEASED.name]

    other = sealed.release.edited(without_the_other)
    assert sealed.but(lines=(sealed.provenance, sealed.contents, other)).codes == set()
    assert sealed.but(lines=(*sealed.lines, other)).codes == {"evidence-contradicts"}


def test_a_release_with_another_digest_of_the_tar(sealed: Sealed) -> None:
    def change(statement: dict[str, Any]) -> None:
        statement["predicate"]["archives"][0]["tarDigest"] = {"sha256": "6" * 64}

    made = replace(sealed.listing, tar_sha256="5" * 64)
    assert sealed.edited(RELEASE, change).but(listing=made).codes == {"evidence-contradicts"}
    a_zip = replace(sealed.listing, format="zip")
    assert sealed.edited(RELEASE, change).but(listing=a_zip).codes == {"evidence-contradicts"}
    assert sealed.edited(RELEASE, change).codes == set()  # the reader was not asked to make it


@pytest.mark.parametrize("version", ["2", "1.0", "v1", ""])
def test_a_release_of_another_version_than_its_tags(sealed: Sealed, version: str) -> None:
    other = sealed.edited(RELEASE, lambda s: s["predicate"].update(version=version))
    assert other.codes == {"evidence-contradicts"}
    assert failed_step(other) == 10


def test_a_release_of_a_tag_without_a_version() -> None:
    forged = source(ref="refs/tags/nightly/one")
    identity = identity_of(forged.claim.commit_id, source_repository_ref=forged.claim.ref)
    signer = (identity.san.rpartition("@")[0]) + f"@{forged.claim.ref}"
    identity = replace(identity, san=signer, build_signer_uri=signer, build_config_uri=signer)
    sealed = seal(forged, identity=identity)
    assert sealed.codes == {"evidence-contradicts"}
    named = sealed.edited(RELEASE, lambda s: s["predicate"].update(version="nightly-one"))
    assert named.verify().status is Status.VERIFIED
