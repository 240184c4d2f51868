"""From a comparison to the report on it: every file with its class, standing, reason and diff."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import tagseal
from tagseal.contents import GeneratedFile, Kind, ModifiedFile
from tagseal.contents.rules import BUILT_IN, PROJECT
from tagseal.core.contents_report import (
    CLASSES,
    ContentsReport,
    Diff,
    FileClass,
    ReportedFile,
    Standing,
)
from tagseal.core.finding import Finding
from tagseal.core.listing import Member
from tagseal.core.paths import display
from tagseal.core.reasons import Status
from tagseal.core.report import differences
from tagseal.core.textdiff import diff_of, hidden_characters, is_binary
from tagseal.policy import Decided, Ground
from tagseal.workflows.compare import Comparison

__all__ = ["NearestText", "contents_report"]

NearestText = Callable[[bytes, bytes], tuple[str, bytes] | None]
"""From a base name and a file's bytes to the nearest known text: what it is, and its bytes."""

_MAX_DIFFS = 400
"""More files than these, explained or not, are reported without a diff: nobody reads on."""

_STANDINGS: Mapping[Ground, Standing] = {
    Ground.RECOMPUTED: "proven",
    Ground.KNOWN: "proven",
    Ground.EXPLAINED: "explained",
    Ground.REBUILT: "explained",
    Ground.DECLARED: "explained",
    Ground.CUSTOMARY: "explained",
    Ground.LEFT_OUT: "explained",
    Ground.ALLOWED: "allowed",
    Ground.NONE: "unexplained",
}

_OTHER_RULES = {
    "customary": "what this kind of archive customarily leaves out",
    "declared": "the tagged commit's configuration declares it; nothing shows who made it",
    "eol-crlf": "the commit's text with the line ends that its attributes ask for",
    "export-subst": "the commit's text with its own hashes and dates put in by git",
    "ident": "the commit's text with its blob's id put in by git",
    "left-out": "in the commit and not in the archive; --complete demands a reason for each",
    "lfs": "the file that the commit's Git LFS pointer names by its digest",
    "mode-unrecorded": "the commit's bytes in an archive that records no modes",
    "python-metadata": "metadata of a Python distribution, recomputed from the commit's files",
    "symlink-dereferenced": "the very file that a symlink of the commit leads to",
    "version-stamp": "the commit's text with the tag's version for a placeholder",
}


def contents_report(
    comparison: Comparison, *, nearest: NearestText | None = None
) -> ContentsReport:
    """Return the report on a comparison; ``nearest`` finds what an unknown helper is like."""
    listing = comparison.listing
    first = {finding.path: finding for finding in reversed(comparison.findings)}
    files = (*_files(_Reporter(comparison, nearest, first)),)
    rules = Counter(f.rule for f in files if f.rule is not None and f.standing != "unexplained")
    return ContentsReport(
        archive=listing.name,
        format=listing.format,
        size=listing.size,
        sha256=listing.sha256,
        repository=comparison.repository,
        tag=comparison.tag,
        commit=comparison.commit,
        kind=comparison.judged.proof.kind.value,
        mappings=tuple((m.archive, m.tree) for m in comparison.judged.proof.mappings),
        rests_on_sha1=len(comparison.commit) == 40,
        headline=_headline(comparison, files),
        status=int(Status.NOT_VERIFIED if comparison.findings else Status.VERIFIED),
        counts=_counts(files),
        rules=dict(sorted(rules.items())),
        rule_reasons={name: _means(name) for name in sorted(rules)},
        files=files,
        warnings=(*comparison.warnings, *_reading(comparison), *_doubts(comparison, files)),
        notes=(*comparison.judged.notes, *_collisions(comparison)),
        findings=comparison.findings,
        made_by=f"tagseal {tagseal.__version__}",
    )


def _reading(comparison: Comparison) -> Iterator[str]:
    proof = comparison.judged.proof
    yield from (warning.sentence for warning in proof.warnings)
    for mapping in proof.mappings if proof.kind is not Kind.WHEEL else ():
        if mapping.tree:
            # Data of a test can look like a whole project.
            part = display(mapping.tree)
            yield f'the archive was held against the folder "{part}" of the commit, not its root'


