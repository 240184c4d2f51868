"""Evidence files and the bundles in them (`tagseal.evidence`)."""

import json

from tagseal.core.errors import EvidenceError
from tagseal.evidence import describe, format_evidence, read_evidence


def check(data: bytes) -> None:
    """Evidence is read or refused; what was read can be described, written and read again."""
    try:
        bundles = read_evidence(data)
    except EvidenceError:
        return
    assert bundles, "evidence is never read to nothing"
    assert read_evidence(data) == bundles
    for bundle in bundles:
        json.dumps(describe(bundle).as_json())
    written = format_evidence(bundle.raw for bundle in bundles)
    again = read_evidence(written)
    assert [b.payload for b in again] == [b.payload for b in bundles]
    assert [b.certificate for b in again] == [b.certificate for b in bundles]
    assert format_evidence(bundle.raw for bundle in again) == written
