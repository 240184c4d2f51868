import base64
import hashlib
import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support_signing import STATEMENT, WORKLOAD, at, edited, flip, token_of
from tagseal.core.errors import EvidenceError, SigningError
from tagseal.evidence import ParsedBundle, VerifiedBundle, read_bundle
from tagseal.rehearsal import EmbeddedSigstore
from tagseal.signing import BundleVerifier, StatementSigner, Trust, load_trust, trust_from_json

REAL = Path(__file__).parent / "real" / "happy-path-intoto-in-dsse-v3.sigstore.json"
STAGING = Path(__file__).parents[1] / "evidence/real/a.dsse.staging-rekor-v2.txt.sigstore.json"

CERTIFICATE = "verificationMaterial.certificate.rawBytes"
ENTRY = "verificationMaterial.tlogEntries.0"
PROOF = f"{ENTRY}.inclusionProof"
TIMESTAMP = "verificationMaterial.timestampVerificationData.rfc3161Timestamps.0.signedTimestamp"


def verify(trust: Trust, bundle: bytes) -> VerifiedBundle:
    return BundleVerifier(trust).verify(read_bundle(bundle))


def failure(trust: Trust, bundle: bytes) -> SigningError:
    with pytest.raises(SigningError) as caught:
        verify(trust, bundle)
    assert caught.value.where == "line 1 of the evidence"
    return caught.value


def with_root(trust: Trust, change: Callable[[dict[str, Any]], object]) -> Trust:
    return trust_from_json(edited(trust.root, change), source="changed")


def put(bundle: bytes, path: str, value: object) -> bytes:
    def change(document: dict[str, Any]) -> None:
        container, key = at(document, path)
        container[key] = value

    return edited(bundle, change)


@pytest.fixture(scope="session")
def twice_signed(trust: Trust, sigstore: EmbeddedSigstore) -> bytes:
    """A bundle whose entry is not alone in its log, so that its proof has hashes."""
    with StatementSigner(trust, token=token_of(sigstore)) as signer:
        signer.sign(STATEMENT)
        return signer.sign(STATEMENT)


def test_what_is_verified_comes_out(trust: Trust, signed: bytes):
    verified = verify(trust, signed)
    assert verified.payload == STATEMENT
    assert verified.identity.source_repository_digest == "a" * 40
    assert verified.identity.issuer == "https://oidc.rehearsal.tagseal.invalid"
    assert len(verified.key_fingerprint) == 64
    assert abs(verified.signed_time - datetime.now(UTC)) < timedelta(minutes=5)
    assert verified.log_origin == "rekor.rehearsal.tagseal.invalid"
    assert verified.authority == "https://fulcio.rehearsal.tagseal.invalid"


def test_a_trusted_root_alone_is_enough(sigstore: EmbeddedSigstore, signed: bytes):
    trust = trust_from_json(sigstore.trusted_root(), source="root")
    assert verify(trust, signed).payload == STATEMENT


def test_real_evidence_of_production():
    verified = verify(load_trust(None), REAL.read_bytes())
    assert verified.identity.issuer == "https://token.actions.githubusercontent.com"
    assert verified.identity.source_repository_ref == "refs/heads/main"
    assert verified.identity.san == verified.identity.build_signer_uri
    assert verified.signed_time == datetime(2024, 12, 16, 18, 42, 56, tzinfo=UTC)
    assert verified.log_origin == "rekor.sigstore.dev - 1193050959916656506"
    assert verified.authority == "https://fulcio.sigstore.dev"
    assert verified.payload_type == "application/vnd.in-toto+json"


def test_verifying_touches_no_network_and_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "socket", None)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    assert verify(load_trust(None), REAL.read_bytes())
    assert list(tmp_path.iterdir()) == []


def staging() -> Trust:
    store = resources.files("sigstore").joinpath("_store")
    root = store / "https%3A%2F%2Ftuf-repo-cdn.sigstage.dev" / "trusted_root.json"
    return trust_from_json(root.read_bytes(), source="staging")


