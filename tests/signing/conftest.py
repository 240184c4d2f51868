from collections.abc import Iterator

import pytest

from support_signing import STATEMENT, WORKLOAD, token_of
from tagseal.rehearsal import EmbeddedSigstore
from tagseal.signing import StatementSigner, Trust, trust_from_json


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may run in a CI that has tokens; nothing here may find them."""
    for name in (
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "BUILDKITE",
        "CIRCLECI",
        "GOOGLE_SERVICE_ACCOUNT_NAME",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def sigstore() -> Iterator[EmbeddedSigstore]:
    with EmbeddedSigstore(WORKLOAD) as running:
        yield running


@pytest.fixture
def token(sigstore: EmbeddedSigstore) -> str:
    return token_of(sigstore)


@pytest.fixture(scope="session")
def trust(sigstore: EmbeddedSigstore) -> Trust:
    return trust_from_json(sigstore.trust_config(), source="the rehearsal's trust config")


@pytest.fixture(scope="session")
def signed(sigstore: EmbeddedSigstore, trust: Trust) -> bytes:
    with StatementSigner(trust, token=token_of(sigstore)) as signer:
        return signer.sign(STATEMENT)
