"""The whole way, with clients that know nothing of us: sigstore's API and its command."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography.x509 import Certificate
from sigstore.dsse import Statement, StatementBuilder, Subject
from sigstore.errors import VerificationError
from sigstore.models import Bundle, ClientTrustConfig
from sigstore.oidc import IdentityError, IdentityToken, detect_credential
from sigstore.sign import Signer, SigningContext
from sigstore.verify import Verifier
from sigstore.verify import policy as sigstore_policy

from tagseal.core.errors import RehearsalError
from tagseal.core.identity import FULCIO_ARC
from tagseal.rehearsal import REHEARSAL_ISSUER, EmbeddedSigstore, Workload

ARCHIVE = b"the bytes of an archive"


def statement(archive: bytes = ARCHIVE) -> Statement:
    subject = Subject(name="archive.tar", digest={"sha256": hashlib.sha256(archive).hexdigest()})
    builder = StatementBuilder([subject], "https://slsa.dev/provenance/v1", {"any": "thing"})
    return builder.build()


def policy(sigstore: EmbeddedSigstore) -> sigstore_policy.Identity:
    return sigstore_policy.Identity(identity=sigstore.identity().san, issuer=REHEARSAL_ISSUER)


def verifier(sigstore: EmbeddedSigstore) -> Verifier:
    config = ClientTrustConfig.from_json(sigstore.trust_config().decode())
    return Verifier(trusted_root=config.trusted_root)


def signing_context(sigstore: EmbeddedSigstore) -> SigningContext:
    config = ClientTrustConfig.from_json(sigstore.trust_config().decode())
    return SigningContext.from_trust_config(config)


def ambient_token() -> IdentityToken:
    token = detect_credential()
    assert token is not None
    return IdentityToken(token)


class Folder:
    """A folder with an archive, two bundles of it and a trust config; no server is left."""

    def __init__(self, path: Path, workload: Workload) -> None:
        self.path = path
        self.archive = path / "archive.tar"
        self.archive.write_bytes(ARCHIVE)
        with EmbeddedSigstore(workload) as sigstore:
            self.identity = sigstore.identity()
            (path / "trust.json").write_bytes(sigstore.trust_config())
            environment = {**os.environ, **sigstore.environment()}
            self.run("sign", str(self.archive), environment=environment)
            with pytest.MonkeyPatch.context() as patch:
                for name, value in sigstore.environment().items():
                    patch.setenv(name, value)
                with signing_context(sigstore).signer(ambient_token()) as signer:
                    attestation = signer.sign_dsse(statement()).to_json()
        self.message = path / "archive.tar.sigstore.json"
        self.attestation = path / "attestation.json"
        self.attestation.write_text(attestation)

    def run(
        self, *arguments: str, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the unmodified command; away from loopback, it finds a proxy that is not there."""
        nowhere = {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
        command = [sys.executable, "-m", "sigstore", "--trust-config", "trust.json", *arguments]
        return subprocess.run(
            command,
            cwd=self.path,
            env={**(environment or os.environ), **nowhere, "HOME": str(self.path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=environment is not None,
        )

    def verify(self, bundle: Path, *, identity: str | None = None) -> int:
        return self.run(
            *("verify", "identity", "--bundle", str(bundle)),
            *("--cert-identity", identity or self.identity.san),
            *("--cert-oidc-issuer", REHEARSAL_ISSUER),
            str(self.archive),
        ).returncode


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    workload = Workload(
        repository="owner/name",
        repository_id="111",
        owner_id="222",
        ref="refs/tags/v1.0",
        commit="0123456789abcdef0123456789abcdef01234567",
    )
    return Folder(tmp_path_factory.mktemp("signed"), workload)


@pytest.fixture
def restored(signed: Folder) -> Iterator[Folder]:
    """The folder, whose files a test may damage."""
    kept = {path: path.read_bytes() for path in signed.path.iterdir() if path.is_file()}
    yield signed
    for path, content in kept.items():
        path.write_bytes(content)


@pytest.mark.parametrize("kind", ["message", "attestation"])
def test_the_command_accepts_after_the_server_is_gone(signed: Folder, kind: str) -> None:
    assert signed.verify(getattr(signed, kind)) == 0


@pytest.mark.parametrize("kind", ["message", "attestation"])
def test_the_command_refuses_one_changed_byte(restored: Folder, kind: str) -> None:
    restored.archive.write_bytes(ARCHIVE.replace(b"a", b"e", 1))
    assert restored.verify(getattr(restored, kind)) == 1


def test_the_command_refuses_another_identity(signed: Folder) -> None:
    other = signed.identity.san.replace("owner", "0wner")
    assert signed.verify(signed.attestation, identity=other) == 1


def test_the_command_never_takes_a_rehearsal_for_github(signed: Folder) -> None:
    done = signed.run(
        *("verify", "github", "--bundle", str(signed.message)),
        *("--cert-identity", signed.identity.san),
        str(signed.archive),
    )
    assert done.returncode == 1
    assert REHEARSAL_ISSUER in done.stderr


def test_the_command_refuses_another_rehearsals_trust_root(
    restored: Folder, workload: Workload
) -> None:
    with EmbeddedSigstore(workload) as other:
        (restored.path / "trust.json").write_bytes(other.trust_config())
    assert restored.verify(restored.attestation) == 1


def test_the_api_signs_and_verifies_what_was_meant(
    sigstore: EmbeddedSigstore, signer: Signer
) -> None:
    bundle = Bundle.from_json(signer.sign_dsse(statement()).to_json())
    payload_type, payload = verifier(sigstore).verify_dsse(bundle, policy(sigstore))
    assert payload_type == "application/vnd.in-toto+json"
    assert payload == statement()._contents
    (entry,) = sigstore.log_entries()
    assert json.loads(entry)["kind"] == "hashedrekord"


def extensions(certificate: Certificate) -> dict[int, str]:
    return {
        int(extension.oid.dotted_string.rpartition(".")[2]): extension.value.value[2:].decode()
        for extension in certificate.extensions
        if extension.oid.dotted_string.startswith(FULCIO_ARC + ".")
    }


def test_the_certificate_says_what_identity_says(
    sigstore: EmbeddedSigstore, signer: Signer
) -> None:
    said = extensions(signer.sign_artifact(ARCHIVE).signing_certificate)
    identity = sigstore.identity()
    for number, field in identity.extension_fields().items():
        assert said[number] == getattr(identity, field)


def test_other_workloads_sign_under_the_same_trust_root(
    sigstore: EmbeddedSigstore, workload: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork = replace(workload, repository="mallory/name", signer_workflow=None)
    for name, value in sigstore.environment(fork).items():
        monkeypatch.setenv(name, value)
    assert os.environ["GITHUB_REPOSITORY"] == "mallory/name"
    with signing_context(sigstore).signer(ambient_token()) as signer:
        bundle = signer.sign_artifact(ARCHIVE)
    with pytest.raises(VerificationError):
        verifier(sigstore).verify_artifact(ARCHIVE, bundle, policy(sigstore))
    said = sigstore_policy.Identity(identity=sigstore.identity(fork).san, issuer=REHEARSAL_ISSUER)
    verifier(sigstore).verify_artifact(ARCHIVE, bundle, said)


def test_the_client_refuses_another_log_s_certificate_timestamp(
    sigstore: EmbeddedSigstore, workload: Workload
) -> None:
    config = json.loads(sigstore.trust_config())
    config["trustedRoot"]["ctlogs"] = json.loads(EmbeddedSigstore(workload).trusted_root())[
        "ctlogs"
    ]
    context = SigningContext.from_trust_config(ClientTrustConfig.from_json(json.dumps(config)))
    with pytest.raises(VerificationError, match="SCT"), context.signer(ambient_token()):
        pass


@pytest.mark.parametrize("field", ["logIndex", "rootHash", "envelope"])
def test_the_client_refuses_a_forged_inclusion(
    sigstore: EmbeddedSigstore, signer: Signer, field: str
) -> None:
    signer.sign_artifact(b"something else")
    document = json.loads(signer.sign_artifact(ARCHIVE).to_json())
    proof = document["verificationMaterial"]["tlogEntries"][0]["inclusionProof"]
    if field == "envelope":
        envelope = proof["checkpoint"]["envelope"]
        proof["checkpoint"]["envelope"] = envelope.replace("\n2\n", "\n3\n")
    else:
        proof[field] = {"logIndex": "0", "rootHash": "A" * 43 + "="}[field]
    with pytest.raises(VerificationError, match="invalid log entry"):
        verifier(sigstore).verify_artifact(
            ARCHIVE, Bundle.from_json(json.dumps(document)), policy(sigstore)
        )


@pytest.mark.parametrize("bearer", ["wrong", "x" * 43])
def test_a_wrong_bearer_token_gets_no_token(
    sigstore: EmbeddedSigstore, monkeypatch: pytest.MonkeyPatch, bearer: str
) -> None:
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", bearer)
    with pytest.raises(IdentityError, match="code=401"):
        detect_credential()


def test_a_missing_bearer_token_gets_no_token(sigstore: EmbeddedSigstore) -> None:
    answer = requests.get(f"{sigstore.url}/oidc/token", timeout=5)
    assert answer.status_code == 401
    assert "value" not in answer.json()


def test_an_expired_token_gets_no_certificate(
    workload: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    times = [now, now, now + timedelta(hours=1)]
    with EmbeddedSigstore(workload, clock=lambda: times.pop(0)) as sigstore:
        for name, value in sigstore.environment().items():
            monkeypatch.setenv(name, value)
        answer = requests.post(
            f"{sigstore.url}/api/v2/signingCert",
            headers={"Authorization": f"Bearer {ambient_token()}"},
            json={"certificateSigningRequest": ""},
            timeout=5,
        )
    assert answer.status_code == 401
    assert answer.json()["message"] == "the identity token is not valid at this time"


def test_the_published_documents_are_there(sigstore: EmbeddedSigstore) -> None:
    def get(path: str) -> requests.Response:
        answer = requests.get(sigstore.url + path, timeout=5)
        assert answer.status_code == 200
        return answer

    discovery = get("/.well-known/openid-configuration").json()
    assert discovery["issuer"] == REHEARSAL_ISSUER
    keys = requests.get(discovery["jwks_uri"], timeout=5).json()
    assert [key["kty"] for key in keys["keys"]] == ["EC"]
    (chain,) = get("/api/v2/trustBundle").json()["chains"]
    assert len(chain["certificates"]) == 2
    assert get("/api/v2/checkpoint").text.startswith("rekor.rehearsal.tagseal.invalid\n0\n")


def test_an_entry_sent_twice_is_a_conflict(sigstore: EmbeddedSigstore, signer: Signer) -> None:
    signer.sign_artifact(ARCHIVE)
    spec = json.loads(sigstore.log_entries()[0])["spec"]["hashedRekordV002"]
    request = {"digest": spec["data"]["digest"], "signature": spec["signature"]}
    answer = requests.post(
        f"{sigstore.url}/api/v2/log/entries",
        json={"hashedRekordRequestV002": request},
        timeout=5,
    )
    assert answer.status_code == 409
    assert answer.json()["code"] == 6
    assert len(sigstore.log_entries()) == 1


def test_it_can_be_entered_again_but_not_twice_at_once(workload: Workload) -> None:
    sigstore = EmbeddedSigstore(workload)
    with sigstore:
        with pytest.raises(RehearsalError) as caught, sigstore:
            pass
        assert caught.value.code == "rehearsal-lifecycle"
        assert requests.get(f"{sigstore.url}/api/v2/trustBundle", timeout=5).ok
    with sigstore:
        assert requests.get(f"{sigstore.url}/api/v2/trustBundle", timeout=5).ok


def test_a_stopped_one_has_no_environment_but_keeps_its_trust_config(workload: Workload) -> None:
    with EmbeddedSigstore(workload) as sigstore:
        config = sigstore.trust_config()
    assert sigstore.trust_config() == config
    with pytest.raises(RehearsalError) as caught:
        sigstore.environment()
    assert caught.value.code == "rehearsal-lifecycle"


def test_another_server_is_named_in_certificates(workload: Workload) -> None:
    sigstore = EmbeddedSigstore(workload, server_url="https://git.example/")
    assert sigstore.identity().source_repository_uri == "https://git.example/owner/name"
