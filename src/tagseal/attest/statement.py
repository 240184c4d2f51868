"""in-toto Statement v1: reading it strictly, writing it once (in-toto attestation, spec v1).

What is signed is bytes. `Statement.parse` keeps them out of sight on purpose: nothing is ever
written again from a parsed statement and taken for the original.
"""

from dataclasses import dataclass
from typing import Any

from tagseal.attest._fields import Fields, malformed
from tagseal.core.errors import StatementError
from tagseal.core.jsontext import dump, parse
from tagseal.core.paths import display

__all__ = ["PAYLOAD_TYPE", "STATEMENT_TYPE", "Statement", "Subject"]

PAYLOAD_TYPE = "application/vnd.in-toto+json"
"""The DSSE payload type of an in-toto statement."""

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
"""The ``_type`` of the one version that is read and written here."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Subject:
    """A file that a statement is about: its base name and its sha256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement: some subjects, and a predicate about them whose type says how to read it."""

    subjects: tuple[Subject, ...]
    predicate_type: str
    predicate: Any

    def encode(self) -> bytes:
        """Return the exact bytes to sign."""
        subjects = [{"name": s.name, "digest": {"sha256": s.sha256}} for s in self.subjects]
        return dump(
            {
                "_type": STATEMENT_TYPE,
                "subject": subjects,
                "predicateType": self.predicate_type,
                "predicate": self.predicate,
            }
        )

    @classmethod
    def parse(cls, payload: bytes) -> "Statement":
        """Read a statement; `StatementError` when it is malformed or of another version."""
        try:
            document = parse(payload)
        except ValueError as error:
            raise malformed(str(error), "statement") from error
        fields = Fields(document, "statement")
        version = fields.text("_type")
        if version != STATEMENT_TYPE:
            raise StatementError(
                "statement-unsupported",
                f'the statement is of the type "{display(version[:100])}"',
                where="statement",
            )
        subjects = tuple(_subject(item) for item in fields.objects("subject"))
        if not subjects:
            raise malformed("a statement needs a subject", "statement.subject")
        if len({s.name for s in subjects}) != len(subjects):
            raise malformed("two subjects have the same name", "statement.subject")
        statement = cls(
            subjects=subjects,
            predicate_type=fields.text("predicateType"),
            predicate=fields.take("predicate"),
        )
        fields.end()
        return statement


def _subject(item: Fields) -> Subject:
    digest = item.object("digest")
    subject = Subject(name=item.text("name"), sha256=digest.hex("sha256", 64))
    digest.rest()  # further digests of the same file are allowed and not used
    item.rest()  # and so are a descriptor's other fields
    return subject
