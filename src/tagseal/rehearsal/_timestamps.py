"""The timestamp authority: RFC 3161, with signing certificates as of RFC 5816.

Times have whole seconds and no accuracy; the token is a CMS SignedData (RFC 5652) whose one signer
signs content type, message digest, and the hash of its own certificate.
"""

import hashlib
import secrets
from datetime import datetime
from typing import NamedTuple

from asn1crypto import cms, core, tsp  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from tagseal.rehearsal._keys import (
    Authority,
    der,
    key_usage,
    new_key,
    new_root,
    subordinate_builder,
)
from tagseal.rehearsal._requests import malformed

__all__ = ["POLICY", "TimestampAuthority"]

POLICY = "2.25.287648271440000599624790432633632286268"
"""The policy of all its tokens: it promises nothing. An OID from a random UUID (ITU-T X.667)."""

_DIGEST_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}


class _Query(NamedTuple):
    imprint: tsp.MessageImprint
    nonce: int | None
    certified: bool


class TimestampAuthority:
    """A root, a leaf that signs, and the time that it is told."""

    def __init__(self, now: datetime) -> None:
        self._root = new_root("rehearsal timestamp root", now)
        key = new_key()
        builder = (
            subordinate_builder("rehearsal timestamp authority", self._root, key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(key_usage(digital_signature=True), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
            )
        )
        self._leaf = Authority(self._root.sign(builder), key)

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates, from the one that signs to the root."""
        return (self._leaf.certificate, self._root.certificate)

    def reply(self, query: bytes, now: datetime) -> bytes:
        """Answer ``POST /api/v1/timestamp``: a TimeStampReq with a TimeStampResp, both DER.

        Raises `RehearsalError` (``rehearsal-request-malformed``) when the query is not one, or
        asks for something that this authority does not do.
        """
        asked = _parse(query)
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": asked.imprint,
                "serial_number": secrets.randbits(64),
                "gen_time": now.replace(microsecond=0),
                **({} if asked.nonce is None else {"nonce": asked.nonce}),
            }
        )
        signed = self._signed(info.dump(), certified=asked.certified)
        token = cms.ContentInfo({"content_type": "signed_data", "content": signed})
        response = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})
        encoded: bytes = response.dump()
        return encoded

    def _signed(self, content: bytes, *, certified: bool) -> cms.SignedData:
        own = der(self._leaf.certificate)
        certificate = asn1_x509.Certificate.load(own)
        attributes = _attributes(content, own)
        signer = {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {
                    "issuer": certificate.issuer,
                    "serial_number": certificate.serial_number,
                }
            },
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": self._leaf.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(content),
                },
                "signer_infos": [signer],
                **({"certificates": [certificate]} if certified else {}),
            }
        )


def _attributes(content: bytes, certificate: bytes) -> cms.CMSAttributes:
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
            {
                "type": "signing_certificate_v2",
                "values": [{"certs": [{"cert_hash": hashlib.sha256(certificate).digest()}]}],
            },
        ]
    )


def _parse(query: bytes) -> _Query:
    try:
        request = tsp.TimeStampReq.load(query, strict=True)
        # asn1crypto parses a field only when it is asked for.
        fields = request.native
    except (AttributeError, TypeError, ValueError) as error:
        # AttributeError: of the rarer types that may stand as an algorithm's parameters, such as
        # REAL, asn1crypto has no native value.
        raise malformed("the query is not a TimeStampReq") from error
    if (
        fields["version"] != "v1"
        or fields["extensions"] is not None
        or fields["req_policy"] not in (None, POLICY)
    ):
        raise malformed("the query asks for a version, an extension or a policy unknown here")
    algorithm = fields["message_imprint"]["hash_algorithm"]["algorithm"]
    if len(fields["message_imprint"]["hashed_message"]) != _DIGEST_SIZES.get(algorithm):
        raise malformed("the query has no sha256, sha384 or sha512 imprint of its right length")
    return _Query(request["message_imprint"], fields["nonce"], fields["cert_req"])