def test_real_evidence_of_another_instance():
    bundle = STAGING.read_bytes()
    assert failure(load_trust(None), bundle).code == "signing-trust-root-unknown"
    verified = verify(staging(), bundle)
    assert verified.log_origin == "log2025-alpha3.rekor.sigstage.dev"
    assert verified.authority == "https://fulcio.sigstage.dev"
    assert verified.signed_time == datetime(2026, 5, 13, 19, 23, 33, tzinfo=UTC)


def test_a_newer_log_of_an_instance_that_is_known():
    def forget(root: dict[str, Any]) -> None:
        root["tlogs"] = [log for log in root["tlogs"] if "alpha3" not in log["baseUrl"]]

    error = failure(with_root(staging(), forget), STAGING.read_bytes())
    assert error.code == "signing-trust-root-stale"


@pytest.mark.parametrize(
    ("path", "position", "code"),
    [
        ("dsseEnvelope.payload", 0, "signing-signature-invalid"),
        ("dsseEnvelope.payload", -1, "signing-signature-invalid"),
        ("dsseEnvelope.signatures.0.sig", -1, "signing-time-invalid"),
        (CERTIFICATE, -1, "signing-certificate-invalid"),
        (f"{ENTRY}.canonicalizedBody", 40, "signing-log-invalid"),
        (f"{PROOF}.rootHash", 0, "signing-log-invalid"),
        (f"{PROOF}.hashes.0", 0, "signing-log-invalid"),
        (TIMESTAMP, -1, "signing-time-invalid"),
    ],
)
def test_a_flipped_bit(trust: Trust, twice_signed: bytes, path: str, position: int, code: str):
    assert verify(trust, twice_signed)
    assert failure(trust, flip(twice_signed, path, position)).code == code


@pytest.mark.parametrize(
    ("path", "position", "code"),
    [
        ("dsseEnvelope.payload", -1, "signing-signature-invalid"),
        ("dsseEnvelope.signatures.0.sig", -1, "signing-signature-invalid"),
        (CERTIFICATE, -1, "signing-certificate-invalid"),
        (f"{ENTRY}.canonicalizedBody", 40, "signing-log-invalid"),
        (f"{ENTRY}.inclusionPromise.signedEntryTimestamp", -1, "signing-log-invalid"),
        (f"{PROOF}.rootHash", 0, "signing-log-invalid"),
    ],
)
def test_a_flipped_bit_in_real_evidence(path: str, position: int, code: str):
    assert failure(load_trust(None), flip(REAL.read_bytes(), path, position)).code == code


def test_another_time_of_a_version_1_entry():
    bundle = REAL.read_bytes()
    time = int(json.loads(bundle)["verificationMaterial"]["tlogEntries"][0]["integratedTime"])
    moved = put(bundle, f"{ENTRY}.integratedTime", str(time + 60))
    assert failure(load_trust(None), moved).code == "signing-log-invalid"
    late = put(bundle, f"{ENTRY}.integratedTime", str(time + 3600))
    assert failure(load_trust(None), late).code == "signing-certificate-invalid"


def test_a_version_1_entry_without_its_promise_proves_no_time():
    def change(document: dict[str, Any]) -> None:
        del document["verificationMaterial"]["tlogEntries"][0]["inclusionPromise"]

    bundle = edited(REAL.read_bytes(), change)
    assert failure(load_trust(None), bundle).code == "signing-bundle-invalid"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("dsseEnvelope.payloadType", "text/plain", "signing-signature-invalid"),
        ("extra", 1, "signing-bundle-invalid"),
        (f"{PROOF}.treeSize", "9999", "signing-log-invalid"),
        (f"{PROOF}.treeSize", 1, "signing-bundle-invalid"),
        (f"{PROOF}.logIndex", "0", "signing-log-invalid"),
        ("verificationMaterial.timestampVerificationData", {}, "signing-bundle-invalid"),
        (TIMESTAMP, "AAAA", "signing-time-invalid"),
        (f"{ENTRY}.kindVersion.kind", "dsse", "evidence-unsupported-log-entry"),
    ],
)
def test_changed_fields(trust: Trust, twice_signed: bytes, path: str, value: object, code: str):
    with pytest.raises((SigningError, EvidenceError)) as caught:
        verify(trust, put(twice_signed, path, value))
    assert caught.value.code == code


