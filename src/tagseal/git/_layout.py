"""Where a repository keeps its things, and the few settings of its own that matter for reading.

The layout is git's (gitrepository-layout, git-worktree, "extensions" in git's
repository-version.txt). The configuration is read as bytes and handed to ``git config --file -``
with includes off: it is parsed as git does and never obeyed.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import GitError
from tagseal.core.paths import display
from tagseal.git._door import environment, run_git, shown_stderr
from tagseal.git._files import read_small

__all__ = ["Layout", "find_layout", "is_git_dir", "layout_of", "parse_config", "public_url"]

_POINTER_LIMIT = 16 * 1024
_CONFIG_LIMIT = 4 * 1024 * 1024
_SHALLOW_LIMIT = 64 * 1024 * 1024

# Extensions that change nothing for somebody who reads objects and refs, or that are handled here.
_KNOWN_EXTENSIONS = frozenset(
    f"extensions.{name}"
    for name in (
        "compatobjectformat",
        "noop",
        "noop-v1",
        "objectformat",
        "partialclone",
        "preciousobjects",
        "refstorage",
        "relativeworktrees",
        "submodulepathconfig",
        "worktreeconfig",
    )
)
_PUBLIC_SCHEMES = ("https", "http", "ssh", "git")
_SCP_LIKE = re.compile(r"(?:[^@/:\s]+@)?([A-Za-z0-9][A-Za-z0-9.-]+):(?!/)([!-?A-~]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The folders of one repository and what its configuration says about reading it."""

    git_dir: Path
    """The folder with this worktree's HEAD."""
    common_dir: Path
    """The folder with refs, packed-refs and objects, which worktrees share."""
    object_format: ObjectFormat
    shallow: bool
    partial: bool
    remote_url: str | None
    """The URL of ``origin`` without credentials; None when there is none that is public."""

    @property
    def objects(self) -> Path:
        """The folder of objects."""
        return self.common_dir / "objects"


def find_layout(path: Path, program: Path) -> Layout:
    """Return the layout of the repository at or above a path.

    GitError ``git-not-a-repository``, ``git-unsupported``, ``git-repository-malformed``.
    """
    return layout_of(_find_git_dir(path), program)


def layout_of(git_dir: Path, program: Path) -> Layout:
    """Return the layout of a repository whose git folder is known.

    GitError ``git-unsupported``, ``git-repository-malformed``.
    """
    pointer = read_small(git_dir / "commondir", _POINTER_LIMIT)
    common_dir = git_dir if pointer is None else _followed(git_dir, pointer.strip(b"\r\n"))
    config = _config(common_dir / "config", program)
    object_format = _object_format(config, common_dir)
    promised = any(
        re.fullmatch(r"remote\..*\.promisor", key, re.DOTALL) and value.lower() != "false"
        for key, value in config.items()
    )
    return Layout(
        git_dir=git_dir,
        common_dir=common_dir,
        object_format=object_format,
        shallow=bool(read_small(common_dir / "shallow", _SHALLOW_LIMIT)),
        partial=promised or "extensions.partialclone" in config,
        remote_url=public_url(config.get("remote.origin.url", "")),
    )


