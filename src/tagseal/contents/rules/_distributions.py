"""Checks for metadata of Python distributions whose project states it in code, or not at all.

Where ``pyproject.toml`` has a ``[project]`` table, `tagseal.contents.metadata` recomputes every
field. Projects with a ``setup.py``, or with a table of their backend's own, leave nothing to
recompute; here it is only looked at whether such a file says anything that decides what runs and
that no file of the commit names.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from tagseal.contents.rules._model import Difference, Rule, RuleContext
from tagseal.contents.rules._requirements import canonical, named_requirements
from tagseal.core.listing import Mode

__all__ = ["distribution_metadata"]

_MAX = 1024 * 1024
_SOURCES = (b"pyproject.toml", b"setup.py", b"setup.cfg", b"requirements.txt")
_HEADER = re.compile(rb"([A-Za-z][A-Za-z-]*): ?(.*)")
_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]*")
_WORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]*")
_ENTRY = re.compile(rb"[A-Za-z0-9_.:\[\]-]+")
# What some readers take for the end of a line and others do not.
_ODD = re.compile(rb"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DISPLAYED = frozenset(
    b"metadata-version summary description description-content-type keywords home-page "
    b"download-url author author-email maintainer maintainer-email license license-expression "
    b"license-file classifier project-url platform requires-python dynamic".split()
)
_WHEEL = re.compile(
    rb"Wheel-Version: 1\.[0-9]|Generator: [ -~]{1,100}|Root-Is-Purelib: (?:true|false)"
    rb"|Tag: [A-Za-z0-9_.]+-[A-Za-z0-9_.]+-[A-Za-z0-9_.]+"
)
_EGG_INFO_TAIL = (b"[egg_info]", b"tag_build =", b"tag_date = 0")
_EMPTY = frozenset([b"dependency_links.txt", b"not-zip-safe", b"zip-safe"])


def distribution_metadata(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """Metadata with the tag's version, and no dependency or entry point that the commit lacks."""
    del rule
    content = context.content(difference)
    expected = difference.source.mode if difference.source is not None else Mode.FILE
    if content is None or len(content) > _MAX or _ODD.search(content):
        return None
    if difference.member.mode is not expected:
        return None
    reader = _Reader(difference, content, context)
    name = difference.path.rpartition(b"/")[2]
    folder = difference.path.rpartition(b"/")[0].rpartition(b"/")[2]
    if name in (b"PKG-INFO", b"METADATA"):
        return reader.core_metadata()
    if name == b"setup.cfg" and b"/" not in difference.inner:
        return reader.setup_cfg()
    if folder.endswith(b".egg-info"):
        return reader.egg_info(name)
    if folder.endswith(b".dist-info") and name == b"WHEEL":
        is_wheel = all(map(_WHEEL.fullmatch, content.rstrip(b"\n").split(b"\n")))
        return "it says how the wheel was built, and nothing else" if is_wheel else None
    return None


class _Reader:
    """One metadata file, and what it may name."""

    def __init__(self, difference: Difference, content: bytes, context: RuleContext) -> None:
        self._difference = difference
        self._content = content
        self._context = context

    def core_metadata(self) -> str | None:
        head, _, _ = self._content.partition(b"\n\n")
        dependencies = 0
        key = version = name = b""
        for line in head.split(b"\n"):
            if line.startswith((b" ", b"\t")):
                if key not in _DISPLAYED:
                    return None  # a requirement that goes on could say something else
                continue
            match = _HEADER.fullmatch(line.rstrip(b"\r"))
            if match is None:
                return None
            key, value = match[1].lower(), match[2].strip()
            if key == b"version" and not version:
                version = value
            elif key == b"name" and not name:
                name = value
            elif key == b"requires-dist":
                dependencies += 1
                if not self._is_named(value):
                    return None
            elif key not in _DISPLAYED and not (key == b"provides-extra" and self._word(value)):
                return None
        if not self._word(name) or not self._is_version(version):
            return None
        return (
            f"it has the tag's version, and each of its {dependencies} dependencies is named in "
            "the commit's build files; what it says besides was not compared"
        )

    def egg_info(self, name: bytes) -> str | None:
        lines = [line.strip() for line in self._content.split(b"\n") if line.strip()]
        members = self._context.listing.members
        top = self._difference.path.partition(b"/")[0] + b"/"
        if name in _EMPTY:
            return None if lines else "it is empty"
        if name == b"SOURCES.txt":
            there = all(top + line in members for line in lines)
            return "it lists files of the archive, and nothing else" if there else None
        if name == b"top_level.txt":
            found = {part for path in members for part in path.split(b"/")}
            known = all(line in found or line + b".py" in found for line in lines)
            return "it names packages of the archive, and nothing else" if known else None
        if name == b"requires.txt":
            needed = [line for line in lines if not line.startswith(b"[")]
            known = all(map(self._is_named, needed))
            return "each dependency is named in the commit's build files" if known else None
        if name == b"entry_points.txt":
            known = all(map(self._is_entry, lines))
            return "each entry point stands in the commit's build files" if known else None
        return None

    def setup_cfg(self) -> str | None:
        """Setuptools appends how the version was tagged, which for a release is not at all."""
        path = self._difference.source_path
        source = self._context.source(path) if path is not None else b""
        if source is None:
            return None
        lines = [line.rstrip() for line in self._content.rstrip().split(b"\n")]
        own = [line.rstrip() for line in source.rstrip().split(b"\n")] if source.strip() else []
        rest = [line for line in lines[len(own) :] if line]
        if lines[: len(own)] != own or tuple(rest) != _EGG_INFO_TAIL:
            return None
        return "setuptools added that the version has no suffix, and nothing else"

    def _is_version(self, version: bytes) -> bool:
        return version.decode("latin-1") in self._context.versions

    def _is_named(self, requirement: bytes) -> bool:
        match = _NAME.match(requirement)
        if match is None or b"@" in requirement:
            return False
        return canonical(match[0]) in self._requirements

    def _word(self, name: bytes) -> bool:
        return bool(name) and canonical(name) in self._words

    @cached_property
    def _requirements(self) -> frozenset[bytes]:
        return frozenset(
            name for path, text in self._texts for name in named_requirements(path, text)
        )

    @cached_property
    def _words(self) -> frozenset[bytes]:
        return frozenset(canonical(w) for _, text in self._texts for w in _WORD.findall(text))

    @cached_property
    def _texts(self) -> tuple[tuple[bytes, bytes], ...]:
        return tuple(self._read_texts())

    def _read_texts(self) -> Iterator[tuple[bytes, bytes]]:
        for path in _SOURCES:
            if (text := self._context.source(path)) is not None and len(text) <= _MAX:
                yield path, text

    def _is_entry(self, line: bytes) -> bool:
        """Whether a group, or an entry's name and object, stand in the build files as words."""
        parts = [line[1:-1]] if line.startswith(b"[") else re.split(rb"\s*=\s*", line, maxsplit=1)
        return all(_ENTRY.fullmatch(part) and part in self._entries for part in parts)

    @cached_property
    def _entries(self) -> frozenset[bytes]:
        words: set[bytes] = set()
        for _, text in self._texts:
            words.update(_ENTRY.findall(text))
            words.update(re.findall(rb"[A-Za-z0-9_.:-]+", text))
        return frozenset(words)
