import copy
from typing import Any

import pytest

from tagseal.attest import Release, ReleasedArchive
from tagseal.core.errors import StatementError

RELEASE = Release(
    repository="https://github.com/owner/t",
    ref="refs/tags/v1",
    commit_id="a" * 40,
    version="1",
    archives=(
        ReleasedArchive(
            name="t-1.tar.gz", sha256="b" * 64, tar_sha256="c" * 64, rebuilt="same-bytes"
        ),
        ReleasedArchive(name="t-1.zip", sha256="d" * 64, tar_sha256=None, rebuilt="not-rebuilt"),
    ),
)


def test_what_is_written_is_read() -> None:
    assert Release.parse(RELEASE.as_predicate()) == RELEASE


@pytest.mark.parametrize(
    ("place", "to"),
    [
        (("archives",), []),
        (("archives",), RELEASE.as_predicate()["archives"][::-1]),
        (("archives",), RELEASE.as_predicate()["archives"][:1] * 2),
        (("archives", 0, "rebuilt"), "different"),
        (("archives", 0, "rebuilt"), ["same-bytes"]),
        (("archives", 0, "digest"), {"sha256": "b" * 63}),
        (("archives", 0, "digest", "md5"), "x"),
        (("archives", 0, "tarDigest"), None),
        (("archives", 0, "extra"), 1),
        (("source", "digest", "gitCommit"), "main"),
        (("source", "annotations", "branch"), "x"),
        (("source", "uri"), 1),
        (("version",), None),
        (("extra",), 1),
    ],
)
def test_a_release_is_exactly_in_its_form(place: tuple[Any, ...], to: Any) -> None:
    predicate = copy.deepcopy(RELEASE.as_predicate())
    holder: Any = predicate
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = to
    with pytest.raises(StatementError) as caught:
        Release.parse(predicate)
    assert caught.value.code == "statement-malformed"
