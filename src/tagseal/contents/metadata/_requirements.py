"""Requirements in one form, so that equal ones compare equal however a backend writes them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import Specifier
from packaging.utils import canonicalize_name

from tagseal.contents.metadata._model import shown

__all__ = ["Dependency", "expected_dependencies", "marker_key", "read_dependency", "with_extra"]

_LONGEST = 8192
_DEEPEST = 40
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_TOKEN = re.compile(r"\s*(\"[^\"]*\"|\(|\)|[A-Za-z_.]+|[<>=!~]+)")
_MINOR = re.compile(r"\"([0-9]{1,3})\.([0-9]{1,3})\"")

MarkerKey = tuple[object, ...]
"""A marker as nested tuples: ``("and", {…})``, ``("or", {…})`` or ``(left, operator, right)``."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """One requirement in one form; equal when the same is required under the same conditions."""

    name: str
    extras: frozenset[str]
    specifiers: frozenset[Specifier]
    url: str | None
    marker: MarkerKey | None


def read_dependency(text: str) -> Dependency:
    """Return the form of a requirement (PEP 508); ValueError, with a sentence, for any other text.

    A quote of one kind inside a string of the other kind is refused: printed again, it would read
    as another marker.
    """
    if len(text) > _LONGEST or text.count("(") > _DEEPEST:
        raise ValueError(f"{shown(text)} is too long or nests too deeply")
    if any('"' in found[1:-1] or "'" in found[1:-1] for found in _LITERAL.findall(text)):
        raise ValueError(f"{shown(text)} has a quote inside a string")
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        raise ValueError(f"{shown(text)} is no requirement") from error
    if requirement.url and re.search("[\"']", requirement.url):
        raise ValueError(f"{shown(text)} has a quote in its URL")
    return Dependency(
        name=canonicalize_name(requirement.name),
        extras=frozenset(map(canonicalize_name, requirement.extras)),
        specifiers=frozenset(requirement.specifier),
        url=requirement.url,
        marker=marker_key(str(requirement.marker)) if requirement.marker else None,
    )


def with_extra(dependency: Dependency, extra: str) -> Dependency:
    """Return the dependency as it is required only with an extra of this name."""
    wanted: MarkerKey = ("extra", "==", canonicalize_name(extra))
    marker = wanted if dependency.marker is None else _join("and", [dependency.marker, wanted])
    return Dependency(
        dependency.name, dependency.extras, dependency.specifiers, dependency.url, marker
    )


def expected_dependencies(
    name: str, required: Iterable[str], optional: Mapping[str, Iterable[str]]
) -> tuple[frozenset[Dependency], ...]:
    """Return what ``Requires-Dist`` may be: each set is one way to write the same.

    The first is as the configuration has it. In the second, what an extra asks of the project's own
    extras (``tool[all]``) is replaced by what those ask for, as hatchling writes it.
    """
    always = {read_dependency(text) for text in required}
    extras: dict[str, list[Dependency]] = {
        canonicalize_name(k): [read_dependency(t) for t in v] for k, v in optional.items()
    }
    plain = always | {with_extra(d, extra) for extra, found in extras.items() for d in found}
    own = canonicalize_name(name)
    resolved = set(always)
    for extra in extras:
        for dependency in _resolve(own, extra, extras):
            resolved.add(with_extra(dependency, extra))
    return (frozenset(plain), frozenset(resolved))


def _resolve(own: str, extra: str, extras: Mapping[str, list[Dependency]]) -> set[Dependency]:
    found: set[Dependency] = set()
    waiting = [extra]
    seen = {extra}
    while waiting:
        for dependency in extras.get(canonicalize_name(waiting.pop()), []):
            plain = not (dependency.marker or dependency.url or dependency.specifiers)
            if dependency.name == own and plain:
                waiting += sorted(dependency.extras - seen)
                seen |= dependency.extras
            else:
                found.add(dependency)
    return found


def marker_key(text: str) -> MarkerKey:
    """Return a marker's text in one form: nested ands and ors flattened, their parts unordered.

    Source of the grammar: PyPA specifications, "Dependency specifiers". The text is packaging's
    own of a marker, canonical in quotes and names; ValueError where it cannot be read.
    """
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"the marker {shown(text)} cannot be read")
        tokens.append(match[1])
        at = match.end()
    key, rest = _either(tokens, 0)
    if rest != len(tokens):
        raise ValueError(f"the marker {shown(text)} cannot be read")
    return key


def _either(tokens: list[str], at: int) -> tuple[MarkerKey, int]:
    key, at = _both(tokens, at)
    parts = [key]
    while tokens[at : at + 1] == ["or"]:
        key, at = _both(tokens, at + 1)
        parts.append(key)
    return _join("or", parts), at


def _both(tokens: list[str], at: int) -> tuple[MarkerKey, int]:
    key, at = _atom(tokens, at)
    parts = [key]
    while tokens[at : at + 1] == ["and"]:
        key, at = _atom(tokens, at + 1)
        parts.append(key)
    return _join("and", parts), at


def _atom(tokens: list[str], at: int) -> tuple[MarkerKey, int]:
    if tokens[at : at + 1] == ["("]:
        key, at = _either(tokens, at + 1)
        return key, at + 1
    end = at + (4 if tokens[at + 1 : at + 3] == ["not", "in"] else 3)
    if end > len(tokens):
        raise ValueError("a marker cannot be read")
    left, *operator, right = tokens[at:end]
    if left == "extra":
        right = canonicalize_name(right.strip('"'))
    return _full_version(left, " ".join(operator), right), end


def _full_version(left: str, operator: str, right: str) -> MarkerKey:
    """Return a comparison with ``python_version`` as one with ``python_full_version``.

    uv's build backend writes it so. The two differ only for pre-releases of Python itself.
    """
    if left != "python_version" or not (match := _MINOR.fullmatch(right)):
        return (left, operator, right)
    this, following = f'"{match[1]}.{match[2]}"', f'"{match[1]}.{int(match[2]) + 1}"'
    rewritten = {
        "<": ("<", this),
        ">=": (">=", this),
        "<=": ("<", following),
        ">": (">=", following),
        "==": ("==", this[:-1] + '.*"'),
        "!=": ("!=", this[:-1] + '.*"'),
    }
    if operator not in rewritten:
        return (left, operator, right)
    return ("python_full_version", *rewritten[operator])


def _join(word: str, parts: list[MarkerKey]) -> MarkerKey:
    flat: set[object] = set()
    for part in parts:
        flat |= part[1] if part[0] == word and isinstance(part[1], frozenset) else {part}
    only = next(iter(flat))
    return only if len(flat) == 1 and isinstance(only, tuple) else (word, frozenset(flat))
