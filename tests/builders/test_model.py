"""Comparing an archive's version with the tag's."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tagseal.builders import BuiltArchive, version_finding

WHEN = datetime(2024, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("built", "tagged", "same"),
    [
        ("1.0", "1.0", True),
        ("1.0", "1.0.0", True),
        ("1.0rc1", "1.0-rc.1", True),
        ("1.0.dev1+g123", "1.0", False),
        ("1.0", "1.0.post1", False),
        ("1.0", "one", False),
        ("one", "one", True),
    ],
)
def test_versions_are_compared_as_pep_440_does(built, tagged, same, prepare) -> None:
    inputs = prepare("tree", version=tagged)
    archive = BuiltArchive(
        path=Path("demo"),
        builder="python",
        kind="wheel",
        version=built,
        dependencies=(),
        reported={},
        started=WHEN,
        finished=WHEN,
    )
    finding = version_finding(archive, inputs)
    assert (finding is None) is same
