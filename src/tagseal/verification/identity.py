"""Step 5: is the certificate's identity the one that the policy demands?"""

from collections.abc import Iterator

from tagseal.core.finding import Finding
from tagseal.core.identity import Identity
from tagseal.core.paths import display
from tagseal.policy import IssuerProfile, Policy, profile_of

__all__ = ["identity_findings"]

_TAG_REF = "refs/tags/"


def identity_findings(
    identity: Identity, policy: Policy, *, is_rehearsal: bool = False
) -> list[Finding]:
    """Return everything about a certificate that the policy refuses.

    The issuer is decided first; nothing else of the certificate is believed before. A rehearsal's
    issuer and a rehearsal's trust root (``is_rehearsal``) only go together. All values are compared
    exactly and whole.
    """
    profile = profile_of(identity.issuer)
    issuer = _shown(identity.issuer or "nobody")
    if profile is None:
        message = f'the issuer is "{issuer}", for which there is no profile'
        return [Finding(code="identity-issuer-unknown", message=message)]
    if profile.is_rehearsal != is_rehearsal:
        whose = (
            "a rehearsal's trust root" if is_rehearsal else "a trust root that is no rehearsal's"
        )
        message = f'the issuer is "{issuer}", for which {whose} cannot speak'
        return [Finding(code="signing-rehearsal-evidence", message=message)]
    if missing := profile.missing(identity):
        names = ", ".join(name.replace("_", " ") for name in missing)
        return [Finding(code="identity-incomplete", message=f"the certificate has no {names}")]
    return [
        *_repository(identity, policy, profile),
        *_signer(identity, policy, profile),
        *_run(identity, profile),
    ]


def _shown(text: str) -> str:
    """Return a certificate's text in ASCII: letters of other scripts look like those asked for."""
    return display(text).encode("ascii", "backslashreplace").decode("ascii")


def _differs(code: str, what: str, found: str | None, wanted: str) -> Finding:
    shown = _shown(found or "nothing")
    return Finding(code=code, message=f'{what} is "{shown}", not "{_shown(wanted)}"')


def _repository(identity: Identity, policy: Policy, profile: IssuerProfile) -> Iterator[Finding]:
    wanted = profile.server + policy.repository
    if identity.source_repository_uri != wanted:
        found = identity.source_repository_uri
        yield _differs("identity-repository", "the source repository", found, wanted)
    for what, found, demanded in (
        ("the repository's id", identity.source_repository_id, policy.repository_id),
        ("the owner's id", identity.source_owner_id, policy.owner_id),
    ):
        if demanded is not None and found != demanded:
            yield _differs("identity-owner", what, found, demanded)
    if policy.commit is not None and identity.source_repository_digest != policy.commit:
        found = identity.source_repository_digest
        yield _differs("identity-commit", "the commit", found, policy.commit)


def _signer(identity: Identity, policy: Policy, profile: IssuerProfile) -> Iterator[Finding]:
    signer = identity.build_signer_uri or ""
    if identity.san != signer:
        yield _differs("identity-signer", "the certificate's subject", identity.san, signer)
    started, own = identity.build_config_uri or "", f"{identity.source_repository_uri}/"
    if not started.startswith(own) or not started.endswith(f"@{identity.source_repository_ref}"):
        message = f'the run was started by "{_shown(started)}", which is no workflow of the tag'
        yield Finding(code="identity-signer", message=message)
    if policy.builder is not None:
        if signer != policy.builder:
            yield _differs("identity-signer", "the signing workflow", signer, policy.builder)
        return
    if policy.workflow is not None:
        ref = identity.source_repository_ref
        wanted = f"{profile.server}{policy.repository}/{policy.workflow}@{ref}"
        if signer != wanted:
            yield _differs("identity-signer", "the signing workflow", signer, wanted)
        return
    if not profile.trusts(signer):
        message = f'the signing workflow is "{_shown(signer)}", which nobody said to trust'
        yield Finding(code="identity-signer", message=message)


def _run(identity: Identity, profile: IssuerProfile) -> Iterator[Finding]:
    ref = identity.source_repository_ref or ""
    if not ref.startswith(_TAG_REF) or ref == _TAG_REF:
        yield Finding(code="identity-ref", message=f'the ref is "{_shown(ref)}", not a tag')
    if identity.build_trigger not in profile.triggers:
        shown = _shown(identity.build_trigger or "")
        message = f'the run was started by "{shown}", not by {" or ".join(profile.triggers)}'
        yield Finding(code="identity-trigger", message=message)
    if identity.runner_environment not in profile.runners:
        shown = _shown(identity.runner_environment or "")
        message = f'the signing job ran on a "{shown}" machine, not on the CI system\'s own'
        yield Finding(code="identity-runner", message=message)
