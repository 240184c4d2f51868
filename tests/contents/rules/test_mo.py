import gettext
import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.contents.rules._mo import MAX_CATALOGUE, pattern_of_widths, read_mo, with_widths

MADE = Path(__file__).parent / "real" / "made"
MO = (MADE / "macros.mo").read_bytes()


def simple(pairs: dict[bytes, bytes], order: str = "<", table: int = 0) -> bytes:
    """Write a catalogue as Python's own msgfmt.py does, with a hash table if asked for."""
    ids = texts = b""
    data = b""
    start = 28 + 16 * len(pairs) + 4 * table
    for message in sorted(pairs):
        ids += struct.pack(order + "2I", len(message), start + len(data))
        data += message + b"\0"
    for message in sorted(pairs):
        texts += struct.pack(order + "2I", len(pairs[message]), start + len(data))
        data += pairs[message] + b"\0"
    head = (0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), table, 28 + 16 * len(pairs))
    return struct.pack(order + "7I", *head) + ids + texts + bytes(4 * table) + data


PAIRS = {b"": b"Content-Type: text/plain; charset=UTF-8\n", b"a": b"b", b"one\0many": b"x\0y"}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("table", [0, 5])
def test_both_byte_orders(order: str, table: int) -> None:
    content = simple(PAIRS, order, table)
    assert read_mo(content) == PAIRS
    assert gettext.GNUTranslations(io.BytesIO(content)).gettext("a") == "b"


def test_strings_that_depend_on_the_system() -> None:
    found = read_mo(MO)
    assert found is not None
    assert found[b"%<PRIu64> of %s"] == b"%<PRIu64> von %s"
    assert found[b"plain"] == b"einfach"
    plural = b"%<PRIdMAX> a %<PRIu64>\0%<PRIdMAX> as %<PRIu64>"
    assert found[plural] == b"%<PRIdMAX> b %<PRIu64>\0%<PRIdMAX> bs %<PRIu64>"
    assert len(found) == 6


def numbers(at: int, count: int = 1) -> tuple[int, ...]:
    return struct.unpack_from(f"<{count}I", MO, at)


def changed(at: int, value: int, content: bytes = MO) -> bytes:
    return content[:at] + struct.pack("<I", value) + content[at + 4 :]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        MO[:20],
        b"\0" + MO[1:],
        changed(4, 2),
        changed(4, 0x10000),
        changed(8, 2**32 - 1),
        changed(8, 1),
        changed(8, 3),
        changed(12, 2**31),
        changed(20, 2**31),
        changed(20, 2**20),
        changed(24, len(MO) - 8),
        changed(28, 2**32 - 1),
        changed(28, 3),
        changed(32, len(MO) - 4),
        changed(36, 2**32 - 1),
        changed(36, 1),
        changed(40, 2),
        changed(44, 2),
        MO + b"x",
        MO + b"\0" * 17,
        MO[:-1],
        MO[:-1] + b"x",
        MO.replace(b"PRIu64\0", b"PRIu6\0\0"),
        MO.replace(b"PRIu64\0", b"PRIu65\0"),
        MO.replace(b"PRIu64\0", b"PRIu64x"),
        MO.replace(b"\0plain\0", b"\0plainx"),
        simple({b"a": b"b"}).replace(b"a\0", b"ax"),
        simple({b"a": b"b", b"c": b"d"}).replace(b"c\0b", b"a\0b"),
    ],
)
def test_what_is_malformed(content: bytes) -> None:
    assert content != MO
    assert read_mo(content) is None


def test_a_hash_table_leads_to_strings_only() -> None:
    content = simple(PAIRS, table=2)
    at = 28 + 16 * len(PAIRS)
    assert read_mo(changed(at, 3, content)) == PAIRS
    assert read_mo(changed(at, 4, content)) is None


def test_what_lies_between_is_padding() -> None:
    """A catalogue is no place to hide something."""
    content = simple({b"a": b"b"})
    assert read_mo(content + b"\0" * 16) == {b"a": b"b"}
    gap = content[:28] + b"\0" * 8 + content[28:]
    shifted = struct.pack("<7I", *[*struct.unpack_from("<3I", content), 36, 44, 0, 52])
    table = [struct.unpack_from("<2I", content, 28 + 8 * i) for i in range(2)]
    moved = b"".join(struct.pack("<2I", length, at + 8) for length, at in table)
    rest = content[28 + 16 :]
    assert read_mo(shifted + gap[28:36] + moved + rest) == {b"a": b"b"}
    assert read_mo(shifted + b"evilevil" + moved + rest) is None


def composed(entry: bytes) -> bytes:
    """A catalogue with one string that depends on the system, whose description is ``entry``."""
    head = struct.pack("<12I", 0x950412DE, 1, 0, 48, 48, 0, 48, 1, 48, 1, 56, 60)
    name = b"PRIu64\0"
    descriptor = 64
    strings = descriptor + len(entry)
    segment = struct.pack("<2I", len(name), strings)
    return head + segment + struct.pack("<2I", descriptor, descriptor) + entry + name + b"%\0\0"


def test_pieces_of_a_string_are_bounded() -> None:
    def entry(*pieces: tuple[int, int]) -> bytes:
        size = 4 + 8 * len(pieces)
        at = 64 + size + 7
        return struct.pack("<I", at) + b"".join(struct.pack("<2I", *piece) for piece in pieces)

    last = 2**32 - 1
    assert read_mo(composed(entry((1, 0), (1, last)))) == {b"%<PRIu64>": b"%<PRIu64>"}
    assert read_mo(composed(entry((1, 0), (0, last)))) is None
    assert read_mo(composed(entry((1, 1), (1, last)))) is None
    assert read_mo(composed(entry((1, 0), *[(0, 0)] * 63, (1, last)))) is None
    assert read_mo(composed(entry((9, 0), (1, last)))) is None


def test_a_catalogue_that_is_too_large() -> None:
    assert read_mo(MO[:4] + b"\0" * MAX_CATALOGUE) is None


def test_a_message_has_one_width_for_each_macro() -> None:
    pattern = pattern_of_widths(b"%<PRIu64>.%<PRIxMAX>%<PRIu64>\n%<PRIdFAST16>")
    found = pattern.fullmatch(b"%lu.%jx%lu\n%d")
    assert found is not None
    assert with_widths(b"%<PRIxMAX> %<PRIu64> %<PRIi8>", found.groupdict()) == b"%jx %lu %<PRIi8>"
    for other in (b"%lu.%jx%llu\n%d", b"%hhu.%jx%hhu\n%d", b"%s.%jx%s\n%d", b"%lu.%jx%lu\n%jd"):
        assert pattern.fullmatch(other) is None


@given(at=st.integers(0, len(MO) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_is_read_without_an_error(at: int, byte: int) -> None:
    found = read_mo(MO[:at] + bytes([byte]) + MO[at + 1 :])
    assert found is None or len(found) <= 6


@given(content=st.binary(max_size=300), kept=st.integers(0, 60))
def test_any_bytes_are_read_without_an_error(content: bytes, kept: int) -> None:
    read_mo(MO[:kept] + content)
    read_mo(MO[:kept] + content + MO[kept:])
