"""What the tests of the rehearsal share: a run, a running Sigstore, and a client's signer."""

from collections.abc import Iterator

import pytest
from sigstore.models import ClientTrustConfig
from sigstore.oidc import IdentityToken, detect_credential
from sigstore.sign import Signer, SigningContext

from tagseal.rehearsal import EmbeddedSigstore, Workload


@pytest.fixture
def workload() -> Workload:
    return Workload(
        repository="owner/name",
        repository_id="111",
        owner_id="222",
        ref="refs/tags/v1.0",
        commit="0123456789abcdef0123456789abcdef01234567",
        signer_workflow="sealers/seal/.github/workflows/seal.yml@refs/tags/v3",
        signer_workflow_commit="c" * 40,
        workflow_commit="b" * 40,
        run_id="77",
        run_attempt="2",
    )


@pytest.fixture
def sigstore(workload: Workload, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedSigstore]:
    with EmbeddedSigstore(workload) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def signer(sigstore: EmbeddedSigstore) -> Iterator[Signer]:
    config = ClientTrustConfig.from_json(sigstore.trust_config().decode())
    token = detect_credential()
    assert token is not None
    with SigningContext.from_trust_config(config).signer(IdentityToken(token)) as client:
        yield client
