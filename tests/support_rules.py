"""Asking the rules about a tree and an archive in memory, through a real proof."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from support_contents import File, archive_of, commit_of, honest, top, tree_of
from tagseal.contents import Kind
from tagseal.contents.rules import (
    BUILT_IN,
    ComparingEvidence,
    History,
    Rule,
    RuleResults,
    RuleStanding,
    apply_rules,
    context_of,
)
from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.listing import ArchiveListing, Mode, TreeEntry

EXECUTABLE, SYMLINK = Mode.EXECUTABLE, Mode.SYMLINK
COMPARING: tuple[RuleStanding, ...] = ("proven", "explained")
VERIFYING: tuple[RuleStanding, ...] = ("proven",)
SAME: dict[bytes, File] = {b"same": b"the same in both\n"}
"""An archive of a commit has something of the commit in it, or nothing is proven."""


def commit_id(
    tree: Mapping[bytes, File],
    object_format: ObjectFormat = ObjectFormat.SHA1,
    when: int = 1700000000,
) -> str:
    """Return the id of the commit that `asked` makes of a tree."""
    commit = commit_of(tree_of({**SAME, **tree}, object_format).tree)
    commit = commit.replace(b"1700000000", str(when).encode())
    return object_id("commit", commit, object_format)


def asked(
    tree: Mapping[bytes, File],
    archive: Mapping[bytes, File],
    *,
    tag: str = "v1.2.3",
    version: str | None = "1.2.3",
    rules: Iterable[Rule] = BUILT_IN,
    standings: tuple[RuleStanding, ...] = COMPARING,
    history: History | None = None,
    built: Mapping[bytes, File] | None = None,
    kind: Kind = Kind.SOURCE,
    name: str = "t-1.tar.gz",
    placed: Callable[[Mapping[bytes, File]], dict[bytes, File]] = top,
    object_format: ObjectFormat = ObjectFormat.SHA1,
    kept: Callable[[bytes], bool] = lambda _: True,
    when: int = 1700000000,
    blobless: bool = False,
) -> RuleResults:
    """Return what the rules say of an archive of a commit with this tree.

    A ``blobless`` repository has no bytes, and a build beside it was only listed.

    The commit was made on 14 November 2023, or ``when``. Paths are those below the top folder;
    ``placed`` puts them into one.
    """
    whole = {**SAME, **tree}
    listing = archive_of(placed({**SAME, **archive}), name, object_format=object_format)
    listing = replace(listing, kept={p: c for p, c in listing.kept.items() if kept(p)})
    listed = tree_of(whole, object_format)
    commit = commit_of(listed.tree).replace(b"1700000000", str(when).encode())
    forged = honest(
        listed, listing, kind=kind, ref=f"refs/tags/{tag}", version=version, commit=commit
    )
    proof = replace(forged, allowed=forged.claim.mappings).proof
    assert proof.findings == ()
    comparing = ComparingEvidence(
        blob=({} if blobless else _contents(whole, object_format)).get,
        history=lambda: history,
        built=_built(built, kept=not blobless) if built is not None else None,
    )
    context = context_of(
        proof,
        listing,
        forged.claim,
        version=version,
        comparing=comparing if standings == COMPARING else None,
    )
    return apply_rules(proof, rules, context, standings=standings)


def _built(files: Mapping[bytes, File], *, kept: bool) -> ArchiveListing:
    listing = archive_of(top(files), "mine-1.tar.gz")
    return listing if kept else replace(listing, kept={})


def _contents(tree: Mapping[bytes, File], object_format: ObjectFormat) -> dict[str, bytes]:
    files = [f for f in tree.values() if not isinstance(f, TreeEntry)]
    contents = [f[1] if isinstance(f, tuple) else f for f in files]
    return {object_id("blob", content, object_format): content for content in contents}


def explained(
    tree: Mapping[bytes, File], archive: Mapping[bytes, File], **options: object
) -> dict[str, str]:
    """Return path to rule name of all files that a rule explains."""
    results = asked(tree, archive, **options)  # type: ignore[arg-type]
    return {
        path.decode("utf-8", "replace").partition("/")[2]: found.rule.name
        for path, found in results.explanations.items()
    }


def rule_of(
    old: File | None,
    new: File,
    path: bytes = b"f",
    *,
    beside: Mapping[bytes, File] = {},
    **options: object,
) -> str | None:
    """Return the rule that explains one file: modified, or generated where ``old`` is None."""
    tree = dict(beside) if old is None else {**beside, path: old}
    return explained(tree, {**beside, path: new}, **options).get(path.decode("utf-8", "replace"))
