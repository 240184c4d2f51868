"""The submodules of a tagged commit: where their objects are at hand, and where they come from."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tagseal.contents import Submodule
from tagseal.core.errors import GitError
from tagseal.core.listing import TreeListing
from tagseal.core.paths import display
from tagseal.git import GitModule, Repository

__all__ = ["Submodules", "open_submodules"]

_GITMODULES = b".gitmodules"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A tree with submodules, and the repository that has its objects."""

    repository: Repository
    tree: TreeListing
    modules: Mapping[bytes, GitModule]


class Submodules:
    """Opens the submodules of a commit as they are asked for; made by `open_submodules`."""

    def __init__(
        self,
        repository: Repository,
        tree: TreeListing,
        elsewhere: Mapping[str, bytes],
        given: Mapping[bytes, Path],
        opened: ExitStack,
    ) -> None:
        self._elsewhere = elsewhere
        self._given = given
        self._stack = opened
        self._opened = {b"": self._described(repository, tree)}

    def __call__(self, path: bytes, commit_id: str) -> Submodule | None:
        """Return a submodule at its pinned commit, or None where that is not at hand.

        ``path`` is from the root. That of a submodule inside another is asked for after the other.
        GitError where a repository that the user names cannot be opened.
        """
        parent, module = self._module(path)
        repository = self._repository(path, parent.repository, module)
        if repository is None or repository.object_format is not parent.tree.object_format:
            return None
        try:
            commit, parsed = repository.commit(commit_id)
            tree = repository.read_tree(parsed.tree)
        except GitError as error:
            if error.code == "git-object-missing":
                return None
            raise
        self._opened[path] = self._described(repository, tree)
        repository.pause()  # there may be hundreds of them
        url = module.url if module is not None else None
        return Submodule(
            commit=commit,
            tree=tree,
            repository=url or repository.remote_url or "",
            blob=self._blobs(repository),
        )

    def origin(self, path: bytes) -> str | None:
        """Return where ``.gitmodules`` says that a submodule comes from, for display."""
        _, module = self._module(path)
        return display(module.url) if module is not None and module.url else None

    def _module(self, path: bytes) -> tuple[_Opened, GitModule | None]:
        end = len(path)
        while (end := path.rfind(b"/", 0, end)) != -1:
            if path[:end] in self._opened:
                opened = self._opened[path[:end]]
                return opened, opened.modules.get(path[end + 1 :])
        opened = self._opened[b""]
        return opened, opened.modules.get(path)

    def _repository(
        self, path: bytes, parent: Repository, module: GitModule | None
    ) -> Repository | None:
        if path in self._given:
            return self._stack.enter_context(Repository.open(self._given[path]))
        if module is None:
            return None
        try:
            found = parent.open_submodule(module.name)
        except GitError:
            return None  # what lies there is none of ours, and no reason to stop
        return self._stack.enter_context(found) if found is not None else None

    def _described(self, repository: Repository, tree: TreeListing) -> _Opened:
        entry = tree.entries.get(_GITMODULES)
        content = None
        if entry is not None and entry.mode.is_file:
            content = self._blobs(repository)(entry.object)
        modules = repository.submodules(content) if content is not None else {}
        return _Opened(repository=repository, tree=tree, modules=modules)

    def _blobs(self, repository: Repository) -> Callable[[str], bytes | None]:
        return lambda name: self._elsewhere.get(name) or repository.blob_at_hand(name)


@contextmanager
def open_submodules(
    repository: Repository,
    tree: TreeListing,
    *,
    elsewhere: Mapping[str, bytes],
    given: Mapping[bytes, Path],
) -> Iterator[Submodules]:
    """Yield what opens the submodules of a tree, and close all that it opened.

    ``elsewhere`` has bytes by blob id, from an archive; ``given`` the repositories that the user
    names, by the submodule's path. All others are looked for in the clone itself.
    """
    with ExitStack() as opened:
        yield Submodules(repository, tree, elsewhere, given, opened)
