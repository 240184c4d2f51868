"""Keys and certificate chains of the embedded authorities. Keys are fresh and never on disk."""

import hashlib
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tagseal.rehearsal._names import OPERATOR

__all__ = [
    "AUTHORITY_LIFETIME",
    "Authority",
    "certificate_builder",
    "der",
    "key_usage",
    "new_intermediate",
    "new_key",
    "new_root",
    "pem",
    "public_key_der",
    "public_key_id",
    "subordinate_builder",
]

AUTHORITY_LIFETIME = timedelta(days=3652)
"""How long the embedded authorities are valid: evidence of a rehearsal may be looked at later."""

_BACKDATING = timedelta(hours=1)


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def public_key_der(key: CertificatePublicKeyTypes) -> bytes:
    """Return a public key as DER SubjectPublicKeyInfo."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def public_key_id(key: CertificatePublicKeyTypes) -> bytes:
    """Return the sha256 of the SubjectPublicKeyInfo (RFC 6962, section 3.2)."""
    return hashlib.sha256(public_key_der(key)).digest()


def der(certificate: x509.Certificate) -> bytes:
    """Return a certificate as DER."""
    return certificate.public_bytes(Encoding.DER)


def pem(certificate: x509.Certificate) -> str:
    """Return a certificate as PEM."""
    return certificate.public_bytes(Encoding.PEM).decode("ascii")


def key_usage(*, digital_signature: bool = False, certify: bool = False) -> x509.KeyUsage:
    """Return a key usage of these bits and no other."""
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certify,
        crl_sign=certify,
        encipher_only=False,
        decipher_only=False,
    )


class Authority:
    """A certificate and its private key."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self.certificate = certificate
        self.key = key

    def sign(self, builder: x509.CertificateBuilder) -> x509.Certificate:
        """Return the certificate that a builder describes, issued by this authority."""
        issued = builder.issuer_name(self.certificate.subject).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
            critical=False,
        )
        return issued.sign(self.key, hashes.SHA256())


def certificate_builder(
    name: str | None, key: CertificatePublicKeyTypes, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    """Return a builder with subject, key, times, serial number and subject key identifier.

    Without a name the subject is empty, as in Sigstore's leaf certificates.
    """
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]) if name is None else _name(name))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def new_root(name: str, now: datetime) -> Authority:
    """Return a fresh self-signed certificate authority, valid since an hour before now."""
    key = new_key()
    start, end = now - _BACKDATING, now + AUTHORITY_LIFETIME
    root = (
        certificate_builder(name, key.public_key(), start, end)
        .issuer_name(_name(name))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(key_usage(certify=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(root, key)


def new_intermediate(name: str, root: Authority) -> Authority:
    """Return a fresh authority below a root, as long-lived as that, that issues leaves only."""
    key = new_key()
    builder = (
        subordinate_builder(name, root, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(key_usage(certify=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
    )
    return Authority(root.sign(builder), key)


def subordinate_builder(
    name: str, parent: Authority, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    """Return a builder for a certificate that lives as long as the authority above it."""
    start = parent.certificate.not_valid_before_utc
    return certificate_builder(
        name, key.public_key(), start, parent.certificate.not_valid_after_utc
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, OPERATOR),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
