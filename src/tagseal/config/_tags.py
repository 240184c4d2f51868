"""Tags and versions: the one place where a tag's name becomes a version, and back."""

import re

from tagseal.core.paths import display

__all__ = ["VERSION_FIELD", "check_tag_pattern", "tag_version", "version_tag"]

VERSION_FIELD = "{version}"
# What can stand in a tag's name and in a file's name, and starts like a version.
_VERSION = re.compile(r"[0-9](?:[0-9A-Za-z.!+_-]*[0-9A-Za-z])?")
_LONGEST = 255
# git check-ref-format(1), rules 1 to 10, as far as single characters and pairs decide them.
_REFUSED_IN_REFS = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)")


def check_tag_pattern(pattern: str) -> str | None:
    """Return why a tag pattern is refused, as a sentence's end, or None when it is acceptable.

    Source of what git accepts in a tag's name: git-check-ref-format(1).
    """
    shown = f'"{display(pattern)}"'
    if pattern.count(VERSION_FIELD) != 1:
        return f"{shown} does not hold {VERSION_FIELD} exactly once"
    example = pattern.replace(VERSION_FIELD, "1")
    if "{" in example or "}" in example:
        return f"{shown} holds a brace outside of {VERSION_FIELD}"
    if len(example) > _LONGEST or not example.isprintable():
        return f"{shown} is too long or holds a character that cannot be seen"
    if _REFUSED_IN_REFS.search(example) or example[0] in "-/." or example[-1] in "/.":
        return f"{shown} cannot be the name of a git tag"
    if pattern.startswith("refs/"):
        return f"{shown} starts with refs/: give the tag's name alone"
    return None


def tag_version(pattern: str, tag: str) -> str | None:
    """Return the version that a whole tag name holds, or None where it is not of the pattern.

    A version starts with a digit, ends in a letter or digit, and has only letters, digits and
    ``. ! + _ -`` between, so that it can be part of a file's name.

    >>> tag_version("v{version}", "v5.8.1"), tag_version("v{version}", "vendor")
    ('5.8.1', None)
    """
    before, _, after = pattern.partition(VERSION_FIELD)
    if not tag.startswith(before) or not tag.endswith(after):
        return None
    version = tag[len(before) : len(tag) - len(after)]
    if len(tag) > _LONGEST or not _VERSION.fullmatch(version) or ".." in version:
        return None
    return version


def version_tag(pattern: str, version: str) -> str:
    """Return the tag name of a version; ValueError for a version that no tag could hold.

    >>> version_tag("v{version}", "5.8.1")
    'v5.8.1'
    """
    tag = pattern.replace(VERSION_FIELD, version)
    if tag_version(pattern, tag) != version:
        raise ValueError(f'"{display(version)}" cannot be the version in a tag')
    return tag
