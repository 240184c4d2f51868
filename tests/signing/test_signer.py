import base64
import json
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sigstore import dsse
from sigstore._internal.fulcio.client import ExpiredCertificate
from sigstore.models import Bundle
from sigstore.oidc import IdentityToken
from sigstore.sign import Signer

from support_signing import STATEMENT, WORKLOAD, FaultyFront, edited, token_of
from tagseal.core.errors import SigningError
from tagseal.evidence import read_bundle
from tagseal.rehearsal import EmbeddedSigstore, Workload
from tagseal.signing import (
    BundleVerifier,
    Patience,
    StatementSigner,
    Trust,
    load_trust,
    trust_from_json,
)
from tagseal.signing._transport import bound

QUICK = Patience(timeout=5, attempts=3, pause=0.01)
CERTIFICATE = "/api/v2/signingCert"
ENTRIES = "/api/v2/log/entries"
TIMESTAMP = "/api/v1/timestamp"


def failure(trust: Trust, token: str | None, **options: Any) -> SigningError:
    with (
        pytest.raises(SigningError) as caught,
        StatementSigner(trust, token=token, patience=QUICK, **options) as signer,
    ):
        signer.sign(STATEMENT)
    return caught.value


def test_round_trip_keeps_every_byte(trust: Trust, signed: bytes):
    assert b"\n" not in signed
    parsed = read_bundle(signed)
    verified = BundleVerifier(trust).verify(parsed)
    assert verified.bundle == parsed
    assert verified.payload == STATEMENT
    assert verified.payload_type == "application/vnd.in-toto+json"


def test_one_certificate_for_all_statements_of_a_block(trust: Trust, token: str):
    with StatementSigner(trust, token=token) as signer:
        first, second = (read_bundle(signer.sign(STATEMENT)) for _ in range(2))
    assert first.certificate == second.certificate
    with StatementSigner(trust, token=token) as signer:
        third = read_bundle(signer.sign(STATEMENT))
    assert third.certificate != first.certificate


def test_signing_outside_the_block_is_a_mistake_in_the_program(trust: Trust, token: str):
    signer = StatementSigner(trust, token=token)
    with pytest.raises(RuntimeError):
        signer.sign(STATEMENT)
    with signer:
        pass
    with pytest.raises(RuntimeError):
        signer.sign(STATEMENT)
    signer.__exit__(None, None, None)


def test_the_ambient_token(
    sigstore: EmbeddedSigstore, trust: Trust, monkeypatch: pytest.MonkeyPatch
):
    for name, value in sigstore.environment().items():
        monkeypatch.setenv(name, value)
    with StatementSigner(trust) as signer:
        parsed = read_bundle(signer.sign(STATEMENT))
    identity = BundleVerifier(trust).verify(parsed).identity
    assert identity.source_repository_uri == "https://github.com/owner/name"


def test_a_proxy_for_the_world_is_not_for_loopback(
    trust: Trust, token: str, monkeypatch: pytest.MonkeyPatch
):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with StatementSigner(trust, token=token, patience=QUICK) as signer:
        assert read_bundle(signer.sign(STATEMENT)).payload == STATEMENT


def test_no_token(trust: Trust):
    assert failure(trust, None).code == "signing-no-identity"


