"""Texts as a report shows them: diffs, and characters that hide (`tagseal.core`)."""

from tagseal.core.hidden import hidden_characters, is_binary, pieces
from tagseal.core.paths import display
from tagseal.core.textdiff import DiffLimits, diff_of

LIMITS = DiffLimits(lines_kept=50, line_length=200)
_NO_LINE_END = "\\"


def check(data: bytes) -> None:
    """Two texts, apart at a zero byte, have a diff within its bounds, or are binary."""
    old, _, new = data.partition(b"\0")
    for text in (old, new):
        shown = text.decode("utf-8", "surrogateescape")
        assert sum(map(len, (piece.text for piece in pieces(shown)))) >= 0
        assert all(line >= 1 and name.isascii() for line, name in hidden_characters(text))
        assert display(text).isprintable()
    diff = diff_of(old, new, against="the other", limits=LIMITS)
    if diff is None:
        assert is_binary(old) or is_binary(new)
        return
    assert diff_of(old, new, against="the other", limits=LIMITS) == diff
    if not diff.lines:
        assert old == new or diff.truncated
    if old == new:
        assert not diff.lines
    assert len(diff.lines) <= 8 * LIMITS.lines_kept
    assert all(len(line.text) <= LIMITS.line_length + 2 for line in diff.lines)
    assert all(line.kind in ("@", " ", "+", "-", _NO_LINE_END) for line in diff.lines)
