"""Working ahead: one thread makes the chunks that another one uses.

Reading, decompressing and hashing release the interpreter's lock, so that on two processors the
slower half of the work is all that is waited for. What is made ahead is bounded in number; an error
is raised where its chunk would have come, and nothing runs on once the reading is left.
"""

import threading
from collections import deque
from collections.abc import Iterator
from types import TracebackType

__all__ = ["Ahead"]

_END = None


class Ahead:
    """An iterator over the chunks of another one, which runs in a thread of its own.

    It is a context manager: leaving it stops the thread (after the chunk that it is at), closes
    the other iterator there, and waits for both.
    """

    def __init__(self, chunks: Iterator[bytes], depth: int) -> None:
        self._chunks = chunks
        self._made: deque[bytes | BaseException | None] = deque()
        self._filled = threading.Semaphore(0)
        self._room = threading.Semaphore(depth)
        self._left = False
        self._done = False
        # A daemon: Ctrl-C while it starts must not leave a thread that the process waits for.
        self._thread = threading.Thread(target=self._run, name="tagseal-archive", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        last: BaseException | None = _END
        try:
            for chunk in self._chunks:
                self._room.acquire()
                if self._left:
                    break
                self._made.append(chunk)
                self._filled.release()
        except BaseException as error:  # raised again where the chunks are used
            last = error
        finally:
            if (close := getattr(self._chunks, "close", None)) is not None:
                close()
            self._made.append(last)
            self._filled.release()

    def __iter__(self) -> "Ahead":
        return self

    def __next__(self) -> bytes:
        if self._done:
            raise StopIteration
        self._filled.acquire()
        chunk = self._made.popleft()
        if isinstance(chunk, bytes):
            self._room.release()
            return chunk
        self._done = True
        if chunk is None:
            raise StopIteration
        try:
            raise chunk
        finally:
            del chunk  # else the error and this frame keep each other

    def close(self) -> None:
        """Stop the thread and wait for it."""
        self._left = True
        self._room.release()
        self._thread.join()
        self._made.clear()

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
