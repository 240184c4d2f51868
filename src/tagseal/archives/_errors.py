"""Making refusals: one short call for each, so that the checks stay readable."""

from tagseal.core.errors import ArchiveError
from tagseal.core.paths import display

__all__ = ["refusal"]


def refusal(code: str, message: str, path: bytes | None = None) -> ArchiveError:
    """Return the error for a refusal about a member (path) or about the archive as a whole."""
    return ArchiveError(code, message, where=None if path is None else display(path))
