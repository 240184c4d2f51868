"""The transparency log: Rekor v2, for entries of kind ``hashedrekord`` 0.0.2.

An entry is a digest, a signature over it, and the certificate or key that verifies it; it is logged
only when it does. A DSSE envelope is logged as the digest of its pre-authentication encoding
(Rekor v2's client specification, section 6.1.4), so this one kind is all that Rekor v2 has. The log
gives no time. Sources: rekor-tiles, ``api/proto/rekor/v2``; protobuf-specs,
``sigstore_rekor.proto``.
"""

import base64
import json
import threading
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal._checkpoint import CheckpointSigner
from tagseal.rehearsal._merkle import MerkleTree
from tagseal.rehearsal._names import REKOR_ORIGIN
from tagseal.rehearsal._requests import (
    base64_field,
    malformed,
    object_field,
    parse_json,
    text_field,
)

__all__ = ["KIND", "TransparencyLog"]

KIND = {"kind": "hashedrekord", "version": "0.0.2"}
"""The kind and version of every entry."""


class _Scheme(NamedTuple):
    curve: str
    digest_name: str
    digest: hashes.HashAlgorithm


_SCHEMES = {
    "PKIX_ECDSA_P256_SHA_256": _Scheme("secp256r1", "SHA2_256", hashes.SHA256()),
    "PKIX_ECDSA_P384_SHA_384": _Scheme("secp384r1", "SHA2_384", hashes.SHA384()),
    "PKIX_ECDSA_P521_SHA_512": _Scheme("secp521r1", "SHA2_512", hashes.SHA512()),
}


class TransparencyLog:
    """A log of signatures with its own Ed25519 key."""

    def __init__(self) -> None:
        self._signer = CheckpointSigner(REKOR_ORIGIN)
        self._tree = MerkleTree()
        self._positions: dict[bytes, int] = {}
        self._lock = threading.Lock()

    @property
    def log_id(self) -> bytes:
        """The log's id, 32 bytes."""
        return self._signer.key_id

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The key that checkpoints are signed with."""
        return self._signer.public_key

    @property
    def entries(self) -> tuple[bytes, ...]:
        """The canonical JSON of every entry, in order."""
        return self._tree.leaves

    def checkpoint(self) -> str:
        """Answer ``GET /api/v2/checkpoint``: the signed note over the log as it is now."""
        with self._lock:
            return self._signer.checkpoint(len(self._tree), self._tree.root())

    def add(self, body: bytes) -> dict[str, object]:
        """Answer ``POST /api/v2/log/entries`` with the TransparencyLogEntry.

        Raises `RehearsalError`: ``rehearsal-request-malformed``, ``rehearsal-entry-refused`` when
        the signature does not verify, or ``rehearsal-entry-exists``.
        """
        request = parse_json(body).get("hashedRekordRequestV002")
        if request is None:
            raise malformed("the log takes requests of the kind hashedRekordRequestV002 only")
        entry = _entry(request)
        with self._lock:
            if entry in self._positions:
                raise RehearsalError(
                    "rehearsal-entry-exists",
                    "an equivalent entry already exists in the transparency log with index "
                    f"{self._positions[entry]}",
                )
            self._positions[entry] = self._tree.append(entry)
            return self._logged(self._positions[entry])

    def _logged(self, index: int) -> dict[str, object]:
        root, size = self._tree.root(), len(self._tree)
        return {
            "logIndex": str(index),
            "logId": {"keyId": _text(self.log_id)},
            "kindVersion": KIND,
            "inclusionProof": {
                "logIndex": str(index),
                "rootHash": _text(root),
                "treeSize": str(size),
                "hashes": [_text(node) for node in self._tree.inclusion_proof(index)],
                "checkpoint": {"envelope": self._signer.checkpoint(size, root)},
            },
            "canonicalizedBody": _text(self._tree.leaves[index]),
        }


def _entry(request: object) -> bytes:
    """Return the canonical JSON (RFC 8785) of the entry that a checked request asks for."""
    digest = base64_field(request, "digest")
    signature = base64_field(request, "signature", "content")
    verifier = object_field(request, "signature", "verifier")
    details = text_field(verifier, "keyDetails")
    if details not in _SCHEMES:
        raise malformed("the log verifies ECDSA signatures on P-256, P-384 and P-521 only")
    scheme = _SCHEMES[details]
    key, named = _verifier(verifier)
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != scheme.curve:
        raise malformed("the key is not of the kind that keyDetails says")
    if len(digest) != scheme.digest.digest_size:
        raise malformed("the digest does not have the length that keyDetails says")
    try:
        key.verify(signature, digest, ec.ECDSA(Prehashed(scheme.digest)))
    except InvalidSignature as error:
        raise RehearsalError(
            "rehearsal-entry-refused", "the signature is not one over the digest by this key"
        ) from error
    entry = {
        "apiVersion": KIND["version"],
        "kind": KIND["kind"],
        "spec": {
            "hashedRekordV002": {
                "data": {"algorithm": scheme.digest_name, "digest": _text(digest)},
                "signature": {
                    "content": _text(signature),
                    "verifier": {**named, "keyDetails": details},
                },
            }
        },
    }
    # All strings are ASCII without escapes, where this is what RFC 8785 asks for.
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")


def _verifier(verifier: object) -> tuple[object, dict[str, object]]:
    """Return the key of a request, and how the entry names it."""
    certified = isinstance(verifier, dict) and "x509Certificate" in verifier
    field = "x509Certificate" if certified else "publicKey"
    raw = base64_field(verifier, field, "rawBytes")
    key: object
    try:
        if certified:
            key = x509.load_der_x509_certificate(raw).public_key()
        else:
            key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise malformed("the certificate or key that verifies cannot be read") from error
    return key, {field: {"rawBytes": _text(raw)}}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
