"""Reading a JSON object field by field: every field wanted, of its type, and no other."""

import base64
import binascii
import re
from typing import Any

from tagseal.core.errors import StatementError
from tagseal.core.listing import Mode
from tagseal.core.paths import display, from_json

__all__ = ["Fields", "decode_base64", "is_hex", "malformed"]

_HEX = re.compile(r"[0-9a-f]+")


def is_hex(text: str, *widths: int) -> bool:
    """Return whether a text is lowercase hexadecimal digits, of one of these widths."""
    return len(text) in widths and _HEX.fullmatch(text) is not None


def malformed(message: str, where: str) -> StatementError:
    """Return the error for a statement that breaks its format."""
    return StatementError("statement-malformed", message, where=where)


class Fields:
    """One JSON object under reading; ``where`` is its place, for messages."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise malformed("this is not an object", where)
        self._rest: dict[str, Any] = dict(value)
        self.where = where

    def __contains__(self, name: str) -> bool:
        return name in self._rest

    def take(self, name: str) -> Any:
        """Return a field's value of whatever type, which must be there."""
        if name not in self._rest:
            raise malformed(f'the field "{_shown(name)}" is missing', self.where)
        return self._rest.pop(name)

    def text(self, name: str) -> str:
        """Return a string field."""
        value = self.take(name)
        if not isinstance(value, str):
            raise malformed(f'the field "{_shown(name)}" is not a string', self.where)
        return value

    def count(self, name: str) -> int:
        """Return a field that is a whole number, not negative."""
        value = self.take(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise malformed(f'the field "{name}" is not a count', self.where)
        return value

    def items(self, name: str) -> list[Any]:
        """Return a list field."""
        value = self.take(name)
        if not isinstance(value, list):
            raise malformed(f'the field "{name}" is not a list', self.where)
        return value

    def objects(self, name: str) -> list["Fields"]:
        """Return a list of objects, each ready to be read."""
        return [Fields(v, f"{self.where}.{name}[{n}]") for n, v in enumerate(self.items(name))]

    def object(self, name: str) -> "Fields":
        """Return an object field, ready to be read."""
        return Fields(self.take(name), f"{self.where}.{name}")

    def hex(self, name: str, *widths: int) -> str:
        """Return a string of lowercase hexadecimal digits, of one of these widths."""
        value = self.text(name)
        if not is_hex(value, *widths):
            raise malformed(f'the field "{name}" is not a digest', self.where)
        return value

    def mode(self, name: str) -> Mode:
        """Return a git mode, spelled with six octal digits."""
        value = self.text(name)
        for mode in Mode:
            if value == mode.text:
                return mode
        raise malformed(f'the field "{name}" is not a git mode', self.where)

    def path(self, name: str) -> bytes:
        """Return a path, as `tagseal.core.paths.to_json` writes it."""
        try:
            return from_json(self.take(name))
        except ValueError as error:
            raise malformed(f'the field "{name}" is no path: {error}', self.where) from error

    def base64(self, name: str) -> bytes:
        """Return bytes that are written in base64."""
        return decode_base64(self.text(name), f"{self.where}.{name}")

    def names(self) -> list[str]:
        """Return the names of the fields that were not read yet."""
        return list(self._rest)

    def texts(self) -> dict[str, str]:
        """Return all that was not read yet as strings; for fields whose names are data."""
        return {name: self.text(name) for name in self.names()}

    def rest(self) -> dict[str, Any]:
        """Return what was not read yet; for fields whose names are data."""
        rest, self._rest = self._rest, {}
        return rest

    def end(self) -> None:
        """Refuse the object when it has a field that was not read."""
        if self._rest:
            name = next(iter(self._rest))
            raise malformed(f'the field "{_shown(name)}" is not known', self.where)


def _shown(name: str) -> str:
    # Some fields' names are data, and may be anybody's.
    return display(name[:80])


def decode_base64(text: str, where: str) -> bytes:
    """Return the bytes of standard base64 with padding; nothing else is accepted."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise malformed("this is not base64", where) from error
    if base64.b64encode(data).decode("ascii") != text:
        raise malformed("this is not the canonical base64 of its bytes", where)
    return data
