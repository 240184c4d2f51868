"""Texts of known helpers that are at hand, to show an unknown one against the nearest of them.

Nothing is fetched, and nothing ships with tagseal but ids. The texts come from the tools that are
installed on this machine, and from folders and git repositories that the user names, such as clones
of gnulib and gettext. A text counts as known only when the table has its blob id under its name, so
that a changed file in a folder is never what another one is held against.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tagseal.contents.helpers import (
    MAX_TEXT_BYTES,
    KnownHelper,
    KnownHelpers,
    KnownText,
    nearest,
)
from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.errors import GitError
from tagseal.core.paths import display
from tagseal.git import Repository

__all__ = ["known_texts", "nearest_known"]

_SHARED = Path("/usr/share")
_INSTALLED = (
    "aclocal",
    "aclocal-*",
    "autoconf*/build-aux",
    "automake-*",
    "gettext",
    "gettext/m4",
    "gettext/po",
    "gnulib/build-aux",
    "gnulib/m4",
    "libtool",
    "libtool/build-aux",
    "misc",
)


def nearest_known(
    name: bytes,
    content: bytes,
    *,
    folders: Sequence[Path] = (),
    installed: Path = _SHARED,
    helpers: KnownHelpers | None = None,
) -> tuple[str, bytes] | None:
    """Return what the nearest known text of a base name is, and its bytes.

    It is looked for among the installed tools and in ``folders``; None when none of the name is at
    hand. ``helpers`` is the table, that which tagseal ships unless another is given. GitError when
    a repository that the user named cannot be read.
    """
    table = KnownHelpers.load() if helpers is None else helpers
    texts = known_texts(name, table, folders=folders, installed=installed)
    found = nearest(name, content, texts)
    if found is None:
        return None
    helper = found.helper
    return f"{display(name)} of {helper.tool} {helper.version}", found.data


def known_texts(
    name: bytes, helpers: KnownHelpers, *, folders: Sequence[Path] = (), installed: Path = _SHARED
) -> Iterator[KnownText]:
    """Yield each text of a base name that is at hand and that the table knows, once.

    A folder that is a git repository is asked for the table's blob ids, newest first; any other is
    walked. GitError when a repository cannot be read.
    """
    versions = helpers.versions_of(name)
    if not versions:
        return
    seen: set[str] = set()
    wanted = {helper.blob: helper for helper in versions}
    for path in (*_installed(name, installed), *_in_folders(name, folders)):
        text = _read(path, wanted)
        if text is not None and text.helper.blob not in seen:
            seen.add(text.helper.blob)
            yield text
    for folder in folders:
        missing = [helper for helper in reversed(versions) if helper.blob not in seen]
        for text in _in_repository(folder, missing):
            seen.add(text.helper.blob)
            yield text


def _installed(name: bytes, shared: Path) -> Iterator[Path]:
    base = name.decode("utf-8", "surrogateescape")
    for pattern in _INSTALLED:
        for folder in sorted(shared.glob(pattern)):
            yield folder / base


def _in_folders(name: bytes, folders: Sequence[Path]) -> Iterator[Path]:
    base = name.decode("utf-8", "surrogateescape")
    for folder in folders:
        for path in folder.rglob("*"):
            if path.name == base:
                yield path


def _read(path: Path, wanted: dict[str, KnownHelper]) -> KnownText | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_TEXT_BYTES:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    helper = wanted.get(object_id("blob", data, ObjectFormat.SHA1))
    return KnownText(helper=helper, data=data) if helper is not None else None


def _in_repository(folder: Path, missing: Iterable[KnownHelper]) -> Iterator[KnownText]:
    try:
        repository = Repository.open(folder)
    except GitError as error:
        if error.code == "git-not-a-repository":
            return
        raise
    with repository:
        if repository.object_format is not ObjectFormat.SHA1:
            return
        for helper in missing:
            try:
                data = repository.blob(helper.blob, limit=MAX_TEXT_BYTES)
            except GitError as error:
                if error.code != "git-object-missing":
                    raise
            else:
                yield KnownText(helper=helper, data=data)
