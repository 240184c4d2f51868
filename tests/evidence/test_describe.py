import json

import pytest

import tagseal.evidence
from support_evidence import STATEMENT, b64, encode, plain
from tagseal.evidence import describe, read_bundle


def with_payload(payload: bytes) -> bytes:
    document = plain()
    document["dsseEnvelope"]["payload"] = b64(payload)
    return encode(document)


def test_a_statement_is_described():
    raw = encode(plain())
    described = describe(read_bundle(raw, line=3)).as_json()
    assert json.loads(json.dumps(described)) == {
        "line": 3,
        "media_type": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "kind": "dsse",
        "log_kind": "hashedrekord/0.0.2",
        "checkpoint_origin": "log.example",
        "bundle_bytes": len(raw),
        "payload_bytes": len(json.dumps(STATEMENT)),
        "payload_type": "application/vnd.in-toto+json",
        "statement_type": "https://in-toto.io/Statement/v1",
        "predicate_type": "https://slsa.dev/provenance/v1",
        "subjects": [{"name": "a-1.tar.gz", "digest": {"sha256": "0" * 64, "sha512": "1" * 128}}],
    }


@pytest.mark.parametrize(
    "payload",
    [b"\x00", b"[]", b"{}", b'{"_type": 3, "_type": 4}', b'{"subject": [1, {"digest": 2}]}'],
)
def test_any_other_payload_is_described_by_its_size(payload: bytes):
    described = describe(read_bundle(with_payload(payload)))
    assert described.payload_bytes == len(payload)
    assert (described.statement_type, described.predicate_type) == (None, None)
    assert described.subjects == ()


def test_a_subject_without_a_name():
    payload = json.dumps({"subject": [{"digest": {"sha256": "a", "odd": 3}}]}).encode()
    described = describe(read_bundle(with_payload(payload)))
    assert described.subjects == (("", (("sha256", "a"),)),)


def test_a_message_signature_is_described():
    document = plain()
    del document["dsseEnvelope"]
    document["messageSignature"] = {"signature": b64(b"s")}
    described = describe(read_bundle(encode(document)))
    assert (described.kind, described.payload_bytes, described.subjects) == ("message", None, ())


def test_what_is_exported():
    names = tagseal.evidence.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))
    for name in tagseal.evidence.__all__:
        assert hasattr(tagseal.evidence, name)