def test_the_outer_log_index_is_signed_by_nobody_and_used_by_nobody(trust: Trust, signed: bytes):
    before = verify(trust, signed)
    after = verify(trust, put(signed, f"{ENTRY}.logIndex", "123456"))
    assert (after.payload, after.identity, after.log_origin, after.signed_time) == (
        before.payload,
        before.identity,
        before.log_origin,
        before.signed_time,
    )


def checkpoint(bundle: bytes, change: Callable[[list[str]], object]) -> bytes:
    def edit(document: dict[str, Any]) -> None:
        container, key = at(document, f"{PROOF}.checkpoint.envelope")
        lines = container[key].split("\n")
        change(lines)
        container[key] = "\n".join(lines)

    return edited(bundle, edit)


def set_line(number: int, text: str) -> Callable[[list[str]], object]:
    return lambda lines: lines.__setitem__(number, text)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (set_line(0, "log2.rehearsal.tagseal.invalid"), "signing-trust-root-stale"),
        (set_line(0, "log.example"), "signing-trust-root-unknown"),
        (set_line(0, "rekor.rehearsal.tagseal.invalid - 12"), "signing-trust-root-unknown"),
        (set_line(1, "9999"), "signing-log-invalid"),
        (set_line(2, base64.b64encode(b"\1" * 32).decode()), "signing-log-invalid"),
        (lambda lines: lines.pop(), "signing-log-invalid"),
        (lambda lines: lines.clear(), "evidence-malformed"),
    ],
)
def test_a_changed_checkpoint(
    trust: Trust, twice_signed: bytes, change: Callable[[list[str]], object], code: str
):
    with pytest.raises((SigningError, EvidenceError)) as caught:
        verify(trust, checkpoint(twice_signed, change))
    assert caught.value.code == code


def test_the_proof_and_the_checkpoint_are_of_one_size():
    """In a log of three, the proof of the first entry has the form of one in a log of four."""
    with EmbeddedSigstore(WORKLOAD) as sigstore:
        trust = trust_from_json(sigstore.trust_config(), source="x")
        with StatementSigner(trust, token=token_of(sigstore)) as signer:
            first, *_ = [signer.sign(STATEMENT) for _ in range(3)]
        note = requests.get(sigstore.url + "/api/v2/checkpoint", timeout=10).content.decode()
        leaves = [hashlib.sha256(b"\0" + entry).digest() for entry in sigstore.log_entries()]

    def later(document: dict[str, Any]) -> None:
        proof, _ = at(document, f"{PROOF}.hashes")
        proof |= {
            "treeSize": "3",
            "rootHash": note.split("\n")[2],
            "hashes": [base64.b64encode(leaf).decode() for leaf in leaves[1:]],
            "checkpoint": {"envelope": note},
        }

    proven = edited(first, later)
    assert verify(trust, proven).payload == STATEMENT
    assert failure(trust, put(proven, f"{PROOF}.treeSize", "4")).code == "signing-log-invalid"


def test_one_log_cannot_sign_for_another(trust: Trust, signed: bytes):
    """sigstore would try every key; the origin says which one it must be."""

    def add(root: dict[str, Any]) -> None:
        (log,) = root["tlogs"]
        root["tlogs"] = [
            log | {"baseUrl": "https://other.rehearsal.tagseal.invalid"},
            log | {"publicKey": root["ctlogs"][0]["publicKey"]},
        ]

    assert failure(with_root(trust, add), signed).code == "signing-log-invalid"


