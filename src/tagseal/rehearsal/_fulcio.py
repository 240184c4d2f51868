"""The certificate authority: Fulcio's v2 signing API.

Whoever shows an identity token of the embedded issuer and proves to hold a key gets a certificate
that binds the two for ten minutes. Its one subject alternative name is the workflow whose job
signs; its extensions say what the token says (Fulcio, ``docs/oid-info.md``): 1.3.6.1.4.1.57264.1.1
is the issuer as a raw string, .8 to .22 are the fields of `tagseal.core.identity.Identity`, each a
DER UTF8String. The certificate transparency log's timestamp is embedded in it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from asn1crypto import core as asn1  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from tagseal.core.errors import RehearsalError
from tagseal.core.identity import FULCIO_ARC, Identity
from tagseal.rehearsal._ct_log import CtLog, timestamp_list
from tagseal.rehearsal._keys import (
    certificate_builder,
    key_usage,
    new_intermediate,
    new_root,
    pem,
)
from tagseal.rehearsal._names import AUDIENCE, REHEARSAL_ISSUER
from tagseal.rehearsal._oidc import OidcIssuer
from tagseal.rehearsal._requests import base64_field, malformed, parse_json, text_field

__all__ = ["CERTIFICATE_LIFETIME", "CertificateAuthority", "identity_of"]

CERTIFICATE_LIFETIME = timedelta(minutes=10)
"""How long a leaf certificate is valid, as in the public instance."""

_TIMESTAMPS = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")  # RFC 6962, section 3.3
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}


def identity_of(claims: Mapping[str, str], server_url: str) -> Identity:
    """Return the identity that a token's claims stand for, as Fulcio maps GitHub's.

    ``server_url`` is where the repositories are, without a slash at its end.
    """
    repository = f"{server_url}/{claims['repository']}"
    signer = f"{server_url}/{claims['job_workflow_ref']}"
    return Identity(
        san=signer,
        issuer=REHEARSAL_ISSUER,
        build_signer_uri=signer,
        build_signer_digest=claims["job_workflow_sha"],
        runner_environment=claims["runner_environment"],
        source_repository_uri=repository,
        source_repository_digest=claims["sha"],
        source_repository_ref=claims["ref"],
        source_repository_id=claims["repository_id"],
        source_owner_uri=f"{server_url}/{claims['repository_owner']}",
        source_owner_id=claims["repository_owner_id"],
        build_config_uri=f"{server_url}/{claims['workflow_ref']}",
        build_config_digest=claims["workflow_sha"],
        build_trigger=claims["event_name"],
        run_invocation_uri=(
            f"{repository}/actions/runs/{claims['run_id']}/attempts/{claims['run_attempt']}"
        ),
        source_repository_visibility=claims["repository_visibility"],
    )


class CertificateAuthority:
    """A root, an intermediate, and the rules by which the intermediate issues leaves."""

    def __init__(self, oidc: OidcIssuer, ct_log: CtLog, *, server_url: str, now: datetime) -> None:
        self._oidc = oidc
        self._ct_log = ct_log
        self._server_url = server_url
        self._root = new_root("rehearsal root", now)
        self._intermediate = new_intermediate("rehearsal intermediate", self._root)

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above a leaf, from its issuer to the root."""
        return (self._intermediate.certificate, self._root.certificate)

    def signing_certificate(
        self, body: bytes, bearer: str | None, now: datetime
    ) -> dict[str, object]:
        """Answer ``POST /api/v2/signingCert``.

        The token is the bearer's, else ``credentials.oidcIdentityToken``. The key is that of a
        ``certificateSigningRequest``, which is signed with it, or of a ``publicKeyRequest``, whose
        proof of possession is a signature over the token's subject.

        Raises `RehearsalError`: ``rehearsal-token-refused``, ``rehearsal-key-unproven`` or
        ``rehearsal-request-malformed``.
        """
        request = parse_json(body)
        token = bearer or text_field(request, "credentials", "oidcIdentityToken")
        claims = self._oidc.check(token, AUDIENCE, now)
        if "certificateSigningRequest" in request:
            key = _key_of_csr(base64_field(request, "certificateSigningRequest"))
        else:
            key = _key_of_proof(request, claims["sub"])
        leaf = self._issue(key, identity_of(claims, self._server_url), now)
        chain = [pem(certificate) for certificate in (leaf, *self.chain)]
        return {"signedCertificateEmbeddedSct": {"chain": {"certificates": chain}}}

    def trust_bundle(self) -> dict[str, object]:
        """Answer ``GET /api/v2/trustBundle``."""
        return {"chains": [{"certificates": [pem(certificate) for certificate in self.chain]}]}

    def _issue(
        self, key: ec.EllipticCurvePublicKey, identity: Identity, now: datetime
    ) -> x509.Certificate:
        builder = _leaf_builder(key, identity, now)
        precertificate = self._intermediate.sign(
            builder.add_extension(x509.PrecertPoison(), critical=True)
        )
        timestamp = self._ct_log.add(precertificate, self._intermediate.certificate, now)
        embedded = asn1.OctetString(timestamp_list(timestamp)).dump()
        return self._intermediate.sign(
            builder.add_extension(x509.UnrecognizedExtension(_TIMESTAMPS, embedded), critical=False)
        )


def _leaf_builder(
    key: ec.EllipticCurvePublicKey, identity: Identity, now: datetime
) -> x509.CertificateBuilder:
    builder = (
        certificate_builder(None, key, now, now + CERTIFICATE_LIFETIME)
        .add_extension(key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier(identity.san)]),
            critical=True,  # the subject is empty: RFC 5280, section 4.2.1.6
        )
        .add_extension(_extension(1, REHEARSAL_ISSUER.encode()), critical=False)
    )
    for number, field in sorted(Identity.extension_fields().items()):
        value = asn1.UTF8String(getattr(identity, field)).dump()
        builder = builder.add_extension(_extension(number, value), critical=False)
    return builder


def _extension(number: int, value: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(f"{FULCIO_ARC}.{number}"), value)


def _key_of_csr(request: bytes) -> ec.EllipticCurvePublicKey:
    try:
        csr = x509.load_pem_x509_csr(request)
        key = csr.public_key()
        proven = csr.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise malformed("the certificate signing request cannot be read") from error
    if not proven:
        raise _unproven("the certificate signing request is not signed with its own key")
    return _elliptic(key)


def _key_of_proof(request: Mapping[str, object], subject: str) -> ec.EllipticCurvePublicKey:
    content = text_field(request, "publicKeyRequest", "publicKey", "content")
    proof = base64_field(request, "publicKeyRequest", "proofOfPossession")
    try:
        key = _elliptic(load_pem_public_key(content.encode()))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise malformed("the public key cannot be read") from error
    try:
        key.verify(proof, subject.encode(), ec.ECDSA(_HASHES[key.curve.name]))
    except InvalidSignature as error:
        raise _unproven("the proof of possession is not made with the key") from error
    return key


def _elliptic(key: object) -> ec.EllipticCurvePublicKey:
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in _HASHES:
        raise malformed("the key is not an ECDSA key on P-256, P-384 or P-521")
    return key


def _unproven(message: str) -> RehearsalError:
    return RehearsalError("rehearsal-key-unproven", message)
