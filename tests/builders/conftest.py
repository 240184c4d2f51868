"""Small projects, tagged, as the input of builds."""

import base64
import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support_git import Sandbox
from tagseal.builders import BuildInputs, BuiltArchive, build_archives
from tagseal.config import ArchiveConfig
from tagseal.git import Repository

# They belong to the projects that are built, not to the tests.
collect_ignore = ["packages"]

PACKAGES = Path(__file__).parent / "packages"
WHEN = datetime(2024, 2, 3, tzinfo=UTC)

BACKEND = """
import pathlib

def get_requires_for_build_wheel(config_settings=None):
    wanted = pathlib.Path("wanted")
    return wanted.read_text().split() if wanted.exists() else []

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    pathlib.Path(wheel_directory, "demo-1.0-py3-none-any.whl").write_bytes(b"a wheel")
    return "demo-1.0-py3-none-any.whl"
"""

Prepare = Callable[..., BuildInputs]


@pytest.fixture
def prepare(tmp_path: Path) -> Iterator[Prepare]:
    """Return a function that commits a package of the folder, with files replaced, and tags it."""
    with ExitStack() as stack:

        def prepared(
            package: str, files: Mapping[str, str | bytes] | None = None, *, version: str = "1.0"
        ) -> BuildInputs:
            sandbox = Sandbox(tmp_path / "repository")
            shutil.copytree(PACKAGES / package, sandbox.folder, dirs_exist_ok=True)
            for path, content in (files or {}).items():
                data = content.encode() if isinstance(content, str) else content
                sandbox.write(path, data)
            sandbox.commit()
            sandbox.git("tag", "-a", "-m", "release", f"v{version}")
            repository = stack.enter_context(Repository.open(sandbox.folder))
            tag = repository.resolve_tag(f"v{version}")
            return BuildInputs(
                repository=repository,
                tag=tag,
                tree=repository.read_tree(tag.commit),
                name="demo",
                version=version,
            )

        yield prepared


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., tuple[BuiltArchive, ...]]:
    """Return `build_archives` into the folder ``out``, with a clock that stands still."""

    def made(
        config: ArchiveConfig,
        inputs: BuildInputs,
        *,
        step_seconds: float = 120,
        said: list[str] | None = None,
    ) -> tuple[BuiltArchive, ...]:
        return build_archives(
            config,
            inputs,
            tmp_path / "out",
            progress=(said if said is not None else []).append,
            clock=lambda: WHEN,
            step_seconds=step_seconds,
        )

    return made


def write_wheel(folder: Path, name: str, files: Mapping[str, str]) -> Path:
    """Write a wheel of pure Python, version 1.0."""
    info = f"{name}-1.0.dist-info"
    content = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
        record += f"{path},sha256={digest.decode().rstrip('=')},{len(text.encode())}\n"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        for path, text in (content | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            file.writestr(path, text)
    return wheel


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Make pip take packages from a folder only; return the sha256 of each package there."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    backend = write_wheel(folder, "tinybackend", {"tinybackend.py": BACKEND})
    extra = write_wheel(folder, "extra", {"extra.py": ""})
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in (("tinybackend", backend), ("extra", extra))
    }
