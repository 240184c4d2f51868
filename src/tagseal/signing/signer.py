"""Signing statements."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from tagseal.core.errors import SigningError
from tagseal.signing._patience import DEFAULT_PATIENCE, Patience
from tagseal.signing.trust import Trust

if TYPE_CHECKING:
    from tagseal.signing._session import Session

__all__ = ["StatementSigner"]


class StatementSigner:
    """Signs in-toto statements with one short-lived certificate while its ``with`` block runs.

    ``trust`` says where to sign. ``token`` is an OIDC identity token; without one, the environment
    of the CI is asked for one (GitHub, GitLab, Buildkite, CircleCI, Google Cloud). ``consent`` is
    the consent of `tagseal.signing.consent`, which is asked before anything is sent that a public
    log would keep; how visible the repository is, the token says.

    Entering gets the certificate, and raises SigningError: signing-cannot-sign,
    signing-no-identity, signing-identity-invalid, signing-needs-consent, signing-service-refused,
    signing-service-unavailable; extra-missing where tagseal[release] is not installed.
    """

    def __init__(
        self,
        trust: Trust,
        *,
        token: str | None = None,
        consent: bool = False,
        patience: Patience = DEFAULT_PATIENCE,
    ) -> None:
        self.trust = trust
        self._token = token
        self._consent = consent
        self._patience = patience
        self._session: Session | None = None

    def __enter__(self) -> Self:
        if self.trust.signing is None:
            message = "the trust root has no signing configuration"
            raise SigningError("signing-cannot-sign", message, where=self.trust.source)
        # Imported here because it imports sigstore; see the package.
        try:
            from tagseal.signing._session import Session
        except ModuleNotFoundError as error:
            message = f"signing needs the package {error.name}, which tagseal[release] brings"
            raise SigningError("extra-missing", message) from error
        self._session = Session(
            self.trust, token=self._token, consent=self._consent, patience=self._patience
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def sign(self, statement: bytes) -> bytes:
        """Return the bundle of a DSSE envelope over exactly these bytes, as JSON on one line.

        The payload type is ``application/vnd.in-toto+json``. What comes back was verified against
        the trust root as a consumer would verify it.

        Raises SigningError: signing-statement-refused, signing-service-refused,
        signing-service-unavailable, and the codes of `BundleVerifier.verify` where what the
        services answered does not verify.
        """
        if self._session is None:
            raise RuntimeError("a StatementSigner signs inside its with block")
        return self._session.sign(statement)
