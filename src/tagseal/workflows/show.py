"""Showing evidence without judging it."""

from pathlib import Path

from tagseal.core.errors import EvidenceError
from tagseal.core.paths import display
from tagseal.core.report import Block, Line, Report, Table
from tagseal.evidence import BundleDescription, describe, read_evidence
from tagseal.workflows.files import read_limited

__all__ = ["show_evidence"]

_EVIDENCE_LIMIT = 64 * 1024 * 1024


_HINT = (
    "Nothing was verified. Name a file of Sigstore bundles, one a line, such as "
    "ARCHIVE.intoto.jsonl or ARCHIVE.sigstore.json."
)


def show_evidence(path: Path) -> Report:
    """Return the report on what an evidence file claims."""
    try:
        bundles = read_evidence(read_limited(path, _EVIDENCE_LIMIT))
    except EvidenceError as error:
        where = error.where or display(path.name)
        raise EvidenceError(error.code, error.message, where=where, hint=_HINT) from error
    described = [describe(bundle) for bundle in bundles]
    count = "1 bundle" if len(described) == 1 else f"{len(described)} bundles"
    title = f"{display(path.name)}: {count}, not verified"
    blocks: list[Block] = [Line(text=title, tone="title")]
    for description in described:
        rows = tuple(_rows(description))
        blocks += [Line(text=f"line {description.line}"), Table(columns=("", ""), rows=rows)]
    text = "This says what the file claims. Whether it is true, `tagseal verify` says."
    blocks.append(Line(text=text, tone="warning"))
    data = {"status": 0, "verified": False, "bundles": [d.as_json() for d in described]}
    return Report(blocks=tuple(blocks), data=data)


def _rows(description: BundleDescription) -> list[tuple[str, str]]:
    rows = [
        (name.replace("_", " "), display(str(value)))
        for name, value in description.as_json().items()
        if value is not None and name not in ("line", "subjects")
    ]
    for subject, digests in description.subjects:
        shown = ", ".join(f"{algorithm}:{value}" for algorithm, value in digests)
        rows.append(("subject", display(f"{subject} ({shown})")))
    return rows
