"""The certificate transparency log: RFC 6962, version 1.

It takes a precertificate with the poison extension, checks that an authority which it knows has
signed it, logs its TBSCertificate without the poison, and answers with a signed certificate
timestamp over that (section 3.2). Whoever verifies the final certificate arrives at the same
TBSCertificate by leaving out the extension that holds the timestamps.
"""

import struct
import threading
from datetime import datetime

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal._keys import der, new_key, public_key_id
from tagseal.rehearsal._merkle import MerkleTree

__all__ = ["CtLog", "timestamp_list"]

_POISON = "1.3.6.1.4.1.11129.2.4.3"
_VERSION_1 = 0
_CERTIFICATE_TIMESTAMP = 0
_TIMESTAMPED_ENTRY = 0
_PRECERTIFICATE = 1
_SHA256, _ECDSA = 4, 3  # RFC 5246, section 7.4.1.4.1


class CtLog:
    """A log of precertificates, with its own key."""

    def __init__(self) -> None:
        self._key = new_key()
        self._lock = threading.Lock()
        self.tree = MerkleTree()
        """All entries, each a MerkleTreeLeaf of section 3.4."""

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The key that the timestamps are signed with."""
        return self._key.public_key()

    def add(
        self, precertificate: x509.Certificate, issuer: x509.Certificate, now: datetime
    ) -> bytes:
        """Log a precertificate and return its SignedCertificateTimestamp.

        Raises `RehearsalError` (``rehearsal-certificate-refused``) when the issuer has not signed
        the precertificate, or it has no poison extension.
        """
        try:
            precertificate.verify_directly_issued_by(issuer)
        except (InvalidSignature, TypeError, ValueError) as error:
            raise _refused("the precertificate is not signed by its issuer") from error
        milliseconds = int(now.timestamp() * 1000)
        tbs = _without_poison(precertificate)
        entry = (
            struct.pack("!QH", milliseconds, _PRECERTIFICATE)
            + public_key_id(issuer.public_key())
            + len(tbs).to_bytes(3, "big")
            + tbs
            + struct.pack("!H", 0)  # no extensions
        )
        signed = struct.pack("!BB", _VERSION_1, _CERTIFICATE_TIMESTAMP) + entry
        signature = self._key.sign(signed, ec.ECDSA(hashes.SHA256()))
        with self._lock:
            self.tree.append(struct.pack("!BB", _VERSION_1, _TIMESTAMPED_ENTRY) + entry)
        return (
            struct.pack("!B32sQH", _VERSION_1, public_key_id(self.public_key), milliseconds, 0)
            + struct.pack("!BBH", _SHA256, _ECDSA, len(signature))
            + signature
        )


def timestamp_list(timestamp: bytes) -> bytes:
    """Return one timestamp as the SignedCertificateTimestampList of section 3.3."""
    return struct.pack("!HH", len(timestamp) + 2, len(timestamp)) + timestamp


def _without_poison(precertificate: x509.Certificate) -> bytes:
    tbs = asn1_x509.Certificate.load(der(precertificate))["tbs_certificate"]
    for position, extension in enumerate(tbs["extensions"]):
        if extension["extn_id"].dotted == _POISON:
            del tbs["extensions"][position]
            encoded: bytes = tbs.dump(force=True)
            return encoded
    raise _refused("the certificate is not a precertificate")


def _refused(message: str) -> RehearsalError:
    return RehearsalError("rehearsal-certificate-refused", message)