def _collisions(comparison: Comparison) -> Iterator[str]:
    # An archive with such a file is not compared at all.
    if comparison.collision_detection and len(comparison.commit) == 40:
        yield "no file has traces of a SHA-1 collision"


def _doubts(comparison: Comparison, files: tuple[ReportedFile, ...]) -> Iterator[str]:
    """Yield what suggests that the wrong tag, or the wrong archive of one's own, was named."""
    classes = Counter(f.file_class for f in files if f.standing == "unexplained")
    if classes["modified"] > sum(file.file_class == "identical" for file in files):
        yield (
            "more files differ from the commit's than are the same; check that "
            f"{display(comparison.tag)} is the tag of this archive"
        )
    if comparison.built_sha256 == comparison.listing.sha256:
        yield "the archive named with --built is byte for byte the one that is compared"
    elif (
        comparison.built_sha256 is not None
        and comparison.findings
        and not any((file.rule or "").startswith("built-") for file in files)
    ):
        yield "the archive named with --built explains nothing; check that it was built of this tag"


def _counts(files: tuple[ReportedFile, ...]) -> dict[FileClass, int]:
    found = Counter(file.file_class for file in files)
    return {name: found[name] for name in CLASSES if name != "conflicting" or found[name]}


def _means(rule: str) -> str:
    if rule.startswith(f"{PROJECT}:"):
        return "the tagged commit's configuration declares it"
    built_in = {known.name: known.means for known in BUILT_IN}
    # Transforms may stand one after the other, as git applies them.
    return built_in.get(rule) or "; ".join(_OTHER_RULES[part] for part in rule.split(", "))


def _headline(comparison: Comparison, files: tuple[ReportedFile, ...]) -> str:
    name, tag = display(comparison.listing.name), display(comparison.tag)
    same = sum(file.file_class == "identical" for file in files)
    total = f"{same} {'file is' if same == 1 else 'files are'} as in commit "
    total += f"{comparison.commit[:12]} (tag {tag})"
    left_out = sum(file.file_class == "omitted" for file in files)
    rest = f"; {left_out} left out" if left_out else ""
    if comparison.findings:
        found = differences(len(comparison.findings), "not explained")
        return f"DIFFERENT: {name}: {total}, and {found}{rest}"
    explained = sum(file.file_class not in ("identical", "omitted") for file in files)
    found = f", and {differences(explained, 'explained')}" if explained else ", and nothing differs"
    return f"ACCOUNTED FOR: {name}: {total}{found}{rest}"


@dataclass(slots=True)
class _Reporter:
    """Makes the reported files, and at most so many diffs."""

    comparison: Comparison
    nearest: NearestText | None
    findings: Mapping[bytes | None, Finding]
    """The first finding of each path."""
    diffs: Counter[bool] = field(default_factory=Counter)
    """How many diffs there are of explained and of other files: the ones take none of the room
    of the others."""

    def has_room(self, decided: Decided | None) -> bool:
        return self.diffs[_is_explained(decided)] < _MAX_DIFFS

    def diff(
        self, path: bytes, decided: Decided | None, against: str, old: bytes | None
    ) -> Diff | None:
        new = self.comparison.listing.kept.get(path)
        if new is None or old is None or not self.has_room(decided):
            return None
        self.diffs[_is_explained(decided)] += 1
        return diff_of(old, new, against=against)

    def file(
        self,
        path: bytes,
        member: Member,
        file_class: FileClass,
        decided: Decided | None,
        *,
        tree_path: bytes | None = None,
        diff: Diff | None = None,
    ) -> ReportedFile:
        content = self.comparison.listing.kept.get(path)
        looked_at = content is not None and file_class != "identical"
        finding = decided.finding if decided is not None else self.findings.get(path)
        return ReportedFile(
            path=path,
            file_class=file_class,
            standing=_STANDINGS[decided.ground] if decided is not None else "unexplained",
            mode=member.mode.text,
            size=member.size,
            rule=decided.rule if decided is not None else None,
            reason=_of_its_own(_reason(decided, finding), path, tree_path),
            code=finding.code if finding is not None else None,
            tree_path=tree_path,
            is_binary=looked_at and is_binary(content or b""),
            hidden_characters=hidden_characters(content or b"") if looked_at else (),
            diff=diff,
        )


def _is_explained(decided: Decided | None) -> bool:
    return decided is not None and decided.ground is not Ground.NONE


