"""Reading one table of a configuration: typed keys, and every problem collected.

A `Table` hands out its values by key and type. What is wrong is noted in the shared list of
problems with the full path of its key, and the key's default is returned so that reading goes on.
"""

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from tagseal.core.paths import check_path, display
from tagseal.core.patterns import Pattern

__all__ = ["Table", "closest", "kind_of"]

_T = TypeVar("_T")


class Table:
    """One table at ``path`` (empty for the root), and the list that its problems go to."""

    def __init__(self, values: Mapping[str, object], path: str, problems: list[str]) -> None:
        self._values = values
        self._path = path
        self._problems = problems

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def problem(self, key: str, sentence: str) -> None:
        """Note a problem of a key."""
        shown = display(key)
        self._problems.append(
            f"{self._path}.{shown}: {sentence}" if self._path else f"{shown}: {sentence}"
        )

    def refuse_other_keys(self, known: Collection[str], elsewhere: Mapping[str, str]) -> None:
        """Note every key that is not known; ``elsewhere`` says where a key does belong."""
        for key in self._values:
            if key in known:
                continue
            if key in elsewhere:
                self.problem(key, f"this key belongs to {elsewhere[key]}")
            else:
                self.problem(key, f"there is no such key{closest(key, known)}")

    def require(self, key: str) -> None:
        """Note a key that must be there and is not."""
        if key not in self._values:
            self.problem(key, "this key must be there")

    def is_empty_list(self, key: str) -> bool:
        """Return whether an empty list stands at the key."""
        return self._values.get(key) == []

    def text(self, key: str) -> str | None:
        """Return a string that is not empty, or None."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value:
            self.problem(key, f"a string that is not empty must stand here, not {kind_of(value)}")
            return None
        return value

    def truth(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            self.problem(key, f"true or false must stand here, not {kind_of(value)}")
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings that are not empty; () where there is none."""
        return tuple(
            self._items(key, "strings", lambda item: item if isinstance(item, str) else None)
        )

    def commands(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Return a list of commands, each a list of arguments; () where there is none."""
        return tuple(self._items(key, "commands, each a list of strings,", _command))

    def tables(self, key: str) -> list["Table"]:
        """Return the tables of an array of tables."""
        found = self._items(key, "tables", lambda item: item if isinstance(item, dict) else None)
        path = f"{self._path}.{key}" if self._path else key
        return [Table(item, f"{path}[{i}]", self._problems) for i, item in enumerate(found)]

    def mapping(self, key: str) -> dict[str, str]:
        """Return a table of strings."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            self.problem(key, f"a table must stand here, not {kind_of(value)}")
            return {}
        for name, item in value.items():
            if not isinstance(item, str):
                self.problem(f"{key}.{name}", f"a string must stand here, not {kind_of(item)}")
        return {name: item for name, item in value.items() if isinstance(item, str)}

    def patterns(self, key: str, compiler: Callable[[str], Pattern]) -> tuple[Pattern, ...]:
        """Return compiled patterns, without those that are refused."""
        found: dict[str, Pattern] = {}
        for i, text in enumerate(self.texts(key)):
            if text in found:
                self.problem(f"{key}[{i}]", f'the pattern "{display(text)}" stands twice')
                continue
            try:
                found[text] = compiler(text)
            except ValueError as error:
                self.problem(f"{key}[{i}]", str(error))
        return tuple(found.values())

    def tree_path(self, key: str) -> str | None:
        """Return a path of a file in the tree, from its root on."""
        value = self.text(key)
        if value is not None and (why := check_path(value.encode("utf-8", "surrogatepass"))):
            self.problem(key, f"a path from the tree's root must stand here: {why}")
            return None
        return value

    def _items(self, key: str, what: str, read: Callable[[object], _T | None]) -> list[_T]:
        value = self._values.get(key, [])
        if not isinstance(value, list):
            self.problem(key, f"a list of {what} must stand here, not {kind_of(value)}")
            return []
        found = [(i, read(item)) for i, item in enumerate(value)]
        for i, item in found:
            if item is None or item == "":
                self.problem(
                    f"{key}[{i}]", f"in this list of {what} {kind_of(value[i])} cannot stand"
                )
        return [item for _, item in found if item is not None and item != ""]


def closest(word: str, known: Iterable[str]) -> str:
    """Return a hint at the known word that is most like this one, or nothing.

    >>> closest("format", ["formats", "name"])
    ' (did you mean "formats"?)'
    """
    matches = difflib.get_close_matches(word[:100], sorted(known), n=1, cutoff=0.5)
    return f' (did you mean "{matches[0]}"?)' if matches else ""


def kind_of(value: object) -> str:
    """Return what a TOML value is, as words of a sentence."""
    if value in ("", [], {}):
        return "an empty value"
    names = {bool: "a truth value", int: "a number", float: "a number", str: "a string"}
    names |= {list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")


def _command(item: object) -> tuple[str, ...] | None:
    if not isinstance(item, list) or not item:
        return None
    words = tuple(word for word in item if isinstance(word, str) and "\0" not in word)
    return words if len(words) == len(item) and words[0] else None
