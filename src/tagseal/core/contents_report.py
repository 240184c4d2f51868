"""The report on one archive against one commit, as values: what every form of it shows.

`tagseal.workflows` fills a `ContentsReport`; `tagseal.reports` shows it as a terminal's lines, an
HTML page, Markdown or JSON, and adds nothing of its own. Paths are raw bytes and texts of diffs are
as they are in the archive: whoever shows them has to escape them.

Every file has a *class* (the partition: identical, generated, modified, relocated,
dereferenced, omitted) and a
*standing*, which is what a reader looks for first:

| standing | means |
|---|---|
| proven | the tagged commit's own bytes, or recomputed from them here |
| explained | evidence explains it, but whoever wants proof has to look: see its rule and reason |
| allowed | the person who asked allows it |
| unexplained | nothing explains it |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tagseal.core.finding import Finding

__all__ = [
    "CLASSES",
    "STANDINGS",
    "ContentsReport",
    "Diff",
    "DiffLine",
    "FileClass",
    "ReportedFile",
    "Standing",
]

FileClass = Literal[
    "identical",
    "generated",
    "modified",
    "relocated",
    "dereferenced",
    "omitted",
    "conflicting",
]
Standing = Literal["proven", "explained", "allowed", "unexplained"]

CLASSES: tuple[FileClass, ...] = (
    "identical",
    "generated",
    "modified",
    "relocated",
    "dereferenced",
    "omitted",
    "conflicting",
)
"""All classes, in the order in which counts are shown."""
STANDINGS: tuple[Standing, ...] = ("proven", "explained", "allowed", "unexplained")
"""All standings, from the best to the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of a diff.

    ``kind`` is ``" "`` for context, ``"-"`` and ``"+"`` for lines of the old and of the new text,
    ``"@"`` for the head of a hunk, a backslash for a remark on the line before. ``text`` has no
    line end; bytes that are not UTF-8 are surrogate-escaped, everything else is as it is in the
    file.
    """

    kind: Literal[" ", "-", "+", "@", "\\"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """A text file of the archive against the text that it should be, or is nearest to."""

    against: str
    """What the old text is, such as ``the tagged commit's m4/a.m4`` or ``gettext 0.22.4``."""
    lines: tuple[DiffLine, ...]
    truncated: bool = False
    """Whether the diff was cut at a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedFile:
    """One file of the archive; or, when omitted, one entry of the commit's tree."""

    path: bytes
    """The archive path; for an omitted entry its tree path, of a whole folder perhaps."""
    file_class: FileClass
    standing: Standing
    mode: str
    """Git's six digits, such as ``100644``."""
    size: int | None
    """Bytes; None for what is not in the archive."""
    rule: str | None = None
    """The name of the rule that explains it; None for identical files and where none does."""
    reason: str = ""
    """One sentence without a full stop: why it stands as it does."""
    code: str | None = None
    """The reason code of the finding, where there is one."""
    tree_path: bytes | None = None
    """The tree path that it stands for, where the layout has one."""
    is_binary: bool = False
    """Whether its bytes were looked at and are no text."""
    hidden_characters: tuple[tuple[int, str], ...] = ()
    """Line number (from 1) and Unicode name of bidirectional and invisible characters."""
    diff: Diff | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsReport:
    """All that is known about one archive against one commit."""

    archive: str
    format: str
    """Such as ``tar.gz``; see `tagseal.core.listing.ArchiveListing`."""
    size: int
    sha256: str
    repository: str
    """Where the commit was looked up, for display."""
    tag: str
    commit: str
    kind: str | None
    """``source``, ``sdist`` or ``wheel``; None where members of other types left nothing to
    judge."""
    mappings: tuple[tuple[bytes, bytes], ...]
    """Archive prefix and the tree prefix that it stands for."""
    rests_on_sha1: bool
    headline: str
    """The verdict in one sentence, safe to print."""
    status: int
    """The exit status: 0 when nothing is unexplained, 1 otherwise."""
    counts: Mapping[FileClass, int]
    """How many files are in each class."""
    rules: Mapping[str, int]
    """How many files each rule explains, by the rule's name."""
    rule_reasons: Mapping[str, str]
    """What each of these rules means, in one sentence."""
    files: tuple[ReportedFile, ...]
    """Every file of the archive in byte order of its path, then what is omitted."""
    findings: tuple[Finding, ...] = ()
    """Everything that makes the status 1: of single files, and of the archive as a whole."""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What qualifies the answer and is nothing to worry about, such as what metadata asks for."""
    made_by: str = "tagseal"
    """The program and its version."""

    def __post_init__(self) -> None:
        if self.status == 0 and (self.findings or self.unexplained):
            raise ValueError("the status is 0, and something is unexplained")

    @property
    def unexplained(self) -> tuple[ReportedFile, ...]:
        """The files that nothing explains, in the order of ``files``."""
        return tuple(file for file in self.files if file.standing == "unexplained")

    @property
    def whole_findings(self) -> tuple[Finding, ...]:
        """The findings that no unexplained file of the report shows."""
        shown = {(file.path, file.code) for file in self.unexplained}
        return tuple(f for f in self.findings if (f.path, f.code) not in shown)
