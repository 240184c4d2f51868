import tagseal.policy
import tagseal.rehearsal
from tagseal.core.identity import REHEARSAL_DOMAIN, REHEARSAL_ISSUER, Identity
from tagseal.policy import GITHUB, PROFILES, REHEARSAL, profile_of


def test_what_is_exported() -> None:
    exported = {name for name in vars(tagseal.policy) if not name.startswith("_")}
    assert set(tagseal.policy.__all__) == exported - {
        "contents",
        "model",
        "omissions",
        "profiles",
        "versions",
    }


def test_an_issuer_is_recognised_exactly() -> None:
    assert [profile_of(p.issuer) for p in PROFILES] == [GITHUB, REHEARSAL]
    for issuer in (None, "", GITHUB.issuer + "/", GITHUB.issuer.upper(), " " + GITHUB.issuer):
        assert profile_of(issuer) is None


def test_a_rehearsal_can_never_be_real() -> None:
    assert REHEARSAL_DOMAIN.endswith(".invalid")
    assert REHEARSAL_ISSUER == tagseal.rehearsal.REHEARSAL_ISSUER == REHEARSAL.issuer
    assert [p.is_rehearsal for p in PROFILES] == [False, True]
    assert GITHUB.trusted_signers == ()


def test_required_fields_are_fields_of_an_identity() -> None:
    known = set(Identity.extension_fields().values())
    for profile in PROFILES:
        assert set(profile.required) <= known
        assert profile.missing(Identity(san="s")) == profile.required


def test_extension_numbers_are_fulcios() -> None:
    assert sorted(Identity.extension_fields()) == list(range(8, 23))
