import re
from pathlib import Path

from tagseal.config._rules import PROJECT_CHECKS
from tagseal.contents.rules import BUILT_IN, CHECKS
from tagseal.contents.rules._table import CLASSES_OF
from tagseal.core.contents_report import CLASSES

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_every_rule_has_its_check_and_a_name_of_its_own() -> None:
    names = [rule.name for rule in BUILT_IN]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", name) for name in names)
    assert {rule.check for rule in BUILT_IN} | set(PROJECT_CHECKS) == set(CHECKS)
    assert set(CLASSES_OF) == set(CHECKS)
    assert all(classes <= set(CLASSES) for classes in CLASSES_OF.values())
    assert all(rule.classes == CLASSES_OF[rule.check] for rule in BUILT_IN)


def test_what_a_rule_means_is_one_sentence() -> None:
    for rule in BUILT_IN:
        assert rule.means
        assert not rule.means.endswith(".")
        assert CHECKS[rule.check].__doc__


def test_only_what_is_recomputed_or_known_is_proven() -> None:
    proven = {rule.name for rule in BUILT_IN if rule.standing == "proven"}
    assert proven == {
        "cargo-original-manifest",
        "cargo-vcs-info",
        "known-helper",
        "workspace-file",
    }


def test_proven_rules_are_asked_before_those_of_structure() -> None:
    order = [rule.name for rule in BUILT_IN]
    assert order.index("known-helper") < order.index("built-alike") < order.index("line-ends")


def test_every_rule_is_on_the_page() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (proven|explained) \|", PAGE.read_text(), re.MULTILINE)
    assert dict(rows) == {rule.name: rule.standing for rule in BUILT_IN}
    assert [name for name, _ in rows] == [rule.name for rule in BUILT_IN]


def test_every_check_of_a_project_is_on_the_page() -> None:
    text = PAGE.read_text()
    for check, keys in PROJECT_CHECKS.items():
        assert f'`check = "{check}"`' in text
        assert all(f"`{key}`" in text for key in keys)
