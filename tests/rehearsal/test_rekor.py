import base64
import hashlib
import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore.models import TransparencyLogEntry
from sigstore_models.rekor.v1 import TransparencyLogEntry as EntryModel
from sigstore_models.rekor.v2.entry import Entry

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal._keys import der, new_root, public_key_der
from tagseal.rehearsal._rekor import TransparencyLog

NOW = datetime(2026, 5, 4, tzinfo=UTC)
P256 = ("PKIX_ECDSA_P256_SHA_256", ec.SECP256R1(), hashes.SHA256(), "SHA2_256")
P384 = ("PKIX_ECDSA_P384_SHA_384", ec.SECP384R1(), hashes.SHA384(), "SHA2_384")
P521 = ("PKIX_ECDSA_P521_SHA_512", ec.SECP521R1(), hashes.SHA512(), "SHA2_512")


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def request_for(message: bytes, scheme: tuple[Any, ...] = P256) -> dict[str, Any]:
    details, curve, algorithm, _ = scheme
    key = ec.generate_private_key(curve)
    verifier = {
        "publicKey": {"rawBytes": text(public_key_der(key.public_key()))},
        "keyDetails": details,
    }
    return {
        "hashedRekordRequestV002": {
            "digest": text(hashlib.new(algorithm.name, message).digest()),
            "signature": {
                "content": text(key.sign(message, ec.ECDSA(algorithm))),
                "verifier": verifier,
            },
        }
    }


def add(log: TransparencyLog, request: object) -> dict[str, Any]:
    return log.add(json.dumps(request).encode())


def refusal(log: TransparencyLog, request: object) -> str:
    before = log.entries
    with pytest.raises(RehearsalError) as caught:
        add(log, request)
    assert log.entries == before
    return caught.value.code


@pytest.fixture
def log() -> TransparencyLog:
    return TransparencyLog()


@pytest.mark.parametrize("scheme", [P256, P384, P521], ids=lambda scheme: scheme[0])
def test_an_entry_is_logged_as_it_was_sent(log: TransparencyLog, scheme: tuple[Any, ...]) -> None:
    request = request_for(b"message", scheme)
    logged = add(log, request)
    sent = request["hashedRekordRequestV002"]
    body = base64.b64decode(logged["canonicalizedBody"])
    assert Entry.from_json(body)
    assert log.entries == (body,)
    assert json.loads(body) == {
        "kind": "hashedrekord",
        "apiVersion": "0.0.2",
        "spec": {
            "hashedRekordV002": {
                "data": {"algorithm": scheme[3], "digest": sent["digest"]},
                "signature": sent["signature"],
            }
        },
    }
    assert logged["kindVersion"] == {"kind": "hashedrekord", "version": "0.0.2"}
    assert "integratedTime" not in logged


def test_a_certificate_is_logged_as_a_certificate(log: TransparencyLog) -> None:
    authority = new_root("root", NOW)
    request = request_for(b"message")
    signature = request["hashedRekordRequestV002"]["signature"]
    signature["content"] = text(authority.key.sign(b"message", ec.ECDSA(hashes.SHA256())))
    del signature["verifier"]["publicKey"]
    signature["verifier"]["x509Certificate"] = {"rawBytes": text(der(authority.certificate))}
    add(log, request)
    entry = json.loads(log.entries[0])
    assert entry["spec"]["hashedRekordV002"]["signature"] == signature


def test_every_entry_of_a_growing_log_is_proven_by_the_client(log: TransparencyLog) -> None:
    for index in range(20):
        logged = add(log, request_for(b"message %d" % index))
        entry = TransparencyLogEntry(EntryModel.from_dict(logged))
        verify_merkle_inclusion(entry)
        proof = logged["inclusionProof"]
        assert (logged["logIndex"], proof["treeSize"]) == (str(index), str(index + 1))
        checkpoint = SignedCheckpoint.from_text(proof["checkpoint"]["envelope"])
        assert checkpoint.checkpoint.log_size == index + 1
        assert (
            bytes.fromhex(checkpoint.checkpoint.log_hash) == entry._inner.inclusion_proof.root_hash
        )
    assert log.checkpoint() == proof["checkpoint"]["envelope"]


def test_the_same_entry_again_is_a_conflict(log: TransparencyLog) -> None:
    add(log, request_for(b"first"))
    request = request_for(b"second")
    add(log, request)
    with pytest.raises(RehearsalError, match=r"with index 1$") as caught:
        add(log, request)
    assert caught.value.code == "rehearsal-entry-exists"
    assert len(log.entries) == 2


def test_a_bad_signature_is_refused(log: TransparencyLog) -> None:
    request, other = request_for(b"one"), request_for(b"one")
    forged = deepcopy(request)
    forged["hashedRekordRequestV002"]["signature"]["content"] = other["hashedRekordRequestV002"][
        "signature"
    ]["content"]
    assert refusal(log, forged) == "rehearsal-entry-refused"
    swapped = deepcopy(request)
    swapped["hashedRekordRequestV002"]["digest"] = text(hashlib.sha256(b"two").digest())
    assert refusal(log, swapped) == "rehearsal-entry-refused"
    empty = deepcopy(request)
    empty["hashedRekordRequestV002"]["signature"]["content"] = ""
    assert refusal(log, empty) == "rehearsal-entry-refused"
    add(log, request)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["digest"], text(b"short")),
        (["digest"], 7),
        (["signature"], None),
        (["signature", "content"], "%"),
        (["signature", "verifier"], "PKIX_ECDSA_P256_SHA_256"),
        (["signature", "verifier", "keyDetails"], "PKIX_ED25519"),
        (["signature", "verifier", "keyDetails"], "PKIX_ECDSA_P384_SHA_384"),
        (["signature", "verifier", "publicKey"], {"rawBytes": text(b"no key")}),
        (["signature", "verifier", "x509Certificate"], {"rawBytes": text(b"no certificate")}),
    ],
)
def test_a_malformed_request_is_refused(
    log: TransparencyLog, path: list[str], value: object
) -> None:
    request = request_for(b"message")
    part = request["hashedRekordRequestV002"]
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    assert refusal(log, request) == "rehearsal-request-malformed"


@pytest.mark.parametrize("request_", [{}, [], {"dsseRequestV002": {}}])
def test_a_request_of_another_kind_is_refused(log: TransparencyLog, request_: object) -> None:
    assert refusal(log, request_) == "rehearsal-request-malformed"


def test_an_empty_log_has_a_checkpoint(log: TransparencyLog) -> None:
    empty = base64.b64encode(hashlib.sha256().digest()).decode()
    assert log.checkpoint().split("\n")[1:3] == ["0", empty]
