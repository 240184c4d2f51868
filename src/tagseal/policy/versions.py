"""Which version a tag stands for."""

import re

from packaging.version import InvalidVersion, Version

from tagseal.config import Config, tag_version

__all__ = ["same_version", "version_of_tag"]

# A digit that a number, a dot or the separator after a number leads to is inside of a version.
_START = re.compile(r"(?<![0-9.])(?<![0-9][_-])[0-9]")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.!+_-]*")
_LONGEST = 255


def version_of_tag(config: Config | None, tag: str) -> str | None:
    """Return the version in a tag's name, or None where there is none.

    A configuration's tag pattern decides. Without a configuration it is the end of the name, from
    the first place on where a number begins and the rest is a version (PEP 440):

    >>> version_of_tag(None, "v14.2"), version_of_tag(None, "release-2.0-rc1")
    ('14.2', '2.0-rc1')
    >>> version_of_tag(None, "nightly"), version_of_tag(None, "curl-8_9_1")
    (None, None)
    """
    if config is not None:
        return tag_version(config.tag, tag)
    if len(tag) > _LONGEST:
        return None
    ends = (tag[start.start() :] for start in _START.finditer(tag))
    return next((e for e in ends if _VERSION.fullmatch(e) and _parsed(e) is not None), None)


def same_version(first: str, second: str) -> bool:
    """Return whether two texts are one version, by PEP 440 where both are versions of it."""
    one, other = _parsed(first), _parsed(second)
    return first == second if one is None or other is None else one == other


def _parsed(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
