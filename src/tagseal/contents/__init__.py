"""Comparing an archive with a tagged commit's tree, and the offline proof of the result.

A *listing* of an archive and a listing of a tree give the *partition* (`account_for`): every file
of the archive is identical, generated, modified or relocated; every entry of the tree is identical,
modified, relocated or omitted. The partition without its identical files is the claim that a
producer signs (`SourceContents`, made by `claim_of`). A verifier who has the archive and the claim,
but neither git nor network, rebuilds the trees and holds the root against the commit
(`check_contents`).

The whole of it, on one archive of two files made from a tree of three:

>>> from tagseal.contents import Kind, account_for, choose_layout
>>> from tagseal.core.digests import ObjectFormat, object_id, sha256_hex
>>> from tagseal.core.listing import ArchiveListing, Member, Mode, TreeEntry, TreeListing
>>> def blob(data):
...     return object_id("blob", data, ObjectFormat.SHA1)
>>> def member(data):
...     return Member(mode=Mode.FILE, raw_mode=0o644, size=len(data), blob=blob(data),
...                   sha256=sha256_hex(data))
>>> listing = ArchiveListing(
...     name="t-1.tar", format="tar", size=0, sha256="", tar_sha256=None,
...     object_format=ObjectFormat.SHA1, folders=frozenset([b"t-1"]),
...     members={b"t-1/a": member(b"a"), b"t-1/made": member(b"made")})
>>> entries = {name: TreeEntry(mode=Mode.FILE, object=blob(name)) for name in (b"a", b"d/b")}
>>> tree = TreeListing(object_format=ObjectFormat.SHA1, tree="", entries=entries,
...                    trees={b"": "", b"d": "0" * 40})
>>> mappings = choose_layout(Kind.SOURCE, "t-1.tar", listing.members, tree)
>>> account = account_for(listing, tree, kind=Kind.SOURCE, mappings=mappings)
>>> account.counts
{'identical': 1, 'generated': 1, 'modified': 0, 'relocated': 0, 'dereferenced': 0, 'omitted': 1}
>>> [(o.path, o.entry.mode.text) for o in account.exceptions.omitted]
[(b'd', '040000')]
"""

from tagseal.contents.claim import claim_of
from tagseal.contents.compare import Account, account_for, identical_digest, set_aside
from tagseal.contents.layout import (
    MAX_MAPPINGS,
    choose_layout,
    dist_info_folder,
    guess_kind,
    map_path,
    stem,
    top_folder,
    top_level_names,
)
from tagseal.contents.model import (
    MAX_NESTING,
    DereferencedFile,
    DereferencedLink,
    Exceptions,
    GeneratedFile,
    Kind,
    ModifiedFile,
    NestedTree,
    OmittedEntry,
    PathMapping,
    RelocatedFile,
    SourceContents,
)
from tagseal.contents.partition import Submodule, attributes_above
from tagseal.contents.proof import CONFIGURATION_FILES, NestedProof, Proof, check_contents
from tagseal.contents.sources import CheckedModified, Sources

__all__ = [
    "CONFIGURATION_FILES",
    "MAX_MAPPINGS",
    "MAX_NESTING",
    "Account",
    "CheckedModified",
    "DereferencedFile",
    "DereferencedLink",
    "Exceptions",
    "GeneratedFile",
    "Kind",
    "ModifiedFile",
    "NestedProof",
    "NestedTree",
    "OmittedEntry",
    "PathMapping",
    "Proof",
    "RelocatedFile",
    "SourceContents",
    "Sources",
    "Submodule",
    "account_for",
    "attributes_above",
    "check_contents",
    "choose_layout",
    "claim_of",
    "dist_info_folder",
    "guess_kind",
    "identical_digest",
    "map_path",
    "set_aside",
    "stem",
    "top_folder",
    "top_level_names",
]
