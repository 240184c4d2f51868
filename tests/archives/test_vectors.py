"""The test vectors of tests/vectors: each is refused by name, within bounds, leaving nothing."""

import importlib.util
import io
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from support_archives import git, git_repository
from support_cli import refused
from support_vectors import ARCHIVES, SUCCESS, all_vectors, format_vector, parse_vector
from tagseal.archives import Limits, read_archive
from tagseal.core.errors import ArchiveError
from tagseal.core.listing import Mode
from tagseal.core.reasons import REASONS

VECTORS = {vector.name: vector for vector in all_vectors()}
BOMBS = [name for name, vector in VECTORS.items() if vector.bomb]
MIB = 1 << 20
# What the interpreter, a decompressor and the buffers between them may add to a process that holds
# the archive already: far below what any of the bombs asks for.
GROWTH = 64 * MIB
HANG = 60


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, where a reader that writes would be seen."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_has_its_answer(name: str, room: Path) -> None:
    vector = VECTORS[name]
    limits = Limits(**vector.limits)
    threads = threading.active_count()
    if vector.expect == SUCCESS:
        listing = read_archive(io.BytesIO(vector.payload), vector.file, limits=limits)
        assert [w.code for w in listing.warnings] == [vector.warning] * bool(vector.warning)
    else:
        with pytest.raises(ArchiveError) as caught:
            read_archive(io.BytesIO(vector.payload), vector.file, limits=limits)
        assert caught.value.code == vector.expect
        assert str(caught.value).isprintable()
    assert threading.active_count() == threads
    assert not [*room.iterdir()]


CHILD = """
import io, json, resource, sys, time
from support_vectors import SUCCESS, parse_vector
from tagseal.archives import Limits, read_archive
from tagseal.core.errors import ArchiveError

name, path = sys.argv[1:]
vector = parse_vector(name, open(path, encoding="ascii").read())
used = lambda: resource.getrusage(resource.RUSAGE_SELF)
before, answer = used(), SUCCESS
try:
    read_archive(io.BytesIO(vector.payload), vector.file, limits=Limits(**vector.limits))
except ArchiveError as error:
    answer = error.code
after = used()
print(json.dumps({
    "answer": answer,
    "growth": (after.ru_maxrss - before.ru_maxrss) * 1024,
    "seconds": after.ru_utime - before.ru_utime,
}))
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_needs_little(name: str, room: Path) -> None:
    """In a process of its own, so that its peak of memory is the reader's."""
    tests = str(Path(__file__).parents[1])
    program = f"import sys; sys.path.insert(0, {tests!r})\n{CHILD}"
    ran = subprocess.run(
        [sys.executable, "-c", program, name, str(ARCHIVES / name)],
        capture_output=True,
        check=True,
        timeout=HANG,
    )
    found = json.loads(ran.stdout)
    assert found["answer"] == VECTORS[name].expect
    assert found["growth"] < GROWTH
    assert not [*room.iterdir()]


def sample() -> Iterator[str]:
    """One vector of each reason that the reader has without limits of its own."""
    seen = set()
    for vector in VECTORS.values():
        if vector.expect not in (SUCCESS, *seen) and not vector.limits:
            seen.add(vector.expect)
            yield vector.name


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tagged") / "evil"
    git(path, "tag", "v1.0", git_repository(path, [(b"README", Mode.FILE, b"hello\n")]))
    return path


@pytest.mark.parametrize("name", [*sample()])
def test_the_command_line_refuses_it(name: str, room: Path, repository: Path) -> None:
    vector = VECTORS[name]
    archive = room / vector.file
    archive.write_bytes(vector.payload)
    ran = refused(vector.expect, "compare", archive, "--git", repository, "--tag", "v1.0")
    assert ran.status == (3 if vector.expect.startswith("archive-format-un") else 1)
    assert [*room.iterdir()] == [archive]
    assert archive.read_bytes() == vector.payload


def generator() -> ModuleType:
    path = ARCHIVES.parent / "make_archives.py"
    spec = importlib.util.spec_from_file_location("make_archives", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_vectors_are_those_that_are_made() -> None:
    assert {vector.name: vector for vector in generator().make()} == VECTORS


def test_the_vectors_are_many_and_say_one_thing_each() -> None:
    refusing = [vector for vector in VECTORS.values() if vector.expect != SUCCESS]
    assert len(refusing) >= 80
    for vector in VECTORS.values():
        assert vector.comment.endswith((".", "?"))
        assert vector.comment.isascii()
        assert vector.file.startswith("evil-1.0")


# Reasons of the reader that no archive by itself brings about.
ELSEWHERE = {
    "archive-changed": "another process writes to the file: tests/archives/test_zip.py",
    "archive-limit-kept-size": "the caller asks for too much: tests/archives/test_collector.py",
    "archive-path-case": "a warning: the vector name-letter-case",
    "archive-sha1-collision": "an option of the reader: tests/archives/test_collisions.py",
    "archive-write-blob": "writing",
    "archive-write-unsupported": "writing",
}


def test_every_reason_of_the_reader_has_a_vector() -> None:
    codes = {code for code in REASONS if code.startswith("archive-")}
    shown = Counter(vector.expect for vector in VECTORS.values())
    assert codes - set(shown) == set(ELSEWHERE)


def test_a_vector_is_read_as_it_is_written() -> None:
    for vector in VECTORS.values():
        text = format_vector(vector)
        assert parse_vector(vector.name, text) == vector
        assert text.isascii()
        assert max(map(len, text.partition("\n\n")[2].split("\n"))) <= 76


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("expect:", "expected:"), "headers"),
        (("\n\n", "\n"), "headers"),
        (("encoding: base64", "encoding: hex"), "encoding"),
        (("sha256: ", "sha256: 0"), "digest"),
        (("file: ", "file: x\nfile: "), "headers"),
    ],
)
def test_a_malformed_vector_is_an_error(change: tuple[str, str], problem: str) -> None:
    text = (ARCHIVES / "zip-stored").read_text("ascii")
    with pytest.raises(ValueError, match=problem):
        parse_vector("zip-stored", text.replace(*change, 1))


def test_the_page_about_other_programs_has_every_vector() -> None:
    page = Path(__file__).parents[2] / "docs" / "hostile-archives.md"
    rows = [line.split(" | ") for line in page.read_text("utf-8").splitlines()]
    shown = {row[0].removeprefix("| "): row[1:3] for row in rows if len(row) > 4}
    for name, vector in VECTORS.items():
        code = f"`{vector.expect.removeprefix('archive-')}`"
        assert shown[name] == [vector.comment, "takes" if vector.expect == SUCCESS else code]
