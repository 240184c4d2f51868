"""Checks for manifests that package tools write or rewrite when they publish: Cargo's and npm's.

Sources: The Cargo Book, "cargo package" (``.cargo_vcs_info.json``, the normalised ``Cargo.toml``)
and "The Manifest Format"; npm's documentation of package.json.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from tagseal.contents.rules._model import Difference, Rule, RuleContext
from tagseal.core.listing import Mode

__all__ = [
    "cargo_lock",
    "cargo_manifest",
    "cargo_vcs_info",
    "npm_manifest",
    "pyproject_manifest",
]

_MAX_MANIFEST = 1024 * 1024
_Table = Mapping[str, Any]


def cargo_vcs_info(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """The commit's id and the crate's folder in the repository, and nothing else."""
    del rule
    info = _json(context.content(difference))
    if info is None or difference.member.mode is not Mode.FILE:
        return None
    folder = info.pop("path_in_vcs", "")
    mapped = {mapping.tree.decode("utf-8", "replace").rstrip("/") for mapping in context.mappings}
    if info != {"git": {"sha1": context.facts.commit_id}} or mapped != {folder}:
        return None
    return "it names the tagged commit and the crate's folder, and nothing else"


def cargo_manifest(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A normalised manifest that asks for no more than the tree's: see the functions below."""
    del rule
    old = _toml(context.source(difference.source_path) if difference.source_path else None)
    new = _toml(context.content(difference))
    if old is None or new is None:
        return None
    reader = _CargoManifest(old, new, context)
    if not reader.asks_for_no_more():
        return None
    return "cargo wrote it anew: no dependency, feature or target that the commit's does not name"


class _CargoManifest:
    """A normalised manifest held against the one that it was made of."""

    _DEPENDENCIES = ("dependencies", "dev-dependencies", "build-dependencies")
    _TARGETS = ("lib", "bin", "example", "test", "bench")
    _SAME = ("features", "badges")
    _AUTOMATIC = ("autolib", "autobins", "autoexamples", "autotests", "autobenches")

    def __init__(self, old: _Table, new: _Table, context: RuleContext) -> None:
        self._old = old
        self._new = new
        self._context = context
        [self._mapping, *_] = context.mappings

    def asks_for_no_more(self) -> bool:
        known = {*self._DEPENDENCIES, *self._TARGETS, *self._SAME, "package", "profile"}
        known |= {"target", "lints"}
        if not set(self._new) <= known:
            return False
        return (
            self._package()
            and all(self._old.get(key, {}) == self._new.get(key, {}) for key in self._SAME)
            and self._dependencies(self._old, self._new)
            and self._platforms()
            and self._targets()
            and self._lints()
            and _profiles(self._old) == _profiles(self._new)
        )

    def _package(self) -> bool:
        old, new = _table(self._old.get("package")), _table(self._new.get("package"))
        return all(self._package_key(key, value, old) for key, value in new.items())

    def _package_key(self, key: str, value: object, old: _Table) -> bool:
        if key in self._AUTOMATIC:
            return value is False
        if key in ("build", "readme") and (value is False or self._is_of_the_commit(value)):
            return True
        if key == "version" and _is_inherited(old.get(key)):
            return value == self._context.version
        return key in old and (old[key] == value or _is_inherited(old[key]))

    def _dependencies(self, old: _Table, new: _Table) -> bool:
        for kind in self._DEPENDENCIES:
            asked = _table(old.get(kind))
            for name, wanted in _table(new.get(kind)).items():
                if name not in asked or not _is_same_dependency(asked[name], wanted):
                    return False
        return True

    def _platforms(self) -> bool:
        old, new = _table(self._old.get("target")), _table(self._new.get("target"))
        return all(
            name in old and self._dependencies(_table(old[name]), _table(table))
            for name, table in new.items()
        )

    def _targets(self) -> bool:
        for kind in self._TARGETS:
            found = self._new.get(kind, [])
            for target in [found] if isinstance(found, dict) else found:
                if not self._is_of_the_commit(_table(target).get("path")):
                    return False
        return True

    def _lints(self) -> bool:
        old, new = self._old.get("lints", {}), self._new.get("lints", {})
        return old == new or _is_inherited(old)

    def _is_of_the_commit(self, path: object) -> bool:
        if not isinstance(path, str):
            return False
        member = self._context.listing.members.get(self._mapping.archive + path.encode())
        entry = self._context.entry(self._mapping.tree + path.encode())
        return member is not None and entry is not None and member.blob == entry.object


def _profiles(manifest: _Table) -> dict[str, dict[str, Any]]:
    """Return the profiles with debug information as a number, as cargo writes it."""
    return {
        name: {k: int(v) * 2 if isinstance(v, bool) and k == "debug" else v for k, v in t.items()}
        for name, t in _table(manifest.get("profile")).items()
        if isinstance(t, dict)
    }


