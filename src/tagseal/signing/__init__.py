"""Signing and verifying with Sigstore: the only package that imports sigstore.

**Trust.** `load_trust` reads a ClientTrustConfig or a TrustedRoot, or gives Sigstore's production
root, whose bytes tagseal ships and holds to a digest. Verifying never touches the network, TUF, a
cache or a clock.

>>> trust = load_trust(None)
>>> trust.source
"Sigstore's production root, pinned in tagseal"
>>> trust.is_rehearsal, trust.is_public_log
(False, True)

**Verifying.** ``BundleVerifier(trust).verify(parsed)`` makes a `VerifiedBundle` of a
`tagseal.evidence.ParsedBundle`: certificate chain, SCT, log inclusion under a signed checkpoint,
time of signing, signature. On top of sigstore it checks that the checkpoint's origin is the log
whose key signed it, and that log, certificate log and authority were trusted (``validFor``) when it
was signed. It does *not* judge who signed: that is `tagseal.verification`'s, with the
`tagseal.core.identity.Identity` that comes out of the certificate here (extensions .8 to .22; .1
is ignored).

What is wrong counts as not verified: ``signing-signature-invalid``, ``-certificate-invalid``,
``-log-invalid``, ``-time-invalid``, ``-bundle-invalid``, ``-trust-root-unknown``,
``-rehearsal-evidence``, and ``-trust-malformed`` for a trust root that cannot be used. Only two
things are undecided: ``signing-unsupported``, and ``signing-trust-root-stale`` for a log whose name
says that it is a newer one of an instance that the trust root knows. An attacker can reach these
too, by lying about the name, and gains nothing: neither is success.

**Signing.** ``with StatementSigner(trust) as signer: signer.sign(statement)`` signs exactly those
bytes, with one certificate for the whole block, under time limits and with bounded second attempts
(`Patience`). Signing into a public log for a repository that may be private needs `consent`.

Importing this package does not import sigstore, which takes most of a second and which most
commands do not need: modules whose docstring says "Imports sigstore" are imported by functions,
when they run.
"""

from tagseal.signing._consent import consent
from tagseal.signing._patience import Patience
from tagseal.signing.signer import StatementSigner
from tagseal.signing.trust import Trust, load_trust, trust_from_json
from tagseal.signing.verifier import BundleVerifier

__all__ = [
    "BundleVerifier",
    "Patience",
    "StatementSigner",
    "Trust",
    "consent",
    "load_trust",
    "trust_from_json",
]
