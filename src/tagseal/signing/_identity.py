"""From a Fulcio certificate to `Identity`.

Source: Fulcio, ``docs/oid-info.md``: the extensions .8 to .22 hold a DER-encoded UTF8String (X.690,
section 8.14), unlike the deprecated .1 to .6, which hold bare bytes and are not looked at.
"""

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import (
    Certificate,
    DuplicateExtension,
    ExtensionNotFound,
    Extensions,
    RFC822Name,
    SubjectAlternativeName,
    UniformResourceIdentifier,
)

from tagseal.core.errors import SigningError
from tagseal.core.identity import FULCIO_ARC, Identity

__all__ = ["identity_of", "key_fingerprint"]


def key_fingerprint(certificate: Certificate) -> str:
    """Return the sha256 of the certificate's SubjectPublicKeyInfo, in hexadecimal."""
    digest = Hash(SHA256())
    digest.update(
        certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    return digest.finalize().hex()


def identity_of(certificate: Certificate, where: str) -> Identity:
    """Return what a certificate says about who signed.

    Raises SigningError: signing-certificate-invalid where an extension is not what Fulcio writes or
    there is not exactly one subject alternative name, signing-unsupported where that name is
    neither a URI nor a mail address.
    """
    numbers = Identity.extension_fields()
    values: dict[str, str] = {}
    try:
        extensions = certificate.extensions
    except (DuplicateExtension, ValueError) as error:
        raise _invalid("an extension stands twice or is malformed", where) from error
    for extension in extensions:
        arc, _, number = extension.oid.dotted_string.rpartition(".")
        if arc != FULCIO_ARC or int(number) not in numbers:
            continue
        values[numbers[int(number)]] = _utf8_string(extension.value.public_bytes(), number, where)
    return Identity(san=_san(extensions, where), **values)


def _utf8_string(der: bytes, number: str, where: str) -> str:
    try:
        return asn1.decode_der(str, der)
    except ValueError as error:
        raise _invalid(f"the extension .{number} is not one DER UTF8String", where) from error


def _san(extensions: Extensions, where: str) -> str:
    try:
        names = list(extensions.get_extension_for_class(SubjectAlternativeName).value)
    except ExtensionNotFound:
        names = []
    if len(names) != 1:
        message = f"the certificate must have one subject alternative name, and has {len(names)}"
        raise _invalid(message, where)
    if not isinstance(names[0], UniformResourceIdentifier | RFC822Name):
        message = "the certificate's subject is neither a URI nor a mail address"
        raise SigningError("signing-unsupported", message, where=where)
    return names[0].value


def _invalid(message: str, where: str) -> SigningError:
    return SigningError("signing-certificate-invalid", message, where=where)