def public_url(url: str) -> str | None:
    """Return a remote's URL without user, password, query and fragment.

    The short form ``user@host:path`` becomes ``ssh://host/path``. None for what names a place on
    this machine, and for what is no URL.

    >>> public_url("https://me:secret@example.org/a/b.git")
    'https://example.org/a/b.git'
    >>> public_url("git@example.org:a/b.git")
    'ssh://example.org/a/b.git'
    >>> public_url("/home/me/project") is None
    True
    """
    if "://" not in url:
        match = _SCP_LIKE.fullmatch(url)
        return f"ssh://{match[1]}/{match[2]}" if match else None
    if not re.fullmatch(r"[!-~]+", url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PUBLIC_SCHEMES or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{port}' if port is not None else ''}{parts.path}"


def _find_git_dir(path: Path) -> Path:
    try:
        start = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise _not_a_repository(path) from error
    if start.is_file():
        start = _pointed_to(start) if start.name == ".git" else start.parent
    for folder in (start, *start.parents):
        if is_git_dir(folder):
            return folder
        inner = folder / ".git"
        if inner.is_file():
            return _pointed_to(inner)
        if is_git_dir(inner):
            return inner.resolve()
    raise _not_a_repository(path)


def is_git_dir(folder: Path) -> bool:
    """Return whether a folder is a repository's git folder, or a worktree's."""
    if not (folder / "HEAD").is_file() and not (folder / "HEAD").is_symlink():
        return False
    shared = (folder / "commondir").is_file()
    return shared or ((folder / "objects").is_dir() and (folder / "refs").is_dir())


def _pointed_to(file: Path) -> Path:
    """Return the git folder that a ``.git`` file names (gitrepository-layout, "gitfile")."""
    content = read_small(file.resolve(), _POINTER_LIMIT) or b""
    if not content.startswith(b"gitdir: "):
        raise GitError(
            "git-repository-malformed",
            "this file does not name a git folder",
            where=display(str(file)),
        )
    target = _followed(file.parent, content[len(b"gitdir: ") :].rstrip(b"\r\n"))
    if not is_git_dir(target):
        raise GitError(
            "git-not-a-repository",
            f"the git folder that it names is not there: {display(str(target))}",
            where=display(str(file)),
            hint="The repository that this worktree belongs to was moved; git worktree repair "
            "mends that.",
        )
    return target


def _followed(base: Path, pointer: bytes) -> Path:
    if not pointer or b"\0" in pointer:
        raise GitError(
            "git-repository-malformed", "a pointer names no folder", where=display(str(base))
        )
    return (base / os.fsdecode(pointer)).resolve()


def _not_a_repository(path: Path) -> GitError:
    return GitError(
        "git-not-a-repository",
        f"{display(str(path))} is not a git repository, and no folder above it is",
    )


def _config(path: Path, program: Path) -> Mapping[str, str]:
    content = read_small(path, _CONFIG_LIMIT)
    return {} if content is None else parse_config(content, program, where=display(str(path)))


def parse_config(content: bytes, program: Path, *, where: str) -> Mapping[str, str]:
    """Return the first value of every key of a configuration file, as git reads it.

    Includes are not followed. Bytes that are not UTF-8 are surrogate-escaped. GitError
    ``git-repository-malformed``.
    """
    nowhere = Path("/nonexistent")
    done = run_git(
        [str(program), "config", "--file", "-", "--no-includes", "--null", "--list"],
        environment=environment(program, home=nowhere) | {"GIT_DIR": str(nowhere)},
        cwd=Path("/"),
        stdin=content,
    )
    if done.returncode:
        raise GitError(
            "git-repository-malformed",
            f"git cannot read the configuration: {shown_stderr(done.stderr)}",
            where=where,
        )
    values: dict[str, str] = {}
    for item in os.fsdecode(done.stdout).split("\0"):
        key, _, value = item.partition("\n")
        values.setdefault(key, value)
    return values


def _object_format(config: Mapping[str, str], common_dir: Path) -> ObjectFormat:
    where = display(str(common_dir))
    version = config.get("core.repositoryformatversion", "0")
    if version not in ("0", "1"):
        raise GitError(
            "git-unsupported", f"the repository's format is version {display(version)}", where=where
        )
    storage = config.get("extensions.refstorage", "files").lower()
    if storage != "files" or (common_dir / "reftable").is_dir():
        raise GitError(
            "git-unsupported",
            "the repository keeps its refs as a reftable",
            where=where,
            hint="Run git refs migrate --ref-format=files in it, or clone it with "
            "--ref-format=files.",
        )
    unknown = {key for key in config if key.startswith("extensions.")} - _KNOWN_EXTENSIONS
    if version == "1" and unknown:
        names = ", ".join(sorted(display(key) for key in unknown))
        raise GitError("git-unsupported", f"the repository uses {names}", where=where)
    name = config.get("extensions.objectformat", "sha1")
    try:
        object_format = ObjectFormat(name.lower())
    except ValueError:
        raise GitError(
            "git-unsupported", f'the repository uses the hash "{display(name)}"', where=where
        ) from None
    if version == "0" and object_format is not ObjectFormat.SHA1:
        raise GitError(
            "git-repository-malformed",
            "the repository names a hash that its format version does not allow",
            where=where,
        )
    return object_format
