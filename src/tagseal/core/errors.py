"""The exception tree: everything that tagseal raises on purpose.

::

    TagsealError            carries a reason code of `tagseal.core.reasons`
    ├── UsageError          the command or a call was used wrongly
    ├── ConfigError         the project's configuration is wrong
    ├── GitError            a repository, tag or object is not as it must be
    ├── ArchiveError        an archive is refused by the strict reader, or cannot be written
    ├── BuildError          an archive could not be built
    ├── StatementError      a statement or predicate is malformed or unsound
    ├── EvidenceError       evidence is malformed, too large or unsupported
    ├── SigningError        signing or checking a signature failed
    └── RehearsalError      the embedded Sigstore refuses a request or cannot run

A *finding* (a file that differs) is a value; a *failure* (an archive that is cut short) is one of
these. The exit status of a failure is the one of its reason code.
"""

from tagseal.core.reasons import REASONS, Reason

__all__ = [
    "ArchiveError",
    "BuildError",
    "ConfigError",
    "EvidenceError",
    "GitError",
    "RehearsalError",
    "SigningError",
    "StatementError",
    "TagsealError",
    "UsageError",
]


class TagsealError(Exception):
    """The root of the tree.

    ``code`` is a reason code of the table, ``message`` says in one sentence what is wrong (with
    untrusted names already escaped, see `tagseal.core.paths.display`), ``where`` names the file,
    member or line, and ``hint`` says what to do next; without one, the reason's own next step is
    given.
    """

    def __init__(
        self, code: str, message: str, *, where: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.reason: Reason = REASONS[code]
        self.message = message
        self.where = where
        self.hint = hint if hint is not None else self.reason.next_step

    @property
    def code(self) -> str:
        """The stable reason code."""
        return self.reason.code

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(TagsealError):
    """The command or a call was used wrongly."""


class ConfigError(TagsealError):
    """The project's configuration is wrong."""


class GitError(TagsealError):
    """A repository, tag or object is not as it must be, or git itself failed."""


class ArchiveError(TagsealError):
    """An archive is refused by the strict reader, or cannot be written."""


class BuildError(TagsealError):
    """An archive could not be built."""


class StatementError(TagsealError):
    """A statement or predicate is malformed or unsound."""


class EvidenceError(TagsealError):
    """Evidence is malformed, too large or unsupported."""


class SigningError(TagsealError):
    """Signing failed, or a signature could not be verified."""


class RehearsalError(TagsealError):
    """The embedded Sigstore refuses a request or cannot run."""
