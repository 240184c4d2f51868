"""Which version a tag stands for."""

import re

from packaging.version import InvalidVersion, Version

from tagseal.config import Config, tag_version

__all__ = ["same_version", "version_of_tag"]

_PREFIXED = re.compile(r"(?:.*[^0-9.])?([0-9].*)", re.DOTALL)


def version_of_tag(config: Config | None, tag: str) -> str | None:
    """Return the version in a tag's name, or None where there is none.

    A configuration's tag pattern decides. Without a configuration it is the name from its first
    version on: all of it where that is a version, else what follows a leading ``v`` or name.
    """
    if config is not None:
        return tag_version(config.tag, tag)
    for candidate in (tag.removeprefix("v"), *_PREFIXED.findall(tag)):
        try:
            Version(candidate)
        except InvalidVersion:
            continue
        return str(candidate)
    return None


def same_version(first: str, second: str) -> bool:
    """Return whether two texts are one version, by PEP 440 where both are versions of it."""
    try:
        return Version(first) == Version(second)
    except InvalidVersion:
        return first == second