def _is_inherited(value: object) -> bool:
    return isinstance(value, dict) and value.get("workspace") is True


def _is_same_dependency(old: object, new: object) -> bool:
    """Whether a dependency is the same; one that a workspace gives is not looked up there."""
    first = old if isinstance(old, dict) else {"version": old}
    second = new if isinstance(new, dict) else {"version": new}
    if _is_inherited(first):
        return not {"path", "git", "registry", "registry-index"} & set(second)
    kept = {k: v for k, v in first.items() if k not in ("path", "git", "branch", "tag", "rev")}
    return kept == dict(second)


_REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"
_CHECKSUM = re.compile("[0-9a-f]{64}")


def cargo_lock(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A lock of releases on crates.io, each with its checksum and each needed by the manifest.

    What the manifest asks for is read from the one beside it in the archive, which has a rule of
    its own.
    """
    del rule
    lock = _toml(context.content(difference))
    folder = difference.path.rpartition(b"/")[0]
    manifest = _toml(context.listing.kept.get(folder + b"/Cargo.toml"))
    if lock is None or manifest is None or not set(lock) <= {"version", "package", "metadata"}:
        return None
    own = _table(manifest.get("package")).get("name")
    packages: dict[str, list[_Table]] = {}
    listed = lock.get("package")
    for package in listed if isinstance(listed, list) else []:
        table = _table(package)
        packages.setdefault(str(table.get("name")), []).append(table)
        if not _is_released(table, lock) and table.get("name") != own:
            return None
    needed, found = [str(own)], set()
    while needed:
        name = needed.pop().split(" ")[0]
        if name in packages and name not in found:
            found.add(name)
            needed += [str(d) for table in packages[name] for d in table.get("dependencies", [])]
    direct = {str(d).split(" ")[0] for table in packages.get(str(own), []) for d in _needs(table)}
    if found != set(packages) or not direct <= _dependency_names(manifest):
        return None
    others = sum(map(len, packages.values())) - 1
    return f"it locks {others} releases of the crates' index, all needed by the manifest"


def _needs(table: _Table) -> list[object]:
    found = table.get("dependencies", [])
    return found if isinstance(found, list) else []


def _is_released(table: _Table, lock: _Table) -> bool:
    """Whether a package is a release of the index with a checksum; old locks list these apart."""
    apart = f"checksum {table.get('name')} {table.get('version')} ({_REGISTRY})"
    checksum = table.get("checksum", _table(lock.get("metadata")).get(apart))
    is_digest = isinstance(checksum, str) and _CHECKSUM.fullmatch(checksum) is not None
    return table.get("source") == _REGISTRY and is_digest


def _dependency_names(manifest: _Table) -> set[str]:
    """Return the names of the packages that a manifest depends on, renamed ones by their own."""
    tables = [manifest, *map(_table, _table(manifest.get("target")).values())]
    return {
        str(_table(wanted).get("package", name))
        for table in tables
        for kind in ("dependencies", "dev-dependencies", "build-dependencies")
        for name, wanted in _table(table.get(kind)).items()
    }


def pyproject_manifest(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A pyproject.toml with the tree's values, and the tag's version in place of a dynamic one."""
    del rule
    if difference.source_path is None or difference.source is None or context.version is None:
        return None
    old = _toml(context.source(difference.source_path))
    new = _toml(context.content(difference))
    if old is None or new is None or difference.member.mode is not difference.source.mode:
        return None
    was, now = dict(_table(old.get("project"))), dict(_table(new.get("project")))
    dynamic = [key for key in was.pop("dynamic", []) if key != "version"]
    if now.pop("dynamic", []) != dynamic or now.pop("version", None) != context.version:
        return None
    if "version" in was or {**old, "project": was} != {**new, "project": now}:
        return None
    return "the build wrote it anew: it states the tag's version, which was dynamic, and no more"


def npm_manifest(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A package.json with the tree's values, but for the tag's version and the commit's id."""
    del rule
    if difference.source_path is None or difference.source is None:
        return None
    old = _json(context.source(difference.source_path))
    new = _json(context.content(difference))
    if old is None or new is None or difference.member.mode is not difference.source.mode:
        return None
    if new.pop("gitHead", None) not in (None, context.facts.commit_id):
        return None
    if context.version is not None and new.get("version") == context.version:
        old.pop("version", None)
        new.pop("version")
    if old != new:
        return None
    return "npm wrote it anew: it differs in the tag's version, the commit's id or its layout only"


def _table(value: object) -> _Table:
    return value if isinstance(value, dict) else {}


def _toml(content: bytes | None) -> _Table | None:
    if content is None or len(content) > _MAX_MANIFEST:
        return None
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def _json(content: bytes | None) -> dict[str, Any] | None:
    if content is None or len(content) > _MAX_MANIFEST:
        return None
    try:
        found = json.loads(content, object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
