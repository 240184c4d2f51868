"""What a rule is, what it is asked about, and what it may look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from tagseal.contents.attributes import Value
from tagseal.contents.helpers import KnownHelpers
from tagseal.contents.layout import map_path
from tagseal.contents.model import PathMapping
from tagseal.contents.transforms import CommitFacts
from tagseal.core.listing import ArchiveListing, Member, TreeEntry
from tagseal.core.patterns import Pattern

__all__ = [
    "Check",
    "ComparingEvidence",
    "Difference",
    "DifferenceClass",
    "Explanation",
    "History",
    "Rule",
    "RuleContext",
    "RuleStanding",
]

DifferenceClass = Literal["generated", "modified", "relocated"]
"""The classes of the partition whose files a rule can explain."""

RuleStanding = Literal["proven", "explained"]
"""What a rule's word is worth.

A *proven* file is recomputed from proven bytes, or is somebody else's known release: it passes when
a download is verified. An *explained* file fits what honest tools write; comparing accepts it and
says so, verifying does not.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, as data.

    ``check`` names the function that looks for the evidence (`tagseal.contents.rules.CHECKS`).
    ``paths`` (below the archive's top folder) and ``names`` (base names) only choose which files
    are offered to it; a path is a label and never evidence. ``parameters`` are the check's own.
    """

    name: str
    means: str
    """What it says of a file, in one sentence without a full stop."""
    check: str
    standing: RuleStanding
    classes: frozenset[DifferenceClass]
    paths: tuple[Pattern, ...] = ()
    """Empty: every path."""
    names: tuple[Pattern, ...] = ()
    """Empty: every name."""
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def is_about(self, difference: "Difference") -> bool:
        """Return whether a difference is of a class and at a path that the rule is for."""
        if difference.file_class not in self.classes:
            return False
        inner = difference.inner
        name = inner.rpartition(b"/")[2]
        is_there = not self.paths or any(p.matches(inner) for p in self.paths)
        return is_there and (not self.names or any(p.matches(name) for p in self.names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A file of the archive that is not identical with the tree's.

    ``inner`` is its path below the archive's top folder, which is the tree path where the layout
    has one. ``source`` is the tree's entry at that path; only a modified file has one, and of a
    relocated file it is the entry that was moved, at ``source_path``.
    """

    file_class: DifferenceClass
    path: bytes
    inner: bytes
    member: Member
    source: TreeEntry | None = None
    source_path: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Which rule explains a file, and how, as the rest of a sentence about the file."""

    rule: Rule
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a commit's history says, for files that tools write out of it.

    ``messages`` are the commit messages, ``lines`` all their lines, without the white space and
    the signs of lists around them; ``people`` the names and addresses of authors and committers,
    and of whom trailers name; ``commits`` the ids, sorted; ``tags`` the names of the tags.
    """

    messages: tuple[bytes, ...]
    lines: frozenset[bytes]
    people: frozenset[bytes]
    commits: tuple[bytes, ...]
    tags: frozenset[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContext:
    """Everything that a check may look at. Nothing here is the producer's word.

    ``entry`` gives the proven tree entry at a tree path, ``source`` its bytes where they are at
    hand, ``attributes`` what ``.gitattributes`` say of it, or None where that is not certain.
    ``version`` is what the configured pattern makes of the tag, and ``versions`` are all that it
    can mean, such as 8.14.1 for ``curl-8_14_1``. ``built`` is an archive that the person who asks
    has made of the same tag; ``history`` needs a repository. Both are only there when comparing.
    """

    listing: ArchiveListing
    mappings: tuple[PathMapping, ...]
    entry: Callable[[bytes], TreeEntry | None]
    source: Callable[[bytes], bytes | None]
    attributes: Callable[[bytes], Mapping[str, Value] | None]
    facts: CommitFacts
    tag: str
    version: str | None
    versions: tuple[str, ...]
    helpers: Callable[[], KnownHelpers]
    built: ArchiveListing | None = None
    history: Callable[[], History | None] = lambda: None

    def content(self, difference: Difference) -> bytes | None:
        """Return the file's bytes in the archive, where the reader kept them."""
        return self.listing.kept.get(difference.path)

    def tree_path(self, archive_path: bytes) -> bytes | None:
        """Return the tree path that an archive path stands for."""
        return map_path(self.mappings, archive_path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparingEvidence:
    """What only somebody who compares has at hand: a repository, and perhaps a build of their own.

    ``blob`` gives the bytes of a blob of the repository, or None where it does not have them;
    ``history`` reads the tagged commit's.
    """

    blob: Callable[[str], bytes | None]
    history: Callable[[], History | None]
    built: ArchiveListing | None = None


Check = Callable[[Rule, Difference, RuleContext], str | None]
"""Returns how the evidence explains the file, as the rest of a sentence, or None if it does not."""
