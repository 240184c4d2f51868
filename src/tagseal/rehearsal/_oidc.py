"""The OIDC issuer: what GitHub's token service is for a running job.

A job is known by its request token, which stands in its environment; with it, the job asks for an
identity token for an audience. The claims are those of the job's `Workload`; the issuer is always
`REHEARSAL_ISSUER`.
"""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

import jwt
from jwt.algorithms import ECAlgorithm

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal._keys import new_key, public_key_id
from tagseal.rehearsal._names import REHEARSAL_ISSUER
from tagseal.rehearsal._workload import Workload

__all__ = ["TOKEN_LIFETIME", "OidcIssuer"]

TOKEN_LIFETIME = timedelta(minutes=10)
"""How long an identity token is good for."""

_ALGORITHM = "ES256"


class OidcIssuer:
    """Issues identity tokens for the workloads that it knows, and checks its own tokens."""

    def __init__(self, *, server_url: str) -> None:
        self._server_url = server_url
        self._key = new_key()
        self._key_id = public_key_id(self._key.public_key()).hex()
        self._workloads: dict[bytes, Workload] = {}

    def enrol(self, workload: Workload) -> str:
        """Return the secret request token by which a workload's job is known from now on."""
        request_token = secrets.token_urlsafe(32)
        self._workloads[_digest(request_token)] = workload
        return request_token

    def token(self, request_token: str, audience: str | None, now: datetime) -> str:
        """Return an identity token, in JWT's compact form.

        Without an audience, it is the owner's URL, as GitHub does. Raises `RehearsalError`
        (``rehearsal-caller-refused``) when no job is known by the request token.
        """
        workload = self._workload(request_token)
        issued = int(now.timestamp())
        claims = {
            **workload.claims(),
            "iss": REHEARSAL_ISSUER,
            "aud": audience or f"{self._server_url}/{workload.owner}",
            "jti": str(uuid.uuid4()),
            "iat": issued,
            "nbf": issued,
            "exp": issued + int(TOKEN_LIFETIME.total_seconds()),
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM, headers={"kid": self._key_id})

    def check(self, token: str, audience: str, now: datetime) -> dict[str, str]:
        """Return the claims that describe the run, of a token that this issuer made.

        Raises `RehearsalError` (``rehearsal-token-refused``) for a token that is forged, of another
        issuer, for another audience, or not valid at this time.
        """
        try:
            claims = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=[_ALGORITHM],
                audience=audience,
                issuer=REHEARSAL_ISSUER,
                # The times are checked below: PyJWT would read the machine's clock.
                options={
                    "require": ["aud", "exp", "iat", "iss", "nbf", "sub"],
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise _refused("the identity token is not one of this issuer for Sigstore") from error
        if not claims["nbf"] <= now.timestamp() < claims["exp"]:
            raise _refused("the identity token is not valid at this time")
        return {name: value for name, value in claims.items() if isinstance(value, str)}

    def configuration(self, url: str) -> Mapping[str, object]:
        """Return the discovery document (OpenID Connect Discovery 1.0, section 4.2)."""
        return {
            "issuer": REHEARSAL_ISSUER,
            "jwks_uri": f"{url}/.well-known/jwks",
            "id_token_signing_alg_values_supported": [_ALGORITHM],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
        }

    def key_set(self) -> Mapping[str, object]:
        """Return the issuer's public key as a JSON Web Key Set (RFC 7517)."""
        key = json.loads(ECAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**key, "kid": self._key_id, "use": "sig", "alg": _ALGORITHM}]}

    def _workload(self, request_token: str) -> Workload:
        workload = self._workloads.get(_digest(request_token))
        if workload is None:
            raise RehearsalError(
                "rehearsal-caller-refused", "no running job is known by this request token"
            )
        return workload


def _digest(request_token: str) -> bytes:
    # Looked up by its hash, a guess cannot be improved by how long its refusal takes.
    return hashlib.sha256(request_token.encode()).digest()


def _refused(message: str) -> RehearsalError:
    return RehearsalError("rehearsal-token-refused", message)
