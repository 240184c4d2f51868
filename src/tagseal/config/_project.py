"""What pyproject.toml says about the project and its build, whoever asks.

Every function takes the file's bytes and raises `tagseal.core.errors.ConfigError` when they are not
TOML; a table or key that is absent or of the wrong type is a ConfigError only where the caller
could not go on with it.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from tagseal.core.errors import ConfigError
from tagseal.core.paths import check_path, display
from tagseal.core.tomltext import MOST_BYTES, parse

__all__ = [
    "PYPROJECT",
    "BuildSystem",
    "build_system",
    "project_name",
    "project_version",
    "read_toml",
]

PYPROJECT = "pyproject.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSystem:
    """The ``[build-system]`` table (PEP 517, PEP 518), its defaults filled in."""

    requires: tuple[str, ...]
    backend: str
    backend_path: tuple[str, ...]


def read_toml(content: bytes, file: str) -> dict[str, object]:
    """Return the tables of a TOML file; ConfigError, naming the file, when it cannot be read.

    What is returned belongs to everybody who asks for the same bytes: nobody writes to it.
    """
    if len(content) > MOST_BYTES:
        message = f"the file is larger than {MOST_BYTES} bytes"
        raise ConfigError("config-invalid", message, where=file)
    try:
        return _tables(content)
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start})"
    except ValueError as error:
        message = f"the file is not TOML: {display(str(error))}"
    raise ConfigError("config-invalid", message, where=file)


@functools.lru_cache(maxsize=4)
def _tables(content: bytes) -> dict[str, object]:
    # One comparison asks for the same pyproject.toml nine times.
    return parse(content)


def project_name(pyproject: bytes) -> str | None:
    """Return ``project.name``, or None where there is none."""
    return _project_text(pyproject, "name")


def project_version(pyproject: bytes) -> str | None:
    """Return the static ``project.version``, or None where it is dynamic or absent."""
    return _project_text(pyproject, "version")


def _project_text(pyproject: bytes, key: str) -> str | None:
    project = read_toml(pyproject, PYPROJECT).get("project")
    if not isinstance(project, Mapping) or key not in project:
        return None
    value = project[key]
    if not isinstance(value, str):
        raise _wrong(f"project.{key}: a string must stand here")
    return value


def build_system(pyproject: bytes) -> BuildSystem | None:
    """Return how the project is built, or None where the file has no ``[build-system]`` table.

    PEP 517: without ``build-backend`` the backend is setuptools' legacy one. ConfigError for a
    table that breaks PEP 517 or 518.
    """
    tables = read_toml(pyproject, PYPROJECT)
    if "build-system" not in tables:
        return None
    table = tables["build-system"]
    if not isinstance(table, Mapping):
        raise _wrong("build-system: a table must stand here")
    if "requires" not in table:
        raise _wrong("build-system.requires: this key must be there (PEP 518)")
    backend = table.get("build-backend", "setuptools.build_meta:__legacy__")
    if not isinstance(backend, str) or not backend:
        raise _wrong("build-system.build-backend: a name must stand here")
    path = _texts(table.get("backend-path", []), "backend-path")
    for folder in path:
        if folder != "." and check_path(folder.encode("utf-8", "surrogatepass")):
            raise _wrong(f'build-system.backend-path: "{display(folder)}" is no path of the tree')
    return BuildSystem(
        requires=_texts(table["requires"], "requires"), backend=backend, backend_path=path
    )


def _texts(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(f"build-system.{key}: a list of strings must stand here")
    return tuple(value)


def _wrong(message: str) -> ConfigError:
    return ConfigError("config-invalid", message, where=PYPROJECT)
