"""What the workflows found, as report documents."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagseal.core.finding import Finding
from tagseal.core.paths import display
from tagseal.core.reasons import Status
from tagseal.core.report import Block, Command, Line, Report, Table, Tone, differences
from tagseal.core.verdict import Outcome, Verdict
from tagseal.policy import Allowances

if TYPE_CHECKING:
    # Not imported for real: these need packages, and time, that verifying does not.
    from tagseal.workflows.account import Accounted
    from tagseal.workflows.gate import GateResult
    from tagseal.workflows.rehearse import Rehearsal, RehearsedArchive

__all__ = [
    "gate_report",
    "rehearsal_report",
    "verdicts_report",
    "verify_arguments",
]

_MOST_FINDINGS = 25
_CLASSES = ("identical", "generated", "modified", "relocated", "dereferenced", "omitted")
_MARKS = {
    Outcome.PASSED: "ok",
    Outcome.FAILED: "FAILED",
    Outcome.UNDECIDED: "undecided",
    Outcome.NOT_REACHED: "-",
}


def own_command() -> tuple[str, ...]:
    """Return the arguments that start this very tagseal: short where the shell finds it."""
    beside = Path(sys.executable).with_name("tagseal")
    found = shutil.which("tagseal")
    if found is not None and Path(found).resolve() == beside.resolve():
        return ("tagseal",)
    if beside.exists():
        return (_short(beside),)
    return (sys.executable, "-m", "tagseal")


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def verdicts_report(verdicts: Sequence[Verdict], *, quiet: bool) -> Report:
    """Return the report on verified archives; quiet leaves only the last line of each,
    which then ends in the codes of what was found."""
    blocks: list[Block] = []
    for verdict in verdicts:
        blocks += [] if quiet else _verdict_blocks(verdict)
        blocks.append(_last_line(verdict, with_codes=quiet))
    return Report(
        blocks=tuple(blocks),
        data={
            "status": int(_status_of(verdicts)),
            "archives": [verdict.as_json() for verdict in verdicts],
        },
    )


def _status_of(verdicts: Sequence[Verdict]) -> Status:
    """Return the status of all together: nothing undecided covers up what is wrong."""
    statuses = {verdict.status for verdict in verdicts}
    for worst in (Status.NOT_VERIFIED, Status.UNDECIDED):
        if worst in statuses:
            return worst
    return Status.VERIFIED if statuses else Status.UNDECIDED


def _last_line(verdict: Verdict, *, with_codes: bool = False) -> Line:
    tone: Tone = "good" if verdict.status is Status.VERIFIED else "bad"
    codes = ", ".join(dict.fromkeys(finding.code for finding in verdict.findings))
    said = f" [{codes}]" if with_codes and codes else ""
    return Line(text=verdict.headline + said, tone=tone)


def _verdict_blocks(verdict: Verdict) -> Iterator[Block]:
    yield Line(text=display(verdict.archive), tone="title")
    rows = tuple(
        (str(check.number), check.title, _MARKS[check.outcome], check.detail)
        for check in verdict.checks
        if check.outcome is not Outcome.NOT_REACHED
    )
    yield Table(columns=("#", "step", "", "what was enforced"), rows=rows)
    yield from _findings(verdict.findings)
    for note in verdict.notes:
        yield Line(text=f"note: {note}", tone="quiet")


def _findings(findings: Sequence[Finding]) -> Iterator[Block]:
    for finding in findings[:_MOST_FINDINGS]:
        yield Line(text=f"[{finding.code}] {finding.sentence}", tone="bad", indent=1)
    if len(findings) > _MOST_FINDINGS:
        rest = _more(len(findings) - _MOST_FINDINGS, "finding")
        yield Line(text=f"{rest}; --json has them all", tone="bad", indent=1)
    for code in dict.fromkeys(finding.code for finding in findings):
        reason = next(f.reason for f in findings if f.code == code)
        yield Line(text=f"{code}: {reason.means}", tone="quiet", indent=1)
        yield Line(text=f"hint: {reason.next_step}", indent=1)


def _more(number: int, what: str) -> str:
    return f"and {number} more {what}{'' if number == 1 else 's'}"


def gate_report(items: "Sequence[tuple[Accounted, GateResult]]") -> Report:
    """Return the report on a release's archives as a strict consumer would find them."""
    blocks: list[Block] = [
        _counts_table([(display(i.path.name), i.account.counts) for i, _ in items])
    ]
    for item, result in items:
        name = display(item.path.name)
        blocks += _findings(result.findings)
        if result.findings:
            text = f"DIFFERENT: {name}: {differences(len(result.findings), 'not explained')}"
            blocks.append(Line(text=text, tone="bad"))
        else:
            blocks.append(Line(text=f"ACCOUNTED FOR: {name}", tone="good"))
    status = Status.NOT_VERIFIED if any(r.findings for _, r in items) else Status.VERIFIED
    archives = [
        {
            "archive": item.path.name,
            "sha256": item.listing.sha256,
            "counts": item.account.counts,
            "findings": [finding.as_json() for finding in result.findings],
        }
        for item, result in items
    ]
    return Report(blocks=tuple(blocks), data={"status": int(status), "archives": archives})


