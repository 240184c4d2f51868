import pytest

from tagseal.config import load_config
from tagseal.config._model import RuleConfig
from tagseal.config._rules import PROJECT_CHECKS
from tagseal.core.errors import ConfigError

COPY = 'name = "man"\ncheck = "copy"\npaths = ["doc/t.1"]\nfrom = "man/t.1"\n'
STAMP = 'name = "s"\ncheck = "stamp"\npaths = ["t.h"]\nplaceholder = "%V%"\nvalue = "{version}"\n'


def rules(*texts: str) -> tuple[RuleConfig, ...]:
    config = load_config({"tagseal.toml": "".join(f"[[rule]]\n{t}\n" for t in texts).encode()})
    assert config is not None
    return config.rules


def problems(*texts: str) -> str:
    with pytest.raises(ConfigError) as raised:
        rules(*texts)
    assert raised.value.code == "config-invalid"
    return str(raised.value)


def test_a_rule_of_each_check() -> None:
    copy, stamp = rules(COPY, STAMP)
    assert (copy.name, copy.check, copy.parameters) == ("man", "copy", {"from": "man/t.1"})
    assert [pattern.text for pattern in copy.paths] == ["doc/t.1"]
    assert stamp.parameters == {"placeholder": "%V%", "value": "{version}"}
    for check in PROJECT_CHECKS:
        if not PROJECT_CHECKS[check]:
            [found] = rules(f'name = "x"\ncheck = "{check}"\npaths = ["a"]')
            assert found.parameters == {}


def test_rules_stand_in_pyproject_too() -> None:
    text = "[[tool.tagseal.rule]]\n" + COPY
    config = load_config({"pyproject.toml": text.encode()})
    assert config is not None
    assert config.rules == rules(COPY)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('name = "man"\n', "", "rule[0]"),
        ('name = "man"', 'name = "Man"', "rule[0].name"),
        ('name = "man"', 'name = "a--b"', "rule[0].name"),
        ('name = "man"', "name = 5", "rule[0].name"),
        ('check = "copy"\n', "", "rule[0]"),
        ('check = "copy"', 'check = "known-helper"', "rule[0].check"),
        ('check = "copy"', 'check = "copi"', "copy"),
        ('check = "copy"', "check = 5", "rule[0].check"),
        ('paths = ["doc/t.1"]\n', "", "rule[0]"),
        ('["doc/t.1"]', "[]", "at least one must be listed"),
        ('["doc/t.1"]', '["**"]', "matches too much"),
        ('from = "man/t.1"\n', "", "rule[0]"),
        ('"man/t.1"', '"../t.1"', "rule[0].from"),
        ('"man/t.1"', '"/t.1"', "rule[0].from"),
        ('"man/t.1"', '""', "rule[0].from"),
        ('"man/t.1"', "5", "rule[0].from"),
        ('from = "man/t.1"', 'from = "man/t.1"\nvalue = "{tag}"', 'check = "stamp", not to "copy"'),
        ('from = "man/t.1"', 'from = "man/t.1"\nother = 1', "other"),
    ],
)
def test_what_is_wrong_with_a_rule(old: str, new: str, problem: str) -> None:
    assert old in COPY
    assert problem in problems(COPY.replace(old, new))


@pytest.mark.parametrize("value", ['"none"', '"{other}"', '"{version} {other}"', '"{}"', '""', "5"])
def test_a_stamp_is_made_of_facts(value: str) -> None:
    assert "rule[0].value" in problems(STAMP.replace('"{version}"', value))


def test_a_stamp_replaces_something() -> None:
    assert "rule[0].placeholder" in problems(STAMP.replace('"%V%"', '""'))


def test_every_problem_is_said_at_once() -> None:
    text = problems(COPY.replace("man", "Man"), STAMP.replace("{version}", "x"), COPY, COPY)
    assert "rule[0].name" in text
    assert "rule[1].value" in text
    assert 'an earlier rule is called "man" too' in text
