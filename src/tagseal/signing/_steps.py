"""The steps of verifying one bundle.

1. sigstore reads the bundle, and reads it as `tagseal.evidence` did.
2. The certificate names an authority of the trust root, and the checkpoint's origin is a log of it.
3. There is a time of signing: timestamps that an authority of the trust root made, or the time of a
   Rekor v1 entry (whose promise step 5 verifies).
4. The trust root is narrowed to that log, and to what was valid at all these times.
5. sigstore verifies with the narrowed root: chain, SCT, certificate profile, inclusion proof,
   checkpoint, promise, signature, and that the log entry is this bundle's.
6. The checkpoint is for a log of the size that the proof is about.

Steps 2, 4 and 6 are what sigstore-python leaves to its caller. The log index is used by none: in a
Rekor v2 entry nothing signs the outer one. One verified time is enough, so that no authority can be
counted twice; sigstore refuses a bundle that has one timestamp twice. Imports sigstore; see the
package.
"""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier
from sigstore_models.trustroot import v1

from tagseal.core.errors import SigningError
from tagseal.core.paths import display
from tagseal.evidence import ParsedBundle, VerifiedBundle
from tagseal.signing import _roots
from tagseal.signing._identity import identity_of, key_fingerprint
from tagseal.signing._translate import failing_as, translate

__all__ = ["verify"]


def verify(root_json: bytes, parsed: ParsedBundle, where: str) -> VerifiedBundle:
    """Return the verified bundle; SigningError for whatever goes wrong."""
    with failing_as(lambda error: translate(error, where)):
        return _verify(_roots.trusted_root(root_json), parsed, where)


def _verify(root: v1.TrustedRoot, parsed: ParsedBundle, where: str) -> VerifiedBundle:
    bundle = _read(parsed, where)
    certificate = bundle.signing_certificate
    _known_authority(root, certificate, where)
    log_name = _known_log(root, parsed, where)
    times = _times(TrustedRoot(root), bundle)
    narrow = _roots.narrowed(root, log_name, times)
    authority = _valid_then(narrow, certificate, times, where)
    payload_type, payload = _signed(TrustedRoot(narrow), bundle, where)
    if (payload_type, payload) != (parsed.payload_type, parsed.payload):
        raise _two_readings("payload", where)
    _same_size(bundle, where)
    return VerifiedBundle(
        bundle=parsed,
        payload_type=payload_type,
        payload=payload,
        identity=identity_of(certificate, where),
        key_fingerprint=key_fingerprint(certificate),
        signed_time=min(times),
        log_origin=_checkpoint(bundle)[0],
        authority=authority,
    )


def _read(parsed: ParsedBundle, where: str) -> Bundle:
    bundle = Bundle.from_json(parsed.raw)
    if bundle.signing_certificate.public_bytes(Encoding.DER) != parsed.certificate:
        raise _two_readings("certificate", where)
    kind = bundle.log_entry._inner.kind_version
    if f"{kind.kind}/{kind.version}" != parsed.log_kind:
        raise _two_readings("kind of log entry", where)
    if _checkpoint(bundle)[0] != parsed.checkpoint_origin:
        raise _two_readings("checkpoint", where)
    return bundle


def _two_readings(what: str, where: str) -> SigningError:
    message = f"the bundle's {what} can be read in two ways"
    return SigningError("signing-bundle-invalid", message, where=where)


def _checkpoint(bundle: Bundle) -> list[str]:
    checkpoint = bundle.log_entry._inner.inclusion_proof.checkpoint
    # sigstore refuses a bundle without one when it reads it.
    return checkpoint.envelope.split("\n") if checkpoint else [""]


def _known_authority(root: v1.TrustedRoot, certificate: Certificate, where: str) -> None:
    if _roots.authority_of(root, certificate) is None:
        issuer = display(certificate.issuer.rfc4514_string()[:120])
        message = f'the certificate is from "{issuer}", with a key that the trust root lacks'
        raise SigningError("signing-trust-root-unknown", message, where=where)


def _known_log(root: v1.TrustedRoot, parsed: ParsedBundle, where: str) -> str:
    origin = parsed.checkpoint_origin or ""
    # Rekor v1 adds the number of its tree: "rekor.example - 123" (rekor, pkg/util/checkpoint.go).
    name, _, tree = origin.partition(" - ")
    if not (parsed.log_kind.endswith("/0.0.1") and tree.isascii() and tree.isdigit()):
        name = origin
    known = _roots.log_names(root)
    if name in known:
        return name
    shown = display(origin[:120])
    if any(_same_family(name, other) for other in known):
        message = f'the trust root does not know the log "{shown}" of an instance that it knows'
        raise SigningError("signing-trust-root-stale", message, where=where)
    message = f'the trust root does not know the log "{shown}"'
    raise SigningError("signing-trust-root-unknown", message, where=where)


def _same_family(name: str, known: str) -> bool:
    # Sigstore's logs are named log2025-1.rekor.sigstore.dev; the next one will be a sibling.
    return name.partition(".")[2] in (known, known.partition(".")[2])


def _times(root: TrustedRoot, bundle: Bundle) -> list[datetime]:
    # No public method tells the times that were verified. Without this one nothing verifies: the
    # AttributeError is translated like any other.
    results = Verifier(trusted_root=root)._establish_time(bundle)
    return [result.time for result in results]


def _valid_then(
    narrow: v1.TrustedRoot, certificate: Certificate, times: list[datetime], where: str
) -> str:
    authority = _roots.authority_of(narrow, certificate)
    if not times:
        message = "no trusted source proves when the bundle was signed"
    elif authority is None:
        message = "the certificate authority was not trusted at the time of signing"
    elif not narrow.tlogs:
        message = "the transparency log was not trusted at the time of signing"
    elif not narrow.ctlogs:
        message = "no certificate log was trusted at the time of signing"
    else:
        return authority
    raise SigningError("signing-time-invalid", message, where=where)


def _signed(root: TrustedRoot, bundle: Bundle, where: str) -> tuple[str, bytes]:
    try:
        return Verifier(trusted_root=root).verify_dsse(bundle, _UnsafeAnyIdentity())
    except Exception as error:
        key = bundle.signing_certificate.public_key()
        failure = translate(error, where)
        reached_the_key = failure.code in ("signing-signature-invalid", "signing-bundle-invalid")
        # The chain was verified before, so the authority did issue a certificate for this key.
        if reached_the_key and not _is_p256(key):
            message = "the certificate's key is not ECDSA over P-256, the one kind that is checked"
            raise SigningError("signing-unsupported", message, where=where) from error
        raise failure from error


class _UnsafeAnyIdentity:
    """A policy that anybody meets, as sigstore's UnsafeNoOp, which also warns on standard error.

    The warning speaks to whoever calls sigstore and judges no identity; ours is judged, later.
    """

    def verify(self, cert: Certificate) -> None:
        """Accept the certificate."""


def _is_p256(key: object) -> bool:
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)


def _same_size(bundle: Bundle, where: str) -> None:
    proof = bundle.log_entry._inner.inclusion_proof
    if _checkpoint(bundle)[1] != str(proof.tree_size):
        message = "the inclusion proof is for a log of another size than the checkpoint's"
        raise SigningError("signing-log-invalid", message, where=where)
