"""Where the commit says that its submodules come from, and where a clone keeps their objects.

``.gitmodules`` (gitmodules(5)) was written by whoever made the commit. A submodule's name in it is
also the name of a folder below ``.git/modules``, so a name that leads elsewhere is refused, as git
does since CVE-2018-11235.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tagseal.core.errors import GitError
from tagseal.git._layout import is_git_dir, parse_config

__all__ = ["GitModule", "module_folder", "parse_gitmodules"]

_LIMIT = 4 * 1024 * 1024
_SECTION = "submodule."


@dataclass(frozen=True, slots=True, kw_only=True)
class GitModule:
    """One submodule, as ``.gitmodules`` describes it."""

    name: str
    path: bytes
    url: str | None
    """As it is written there; it may be relative to the repository's own."""


def parse_gitmodules(content: bytes, program: Path) -> Mapping[bytes, GitModule]:
    """Return the submodules of a ``.gitmodules`` by their path; none where git cannot read it."""
    if len(content) > _LIMIT:
        return {}
    try:
        values = parse_config(content, program, where=".gitmodules")
    except GitError as error:
        if error.code != "git-repository-malformed":
            raise
        return {}
    found: dict[bytes, GitModule] = {}
    for key, path in values.items():
        if key.startswith(_SECTION) and key.endswith(".path"):
            name = key[len(_SECTION) : -len(".path")]
            url = values.get(f"{_SECTION}{name}.url")
            module = GitModule(
                name=name,
                path=os.fsencode(path),
                url=os.fsencode(url).decode("utf-8", "backslashreplace") if url else None,
            )
            found.setdefault(module.path, module)
    return found


def module_folder(git_dir: Path, name: str) -> Path | None:
    """Return the git folder that a clone has for a submodule's name, or None.

    Nothing but a folder inside of ``modules`` is ever returned, wherever symlinks lead.
    """
    components = name.replace("\\", "/").split("/")
    if "\0" in name or any(component in ("", ".", "..") for component in components):
        return None
    modules = git_dir.resolve() / "modules"
    folder = modules.joinpath(*components)
    try:
        return folder if folder.resolve() == folder and is_git_dir(folder) else None
    except (OSError, RuntimeError):
        return None  # too long a name, or symlinks without end
