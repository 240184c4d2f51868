"""Trees, archives and claims in memory, for the tests of contents and attest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tagseal.contents import (
    Exceptions,
    Kind,
    PathMapping,
    Proof,
    SourceContents,
    account_for,
    check_contents,
    choose_layout,
    claim_of,
    identical_digest,
    map_path,
)
from tagseal.core.digests import ObjectFormat, object_id, sha256_hex
from tagseal.core.gitobjects import format_tree
from tagseal.core.listing import ArchiveListing, Member, Mode, TreeEntry, TreeListing

SHA1 = ObjectFormat.SHA1
URI = "https://github.com/owner/t"
REF = "refs/tags/v1"
ROOT = (PathMapping(archive=b"t-1/", tree=b""),)
WHEEL = "t-1-py3-none-any.whl"
DIST_INFO = b"t-1.dist-info/"

File = bytes | tuple[Mode, bytes] | TreeEntry
"""Bytes of a plain file, or mode and bytes, or (in a tree) an entry as it is."""


def blob(data: bytes, object_format: ObjectFormat = SHA1) -> str:
    return object_id("blob", data, object_format)


def entry(file: File, object_format: ObjectFormat = SHA1) -> TreeEntry:
    if isinstance(file, TreeEntry):
        return file
    mode, data = file if isinstance(file, tuple) else (Mode.FILE, file)
    return TreeEntry(mode=mode, object=blob(data, object_format))


def tree_of(files: Mapping[bytes, File], object_format: ObjectFormat = SHA1) -> TreeListing:
    entries = {path: entry(file, object_format) for path, file in files.items()}
    trees: dict[bytes, str] = {}

    def build(prefix: bytes) -> str:
        here = {}
        for path, item in entries.items():
            if path.startswith(prefix):
                name, slash, _ = path[len(prefix) :].partition(b"/")
                if not slash:
                    here[name] = (name, item.mode, item.object)
                elif name not in here:
                    here[name] = (name, Mode.TREE, build(prefix + name + b"/"))
        trees[prefix.rstrip(b"/")] = object_id("tree", format_tree(here.values()), object_format)
        return trees[prefix.rstrip(b"/")]

    root = build(b"")
    trees |= {path: e.object for path, e in entries.items() if e.mode is Mode.TREE}
    return TreeListing(object_format=object_format, tree=root, entries=entries, trees=trees)


def commit_of(tree_id: str, extra: bytes = b"") -> bytes:
    person = b"A <a@b> 1700000000 +0530"
    return b"tree %s\n%sauthor %s\ncommitter %s\n\nm\n" % (tree_id.encode(), extra, person, person)


def tag_of(
    target: str, name: bytes = b"v1", kind: bytes = b"commit", tagger: bytes = b"A <a@b> 7 +0000"
) -> bytes:
    head = b"object %s\ntype %s\ntag %s\n" % (target.encode(), kind, name)
    return head + b"tagger %s\n\nm\n" % tagger


def archive_of(
    files: Mapping[bytes, File],
    name: str = "t-1.tar.gz",
    folders: Iterable[bytes] = (),
    object_format: ObjectFormat = SHA1,
) -> ArchiveListing:
    members, kept = {}, {}
    for path, file in files.items():
        assert not isinstance(file, TreeEntry)
        mode, data = file if isinstance(file, tuple) else (Mode.FILE, file)
        members[path] = Member(
            mode=mode,
            raw_mode=0o755 if mode is Mode.EXECUTABLE else 0o644,
            size=len(data),
            blob=blob(data, object_format),
            sha256=sha256_hex(data),
            target=data if mode is Mode.SYMLINK else None,
        )
        kept[path] = data
    return ArchiveListing(
        name=name,
        format="zip" if name.endswith((".whl", ".zip")) else "tar.gz",
        size=1,
        sha256="0" * 64,
        tar_sha256=None,
        object_format=object_format,
        members=members,
        folders=frozenset(folders),
        kept=kept,
    )


def top(files: Mapping[bytes, File]) -> dict[bytes, File]:
    return {b"t-1/" + path: file for path, file in files.items()}


@dataclass(frozen=True, kw_only=True)
class Forged:
    """An archive and a claim about it; `proof` is what a verifier finds."""

    listing: ArchiveListing
    claim: SourceContents
    kind: Kind = Kind.SOURCE
    allowed: tuple[PathMapping, ...] = ()
    version: str | None = None

    @property
    def proof(self) -> Proof:
        return check_contents(
            self.listing,
            self.claim,
            kind=self.kind,
            allowed_mappings=self.allowed,
            version=self.version,
        )

    def but(self, **changes: object) -> "Forged":
        """The same with another claim, whose counts and digest are made to fit."""
        return replace(self, claim=fit(replace(self.claim, **changes), self.listing))


def fit(claim: SourceContents, listing: ArchiveListing) -> SourceContents:
    """Make count and digest of the identical files what a liar would make them."""
    excepted: set[bytes] = set()
    inside = []
    links: set[bytes] = set()

    def gather(exceptions: Exceptions, prefix: bytes) -> None:
        for items in (exceptions.generated, exceptions.modified, exceptions.relocated):
            excepted.update(item.path for item in items)
        links.update(prefix + link.path for link in exceptions.dereferenced)
        for nested in exceptions.nested:
            inside.append(prefix + nested.path + b"/")
            gather(nested.exceptions, prefix + nested.path + b"/")

    gather(claim.exceptions, b"")
    identical = {
        path: tree_path
        for path in listing.members
        if path not in excepted and (tree_path := map_path(claim.mappings, path)) is not None
    }
    identical = {
        archive: path
        for archive, path in identical.items()
        if not any(path == link or path.startswith(link + b"/") for link in links)
    }
    count = sum(not path.startswith(tuple(inside)) for path in identical.values())
    if links:  # which files stand behind them is worked out, and not claimed
        proof = check_contents(listing, claim, kind=claim.kind)
        identical |= {file.path: file.tree_path for file in proof.dereferenced}
    digest = identical_digest(listing.members, identical)
    return replace(claim, identical_count=count, identical_sha256=digest)


def forge(
    tree: Mapping[bytes, File] | TreeListing,
    archive: ArchiveListing,
    exceptions: Exceptions = Exceptions(),
    *,
    kind: Kind = Kind.SOURCE,
    mappings: tuple[PathMapping, ...] = ROOT,
    extra: bytes = b"",
    tags: tuple[bytes, ...] = (),
    carried: Mapping[str, bytes] | None = None,
) -> Forged:
    """Any claim at all about an archive, from a commit with this tree."""
    listed = tree if isinstance(tree, TreeListing) else tree_of(tree, archive.object_format)
    commit = commit_of(listed.tree, extra)
    claim = SourceContents(
        repository=URI,
        ref=REF,
        commit_id=object_id("commit", commit, archive.object_format),
        tree_id=listed.tree,
        commit=commit,
        tags=tags,
        kind=kind,
        mappings=mappings,
        exceptions=exceptions,
        identical_count=0,
        identical_sha256="0" * 64,
        carried=carried or {},
    )
    return Forged(listing=archive, claim=fit(claim, archive), kind=kind)


def honest(
    tree: Mapping[bytes, File] | TreeListing,
    archive: ArchiveListing,
    *,
    kind: Kind = Kind.SOURCE,
    needed: Iterable[bytes] = (),
    carried: Mapping[bytes, bytes] | None = None,
    tags: tuple[bytes, ...] = (),
    commit: bytes | None = None,
    ref: str = REF,
    version: str | None = None,
) -> Forged:
    """The true claim, as a producer makes it."""
    listed = tree if isinstance(tree, TreeListing) else tree_of(tree, archive.object_format)
    mappings = choose_layout(kind, archive.name, archive.members, listed)
    blobs = {entry(f).object: f[1] for f in _files(tree) if isinstance(f, tuple)}
    account = account_for(
        archive, listed, kind=kind, mappings=mappings, needed=set(needed), blob=blobs.get
    )
    commit = commit or commit_of(listed.tree)
    claim = claim_of(
        account,
        repository=URI,
        ref=ref,
        commit_id=object_id("commit", commit, archive.object_format),
        commit=commit,
        tree_id=listed.tree,
        tags=tags,
        listing=archive,
        carried=carried or {},
    )
    return Forged(listing=archive, claim=claim, kind=kind, version=version)


def _files(tree: Mapping[bytes, File] | TreeListing) -> Iterable[File]:
    return () if isinstance(tree, TreeListing) else tree.values()


def codes(forged: Forged) -> set[str]:
    return {finding.code for finding in forged.proof.findings}
