"""Raw objects out of ``git cat-file --batch``, with sizes known before bytes are asked for.

Two processes serve one store: ``--batch-check`` tells type and size, and only what is within the
limit is asked of ``--batch``. Requests go out in chunks that always fit into a pipe, so neither
side can wait for the other forever; each answer has a limit in time.
"""

import fcntl
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, cast

from tagseal.core.digests import ObjectFormat, ObjectType, object_id
from tagseal.core.errors import GitError
from tagseal.git._door import Door, shown_stderr

__all__ = ["ObjectStore"]

ANSWER_SECONDS = 60.0
"""Seconds that git may take for one object. Some versions of git never end on a damaged one."""

_LEAST_PIPE = 4096  # bytes that a pipe holds anywhere
_MOST_IDS = 1000
_ID_LINE = 65  # bytes of the longest id and its line end
_READ = 1024 * 1024


class _Process:
    """One ``cat-file`` process and a buffer over its answers."""

    def __init__(self, door: Door, mode: str) -> None:
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the program is git
                door.command("cat-file", mode),
                env=door.environment,
                cwd=door.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                bufsize=0,
            )
        except OSError as error:
            self._stderr.close()
            raise GitError("git-not-found", f"git cannot be started: {error.strerror}") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self.room = min(_MOST_IDS, _capacity(self._stdin) // _ID_LINE)
        """How many ids can be asked for at once without waiting for an answer."""
        self._stdout = self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._stdout, select.POLLIN | select.POLLHUP)
        self._buffer = bytearray()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._stdin.close()
        self._stdout.close()
        self._stderr.close()

    def ask(self, ids: Sequence[str]) -> None:
        try:
            self._stdin.write("".join(f"{name}\n" for name in ids).encode("ascii"))
        except BrokenPipeError:
            raise self._died() from None

    def line(self) -> bytes:
        deadline = time.monotonic() + ANSWER_SECONDS
        while (end := self._buffer.find(b"\n")) < 0:
            self._fill(deadline)
        found = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return found

    def exactly(self, size: int) -> bytes:
        deadline = time.monotonic() + ANSWER_SECONDS
        while len(self._buffer) < size:
            self._fill(deadline)
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found

    def _fill(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or not self._poll.poll(left * 1000):
            self._process.kill()
            raise GitError("git-timeout", f"git did not answer within {ANSWER_SECONDS:.0f} seconds")
        data = os.read(self._stdout.fileno(), _READ)
        if not data:
            raise self._died()
        self._buffer += data

    def _died(self) -> GitError:
        self._process.wait()
        self._stderr.seek(0)
        said = self._stderr.read(4000)
        return GitError("git-failed", f"git cat-file ended early: {shown_stderr(said)}")


def _capacity(pipe: IO[bytes]) -> int:
    """Return how many bytes a pipe takes while nobody reads from it."""
    ask = getattr(fcntl, "F_GETPIPE_SZ", None)  # only Linux tells
    return max(_LEAST_PIPE, fcntl.fcntl(pipe.fileno(), ask) if ask is not None else 0)


class ObjectStore:
    """Objects of a repository by id, each checked against its id."""

    def __init__(self, door: Door, object_format: ObjectFormat) -> None:
        self._door = door
        self._format = object_format
        self._processes: dict[str, _Process] = {}

    def close(self) -> None:
        """End the processes; the store starts new ones when it is asked again."""
        while self._processes:
            self._processes.popitem()[1].close()

    def read(self, ids: Iterable[str], kind: ObjectType, limit: int) -> Iterator[tuple[str, bytes]]:
        """Yield id and payload of each object, in order.

        GitError ``git-object-missing``, ``git-object-malformed`` for another type than ``kind``,
        ``git-limit`` for more than ``limit`` bytes, ``git-object-corrupt``. The iterator has to be
        finished or closed before the store is asked again.
        """
        rest = iter(ids)
        finished = False
        try:
            room = min(self._process(mode).room for mode in ("--batch-check", "--batch"))
            while chunk := list(islice(rest, room)):
                for name in chunk:
                    self._require_id(name)
                self._require(chunk, kind, limit)
                contents = self._process("--batch")
                contents.ask(chunk)
                for name in chunk:
                    yield name, self._payload(contents, name, kind, limit)
            finished = True
        finally:
            if not finished:  # answers may be on their way that nobody will read
                self.close()

    def kind(self, name: str) -> ObjectType:
        """Return an object's type; GitError ``git-object-missing``."""
        self._require_id(name)
        check = self._process("--batch-check")
        check.ask([name])
        return self._described(name, check.line(), "object")[0]

    def _process(self, mode: str) -> _Process:
        if mode not in self._processes:
            self._processes[mode] = _Process(self._door, mode)
        return self._processes[mode]

    def _require_id(self, name: str) -> None:
        try:
            fits = ObjectFormat.of(name) is self._format
        except ValueError:
            fits = False
        if not fits:
            raise GitError(
                "git-object-malformed",
                f"an object's id has {self._format.width} lowercase hexadecimal digits here",
            )

    def _require(self, chunk: Sequence[str], kind: ObjectType, limit: int) -> None:
        """Learn type and size of every object of the chunk, then refuse the first that is wrong."""
        check = self._process("--batch-check")
        check.ask(chunk)
        answers = [check.line() for _ in chunk]
        for name, answer in zip(chunk, answers, strict=True):
            self._size(name, answer, kind, limit)

    def _described(self, name: str, answer: bytes, what: str) -> tuple[ObjectType, int]:
        found, *rest = answer.split(b" ")
        if found != name.encode() or rest == [b"missing"]:
            raise GitError("git-object-missing", f"the {what} {name} is not in the repository")
        return cast("ObjectType", rest[0].decode()), int(rest[1])

    def _size(self, name: str, answer: bytes, kind: ObjectType, limit: int) -> int:
        real_kind, size = self._described(name, answer, kind)
        if real_kind != kind:
            raise GitError(
                "git-object-malformed", f"the object {name} is a {real_kind}, not a {kind}"
            )
        if size > limit:
            raise GitError(
                "git-limit", f"the {kind} {name} has {size} bytes, more than the {limit} allowed"
            )
        return size

    def _payload(self, contents: _Process, name: str, kind: ObjectType, limit: int) -> bytes:
        size = self._size(name, contents.line(), kind, limit)
        payload = contents.exactly(size + 1)[:size]
        if object_id(kind, payload, self._format) != name:
            raise GitError(
                "git-object-corrupt", f"the bytes of the {kind} {name} do not hash to its id"
            )
        return payload
