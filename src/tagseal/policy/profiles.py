"""Issuers: which CI systems' certificates can be judged, and what each must say.

A certificate is believed only after its issuer was recognised exactly. Each profile lists the
extensions that its certificates must have; one that is missing is a failure, and an issuer without
a profile cannot be decided.
"""

from dataclasses import dataclass

from tagseal.core.identity import REHEARSAL_ISSUER, Identity

__all__ = [
    "GITHUB",
    "PROFILES",
    "REHEARSAL",
    "REHEARSAL_ISSUER",
    "REHEARSAL_SIGNER",
    "IssuerProfile",
    "profile_of",
]

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
    workflow URIs, without ref, that are trusted to sign for any repository, at any tag of theirs.
    """

    name: str
    issuer: str
    server: str
    """What repository URIs start with, with a slash at the end."""
    required: tuple[str, ...]
    triggers: tuple[str, ...]
    runners: tuple[str, ...]
    trusted_signers: tuple[str, ...] = ()
    is_rehearsal: bool = False
    """Whether only a rehearsal's trust root may vouch for this issuer, and for no other."""

    def missing(self, identity: Identity) -> tuple[str, ...]:
        """Return the names of required fields that a certificate lacks."""
        return tuple(name for name in self.required if not getattr(identity, name))

    def trusts(self, signer: str) -> bool:
        """Return whether a workflow URI, with its ref, is trusted to sign for any repository.

        The ref must be a tag: branches and pull requests of a trusted workflow's repository hold
        what nobody has released yet.
        """
        workflow, _, ref = signer.rpartition("@")
        return workflow in self.trusted_signers and ref.startswith("refs/tags/")


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
    is_rehearsal=True,
)

PROFILES = (GITHUB, REHEARSAL)


def profile_of(issuer: str | None) -> IssuerProfile | None:
    """Return the profile of exactly this issuer, or None."""
    return next((profile for profile in PROFILES if profile.issuer == issuer), None)
