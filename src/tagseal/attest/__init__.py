"""Statements: what is said about an archive, in the exact bytes that are signed.

Three statements are made for each archive, all in-toto Statement v1:

| predicate type | says |
|---|---|
| `PROVENANCE_TYPE` (SLSA v1) | how, from what and by which builder the archive was made |
| `CONTENTS_TYPE` (ours) | what is in it that is not in the tagged commit, and the other way round |
| `RELEASE_TYPE` (ours) | which archives the release consists of |

>>> from tagseal.attest import RELEASE_TYPE, Release, ReleasedArchive, Statement, Subject
>>> archive = ReleasedArchive(name="t-1.tar.gz", sha256="0" * 64, tar_sha256="1" * 64,
...                           rebuilt="same-bytes")
>>> release = Release(repository="https://github.com/o/t", ref="refs/tags/v1",
...                   commit_id="a" * 40, version="1", archives=(archive,))
>>> subject = Subject(name=archive.name, sha256=archive.sha256)
>>> payload = Statement(subjects=(subject,), predicate_type=RELEASE_TYPE,
...                     predicate=release.as_predicate()).encode()
>>> Release.parse(Statement.parse(payload).predicate) == release
True
"""

from tagseal.attest.provenance import BUILD_TYPE, PROVENANCE_TYPE, Dependency, Provenance
from tagseal.attest.release import RELEASE_TYPE, Rebuilt, Release, ReleasedArchive
from tagseal.attest.source_contents import CONTENTS_TYPE, as_predicate, parse_contents
from tagseal.attest.statement import PAYLOAD_TYPE, STATEMENT_TYPE, Statement, Subject

__all__ = [
    "BUILD_TYPE",
    "CONTENTS_TYPE",
    "PAYLOAD_TYPE",
    "PROVENANCE_TYPE",
    "RELEASE_TYPE",
    "STATEMENT_TYPE",
    "Dependency",
    "Provenance",
    "Rebuilt",
    "Release",
    "ReleasedArchive",
    "Statement",
    "Subject",
    "as_predicate",
    "parse_contents",
]
