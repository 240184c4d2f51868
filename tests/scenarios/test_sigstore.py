"""The unmodified sigstore command judges what a rehearsal leaves as we do."""

import subprocess
import sys
from pathlib import Path

import pytest

import tagseal
from support_cli import judged, run
from support_release import NAME, Rehearsed
from tagseal.policy import REHEARSAL_SIGNER
from tagseal.rehearsal import REHEARSAL_ISSUER


def sigstore(rehearsed: Rehearsed, archive: Path) -> "subprocess.CompletedProcess[str]":
    """Verify an archive by the provenance bundle, as sigstore's documentation says."""
    return subprocess.run(
        [
            *(sys.executable, "-P", "-m", "sigstore", "--trust-config", rehearsed.trust_config),
            *("verify", "identity", "--bundle", rehearsed.folder / f"{NAME}.sigstore.json"),
            *("--cert-identity", f"{REHEARSAL_SIGNER}@refs/tags/v{tagseal.__version__}"),
            *("--cert-oidc-issuer", REHEARSAL_ISSUER, archive),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_both_accept_the_archive(rehearsed: Rehearsed) -> None:
    ran = sigstore(rehearsed, rehearsed.archive)
    assert ran.returncode == 0, ran.stderr
    assert f"OK: {rehearsed.archive}" in ran.stderr
    assert run(*rehearsed.verify()).status == 0


def test_both_refuse_one_changed_byte(rehearsed: Rehearsed) -> None:
    """Sigstore finds no subject with the digest of the file that it was given."""
    data = bytearray(rehearsed.archive.read_bytes())
    data[4] ^= 1  # the time in the gzip header, which nothing else checks
    rehearsed.archive.write_bytes(data)
    ran = sigstore(rehearsed, rehearsed.archive)
    assert ran.returncode == 1
    assert "no subject for digest" in ran.stderr
    judged("evidence-wrong-file", *rehearsed.verify())


@pytest.mark.parametrize("line", range(3))
def test_every_line_of_the_evidence_is_a_bundle_of_its_own(rehearsed: Rehearsed, line: int) -> None:
    lines = rehearsed.evidence.read_bytes().splitlines()
    bundle = rehearsed.folder / f"{NAME}.sigstore.json"
    if line == 0:
        assert bundle.read_bytes() == lines[0] + b"\n"
    bundle.write_bytes(lines[line])
    assert sigstore(rehearsed, rehearsed.archive).returncode == 0