def test_the_evidence_of_another_rehearsal(trust: Trust):
    with EmbeddedSigstore(WORKLOAD) as other:
        config = trust_from_json(other.trust_config(), source="other")
        with StatementSigner(config, token=token_of(other)) as signer:
            bundle = signer.sign(STATEMENT)
    assert verify(config, bundle)
    error = failure(trust, bundle)
    assert error.code == "signing-trust-root-unknown"


def test_a_rehearsal_is_not_a_release(signed: bytes):
    error = failure(load_trust(None), signed)
    assert error.code == "signing-rehearsal-evidence"
    assert "--trust-config" in error.hint


def renamed(bundle: bytes) -> bytes:
    return checkpoint(bundle, set_line(0, "rekor.sigstore.dev"))


def test_a_rehearsal_that_hides_what_it_is(signed: bytes):
    assert failure(load_trust(None), renamed(signed)).code == "signing-trust-root-unknown"


@pytest.mark.parametrize(
    "key", ["tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"]
)
@pytest.mark.parametrize("when", ["ended", "begins"])
def test_windows_of_validity(trust: Trust, signed: bytes, key: str, when: str):
    signed_time = verify(trust, signed).signed_time
    windows = {
        "ended": {"end": signed_time - timedelta(seconds=1)},
        "begins": {"start": signed_time + timedelta(seconds=1)},
    }

    def change(root: dict[str, Any]) -> None:
        for item in root[key]:
            window = item.get("validFor") or item["publicKey"]["validFor"]
            window |= {name: moment.isoformat() for name, moment in windows[when].items()}

    # An authority that only begins in the future is none at all, to sigstore: be past its begin.
    past = signed_time + timedelta(seconds=1) - datetime.now(UTC)
    time.sleep(max(past.total_seconds(), 0))
    assert failure(with_root(trust, change), signed).code == "signing-time-invalid"


def test_both_ends_of_a_window_are_in_it(trust: Trust, signed: bytes):
    moment = verify(trust, signed).signed_time.isoformat()

    def change(root: dict[str, Any]) -> None:
        for item in root["tlogs"] + root["ctlogs"]:
            item["publicKey"]["validFor"] = {"start": moment, "end": moment}
        root["certificateAuthorities"][0]["validFor"] = {"start": moment, "end": moment}

    assert verify(with_root(trust, change), signed).payload == STATEMENT


def test_a_key_without_a_window_is_valid(trust: Trust, signed: bytes):
    def change(root: dict[str, Any]) -> None:
        for item in root["tlogs"] + root["ctlogs"]:
            del item["publicKey"]["validFor"]

    assert verify(with_root(trust, change), signed).payload == STATEMENT


def test_no_timestamp_authority(trust: Trust, signed: bytes):
    changed = with_root(trust, lambda root: root.update(timestampAuthorities=[]))
    assert failure(changed, signed).code == "signing-time-invalid"


def test_one_timestamp_is_not_counted_twice(trust: Trust, signed: bytes):
    stamps = "verificationMaterial.timestampVerificationData.rfc3161Timestamps"
    (stamp,) = at(json.loads(signed), stamps)[0]["rfc3161Timestamps"]
    assert failure(trust, put(signed, stamps, [stamp, stamp])).code == "signing-time-invalid"


def test_message_signatures_are_undecided(trust: Trust, signed: bytes):
    def change(document: dict[str, Any]) -> None:
        signature = document.pop("dsseEnvelope")["signatures"][0]["sig"]
        document["messageSignature"] = {"signature": signature}

    assert failure(trust, edited(signed, change)).code == "signing-unsupported"


