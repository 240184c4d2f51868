from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal import REHEARSAL_ISSUER, Workload
from tagseal.rehearsal._oidc import TOKEN_LIFETIME, OidcIssuer

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def issuer() -> OidcIssuer:
    return OidcIssuer(server_url="https://git.example")


def refusal(issuer: OidcIssuer, token: str, now: datetime = NOW) -> str:
    with pytest.raises(RehearsalError) as caught:
        issuer.check(token, "sigstore", now)
    return caught.value.code


def test_a_token_says_what_the_workload_is(issuer: OidcIssuer, workload: Workload) -> None:
    token = issuer.token(issuer.enrol(workload), "sigstore", NOW)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims.items() >= workload.claims().items()
    assert claims["iss"] == REHEARSAL_ISSUER
    assert claims["aud"] == "sigstore"
    assert claims["iat"] == claims["nbf"] == int(NOW.timestamp())
    assert claims["exp"] - claims["iat"] == TOKEN_LIFETIME.total_seconds()
    assert claims["jti"]


def test_the_audience_left_out_is_the_owner(issuer: OidcIssuer, workload: Workload) -> None:
    token = issuer.token(issuer.enrol(workload), None, NOW)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["aud"] == "https://git.example/owner"


def test_its_own_token_is_accepted_within_its_time(issuer: OidcIssuer, workload: Workload) -> None:
    token = issuer.token(issuer.enrol(workload), "sigstore", NOW)
    assert issuer.check(token, "sigstore", NOW).items() >= workload.claims().items()
    last = NOW + TOKEN_LIFETIME - timedelta(seconds=1)
    assert issuer.check(token, "sigstore", last)["sub"] == workload.subject


@pytest.mark.parametrize("moment", [NOW - timedelta(seconds=1), NOW + TOKEN_LIFETIME])
def test_a_token_out_of_its_time_is_refused(
    issuer: OidcIssuer, workload: Workload, moment: datetime
) -> None:
    token = issuer.token(issuer.enrol(workload), "sigstore", NOW)
    assert refusal(issuer, token, moment) == "rehearsal-token-refused"


def test_a_token_for_another_audience_is_refused(issuer: OidcIssuer, workload: Workload) -> None:
    token = issuer.token(issuer.enrol(workload), "pypi", NOW)
    assert refusal(issuer, token) == "rehearsal-token-refused"


def test_a_token_of_another_key_is_refused(issuer: OidcIssuer, workload: Workload) -> None:
    other = OidcIssuer(server_url="https://git.example")
    token = other.token(other.enrol(workload), "sigstore", NOW)
    assert refusal(issuer, token) == "rehearsal-token-refused"


@pytest.mark.parametrize("key", [None, "a secret of thirty-two characters or more"])
def test_a_token_of_another_algorithm_is_refused(
    issuer: OidcIssuer, workload: Workload, key: str | None
) -> None:
    genuine = issuer.token(issuer.enrol(workload), "sigstore", NOW)
    claims = jwt.decode(genuine, options={"verify_signature": False})
    forged = jwt.encode(claims, key, algorithm="HS256" if key else "none")
    assert refusal(issuer, forged) == "rehearsal-token-refused"


def test_text_that_is_no_token_is_refused(issuer: OidcIssuer) -> None:
    assert refusal(issuer, "not.a.token") == "rehearsal-token-refused"


@pytest.mark.parametrize("request_token", ["", "guess", "\N{SNOWMAN}"])
def test_an_unknown_job_gets_no_token(issuer: OidcIssuer, request_token: str) -> None:
    with pytest.raises(RehearsalError) as caught:
        issuer.token(request_token, "sigstore", NOW)
    assert caught.value.code == "rehearsal-caller-refused"


def test_each_job_gets_its_own_claims(issuer: OidcIssuer, workload: Workload) -> None:
    first, second = issuer.enrol(workload), issuer.enrol(replace(workload, run_id="78"))
    assert first != second
    runs = [
        issuer.check(issuer.token(request, "sigstore", NOW), "sigstore", NOW)["run_id"]
        for request in (first, second)
    ]
    assert runs == ["77", "78"]


def test_the_published_key_verifies_a_token(issuer: OidcIssuer, workload: Workload) -> None:
    token = issuer.token(issuer.enrol(workload), "sigstore", NOW)
    key_set = jwt.PyJWKSet.from_dict(dict(issuer.key_set()))
    key = key_set[jwt.get_unverified_header(token)["kid"]]
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    claims = jwt.decode(token, key, algorithms=["ES256"], audience="sigstore", options=options)
    assert claims["sub"] == workload.subject


def test_discovery_names_the_issuer_and_its_keys(issuer: OidcIssuer) -> None:
    document = issuer.configuration("http://127.0.0.1:1")
    assert document["issuer"] == REHEARSAL_ISSUER
    assert document["jwks_uri"] == "http://127.0.0.1:1/.well-known/jwks"
