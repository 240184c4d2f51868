"""What pyproject.toml says about the project and its build."""

import pytest

from tagseal.config import BuildSystem, build_system, project_name, project_version
from tagseal.core.errors import ConfigError


def test_name_and_version() -> None:
    assert project_name(b'[project]\nname = "a"') == "a"
    assert project_version(b'[project]\nversion = "1"') == "1"
    assert project_version(b'[project]\ndynamic = ["version"]') is None
    assert project_version(b"") is None
    with pytest.raises(ConfigError, match=r"project\.version: a string") as caught:
        project_version(b"[project]\nversion = 1")
    assert caught.value.code == "config-invalid"


def test_build_system() -> None:
    assert build_system(b"[project]") is None
    assert build_system(
        b'[build-system]\nrequires = ["a>=1"]\nbuild-backend = "b"\nbackend-path = [".", "x/y"]'
    ) == BuildSystem(requires=("a>=1",), backend="b", backend_path=(".", "x/y"))
    legacy = build_system(b"[build-system]\nrequires = []")
    assert legacy is not None
    assert legacy.backend == "setuptools.build_meta:__legacy__"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("build-system = 1", "build-system: a table"),
        ("[build-system]", "build-system.requires: this key must be there"),
        ("[build-system]\nrequires = 'a'", "build-system.requires: a list of strings"),
        ("[build-system]\nrequires = [1]", "build-system.requires: a list of strings"),
        ("[build-system]\nrequires = []\nbuild-backend = 1", "build-system.build-backend: a name"),
        ("[build-system]\nrequires = []\nbackend-path = ['../x']", "is no path of the tree"),
    ],
)
def test_a_build_system_that_breaks_the_specification(text: str, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build_system(text.encode())
    assert caught.value.code == "config-invalid"
    assert key in caught.value.message
    assert caught.value.where == "pyproject.toml"
