"""The embedded Sigstore as one thing: the services, their server, and their trust root."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

from tagseal.core.errors import RehearsalError
from tagseal.core.identity import Identity
from tagseal.rehearsal import _trust
from tagseal.rehearsal._ct_log import CtLog
from tagseal.rehearsal._fulcio import CertificateAuthority, identity_of
from tagseal.rehearsal._http import LoopbackServer, Reply, Request, Route
from tagseal.rehearsal._oidc import OidcIssuer
from tagseal.rehearsal._rekor import TransparencyLog
from tagseal.rehearsal._timestamps import TimestampAuthority
from tagseal.rehearsal._workload import Workload

__all__ = ["EmbeddedSigstore"]


def _machine_clock() -> datetime:
    return datetime.now(UTC)


class EmbeddedSigstore:
    """A whole Sigstore on one loopback port, while its ``with`` block runs.

    ``workload`` is the run that `environment` is for. ``clock`` returns the time, with its time
    zone, that tokens, certificates and timestamps are made at. ``server_url`` is where the
    repositories are, in the URIs of certificates. Every instance has fresh keys, which are never
    on disk; what it signed is verified with its `trust_config` or `trusted_root`, also when the
    server is gone. It can be entered again, and then has another port.

    Entering raises `RehearsalError`: ``rehearsal-no-port`` when the machine gives it no port,
    ``rehearsal-lifecycle`` when it runs already.
    """

    def __init__(
        self,
        workload: Workload,
        *,
        clock: Callable[[], datetime] = _machine_clock,
        server_url: str = "https://github.com",
    ) -> None:
        self.workload = workload
        self._clock = clock
        self._server_url = server_url.rstrip("/")
        self._server: LoopbackServer | None = None
        self._url: str | None = None
        now = clock()
        self._oidc = OidcIssuer(server_url=self._server_url)
        self._ct_log = CtLog()
        self._ca = CertificateAuthority(
            self._oidc, self._ct_log, server_url=self._server_url, now=now
        )
        self._log = TransparencyLog()
        self._tsa = TimestampAuthority(now)

    def __enter__(self) -> Self:
        if self._server is not None:
            raise RehearsalError("rehearsal-lifecycle", "the embedded Sigstore runs already")
        self._server = LoopbackServer(self._routes())
        self._url = self._server.url
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        server, self._server = self._server, None
        assert server is not None, "a with block that ends has begun"
        server.close()

    @property
    def url(self) -> str:
        """Where all services are, without a slash at its end; the last one when stopped.

        Raises `RehearsalError` (``rehearsal-lifecycle``) before the first start.
        """
        if self._url is None:
            raise RehearsalError("rehearsal-lifecycle", "the embedded Sigstore has no port yet")
        return self._url

    def trusted_root(self) -> bytes:
        """Return the TrustedRoot as JSON: what verifying needs. It names no port."""
        return _trust.to_json(self._trusted_root())

    def trust_config(self) -> bytes:
        """Return the ClientTrustConfig as JSON: what signing needs, and verifying too.

        This is what the ``sigstore`` command takes as ``--trust-config``. Raises `RehearsalError`
        (``rehearsal-lifecycle``) before the first start.
        """
        start = self._ca.chain[-1].not_valid_before_utc
        signing = _trust.signing_config(self.url, start)
        return _trust.to_json(_trust.client_trust_config(self._trusted_root(), signing))

    def environment(self, workload: Workload | None = None) -> dict[str, str]:
        """Return the variables that a job of a workload sees, to be set over its environment.

        Another workload than the instance's own may be given, as often as needed: a fork, a branch,
        another workflow, all under one trust root. With them stand NO_PROXY and no_proxy, since
        clients would send loopback traffic to a proxy too. Raises `RehearsalError`
        (``rehearsal-lifecycle``) when the server does not run.
        """
        if self._server is None:
            raise RehearsalError("rehearsal-lifecycle", "the embedded Sigstore does not run")
        run = workload or self.workload
        return {
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": self._oidc.enrol(run),
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/oidc/token?api-version=2.0",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": run.trigger,
            "GITHUB_REF": run.ref,
            "GITHUB_REPOSITORY": run.repository,
            "GITHUB_REPOSITORY_ID": run.repository_id,
            "GITHUB_REPOSITORY_OWNER": run.owner,
            "GITHUB_REPOSITORY_OWNER_ID": run.owner_id,
            "GITHUB_RUN_ATTEMPT": run.run_attempt,
            "GITHUB_RUN_ID": run.run_id,
            "GITHUB_SERVER_URL": self._server_url,
            "GITHUB_SHA": run.commit,
            "GITHUB_WORKFLOW_REF": run.workflow_ref,
            "NO_PROXY": "127.0.0.1",
            "RUNNER_ENVIRONMENT": run.runner_environment,
            "no_proxy": "127.0.0.1",
        }

    def identity(self, workload: Workload | None = None) -> Identity:
        """Return what a certificate says that a workload's job gets, by default the instance's."""
        return identity_of((workload or self.workload).claims(), self._server_url)

    def log_entries(self) -> tuple[bytes, ...]:
        """Return the canonical JSON of all entries of the transparency log, in order."""
        return self._log.entries

    def _trusted_root(self) -> dict[str, object]:
        return _trust.trusted_root(self._ca, self._ct_log, self._log, self._tsa)

    def _routes(self) -> Mapping[tuple[str, str], Route]:
        return {
            ("GET", "/.well-known/jwks"): lambda _: _json(self._oidc.key_set()),
            ("GET", "/.well-known/openid-configuration"): lambda _: _json(
                self._oidc.configuration(self.url)
            ),
            ("GET", "/oidc/token"): self._token,
            ("GET", "/api/v2/trustBundle"): lambda _: _json(self._ca.trust_bundle()),
            ("GET", "/api/v2/checkpoint"): lambda _: Reply(
                self._log.checkpoint().encode(), "text/plain; charset=utf-8"
            ),
            ("POST", "/api/v2/signingCert"): lambda request: _created(
                self._ca.signing_certificate(request.body, request.bearer, self._clock())
            ),
            ("POST", "/api/v2/log/entries"): lambda request: _created(self._log.add(request.body)),
            ("POST", "/api/v1/timestamp"): lambda request: Reply(
                self._tsa.reply(request.body, self._clock()),
                "application/timestamp-reply",
                HTTPStatus.CREATED,
            ),
        }

    def _token(self, request: Request) -> Reply:
        audience = request.query.get("audience", [None])[0]
        token = self._oidc.token(request.bearer or "", audience, self._clock())
        return _json({"value": token})


def _json(document: Mapping[str, object]) -> Reply:
    return Reply(json.dumps(document).encode())


def _created(document: Mapping[str, object]) -> Reply:
    return Reply(json.dumps(document).encode(), status=HTTPStatus.CREATED)
