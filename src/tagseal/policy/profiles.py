"""Issuers: which CI systems' certificates can be judged, and what each must say.

A certificate is believed only after its issuer was recognised exactly. Each profile lists the
extensions that its certificates must have; one that is missing is a failure, and an issuer without
a profile cannot be decided.
"""

from dataclasses import dataclass

from tagseal.core.identity import Identity

__all__ = [
    "GITHUB",
    "PROFILES",
    "REHEARSAL",
    "REHEARSAL_ISSUER",
    "REHEARSAL_SIGNER",
    "IssuerProfile",
    "profile_of",
]

REHEARSAL_ISSUER = "https://oidc.rehearsal.tagseal.invalid"
"""The issuer of every rehearsal's certificates; the top-level domain can never exist (RFC 2606)."""

REHEARSAL_SIGNER = "https://github.com/tagseal/tagseal/.github/workflows/rehearsal.yml"
"""The workflow that a rehearsal's certificates name as the signer. No such file is ever run."""

_GITHUB_FIELDS = (
    "build_signer_uri",
    "build_signer_digest",
    "runner_environment",
    "source_repository_uri",
    "source_repository_digest",
    "source_repository_ref",
    "source_repository_id",
    "source_owner_id",
    "build_config_uri",
    "build_trigger",
    "run_invocation_uri",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerProfile:
    """How to read the certificates of one issuer.

    ``required`` are field names of `tagseal.core.identity.Identity`. ``trusted_signers`` are
    workflow URIs, without ref, that are trusted to sign for any repository.
    """

    name: str
    issuer: str
    server: str
    """What repository URIs start with, with a slash at the end."""
    required: tuple[str, ...]
    triggers: tuple[str, ...]
    runners: tuple[str, ...]
    trusted_signers: tuple[str, ...] = ()

    def missing(self, identity: Identity) -> tuple[str, ...]:
        """Return the names of required fields that a certificate lacks."""
        return tuple(name for name in self.required if not getattr(identity, name))


GITHUB = IssuerProfile(
    name="GitHub Actions",
    issuer="https://token.actions.githubusercontent.com",
    server="https://github.com/",
    required=_GITHUB_FIELDS,
    triggers=("push",),
    runners=("github-hosted",),
)

REHEARSAL = IssuerProfile(
    name="a rehearsal",
    issuer=REHEARSAL_ISSUER,
    server="https://github.com/",
    required=_GITHUB_FIELDS,
    triggers=("push",),
    runners=("github-hosted",),
    trusted_signers=(REHEARSAL_SIGNER,),
)

PROFILES = (GITHUB, REHEARSAL)


def profile_of(issuer: str | None) -> IssuerProfile | None:
    """Return the profile of exactly this issuer, or None."""
    return next((profile for profile in PROFILES if profile.issuer == issuer), None)
