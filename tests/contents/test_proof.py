from dataclasses import replace

import pytest

from support_attacks import ATTACKS, Attack
from support_contents import archive_of, codes, forge, top
from support_forging import EVIL, README, generated
from tagseal.contents import Exceptions, Kind, check_contents


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"rule{a.rule}-{a.name}")
def test_each_rule_stops_its_attacks(attack: Attack) -> None:
    assert codes(attack.make()) == {attack.code} | attack.more


def test_every_rule_that_the_proof_has_to_keep_is_attacked() -> None:
    assert {attack.rule for attack in ATTACKS} == {*range(1, 11), 12}


def test_the_digest_over_the_identical_files_is_looked_at_where_it_is_asked_for() -> None:
    forged = forge(README, archive_of(top(README)))
    lie = replace(forged.claim, identical_sha256="0" * 64)
    unread = {path: replace(m, sha256=None) for path, m in forged.listing.members.items()}
    without = replace(forged.listing, members=unread)
    for listing, claim, asked, found in (
        (forged.listing, forged.claim, True, False),
        (forged.listing, lie, True, True),
        (forged.listing, lie, False, False),
        (without, forged.claim, True, True),
        (without, forged.claim, False, False),
    ):
        proof = check_contents(listing, claim, kind=Kind.SOURCE, identical_sha256=asked)
        assert {f.code for f in proof.findings} == (
            {"contents-identical-digest"} if found else set()
        )


def test_a_listed_file_without_its_sha256_is_refused() -> None:
    lies = Exceptions(generated=(generated(b"t-1/x"),))
    forged = forge(README, archive_of(top({**README, b"x": EVIL})), lies)
    members = dict(forged.listing.members)
    members[b"t-1/x"] = replace(members[b"t-1/x"], sha256=None)
    unread = replace(forged, listing=replace(forged.listing, members=members))
    assert (codes(forged), codes(unread)) == (set(), {"contents-listed-differs"})
