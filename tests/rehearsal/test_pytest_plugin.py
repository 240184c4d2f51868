import subprocess
import sys
from pathlib import Path

CONFTEST = 'pytest_plugins = ["tagseal.rehearsal.pytest_plugin"]\n'
TESTS = """
import os
from dataclasses import replace

import pytest
from sigstore.models import ClientTrustConfig
from sigstore.oidc import IdentityToken, detect_credential
from sigstore.sign import SigningContext
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity
from tagseal.rehearsal import REHEARSAL_ISSUER


def test_signs_and_verifies(embedded_sigstore):
    config = ClientTrustConfig.from_json(embedded_sigstore.trust_config().decode())
    token = IdentityToken(detect_credential())
    with SigningContext.from_trust_config(config).signer(token) as signer:
        bundle = signer.sign_artifact(b"data")
    identity = Identity(identity=embedded_sigstore.identity().san, issuer=REHEARSAL_ISSUER)
    Verifier(trusted_root=config.trusted_root).verify_artifact(b"data", bundle, identity)


def test_leaves_nothing_behind():
    assert "ACTIONS_ID_TOKEN_REQUEST_URL" not in os.environ


class TestOverridden:
    @pytest.fixture
    def embedded_sigstore_workload(self, embedded_sigstore_workload):
        return replace(embedded_sigstore_workload, ref="refs/heads/main")

    def test_is_another_run(self, embedded_sigstore):
        assert embedded_sigstore.identity().source_repository_ref == "refs/heads/main"
        assert os.environ["GITHUB_REF"] == "refs/heads/main"
"""


def test_another_project_uses_the_fixtures(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_theirs.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"]
    done = subprocess.run(
        [*command, "test_theirs.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert "3 passed" in done.stdout, done.stdout + done.stderr


def test_the_fixtures_are_not_loaded_unasked(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text("def test_it(embedded_sigstore): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_theirs.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "fixture 'embedded_sigstore' not found" in done.stdout
