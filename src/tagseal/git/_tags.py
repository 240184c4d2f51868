"""From a tag's name to the commit that it means, and to nothing else."""

import difflib
import os
from dataclasses import dataclass
from typing import assert_never

from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import GitError
from tagseal.core.gitobjects import Commit, TagObject, parse_commit, parse_tag
from tagseal.core.paths import display
from tagseal.git._catfile import ObjectStore
from tagseal.git._refs import Refs, is_ref_name

__all__ = ["ResolvedTag", "read_commit", "resolve"]

MAX_OBJECT_BYTES = 4 * 1024 * 1024
"""The largest commit or tag object that is read."""

MAX_CHAIN = 5
"""How many tag objects may stand between a tag and its commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTag:
    """A tag, the commit that it leads to, and the raw objects on the way, all hashed and parsed."""

    name: str
    """The tag's name without ``refs/tags/``; bytes that are not UTF-8 are surrogate escapes."""
    target: str
    """The id that the ref holds: of the tag object, or of the commit where it is lightweight."""
    tag_objects: tuple[bytes, ...]
    """The payloads of the tag objects, outermost first; empty for a lightweight tag."""
    commit: str
    commit_object: bytes
    """The payload of the commit object."""
    tree: str
    commit_time: int
    """The committer's time, in seconds since 1970-01-01 UTC."""
    object_format: ObjectFormat

    @property
    def ref(self) -> str:
        """The full name of the ref, ``refs/tags/NAME``."""
        return f"refs/tags/{self.name}"

    @property
    def tag_object(self) -> bytes | None:
        """The payload of the outermost tag object; None for a lightweight tag."""
        return self.tag_objects[0] if self.tag_objects else None

    @property
    def tag_object_id(self) -> str | None:
        """The id of the outermost tag object; None for a lightweight tag."""
        return self.target if self.tag_objects else None


def resolve(
    store: ObjectStore,
    refs: Refs,
    tag: str,
    object_format: ObjectFormat,
    *,
    shallow: bool,
    expected_commit: str | None,
) -> ResolvedTag:
    """Resolve a tag; the errors are those of `tagseal.git.Repository.resolve_tag`."""
    target = refs.get(f"refs/tags/{tag}") if is_ref_name(tag) else None
    if target is None:
        if expected_commit is not None:
            raise GitError("git-tag-moved", f'the tag "{display(tag)}" is gone')
        raise _unknown(refs, tag, shallow=shallow)
    _refuse_branch(refs, tag)
    chain, commit_id = _peel(store, tag, target, object_format)
    if expected_commit not in (None, commit_id):
        raise GitError(
            "git-tag-moved",
            f'the tag "{display(tag)}" leads to {commit_id} now, and led to {expected_commit}',
        )
    raw, commit = read_commit(store, commit_id, object_format)
    return ResolvedTag(
        name=tag,
        target=target,
        tag_objects=chain,
        commit=commit_id,
        commit_object=raw,
        tree=commit.tree,
        commit_time=commit.time,
        object_format=object_format,
    )


def read_commit(
    store: ObjectStore, commit_id: str, object_format: ObjectFormat
) -> tuple[bytes, Commit]:
    """Return the payload of a commit object and what it says."""
    [(_, raw)] = store.read([commit_id], "commit", MAX_OBJECT_BYTES)
    try:
        return raw, parse_commit(raw, object_format)
    except ValueError as error:
        raise GitError("git-object-malformed", str(error), where=f"commit {commit_id}") from error


def _peel(
    store: ObjectStore, tag: str, target: str, object_format: ObjectFormat
) -> tuple[tuple[bytes, ...], str]:
    """Return the tag objects from the ref on, and the id of the commit that they lead to."""
    chain: list[bytes] = []
    kind = store.kind(target)
    while kind == "tag":
        if len(chain) == MAX_CHAIN:
            raise GitError(
                "git-tag-not-a-commit",
                f'the tag "{display(tag)}" leads through more than {MAX_CHAIN} tag objects',
            )
        [(_, raw)] = store.read([target], "tag", MAX_OBJECT_BYTES)
        parsed = _parsed(raw, target, object_format)
        if not chain and parsed.name != os.fsencode(tag):
            raise GitError(
                "git-tag-name-differs",
                f'the ref "{display(tag)}" points to a tag object that was made as '
                f'"{display(parsed.name)}"',
            )
        chain.append(raw)
        target, kind = parsed.object, parsed.type
    match kind:
        case "commit":
            return tuple(chain), target
        case "tree" | "blob":
            raise GitError(
                "git-tag-not-a-commit", f'the tag "{display(tag)}" leads to a {kind}, not a commit'
            )
        case _:
            assert_never(kind)


def _parsed(raw: bytes, name: str, object_format: ObjectFormat) -> TagObject:
    try:
        return parse_tag(raw, object_format)
    except ValueError as error:
        raise GitError("git-object-malformed", str(error), where=f"tag object {name}") from error


def _refuse_branch(refs: Refs, tag: str) -> None:
    branches = [tag] if tag in refs.names("refs/heads/") else []
    remote = refs.names("refs/remotes/")
    branches += sorted(name for name in remote if name.partition("/")[2] == tag)
    if branches:
        raise GitError(
            "git-tag-is-branch-too",
            f'"{display(tag)}" is a tag and also the branch {display(branches[0])}',
        )


def _unknown(refs: Refs, tag: str, *, shallow: bool) -> GitError:
    known = sorted(refs.names("refs/tags/"))
    hints = []
    if tag.startswith("refs/tags/"):
        hints.append("Give the name of the tag without refs/tags/.")
    close = difflib.get_close_matches(tag[:200], known[-20_000:], n=3, cutoff=0.6)
    if close:
        hints.append(f"Tags with such a name: {', '.join(map(display, close))}.")
    elif not known:
        hints.append("The repository has no tag at all; git fetch --tags fetches them.")
    if shallow:
        hints.append("It is a shallow clone: git fetch --unshallow --tags fetches the tags too.")
    return GitError(
        "git-tag-unknown",
        f'there is no tag "{display(tag)}" in the repository',
        hint=" ".join(hints) or None,
    )
