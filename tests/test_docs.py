"""The documents lead where they say, and agree with the code."""

import re
from pathlib import Path

import pytest

from support_docs import REASON_CODES, ROOT, reason_codes
from tagseal.core.reasons import REASONS

DOCUMENTS = sorted(
    path
    for folder, pattern in [
        (".", "*.md"),
        ("docs", "**/*.md"),
        ("changelog.d", "*.md"),
        ("templates", "**/*.md"),
        ("src", "**/*.md"),
    ]
    for path in (ROOT / folder).glob(pattern)
)
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def prose(document: Path) -> str:
    return FENCED.sub("", document.read_text(encoding="utf-8"))


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading: lower case, no punctuation, dashes for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for target in LINK.findall(prose(document)):
        if target.startswith(("https://", "mailto:")):
            continue
        name, _, fragment = target.partition("#")
        file = (document.parent / name) if name else document
        there = file.exists()
        if there and fragment:
            there = fragment in map(anchor, HEADING.findall(prose(file)))
        if not there:
            broken.append(target)
    assert broken == []


def test_the_index_names_every_document() -> None:
    index = prose(ROOT / "docs" / "README.md")
    documents = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in documents if f"({name})" not in index} == set()


def test_the_index_of_decisions_names_each_of_them() -> None:
    index = set(LINK.findall(prose(ROOT / "docs" / "adr" / "README.md")))
    decisions = {path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    assert index == decisions
    assert sorted(int(name[:4]) for name in decisions) == [*range(1, len(decisions) + 1)]


def test_each_reason_code_is_documented_with_its_status() -> None:
    hint = "python tests/support_docs.py writes it anew"
    assert REASON_CODES.read_text(encoding="utf-8") == reason_codes(), hint


def test_threats_are_answered_by_real_codes_and_real_tests() -> None:
    areas = {code.partition("-")[0] for code in REASONS}
    named = re.findall(r"`([^`\n]+)`", prose(ROOT / "docs" / "threats.md"))
    codes = {name for name in named if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", name)}
    codes = {name for name in codes if name.partition("-")[0] in areas}
    tests = {name for name in named if name.startswith("tests/")}
    assert len(codes) > 40
    assert {code for code in codes if code not in REASONS} == set()
    assert {test for test in tests if not (ROOT / test).is_file()} == set()
