"""The fixed names of the embedded Sigstore, none of which can ever be real.

The top-level domain ``invalid`` is reserved (RFC 2606, section 2): no certificate, log or token
that carries one of these names can be mistaken for one of a real Sigstore. They stand in the trust
root, which therefore stays good when the server and its port are gone.
"""

__all__ = [
    "AUDIENCE",
    "CA_URL",
    "CT_LOG_URL",
    "OPERATOR",
    "REHEARSAL_ISSUER",
    "REKOR_ORIGIN",
    "REKOR_URL",
    "TSA_URL",
]

OPERATOR = "rehearsal.tagseal.invalid"
"""Who runs the services, in the trust root and as the organization of every authority."""

REHEARSAL_ISSUER = "https://oidc.rehearsal.tagseal.invalid"
"""The OIDC issuer of every rehearsal, in its tokens and in its certificates."""

CA_URL = "https://fulcio.rehearsal.tagseal.invalid"
"""The certificate authority, in the trust root."""

CT_LOG_URL = "https://ctlog.rehearsal.tagseal.invalid"
"""The certificate transparency log, in the trust root."""

REKOR_ORIGIN = "rekor.rehearsal.tagseal.invalid"
"""The origin line of the transparency log's checkpoints, and the name of its key."""

REKOR_URL = f"https://{REKOR_ORIGIN}"
"""The transparency log, in the trust root."""

TSA_URL = "https://timestamp.rehearsal.tagseal.invalid"
"""The timestamp authority, in the trust root."""

AUDIENCE = "sigstore"
"""The audience that a token must have before a certificate is issued for it."""
