r"""The part of gitattributes that changes a file's bytes on their way into an archive.

`Attributes` answers which of ``text``, ``eol``, ``export-subst`` and the like are set for a path,
by the ``.gitattributes`` files of the folders above it (gitattributes(5)). Whatever this reader
does not understand completely (macros, quoted patterns, bracket expressions) raises
`UnsupportedAttributes`: a caller then treats the file as unproven.

>>> a = Attributes({b"": b"*.bat text eol=crlf\n", b"docs": b"*.bat eol=lf -text\n"})
>>> a.of(b"run.bat")
{'eol': 'crlf', 'text': True}
>>> a.of(b"docs/run.bat")
{'text': False, 'eol': 'lf'}
"""

import re
from collections.abc import Callable, Mapping

__all__ = ["Attributes", "AttributesFile", "UnsupportedAttributes", "Value", "parse_attributes"]

Value = str | bool
"""What an attribute is: set (True), unset (False), or a text."""

_MAX_LINES = 2000
_MAX_LINE = 2000  # git itself ignores lines above 2,048 bytes
_MAX_WIDE = 2
_KNOWN = ("text", "eol", "crlf", "ident", "filter", "working-tree-encoding", "export-subst")
_ATTRIBUTE = re.compile(rb"([-!]?)([A-Za-z0-9_.][-A-Za-z0-9_.]*)(?:=([!-~]*))?")
_UNSPECIFIED = None

_Settings = list[tuple[str, Value | None]]
_Rule = tuple[bytes, Callable[[bytes], bool], _Settings]
AttributesFile = list[tuple[Callable[[bytes], bool], _Settings]]
"""The lines of one file: whether a path below its folder matches, and what that gives it."""


class UnsupportedAttributes(Exception):  # noqa: N818 - a limit of this reader, no failure
    """A ``.gitattributes`` file says something that this reader does not understand."""


class Attributes:
    """The attributes that a set of ``.gitattributes`` files gives to paths.

    ``files`` maps a folder (the root as ``b""``) to its file's bytes, or to what `parse_attributes`
    made of them. Raises `UnsupportedAttributes` at once when any of them cannot be read with
    certainty.
    """

    def __init__(self, files: "Mapping[bytes, bytes | AttributesFile]") -> None:
        parsed = {
            folder: parse_attributes(content) if isinstance(content, bytes) else content
            for folder, content in files.items()
        }
        self._rules: list[_Rule] = [
            (folder, pattern, settings)
            for folder in sorted(parsed, key=lambda f: f.count(b"/") + bool(f))
            for pattern, settings in parsed[folder]
        ]

    def of(self, path: bytes) -> dict[str, Value]:
        """Return attribute name to value, for those that are set, unset or have a text.

        The last word on an attribute counts, and the macro ``binary`` speaks only where it is
        itself the last word on ``binary``; so the rules are read from the last to the first, as
        git does (attr.c, ``fill_one``).
        """
        found: dict[str, Value | None] = {}
        for folder, matches, settings in reversed(self._rules):
            if folder and not path.startswith(folder + b"/"):
                continue
            if matches(path[len(folder) + 1 :] if folder else path):
                for name, value in reversed(settings):
                    if name == "binary" and name not in found and value is True:
                        found.setdefault("text", False)
                    found.setdefault(name, value)
        found.pop("binary", None)
        return {name: value for name, value in found.items() if value is not _UNSPECIFIED}


def parse_attributes(content: bytes) -> AttributesFile:
    """Return what one ``.gitattributes`` file says, to be used for many paths.

    Raises `UnsupportedAttributes`.
    """
    lines = content.split(b"\n")
    if len(lines) > _MAX_LINES or max(map(len, lines)) > _MAX_LINE:
        raise UnsupportedAttributes("a .gitattributes file is too long")
    if b"\0" in content or content.startswith(b"\xef\xbb\xbf"):
        raise UnsupportedAttributes("a .gitattributes file is no plain text")
    rules = []
    for line in lines:
        words = re.split(rb"[ \t\r]+", line.strip(b" \t\r"))
        if words == [b""] or words[0].startswith(b"#"):
            continue
        rules.append((_pattern(words[0]), [_setting(word) for word in words[1:]]))
    return [(matches, settings) for matches, settings in rules if settings]


def _setting(word: bytes) -> tuple[str, Value | None]:
    match = _ATTRIBUTE.fullmatch(word)
    if match is None or match[2].startswith(b"builtin_"):
        raise UnsupportedAttributes(f"the attribute {word!r} is not understood")
    sign, name, text = match[1], match[2].decode(), match[3]
    if sign:
        return name, False if sign == b"-" else _UNSPECIFIED
    return name, True if text is None else text.decode()


def _pattern(text: bytes) -> Callable[[bytes], bool]:
    """Return whether a path below the file's folder matches a pattern (gitignore(5))."""
    if any(c in text for c in b'[]\\"!') or b"***" in text or not text.strip(b"/"):
        raise UnsupportedAttributes(f"the pattern {text!r} is not understood")
    if text.endswith(b"/"):
        return lambda _: False  # it is for folders only, and folders have no bytes
    if b"/" not in text:
        name = re.compile(_component(text), re.DOTALL)
        return lambda path: name.fullmatch(path.rsplit(b"/", 1)[-1]) is not None
    whole = re.compile(_path(text.removeprefix(b"/").split(b"/")), re.DOTALL)
    return lambda path: whole.fullmatch(path) is not None


def _path(components: list[bytes]) -> bytes:
    if components.count(b"**") > _MAX_WIDE or components == [b"**"]:
        raise UnsupportedAttributes("a pattern with so many ** is not understood")
    *folders, last = components
    regex = b"".join(b"(?:.*/)?" if c == b"**" else _component(c) + b"/" for c in folders)
    return regex + (b".+" if last == b"**" else _component(last))


def _component(text: bytes) -> bytes:
    """Return a regular expression for one component, which never looks back over a star."""
    if b"**" in text:
        raise UnsupportedAttributes(f"the pattern {text!r} is not understood")
    first, *rest = (
        b"".join(b"[^/]" if c == b"?" else re.escape(c) for c in re.split(rb"(\?)", piece))
        for piece in text.split(b"*")
    )
    if not rest:
        return first
    return first + b"".join(b"(?>[^/]*?%s)" % piece for piece in rest[:-1]) + b"[^/]*" + rest[-1]