def test_a_job_that_may_not_ask_for_a_token(trust: Trust, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", raising=False)
    assert failure(trust, None).code == "signing-no-identity"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d"])
def test_a_token_that_is_none(trust: Trust, token: str):
    assert failure(trust, token or "\0").code == "signing-identity-invalid"


def test_an_expired_token(trust: Trust):
    with EmbeddedSigstore(WORKLOAD, clock=lambda: datetime.now(UTC) - timedelta(days=1)) as past:
        token = token_of(past)
    assert failure(trust, token).code == "signing-identity-invalid"


def test_a_token_of_another_issuer_is_refused_by_the_authority(trust: Trust):
    with EmbeddedSigstore(WORKLOAD) as other:
        token = token_of(other)
    error = failure(trust, token)
    assert error.code == "signing-service-refused"
    assert "token" in error.message
    assert "HTTP 401" in error.message
    assert str(error.where).endswith(CERTIFICATE)


@pytest.mark.parametrize(
    "statement",
    [
        b"",
        b"{}",
        b"[]",
        STATEMENT.replace(b"Statement/v1", b"Statement/v0.1"),
        STATEMENT.replace(b"sha256", b"gitCommit"),
        STATEMENT + b"x",
    ],
)
def test_only_statements_are_signed(trust: Trust, token: str, statement: bytes):
    with StatementSigner(trust, token=token) as signer:
        with pytest.raises(SigningError) as caught:
            signer.sign(statement)
        assert caught.value.code == "signing-statement-refused"
        assert signer.sign(STATEMENT)


def test_a_root_alone_says_not_where_to_sign(sigstore: EmbeddedSigstore, token: str):
    root = trust_from_json(sigstore.trusted_root(), source="root")
    assert failure(root, token).code == "signing-cannot-sign"


def test_services_that_are_over(sigstore: EmbeddedSigstore, token: str):
    def end(config: dict[str, Any]) -> None:
        for services in config["signingConfig"].values():
            for service in services if isinstance(services, list) else []:
                service["validFor"] = {
                    "start": "2020-01-01T00:00:00Z",
                    "end": "2020-01-02T00:00:00Z",
                }

    trust = trust_from_json(edited(sigstore.trust_config(), end), source="over")
    assert failure(trust, token).code == "signing-cannot-sign"


def test_without_the_extra(trust: Trust, token: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "tenacity", None)
    for name in ("tagseal.signing._session", "tagseal.signing._transport"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    error = failure(trust, token)
    assert error.code == "extra-missing"
    assert "tagseal[release]" in error.message


def public(trust: Trust) -> Trust:
    return Trust(
        source=trust.source,
        sha256=trust.sha256,
        is_rehearsal=False,
        is_public_log=True,
        root=trust.root,
        signing=trust.signing,
    )


PRIVATE = Workload(
    repository="owner/secret",
    repository_id="11",
    owner_id="22",
    ref="refs/tags/v1.0",
    commit="a" * 40,
    visibility="private",
)


def test_a_private_repository_needs_consent_before_anything_is_published(
    sigstore: EmbeddedSigstore,
):
    trust = trust_from_json(sigstore.trust_config(), source="x")
    token = token_of(sigstore, PRIVATE)
    entries = sigstore.log_entries()
    error = failure(public(trust), token)
    assert error.code == "signing-needs-consent"
    assert "private" in error.message
    assert sigstore.log_entries() == entries
    with StatementSigner(trust, token=token) as signer:
        assert signer.sign(STATEMENT)


def test_the_public_instance_is_not_even_asked_without_consent(
    sigstore: EmbeddedSigstore, monkeypatch: pytest.MonkeyPatch
):
    token = token_of(sigstore, PRIVATE)
    monkeypatch.setattr(socket, "create_connection", None)
    assert failure(load_trust(None), token).code == "signing-needs-consent"


def test_given_consent_is_enough(sigstore: EmbeddedSigstore, trust: Trust):
    token = token_of(sigstore, PRIVATE)
    with StatementSigner(public(trust), token=token, consent=True) as signer:
        # A trust that says it is no rehearsal refuses a rehearsal's evidence, also its own.
        with pytest.raises(SigningError) as caught:
            signer.sign(STATEMENT)
        assert caught.value.code == "signing-rehearsal-evidence"


def test_services_that_are_down(sigstore: EmbeddedSigstore, token: str):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    down = sigstore.trust_config().replace(
        sigstore.url.encode(), f"http://127.0.0.1:{port}".encode()
    )
    error = failure(trust_from_json(down, source="down"), token)
    assert error.code == "signing-service-unavailable"
    assert "Connection refused" in error.message


def test_services_elsewhere_may_need_the_proxy():
    here, elsewhere = requests.Session(), requests.Session()
    bound(here, "http://127.0.0.1:1/x", QUICK)
    bound(elsewhere, "https://rekor.example/x", QUICK)
    assert (here.trust_env, elsewhere.trust_env) == (False, True)


@pytest.mark.parametrize("path", [CERTIFICATE, ENTRIES, TIMESTAMP])
@pytest.mark.parametrize("faults", [[500, 503], [429], ["lost"]], ids=str)
def test_a_service_that_recovers(
    sigstore: EmbeddedSigstore, token: str, path: str, faults: list[int | str]
):
    with FaultyFront(sigstore, path, list(faults)) as front:
        with StatementSigner(front.trust, token=token, patience=QUICK) as signer:
            parsed = read_bundle(signer.sign(STATEMENT))
        assert BundleVerifier(front.trust).verify(parsed).payload == STATEMENT
        # A lost log entry exists already when it is asked for again, and is then signed anew.
        extra = 1 if (path, faults) == (ENTRIES, ["lost"]) else 0
        assert front.requests == len(faults) + 1 + extra


@pytest.mark.parametrize("path", [CERTIFICATE, ENTRIES, TIMESTAMP])
@pytest.mark.parametrize("fault", [500, "garbage"])
def test_a_service_that_stays_broken(
    sigstore: EmbeddedSigstore, token: str, path: str, fault: int | str
):
    entries = len(sigstore.log_entries())
    with FaultyFront(sigstore, path, [fault] * 9) as front:
        assert failure(front.trust, token).code == "signing-service-unavailable"
        assert front.requests == (3 if fault == 500 else 1)
    assert len(sigstore.log_entries()) == entries


@pytest.mark.parametrize("path", [CERTIFICATE, ENTRIES])
def test_a_refusal_is_not_asked_again(sigstore: EmbeddedSigstore, token: str, path: str):
    with FaultyFront(sigstore, path, [400] * 9) as front:
        assert failure(front.trust, token).code == "signing-service-refused"
        assert front.requests == 1


def test_a_refusal_that_says_nothing(sigstore: EmbeddedSigstore, token: str):
    with FaultyFront(sigstore, CERTIFICATE, ["mute"]) as front:
        error = failure(front.trust, token)
    assert error.code == "signing-service-refused"
    assert error.message.endswith("answered with HTTP 403, without a message")


def test_a_conflict_that_stays_is_a_refusal(sigstore: EmbeddedSigstore, token: str):
    with FaultyFront(sigstore, ENTRIES, [409] * 9) as front:
        assert failure(front.trust, token).code == "signing-service-refused"
        assert front.requests == QUICK.attempts


@pytest.mark.parametrize("path", [CERTIFICATE, ENTRIES, TIMESTAMP])
def test_a_service_that_hangs(sigstore: EmbeddedSigstore, token: str, path: str):
    patience = Patience(timeout=0.2, attempts=2, pause=0.01)
    with (
        FaultyFront(sigstore, path, ["hang"] * 9) as front,
        pytest.raises(SigningError) as caught,
        StatementSigner(front.trust, token=token, patience=patience) as signer,
    ):
        signer.sign(STATEMENT)
    assert caught.value.code == "signing-service-unavailable"
    assert front.requests == 2


class LateSigner(Signer):
    """A signer whose certificate has expired when it first signs."""

    late = True

    def sign_dsse(self, input_: dsse.Statement) -> Bundle:
        if LateSigner.late:
            LateSigner.late = False
            raise ExpiredCertificate
        return super().sign_dsse(input_)


def test_a_certificate_that_expires_is_renewed(
    sigstore: EmbeddedSigstore, trust: Trust, token: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tagseal.signing._session.Signer", LateSigner)
    monkeypatch.setattr(LateSigner, "late", True)
    with FaultyFront(sigstore, CERTIFICATE, []) as front:
        with StatementSigner(front.trust, token=token) as signer:
            assert read_bundle(signer.sign(STATEMENT)).payload == STATEMENT
            assert front.requests == 2
            signer.sign(STATEMENT)
        assert front.requests == 2


def test_a_token_that_expired_with_its_certificate(
    trust: Trust, token: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tagseal.signing._session.Signer", LateSigner)
    monkeypatch.setattr(LateSigner, "late", True)
    with StatementSigner(trust, token=token) as signer:
        answers = iter([True, False])  # when the token is read again, and when it is used
        monkeypatch.setattr(IdentityToken, "in_validity_period", lambda _: next(answers))
        with pytest.raises(SigningError) as caught:
            signer.sign(STATEMENT)
    assert caught.value.code == "signing-identity-invalid"


def sign_with_sha384(key: ec.EllipticCurvePrivateKey, statement: Any) -> dsse.Envelope:
    signature = key.sign(statement._pae(), ec.ECDSA(hashes.SHA384()))
    document = {
        "payload": base64.b64encode(statement._contents).decode(),
        "payloadType": "application/vnd.in-toto+json",
        "signatures": [{"sig": base64.b64encode(signature).decode()}],
    }
    return dsse.Envelope._from_json(json.dumps(document))


def test_another_kind_of_key_is_undecided(
    trust: Trust, token: str, monkeypatch: pytest.MonkeyPatch
):
    generate: Callable[..., Any] = ec.generate_private_key
    monkeypatch.setattr(ec, "generate_private_key", lambda _: generate(ec.SECP384R1()))
    monkeypatch.setattr(dsse, "_sign", sign_with_sha384)
    assert failure(trust, token).code == "signing-unsupported"


def test_other_bytes_than_were_given_are_found_out(
    trust: Trust, token: str, monkeypatch: pytest.MonkeyPatch
):
    honest = dsse._sign
    other = dsse.Statement(STATEMENT.replace(b"a-1", b"b-1"))
    monkeypatch.setattr(dsse, "_sign", lambda key, _: honest(key, other))
    assert failure(trust, token).code == "signing-bundle-invalid"
