"""Working ahead: order, bounds, errors and ends, with real threads."""

import threading
import time
from collections.abc import Iterator

import pytest

from tagseal.archives._ahead import Ahead


def counted(made: list[int], count: int) -> Iterator[bytes]:
    for n in range(count):
        made.append(n)
        yield b"%d" % n


@pytest.mark.parametrize("depth", [1, 3, 100])
def test_chunks_come_in_order(depth: int) -> None:
    with Ahead(counted([], 50), depth) as chunks:
        assert list(chunks) == [b"%d" % n for n in range(50)]
        assert next(chunks, None) is None
    assert threading.active_count() == 1


def test_no_more_is_made_ahead_than_asked_for() -> None:
    made: list[int] = []
    with Ahead(counted(made, 50), 3) as chunks:
        next(chunks)
        time.sleep(0.05)
        assert len(made) <= 5  # one was taken, three wait, one more is held


def test_an_error_comes_after_the_chunks_before_it_and_once() -> None:
    def failing() -> Iterator[bytes]:
        yield b"1"
        raise ValueError("wrong")

    with Ahead(failing(), 5) as chunks:
        assert next(chunks) == b"1"
        with pytest.raises(ValueError, match="wrong"):
            next(chunks)
        assert next(chunks, None) is None


def test_leaving_early_closes_the_source_in_its_own_thread() -> None:
    closed: list[str] = []

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield b"x"
        finally:
            closed.append(threading.current_thread().name)

    with Ahead(endless(), 2) as chunks:
        next(chunks)
    assert closed == ["tagseal-archive"]
    assert threading.active_count() == 1


def test_an_iterator_that_is_no_generator_will_do() -> None:
    with Ahead(iter([b"1", b"2"]), 1) as chunks:
        assert next(chunks) == b"1"
    assert threading.active_count() == 1


def test_closing_twice_does_no_harm() -> None:
    ahead = Ahead(iter([b"1"] * 9), 1)
    ahead.close()
    ahead.close()
    assert threading.active_count() == 1
