"""The trust root and the client's trust configuration, as JSON.

Source: protobuf-specs, ``sigstore_trustroot.proto``, in protobuf's JSON form. The trust root has
the fixed logical names; only the signing configuration names the port of the running server.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from tagseal.rehearsal._ct_log import CtLog
from tagseal.rehearsal._fulcio import CertificateAuthority
from tagseal.rehearsal._keys import der, public_key_der, public_key_id
from tagseal.rehearsal._names import CA_URL, CT_LOG_URL, OPERATOR, REKOR_URL, TSA_URL
from tagseal.rehearsal._rekor import TransparencyLog
from tagseal.rehearsal._timestamps import TimestampAuthority

__all__ = ["client_trust_config", "signing_config", "to_json", "trusted_root"]

_TRUSTED_ROOT = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
_SIGNING_CONFIG = "application/vnd.dev.sigstore.signingconfig.v0.2+json"
_CLIENT_TRUST_CONFIG = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"


def trusted_root(
    ca: CertificateAuthority, ct_log: CtLog, log: TransparencyLog, tsa: TimestampAuthority
) -> dict[str, object]:
    """Return the TrustedRoot."""
    start = ca.chain[-1].not_valid_before_utc
    return {
        "mediaType": _TRUSTED_ROOT,
        "tlogs": [_log(REKOR_URL, log.public_key, "PKIX_ED25519", log.log_id, start)],
        "certificateAuthorities": [_authority(CA_URL, ca.chain, start)],
        "ctlogs": [
            _log(
                CT_LOG_URL,
                ct_log.public_key,
                "PKIX_ECDSA_P256_SHA_256",
                public_key_id(ct_log.public_key),
                start,
            )
        ],
        "timestampAuthorities": [_authority(TSA_URL, tsa.chain, start)],
    }


def signing_config(url: str, start: datetime) -> dict[str, object]:
    """Return the SigningConfig that names the services of a server at a URL."""

    def service(path: str, version: int) -> list[dict[str, object]]:
        return [
            {
                "url": url + path,
                "majorApiVersion": version,
                "validFor": {"start": _time(start)},
                "operator": OPERATOR,
            }
        ]

    return {
        "mediaType": _SIGNING_CONFIG,
        # Fulcio's version is 1 although its path is /api/v2.
        "caUrls": service("", 1),
        "oidcUrls": service("", 1),
        "rekorTlogUrls": service("", 2),
        "tsaUrls": service("/api/v1/timestamp", 1),
        "rekorTlogConfig": {"selector": "ANY"},
        "tsaConfig": {"selector": "ANY"},
    }


def client_trust_config(
    root: Mapping[str, object], signing: Mapping[str, object]
) -> dict[str, object]:
    """Return the ClientTrustConfig that holds both."""
    return {"mediaType": _CLIENT_TRUST_CONFIG, "trustedRoot": root, "signingConfig": signing}


def to_json(document: Mapping[str, object]) -> bytes:
    """Return a document as indented JSON with a line end."""
    return json.dumps(document, indent=2).encode("ascii") + b"\n"


def _log(
    url: str, key: CertificatePublicKeyTypes, details: str, log_id: bytes, start: datetime
) -> dict[str, object]:
    return {
        "baseUrl": url,
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": _text(public_key_der(key)),
            "keyDetails": details,
            "validFor": {"start": _time(start)},
        },
        "logId": {"keyId": _text(log_id)},
        "operator": OPERATOR,
    }


def _authority(url: str, chain: Sequence[x509.Certificate], start: datetime) -> dict[str, object]:
    name = chain[-1].subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    return {
        "subject": {"organization": OPERATOR, "commonName": name},
        "uri": url,
        "certChain": {"certificates": [{"rawBytes": _text(der(item))} for item in chain]},
        "validFor": {"start": _time(start)},
        "operator": OPERATOR,
    }


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
