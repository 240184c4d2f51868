"""The fixed names of the embedded Sigstore, none of which can ever be real.

All are in `tagseal.core.identity.REHEARSAL_DOMAIN`: no certificate, log or token that carries one
of these names can be mistaken for one of a real Sigstore. They stand in the trust root, which
therefore stays good when the server and its port are gone.
"""

from tagseal.core.identity import REHEARSAL_DOMAIN, REHEARSAL_ISSUER

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

OPERATOR = REHEARSAL_DOMAIN
"""Who runs the services, in the trust root and as the organization of every authority."""

CA_URL = f"https://fulcio.{REHEARSAL_DOMAIN}"
"""The certificate authority, in the trust root."""

CT_LOG_URL = f"https://ctlog.{REHEARSAL_DOMAIN}"
"""The certificate transparency log, in the trust root."""

REKOR_ORIGIN = f"rekor.{REHEARSAL_DOMAIN}"
"""The origin line of the transparency log's checkpoints, and the name of its key."""

REKOR_URL = f"https://{REKOR_ORIGIN}"
"""The transparency log, in the trust root."""

TSA_URL = f"https://timestamp.{REHEARSAL_DOMAIN}"
"""The timestamp authority, in the trust root."""

AUDIENCE = "sigstore"
"""The audience that a token must have before a certificate is issued for it."""
