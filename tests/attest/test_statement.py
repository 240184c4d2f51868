import json
from typing import Any

import pytest

from tagseal.attest import STATEMENT_TYPE, Statement, Subject
from tagseal.core.errors import StatementError

SUBJECT = Subject(name="t-1.tar.gz", sha256="a" * 64)
GOOD: dict[str, Any] = {
    "_type": STATEMENT_TYPE,
    "subject": [{"name": "t-1.tar.gz", "digest": {"sha256": "a" * 64}}],
    "predicateType": "https://example.org/p/v1",
    "predicate": {"x": [1, None, True, {"y": "\u00e9"}]},
}


def refused(document: object) -> str:
    with pytest.raises(StatementError) as caught:
        Statement.parse(document if isinstance(document, bytes) else json.dumps(document).encode())
    return caught.value.code


def test_what_is_written_is_read() -> None:
    statement = Statement(
        subjects=(SUBJECT,), predicate_type=GOOD["predicateType"], predicate=GOOD["predicate"]
    )
    payload = statement.encode()
    assert json.loads(payload) == GOOD
    assert b": " not in payload
    assert Statement.parse(payload) == statement


def test_a_subject_may_say_more_about_itself() -> None:
    subject = {
        **GOOD["subject"][0],
        "annotations": {},
        "digest": {"sha256": "a" * 64, "sha512": "b"},
    }
    parsed = Statement.parse(json.dumps({**GOOD, "subject": [subject]}).encode())
    assert parsed.subjects == (SUBJECT,)


@pytest.mark.parametrize(
    "version", ["https://in-toto.io/Statement/v0.1", STATEMENT_TYPE + "\x1b[2J"]
)
def test_another_version_is_not_supported(version: str) -> None:
    assert refused({**GOOD, "_type": version}) == "statement-unsupported"


@pytest.mark.parametrize(
    "change",
    [
        {"_type": 1},
        {"_type": None},
        {"subject": []},
        {"subject": {}},
        {"subject": ["x"]},
        {"subject": [{"name": "x"}]},
        {"subject": [{"name": "x", "digest": {}}]},
        {"subject": [{"name": "x", "digest": {"sha256": "A" * 64}}]},
        {"subject": [{"name": "x", "digest": {"sha256": "a" * 63}}]},
        {"subject": [{"name": 1, "digest": {"sha256": "a" * 64}}]},
        {"subject": [*GOOD["subject"], *GOOD["subject"]]},
        {"predicateType": 1},
        {"extra": 1},
        {"\x1b[2J": 1},
    ],
)
def test_a_statement_is_exactly_in_its_form(change: dict[str, Any]) -> None:
    assert refused({**GOOD, **change}) == "statement-malformed"


@pytest.mark.parametrize("field", sorted(GOOD))
def test_every_field_is_wanted(field: str) -> None:
    assert refused({name: v for name, v in GOOD.items() if name != field}) == "statement-malformed"


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b"\xff", b'{"_type":1,"_type":1}', b"1.5"])
def test_what_is_no_document_is_malformed(payload: bytes) -> None:
    assert refused(payload) == "statement-malformed"
