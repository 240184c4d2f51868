"""Reasons of the area ``rehearsal``."""

from tagseal.core.reasons._reason import Reason, Status

REASONS: tuple[Reason, ...] = (
    Reason(
        code="rehearsal-workload-invalid",
        status=Status.USAGE,
        means="The workload that a rehearsal should act for is not one that a CI could name.",
        next_step="Give owner/name, a full ref, a whole commit id, and numbers as ids.",
    ),
    Reason(
        code="rehearsal-lifecycle",
        status=Status.USAGE,
        means="The embedded Sigstore was started twice, or asked for what it only has running.",
        next_step="Use it inside its with block.",
    ),
    Reason(
        code="rehearsal-no-port",
        status=Status.UNDECIDED,
        means="The embedded Sigstore cannot listen on the loopback interface of this machine.",
        next_step="Run it where programs may open a port on 127.0.0.1.",
    ),
    Reason(
        code="rehearsal-caller-refused",
        status=Status.NOT_VERIFIED,
        means="A token was asked for without the request token of a running job.",
        next_step="Set the variables that the embedded Sigstore's environment() gives.",
    ),
    Reason(
        code="rehearsal-token-refused",
        status=Status.NOT_VERIFIED,
        means="An identity token is forged, out of its time, or meant for somebody else.",
        next_step="Ask the embedded issuer for a fresh token with the audience sigstore.",
    ),
    Reason(
        code="rehearsal-key-unproven",
        status=Status.NOT_VERIFIED,
        means="Whoever asks for a certificate does not prove to hold its private key.",
        next_step="Sign the request with the key that the certificate is for.",
    ),
    Reason(
        code="rehearsal-certificate-refused",
        status=Status.NOT_VERIFIED,
        means="The certificate transparency log does not accept a certificate.",
        next_step="Submit certificates of the embedded certificate authority only.",
    ),
    Reason(
        code="rehearsal-entry-refused",
        status=Status.NOT_VERIFIED,
        means="The embedded transparency log does not accept an entry: its signature is wrong.",
        next_step="Submit the digest, the signature and the certificate that belong together.",
    ),
    Reason(
        code="rehearsal-entry-exists",
        status=Status.NOT_VERIFIED,
        means="The embedded transparency log has this very entry already.",
        next_step="Read the entry from the log instead of adding it again.",
    ),
    Reason(
        code="rehearsal-request-malformed",
        status=Status.NOT_VERIFIED,
        means="A request to the embedded Sigstore does not have the form that its API defines.",
        next_step="Compare the request with the API of the service that it is for.",
    ),
)
