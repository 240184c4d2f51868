from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_evidence import b64, encode, plain
from tagseal.core.errors import EvidenceError
from tagseal.evidence import EvidenceLimits, read_bundle

REAL = Path(__file__).parent / "real" / "a.dsse.staging-rekor-v2.txt.sigstore.json"


def code(data: bytes, **options: Any) -> str:
    with pytest.raises(EvidenceError) as caught:
        read_bundle(data, **options)
    assert caught.value.where
    return caught.value.code


def spoilt(change: Callable[[dict[str, Any]], object]) -> str:
    document = plain()
    change(document)
    return code(encode(document))


def test_fields_come_out_exactly():
    data = encode(plain())
    parsed = read_bundle(b"\n " + data + b"\r\n", line=4)
    assert parsed.raw == data
    assert parsed.line == 4
    assert (parsed.kind, parsed.payload_type) == ("dsse", "application/vnd.in-toto+json")
    assert parsed.payload is not None
    assert parsed.payload.startswith(b'{"_type"')
    assert parsed.certificate == b"certificate"
    assert (parsed.log_kind, parsed.checkpoint_origin) == ("hashedrekord/0.0.2", "log.example")


def test_a_real_bundle():
    parsed = read_bundle(REAL.read_bytes())
    assert parsed.kind == "dsse"
    assert parsed.checkpoint_origin == "log2025-alpha3.rekor.sigstage.dev"
    assert parsed.certificate[:1] == b"\x30"


def test_the_other_media_type_of_the_same_version():
    document = plain() | {"mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.3"}
    assert read_bundle(encode(document)).kind == "dsse"


def test_a_message_signature_has_no_payload():
    document = plain()
    del document["dsseEnvelope"]
    document["messageSignature"] = {"signature": b64(b"s")}
    parsed = read_bundle(encode(document))
    assert (parsed.kind, parsed.payload, parsed.payload_type) == ("message", None, None)


def test_the_first_certificate_of_a_chain():
    document = plain()
    document["verificationMaterial"]["x509CertificateChain"] = {
        "certificates": [{"rawBytes": b64(b"leaf")}, {"rawBytes": b64(b"ca")}]
    }
    del document["verificationMaterial"]["certificate"]
    assert read_bundle(encode(document)).certificate == b"leaf"


@pytest.mark.parametrize("version", ["0.1", "0.2"])
def test_older_versions_are_undecided_and_named(version: str):
    media_type = f"application/vnd.dev.sigstore.bundle+json;version={version}"
    with pytest.raises(EvidenceError, match=rf"version {version}") as caught:
        read_bundle(encode(plain() | {"mediaType": media_type}))
    assert caught.value.code == "evidence-unsupported-version"
    assert "0.3" in caught.value.hint


def test_an_unknown_version_is_undecided_and_shown_escaped():
    with pytest.raises(EvidenceError, match=r"v9\\x1b") as caught:
        read_bundle(encode(plain() | {"mediaType": "v9\x1b"}))
    assert caught.value.code == "evidence-unsupported-version"


def test_a_bare_key_is_undecided():
    key = {"publicKey": {"hint": "k"}}
    assert (
        spoilt(lambda d: d.update(verificationMaterial=key | {"tlogEntries": []}))
        == "evidence-unsupported-key"
    )


def set_kind(kind: str, version: str) -> Callable[[dict[str, Any]], object]:
    def change(document: dict[str, Any]) -> None:
        entry = document["verificationMaterial"]["tlogEntries"][0]
        entry["kindVersion"] = {"kind": kind, "version": version}

    return change


@pytest.mark.parametrize(
    ("kind", "version"),
    [("intoto", "0.0.2"), ("hashedrekord", "0.0.1"), ("hashedrekord", "0.0.3"), ("dsse", "0.0.2")],
)
def test_other_log_entries_are_undecided(kind: str, version: str):
    assert spoilt(set_kind(kind, version)) == "evidence-unsupported-log-entry"


def test_a_message_is_not_logged_as_an_envelope():
    def change(document: dict[str, Any]) -> None:
        del document["dsseEnvelope"]
        document["messageSignature"] = {"signature": b64(b"s")}
        set_kind("dsse", "0.0.1")(document)

    assert spoilt(change) == "evidence-unsupported-log-entry"


