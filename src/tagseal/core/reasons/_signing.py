"""Reasons of checking signatures, of trust roots, and of signing."""

from tagseal.core.reasons._reason import Reason, Status

_AGAIN = "Do not use this file; download it and its evidence again, or ask the project."

_CHECKING: tuple[Reason, ...] = (
    Reason(
        code="signing-signature-invalid",
        status=Status.NOT_VERIFIED,
        means="The signature was not made over these bytes with the certificate's key.",
        next_step=_AGAIN,
    ),
    Reason(
        code="signing-certificate-invalid",
        status=Status.NOT_VERIFIED,
        means="The signing certificate is not one that the trusted authority issued and logged.",
        next_step=_AGAIN,
    ),
    Reason(
        code="signing-log-invalid",
        status=Status.NOT_VERIFIED,
        means="The signature is not proven to be in the transparency log that it names.",
        next_step=_AGAIN,
    ),
    Reason(
        code="signing-time-invalid",
        status=Status.NOT_VERIFIED,
        means="No trusted time proves that it was signed while certificate and keys were valid.",
        next_step=_AGAIN,
    ),
    Reason(
        code="signing-bundle-invalid",
        status=Status.NOT_VERIFIED,
        means="The bundle was refused as a whole: its parts do not fit together.",
        next_step=_AGAIN,
    ),
    Reason(
        code="signing-trust-root-unknown",
        status=Status.NOT_VERIFIED,
        means="The evidence is from a Sigstore instance that the trust root does not name.",
        next_step="If you trust that instance, name its trust root with --trust-config.",
    ),
    Reason(
        code="signing-rehearsal-evidence",
        status=Status.NOT_VERIFIED,
        means="The evidence is a rehearsal's: it proves nothing about who made a release.",
        next_step="To judge a rehearsal, name its trust_config.json with --trust-config.",
    ),
    Reason(
        code="signing-trust-root-stale",
        status=Status.UNDECIDED,
        means="The log's name fits the trusted instance, but the trust root does not know it yet.",
        next_step="Upgrade tagseal, or name a newer trust root with --trust-config.",
    ),
    Reason(
        code="signing-unsupported",
        status=Status.UNDECIDED,
        means="The evidence is of a kind that this tagseal cannot check.",
        next_step="Upgrade tagseal, or ask the project for evidence as DSSE with a P-256 key.",
    ),
    Reason(
        code="signing-trust-malformed",
        status=Status.NOT_VERIFIED,
        means="The trust root cannot be used, so there is nothing that evidence could rest on.",
        next_step="Name a ClientTrustConfig or TrustedRoot in JSON, from a source you trust.",
    ),
)

_MAKING: tuple[Reason, ...] = (
    Reason(
        code="signing-no-identity",
        status=Status.USAGE,
        means="Signing needs an identity token, and this environment offers none.",
        next_step="Sign in CI, in a job that may ask for one (GitHub: id-token: write).",
    ),
    Reason(
        code="signing-identity-invalid",
        status=Status.USAGE,
        means="The identity token cannot be used: it is malformed, expired or for somebody else.",
        next_step="Ask the CI for a new token with the audience sigstore.",
    ),
    Reason(
        code="signing-needs-consent",
        status=Status.USAGE,
        means="Signing would publish names of a repository that may be private, for ever.",
        next_step="Give consent explicitly if the public log may name it; else rehearse.",
    ),
    Reason(
        code="signing-cannot-sign",
        status=Status.USAGE,
        means="The trust root says whom to believe, but not where to sign.",
        next_step="Name a ClientTrustConfig, which holds a signing configuration too.",
    ),
    Reason(
        code="signing-statement-refused",
        status=Status.USAGE,
        means="The bytes to sign are not an in-toto statement that Sigstore signs.",
        next_step="Report it to the tagseal project with the message.",
    ),
    Reason(
        code="signing-service-refused",
        status=Status.UNDECIDED,
        means="A service of the Sigstore instance refused the request.",
        next_step="Read the message; a refused certificate is mostly a matter of the token.",
    ),
    Reason(
        code="signing-service-unavailable",
        status=Status.UNDECIDED,
        means="A service of the Sigstore instance did not answer, or not usefully, in time.",
        next_step="Try again later.",
    ),
)

REASONS: tuple[Reason, ...] = _CHECKING + _MAKING
