"""Reading refs as files, within limits, without asking git.

Git reads refs only from a repository whose configuration it obeys; the files are simple
(gitrepository-layout, "refs" and "packed-refs"; git-check-ref-format). A loose ref takes
precedence over a packed one, as in git.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import GitError
from tagseal.core.paths import display
from tagseal.git._files import read_small

__all__ = ["Refs", "is_ref_name"]

_LOOSE_LIMIT = 4096
_PACKED_LIMIT = 256 * 1024 * 1024
_MAX_REFS = 1_000_000
_MAX_DEPTH = 16
_MAX_SYMBOLIC = 5
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|\Z)")


def is_ref_name(name: str) -> bool:
    """Whether git would take this as the part of a ref after ``refs/tags/``.

    >>> is_ref_name("v1.0"), is_ref_name("../../HEAD"), is_ref_name("a b")
    (True, False, False)
    """
    return bool(
        name and not _FORBIDDEN.search(name) and name[0] not in "/." and name[-1] not in "/."
    )


class Refs:
    """The refs of one repository, read anew at every call."""

    def __init__(self, git_dir: Path, common_dir: Path, object_format: ObjectFormat) -> None:
        self._git_dir = git_dir
        self._common_dir = common_dir
        self._id = re.compile(rb"[0-9a-f]{%d}" % object_format.width)

    def get(self, ref: str) -> str | None:
        """Return the id that a ref holds, or None; a symbolic ref is refused."""
        found = self._loose(self._common_dir, ref)
        if found is None:
            found = self._packed().get(os.fsencode(ref))
        if found is None:
            return None
        return self._checked(found, ref)

    def head(self) -> str | None:
        """Return the id that HEAD leads to; None when its branch has no commit yet."""
        name = "HEAD"
        for _ in range(_MAX_SYMBOLIC):
            folder = self._git_dir if name == "HEAD" else self._common_dir
            content = self._loose(folder, name)
            if content is None and name != "HEAD":
                content = self._packed().get(os.fsencode(name))
            if content is None:
                return None
            if not content.startswith(b"ref:"):
                return self._checked(content, name)
            name = os.fsdecode(content[4:].strip())
            if not name.startswith("refs/") or not is_ref_name(name):
                break
        raise self._malformed("HEAD", "does not lead to a branch")

    def names(self, prefix: str) -> set[str]:
        """Return the names below a prefix such as ``refs/tags/``, without the prefix."""
        start = os.fsencode(prefix)
        packed = {os.fsdecode(ref[len(start) :]) for ref in self._packed() if ref.startswith(start)}
        for name in self._walk(self._common_dir / prefix.rstrip("/"), "", 0):
            packed.add(name)
            if len(packed) > _MAX_REFS:
                raise _too_many()
        return packed

    def _walk(self, folder: Path, prefix: str, depth: int) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            raise GitError("git-limit", f"refs lie more than {_MAX_DEPTH} folders deep")
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise GitError(
                "file-unreadable", f"cannot be read: {error.strerror}", where=display(str(folder))
            ) from error
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(folder / entry.name, name + "/", depth + 1)
            elif is_ref_name(name):
                yield name

    def _loose(self, base: Path, ref: str) -> bytes | None:
        folder = base
        for component in ref.split("/"):
            # A file system that ignores letter case must not turn the tag V1 into v1.
            try:
                if component not in os.listdir(folder):  # noqa: PTH208 - names, not paths
                    return None
            except (FileNotFoundError, NotADirectoryError):
                return None
            except OSError as error:
                raise GitError(
                    "file-unreadable",
                    f"cannot be read: {error.strerror}",
                    where=display(str(folder)),
                ) from error
            folder = folder / component
        content = read_small(folder, _LOOSE_LIMIT)
        return None if content is None else content.rstrip()

    def _packed(self) -> dict[bytes, bytes]:
        """Return ref to id of the packed-refs file."""
        content = read_small(self._common_dir / "packed-refs", _PACKED_LIMIT)
        refs: dict[bytes, bytes] = {}
        for line in (content or b"").split(b"\n"):
            if line[:1] in (b"", b"#", b"^"):
                continue
            target, _, ref = line.partition(b" ")
            if not ref or not self._id.fullmatch(target):
                raise self._malformed("packed-refs", "has a line that is no ref")
            if refs.setdefault(ref, target) != target:
                raise self._malformed("packed-refs", f"has {display(ref)} twice")
            if len(refs) > _MAX_REFS:
                raise _too_many()
        return refs

    def _checked(self, content: bytes, ref: str) -> str:
        if not self._id.fullmatch(content):
            raise self._malformed(ref, "does not hold the id of an object")
        return content.decode()

    def _malformed(self, ref: str, problem: str) -> GitError:
        return GitError(
            "git-repository-malformed",
            f"{display(ref)} {problem}",
            where=display(str(self._common_dir)),
        )


def _too_many() -> GitError:
    return GitError("git-limit", f"the repository has more than {_MAX_REFS} refs")
