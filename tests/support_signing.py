"""What the tests of signing share: a statement, damage, and a front that has faults."""

import base64
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import requests

from tagseal.rehearsal import EmbeddedSigstore, Workload
from tagseal.signing import Trust, trust_from_json

# Indented, so that whoever serialises it anew is found out.
STATEMENT = json.dumps(
    {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "a-1.tar.gz", "digest": {"sha256": "0" * 64}}],
        "predicateType": "https://tagseal.example/test",
        "predicate": {"é": 1},
    },
    indent=1,
    ensure_ascii=False,
).encode()

WORKLOAD = Workload(
    repository="owner/name",
    repository_id="11",
    owner_id="22",
    ref="refs/tags/v1.0",
    commit="a" * 40,
)


def token_of(sigstore: EmbeddedSigstore, workload: Workload = WORKLOAD) -> str:
    """Return a token as the CI would give it to a job of the workload."""
    job = sigstore.environment(workload)
    answer = requests.get(
        job["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&audience=sigstore",
        headers={"Authorization": f"bearer {job['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
        timeout=10,
    )
    return str(answer.json()["value"])


def edited(document: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return the JSON after a change."""
    value = json.loads(document)
    change(value)
    return json.dumps(value).encode()


def at(document: Any, path: str) -> tuple[Any, str | int]:
    """Return the container and the key that a dotted path leads to."""
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        document = document[step]
    return document, last


def flip(document: bytes, path: str, position: int = -1, bit: int = 0) -> bytes:
    """Return the JSON with one bit of the base64 at a path the other way round."""

    def change(value: dict[str, Any]) -> None:
        container, key = at(value, path)
        data = bytearray(base64.b64decode(container[key]))
        data[position % len(data)] ^= 1 << bit
        container[key] = base64.b64encode(data).decode()

    return edited(document, change)


class FaultyFront:
    """Stands before an embedded Sigstore and spoils the answers to one path, by a list of faults.

    Each request of the path takes the next fault: a status to answer with, ``lost`` (the service
    acts, the connection breaks), ``garbage`` (an answer of no use), ``mute`` (a refusal
    without a word), ``hang`` (no answer). When the
    list is used up, and on other paths, requests go through.
    """

    def __init__(self, sigstore: EmbeddedSigstore, path: str, faults: list[int | str]) -> None:
        front = self
        self.requests = 0
        self._released = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fault: int | str | None = None
                if self.path == path:
                    front.requests += 1
                    fault = faults.pop(0) if faults else None
                if fault == "hang":
                    front._released.wait(10)
                elif fault == "garbage":
                    self._answer(200, b'{"chain": NaN')
                elif fault == "mute":
                    self._answer(403, b"<html>")
                elif isinstance(fault, int):
                    self._answer(fault, b'{"code": 1, "message": "a fault"}')
                else:
                    answer = requests.post(
                        sigstore.url + self.path, data=body, headers=dict(self.headers), timeout=10
                    )
                    if fault != "lost":
                        self._answer(answer.status_code, answer.content)

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        url = f"http://127.0.0.1:{self._server.server_port}"
        config = sigstore.trust_config().replace(sigstore.url.encode(), url.encode())
        self.trust: Trust = trust_from_json(config, source="the front's trust config")
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
