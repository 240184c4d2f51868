"""Look for texts that keep a parser busy: ``python fuzz/scaling.py [TARGET…]``.

A fuzzer's inputs are small, and time that grows with the square of the size does not show in them.
Here each text target is given one short text many times over, and four times as many: a parser that
takes far more than four times as long is named, with the text.
"""

import importlib
import sys
import time
from collections.abc import Iterator

from targets import ARCHIVES, TARGETS

SIZES = (40_000, 160_000)
TIMES = 8.0  # linear is 4
MATTERS = 0.3  # seconds of the processor below which nothing is said
FIRST = {
    "gitobjects": range(8),
    "metadata": range(11),
    "rules": range(22),
}
UNITS = (
    *(
        b"a",
        b"0",
        b"1.",
        b"1.2.3 ",
        b"- ",
        b"\\",
        b'"',
        b'"a",',
        b"[",
        b"(",
        b"{",
        b"=",
        b"#",
        b",",
    ),
    *(b"\n", b" \n", b"\r", b"\r\r\n", b"\t", b"\\\n", b"a/", b"*a", b"**/", b"* text\n", b"\xe9"),
    *(b"a: b\n", b"a = b\n", b"[a]\na=b\n", b"[[a]]\n", b"a.b\n", b'"".', b'{"a":', b"x = [1]\n"),
    *(
        b"Requires-Dist: a; os_name == 'a'\n",
        b"Requires-Dist: a; (os_name == 'a' or ",
        b"Name: a\n",
    ),
    *(
        b"Provides-Extra: a\n",
        b"Tag: py3-none-any\n",
        b"a <b@c>, ",
        b"x,sha256=y,1\n",
        b"; extra ==",
    ),
    *(
        b'msgid "a"\nmsgstr "b"\n',
        b"#~ ",
        b"<PRIu64>",
        b"$Format:%D$",
        b"HEAD -> a, ",
        b"0x",
        b"Nov ",
    ),
    *(b"2023-", b"November 14, 2023 ", b"\t* One thing\n", b"__version__ = '1'\n", b"@VERSION@"),
    *(b"[[package]]\n", b'"version": "1",', b"parent ", b"40000 a\0", b"11 path=a\n", b"\x1b[0;"),
    *("\u202e".encode(), "\u200d".encode(), "\u2764\ufe0f".encode(), "\u0915\u094d\u200d".encode()),
)
SEPARATORS = {"rules": b"\xff\xfe\xfd", "texts": b"\0", "attributes": b"\0"}


def inputs(name: str, unit: bytes, size: int) -> Iterator[bytes]:
    """Yield the inputs of about a size: the text alone, and on both sides where there are two."""
    text = unit * (size // len(unit))
    for first in FIRST.get(name, (None,)):
        head = b"" if first is None else bytes([first])
        yield head + text
        if name in SEPARATORS:
            yield head + text + SEPARATORS[name] + text + b"x"


def seconds(name: str, data: bytes) -> float:
    """Return how long a target is busy with an input."""
    began = time.process_time()
    importlib.import_module(f"targets.{name}").check(data)
    return time.process_time() - began


def main() -> int:
    """Name what grows too fast; 1 if anything does."""
    found = 0
    for name in sys.argv[1:] or [name for name in TARGETS if name not in ARCHIVES]:
        for unit in UNITS:
            pairs = zip(*(inputs(name, unit, size) for size in SIZES), strict=True)
            for small, large in pairs:
                before, after = seconds(name, small), seconds(name, large)
                if after > MATTERS and after > TIMES * before:
                    found += 1
                    sys.stdout.write(
                        f"{name} {large[:1]!r} {unit!r}: {before:.2f} s, then {after:.2f} s\n"
                    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
