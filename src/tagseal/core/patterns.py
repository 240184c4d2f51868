r"""Patterns over paths: which paths of an archive or tree a configuration or a user names.

A pattern is a path with ``/`` between components:

=========  ==========================================================================
``*``      any characters of one component, none included; it stops at ``/``
``?``      exactly one character of one component
``**``     as a whole component: any number of components, none included; as the last
           component: everything below, at any depth, but not the folder itself
the rest   itself, letter case included; there are no brackets, braces or escapes
=========  ==========================================================================

A pattern is always matched against a whole path, from the root on: ``configure`` does not match
``sub/configure``; ``**/configure`` matches both. A pattern without a literal folder or name would
allow anything anywhere and is void.

>>> pattern = compile_pattern("**/Makefile.in")
>>> pattern.matches(b"Makefile.in"), pattern.matches(b"src/liblzma/Makefile.in")
(True, True)
>>> compile_pattern("m4/*.m4").matches(b"m4/deep/x.m4")
False
>>> compile_pattern("**/*")
Traceback (most recent call last):
    ...
ValueError: the pattern "**/*" matches too much: no folder or name in it is literal

Matching needs at most time proportional to the product of the two lengths, whatever the pattern:
the pieces between stars are found from left to right and never revisited.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tagseal.core.paths import display

__all__ = ["Pattern", "compile_file_name_pattern", "compile_pattern"]

_LONGEST = 1024
_Piece = TypeVar("_Piece")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A compiled pattern; `compile_pattern` makes one. Equal when its text is equal."""

    text: str
    """The pattern as it was written."""
    _groups: tuple[tuple[str, ...], ...] = field(repr=False, compare=False)
    """The components, split at ``**``."""

    def matches(self, path: bytes) -> bool:
        """Return whether the pattern matches this whole path (``/`` between components)."""
        components = path.decode("utf-8", "surrogateescape").split("/")
        return _fits(self._groups, components, _component_matches)


def compile_pattern(text: str) -> Pattern:
    """Compile a pattern that names files of an archive or tree.

    ValueError, with one sentence as its message, for a pattern that is malformed or void.
    """
    components = _split(text)
    if all(_is_wild(component) for component in components):
        raise ValueError(
            f'the pattern "{display(text)}" matches too much: no folder or name in it is literal'
        )
    return _compile(text, components)


def compile_file_name_pattern(text: str) -> Pattern:
    """Compile a pattern that names release files, such as ``xz-*.tar.gz``.

    It is one component, and has at least one letter or digit of its own. ValueError, with one
    sentence as its message, for any other.
    """
    components = _split(text)
    if len(components) != 1:
        raise ValueError(f'the pattern "{display(text)}" holds a folder: name the file alone')
    if not any(character.isalnum() for character in text):
        raise ValueError(
            f'the pattern "{display(text)}" matches every file: add a part of the name'
        )
    return _compile(text, components)


def _compile(text: str, components: list[str]) -> Pattern:
    if components[-1] == "**":
        components = [*components, "*"]
    groups: list[list[str]] = [[]]
    for component in components:
        if component == "**":
            groups.append([])
        else:
            groups[-1].append(component)
    return Pattern(text=text, _groups=tuple(map(tuple, groups)))


def _split(text: str) -> list[str]:
    shown = f'the pattern "{display(text)}"'
    if not text:
        raise ValueError("a pattern is empty")
    if len(text) > _LONGEST:
        raise ValueError(f"a pattern is longer than {_LONGEST} characters")
    if not text.isprintable():
        raise ValueError(f"{shown} holds a character that cannot be seen")
    if text.startswith("!"):
        raise ValueError(f"{shown} starts with an exclamation mark: patterns cannot be negated")
    for character in "[]\\":
        if character in text:
            raise ValueError(f'{shown} holds "{character}", which has no meaning in a pattern')
    components = text.split("/")
    for component in components:
        if component == "":
            raise ValueError(f"{shown} has an empty component: no slash leads, ends or doubles")
        if component in (".", ".."):
            raise ValueError(f'{shown} has a component "{component}": write paths from the root')
        if "**" in component and component != "**":
            raise ValueError(f'{shown} has "**" inside a component: it stands for whole ones')
    return components


def _is_wild(component: str) -> bool:
    return "*" in component or "?" in component


def _component_matches(pattern: str, component: str) -> bool:
    # "*" never stands for an empty component, which no path that was checked has.
    if not component:
        return False
    return _fits(pattern.split("*"), component, _character_matches)


def _character_matches(pattern: str, character: str) -> bool:
    return pattern in ("?", character)


def _fits(
    groups: Sequence[Sequence[_Piece]],
    items: Sequence[_Item],
    one: Callable[[_Piece, _Item], bool],
) -> bool:
    """Return whether the items are the groups in order with any items between two groups.

    The first group stands at the start and the last at the end. Taking the leftmost place for each
    group between is right: a later place leaves only less room for the groups that follow.
    """
    first, last = groups[0], groups[-1]
    if len(groups) == 1:
        return len(items) == len(first) and _stands(first, items, 0, one)
    end = len(items) - len(last)
    if end < len(first) or not _stands(first, items, 0, one) or not _stands(last, items, end, one):
        return False
    at = len(first)
    for group in groups[1:-1]:
        while at + len(group) <= end and not _stands(group, items, at, one):
            at += 1
        at += len(group)
        if at > end:
            return False
    return True


def _stands(
    group: Sequence[_Piece],
    items: Sequence[_Item],
    at: int,
    one: Callable[[_Piece, _Item], bool],
) -> bool:
    return all(one(piece, items[at + i]) for i, piece in enumerate(group))
