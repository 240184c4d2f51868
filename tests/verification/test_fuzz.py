"""Statements with one thing changed anywhere: never an exception, never another meaning verified.

What is changed is signed all the same, so nothing but these steps stands against it.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_contents import File, tree_of
from support_verification import TREE, Sealed, allowing, sdist, seal, source, wheel
from tagseal.core.listing import Mode, TreeEntry
from tagseal.core.reasons import Status

RICH: dict[bytes, File] = {
    **TREE,
    b".gitattributes": b"*.txt text eol=crlf\n",
    b"a.txt": b"a\nb\n",
    b"doc/one": b"1",
    b"doc/two": b"2",
    b"gone": b"gone",
    b"link": (Mode.SYMLINK, b"README"),
    b"run": (Mode.EXECUTABLE, b"#!/bin/sh\n"),
    b"sub": TreeEntry(mode=Mode.SUBMODULE, object="c" * 40),
}


def rich() -> Sealed:
    """A source archive with something of everything, and a user who allows what it needs."""
    packed = {p: f for p, f in RICH.items() if p not in (b"doc/one", b"doc/two", b"gone", b"sub")}
    packed |= {b"a.txt": b"a\r\nb\r\n", b"configure": b"made", b"bin/caf\xe9": b"bytes"}
    allow = allowing(generated=["configure", "bin/*"], omitted=["doc", "gone"])
    return seal(source(RICH, packed, carried={b"a.txt": b"a\nb\n"})).asked(allow=allow)


SEALED = {"rich": rich(), "sdist": seal(sdist()), "wheel": seal(wheel())}
ATOMS = st.sampled_from(
    [
        *(None, True, False, 0, -1, 1, 2**63, "", "x", "\0", "a/../b", "/", "é", "v1"),
        *("refs/tags/v1", "0" * 40, "a" * 40, "0" * 64, "AA==", "not-rebuilt", "same-bytes"),
        *("100644", "100755", "120000", "040000", "160000", "a" * 5000),
        *("t-1/", "src/", "README", "t/evil.py", "pyproject.toml"),
        *([], {}, [[]], [{}], {"base64": "Y2Fm6Q=="}, {"base64": "YQ=="}, {"": None}),
    ]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a JSON value, as the keys that lead to it."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def holder(document: Any, place: tuple[Any, ...]) -> Any:
    for key in place[:-1]:
        document = document[key]
    return document


def mutate(draw: st.DrawFn, document: Any) -> None:
    known = list(places(document))
    place = draw(st.sampled_from(known))
    container, key = holder(document, place), place[-1]
    value = container[key]
    what = draw(st.sampled_from(["set", "drop", "copy", "twice", "turn", "edit", "add"]))
    if what == "set":
        container[key] = copy.deepcopy(draw(ATOMS))
    elif what == "drop":
        del container[key]
    elif what == "copy":
        other = draw(st.sampled_from(known))
        container[key] = copy.deepcopy(holder(document, other)[other[-1]])
    elif what == "twice" and isinstance(container, list):
        container.insert(draw(st.integers(0, len(container))), copy.deepcopy(value))
    elif what == "turn" and isinstance(value, list):
        value.reverse()
    elif what == "edit" and isinstance(value, str) and value:
        at = draw(st.integers(0, len(value) - 1))
        container[key] = value[:at] + draw(st.sampled_from("0aZ/.")) + value[at + 1 :]
    elif isinstance(container, dict):
        container[draw(st.sampled_from(["x", "", "path", "digest"]))] = copy.deepcopy(value)


@st.composite
def mutated(draw: st.DrawFn, sealed: Sealed) -> Sealed:
    for _ in range(draw(st.integers(1, 3))):
        sealed = sealed.edited(draw(st.integers(0, 2)), lambda s: mutate(draw, s))
    return sealed


@pytest.mark.parametrize("what", SEALED)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_change_is_raised_or_verified_as_something_else(what: str, data: st.DataObject) -> None:
    honest = SEALED[what]
    evil = data.draw(mutated(honest))
    verdict = evil.verify()
    assert json.dumps(verdict.as_json())
    assert verdict.headline
    if verdict.status is Status.VERIFIED:
        assert verdict.facts == honest.verify().facts
    else:
        assert (verdict.facts, verdict.notes) == ({}, ())
        assert verdict.findings


@pytest.mark.parametrize("what", SEALED)
def test_every_single_field_matters_or_is_known_not_to(what: str) -> None:
    """Each value of each statement, replaced by another of its type, is refused but for these."""
    honest = SEALED[what]
    passing: set[str] = set()
    for index in range(3):
        for place in places(json.loads(honest.lines[index].payload)):  # type: ignore[union-attr]

            def change(document: Any, place: tuple[Any, ...] = place) -> None:
                container, key = holder(document, place), place[-1]
                container[key] = _other(container[key])

            if not honest.edited(index, change).verify().findings:
                passing.add(_name(index, place))
    assert passing == UNCHECKED[what]


def _other(value: Any) -> Any:
    match value:
        case bool() | int():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case list():
            return [*value, "x"]
    return {**value, "x": "x"}


def _name(index: int, place: tuple[Any, ...]) -> str:
    kind = ("provenance", "contents", "release")[index]
    return ".".join([kind, *("#" if isinstance(key, int) else key for key in place)])


PROVENANCE = "provenance.predicate.buildDefinition"
DISPLAYED = {
    # Shown, and judged by nobody.
    f"{PROVENANCE}.externalParameters.archive.builder",
    f"{PROVENANCE}.internalParameters",
    f"{PROVENANCE}.internalParameters.network",
    f"{PROVENANCE}.resolvedDependencies.#.digest",
    f"{PROVENANCE}.resolvedDependencies.#.digest.sha256",
    f"{PROVENANCE}.resolvedDependencies.#.uri",
    "provenance.predicate.runDetails.builder.version",
    "provenance.predicate.runDetails.builder.version.tagseal",
    "provenance.predicate.runDetails.metadata.finishedOn",
    "provenance.predicate.runDetails.metadata.startedOn",
    # A descriptor's further fields and digests are allowed by in-toto.
    *(f"{kind}.subject.#" for kind in ("provenance", "contents", "release")),
    *(f"{kind}.subject.#.digest" for kind in ("provenance", "contents", "release")),
}
RULES = {"contents.predicate.generated.#.rule"}
# Only looked at where the policy asks for it: the archive's own sha256 says as much to its reader.
DIGEST = {"contents.predicate.contents.sha256"}
UNCHECKED = {
    "rich": DISPLAYED | RULES | DIGEST | {"contents.predicate.modified.#.rule"},
    "sdist": DISPLAYED | RULES | DIGEST,
    "wheel": DISPLAYED | RULES | DIGEST,
}


def test_the_rich_archive_has_something_of_everything() -> None:
    assert tree_of(RICH)
    verdict = SEALED["rich"].verify()
    assert verdict.status is Status.VERIFIED
    assert {e["class"] for e in verdict.facts["exceptions"]} == {"generated", "modified", "omitted"}
    assert {e["ground"] for e in verdict.facts["exceptions"]} == {
        "allowed",
        "customary",
        "recomputed",
    }
