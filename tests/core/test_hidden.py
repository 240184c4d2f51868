import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.core.hidden import hidden_characters, is_binary, pieces
from tagseal.core.paths import display


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE"),
        ("\u2069", "POP DIRECTIONAL ISOLATE"),
        ("\u061c", "ARABIC LETTER MARK"),
        ("\u200b", "ZERO WIDTH SPACE"),
        ("\u200d", "ZERO WIDTH JOINER"),
        ("\u2060", "WORD JOINER"),
        ("\u2063", "INVISIBLE SEPARATOR"),
        ("\u00ad", "SOFT HYPHEN"),
        ("\u034f", "COMBINING GRAPHEME JOINER"),
        ("\u3164", "HANGUL FILLER"),
        ("\u2800", "BRAILLE PATTERN BLANK"),
        ("\u00a0", "NO-BREAK SPACE"),
        ("\u3000", "IDEOGRAPHIC SPACE"),
        ("\u2028", "LINE SEPARATOR"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE"),
        ("\ufe0f", "VARIATION SELECTOR-16"),
        ("\U000e0100", "VARIATION SELECTOR-17"),
        ("\U000e0041", "TAG LATIN CAPITAL LETTER A"),
        ("\U000e0fff", "U+E0FFF"),
        ("\x1b", "ESCAPE"),
        ("\b", "BACKSPACE"),
        ("\r", "CARRIAGE RETURN"),
        ("\x0e", "U+000E"),
        ("\x85", "NEXT LINE"),
        ("\x9b", "U+009B"),
    ],
)
def test_what_hides_is_named_with_its_line(text: str, name: str) -> None:
    assert hidden_characters(f"first\nx{text}y words around it\n".encode()) == ((2, name),)


@pytest.mark.parametrize(
    "text",
    [
        "plain\ttext\f\r\nwith ends\r\n",
        "red='\x1b[0;31m' std='\x1b[m' \x1b[1m\x1b[1;36m\x1b[39m",
        "\x1b[0m at the start",
        "bells \a and info files' \x1f and \x7f",
        "\u2764\ufe0f",  # a heart with its selector
        "1\ufe0f\u20e3",  # a keycap
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\U0001f469\U0001f3fd\u200d\U0001f4bb",  # with a skin tone
        "\u2764\ufe0f\u200d\U0001f525",  # a heart on fire
        "\u0915\u094d\u200d\u0937",  # Devanagari after a virama
        "\u0915\u094d\u200c\u0937",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian
        "\u845b\U000e0100",  # an ideographic variant
        "\u1820\u180b",  # a Mongolian variant
        "\u65e5\u3000\u672c",  # an ideographic space between ideographs
        "caf\u00e9 na\u00efve \u05d0\u05d1",
    ],
)
def test_what_writing_needs_is_ordinary(text: str) -> None:
    assert hidden_characters(text.encode()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[8m concealed",
        "\x1b[30m black",
        "\x1b[0;8m",
        "\x1b[41m",
        "\x1b[2J",
        "\x1b]0;title\a",
        "a\u200db",
        "a\u200cb",
        "\U0001f468\u200d",  # joins nothing
        "\u200d\U0001f468",
        "\u0645\u200cb",
        "a\ufe0f",
        "\u2764\U000e0101",  # not a selector for emoji
        "a\u180b",
        "\u845b\U000e0100\U000e0101",  # the second selects nothing
        "\u180e",
        "a\u3000b",
        "\U0001f3f4\U000e0067\U000e007f",  # tags, in a flag too
    ],
)
def test_what_writing_does_not_need_is_reported(text: str) -> None:
    assert hidden_characters(text.encode())


def test_a_byte_order_mark_is_told_apart_from_one_inside() -> None:
    found = hidden_characters("\ufeffa\n\ufeffb\n".encode())
    assert found == ((1, "BYTE ORDER MARK"), (2, "ZERO WIDTH NO-BREAK SPACE"))


def test_many_of_one_never_hide_another() -> None:
    found = hidden_characters(("\u00a0\n" * 5000 + "\u202e").encode())
    assert len(found) == 101
    assert found[-1] == (5001, "RIGHT-TO-LEFT OVERRIDE")


def test_lines_end_at_line_feeds_only() -> None:
    assert hidden_characters("a\x0cb\u2028c\u200b".encode()) == (
        (1, "LINE SEPARATOR"),
        (1, "ZERO WIDTH SPACE"),
    )


@pytest.mark.parametrize(
    "data",
    [b"\0", b"a" * 7999 + b"\0", b"\x01\x02\x03abc", bytes(range(1, 128))],
)
def test_binary(data: bytes) -> None:
    assert is_binary(data)
    assert hidden_characters(data + b"\n\xe2\x80\xae") == ()


@pytest.mark.parametrize(
    "data", [b"", b"a" * 8000 + b"\0", "\u043f\u0440\u0438".encode("koi8-r"), b"\x1b[1m\f"]
)
def test_text(data: bytes) -> None:
    assert not is_binary(data)


def test_bytes_that_are_no_utf_8_are_no_hidden_characters() -> None:
    assert hidden_characters(b"na\xefve \xa0 word") == ()
    assert [p.text for p in pieces("a\udce9")] == ["a", "\\xe9"]


def test_pieces_name_what_does_not_show_itself() -> None:
    found = pieces("a\tb\u202e\ufe0f\x00\ue000c")
    assert [(p.text, p.name) for p in found] == [
        ("a\tb", None),
        ("U+202E", "RIGHT-TO-LEFT OVERRIDE"),
        ("U+FE0F", "VARIATION SELECTOR-16"),
        ("U+0000", "NULL"),
        ("U+E000", "U+E000"),
        ("c", None),
    ]
    assert pieces("") == ()
    assert pieces("\n")[0].name == "LINE FEED"


@given(st.text(st.characters(exclude_categories=[])))
def test_plain_pieces_hide_nothing_and_lose_nothing(text: str) -> None:
    found = pieces(text)
    for piece in found:
        assert piece.text
        piece.text.encode("utf-8")
        if piece.name is None:
            # What is plain here is plain everywhere else that names are shown, but for the escape
            # character of those places and tabs.
            shown = piece.text.replace("\\", "").replace("\t", "")
            assert display(shown) == shown
    assert "".join(p.text for p in found if p.name is None) == "".join(
        c for c in text if pieces(c)[0].name is None
    )


@given(st.text(st.characters(categories=["Cf", "Zl", "Zp", "Zs", "Mn", "So", "L"])))
def test_each_hidden_character_is_a_piece_of_its_own(text: str) -> None:
    """Whatever is reported is also shown."""
    named = [p.name for p in pieces(text) if p.name is not None]
    for _, name in hidden_characters(text.encode()):
        shown = "ZERO WIDTH NO-BREAK SPACE" if name == "BYTE ORDER MARK" else name
        assert shown in named


def test_every_format_character_is_named() -> None:
    """Also those that a later Unicode adds to the categories."""
    for code in range(0x110000):
        character = chr(code)
        if unicodedata.category(character) in ("Cf", "Zl", "Zp"):
            assert pieces(character)[0].name is not None


@pytest.mark.parametrize(
    "unit", ["\r", "\r\r\n", "\N{DEVANAGARI LETTER KA}\N{DEVANAGARI SIGN VIRAMA}\u200d", "\u200b"]
)
def test_no_text_takes_long(unit: str) -> None:
    began = time.process_time()
    hidden_characters((unit * 500_000).encode())
    assert time.process_time() - began < 20
