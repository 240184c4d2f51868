import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_evidence import b64, encode, plain
from tagseal.core.errors import EvidenceError
from tagseal.evidence import EvidenceLimits, format_evidence, read_evidence


def code(data: bytes, limits: EvidenceLimits | None = None) -> str:
    with pytest.raises(EvidenceError) as caught:
        read_evidence(data, limits=limits or EvidenceLimits())
    return caught.value.code


def with_payload(payload: bytes) -> bytes:
    document = plain()
    document["dsseEnvelope"]["payload"] = b64(payload)
    return encode(document)


def test_every_line_is_a_bundle():
    data = with_payload(b"one") + b"\n" + with_payload(b"two") + b"\n"
    assert [(b.line, b.payload) for b in read_evidence(data)] == [(1, b"one"), (2, b"two")]
    assert read_evidence(data.removesuffix(b"\n")) == read_evidence(data)


def test_carriage_returns_do_not_matter():
    data = with_payload(b"one") + b"\r\n" + with_payload(b"two") + b"\r\n"
    assert read_evidence(data) == read_evidence(data.replace(b"\r", b""))


def test_a_pretty_printed_bundle_is_evidence():
    (parsed,) = read_evidence(json.dumps(plain(), indent=2).encode())
    assert parsed.line == 1
    assert format_evidence([parsed.raw]) == encode(plain()) + b"\n"


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t"])
def test_nothing_is_not_evidence(data: bytes):
    assert code(data) == "evidence-empty"


@pytest.mark.parametrize(
    "template", [b"\n%s\n", b"%s\n\n%s\n", b"%s\n \n%s", b"%s\n\n", b"%s\n\r\n"]
)
def test_blank_lines_are_refused(template: bytes):
    assert code(template.replace(b"%s", encode(plain()))) == "evidence-malformed"


def test_one_bad_line_refuses_the_file_and_is_named():
    data = encode(plain()) + b"\n{}\n"
    with pytest.raises(EvidenceError, match="line 2") as caught:
        read_evidence(data)
    assert caught.value.code == "evidence-malformed"


def test_a_line_cut_short():
    assert code(encode(plain())[:-1]) == "evidence-malformed"


def test_limits():
    data = encode(plain()) + b"\n"
    assert len(read_evidence(data * 3, limits=EvidenceLimits(bundles=3))) == 3
    assert code(data * 4, EvidenceLimits(bundles=3)) == "evidence-too-large"
    assert code(data, EvidenceLimits(file_bytes=len(data) - 1)) == "evidence-too-large"
    assert code(data, EvidenceLimits(bundle_bytes=len(data) - 2)) == "evidence-too-large"


def test_writing_nothing_is_refused():
    with pytest.raises(EvidenceError) as caught:
        format_evidence([])
    assert caught.value.code == "evidence-empty"


def test_writing_what_cannot_be_read_is_refused():
    with pytest.raises(EvidenceError) as caught:
        format_evidence([encode(plain()), b"{}"])
    assert caught.value.code == "evidence-malformed"
    assert caught.value.where == "line 2 of the evidence"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.binary(min_size=1), st.text(min_size=1)), min_size=1, max_size=4))
def test_round_trip(contents: list[tuple[bytes, str]]):
    documents = []
    for payload, name in contents:
        document = plain()
        document["dsseEnvelope"] |= {"payload": b64(payload), "payloadType": name}
        documents.append(json.dumps(document, indent=3).encode())
    evidence = format_evidence(documents)
    parsed = read_evidence(evidence)
    assert [(b.payload, b.payload_type) for b in parsed] == contents
    assert format_evidence(b.raw for b in parsed) == evidence
    assert b"".join(b.raw + b"\n" for b in parsed) == evidence
