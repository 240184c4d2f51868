"""Paths as byte strings: which are acceptable, how they are shown, and how JSON carries them.

Names come from archives and repositories that somebody else made. `check_path` refuses every
component that some file system or some reader could take for another one; `folded` tells which
paths some file systems take for one; `display` makes any name safe to print, so that a name can
neither move the cursor nor pretend to be another; `to_json` and `from_json` carry a path that is
not UTF-8 without losing a byte.

>>> display(b"a\\x1b[2Jb")
'a\\\\x1b[2Jb'
>>> to_json(b"caf\\xe9")
{'base64': 'Y2Fm6Q=='}
>>> check_path(b"src/.GIT/config")
'".GIT" is a name that git keeps for itself'
>>> folded("\N{KELVIN SIGN}.h".encode()) == folded(b"k.H")
True
"""

import base64
import binascii
import re
import unicodedata

__all__ = ["check_path", "display", "folded", "from_json", "to_json"]

_DEVICES = frozenset(
    [b"con", b"prn", b"aux", b"nul", b"conin$", b"conout$"]
    + [b"com%d" % n for n in range(10)]
    + [b"lpt%d" % n for n in range(10)]
    + [stem + digit.encode() for stem in (b"com", b"lpt") for digit in "¹²³"]
)
# Only a whole 8.3 name with a tilde and digits is one that Windows makes up ([MS-FSCC] 2.1.5.2.1);
# git's own source has files such as diff.diff_--dirstat_main~1_main~2.
_SHORT_NAME = re.compile(rb"(?=[^.]{3,8}(?:\.|\Z))[^.]+~[0-9]+(?:\.[^.]{0,3})?", re.DOTALL)
# What HFS+ ignores inside a name, so that ".g<ZWNJ>it" is ".git" there (CVE-2014-9390).
_IGNORED_BY_HFS = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")


def check_path(path: bytes) -> str | None:
    """Return why a path is refused, as the rest of a sentence, or None when it is acceptable."""
    if not path:
        return "the path is empty"
    for component in path.split(b"/"):
        if problem := _check_component(component):
            return problem
    return None


def _check_component(component: bytes) -> str | None:
    shown = f'"{display(component)}"'
    if component in (b"", b".", b".."):
        return f"{shown} is not a name" if component else "a component is empty"
    if any(byte < 0x20 or byte == 0x7F for byte in component):
        return f"{shown} holds a control character"
    if b":" in component or b"\\" in component:
        return f"{shown} holds a colon or a backslash"
    if component[-1:] in (b".", b" "):
        return f"{shown} ends in a dot or a space"
    # Only the bare name: Linux itself has an aux.c, which Windows refuses but mistakes for nothing.
    if component.lower() in _DEVICES:
        return f"{shown} is a device's name on Windows"
    if _is_git(component):
        return f"{shown} is a name that git keeps for itself"
    if _SHORT_NAME.fullmatch(component):
        return f"{shown} has the form of a short name on Windows"
    return None


def _is_git(component: bytes) -> bool:
    return folded(component) == b".git"


def folded(path: bytes) -> bytes:
    """Return the form in which two paths are equal when some file system takes them for one.

    Letter case and Unicode's compatibility forms are folded, and what HFS+ ignores in a name is
    left out (Apple, Technical Note TN1150, "Unicode Subtleties").
    """
    if path.isascii():
        return path.lower()
    text = _IGNORED_BY_HFS.sub("", path.decode("utf-8", "surrogateescape"))
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return text.encode("utf-8", "surrogateescape")


def display(name: bytes | str) -> str:
    r"""Return a name that is safe to print anywhere.

    Control, format (bidirectional and invisible), private, unassigned and surrogate characters, all
    white space but the plain space, and the backslash itself become escapes; bytes that are not
    UTF-8 become ``\xNN``.
    """
    text = name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name
    return "".join(map(_display_character, text))


def _display_character(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    category = unicodedata.category(character)
    if character == "\\" or (category[0] in "CZ" and character != " "):
        return character.encode("unicode_escape").decode("ascii")
    return character


def to_json(path: bytes) -> str | dict[str, str]:
    """Return a path as JSON: a string where it is UTF-8, else ``{"base64": …}``."""
    try:
        return path.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(path).decode("ascii")}


def from_json(value: object) -> bytes:
    """Return the path that `to_json` gave; ValueError for anything that it would not give."""
    if isinstance(value, str):
        return value.encode("utf-8")
    if isinstance(value, dict) and list(value) == ["base64"] and isinstance(value["base64"], str):
        try:
            path = base64.b64decode(value["base64"], validate=True)
        except binascii.Error as error:
            raise ValueError("the path is not base64") from error
        if to_json(path) == value:
            return path
    raise ValueError("a path is a string, or base64 when it is not UTF-8")
