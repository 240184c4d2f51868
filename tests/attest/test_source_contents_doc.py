"""The specification's example runs, and its reason codes are those of the proof."""

import doctest
import re
from pathlib import Path

from support_attacks import ATTACKS
from tagseal.attest import CONTENTS_TYPE
from tagseal.core.reasons import REASONS

DOCUMENT = Path(__file__).parents[2] / "docs" / "source-contents.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_the_example_is_what_comes_out() -> None:
    failed, tried = doctest.testfile(str(DOCUMENT), module_relative=False, encoding="utf-8")
    assert failed == 0
    assert tried > 20


def test_it_is_about_this_type() -> None:
    assert f"Type: `{CONTENTS_TYPE}`" in TEXT


def test_every_reason_code_stands_at_the_rule_that_it_belongs_to() -> None:
    rules = dict(
        re.findall(r"^(\d+)\. \*\*(.*?)(?=^\d+\. \*\*|^The exceptions)", TEXT, re.M | re.S)
    )
    assert sorted(rules, key=int) == [str(n) for n in range(1, 13)]
    for attack in ATTACKS:
        stated = rules[str(attack.rule)]
        if attack.rule != 10:  # all rules again, inside a submodule
            assert f"`{attack.code}`" in stated, attack.name
    assert set(re.findall(r"`((?:contents|statement)-[a-z-]+)`", TEXT)) <= set(REASONS)
