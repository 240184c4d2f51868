"""The git objects that a claim carries: do they name the tree, the commit and the tag it claims?

Rule 8 of the predicate's specification. A tag object is only as good as its signature; here it is
checked to be about this commit and this ref, and is never displayed as a fact.
"""

from collections.abc import Iterator

from tagseal.contents.model import SourceContents
from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.finding import Finding
from tagseal.core.gitobjects import parse_commit, parse_tag

__all__ = ["MAX_TAG_CHAIN", "object_findings"]

MAX_TAG_CHAIN = 4
"""How many tag objects may lead from a ref to its commit."""


def object_findings(claim: SourceContents, object_format: ObjectFormat) -> list[Finding]:
    """Return what is wrong with the commit and tag objects of a claim."""
    return [*_commit(claim, object_format), *_tags(claim, object_format)]


def _commit(claim: SourceContents, object_format: ObjectFormat) -> Iterator[Finding]:
    if len(claim.commit_id) != object_format.width or len(claim.tree_id) != object_format.width:
        yield _finding(f"the account's ids are not the {object_format.value} ids they should be")
        return
    if object_id("commit", claim.commit, object_format) != claim.commit_id:
        yield _finding("the commit object is not the one that the account names")
        return
    try:
        commit = parse_commit(claim.commit, object_format)
    except ValueError as error:
        yield _finding(f"the commit object is refused: {error}")
        return
    if commit.tree != claim.tree_id:
        yield _finding("the commit object's tree is not the one that the account names")


def _tags(claim: SourceContents, object_format: ObjectFormat) -> Iterator[Finding]:
    if not claim.ref.startswith("refs/tags/"):
        yield _finding("the account is not about a tag")
    if len(claim.tags) > MAX_TAG_CHAIN:
        yield _finding(f"more than {MAX_TAG_CHAIN} tag objects lead to the commit")
        return
    expected = claim.commit_id
    kind = "commit"
    for index, raw in reversed(list(enumerate(claim.tags))):
        try:
            tag = parse_tag(raw, object_format)
        except ValueError as error:
            yield _finding(f"a tag object is refused: {error}")
            return
        if (tag.type, tag.object) != (kind, expected):
            yield _finding("a tag object does not lead to the commit")
        named = b"refs/tags/" + tag.name
        if index == 0 and named != claim.ref.encode("utf-8", "surrogateescape"):
            yield _finding("the tag object is of another name than the ref")
        expected, kind = object_id("tag", raw, object_format), "tag"


def _finding(message: str) -> Finding:
    return Finding(code="contents-commit-malformed", message=message)
