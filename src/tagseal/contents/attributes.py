"""The part of gitattributes that changes a file's bytes on their way into an archive.

`Attributes` answers which of ``text``, ``eol``, ``ident``, ``filter`` and ``export-subst`` are set
for a path, by the ``.gitattributes`` files of the folders above it (gitattributes(5)). Whatever
this reader does not understand completely (macros, quoted patterns, bracket expressions) raises
`UnsupportedAttributes`: a caller then treats the file as unproven.

>>> a = Attributes({b"": b"*.bat text eol=crlf\\n", b"docs": b"*.bat eol=lf\\n"})
>>> a.of(b"run.bat")["eol"], a.of(b"docs/run.bat")["eol"]
('crlf', 'lf')
"""

import re
from collections.abc import Mapping

__all__ = ["Attributes", "UnsupportedAttributes"]

_MAX_LINES = 2000
_MAX_STARS = 6
_KNOWN = ("text", "eol", "ident", "filter", "export-subst")
_BINARY_MACRO = {"text": "unset"}
_ATTRIBUTE = re.compile(r"([-!]?)([A-Za-z0-9_.][-A-Za-z0-9_.]*)(?:=(\S*))?\Z")


class UnsupportedAttributes(Exception):  # noqa: N818 - a limit of this reader, no failure
    """A ``.gitattributes`` file says something that this reader does not understand."""


class Attributes:
    """The attributes that a set of ``.gitattributes`` files gives to paths.

    ``files`` maps a folder (the root as ``b""``) to its file's bytes. Raises
    `UnsupportedAttributes` at once when any of them cannot be read with certainty.
    """

    def __init__(self, files: Mapping[bytes, bytes]) -> None:
        self._rules = [
            (folder, pattern, settings)
            for folder in sorted(files, key=lambda f: f.count(b"/") + bool(f))
            for pattern, settings in _parse(files[folder])
        ]

    def of(self, path: bytes) -> dict[str, str]:
        """Return attribute name to ``set``, ``unset`` or its value, for those that are given."""
        found: dict[str, str] = {}
        for folder, pattern, settings in self._rules:
            if folder and not path.startswith(folder + b"/"):
                continue
            relative = path[len(folder) + 1 :] if folder else path
            if pattern(relative):
                found.update(settings)
        return {name: value for name, value in found.items() if value != "unspecified"}


class _Pattern:
    def __init__(self, text: str) -> None:
        if any(c in text for c in '[]\\"!') or text.count("*") > _MAX_STARS or "***" in text:
            raise UnsupportedAttributes(f"the pattern {text!r} is not understood")
        self._never = text.endswith("/")
        self._anchored = "/" in text.rstrip("/")
        self._regex = re.compile(_regex(text.removeprefix("/")).encode(), re.DOTALL)

    def __call__(self, relative: bytes) -> bool:
        subject = relative if self._anchored else relative.rsplit(b"/", 1)[-1]
        return not self._never and self._regex.fullmatch(subject) is not None


def _regex(text: str) -> str:
    parts = re.split(r"(\*\*/|/\*\*\Z|\*|\?)", text)
    meanings = {"**/": "(?:.*/)?", "/**": "/.*", "*": "[^/]*", "?": "[^/]"}
    if any(part == "**" for part in parts):
        raise UnsupportedAttributes(f"the pattern {text!r} is not understood")
    return "".join(meanings.get(part) or re.escape(part) for part in parts)


def _parse(content: bytes) -> list[tuple[_Pattern, dict[str, str]]]:
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise UnsupportedAttributes("a .gitattributes file is not UTF-8") from error
    if len(lines) > _MAX_LINES:
        raise UnsupportedAttributes("a .gitattributes file is too long")
    rules = []
    for line in lines:
        words = line.strip(" \t\r").split()
        if not words or words[0].startswith("#"):
            continue
        if words[0].startswith("[attr]"):
            raise UnsupportedAttributes("a .gitattributes file defines a macro")
        rules.append((_Pattern(words[0]), _settings(words[1:])))
    return rules


def _settings(words: list[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for word in words:
        match = _ATTRIBUTE.match(word)
        if match is None:
            raise UnsupportedAttributes(f"the attribute {word!r} is not understood")
        sign, name, value = match.groups()
        if name == "binary" and not sign:
            settings |= _BINARY_MACRO
        elif name in _KNOWN:
            settings[name] = {"-": "unset", "!": "unspecified"}.get(sign, value or "set")
    return settings
