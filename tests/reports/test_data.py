import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support_report import hostile_report, large_report, report_on, reported, small_report
from tagseal.core.contents_report import CLASSES, ContentsReport
from tagseal.core.paths import from_json
from tagseal.reports import as_json, contents_answer, contents_data

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "schemas" / "compare-v1.json").read_text("utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)


def document(report: ContentsReport, *, every_file: bool = False) -> dict[str, Any]:
    """What a program reads, after the way through JSON."""
    answer = contents_answer(report, every_file=every_file)
    found: dict[str, Any] = {"format": "tagseal-compare/1", **json.loads(as_json(answer))}
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("every_file", [True, False])
@pytest.mark.parametrize(
    "report", [small_report(), hostile_report(), report_on([]), report_on([], kind=None)]
)
def test_documents_are_what_the_schema_says(report: ContentsReport, every_file: bool) -> None:
    VALIDATOR.validate(document(report, every_file=every_file))


def objects(value: Any) -> list[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(value, dict):
        return [value, *(found for part in value.values() for found in objects(part))]
    if isinstance(value, list):
        return [found for part in value for found in objects(part)]
    return []


def test_the_schema_refuses_keys_that_it_does_not_know() -> None:
    number = len(objects(document(small_report())))
    refused = 0
    for index in range(number):
        changed = document(small_report())
        target = objects(changed)[index]
        if target is changed["rules"]:
            continue  # its keys are rules' names
        target["unknown"] = 1
        assert not VALIDATOR.is_valid(changed), index
        refused += 1
    assert refused == number - 1 > 20


def test_the_schema_misses_what_is_left_out() -> None:
    for key in document(small_report()):
        changed = document(small_report())
        del changed[key]
        assert not VALIDATOR.is_valid(changed), key


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", 2),
        ("status", "0"),
        ("sha256", "AB" * 32),
        ("commit", "0123"),
        ("kind", "zip"),
        ("format", "tagseal-verify/1"),
        ("size", -1),
        ("rests_on_sha1", None),
        ("files", [{}]),
        ("mappings", [{"archive": "a"}]),
    ],
)
def test_the_schema_refuses_other_values(key: str, value: object) -> None:
    assert not VALIDATOR.is_valid(document(small_report()) | {key: value})


def test_the_schema_lets_nothing_unexplained_have_the_status_0() -> None:
    changed = document(small_report())
    changed["status"] = 0
    assert not VALIDATOR.is_valid(changed)
    changed["findings"] = []
    assert not VALIDATOR.is_valid(changed)


def test_a_release_and_a_failure_are_documents_too() -> None:
    archive = {"archive": "a", "sha256": "ab" * 32, "findings": []}
    counts = {name: 1 for name in CLASSES if name != "conflicting"}
    head = {"format": "tagseal-compare/1"}
    VALIDATOR.validate({**head, "status": 0, "archives": [{**archive, "counts": counts}]})
    error = {"code": "usage", "message": "it is wrong", "where": None, "hint": "Do that."}
    VALIDATOR.validate({**head, "status": 2, "error": error})
    assert not VALIDATOR.is_valid({**head, "status": 0, "error": error})


def test_identical_files_are_listed_when_asked_for() -> None:
    report = small_report()
    few, every = contents_data(report), contents_data(report, every_file=True)
    assert len(every["files"]) == len(report.files) == len(few["files"]) + 3
    assert [from_json(f["path"]) for f in every["files"]] == [f.path for f in report.files]
    assert not any(f["class"] == "identical" for f in few["files"])


def test_an_identical_file_that_is_not_proven_is_always_listed() -> None:
    file = reported(b"t/a", standing="unexplained", reason="it is run by its name")
    assert len(contents_data(report_on([file]))["files"]) == 1


def test_a_file_says_all_there_is() -> None:
    files = contents_data(small_report())["files"]
    found = next(f for f in files if f["class"] == "modified" and f["code"])
    assert found == {
        "path": "tool-1.2/m4/build-to-host.m4",
        "class": "modified",
        "standing": "unexplained",
        "mode": "100644",
        "size": 20,
        "rule": None,
        "reason": "it differs, and no known rule yields its bytes",
        "code": "contents-modified",
        "tree_path": "m4/build-to-host.m4",
        "binary": False,
        "hidden_characters": [{"line": 2, "name": "RIGHT-TO-LEFT OVERRIDE"}],
    }


def test_paths_keep_their_bytes() -> None:
    paths = {from_json(f["path"]) for f in contents_data(hostile_report())["files"]}
    assert paths == {file.path for file in hostile_report().files}


def test_equal_reports_give_equal_documents() -> None:
    one, other = small_report(), small_report()
    assert as_json(contents_answer(one)) == as_json(contents_answer(other))


def test_of_a_large_archive_only_the_exceptions_are_listed() -> None:
    assert len(contents_data(large_report(5000, wrong=(3,)))["files"]) == 1
