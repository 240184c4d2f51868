"""What the rules may look at, out of a proof: the proven tree and the proven bytes."""

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache

from tagseal.contents.attributes import Attributes, UnsupportedAttributes, Value
from tagseal.contents.helpers import KnownHelpers
from tagseal.contents.layout import folders_above
from tagseal.contents.model import SourceContents
from tagseal.contents.proof import Proof
from tagseal.contents.rules._model import ComparingEvidence, RuleContext
from tagseal.contents.transforms import commit_facts
from tagseal.core.digests import object_id
from tagseal.core.listing import ArchiveListing, TreeEntry

__all__ = ["context_of"]


def context_of(
    proof: Proof,
    listing: ArchiveListing,
    claim: SourceContents,
    *,
    version: str | None,
    comparing: ComparingEvidence | None = None,
) -> RuleContext:
    """Return the context of a proof that has no findings."""
    tree = _ProvenTree(proof, listing, comparing)
    tag = claim.ref.removeprefix("refs/tags/")
    return RuleContext(
        listing=listing,
        mappings=proof.mappings,
        entry=tree.entry,
        # The rules ask about one file after the other, and each asks for its source anew.
        source=lru_cache(maxsize=2)(tree.source),
        attributes=tree.attributes,
        facts=commit_facts(claim.commit, claim.commit_id, claim.tree_id, tag),
        tag=tag,
        version=version,
        versions=_versions(tag, version),
        helpers=KnownHelpers.load,
        built=comparing.built if comparing is not None else None,
        history=comparing.history if comparing is not None else _no_history,
    )


def _versions(tag: str, version: str | None) -> tuple[str, ...]:
    """Return the versions that a tag can mean: the configured one, and its numbers with dots.

    Numbers may be joined by underlines, or, where there is nothing else, by hyphens.
    """
    found = [version] if version is not None else []
    for joint in (r"\.", "_", "-"):
        numbers = re.findall(f"[0-9]+(?:{joint}[0-9]+)+", tag)
        found += [re.sub(joint, ".", text) for text in numbers if joint != "-" or not found]
    return tuple(dict.fromkeys(found))


def _no_history() -> None:
    return None


class _ProvenTree:
    """The tagged commit's tree as far as a proof names its entries one by one."""

    def __init__(
        self, proof: Proof, listing: ArchiveListing, comparing: ComparingEvidence | None
    ) -> None:
        self._proof = proof
        self._listing = listing
        self._comparing = comparing

    @cached_property
    def _entries(self) -> dict[bytes, TreeEntry]:
        members = self._listing.members
        found = {
            tree_path: TreeEntry(mode=members[path].mode, object=members[path].blob)
            for path, tree_path in self._proof.identical.items()
        }
        found |= {m.file.tree_path: m.file.source for m in self._proof.modified}
        found |= {o.path: o.entry for o in self._proof.omitted}
        for relocated in self._proof.relocated:
            member = members[relocated.path]
            found[relocated.tree_path] = TreeEntry(mode=member.mode, object=member.blob)
        return found

    def entry(self, tree_path: bytes) -> TreeEntry | None:
        """Return the entry at a tree path; None where there is none, or it is not known."""
        return self._entries.get(tree_path)

    def attributes(self, tree_path: bytes) -> Mapping[str, Value] | None:
        """Return the attributes of a tree path; None where they cannot be known for certain."""
        files: dict[bytes, bytes] = {}
        for folder in (b"", *folders_above([tree_path])):
            name = folder + b"/.gitattributes" if folder else b".gitattributes"
            if self.entry(name) is not None:
                content = self.source(name)
                if content is None:
                    return None
                files[folder] = content
        try:
            return Attributes(files).of(tree_path)
        except UnsupportedAttributes:
            return None

    def source(self, tree_path: bytes) -> bytes | None:
        """Return a tree file's bytes: proven ones, or those of the repository, by their id."""
        if tree_path in self._proof.sources.files:
            return self._proof.sources.files[tree_path]
        entry = self.entry(tree_path)
        if self._comparing is None or entry is None or not entry.mode.is_file:
            return None
        content = self._comparing.blob(entry.object)
        if content is None:
            return None
        is_it = object_id("blob", content, self._listing.object_format) == entry.object
        return content if is_it else None
