"""Making the claim that a producer signs out of an account and the git objects that it rests on."""

from collections.abc import Iterator, Mapping

from tagseal.contents.compare import Account, identical_digest
from tagseal.contents.model import SourceContents
from tagseal.core.digests import object_id
from tagseal.core.listing import ArchiveListing, TreeEntry
from tagseal.core.paths import display

__all__ = ["claim_of"]


def claim_of(
    account: Account,
    *,
    repository: str,
    ref: str,
    commit_id: str,
    commit: bytes,
    tree_id: str,
    tags: tuple[bytes, ...],
    listing: ArchiveListing,
    carried: Mapping[bytes, bytes],
) -> SourceContents:
    """Return the claim about an archive.

    ``commit`` and ``tags`` are raw objects, the tags from the ref to the commit. ``carried`` maps
    tree path to bytes, for whatever tree files the caller has at hand; the claim carries those of
    them that are omitted, or the sources of modified files, and no others but the symlinks that
    dereferenced ones lead through. ValueError when the account holds what no claim can express
    (``conflicting``), or when bytes to be carried are not those of the tree's entry.
    """
    if account.conflicting:
        path = display(account.conflicting[0][0])
        raise ValueError(f'"{path}" is of another type than the tree\'s entry')
    blobs: dict[str, bytes] = dict(account.links)
    for tree_path, entry in _sources(account):
        if tree_path in carried and entry.mode.is_file:
            content = carried[tree_path]
            if object_id("blob", content, listing.object_format) != entry.object:
                where = display(tree_path)
                raise ValueError(f'the bytes to carry for "{where}" are not the tree\'s')
            blobs[entry.object] = content
    return SourceContents(
        repository=repository,
        ref=ref,
        commit_id=commit_id,
        tree_id=tree_id,
        commit=commit,
        tags=tags,
        kind=account.kind,
        mappings=account.mappings,
        exceptions=account.exceptions,
        identical_count=len(account.identical),
        identical_sha256=identical_digest(listing.members, account.bound),
        carried=blobs,
    )


def _sources(account: Account) -> Iterator[tuple[bytes, TreeEntry]]:
    for modified in account.exceptions.modified:
        yield modified.tree_path, modified.source
    for omitted in account.exceptions.omitted:
        yield omitted.path, omitted.entry
