r"""Characters that a reader does not see, or that move what a reader sees.

A text can hide what it says: bidirectional controls reorder it (CVE-2021-42574, "Trojan Source"),
zero-width characters and tags are not drawn at all, unusual spaces look like the usual one, and
escapes and lone carriage returns let a terminal overwrite what was printed before.
`hidden_characters` finds them in a file's bytes; `pieces` takes a text apart so that whoever shows
it can draw each of them as what it is.

Some of these characters are ordinary where scripts and emoji need them, and are not reported there
(Unicode Standard Annex 31, section 2.3, for the joiners; Unicode Technical Standard 51, section 1.4
and Annex 37 for emoji and ideographs):

- a variation selector after a symbol, a digit, a CJK ideograph or a Mongolian letter;
- a zero-width joiner between two emoji, or after a virama;
- a zero-width non-joiner after a virama, or between two Arabic letters;
- an ideographic space beside a wide character;
- escapes that make a terminal's text bold or coloured, as automake's tests do;
- controls that no terminal acts on by hiding anything: tabs, form feeds, bells, and those that
  separate the nodes of GNU Info files.

Everything else is, tags in flag emoji too: they are the usual way to smuggle text past a reader. A
byte order mark at the start is reported under that name, so that it can be told from one inside.

>>> hidden_characters("x = 1 # \N{RIGHT-TO-LEFT OVERRIDE}\n\N{ZERO WIDTH SPACE}".encode())
((1, 'RIGHT-TO-LEFT OVERRIDE'), (2, 'ZERO WIDTH SPACE'))
>>> hidden_characters("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}".encode())
()
>>> [piece.text for piece in pieces("a\N{ZERO WIDTH SPACE}b")]
['a', 'U+200B', 'b']
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Piece", "hidden_characters", "is_binary", "pieces"]

_LOOKED_AT = 8000
"""Bytes at the start that decide whether a file is text; git looks at as many."""
_MOST_OF_A_NAME = 100
"""Places reported of each character, so that many harmless ones never hide a harmful one."""

_CONTROLS = "\x00\x08\x0b\x0e\x0f\x1b\x80-\x9f"
_BLANK = (
    "\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Of carriage returns in a row only the first, and without looking at the others more than once.
_HIDDEN = re.compile(f"[{_CONTROLS}{_BLANK}]|(?<!\r)\r++(?!\n)")
_COLOUR = re.compile("\x1b\\[(?:(?:0?[01]|3[1-79])(?:;(?:0?[01]|3[1-79]))*)?m")
"""Bold and coloured text and its end (ECMA-48, section 8.3.117), but for black and concealed."""
_UNSEEN = re.compile(f"[{_BLANK}]")
_PLAIN = re.compile(r"[ -~\t]*")

_CONTROL_NAMES = {
    "\0": "NULL",
    "\b": "BACKSPACE",
    "\t": "TABULATION",
    "\n": "LINE FEED",
    "\v": "LINE TABULATION",
    "\f": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}
_CONTROL_BYTES = bytes(byte for byte in range(0x20) if byte not in b"\t\n\f\r\x1b")
_JOINERS = "\u200c\u200d"
_ZERO_WIDTH_JOINER = "\u200d"
_VIRAMA = 9  # a canonical combining class


def is_binary(data: bytes) -> bool:
    """Return whether bytes are no text: a NUL at the start, as git judges, or many controls.

    More than a tenth of what is looked at are many. Text in whatever old encoding stays text.
    """
    start = data[:_LOOKED_AT]
    controls = len(start) - len(start.translate(None, _CONTROL_BYTES))
    return b"\0" in start or controls * 10 > len(start)


def hidden_characters(data: bytes) -> tuple[tuple[int, str], ...]:
    """Return the line (from 1) and the Unicode name of each hidden character of a text.

    At most a hundred places of each character are named. Binary data has none.
    """
    if is_binary(data):
        return ()
    text = data.decode("utf-8", "surrogateescape")
    found: list[tuple[int, str]] = []
    times: dict[str, int] = {}
    line, counted = 1, 0
    for match in _HIDDEN.finditer(text):
        character, at = match.group()[0], match.start()
        if times.get(character, 0) >= _MOST_OF_A_NAME or _is_ordinary(text, at):
            continue
        times[character] = times.get(character, 0) + 1
        line += text.count("\n", counted, at)
        counted = at
        found.append(
            (line, "BYTE ORDER MARK" if not at and character == "\ufeff" else _name(character))
        )
    return tuple(found)


def _name(character: str) -> str:
    fallback = f"U+{ord(character):04X}"
    return _CONTROL_NAMES.get(character, unicodedata.name(character, fallback))


def _is_ordinary(text: str, at: int) -> bool:
    character, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if character == "\x1b":
        return _COLOUR.match(text, at) is not None
    if not before:
        return False
    if "\ufe00" <= character <= "\ufe0f" or character >= "\U000e0100" or _is_mongolian(character):
        return _may_be_varied(before, character)
    if character in _JOINERS:
        return _may_be_joined(text[max(0, at - 2) : at], character, after)
    if character == "\u3000":
        return any(c and unicodedata.east_asian_width(c) in "WF" for c in (before, after))
    return False


def _is_mongolian(character: str) -> bool:
    return "\u180b" <= character <= "\u180f" and character != "\u180e"


def _may_be_varied(before: str, selector: str) -> bool:
    if _is_mongolian(selector):
        return "\u1820" <= before <= "\u18aa"
    if unicodedata.name(before, "").startswith("CJK "):
        return True
    is_emoji_selector = selector in "\ufe0e\ufe0f"
    return is_emoji_selector and (
        unicodedata.category(before)[0] == "S" or before in "#*0123456789‼⁉"
    )


def _may_be_joined(before: str, joiner: str, after: str) -> bool:
    if unicodedata.combining(before[-1]) == _VIRAMA:
        return True
    if not after:
        return False
    if joiner == _ZERO_WIDTH_JOINER:
        # A selector or a skin tone may stand between the emoji and the joiner.
        varied = before[-1] == "\ufe0f" or unicodedata.category(before[-1]) == "Sk"
        emoji = before[0] if varied else before[-1]
        return {unicodedata.category(emoji), unicodedata.category(after)} == {"So"}
    return unicodedata.bidirectional(before[-1]) == unicodedata.bidirectional(after) == "AL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a text, safe to show: some characters as they are, or one that has to be named."""

    text: str
    """The characters; of a hidden one its code point, such as ``U+202E``, or ``\\xNN`` of a byte
    that is not UTF-8."""
    name: str | None = None
    """The Unicode name of a hidden character; None for characters that show themselves."""


def pieces(text: str) -> tuple[Piece, ...]:
    """Take a text apart into what shows itself and what has to be named; tabs show themselves.

    Every control, format, private, unassigned and surrogate character and every blank but the
    space and the tab is a piece of its own.
    """
    if _PLAIN.fullmatch(text):
        return (Piece(text=text),) if text else ()
    return tuple(_pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    start = 0
    for at, character in enumerate(text):
        if _shows_itself(character):
            continue
        if start < at:
            yield Piece(text=text[start:at])
        yield _named(character)
        start = at + 1
    if start < len(text):
        yield Piece(text=text[start:])


def _shows_itself(character: str) -> bool:
    if character in " \t" or "!" <= character <= "~":
        return True
    return unicodedata.category(character)[0] not in "CZ" and not _UNSEEN.match(character)


def _named(character: str) -> Piece:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return Piece(text=f"\\x{code - 0xDC00:02x}", name="a byte that is not UTF-8")
    return Piece(text=f"U+{code:04X}", name=_name(character))
