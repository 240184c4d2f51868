import copy
from typing import Any

import pytest

from tagseal.attest import Dependency, Provenance
from tagseal.core.errors import StatementError

PROVENANCE = Provenance(
    repository="https://github.com/owner/t",
    ref="refs/tags/v1",
    commit_id="a" * 40,
    builder="python",
    archive="t-1.tar.gz",
    dependencies=(Dependency(uri="pkg:pypi/hatchling@1", digest={"sha256": "b" * 64}),),
    reported={"network": "open", "python": "3.13"},
    builder_id="https://github.com/o/t/.github/workflows/seal.yml@refs/tags/v1",
    builder_version={"tagseal": "0.1.0"},
    invocation="https://github.com/owner/t/actions/runs/1/attempts/1",
    started="2026-01-01T00:00:00Z",
    finished="2026-01-01T00:01:00Z",
)


def code(*place: Any, to: Any = ...) -> str:
    predicate = copy.deepcopy(PROVENANCE.as_predicate())
    holder: Any = predicate
    for step in place[:-1]:
        holder = holder[step]
    if to is ...:
        del holder[place[-1]]
    else:
        holder[place[-1]] = to
    with pytest.raises(StatementError) as caught:
        Provenance.parse(predicate)
    assert "\x1b" not in str(caught.value)
    return caught.value.code


def test_what_is_written_is_read() -> None:
    assert Provenance.parse(PROVENANCE.as_predicate()) == PROVENANCE


def test_it_has_the_shape_of_slsa() -> None:
    predicate = PROVENANCE.as_predicate()
    assert list(predicate) == ["buildDefinition", "runDetails"]
    assert predicate["buildDefinition"]["resolvedDependencies"][0] == {
        "uri": "git+https://github.com/owner/t@refs/tags/v1",
        "digest": {"gitCommit": "a" * 40},
    }


def test_another_build_type_is_not_known() -> None:
    place = ("buildDefinition", "buildType")
    assert code(*place, to="https://x.invalid/\x1b[2J") == "provenance-build-type"


@pytest.mark.parametrize(
    ("place", "to"),
    [
        (("buildDefinition", "externalParameters", "hidden"), "--with-backdoor"),
        (("buildDefinition", "externalParameters", "archive", "hidden"), "x"),
        (("buildDefinition", "externalParameters", "ref"), "refs/tags/v2"),
        (("buildDefinition", "externalParameters", "repository"), "https://github.com/evil/t"),
        (("buildDefinition", "resolvedDependencies"), []),
        (("buildDefinition", "resolvedDependencies", 0, "digest"), {"sha1": "a" * 40}),
        (("buildDefinition", "resolvedDependencies", 0, "digest"), {"gitCommit": "main"}),
        (("buildDefinition", "resolvedDependencies", 0, "digest"), {"\x1b[2J": 1}),
        (("buildDefinition", "resolvedDependencies", 1, "name"), "x"),
        (("buildDefinition", "internalParameters"), []),
        (("runDetails", "builder", "builderDependencies"), []),
        (("runDetails", "byproducts"), []),
        (("runDetails", "metadata", "startedOn"), 1),
        (("x",), 1),
    ],
)
def test_parameters_that_are_not_known_are_refused(place: tuple[Any, ...], to: Any) -> None:
    assert code(*place, to=to) == "statement-malformed"


@pytest.mark.parametrize(
    "place",
    [("buildDefinition",), ("runDetails",), ("runDetails", "builder", "id"),
     ("buildDefinition", "externalParameters"), ("buildDefinition", "buildType"),
     ("runDetails", "metadata", "invocationId")],
)  # fmt: skip
def test_every_field_is_wanted(place: tuple[Any, ...]) -> None:
    assert code(*place) == "statement-malformed"
