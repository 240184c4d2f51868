"""Evidence files: every bundle a line."""

import json
from collections.abc import Iterable

from tagseal.core.errors import EvidenceError
from tagseal.evidence._bundle import read_bundle
from tagseal.evidence._json import malformed, open_levels, parse
from tagseal.evidence.limits import DEFAULT_LIMITS, EvidenceLimits
from tagseal.evidence.model import ParsedBundle

__all__ = ["EVIDENCE_SUFFIX", "format_evidence", "read_evidence"]

EVIDENCE_SUFFIX = ".intoto.jsonl"
"""What is added to an archive's name to name the evidence beside it."""


def read_evidence(
    data: bytes, *, limits: EvidenceLimits = DEFAULT_LIMITS
) -> tuple[ParsedBundle, ...]:
    """Return the bundles of an evidence file, in its order, never none; nothing is verified.

    A file whose first line is a whole JSON value is JSON Lines; any other is one pretty-printed
    bundle. One bad line refuses the file: a reader who skipped it would let a mirror choose which
    bundles count. Raises EvidenceError, see the package.
    """
    if len(data) > limits.file_bytes:
        message = f"the evidence file has more than {limits.file_bytes} bytes"
        raise EvidenceError("evidence-too-large", message)
    if not data.strip(b" \t\r\n"):
        raise EvidenceError("evidence-empty", "the evidence file holds no bundle")
    first = data.split(b"\n", 1)[0]
    if open_levels(first, limits=limits, where="line 1 of the evidence"):
        return (read_bundle(data, limits=limits),)
    lines = data.removesuffix(b"\n").split(b"\n", limits.bundles)
    if len(lines) > limits.bundles:
        message = f"the evidence file has more than {limits.bundles} lines"
        raise EvidenceError("evidence-too-large", message)
    return tuple(_line(line, number, limits) for number, line in enumerate(lines, start=1))


def _line(line: bytes, number: int, limits: EvidenceLimits) -> ParsedBundle:
    if not line.strip(b" \t\r"):
        raise malformed("the line is blank", f"line {number} of the evidence")
    return read_bundle(line, line=number, limits=limits)


def format_evidence(bundles: Iterable[bytes]) -> bytes:
    """Return the evidence file of these bundles: each compact on a line of its own, in order.

    The bundles are read first, so what this writes, `read_evidence` reads; writing that again gives
    the same bytes. Raises EvidenceError for a bundle that cannot be read, and when there is none.
    """
    lines = []
    for number, bundle in enumerate(bundles, start=1):
        raw = read_bundle(bundle, line=number).raw
        document = parse(raw, limits=DEFAULT_LIMITS, where=f"line {number} of the evidence")
        compact = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        lines.append(compact.encode("utf-8") + b"\n")
    if not lines:
        raise EvidenceError("evidence-empty", "there is no bundle to write")
    return b"".join(lines)
