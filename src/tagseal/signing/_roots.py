"""Trust roots as sigstore's objects: checked when loaded, narrowed for each bundle.

Imports sigstore; see the package.
"""

from datetime import UTC, datetime

from cryptography.x509 import (
    AuthorityKeyIdentifier,
    Certificate,
    ExtensionNotFound,
    SubjectKeyIdentifier,
    load_der_x509_certificate,
)
from sigstore.models import SigningConfig, TrustedRoot
from sigstore_models.common.v1 import TimeRange
from sigstore_models.trustroot import v1

from tagseal.core.errors import SigningError
from tagseal.signing._translate import describe_failure, failing_as

__all__ = ["authority_of", "check", "log_names", "narrowed", "signing_config", "trusted_root"]


def trusted_root(data: bytes) -> v1.TrustedRoot:
    """Return the model of a TrustedRoot's JSON; whatever it raises, `check` has raised before."""
    return v1.TrustedRoot.from_json(data)


def signing_config(data: bytes) -> SigningConfig:
    """Return sigstore's signing configuration, with the services that are valid today."""
    return SigningConfig(v1.SigningConfig.from_json(data))


def check(root: bytes, signing: bytes | None, source: str) -> tuple[list[str], list[str]]:
    """Return the URLs that a trust root names, and those of the services to sign with.

    Raises SigningError (signing-trust-malformed) unless every certificate and at least one key of
    each kind can be used.
    """
    with failing_as(lambda error: _malformed(describe_failure(error), source)):
        model = trusted_root(root)
        usable = TrustedRoot(_without_windows(model))
        usable.get_fulcio_certs()
        usable.get_timestamp_authorities()
        services = _services(v1.SigningConfig.from_json(signing)) if signing else []
    if not model.tlogs or not model.ctlogs:
        raise _malformed("it names no transparency log, or no certificate log", source)
    logs = [log.base_url for log in (*model.tlogs, *model.ctlogs)]
    authorities = (*model.certificate_authorities, *model.timestamp_authorities)
    return logs + [authority.uri or "" for authority in authorities], services


def _without_windows(root: v1.TrustedRoot) -> v1.TrustedRoot:
    # sigstore-python leaves out authorities that have not begun yet, by the machine's clock.
    # Whether a root can be read must not depend on it; windows count when something is verified.
    always = TimeRange(start=datetime.fromtimestamp(0, UTC), end=None)
    return root.model_copy(
        update={
            kind: [a.model_copy(update={"valid_for": always}) for a in getattr(root, kind)]
            for kind in ("certificate_authorities", "timestamp_authorities")
        }
    )


def _malformed(why: str, source: str) -> SigningError:
    message = f"the trust root cannot be used: {why}"
    return SigningError("signing-trust-malformed", message, where=source)


def _services(config: v1.SigningConfig) -> list[str]:
    # The issuer only hands out tokens; nothing that it is told is published.
    listed = (*config.ca_urls, *config.rekor_tlog_urls, *config.tsa_urls)
    return [service.url for service in listed]


def log_names(root: v1.TrustedRoot) -> list[str]:
    """Return the name of each transparency log: its URL without the scheme.

    That is what a log calls itself in its checkpoints (C2SP tlog-checkpoint: a schema-less URL).
    """
    return [_name(log) for log in root.tlogs]


def _name(log: v1.TransparencyLogInstance) -> str:
    return log.base_url.split("://", 1)[-1].rstrip("/")


def narrowed(root: v1.TrustedRoot, log_name: str, times: list[datetime]) -> v1.TrustedRoot:
    """Return the trust root with only the named log, and only what was valid at all these times.

    sigstore-python tries every key that a trust root has, whichever log a checkpoint names, and
    does not look at the ``validFor`` of authorities, certificate logs and transparency logs when it
    verifies. What is left out here cannot vouch for anything there.
    """
    return root.model_copy(
        update={
            "tlogs": [
                log
                for log in root.tlogs
                if _name(log) == log_name and _valid(log.public_key.valid_for, times)
            ],
            "ctlogs": [log for log in root.ctlogs if _valid(log.public_key.valid_for, times)],
            "certificate_authorities": [
                authority
                for authority in root.certificate_authorities
                if _valid(authority.valid_for, times)
            ],
        }
    )


def _valid(window: TimeRange | None, times: list[datetime]) -> bool:
    # A TimeRange holds both its ends; a key without one is valid without end (PublicKey.valid_for).
    if window is None:
        return True
    return all(
        window.start <= time and (window.end is None or time <= window.end) for time in times
    )


def authority_of(root: v1.TrustedRoot, certificate: Certificate) -> str | None:
    """Return the name of the authority that a certificate says it is from, or None.

    By the issuer's name and key identifier (RFC 5280, section 4.2.1.1), which choose the authority;
    that it signed the certificate is for the verification of the chain.
    """
    for authority in root.certificate_authorities:
        for link in authority.cert_chain.certificates:
            issuer = load_der_x509_certificate(link.raw_bytes)
            if issuer.subject == certificate.issuer and _same_key(issuer, certificate):
                return authority.uri or issuer.subject.rfc4514_string()
    return None


def _same_key(issuer: Certificate, certificate: Certificate) -> bool:
    try:
        named = certificate.extensions.get_extension_for_class(AuthorityKeyIdentifier)
        own = issuer.extensions.get_extension_for_class(SubjectKeyIdentifier)
    except ExtensionNotFound:
        return False
    return named.value.key_identifier == own.value.digest