def test_two_log_entries_are_undecided():
    def change(document: dict[str, Any]) -> None:
        document["verificationMaterial"]["tlogEntries"] *= 2

    assert spoilt(change) == "evidence-unsupported-log-entry"


@pytest.mark.parametrize("missing", ["inclusionProof", "checkpoint"])
def test_an_entry_without_a_proof_is_undecided(missing: str):
    def change(document: dict[str, Any]) -> None:
        entry = document["verificationMaterial"]["tlogEntries"][0]
        (entry if missing in entry else entry["inclusionProof"]).pop(missing)

    assert spoilt(change) == "evidence-no-inclusion-proof"


def at(*path: str | int, value: object) -> Callable[[dict[str, Any]], object]:
    def change(document: dict[str, Any]) -> None:
        target: Any = document
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


MATERIAL = "verificationMaterial"
ENTRY = (MATERIAL, "tlogEntries", 0)


@pytest.mark.parametrize(
    "change",
    [
        at("mediaType", value=3),
        at("mediaType", value=None),
        at(MATERIAL, value=[]),
        at(MATERIAL, value={}),
        at(MATERIAL, "publicKey", value={"hint": "k"}),
        at(MATERIAL, "certificate", value="MIIB"),
        at(MATERIAL, "certificate", "rawBytes", value="M!IB"),
        at(MATERIAL, "certificate", "rawBytes", value="é"),
        at(MATERIAL, "certificate", "rawBytes", value=""),
        at(MATERIAL, "certificate", "rawBytes", value="TUF="),
        at(MATERIAL, "tlogEntries", value=[]),
        at(MATERIAL, "tlogEntries", value={}),
        at(MATERIAL, "tlogEntries", value=[3]),
        at(*ENTRY, "kindVersion", value={"kind": "dsse"}),
        at(*ENTRY, "inclusionProof", value=[]),
        at(*ENTRY, "inclusionProof", "checkpoint", "envelope", value="\n8\nAA==\n"),
        at("messageSignature", value={"signature": "MEUC"}),
        at("dsseEnvelope", value=3),
        at("dsseEnvelope", "payloadType", value="\ud800"),
        at("dsseEnvelope", "signatures", value=[]),
        at("dsseEnvelope", "signatures", value=[{"sig": "MEUC"}] * 2),
        at("dsseEnvelope", "signatures", value=[3]),
        at("dsseEnvelope", "payload", value="YQ"),
        at("dsseEnvelope", "payload", value="YR=="),
        lambda d: d.pop("dsseEnvelope"),
    ],
)
def test_malformed_fields(change: Callable[[dict[str, Any]], object]):
    assert spoilt(change) == "evidence-malformed"


def test_an_empty_certificate_chain_is_malformed():
    def change(document: dict[str, Any]) -> None:
        del document[MATERIAL]["certificate"]
        document[MATERIAL]["x509CertificateChain"] = {"certificates": []}

    assert spoilt(change) == "evidence-malformed"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"3",
        b"{",
        b'{"a": "b\\',
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1.5}',
        b'{"a": 1e99}',
        b'{"a": ' + b"9" * 21 + b"}",
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": "\xff"}',
        b'{"a": "\x01"}',
        b"{} {}",
    ],
)
def test_malformed_json(data: bytes):
    assert code(data) == "evidence-malformed"


@pytest.mark.parametrize(
    "limits",
    [
        EvidenceLimits(bundle_bytes=100),
        EvidenceLimits(depth=2),
        EvidenceLimits(tokens=10),
    ],
)
def test_limits(limits: EvidenceLimits):
    assert code(encode(plain()), limits=limits) == "evidence-too-large"


def test_nesting_is_counted_before_it_is_parsed():
    assert code(b"[" * 100_000) == "evidence-too-large"


def test_a_broken_string_of_escaped_quotes_takes_no_time():
    assert code(b'{"' + rb"\"" * 1_000_000 + b"\\") == "evidence-malformed"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_bundle_is_read_or_refused(data: st.DataObject):
    raw = bytearray(encode(plain()))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_bundle(bytes(raw)).raw == bytes(raw).strip(b" \t\r\n")
    except EvidenceError as error:
        assert error.code.startswith("evidence-")  # noqa: PT017
