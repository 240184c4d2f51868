"""Checks for what ``cargo package`` writes: a note of the commit, a new manifest, and a lock.

Source: The Cargo Book, "cargo package", "The Manifest Format", "Cargo Targets", "Workspaces".
"""

import re
from collections.abc import Iterator
from typing import Any

from tagseal.contents.rules._model import Difference, Rule, RuleContext
from tagseal.contents.rules._parsed import Table, as_table, is_same, read_json, read_toml
from tagseal.core.listing import Mode

__all__ = ["cargo_lock", "cargo_manifest", "cargo_vcs_info"]


_VCS_INFO = b".cargo_vcs_info.json"


def cargo_vcs_info(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """The commit's id and the crate's folder in the repository, and nothing else."""
    del rule
    info = read_json(context.content(difference))
    is_at_top = any(difference.path == m.archive + _VCS_INFO for m in context.mappings)
    if info is None or not is_at_top or difference.member.mode is not Mode.FILE:
        return None
    folders = {mapping.tree.rstrip(b"/") for mapping in context.mappings}
    for folder in folders:
        expected = {"git": {"sha1": context.facts.commit_id}}
        in_vcs = {"path_in_vcs": folder.decode("utf-8", "surrogateescape")}
        is_it = is_same(info, expected | in_vcs) or (not folder and is_same(info, expected))
        if len(folders) == 1 and is_it:
            return "it names the tagged commit and the crate's folder, and nothing else"
    return None


def cargo_manifest(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A normalised manifest that asks for what the tree's asks for, and says the rest explicitly.

    What a workspace gives is looked up in its manifest, and what cargo finds by itself, such as
    ``src/lib.rs``, is found in the tree.
    """
    del rule
    if difference.source is None or difference.source_path is None:
        return None
    [mapping, *_] = context.mappings
    old, new = read_toml(context.source(difference.source_path)), None
    if difference.path == mapping.archive + b"Cargo.toml":
        new = read_toml(context.content(difference))
    if old is None or new is None or difference.member.mode is not difference.source.mode:
        return None
    if not _CargoManifest(old, new, difference, context).asks_for_the_same():
        return None
    return "cargo wrote it anew: the same dependencies, features and targets, spelled out"


_KINDS = ("dependencies", "dev-dependencies", "build-dependencies")
_FOUND = {
    "bin": ("src/bin/{}.rs", "src/bin/{}/main.rs"),
    "example": ("examples/{}.rs", "examples/{}/main.rs"),
    "test": ("tests/{}.rs", "tests/{}/main.rs"),
    "bench": ("benches/{}.rs", "benches/{}/main.rs"),
}
"""Where cargo looks for a target by its name."""
_AUTOMATIC = ("autolib", "autobins", "autoexamples", "autotests", "autobenches")
_DISPLAYED = ("readme", "license-file")
"""Keys of files that are only shown, and whose path changes as they are copied into a crate."""


class _CargoManifest:
    """A normalised manifest held against the one that it was made of."""

    def __init__(
        self, old: Table, new: Table, difference: Difference, context: RuleContext
    ) -> None:
        self._old = old
        self._new = new
        self._context = context
        self._folder = difference.inner.removesuffix(b"Cargo.toml")
        self._workspace = self._find_workspace()
        self._name = str(as_table(old.get("package")).get("name"))

    def _find_workspace(self) -> Table:
        folder = self._folder
        while True:
            found = read_toml(self._context.source(folder + b"Cargo.toml"))
            if found is not None and "workspace" in found:
                return as_table(found["workspace"])
            if not folder:
                return {}
            folder = folder[: folder[:-1].rfind(b"/") + 1]

    def asks_for_the_same(self) -> bool:
        known = {*_KINDS, *_FOUND, "lib", "features", "badges", "package", "profile"}
        known |= {"target", "lints"}
        return (
            set(self._new) <= known
            and self._package()
            and all(
                is_same(self._old.get(key, {}), self._new.get(key, {}))
                for key in ("features", "badges")
            )
            and self._dependencies(self._old, self._new)
            and self._platforms()
            and self._lib()
            and all(self._target(kind, t) for kind in _FOUND for t in self._targets(kind))
            and is_same(self._lints(), self._new.get("lints", {}))
            and is_same(_profiles(self._old), _profiles(self._new))
        )

    def _package(self) -> bool:
        old, new = as_table(self._old.get("package")), as_table(self._new.get("package"))
        dropped = set(old) - set(new) - {"workspace", *_AUTOMATIC}
        return not dropped and all(self._package_key(key, new[key], old) for key in new)

    def _package_key(self, key: str, value: object, old: Table) -> bool:
        if key in _AUTOMATIC:
            return value is False
        if key in _DISPLAYED and (value is False or isinstance(value, str)):
            return True
        if key == "build" and old.get("build", True) is True:
            return value == "build.rs" if self._has("build.rs") else value is False
        if key not in old:
            return False
        given = as_table(self._workspace.get("package")).get(key)
        return is_same(given if _is_inherited(old[key]) else old[key], value)

    def _dependencies(self, old: Table, new: Table) -> bool:
        for kind in _KINDS:
            asked = as_table(old.get(kind, old.get(kind.replace("-", "_"))))
            wanted = as_table(new.get(kind))
            for name, dependency in asked.items():
                expected = self._published(name, dependency)
                is_local = kind == "dev-dependencies" and "version" not in expected
                if name not in wanted and not is_local:
                    return False
                if name in wanted and not is_same(expected, _spelled_out(wanted[name])):
                    return False
            if not set(wanted) <= set(asked):
                return False
        return True

    def _published(self, name: str, dependency: object) -> dict[str, Any]:
        """Return a dependency as it is published: from a registry, with what a workspace gives."""
        own = _spelled_out(dependency)
        if own.pop("workspace", None) is True:
            given = _spelled_out(as_table(self._workspace.get("dependencies")).get(name, {}))
            features = sorted({*given.get("features", []), *own.get("features", [])})
            if own.get("default-features") is True:
                given.pop("default-features", None)
            own.pop("default-features", None)
            own = {**given, **own, **({"features": features} if features else {})}
        local = ("path", "branch", "tag", "rev", "git")
        return {key: value for key, value in own.items() if key not in local}

    def _platforms(self) -> bool:
        old, new = as_table(self._old.get("target")), as_table(self._new.get("target"))
        return set(new) <= set(old) and all(
            set(as_table(new.get(name))) <= set(_KINDS)
            and self._dependencies(as_table(table), as_table(new.get(name)))
            for name, table in old.items()
        )

    def _lib(self) -> bool:
        old = _dashed(as_table(self._old.get("lib")))
        if "lib" not in self._new:
            return not old and not self._has("src/lib.rs")
        found = {"name": self._name.replace("-", "_"), "path": "src/lib.rs"}
        return is_same({**found, **old}, self._new["lib"]) and self._has(self._new["lib"]["path"])

    def _targets(self, kind: str) -> Iterator[Table]:
        found = self._new.get(kind, [])
        yield from map(as_table, found if isinstance(found, list) else [{}])

    def _target(self, kind: str, target: Table) -> bool:
        name, path = target.get("name"), target.get("path")
        declared = self._old.get(kind, [])
        own: Table = next(
            (
                _dashed(table)
                for table in map(as_table, declared if isinstance(declared, list) else [])
                if table.get("name") == name
            ),
            {},
        )
        places = {form.format(name) for form in _FOUND[kind]}
        if kind == "bin" and name == self._name:
            places.add("src/main.rs")
        if "path" not in own and path not in places:
            return False
        return self._has(path) and is_same({"name": name, "path": path, **own}, dict(target))

    def _lints(self) -> object:
        lints = self._old.get("lints", {})
        return self._workspace.get("lints", {}) if _is_inherited(lints) else lints

    def _has(self, path: object) -> bool:
        """Whether the commit has a file at a path of the crate's folder."""
        if not isinstance(path, str):
            return False
        entry = self._context.entry(self._folder + path.encode())
        return entry is not None and entry.mode.is_file


def _profiles(manifest: Table) -> dict[str, dict[str, Any]]:
    """Return the profiles with debug information as a number, as cargo writes it."""
    return {
        name: {k: int(v) * 2 if isinstance(v, bool) and k == "debug" else v for k, v in t.items()}
        for name, t in as_table(manifest.get("profile")).items()
        if isinstance(t, dict)
    }


def _is_inherited(value: object) -> bool:
    return isinstance(value, dict) and value.get("workspace") is True


def _dashed(table: Table) -> dict[str, Any]:
    return {key.replace("_", "-"): value for key, value in table.items()}


def _spelled_out(dependency: object) -> dict[str, Any]:
    """Return a dependency as a table with its features in order."""
    table = _dashed(dependency) if isinstance(dependency, dict) else {"version": dependency}
    features = table.get("features")
    if isinstance(features, list) and all(isinstance(feature, str) for feature in features):
        table["features"] = sorted(features)
    return table


_REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"
_CHECKSUM = re.compile("[0-9a-f]{64}")
_LOCKED = frozenset(["name", "version", "source", "checksum", "dependencies"])


def cargo_lock(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A lock of releases on crates.io, each with its checksum and each needed by the manifest.

    What the manifest asks for is read from the one beside it in the archive, which has a rule of
    its own.
    """
    del rule
    lock = read_toml(context.content(difference))
    manifest = _manifest_beside(difference, context)
    if lock is None or manifest is None or not set(lock) <= {"version", "package", "metadata"}:
        return None
    package = as_table(manifest.get("package"))
    packages = _packages(lock)
    if packages is None or difference.member.mode is not Mode.FILE:
        return None
    unsourced = [table for table in packages if "source" not in table]
    if len(unsourced) != 1 or "checksum" in unsourced[0]:
        return None
    own = unsourced[0]
    if any(not is_same(own.get(key), package.get(key)) for key in ("name", "version")):
        return None
    if not all(_is_released(table, lock) for table in packages if table is not own):
        return None
    if not _are_needed(packages, own) or not set(_needs(own)) <= _dependency_names(manifest):
        return None
    count = len(packages) - 1
    return f"it locks {count} releases of the crates' index, all needed by the manifest"


def _manifest_beside(difference: Difference, context: RuleContext) -> Table | None:
    path = difference.path.rpartition(b"/")[0] + b"/Cargo.toml"
    if (content := context.listing.kept.get(path)) is None:
        member, tree_path = context.listing.members.get(path), context.tree_path(path)
        entry = context.entry(tree_path) if tree_path is not None else None
        if tree_path is None or member is None or entry is None or entry.object != member.blob:
            return None
        content = context.source(tree_path)
    return read_toml(content)


def _packages(lock: Table) -> list[Table] | None:
    """Return the packages of a lock; None where one has anything that no lock has."""
    listed = lock.get("package")
    if not isinstance(listed, list):
        return None
    for table in listed:
        if not isinstance(table, dict) or not set(table) <= _LOCKED:
            return None
        needs = table.get("dependencies", [])
        if not isinstance(needs, list) or not all(isinstance(need, str) for need in needs):
            return None
    return listed


def _is_released(table: Table, lock: Table) -> bool:
    """Whether a package is a release of the index with a checksum; old locks list these apart."""
    apart = f"checksum {table.get('name')} {table.get('version')} ({_REGISTRY})"
    checksum = table.get("checksum", as_table(lock.get("metadata")).get(apart))
    is_digest = isinstance(checksum, str) and _CHECKSUM.fullmatch(checksum) is not None
    return table.get("source") == _REGISTRY and is_digest


def _are_needed(packages: list[Table], own: Table) -> bool:
    """Whether every package is reached from the crate's own, as the lock says it."""
    by_name: dict[str, list[Table]] = {}
    for table in packages:
        by_name.setdefault(str(table.get("name")), []).append(table)
    needed, found = [str(own.get("name"))], set()
    while needed:
        name = needed.pop()
        if name in by_name and name not in found:
            found.add(name)
            needed += [need for table in by_name[name] for need in _needs(table)]
    return found == set(by_name)


def _needs(table: Table) -> list[str]:
    return [need.split(" ")[0] for need in table.get("dependencies", [])]


def _dependency_names(manifest: Table) -> set[str]:
    """Return the names of the packages that a manifest depends on, renamed ones by their own."""
    tables = [manifest, *map(as_table, as_table(manifest.get("target")).values())]
    return {
        str(as_table(wanted).get("package", name))
        for table in tables
        for kind in _KINDS
        for name, wanted in as_table(table.get(kind)).items()
    }