def _counts_table(rows: Sequence[tuple[str, dict[str, int]]]) -> Table:
    return Table(
        columns=("archive", *(f"{name}#" for name in _CLASSES)),
        rows=tuple((name, *(str(counts[c]) for c in _CLASSES)) for name, counts in rows),
    )


def allowance_arguments(allow: Allowances) -> list[str]:
    """Return the flags that give these allowances on the command line."""
    return [
        part
        for name, patterns in allow.patterns().items()
        for pattern in patterns
        for part in (f"--allow-{name.replace('_', '-')}", pattern.text)
    ]


def verify_arguments(rehearsal: "Rehearsal") -> list[str]:
    """Return the command that verifies a rehearsal's archives as a consumer does."""
    return [
        *own_command(),
        "verify",
        *(str(archive.path) for archive in rehearsal.archives),
        "--repo",
        rehearsal.slug,
        "--tag",
        rehearsal.tag,
        "--trust-config",
        str(rehearsal.trust_config),
        *allowance_arguments(rehearsal.allow),
    ]


def rehearsal_report(rehearsal: "Rehearsal") -> Report:
    """Return the report on a finished rehearsal."""
    command = verify_arguments(rehearsal)
    tag = display(rehearsal.tag)
    blocks: list[Block] = [
        Line(text=f"{rehearsal.slug}, tag {tag}, commit {rehearsal.commit}", tone="title"),
        _rehearsal_table(rehearsal.archives),
    ]
    blocks += [Line(text=f"warning: {text}", tone="warning") for text in rehearsal.warnings]
    needed = [d for a in rehearsal.archives for d in a.gate.findings]
    if needed:
        text = "A strict consumer refuses what follows; the command below allows it by name:"
        blocks.append(Line(text=text, tone="warning"))
        blocks += [
            Line(text=f"[{f.code}] {f.sentence}", tone="warning", indent=1)
            for f in needed[:_MOST_FINDINGS]
        ]
        if len(needed) > _MOST_FINDINGS:
            text = f"and {len(needed) - _MOST_FINDINGS} more"
            blocks.append(Line(text=text, tone="warning", indent=1))
    for archive in rehearsal.archives:
        blocks.append(_last_line(archive.verdict))
    blocks.append(Line(text="To verify it yourself, as a consumer would:", tone="title"))
    blocks.append(Command(arguments=tuple(command)))
    return Report(blocks=tuple(blocks), data=_rehearsal_data(rehearsal, command))


def _rehearsal_table(archives: "Sequence[RehearsedArchive]") -> Table:
    return Table(
        columns=("archive", *(f"{name}#" for name in _CLASSES), "proof bytes#", "sha256"),
        rows=tuple(
            (
                display(archive.path.name),
                *(str(archive.counts[name]) for name in _CLASSES),
                str(archive.proof_size),
                archive.sha256,
            )
            for archive in archives
        ),
    )


def _rehearsal_data(rehearsal: "Rehearsal", command: list[str]) -> dict[str, Any]:
    return {
        "status": int(_status_of([archive.verdict for archive in rehearsal.archives])),
        "repository": rehearsal.source_uri,
        "tag": rehearsal.tag,
        "ephemeral": rehearsal.ephemeral,
        "commit": rehearsal.commit,
        "version": rehearsal.version,
        "archives": [
            {
                "path": str(archive.path),
                "sha256": archive.sha256,
                "counts": archive.counts,
                "evidence": str(archive.evidence),
                "proof_bytes": archive.proof_size,
                "object_bytes": archive.objects_size,
                "verdict": archive.verdict.headline,
                "strict_findings": [f.as_json() for f in archive.gate.findings],
            }
            for archive in rehearsal.archives
        ],
        "trust_config": str(rehearsal.trust_config),
        "verify": command,
        "warnings": list(rehearsal.warnings),
    }
