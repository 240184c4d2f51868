import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from sigstore._internal.sct import verify_sct
from sigstore._internal.trust import CTKeyring, Keyring
from sigstore.errors import VerificationError
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails

from tagseal.core.errors import RehearsalError
from tagseal.core.identity import FULCIO_ARC, Identity
from tagseal.rehearsal import REHEARSAL_ISSUER, Workload
from tagseal.rehearsal._ct_log import CtLog
from tagseal.rehearsal._fulcio import CertificateAuthority
from tagseal.rehearsal._keys import public_key_der
from tagseal.rehearsal._oidc import OidcIssuer

NOW = datetime(2026, 5, 4, 3, 2, 1, 987000, tzinfo=UTC)


class Instance:
    """An authority with what it depends on, and a job that may ask it."""

    def __init__(self, workload: Workload) -> None:
        self.oidc = OidcIssuer(server_url="https://github.com")
        self.ct_log = CtLog()
        self.ca = CertificateAuthority(
            self.oidc, self.ct_log, server_url="https://github.com", now=NOW
        )
        self.token = self.oidc.token(self.oidc.enrol(workload), "sigstore", NOW)

    def ask(self, document: object, token: str | None = None) -> list[x509.Certificate]:
        body = json.dumps(document).encode()
        answer = self.ca.signing_certificate(body, token or self.token, NOW)
        chain = answer["signedCertificateEmbeddedSct"]["chain"]["certificates"]
        return [x509.load_pem_x509_certificate(pem.encode()) for pem in chain]

    def keyring(self) -> CTKeyring:
        key = base64.b64encode(public_key_der(self.ct_log.public_key))
        details = PublicKeyDetails.PKIX_ECDSA_P256_SHA_256
        return CTKeyring(Keyring([PublicKey(raw_bytes=key, key_details=details)]))


@pytest.fixture
def instance(workload: Workload) -> Instance:
    return Instance(workload)


def csr_request(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> dict[str, str]:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    pem = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    return {"certificateSigningRequest": base64.b64encode(pem).decode()}


def proof_request(
    key: ec.EllipticCurvePrivateKey, proof: bytes, token: str | None = None
) -> dict[str, object]:
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    request: dict[str, object] = {
        "publicKeyRequest": {
            "publicKey": {"algorithm": "ECDSA", "content": pem.decode()},
            "proofOfPossession": base64.b64encode(proof).decode(),
        }
    }
    return request | ({"credentials": {"oidcIdentityToken": token}} if token else {})


def refusal(instance: Instance, document: object, token: str | None = None) -> str:
    with pytest.raises(RehearsalError) as caught:
        instance.ask(document, token)
    assert len(instance.ct_log.tree) == 0
    return caught.value.code


def test_the_leaf_says_what_the_token_says(instance: Instance) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = instance.ask(csr_request(key))[0]
    said = {
        extension.oid.dotted_string: extension.value.value
        for extension in leaf.extensions
        if extension.oid.dotted_string.startswith(FULCIO_ARC)
    }
    wanted = {
        "8": REHEARSAL_ISSUER,
        "9": "https://github.com/sealers/seal/.github/workflows/seal.yml@refs/tags/v3",
        "10": "c" * 40,
        "11": "github-hosted",
        "12": "https://github.com/owner/name",
        "13": "0123456789abcdef0123456789abcdef01234567",
        "14": "refs/tags/v1.0",
        "15": "111",
        "16": "https://github.com/owner",
        "17": "222",
        "18": "https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1.0",
        "19": "b" * 40,
        "20": "push",
        "21": "https://github.com/owner/name/actions/runs/77/attempts/2",
        "22": "public",
    }
    assert {int(number) for number in wanted} == set(Identity.extension_fields())
    assert said.pop(f"{FULCIO_ARC}.1") == REHEARSAL_ISSUER.encode()
    assert said == {
        f"{FULCIO_ARC}.{number}": asn1.UTF8String(value).dump() for number, value in wanted.items()
    }


def test_the_leaf_has_sigstores_profile(instance: Instance) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    leaf, intermediate, root = instance.ask(csr_request(key))
    leaf.verify_directly_issued_by(intermediate)
    intermediate.verify_directly_issued_by(root)
    assert leaf.public_key() == key.public_key()
    assert leaf.not_valid_before_utc == NOW.replace(microsecond=0)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == timedelta(minutes=10)
    assert list(leaf.subject) == []
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert names.critical
    assert list(names.value) == [
        x509.UniformResourceIdentifier(
            "https://github.com/sealers/seal/.github/workflows/seal.yml@refs/tags/v3"
        )
    ]
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CODE_SIGNING]
    assert len({instance.ask(csr_request(key))[0].serial_number for _ in range(3)}) == 3


def test_the_timestamp_in_the_leaf_is_of_its_direct_issuer(instance: Instance) -> None:
    leaf, intermediate, root = instance.ask(csr_request(ec.generate_private_key(ec.SECP256R1())))
    verify_sct(leaf, [intermediate, root], instance.keyring())
    with pytest.raises(VerificationError):
        verify_sct(leaf, [root], instance.keyring())


