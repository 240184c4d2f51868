"""The fuzzing targets hold for their seeds, and the runner and its page know all of them."""

import importlib
import random
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).parents[1] / "fuzz"
sys.path.append(str(FUZZ))

from seeds import CORPUS, seeds, write_seeds  # noqa: E402
from targets import ARCHIVES, TARGETS  # noqa: E402

from tagseal.attest import CONTENTS_TYPE, Statement, parse_contents  # noqa: E402
from tagseal.contents import Kind, check_contents  # noqa: E402
from tagseal.core.jsontext import parse  # noqa: E402

_LARGEST = 1 << 20


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_holds_for_its_seeds(name: str) -> None:
    target = importlib.import_module(f"targets.{name}")
    found = seeds(name)
    assert len(found) >= 3
    for data in found.values():
        target.check(data)
    target.check(b"")


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_mutation_is_no_larger_than_it_may_be(name: str) -> None:
    target = importlib.import_module(f"targets.{name}")
    chance = random.Random(0)

    def plain(data: bytes, max_size: int) -> bytes:
        at = chance.randrange(len(data) + 1)
        return (data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :])[:max_size]

    for data in [*seeds(name).values()][:20]:
        for seed in range(10):
            mutated = target.mutate(data, 4096, seed, plain)
            assert len(mutated) <= 4096
            target.check(mutated)


def test_there_is_one_module_for_each_target() -> None:
    modules = {path.stem for path in (FUZZ / "targets").glob("[!_]*.py")}
    assert modules == set(TARGETS)
    assert set(ARCHIVES) < modules
    assert {path.name for path in CORPUS.iterdir()} == modules - set(ARCHIVES)
    assert sum(p.stat().st_size for p in CORPUS.rglob("*") if p.is_file()) < _LARGEST


def test_seeds_of_the_predicate_are_still_taken() -> None:
    """Else only the refusing of an old form would be fuzzed."""
    proof = importlib.import_module("targets.proof")
    found = seeds("proof")
    for name in ("honest", "identical", "tagged"):
        claim = parse_contents(parse(found[name]))
        assert check_contents(proof.LISTING, claim, kind=Kind.SOURCE).findings == ()
    for data in seeds("statements").values():
        statement = Statement.parse(data)
        if statement.predicate_type == CONTENTS_TYPE:
            parse_contents(statement.predicate)


def test_seeds_are_written_alone(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "old").write_bytes(b"")
    write_seeds("pax", folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == seeds("pax")


def test_the_page_has_an_hour_of_each_target_or_says_what_ended_it() -> None:
    page = (FUZZ.parent / "docs" / "fuzzing.md").read_text("utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    sessions = {row[0].removeprefix("| "): row for row in rows if len(row) == 11}
    for name in TARGETS:
        *_, found = sessions[name]
        assert int(sessions[name][3]) >= 60 or found == "something |"
