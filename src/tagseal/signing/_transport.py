"""Time limits and second attempts for sigstore's HTTP sessions.

sigstore-python asks Fulcio and Rekor without a time limit, and asks once. An adapter on each
client's own session (the seam that requests has for this) bounds both, for these sessions only: a
default socket timeout would be every thread's.

A request is sent again when the connection fails, times out or breaks within the answer, and on
429 and 5xx. That is safe for each service: a second certificate or timestamp is merely not used,
and a second log entry is refused as existing, which `tagseal.signing._session` answers.
"""

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    wait_exponential,
)

from tagseal.signing._patience import Patience
from tagseal.signing.trust import is_loopback

__all__ = ["bound"]

_LONGEST_PAUSE = 10.0


def bound(session: requests.Session, url: str, patience: Patience) -> None:
    """Make a session wait and ask again as patience says.

    To this machine's own services it goes directly: requests would send loopback traffic to
    HTTP_PROXY too, which could not reach them.
    """
    adapter = _Adapter(patience)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    if is_loopback(url):
        session.trust_env = False


class _Adapter(HTTPAdapter):
    def __init__(self, patience: Patience) -> None:
        super().__init__()
        self._timeout = patience.timeout
        self._retrying = Retrying(
            stop=stop_after_attempt(patience.attempts),
            wait=wait_exponential(multiplier=patience.pause, max=_LONGEST_PAUSE),
            retry=retry_if_exception_type(
                (
                    requests.ConnectionError,
                    requests.Timeout,
                    requests.exceptions.ChunkedEncodingError,
                )
            )
            | retry_if_result(_is_temporary),
            retry_error_callback=_last,
        )

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - requests' signature; answers are read at once
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,  # noqa: ARG002
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        return self._retrying(self._send_once, request, verify=verify, cert=cert, proxies=proxies)

    def _send_once(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        response = super().send(request, stream=False, timeout=self._timeout, **options)
        # Read here, so that an answer that breaks off is a failed attempt.
        response.content  # noqa: B018
        return response


def _is_temporary(response: requests.Response) -> bool:
    return response.status_code == requests.codes.too_many_requests or response.status_code >= 500


def _last(state: RetryCallState) -> Any:
    # tenacity calls this after an attempt, whose answer or exception is then the caller's.
    return state.outcome.result()  # type: ignore[union-attr]
