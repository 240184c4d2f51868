"""The repository as the rest of tagseal sees it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tagseal.core.digests import ObjectFormat, ObjectType
from tagseal.core.errors import GitError
from tagseal.core.gitobjects import Commit
from tagseal.core.listing import TreeListing
from tagseal.core.paths import display
from tagseal.git._catfile import ObjectStore
from tagseal.git._door import Door, find_git
from tagseal.git._layout import Layout, find_layout, layout_of
from tagseal.git._refs import Refs
from tagseal.git._submodules import GitModule, module_folder, parse_gitmodules
from tagseal.git._tags import ResolvedTag, read_commit, resolve
from tagseal.git._trees import read_listing

__all__ = ["MAX_BLOB_BYTES", "Repository"]

MAX_BLOB_BYTES = 1024 * 1024 * 1024
"""The largest blob that is read unless the caller says otherwise."""

_WALK_SECONDS = 1800.0


class Repository:
    """A git repository, read without running anything of it and without writing to it.

    Open it with `open` and close it, or use it as a context manager. Not for several threads.
    """

    def __init__(self, layout: Layout, door: Door) -> None:
        self._layout = layout
        self._door = door
        self._store = ObjectStore(door, layout.object_format)
        self._refs = Refs(layout.git_dir, layout.common_dir, layout.object_format)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the repository at or above a path: a work tree, a bare repository or a ``.git``.

        GitError ``git-not-found``, ``git-not-a-repository``, ``git-unsupported``,
        ``git-repository-malformed``.
        """
        program = find_git()
        layout = find_layout(path, program)
        return cls(layout, Door(program, layout.objects, layout.object_format))

    def pause(self) -> None:
        """End git's processes; they start again when the repository is asked something."""
        self._store.close()

    def close(self) -> None:
        """End git's processes and remove the door's folder."""
        self._store.close()
        self._door.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def object_format(self) -> ObjectFormat:
        """The hash that the repository names its objects by."""
        return self._layout.object_format

    @property
    def shallow(self) -> bool:
        """Whether the repository is a shallow clone: some commits' parents are left out."""
        return self._layout.shallow

    @property
    def partial(self) -> bool:
        """Whether the repository is a partial clone: some objects are left at the remote."""
        return self._layout.partial

    @property
    def remote_url(self) -> str | None:
        """The URL of ``origin``, without credentials; None when there is none that is public."""
        return self._layout.remote_url

    @property
    def common_dir(self) -> Path:
        """The repository's git folder, the main one where it has several work trees."""
        return self._layout.common_dir

    @property
    def door(self) -> Door:
        """The door through which git runs on this repository; for this package only."""
        return self._door

    def tags(self) -> tuple[str, ...]:
        """Return the names of all tags, sorted."""
        return tuple(sorted(self._refs.names("refs/tags/")))

    def head(self) -> str:
        """Return the id of the commit that HEAD leads to; GitError ``git-head-unknown``."""
        found = self._refs.head()
        if found is None:
            raise GitError(
                "git-head-unknown",
                "HEAD leads to a branch that has no commit",
                where=display(str(self._layout.git_dir)),
            )
        return found

    def resolve_tag(self, tag: str, *, expected_commit: str | None = None) -> ResolvedTag:
        """Resolve ``refs/tags/TAG`` to its commit; the refs are read anew every time.

        GitError ``git-tag-unknown``; ``git-tag-is-branch-too`` when a branch, of the repository or
        of a remote that it knows, has the name too; ``git-tag-name-differs`` when the tag object
        calls itself otherwise; ``git-tag-not-a-commit`` for a tag of a tree or blob and for an
        endless chain of tags; ``git-object-malformed``; and, with ``expected_commit``,
        ``git-tag-moved`` when the tag leads elsewhere or is gone.
        """
        with self.explained():
            return resolve(
                self._store,
                self._refs,
                tag,
                self.object_format,
                shallow=self.shallow,
                expected_commit=expected_commit,
            )

    def commit(self, commit_id: str) -> tuple[bytes, Commit]:
        """Return the payload of a commit object and what it says.

        GitError ``git-object-missing``, ``git-object-malformed``, ``git-object-corrupt``.
        """
        with self.explained():
            return read_commit(self._store, commit_id, self.object_format)

    def read_tree(self, commit_or_tree: str) -> TreeListing:
        """Return the listing of a tree or of a commit's tree, from raw tree objects.

        GitError ``git-tree-malformed``, ``git-limit``, ``git-object-missing``,
        ``git-object-malformed`` for an id that is neither a tree's nor a commit's.
        """
        with self.explained():
            tree = commit_or_tree
            if self._store.kind(tree) == "commit":
                tree = read_commit(self._store, tree, self.object_format)[1].tree
            return read_listing(self._store, tree, self.object_format)

    def read_object(self, object_id: str, kind: ObjectType, *, limit: int) -> bytes:
        """Return the payload of an object of at most ``limit`` bytes, checked against its id."""
        with self.explained():
            [(_, payload)] = self._store.read([object_id], kind, limit)
            return payload

    def blob(self, blob_id: str, *, limit: int = MAX_BLOB_BYTES) -> bytes:
        """Return the bytes of a blob, checked against its id."""
        return self.read_object(blob_id, "blob", limit=limit)

    def blobs(
        self, ids: Iterable[str], *, limit: int = MAX_BLOB_BYTES
    ) -> Iterator[tuple[str, bytes]]:
        """Yield id and bytes of each blob in the order given, one in memory at a time.

        The repository may be asked other things meanwhile.
        """
        store = ObjectStore(self._door, self.object_format)
        try:
            with self.explained():
                yield from store.read(ids, "blob", limit)
        finally:
            store.close()

    def blob_at_hand(self, blob_id: str, *, limit: int = MAX_BLOB_BYTES) -> bytes | None:
        """Return the bytes of a blob, or None where the clone lacks it or it is too large."""
        try:
            return self.blob(blob_id, limit=limit)
        except GitError as error:
            if error.code in ("git-object-missing", "git-limit"):
                return None
            raise

    def has(self, object_id: str) -> bool:
        """Return whether an object is in the clone."""
        try:
            self._store.kind(object_id)
        except GitError as error:
            if error.code == "git-object-missing":
                return False
            raise
        return True

    def submodules(self, gitmodules: bytes) -> Mapping[bytes, GitModule]:
        """Return by path the submodules that the bytes of a ``.gitmodules`` describe."""
        return parse_gitmodules(gitmodules, self._door.program)

    def open_submodule(self, name: str) -> Self | None:
        """Open what this clone has of a submodule, by the name that ``.gitmodules`` gives it.

        None where it has nothing. The name may be anybody's: it never leads out of this clone's own
        folder of submodules. GitError as `open`.
        """
        for git_dir in dict.fromkeys((self._layout.common_dir, self._layout.git_dir)):
            folder = module_folder(git_dir, name)
            if folder is not None:
                program = self._door.program
                layout = layout_of(folder, program)
                return type(self)(layout, Door(program, layout.objects, layout.object_format))
        return None

    def require_complete(self, commit_id: str) -> None:
        """Check that a commit and all its ancestors are here.

        GitError ``git-shallow`` when the clone's depth is why one is not, else
        ``git-object-missing``.
        """
        self.commit(commit_id)
        try:
            self._door.run("rev-list", "--count", commit_id, timeout=_WALK_SECONDS)
        except GitError as error:
            if error.code != "git-failed":
                raise
            if self.shallow:
                raise GitError(
                    "git-shallow", f"the history of {commit_id} is not all in this shallow clone"
                ) from error
            raise GitError("git-object-missing", error.message) from error

    def explained(self) -> "_Explained":
        """Return a context that adds to a missing object why it is; for this package only."""
        return _Explained(shallow=self.shallow, partial=self.partial)


class _Explained:
    """Adds to a missing object why it may be missing."""

    def __init__(self, *, shallow: bool, partial: bool) -> None:
        self._shallow = shallow
        self._partial = partial

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: object, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, GitError) or error.code != "git-object-missing":
            return
        if self._partial:
            error.hint = (
                "The repository is a partial clone, and tagseal never fetches by itself; run git "
                "fetch --refetch --filter=blob:limit=1t, or use a full clone."
            )
        elif self._shallow:
            error.hint = "The repository is a shallow clone: run git fetch --unshallow --tags."
