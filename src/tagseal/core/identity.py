"""Who signed: what a Fulcio certificate says, field by field.

The numbers are the last arc of Fulcio's extension OIDs, 1.3.6.1.4.1.57264.1.N (Fulcio,
``docs/oid-info.md``). The certificate authority fills them from the token of the CI system, so the
job that signs cannot choose them.
"""

from dataclasses import dataclass, field, fields

__all__ = ["FULCIO_ARC", "REHEARSAL_DOMAIN", "REHEARSAL_ISSUER", "Identity"]

FULCIO_ARC = "1.3.6.1.4.1.57264.1"
"""The arc that all of Fulcio's certificate extensions are under."""

REHEARSAL_DOMAIN = "rehearsal.tagseal.invalid"
"""The domain that every name of a rehearsal's services is in.

The top-level domain ``invalid`` is reserved (RFC 2606, section 2): no real service can be there.
"""

REHEARSAL_ISSUER = f"https://oidc.{REHEARSAL_DOMAIN}"
"""The issuer of every rehearsal's certificates, and of no others."""


def _extension(number: int) -> str | None:
    return field(default=None, metadata={"extension": number})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One certificate's identity; an extension that the certificate lacks is None."""

    san: str
    """The one subject alternative name: a URI or a mail address."""
    issuer: str | None = _extension(8)
    build_signer_uri: str | None = _extension(9)
    build_signer_digest: str | None = _extension(10)
    runner_environment: str | None = _extension(11)
    source_repository_uri: str | None = _extension(12)
    source_repository_digest: str | None = _extension(13)
    source_repository_ref: str | None = _extension(14)
    source_repository_id: str | None = _extension(15)
    source_owner_uri: str | None = _extension(16)
    source_owner_id: str | None = _extension(17)
    build_config_uri: str | None = _extension(18)
    build_config_digest: str | None = _extension(19)
    build_trigger: str | None = _extension(20)
    run_invocation_uri: str | None = _extension(21)
    source_repository_visibility: str | None = _extension(22)

    @classmethod
    def extension_fields(cls) -> dict[int, str]:
        """Return extension number to the name of the field that holds it."""
        return {f.metadata["extension"]: f.name for f in fields(cls) if "extension" in f.metadata}