def test_the_timestamp_is_of_one_certificate_and_one_log(
    instance: Instance, workload: Workload
) -> None:
    leaf, intermediate, _ = instance.ask(csr_request(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(VerificationError):
        verify_sct(leaf, [intermediate], Instance(workload).keyring())
    assert len(instance.ct_log.tree) == 1
    assert leaf.tbs_precertificate_bytes in instance.ct_log.tree.leaves[0]


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_a_key_may_be_proven_by_signing_the_subject(
    instance: Instance, workload: Workload, curve: ec.EllipticCurve
) -> None:
    key = ec.generate_private_key(curve)
    digest = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}[curve.key_size]
    proof = key.sign(workload.subject.encode(), ec.ECDSA(digest))
    document = proof_request(key, proof, instance.token)
    answer = instance.ca.signing_certificate(json.dumps(document).encode(), None, NOW)
    pem = answer["signedCertificateEmbeddedSct"]["chain"]["certificates"][0]
    assert x509.load_pem_x509_certificate(pem.encode()).public_key() == key.public_key()


def test_a_proof_by_a_foreign_key_is_refused(instance: Instance, workload: Workload) -> None:
    mine, foreign = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    proof = mine.sign(workload.subject.encode(), ec.ECDSA(hashes.SHA256()))
    assert refusal(instance, proof_request(foreign, proof)) == "rehearsal-key-unproven"


def test_a_proof_for_another_subject_is_refused(instance: Instance) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    proof = key.sign(b"repo:owner/other:ref:refs/tags/v1.0", ec.ECDSA(hashes.SHA256()))
    assert refusal(instance, proof_request(key, proof)) == "rehearsal-key-unproven"


def test_a_request_for_a_foreign_key_is_refused(instance: Instance) -> None:
    mine, foreign = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    der = builder.sign(mine, hashes.SHA256()).public_bytes(Encoding.DER)
    swapped = der.replace(public_key_der(mine.public_key()), public_key_der(foreign.public_key()))
    pem = x509.load_der_x509_csr(swapped).public_bytes(Encoding.PEM)
    request = {"certificateSigningRequest": base64.b64encode(pem).decode()}
    assert refusal(instance, request) == "rehearsal-key-unproven"


def test_a_request_of_another_version_is_refused(instance: Instance) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = base64.b64decode(csr_request(key)["certificateSigningRequest"])
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    changed = base64.b64encode(der.replace(b"\x02\x01\x00", b"\x02\x01\x30", 1))
    pem = (
        b"-----BEGIN CERTIFICATE REQUEST-----\n" + changed + b"\n-----END CERTIFICATE REQUEST-----"
    )
    request = {"certificateSigningRequest": base64.b64encode(pem).decode()}
    assert refusal(instance, request) == "rehearsal-request-malformed"


def test_an_expired_token_gets_no_certificate(instance: Instance, workload: Workload) -> None:
    past = NOW - timedelta(hours=1)
    token = instance.oidc.token(instance.oidc.enrol(workload), "sigstore", past)
    request = csr_request(ec.generate_private_key(ec.SECP256R1()))
    assert refusal(instance, request, token) == "rehearsal-token-refused"


def test_a_token_for_another_audience_gets_no_certificate(
    instance: Instance, workload: Workload
) -> None:
    token = instance.oidc.token(instance.oidc.enrol(workload), "https://pypi.org", NOW)
    request = csr_request(ec.generate_private_key(ec.SECP256R1()))
    assert refusal(instance, request, token) == "rehearsal-token-refused"


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"certificateSigningRequest": 1},
        {"certificateSigningRequest": "%%%"},
        {"certificateSigningRequest": "bm90IGEgcmVxdWVzdA=="},
        {"publicKeyRequest": {"publicKey": {"content": "no key"}, "proofOfPossession": "AA=="}},
        {"publicKeyRequest": {"publicKey": {"content": "no key"}, "proofOfPossession": "\xe9"}},
        {"publicKeyRequest": {"publicKey": "no key"}},
    ],
)
def test_a_malformed_request_is_refused(instance: Instance, document: object) -> None:
    assert refusal(instance, document) == "rehearsal-request-malformed"


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json_is_refused(instance: Instance, body: bytes) -> None:
    with pytest.raises(RehearsalError) as caught:
        instance.ca.signing_certificate(body, instance.token, NOW)
    assert caught.value.code == "rehearsal-request-malformed"


def test_a_request_without_any_token_is_refused(instance: Instance) -> None:
    with pytest.raises(RehearsalError) as caught:
        instance.ca.signing_certificate(b"{}", None, NOW)
    assert caught.value.code == "rehearsal-request-malformed"


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256K1())],
    ids=["rsa", "secp256k1"],
)
def test_a_key_that_the_log_could_not_verify_gets_no_certificate(
    instance: Instance, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> None:
    assert refusal(instance, csr_request(key)) == "rehearsal-request-malformed"