def _reason(decided: Decided | None, finding: Finding | None) -> str:
    if decided is not None:
        return decided.detail
    return finding.message if finding is not None else "it was left unjudged"


def _of_its_own(reason: str, path: bytes, tree_path: bytes | None) -> str:
    """Leave out which file of the commit a reason is about where that is plain from the path.

    Files that have a reason in common are told about together.
    """
    if tree_path is not None and f"/{display(path)}".endswith(f"/{display(tree_path)}"):
        return reason.removesuffix(f' "{display(tree_path)}"')
    return reason


def _files(reporter: _Reporter) -> Iterator[ReportedFile]:
    comparison = reporter.comparison
    account, members = comparison.accounted.account, comparison.listing.members
    judged = comparison.judged
    decisions = judged.decision.decided if judged.decision is not None else ()
    decided = {(d.exception, d.path): d for d in decisions}
    found: list[ReportedFile] = [
        ReportedFile(
            path=path,
            file_class="identical",
            standing="proven",
            mode=members[path].mode.text,
            size=members[path].size,
            tree_path=tree_path,
        )
        for path, tree_path in account.all_identical.items()
    ]
    exceptions = account.flat
    for generated in exceptions.generated:
        decision = decided.get(("generated", generated.path))
        diff = _generated_diff(reporter, generated, decision)
        member = members[generated.path]
        found.append(reporter.file(generated.path, member, "generated", decision, diff=diff))
    for modified in exceptions.modified:
        found.append(_modified(reporter, modified, decided.get(("modified", modified.path))))
    for moved in exceptions.relocated:
        decision = decided.get(("relocated", moved.path))
        member = members[moved.path]
        found.append(
            reporter.file(moved.path, member, "relocated", decision, tree_path=moved.tree_path)
        )
    for copy in account.dereferenced:
        decision = decided.get(("dereferenced", copy.path))
        member = members[copy.path]
        found.append(
            reporter.file(copy.path, member, "dereferenced", decision, tree_path=copy.tree_path)
        )
    for path, there in account.conflicting:
        found.append(reporter.file(path, members[path], "conflicting", None, tree_path=there))
    yield from sorted(found, key=lambda file: file.path)
    yield from _omitted(comparison, decided)


def _modified(
    reporter: _Reporter, modified: ModifiedFile, decision: Decided | None
) -> ReportedFile:
    old = reporter.comparison.sources.get(modified.tree_path)
    against = f"the commit's {display(modified.tree_path)}"
    return reporter.file(
        modified.path,
        reporter.comparison.listing.members[modified.path],
        "modified",
        decision,
        tree_path=modified.tree_path,
        diff=reporter.diff(modified.path, decision, against, old),
    )


def _generated_diff(
    reporter: _Reporter, generated: GeneratedFile, decision: Decided | None
) -> Diff | None:
    """Return how an unexplained file differs from the nearest known text, else all of it."""
    if decision is None or decision.ground is not Ground.NONE:
        return None
    content = reporter.comparison.listing.kept.get(generated.path)
    is_helper = decision.finding is not None and decision.finding.code == "contents-helper-unknown"
    # Looking for the nearest text takes longest of all: an archive could ask for it without end.
    has_room = reporter.has_room(decision)
    if content is not None and is_helper and reporter.nearest is not None and has_room:
        name = generated.path.rpartition(b"/")[2]
        if (near := reporter.nearest(name, content)) is not None:
            return reporter.diff(generated.path, decision, near[0], near[1])
    against = "nothing: the commit has no such file"
    return reporter.diff(generated.path, decision, against, b"")


def _omitted(
    comparison: Comparison, decided: Mapping[tuple[str, bytes], Decided]
) -> Iterator[ReportedFile]:
    for omitted in comparison.accounted.account.flat.omitted:
        decision = decided.get(("omitted", omitted.path))
        finding = decision.finding if decision is not None else None
        yield ReportedFile(
            path=omitted.path,
            file_class="omitted",
            standing=_STANDINGS[decision.ground] if decision is not None else "explained",
            mode=omitted.entry.mode.text,
            size=None,
            rule=decision.rule if decision is not None else "left-out",
            reason=_reason(decision, finding)
            if decision is not None
            else "it is in the tagged commit but not in the archive",
            code=finding.code if finding is not None else None,
            tree_path=omitted.path,
        )
