"""Hashing beside: the sha256 of many contents, made in a thread of its own.

A member that is compared has two digests. Whoever reads the archive makes the blob id, and hands
the same bytes on to here for the other: hashing releases the interpreter's lock. What waits to be
hashed is bounded in bytes, those of the chunks included that a piece is only a part of.
"""

import hashlib
import threading
from queue import SimpleQueue

from tagseal.core.digests import Hasher

__all__ = ["Beside"]

_BATCH = 1 << 20
_DEPTH = 4
_Piece = tuple[bytes | None, bytes | memoryview]
"""More of a content, or with a name the (empty) beginning of the next."""


class Beside:
    """Digests of contents by their names; the thread begins with the second MiB.

    Call `begin` with a name, then `update` with its bytes, piece by piece; pieces must not change
    afterwards. `digests` waits for all. Whoever uses this must `close` it.
    """

    def __init__(self) -> None:
        self._batch: list[_Piece] = []
        self._size = 0
        self._held: object = None
        # Its put is one step: Ctrl-C cannot come between a batch and the word that there is one.
        self._waiting: SimpleQueue[list[_Piece] | None] = SimpleQueue()
        self._room = threading.Semaphore(_DEPTH)
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._name: bytes | None = None
        self._hasher: Hasher = hashlib.sha256()
        self._digests: dict[bytes, str] = {}

    def begin(self, name: bytes) -> None:
        """Begin the next content."""
        self._batch.append((name, b""))

    def update(self, piece: bytes | memoryview) -> None:
        """Go on with the content that was begun last."""
        held = piece.obj if isinstance(piece, memoryview) else piece
        assert isinstance(held, bytes), "a piece must not change"
        if held is not self._held:
            if self._size >= _BATCH:
                self._hand_over()
            self._held = held
            self._size += len(held)
        self._batch.append((None, piece))

    def digests(self) -> dict[bytes, str]:
        """Return every content's digest, in hexadecimal, by its name; nothing may follow."""
        self.close()
        if self._error is not None:
            raise self._error
        self._hash(self._batch)
        self._batch = []
        self._finish()
        return self._digests

    def close(self) -> None:
        """Wait for the thread, if there is one, to have hashed what it was handed."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()
            self._thread = None

    def _hand_over(self) -> None:
        if self._thread is None:
            # A daemon: Ctrl-C while it starts must not leave a thread that the process waits for.
            thread = threading.Thread(target=self._run, name="tagseal-sha256", daemon=True)
            thread.start()
            self._thread = thread
        self._room.acquire()
        self._waiting.put(self._batch)
        self._batch, self._size = [], 0

    def _run(self) -> None:
        while True:
            batch = self._waiting.get()
            if batch is None:
                return
            try:
                self._hash(batch)
            except BaseException as error:  # raised again where the digests are asked for
                self._error = error
            self._room.release()

    def _hash(self, batch: list[_Piece]) -> None:
        hasher = self._hasher
        for name, piece in batch:
            if name is None:
                hasher.update(piece)
            else:
                self._finish()
                self._name = name
                self._hasher = hasher = hashlib.sha256()

    def _finish(self) -> None:
        if self._name is not None:
            self._digests[self._name] = self._hasher.hexdigest()
