"""What a backend left: exactly one archive whose name can be believed."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    canonicalize_version,
    parse_sdist_filename,
    parse_wheel_filename,
)

from tagseal.core.errors import BuildError
from tagseal.core.paths import check_path, display

__all__ = ["Distribution", "Kind", "check_result", "expected_sdist"]

Kind = Literal["sdist", "wheel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A file that a backend made; ``version`` is the one in its name, in PEP 440's normal form."""

    path: Path
    version: str


def check_result(kind: Kind, folder: Path, returned: str, *, name: str | None) -> Distribution:
    """Check what is in the folder that a hook was given against the path that it returned.

    ``name`` is the project's static name, where it has one. Names are as the specifications
    "Source distribution file name" and "Binary distribution format" of packaging.python.org have
    them, older spellings of the project's name included. BuildError ``build-result-invalid``.
    """
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    if [str(path) for path in found] != [returned]:
        left = ", ".join(f'"{display(path.name)}"' for path in found[:5]) or "nothing"
        said = display(os.path.relpath(returned, folder)[:200])
        raise _invalid(f'the backend said that it made "{said}", and left {left}')
    [path] = found
    shown = f'"{display(path.name)}"'
    if not stat.S_ISREG(path.lstat().st_mode):
        raise _invalid(f"{shown} is not a regular file")
    if problem := check_path(os.fsencode(path.name)):
        raise _invalid(f"the {kind} has a name that is refused: {problem}")
    found_name, version = _parsed(kind, path.name)
    if name is not None and canonicalize_name(name) != found_name:
        raise _invalid(f'{shown} is named for another project than "{display(name)}"')
    return Distribution(path=path, version=version)


def expected_sdist(name: str, version: str) -> str:
    """Return the file name that PEP 625 gives an sdist, to see early whether it is taken.

    >>> expected_sdist("My.Project", "1.0-rc1")
    'my_project-1.0rc1.tar.gz'
    """
    normal = canonicalize_version(version, strip_trailing_zero=False)
    return f"{canonicalize_name(name).replace('-', '_')}-{normal}.tar.gz"


def _parsed(kind: Kind, file_name: str) -> tuple[str, str]:
    try:
        if kind == "wheel":
            name, version, _, _ = parse_wheel_filename(file_name)
        elif not file_name.endswith(".tar.gz"):
            raise InvalidSdistFilename("it does not end in .tar.gz")
        else:
            name, version = parse_sdist_filename(file_name)
    except (InvalidSdistFilename, InvalidWheelFilename) as error:
        message = f'"{display(file_name)}" is not the file name of a {kind}'
        raise _invalid(f"{message}: {display(str(error))}") from error
    return name, str(version)


def _invalid(message: str) -> BuildError:
    return BuildError("build-result-invalid", message)
