"""The contents proof itself: a predicate that an attacker wrote, about an honest archive's listing.

An input is the predicate's JSON (`tagseal.contents.check_contents` after `tagseal.attest`).
Whatever it says, it is refused or has a proof; and a proof without findings puts each member into
exactly one class.
"""

from tagseal.attest import parse_contents
from tagseal.contents import Kind, check_contents
from tagseal.core.digests import ObjectFormat, object_id, sha256_hex
from tagseal.core.errors import StatementError
from tagseal.core.jsontext import parse
from tagseal.core.listing import ArchiveListing, Member, Mode

FILES = {
    b"t-1/README": b"readme\n",
    b"t-1/src/a.c": b"int a;\n",
    b"t-1/sub/x": b"x\n",
    b"t-1/configure": b"#!/bin/sh\n",
    b"t-1/stamped": b"1.0\r\n",
}


def _member(content: bytes) -> Member:
    return Member(
        mode=Mode.FILE,
        raw_mode=0o644,
        size=len(content),
        blob=object_id("blob", content, ObjectFormat.SHA1),
        sha256=sha256_hex(content),
    )


LISTING = ArchiveListing(
    name="t-1.tar.gz",
    format="tar.gz",
    size=1000,
    sha256="0" * 64,
    tar_sha256="1" * 64,
    object_format=ObjectFormat.SHA1,
    members={path: _member(content) for path, content in FILES.items()},
    folders=frozenset(),
    kept=FILES,
)


def check(data: bytes) -> None:
    """A predicate is refused, or its proof is the same twice and accounts for every member."""
    try:
        claim = parse_contents(parse(data))
    except (StatementError, ValueError):
        return
    proof = check_contents(LISTING, claim, kind=Kind.SOURCE)
    again = check_contents(LISTING, claim, kind=Kind.SOURCE)
    assert proof.findings == again.findings
    for finding in proof.findings:
        assert finding.message.isprintable()
    if not proof.findings:
        exceptions = claim.exceptions
        listed = [
            item.path
            for items in (exceptions.generated, exceptions.modified, exceptions.relocated)
            for item in items
        ]
        assert len(set(listed)) == len(listed)
        assert set(listed) <= set(FILES)
