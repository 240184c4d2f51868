import pytest

from support_attacks import ATTACKS, Attack
from support_contents import codes


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"rule{a.rule}-{a.name}")
def test_each_rule_stops_its_attacks(attack: Attack) -> None:
    assert codes(attack.make()) == {attack.code} | attack.more


def test_every_rule_that_the_proof_has_to_keep_is_attacked() -> None:
    assert {attack.rule for attack in ATTACKS} == {*range(1, 11), 12}
