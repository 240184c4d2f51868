import pytest

from tagseal.core.finding import Finding
from tagseal.core.reasons import Status


def test_a_finding_says_what_and_where() -> None:
    finding = Finding(code="contents-generated", message="it is new", path=b"a\x1b\xff")
    assert finding.sentence == "a\\x1b\\xff: it is new"
    assert finding.reason.status is Status.NOT_VERIFIED
    assert finding.as_json() == {
        "code": "contents-generated",
        "message": "it is new",
        "path": {"base64": "YRv/"},
    }
    whole = Finding(code="contents-generated", message="it is new")
    assert whole.sentence == "it is new"
    assert "path" not in whole.as_json()


def test_a_finding_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="no reason"):
        Finding(code="contents-whatever", message="x")
