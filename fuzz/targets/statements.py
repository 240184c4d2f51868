"""Signed payloads: statements and the three predicates (`tagseal.attest`)."""

from tagseal.attest import (
    CONTENTS_TYPE,
    PROVENANCE_TYPE,
    RELEASE_TYPE,
    Provenance,
    Release,
    Statement,
    as_predicate,
    parse_contents,
)
from tagseal.core.errors import StatementError
from tagseal.core.jsontext import dump, parse


def check(data: bytes) -> None:
    """A payload is read or refused; what was read is what it writes again."""
    try:
        statement = Statement.parse(data)
    except StatementError:
        return
    assert Statement.parse(data) == statement
    try:
        if statement.predicate_type == CONTENTS_TYPE:
            claim = parse_contents(statement.predicate)
            assert parse_contents(parse(dump(as_predicate(claim)))) == claim
        elif statement.predicate_type == RELEASE_TYPE:
            release = Release.parse(statement.predicate)
            assert Release.parse(parse(dump(release.as_predicate()))) == release
        elif statement.predicate_type == PROVENANCE_TYPE:
            provenance = Provenance.parse(statement.predicate)
            assert Provenance.parse(parse(dump(provenance.as_predicate()))) == provenance
    except StatementError:
        return
