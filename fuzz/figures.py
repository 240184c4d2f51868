"""Write docs/fuzzing.md from the logs of a work folder: ``python fuzz/figures.py FOLDER``."""

import ast
import dataclasses
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from targets import TARGETS

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "fuzzing.md"

PROGRESS = re.compile(r"#(\d+)\t\w+ +cov: (\d+) ft: (\d+) corp: (\d+)/(\w+)")
STATISTIC = re.compile(r"stat::(\w+): +(\d+)")

INTRODUCTION = """\
# Fuzzing

Every parser of bytes that somebody else made has a target in `fuzz/targets`, which hands it the
input and asserts what must hold: only the documented exceptions come out, reading twice says the
same, and what was read is true. An archive that is taken must be, member for member, what tarfile
or zipfile read in it, and its digests what the standard library computes. The fuzzer is
[atheris](https://github.com/google/atheris): libFuzzer, guided by the branches that Python code
takes.

    nox -s fuzz                                      # each target for a moment, as a smoke test
    nox -s fuzz -- tar -max_total_time=3600          # one target for an hour
    nox -s fuzz -- tar INPUT                         # one input, to look at what it does
    python fuzz/scaling.py                           # texts that keep a parser busy for too long

A session begins with the committed seeds (`fuzz/corpus`, and for archives the
[test vectors](../tests/vectors/README.md)) and with what earlier sessions found, which is kept in
`.fuzz/NAME/corpus`. Its log is `.fuzz/NAME/log`; an input that breaks something is left beside it.
Inputs to archives are mutated inside their containers too: unpacked, changed, given right checksums
again and packed anew, so that what is behind a checksum is reached. The reader's threads are left
out of most readings, as waiting for them would be all that a session does; one in sixteen archives
is read with them, and must read the same. `tests/test_fuzz.py` runs every
seed through its target on every test run, and what was found stays among the seeds.

## The sessions

`python fuzz/figures.py .fuzz` writes this page from the logs.
"""

COLUMNS = (
    *("target", "what", "commit", "minutes", "of processor", "inputs", "a second", "branches"),
    *("features", "corpus", "found"),
)

REMARKS = """
Minutes are those of the clock, and behind them those of the processor: the sessions ran beside each
other at the lowest priority on a machine of two processors with other work to do. Inputs a second
are those of a second of the processor. Branches and features are libFuzzer's counters at the
end (`cov`, `ft`), inputs all that were tried, corpus those that were kept and their size together.
The last column says whether an input broke an invariant in the session of the row.
"""

FINDINGS = """
## What was found

| target | input | what happened | what became of it | kept as |
|---|---|---|---|---|
"""


@dataclasses.dataclass(kw_only=True)
class Session:
    """One session, as its log has it."""

    facts: dict[str, object]
    inputs: int = 0
    branches: int = 0
    features: int = 0
    corpus: str = ""
    end: dict[str, int] | None = None

    @property
    def seconds(self) -> int:
        """How long it took; 0 for one that was stopped from outside."""
        return self.end["wall"] if self.end else 0


def sessions(log: Path) -> list[Session]:
    """Return the sessions of a log, in its order."""
    found: list[Session] = []
    for line in log.read_text(encoding="utf-8").splitlines():
        if line.startswith('{"target"'):
            found.append(Session(facts=json.loads(line)))
        elif line.startswith('{"status"'):
            found[-1].end = json.loads(line)
        elif match := PROGRESS.match(line):
            session = found[-1]
            session.inputs, session.branches, session.features = map(int, match.groups()[:3])
            session.corpus = f"{match[4]}, {match[5]}"
        elif (match := STATISTIC.match(line)) and match[1] == "number_of_executed_units":
            found[-1].inputs = int(match[2])
    return found


def rows(work: Path) -> Iterator[str]:
    """Yield a row for the newest whole session of each target, of those of an hour if there are."""
    for name in TARGETS:
        whole = [s for s in sessions(work / name / "log") if s.end and s.end["status"] in (0, 77)]
        if not whole:
            continue
        longest = max(whole, key=lambda s: (s.seconds >= 3600, whole.index(s)))
        end = longest.end or {}
        module = (HERE / "targets" / f"{name}.py").read_text(encoding="utf-8")
        what = (ast.get_docstring(ast.parse(module)) or "").partition("\n")[0].rstrip(".")
        cells = [
            name,
            what,
            f"{longest.facts['commit']}{' and changes' if longest.facts['changed'] else ''}",
            f"{longest.seconds / 60:.0f}",
            f"{end['cpu'] / 60:.0f}",
            f"{longest.inputs:,}",
            f"{longest.inputs / end['cpu']:,.0f}",
            f"{longest.branches}",
            f"{longest.features}",
            longest.corpus,
            "nothing" if end["status"] == 0 else "something",
        ]
        yield f"| {' | '.join(cells)} |"


def totals(work: Path) -> str:
    """Return what all sessions of the logs come to together."""
    every = [s for name in TARGETS for s in sessions(work / name / "log")]
    hours = sum(s.seconds for s in every) / 3600
    inputs = sum(s.inputs for s in every)
    facts = every[-1].facts
    return (
        f"\nAll sessions in the logs together: {len(every)}, {hours:.0f} hours, {inputs:,} inputs; "
        f"Python {facts['python']}, atheris {facts['atheris']}.\n"
    )


def findings() -> Iterator[str]:
    """Yield a row for each finding."""
    with (HERE / "findings.toml").open("rb") as file:
        for item in tomllib.load(file)["finding"]:
            cells = [item[key] for key in ("target", "input", "what", "became")]
            yield f"| {' | '.join(cells)} | [{Path(item['kept']).name}](../{item['kept']}) |"


def main() -> None:
    """Write the page."""
    work = Path(sys.argv[1])
    head = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}\n"
    text = INTRODUCTION + "\n" + head + "\n".join(rows(work)) + "\n" + REMARKS + totals(work)
    text += FINDINGS + "\n".join(findings()) + "\n"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
