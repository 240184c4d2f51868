import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_archives import END, gz, member, refused
from tagseal.archives._beside import Beside

MIB = 1 << 20


def threads() -> int:
    return sum(thread.name == "tagseal-sha256" for thread in threading.enumerate())


def hashed(contents: dict[bytes, list[bytes]]) -> dict[bytes, str]:
    beside = Beside()
    for name, pieces in contents.items():
        beside.begin(name)
        for piece in pieces:
            beside.update(piece)
    return beside.digests()


def expected(contents: dict[bytes, list[bytes]]) -> dict[bytes, str]:
    return {n: hashlib.sha256(b"".join(pieces)).hexdigest() for n, pieces in contents.items()}


@given(st.dictionaries(st.binary(), st.lists(st.binary())))
def test_few_bytes_are_hashed_without_a_thread(contents: dict[bytes, list[bytes]]) -> None:
    assert hashed(contents) == expected(contents)
    assert threads() == 0


def test_many_bytes_are_hashed_whatever_their_pieces() -> None:
    contents = {b"none": [b""], b"one": [bytes(5)], b"large": [bytes([n]) * MIB for n in range(20)]}
    contents |= {b"%d" % n: [b"%d" % n * 100_000] for n in range(200)}
    assert hashed(contents) == expected(contents)
    assert threads() == 0


def test_pieces_of_one_chunk_count_once_and_those_of_many_by_their_chunks() -> None:
    beside = Beside()
    chunk = bytes(MIB)
    for n in range(1000):
        beside.begin(b"%d" % n)
        beside.update(memoryview(chunk)[n : n + 1])
    assert threads() == 0
    for n in range(3):
        beside.begin(b"of chunk %d" % n)
        beside.update(memoryview(bytes(MIB))[:1])
    assert threads() == 1
    assert set(beside.digests().values()) == {hashlib.sha256(b"\0").hexdigest()}
    assert threads() == 0


def test_what_goes_wrong_in_the_thread_is_raised_where_the_digests_are_wanted() -> None:
    beside = Beside()
    gone = memoryview(bytes(MIB))
    beside.begin(b"name")
    beside.update(gone)
    gone.release()
    beside.update(bytes(MIB))
    with pytest.raises(ValueError, match="released memoryview"):
        beside.digests()
    assert threads() == 0


def test_an_archive_that_is_refused_leaves_no_thread() -> None:
    members = [member(b"top/%d" % n, b"%d" % n * MIB) for n in range(8)]
    error = refused(gz(b"".join(members) + member(b"top/../up") + END), "top.tar.gz")
    assert error.code == "archive-path-dot-dot"
    assert threads() == 0
