"""What the configuration says about the project: ``[project]`` of the proven pyproject.toml."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name, canonicalize_version
from packaging.version import InvalidVersion, Version
from pyproject_metadata import ConfigurationError, StandardMetadata

from tagseal.config import read_toml
from tagseal.contents.metadata._model import MetadataInputs, shown
from tagseal.core.errors import ConfigError

__all__ = ["Project", "read_project"]

# What pyproject-metadata would read from a disk. The core has none; `_core` compares these itself.
_ON_DISK = ("license", "license-files", "readme")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The ``[project]`` table, checked, with the version that the tag holds.

    ``table`` is the raw table; ``standard`` is what pyproject-metadata makes of it, without readme
    and licences. ``package_folders`` are the folders that setuptools is told to find packages in,
    and ``module`` is the one module that flit builds: ``tool.flit.module.name``, else the name.
    """

    name: str
    version: Version
    table: Mapping[str, Any]
    standard: StandardMetadata
    dynamic: frozenset[str]
    package_folders: tuple[str, ...]
    module: str

    def is_folder(self, folder: bytes, suffix: bytes) -> bool:
        """Return whether a folder's name is this project's name and version and the suffix."""
        stem = folder.removesuffix(suffix).decode("utf-8", "replace")
        name, _, version = stem.rpartition("-")
        return canonicalize_name(name) == canonicalize_name(self.name) and self.is_version(version)

    def is_version(self, text: str) -> bool:
        """Return whether a text is the tag's version, in whatever spelling (PEP 440)."""
        try:
            found = Version(text.replace("_", "-"))
        except InvalidVersion:
            return False
        return canonicalize_version(found) == canonicalize_version(self.version)


def read_project(inputs: MetadataInputs) -> Project:
    """Return what the configuration says; ValueError, with a sentence, when it does not say enough.

    Source: PyPA specifications, "pyproject.toml".
    """
    try:
        version = Version(inputs.version)
    except InvalidVersion as error:
        raise ValueError(
            f"the tag's version {shown(inputs.version)} is no Python version"
        ) from error
    try:
        tables = read_toml(inputs.pyproject, "pyproject.toml")
    except ConfigError as error:
        raise ValueError(f"pyproject.toml cannot be read: {error.message}") from error
    table = tables.get("project")
    if not isinstance(table, dict):
        raise ValueError("pyproject.toml has no [project] table, so nothing can be recomputed")
    standard = _standard(table)
    dynamic = frozenset(map(str, standard.dynamic))
    if both := sorted(dynamic & table.keys()):
        raise ValueError(f"the [project] table has {shown(both[0])} and declares it dynamic")
    static = standard.version
    if static is not None and static != version:
        raise ValueError(
            f"the configuration's version {shown(str(static))} is not the tag's "
            f"{shown(str(version))}"
        )
    folders = _tool(tables, "setuptools").get("package-dir")
    module = _tool(tables, "flit").get("module")
    module = module.get("name") if isinstance(module, dict) else None
    return Project(
        name=standard.name,
        version=version,
        table=table,
        standard=standard,
        dynamic=dynamic,
        package_folders=tuple(map(str, folders.values())) if isinstance(folders, dict) else (),
        module=module if isinstance(module, str) else standard.name.replace("-", "_"),
    )


def _tool(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    tool = tables.get("tool")
    table = tool.get(name) if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else {}


def _standard(table: Mapping[str, Any]) -> StandardMetadata:
    reduced = {key: value for key, value in table.items() if key not in _ON_DISK}
    try:
        with warnings.catch_warnings():
            # Its warnings are advice to the project; here only what it computes matters.
            warnings.simplefilter("ignore")
            return StandardMetadata.from_pyproject({"project": reduced}, allow_extra_keys=True)
    except (ConfigurationError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"the [project] table is refused: {shown(str(error))}") from error
