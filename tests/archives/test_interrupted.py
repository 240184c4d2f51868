"""Ctrl-C at any moment of a reading ends the process: no thread is left that it waits for."""

import hashlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support_archives import END, gz, member

READS = """\
import sys
from pathlib import Path
from tagseal.archives import open_archive
open_archive(Path(sys.argv[1]))  # imports what reading needs
print("ready", flush=True)
while True:
    open_archive(Path(sys.argv[1]))
"""
TRIES = 12
SECONDS = 30


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some MiB that hardly compress, so that both threads have work all the time."""
    blocks = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(1 << 16))
    path = tmp_path_factory.mktemp("interrupted") / "t-1.tar.gz"
    path.write_bytes(gz(b"".join(member(b"t-1/%d" % n, blocks) for n in range(4)) + END))
    return path


@pytest.mark.parametrize("number", range(TRIES))
def test_a_reading_that_is_interrupted_ends(archive: Path, number: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", READS, str(archive)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.002 + 0.0067 * number)
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(SECONDS) != 0
        finally:
            process.kill()
