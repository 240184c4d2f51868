"""docs/reason-codes.md, made from the table that the code uses.

Run as a program, this writes the document anew: ``python tests/support_docs.py``.
"""

from collections.abc import Iterator
from pathlib import Path

from tagseal.core.reasons import REASONS, Reason, Status

ROOT = Path(__file__).parent.parent
REASON_CODES = ROOT / "docs" / "reason-codes.md"

_HEAD = """\
# Reason codes

Whatever tagseal finds wrong has a code. Codes are stable, and each belongs to exactly one exit
status, so that scripts may rely on both, and an attacker gains nothing by steering from one status
to another.

| status | meaning |
|---|---|
| 0 | what was asked for holds; a code with this status is only remarked |
| 1 | not verified: something that was checked is wrong or missing |
| 2 | the command was used wrongly; nothing was judged |
| 3 | it could not be decided: unreadable, unsupported, out of reach, or interrupted |

This page is made from the code: `python tests/support_docs.py` writes it, and a test holds it
to the table.
"""


def reason_codes() -> str:
    """The whole document."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    areas: dict[str, list[Reason]] = {}
    for reason in REASONS.values():
        areas.setdefault(_area(reason), []).append(reason)
    for area, reasons in areas.items():
        yield f"## {area.capitalize()}\n"
        yield "| code | status | means | what to do |"
        yield "|---|---|---|---|"
        for reason in reasons:
            cells = (f"`{reason.code}`", str(int(reason.status)), reason.means, reason.next_step)
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
        yield ""


def _area(reason: Reason) -> str:
    area = reason.code.partition("-")[0]
    return "general" if area in _GENERAL else area


_GENERAL = frozenset({"usage", "file", "output", "config", "extra", "interrupted", "internal"})

assert {int(status) for status in Status} == {0, 1, 2, 3}, "the table of statuses is by hand"

if __name__ == "__main__":
    REASON_CODES.write_text(reason_codes(), encoding="utf-8")
