import json
import resource
import socket
import struct
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal._http import MAX_BODY, LoopbackServer, Reply, Request

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _echo(request: Request) -> Reply:
    query = dict(request.query)
    seen = {"body": request.body.decode(), "bearer": request.bearer, "query": query}
    return Reply(json.dumps(seen).encode())


def _refuse(request: Request) -> Reply:
    raise RehearsalError(request.body.decode(), "no")


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    running = LoopbackServer({("POST", "/echo"): _echo, ("POST", "/refuse"): _refuse})
    yield running
    running.close()


def wait_for_handlers() -> None:
    deadline = time.monotonic() + 5
    while any("process_request" in thread.name for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def call(url: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, object]]:
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with _opener.open(request, timeout=5) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_service_sees_body_query_and_bearer(server: LoopbackServer) -> None:
    status, seen = call(f"{server.url}/echo?a=1&a=2", b"body", Authorization="bearer secret")
    assert status == 200
    assert seen == {"body": "body", "bearer": "secret", "query": {"a": ["1", "2"]}}


def test_another_scheme_is_no_bearer(server: LoopbackServer) -> None:
    _, seen = call(f"{server.url}/echo", b"body", Authorization="Basic secret")
    assert seen["bearer"] is None


@pytest.mark.parametrize(
    ("code", "status", "grpc"),
    [
        ("rehearsal-caller-refused", 401, 16),
        ("rehearsal-token-refused", 401, 16),
        ("rehearsal-entry-exists", 409, 6),
        ("rehearsal-entry-refused", 400, 3),
        ("rehearsal-request-malformed", 400, 3),
    ],
)
def test_a_refusal_becomes_a_status(
    server: LoopbackServer, code: str, status: int, grpc: int
) -> None:
    answer = call(f"{server.url}/refuse", code.encode())
    assert answer == (status, {"code": grpc, "message": "no", "details": []})


@pytest.mark.parametrize(("path", "body"), [("/nothing", b"x"), ("/echo", None)])
def test_an_unknown_endpoint_is_not_found(
    server: LoopbackServer, path: str, body: bytes | None
) -> None:
    assert call(server.url + path, body)[0] == 404


@pytest.mark.parametrize("length", ["-1", "many", str(MAX_BODY + 1)])
def test_a_wrong_length_is_refused_before_reading(server: LoopbackServer, length: str) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(f"POST /echo HTTP/1.0\r\nContent-Length: {length}\r\n\r\n".encode())
        assert b" 400 " in connection.makefile("rb").readline()


def test_a_client_that_goes_away_hurts_nobody(
    server: LoopbackServer, capfd: pytest.CaptureFixture[str]
) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"POST /echo HTTP/1.0\r\nContent-Length: 10\r\n\r\nabc")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert call(f"{server.url}/echo", b"next")[0] == 200
    wait_for_handlers()
    assert capfd.readouterr() == ("", "")


def test_a_body_that_is_cut_short_is_refused(server: LoopbackServer) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"POST /echo HTTP/1.0\r\nContent-Length: 10\r\n\r\nabc")
        connection.shutdown(socket.SHUT_WR)
        assert b" 400 " in connection.makefile("rb").readline()


def test_a_fault_of_ours_is_not_hidden(capfd: pytest.CaptureFixture[str]) -> None:
    def fail(request: Request) -> Reply:
        raise ZeroDivisionError

    server = LoopbackServer({("GET", "/fault"): fail})
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        call(f"{server.url}/fault")
    wait_for_handlers()
    server.close()
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_machine_without_a_free_port_is_named() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with pytest.raises(RehearsalError, match=r"127\.0\.0\.1") as caught:
            LoopbackServer({})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert caught.value.code == "rehearsal-no-port"


def test_a_closed_server_does_not_answer() -> None:
    server = LoopbackServer({})
    assert call(server.url)[0] == 404
    server.close()
    with pytest.raises(urllib.error.URLError):
        call(server.url)
