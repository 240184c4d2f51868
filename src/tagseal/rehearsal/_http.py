"""The HTTP handlers: they read a request, call one service, and write its answer.

All services are on one port of the loopback interface. An error is a JSON object as gRPC's gateway
writes it, with ``code`` and ``message``, as Fulcio's and Rekor's errors are.
"""

import json
import sys
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from tagseal.core.errors import RehearsalError

__all__ = ["MAX_BODY", "LoopbackServer", "Reply", "Request", "Route"]

MAX_BODY = 1 << 20
"""The largest body of a request, in bytes."""

_STALLED = 10.0  # seconds that a client may leave a request unfinished

_STATUS = {
    "rehearsal-caller-refused": (HTTPStatus.UNAUTHORIZED, 16),
    "rehearsal-token-refused": (HTTPStatus.UNAUTHORIZED, 16),
    "rehearsal-entry-exists": (HTTPStatus.CONFLICT, 6),
}
_INVALID_ARGUMENT = (HTTPStatus.BAD_REQUEST, 3)
_NOT_FOUND = (HTTPStatus.NOT_FOUND, 5)


class Request(NamedTuple):
    """What a service sees of a request."""

    body: bytes
    bearer: str | None
    """The token of an ``Authorization: Bearer`` header."""
    query: Mapping[str, list[str]]


class Reply(NamedTuple):
    """What a service answers."""

    body: bytes
    content_type: str = "application/json"
    status: HTTPStatus = HTTPStatus.OK


Route = Callable[[Request], Reply]


class LoopbackServer:
    """Serves routes, by method and path, from a thread until it is closed.

    Raises `RehearsalError` (``rehearsal-no-port``) when the machine gives it no port.
    """

    def __init__(self, routes: Mapping[tuple[str, str], Route]) -> None:
        try:
            self._server = _Server(("127.0.0.1", 0), _handler(routes))
        except OSError as error:
            message = f"no port could be opened on 127.0.0.1: {error.strerror}"
            raise RehearsalError("rehearsal-no-port", message) from error
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        """Where the services are, without a slash at its end."""
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="embedded-sigstore",
            daemon=True,
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and wait until the thread has ended."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about a client that went away; anything else is a fault of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _handler(routes: Mapping[tuple[str, str], Route]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _STALLED

        def do_GET(self) -> None:
            """Answer a GET request."""
            self._answer("GET")

        def do_POST(self) -> None:
            """Answer a POST request."""
            self._answer("POST")

        def log_message(self, *_: object) -> None:
            """Keep quiet: the program that rehearses owns standard error."""

        def _answer(self, method: str) -> None:
            reply = self._reply(method)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def _reply(self, method: str) -> Reply:
            length = self.headers.get("Content-Length", "0")
            if not length.isdecimal() or int(length) > MAX_BODY:
                return _error(_INVALID_ARGUMENT, "the request's body is too large")
            body = self.rfile.read(int(length))
            if len(body) < int(length):
                return _error(_INVALID_ARGUMENT, "the request's body is cut short")
            target = urlsplit(self.path)
            route = routes.get((method, target.path))
            if route is None:
                return _error(_NOT_FOUND, "there is no such endpoint")
            scheme, _, token = self.headers.get("Authorization", "").partition(" ")
            bearer = token if scheme.lower() == "bearer" else None
            try:
                return route(Request(body, bearer, parse_qs(target.query)))
            except RehearsalError as error:
                return _error(_STATUS.get(error.code, _INVALID_ARGUMENT), error.message)

    return Handler


def _error(status: tuple[HTTPStatus, int], message: str) -> Reply:
    document = {"code": status[1], "message": message, "details": []}
    return Reply(json.dumps(document).encode(), status=status[0])
