"""The one maker of a `VerifiedBundle`."""

from tagseal.core.errors import SigningError
from tagseal.core.identity import REHEARSAL_DOMAIN
from tagseal.evidence import ParsedBundle, VerifiedBundle
from tagseal.signing.trust import Trust

__all__ = ["BundleVerifier"]


class BundleVerifier:
    """Verifies bundles against one trust root, offline and without a clock.

    What is verified is that *somebody* whom the certificate names signed these bytes while the
    certificate was valid, and that it was logged. Who may sign is no question here: sigstore is
    given a policy that anybody meets (like its ``UnsafeNoOp``), and whoever calls this owes the
    judgement of the identity: `tagseal.verification` makes it.
    """

    def __init__(self, trust: Trust) -> None:
        self.trust = trust

    def verify(self, parsed: ParsedBundle) -> VerifiedBundle:
        """Return the bundle with what was verified about it.

        Raises SigningError with one of the area's codes, see the package; there is no exception of
        sigstore, pydantic or cryptography that it lets through.
        """
        where = f"line {parsed.line} of the evidence"
        origin = parsed.checkpoint_origin or ""
        if origin.endswith(f".{REHEARSAL_DOMAIN}") and not self.trust.is_rehearsal:
            message = "the evidence was made by a rehearsal"
            raise SigningError("signing-rehearsal-evidence", message, where=where)
        if parsed.kind != "dsse":
            message = "the bundle signs a file itself; tagseal judges signed statements"
            raise SigningError("signing-unsupported", message, where=where)
        # Imported here because it imports sigstore; see the package.
        from tagseal.signing import _steps

        return _steps.verify(self.trust.root, parsed, where)
