from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tagseal.core.errors import SigningError
from tagseal.core.identity import FULCIO_ARC, Identity
from tagseal.signing import Trust
from tagseal.signing._identity import identity_of, key_fingerprint
from tagseal.signing._roots import authority_of, trusted_root

URI = x509.UniformResourceIdentifier("https://ci.example/owner/name")


def certificate(
    extensions: Sequence[tuple[int, bytes]] = (),
    names: Sequence[x509.GeneralName] | None = (URI,),
    key: ec.EllipticCurvePrivateKey | None = None,
) -> x509.Certificate:
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=7,
        not_valid_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_valid_after=datetime(2026, 1, 2, tzinfo=UTC),
    )
    if names is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=True)
    for number, der in extensions:
        oid = x509.ObjectIdentifier(f"{FULCIO_ARC}.{number}")
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, der), critical=False)
    return builder.sign(key, hashes.SHA256())


def utf8(text: str) -> bytes:
    data = text.encode()
    return b"\x0c" + bytes([len(data)]) + data


def code(subject: x509.Certificate) -> str:
    with pytest.raises(SigningError) as caught:
        identity_of(subject, "here")
    assert caught.value.where == "here"
    return caught.value.code


def test_every_extension_is_read():
    numbers = Identity.extension_fields()
    assert list(numbers) == list(range(8, 23))
    identity = identity_of(certificate([(n, utf8(f"valué {n}")) for n in numbers]), "here")
    assert identity.san == "https://ci.example/owner/name"
    assert {n: getattr(identity, name) for n, name in numbers.items()} == {
        n: f"valué {n}" for n in numbers
    }


def test_what_is_absent_is_none():
    assert identity_of(certificate(), "here") == Identity(san="https://ci.example/owner/name")


def test_the_deprecated_issuer_is_ignored():
    identity = identity_of(certificate([(1, b"https://issuer.example"), (99, b"?")]), "here")
    assert identity.issuer is None


def test_a_mail_address():
    subject = certificate(names=[x509.RFC822Name("a@example.org")])
    assert identity_of(subject, "here").san == "a@example.org"


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"https://issuer.example",
        utf8("a") + b"x",
        b"\x0c\x81\x01a",
        b"\x0c\x05a",
        b"\x13\x01a",
        b"\x0c\x02\xff\xfe",
        b"\x0c\x80a\0\0",
    ],
)
def test_only_one_der_utf8_string_will_do(der: bytes):
    assert code(certificate([(8, der)])) == "signing-certificate-invalid"


@pytest.mark.parametrize("names", [None, [], [URI, URI], [URI, x509.DNSName("b.example")]])
def test_exactly_one_subject(names: Sequence[x509.GeneralName] | None):
    assert code(certificate(names=names)) == "signing-certificate-invalid"


@pytest.mark.parametrize(
    "name",
    [
        x509.DNSName("ci.example"),
        x509.OtherName(x509.ObjectIdentifier(f"{FULCIO_ARC}.7"), utf8("user!name")),
    ],
)
def test_other_kinds_of_subjects_are_undecided(name: x509.GeneralName):
    assert code(certificate(names=[name])) == "signing-unsupported"


def test_an_extension_that_stands_twice():
    oids = [x509.ObjectIdentifier(f"{FULCIO_ARC}.{n}").dotted_string for n in (8, 9)]
    assert oids[0] != oids[1]
    der = certificate([(8, utf8("one")), (9, utf8("two"))]).public_bytes(Encoding.DER)
    arc = bytes.fromhex("060a2b0601040183bf3001")
    assert der.count(arc + b"\x09") == 1
    twice = x509.load_der_x509_certificate(der.replace(arc + b"\x09", arc + b"\x08"))
    assert code(twice) == "signing-certificate-invalid"


def test_the_fingerprint_is_the_keys():
    key = ec.generate_private_key(ec.SECP256R1())
    one, two = certificate(key=key), certificate([(8, utf8("x"))], key=key)
    assert key_fingerprint(one) == key_fingerprint(two)
    assert key_fingerprint(one) != key_fingerprint(certificate())


def test_an_authority_is_chosen_by_name_and_key(trust: Trust):
    root = trusted_root(trust.root)
    link = root.certificate_authorities[0].cert_chain.certificates[0]
    issuer = x509.load_der_x509_certificate(link.raw_bytes)
    key = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value

    def named(identifier: bytes | None) -> str | None:
        builder = x509.CertificateBuilder(
            issuer_name=issuer.subject,
            subject_name=x509.Name([]),
            public_key=issuer.public_key(),
            serial_number=7,
            not_valid_before=datetime(2026, 1, 1, tzinfo=UTC),
            not_valid_after=datetime(2026, 1, 2, tzinfo=UTC),
        )
        if identifier is not None:
            extension = x509.AuthorityKeyIdentifier(identifier, None, None)
            builder = builder.add_extension(extension, critical=False)
        signed = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
        return authority_of(root, signed)

    assert named(key.digest) == "https://fulcio.rehearsal.tagseal.invalid"
    assert named(b"other") is None
    assert named(None) is None
