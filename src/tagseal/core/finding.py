"""A finding: something that was checked and is not as it must be, as a value."""

from dataclasses import dataclass

from tagseal.core.paths import display, to_json
from tagseal.core.reasons import REASONS, Reason

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: a reason code, one sentence, and the path that it is about.

    ``path`` is a path inside an archive or a tree; None where the finding is about the whole.
    """

    code: str
    message: str
    path: bytes | None = None

    def __post_init__(self) -> None:
        if self.code not in REASONS:
            raise ValueError(f"no reason has the code {self.code}")

    @property
    def reason(self) -> Reason:
        """The reason that the code names."""
        return REASONS[self.code]

    @property
    def sentence(self) -> str:
        """The message, led by the escaped path where there is one."""
        return self.message if self.path is None else f"{display(self.path)}: {self.message}"

    def as_json(self) -> dict[str, object]:
        """Return the finding as plain JSON data."""
        document: dict[str, object] = {"code": self.code, "message": self.message}
        if self.path is not None:
            document["path"] = to_json(self.path)
        return document
