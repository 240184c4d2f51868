"""What of an archive is hashed with sha256 when it is verified, by the unverified claims."""

from dataclasses import replace

import pytest

from support_contents import archive_of, commit_of, forge, top
from support_verification import generated, modified
from tagseal.contents import Exceptions, Kind, NestedTree
from tagseal.policy import Policy
from tagseal.workflows.verify import _sha256_wanted

LISTING = archive_of(top({b"a": b"a", b"g": b"evil", b"m": b"2", b"sub/g": b"evil"}))
NESTED = NestedTree(
    path=b"sub",
    commit=commit_of("1" * 40),
    repository="https://github.com/owner/sub",
    exceptions=Exceptions(generated=(generated(b"t-1/sub/g"),)),
)
EXCEPTIONS = Exceptions(
    generated=(generated(b"t-1/g"),),
    modified=(modified(b"t-1/m", b"m", b"1", b"2"),),
    nested=(NESTED,),
)
CLAIM = forge({b"a": b"a", b"m": b"1"}, LISTING, EXCEPTIONS).claim
POLICY = Policy(repository="owner/t")


def wanted(name: str, policy: Policy, *claims: object) -> set[bytes]:
    ask = _sha256_wanted(name, claims, policy)  # type: ignore[arg-type]
    return {path for path in LISTING.members if ask(path)}


def test_only_what_a_claim_lists_with_a_sha256_is_wanted() -> None:
    listed = {b"t-1/g", b"t-1/m", b"t-1/sub/g"}
    assert wanted("t-1.tar.gz", POLICY, CLAIM) == listed
    assert wanted("t-1.tar.gz", POLICY) == set()
    other = replace(CLAIM, exceptions=Exceptions(generated=(generated(b"t-1/a"),)))
    assert wanted("t-1.tar.gz", POLICY, CLAIM, other) == listed | {b"t-1/a"}


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        ("t-1-py3-none-any.whl", POLICY),
        ("t-1.zip", replace(POLICY, kind=Kind.WHEEL)),
        ("t-1.tar.gz", replace(POLICY, identical_sha256=True)),
    ],
)
def test_all_are_wanted_where_each_has_one(name: str, policy: Policy) -> None:
    assert wanted(name, policy, CLAIM) == set(LISTING.members)
    assert wanted(name, policy) == set(LISTING.members)
