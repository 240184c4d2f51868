"""A bundle that the reader accepts, to be spoilt by tests one field at a time."""

import base64
import copy
import json
from typing import Any

STATEMENT = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "a-1.tar.gz", "digest": {"sha256": "0" * 64, "sha512": "1" * 128}}],
    "predicateType": "https://slsa.dev/provenance/v1",
    "predicate": {"weight": 0.5},
}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


PLAIN: dict[str, Any] = {
    "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
    "verificationMaterial": {
        "certificate": {"rawBytes": b64(b"certificate")},
        "tlogEntries": [
            {
                "logIndex": "7",
                "kindVersion": {"kind": "hashedrekord", "version": "0.0.2"},
                "inclusionProof": {"checkpoint": {"envelope": "log.example\n8\nAA==\n\n"}},
            }
        ],
    },
    "dsseEnvelope": {
        "payloadType": "application/vnd.in-toto+json",
        "payload": b64(json.dumps(STATEMENT).encode()),
        "signatures": [{"sig": b64(b"signature")}],
    },
}


def plain() -> dict[str, Any]:
    return copy.deepcopy(PLAIN)


def encode(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
