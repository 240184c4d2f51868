import time
import tomllib

import pytest

from tagseal.core.tomltext import MOST_BYTES, parse


def test_a_document_is_read_as_the_library_reads_it() -> None:
    text = 'a.b.c = "1.2"\n[d."e.f"]\ng = [1, 2.5]\n'
    assert parse(text.encode()) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"1." * 1001 + b"1 = 1", "line 1 has more than 1000 dots"),
        (b"\n\n[" + b'"a".' * 1001 + b"b]", "line 3 has more than 1000 dots"),
        (b"#" * (MOST_BYTES + 1), "more than 1048576 bytes"),
        (b"a = " + b"[" * 100_000, "nests too deeply"),
        (b"a = \xff", "utf-8"),
        (b"a = 1\na = 2\n", "Cannot overwrite a value"),
        (b"a = " + b"1" * 5000, "4300"),
    ],
)
def test_a_document_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse(content)


@pytest.mark.parametrize("unit", [b"1.", b'"".', b"a . "])
def test_as_many_dots_as_there_may_be_take_no_minutes(unit: bytes) -> None:
    lines = (b"k%d." % n + unit * 990 + b"x = 1\n" for n in range(50))
    began = time.process_time()
    assert len(parse(b"".join(lines))) == 50
    assert time.process_time() - began < 30
