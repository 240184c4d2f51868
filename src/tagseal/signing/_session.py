"""One certificate and the statements signed with it. Imports sigstore; see the package."""

import base64
import json

import requests
from rfc3161_client import TimeStampResponse
from sigstore._internal.fulcio.client import ExpiredCertificate
from sigstore._internal.rekor import RekorClientError
from sigstore._internal.timestamp import TimestampAuthorityClient, TimestampError
from sigstore.dsse import Statement
from sigstore.errors import Error
from sigstore.models import Bundle, TrustedRoot
from sigstore.oidc import ExpiredIdentity, IdentityToken, detect_credential
from sigstore.sign import Signer, SigningContext
from tenacity import Retrying, retry_if_exception, stop_after_attempt

from tagseal.core.errors import SigningError
from tagseal.core.paths import display
from tagseal.evidence import format_evidence, read_bundle
from tagseal.signing import _roots
from tagseal.signing._consent import consent as ask_consent
from tagseal.signing._patience import Patience
from tagseal.signing._translate import describe_failure, failing_as
from tagseal.signing._transport import bound
from tagseal.signing.trust import Trust
from tagseal.signing.verifier import BundleVerifier

__all__ = ["Session"]


class Session:
    """What a `StatementSigner` holds while its block runs; see there."""

    def __init__(
        self, trust: Trust, *, token: str | None, consent: bool, patience: Patience
    ) -> None:
        self._trust = trust
        self._given = token
        self._consent = consent
        self._patience = patience
        self._verifier = BundleVerifier(trust)
        self._sessions: list[requests.Session] = []
        self._context = self._connect()
        try:
            self._signer = self._certified()
        except SigningError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connections."""
        for session in self._sessions:
            session.close()

    def sign(self, statement: bytes) -> bytes:
        """Return the bundle over these bytes; see `StatementSigner.sign`."""
        try:
            content = Statement(statement)
        except Error as error:
            message = f"the statement is refused: {describe_failure(error)}"
            raise SigningError("signing-statement-refused", message) from error
        with failing_as(_service_failure):
            bundle = self._logged(content)
        raw = format_evidence([bundle.to_json().encode()]).removesuffix(b"\n")
        verified = self._verifier.verify(read_bundle(raw))
        if verified.payload != statement:
            message = "the bundle that was made does not hold the bytes that were given"
            raise SigningError("signing-bundle-invalid", message)
        return raw

    def _logged(self, content: Statement) -> Bundle:
        # "Exists already" after an answer was lost: the entry is in the log, but Rekor v2 has no
        # way to ask for it by its content. Signing again makes another signature (ECDSA's are
        # random), and so another entry; the first one stays, valid and unused.
        conflicting = Retrying(
            stop=stop_after_attempt(self._patience.attempts),
            retry=retry_if_exception(_exists_already),
            reraise=True,
        )
        try:
            return conflicting(self._signer.sign_dsse, content)
        except ExpiredCertificate:
            self._signer = self._certified()
            return conflicting(self._signer.sign_dsse, content)

    def _connect(self) -> SigningContext:
        with failing_as(self._cannot_sign):
            config = _roots.signing_config(self._trust.signing or b"")
            fulcio, rekor = config.get_fulcio(), config.get_tlogs()[0]
            stamps: list[TimestampAuthorityClient] = [
                _StrictTimestamps(client.url) for client in config.get_tsas()
            ]
        # sigstore's clients show their sessions to nobody but Fulcio's; all have one nevertheless.
        clients = [(fulcio.session, fulcio.url), (rekor._session, rekor.url)]  # type: ignore[attr-defined]
        clients += [(stamp._session, stamp.url) for stamp in stamps]
        for session, url in clients:
            bound(session, url, self._patience)
            self._sessions.append(session)
        return SigningContext(
            fulcio=fulcio,
            rekor=rekor,
            trusted_root=TrustedRoot(_roots.trusted_root(self._trust.root)),
            tsa_clients=stamps,
        )

    def _cannot_sign(self, error: BaseException) -> SigningError:
        message = f"the signing configuration cannot be used: {describe_failure(error)}"
        return SigningError("signing-cannot-sign", message, where=self._trust.source)

    def _certified(self) -> Signer:
        token = self._given or _ambient_token()
        with failing_as(_token_failure):
            identity = IdentityToken(token)
        ask_consent(
            _visibility(token), is_public_log=self._trust.is_public_log, given=self._consent
        )
        with failing_as(_service_failure):
            return Signer(identity, self._context, cache=True)


class _StrictTimestamps(TimestampAuthorityClient):
    """sigstore goes on without a timestamp, into the log; a bundle without one proves no time."""

    def request_timestamp(self, signature: bytes) -> TimeStampResponse:
        try:
            return super().request_timestamp(signature)
        except TimestampError as error:
            message = f"the timestamp authority gave no timestamp: {describe_failure(error)}"
            raise SigningError("signing-service-unavailable", message, where=self.url) from error


def _ambient_token() -> str:
    try:
        token = detect_credential()
    except Exception as error:
        message = f"the CI offers an identity token and did not give it: {describe_failure(error)}"
        raise SigningError("signing-no-identity", message) from error
    if token is None:
        message = "no identity token was given, and no CI that offers one was found"
        raise SigningError("signing-no-identity", message)
    return token


def _visibility(token: str) -> str | None:
    # GitHub's claim. IdentityToken has parsed the token before, so it has three parts.
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    visibility = claims.get("repository_visibility")
    return visibility if isinstance(visibility, str) else None


def _token_failure(error: BaseException) -> SigningError:
    message = f"the identity token cannot be used: {describe_failure(error)}"
    return SigningError("signing-identity-invalid", message)


def _exists_already(error: BaseException) -> bool:
    response = _response(error)
    return (
        isinstance(error, RekorClientError)
        and response is not None
        and response.status_code == requests.codes.conflict
    )


def _response(error: BaseException) -> requests.Response | None:
    # sigstore wraps requests' error, sometimes only implicitly.
    cause = error.__cause__ or error.__context__
    return cause.response if isinstance(cause, requests.HTTPError) else None


def _service_failure(error: BaseException) -> SigningError:
    if isinstance(error, ExpiredIdentity):
        return SigningError("signing-identity-invalid", "the identity token has expired")
    response = _response(error)
    if response is None:
        message = f"a Sigstore service failed: {describe_failure(error)}"
        return SigningError("signing-service-unavailable", message)
    status = response.status_code
    refused = status < 500 and status != requests.codes.too_many_requests
    code = "signing-service-refused" if refused else "signing-service-unavailable"
    message = f"a Sigstore service answered with HTTP {status}, {_said(response)}"
    return SigningError(code, message, where=display(response.url))


def _said(response: requests.Response) -> str:
    # Errors of Fulcio and Rekor are {"code": …, "message": …}.
    try:
        return describe_failure(ValueError(response.json()["message"]))
    except (ValueError, KeyError, TypeError):
        return "without a message"