def test_a_chain_in_place_of_the_certificate_is_refused(trust: Trust, signed: bytes):
    def change(document: dict[str, Any]) -> None:
        material = document["verificationMaterial"]
        material["x509CertificateChain"] = {"certificates": [material.pop("certificate")]}

    assert failure(trust, edited(signed, change)).code == "signing-bundle-invalid"


@pytest.mark.parametrize(
    "changes",
    [
        {"certificate": b"other"},
        {"log_kind": "dsse/0.0.1"},
        {"checkpoint_origin": "rekor.rehearsal.tagseal.invalid "},
        {"payload": b"other"},
        {"payload_type": "other"},
    ],
    ids=str,
)
def test_what_was_parsed_must_be_what_sigstore_reads(
    trust: Trust, signed: bytes, changes: dict[str, Any]
):
    parsed = read_bundle(signed)
    fields = {name: getattr(parsed, name) for name in ParsedBundle.__slots__}
    with pytest.raises(SigningError) as caught:
        BundleVerifier(trust).verify(ParsedBundle(**(fields | changes)))
    assert caught.value.code == "signing-bundle-invalid"


PARTS = (
    "dsseEnvelope.payload",
    "dsseEnvelope.signatures.0.sig",
    CERTIFICATE,
    TIMESTAMP,
    f"{ENTRY}.canonicalizedBody",
    f"{ENTRY}.logId.keyId",
    f"{PROOF}.rootHash",
    f"{PROOF}.hashes.0",
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.sampled_from(PARTS), position=st.integers(0, 1 << 13), bit=st.integers(0, 7))
def test_no_flipped_bit_changes_what_is_verified(
    trust: Trust, twice_signed: bytes, path: str, position: int, bit: int
):
    honest = verify(trust, twice_signed)
    try:
        verified = verify(trust, flip(twice_signed, path, position, bit))
    except (SigningError, EvidenceError) as error:
        assert error.reason.status in (1, 3)  # noqa: PT017
    else:
        # Some bits of a timestamp's wrapping and the log's id as a hint are signed by nobody.
        assert path in (TIMESTAMP, f"{ENTRY}.logId.keyId")
        assert (verified.payload, verified.identity) == (honest.payload, honest.identity)
        assert verified.signed_time == honest.signed_time


ROOT_PARTS = (
    "tlogs.0.publicKey.rawBytes",
    "ctlogs.0.publicKey.rawBytes",
    "certificateAuthorities.0.certChain.certificates.0.rawBytes",
    "timestampAuthorities.0.certChain.certificates.0.rawBytes",
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.sampled_from(ROOT_PARTS), position=st.integers(0, 1 << 10), bit=st.integers(0, 7))
def test_no_flipped_bit_of_the_trust_root_verifies_something_else(
    trust: Trust, signed: bytes, path: str, position: int, bit: int
):
    root = flip(trust.root, path, position, bit)
    try:
        verified = verify(trust_from_json(root, source="flipped"), signed)
    except SigningError as error:
        assert error.reason.status in (1, 3)  # noqa: PT017
    else:
        assert verified.payload == STATEMENT


@pytest.mark.parametrize("path", ROOT_PARTS[:2])
def test_a_flipped_key_of_a_log(trust: Trust, signed: bytes, path: str):
    changed = trust_from_json(flip(trust.root, path, -1), source="flipped")
    code = "signing-log-invalid" if path.startswith("tlogs") else "signing-certificate-invalid"
    assert failure(changed, signed).code == code


def test_a_panic_of_rust_code_is_a_refusal(trust: Trust, signed: bytes):
    """rfc3161-client unwraps what OpenSSL says of text that is not UTF-8."""
    path = ROOT_PARTS[3]
    container, key = at(json.loads(trust.root), path)
    position = base64.b64decode(container[key]).index(b"rehearsal")
    changed = trust_from_json(flip(trust.root, path, position, 7), source="flipped")
    assert failure(changed, signed).code == "signing-bundle-invalid"
