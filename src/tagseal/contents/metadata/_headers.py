"""Reading the header files of distributions so that every reader sees the same fields.

``PKG-INFO``, ``METADATA`` and ``WHEEL`` are "like email headers" (PyPA specifications). Readers of
such files differ in what ends a line, a header or the whole section. Only what all of them read
alike is accepted: UTF-8, lines that end in LF or CRLF, each a ``Name: value`` or a continuation
that starts with a space or tab, then nothing, or a blank line and the body.
"""

import re
from dataclasses import dataclass

from tagseal.contents.metadata._model import shown

__all__ = ["HeaderFile", "read_headers", "text_of"]

_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):[ \t]?(.*)", re.DOTALL)
# What str.splitlines takes for the end of a line, and what no header holds.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderFile:
    """Fields in order, their names in lower case, and the body; continuations joined by LF."""

    fields: tuple[tuple[str, str], ...]
    body: str

    def all(self, name: str) -> list[str]:
        """Return every value of a field, in order."""
        return [value for field, value in self.fields if field == name]

    def one(self, name: str) -> str | None:
        """Return the first value of a field, or None where there is none."""
        values = self.all(name)
        return values[0] if values else None


def text_of(content: bytes) -> str:
    """Return UTF-8 text; ValueError with a sentence for anything else."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"the file is not UTF-8 (byte {error.start})") from error


def read_headers(content: bytes) -> HeaderFile:
    """Read a header file; ValueError, with a sentence, for one that readers read differently."""
    text = text_of(content).replace("\r\n", "\n")
    head, _, body = text.partition("\n\n")
    if text.startswith("\n"):
        raise ValueError("the file starts with a blank line")
    fields: list[tuple[str, str]] = []
    for line in head.removesuffix("\n").split("\n") if head else []:
        if _CONTROL.search(line):
            raise ValueError(f"a control character stands in the header line {shown(line)}")
        if line[:1] in (" ", "\t") and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value}\n{line.strip()}")
        elif match := _HEADER.fullmatch(line):
            fields.append((match[1].lower(), match[2].strip()))
        else:
            raise ValueError(f"{shown(line)} is no header line")
    return HeaderFile(fields=tuple(fields), body=body)
