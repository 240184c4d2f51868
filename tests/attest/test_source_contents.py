import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_contents import File, Forged, archive_of, forge, tag_of, top
from support_forging import README, folder, generated, mapping, modified, omitted, with_submodule
from tagseal.attest import as_predicate, parse_contents
from tagseal.contents import Exceptions, RelocatedFile
from tagseal.core.errors import StatementError
from tagseal.core.jsontext import dump, parse


def full() -> Forged:
    """A claim with everything in it."""
    tree: dict[bytes, File] = {
        **README, b"m": b"good", b"old/r": b"r", b"o\xff": b"o", b"d/x": b"x",
    }  # fmt: skip
    archive = archive_of(top({**README, b"m": b"evil", b"r": b"r", b"g": b"evil"}))
    claimed = forge(
        tree,
        archive,
        Exceptions(
            generated=(generated(b"t-1/g"),),
            modified=(modified(b"t-1/m", b"m", b"good"),),
            relocated=(RelocatedFile(path=b"t-1/r", tree_path=b"old/r"),),
            omitted=(folder(b"d", tree), omitted(b"o\xff", b"o")),
        ),
        carried={omitted(b"", b"good").entry.object: b"good"},
    )
    return claimed.but(tags=(tag_of(claimed.claim.commit_id),))


def document() -> dict[str, Any]:
    return copy.deepcopy(as_predicate(full().claim))


def code(predicate: object) -> str:
    with pytest.raises(StatementError) as caught:
        parse_contents(predicate)
    assert "\x1b" not in str(caught.value)
    return caught.value.code


def test_what_is_written_is_read_and_proven() -> None:
    forged = full()
    assert forged.proof.findings == ()
    assert parse_contents(parse(dump(as_predicate(forged.claim)))) == forged.claim
    nested = with_submodule(README, README, Exceptions()).claim
    assert parse_contents(parse(dump(as_predicate(nested)))) == nested


def paths_of(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        found += [p for name, item in value.items() for p in paths_of(item, (*path, name))]
    if isinstance(value, list):
        found += [p for n, item in enumerate(value) for p in paths_of(item, (*path, n))]
    return found


PLACES = paths_of(document())


@pytest.mark.parametrize("place", [p for p in PLACES if isinstance(p[-1], str)], ids=str)
def test_every_field_is_wanted_and_has_a_type(place: tuple[Any, ...]) -> None:
    for change in ("drop", "type", "other"):
        predicate = document()
        holder = predicate
        for step in place[:-1]:
            holder = holder[step]
        if change == "drop" and place[-2:-1] != ("carried",) and place[-1] != "base64":
            del holder[place[-1]]
        elif change == "type":
            holder[place[-1]] = [] if not isinstance(holder[place[-1]], list) else {}
        else:
            holder["\x1b[2J"] = 1
        assert code(predicate) == "statement-malformed"


def change(*place: Any, to: Any) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        predicate = document()
        holder = predicate
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = to
        return predicate

    return make


@pytest.mark.parametrize(
    "make",
    [
        change("contents", "identical", to=-1),
        change("contents", "identical", to=True),
        change("contents", "generated", to=7),
        change("contents", "omitted", to=0),
        change("contents", "sha256", to="A" * 64),
        change("layout", "kind", to="rpm"),
        change("generated", 0, "mode", to="100664"),
        change("generated", 0, "mode", to="0100644"),
        change("generated", 0, "path", to={"base64": "YQ=="}),
        change("generated", 0, "path", to={"base64": "_w=="}),
        change("generated", 0, "path", to={"base64": "/w==", "x": 1}),
        change("generated", 0, "path", to=None),
        change("omitted", 0, "object", to="1" * 41),
        change("omitted", 0, "object", to="g" * 40),
        change("commit", to="YQ"),
        change("commit", to="YR=="),
        change("commit", to="Y Q=="),
        change("commit", to="\u00e9"),
        change("tags", to=["YQ=\n="]),
        change("carried", to={"\x1b[2J": "YQ=="}),
        change("carried", to={"a" * 39: "YQ=="}),
        change("source", "digest", "gitCommit", to="a" * 64 + "b"),
        change("layout", "mappings", to=[{"archive": "a/", "tree": ""}] * 257),
    ],
)
def test_each_value_has_one_form(make: Callable[[], dict[str, Any]]) -> None:
    assert code(make()) == "statement-malformed"


def test_submodules_are_nested_only_so_deep() -> None:
    predicate = as_predicate(with_submodule(README, README, Exceptions()).claim)
    nested = predicate["nested"][0]
    for _ in range(9):
        nested = {**copy.deepcopy(nested), "nested": [nested]}
    predicate["nested"] = [nested]
    assert code(predicate) == "statement-malformed"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES), json_values)
def test_no_value_anywhere_is_more_than_malformed(place: tuple[Any, ...], value: object) -> None:
    refusals: set[str] = set()
    try:
        claim = parse_contents(change(*place, to=value)())
        assert parse_contents(as_predicate(claim)) == claim
    except StatementError as error:
        refusals.add(error.code)
    assert refusals <= {"statement-malformed"}


def test_mapping_ends_are_paths_too() -> None:
    claim = full().but(mappings=(mapping(b"\xff/", b"caf\xc3\xa9/"),)).claim
    assert parse_contents(as_predicate(claim)).mappings == claim.mappings
