import subprocess
import sys

import pytest
from sigstore.errors import CertValidationError, VerificationError

import tagseal.signing
from tagseal.core.reasons import REASONS, Status
from tagseal.signing._translate import describe_failure, failing_as, translate


def test_importing_does_not_import_sigstore():
    program = (
        "import sys, tagseal.signing\n"
        "heavy = {'sigstore', 'sigstore_models', 'cryptography', 'pydantic', 'requests'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_exported():
    assert tagseal.signing.__all__ == sorted(tagseal.signing.__all__)
    for name in tagseal.signing.__all__:
        assert hasattr(tagseal.signing, name)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CertValidationError("no chain"), "signing-certificate-invalid"),
        (VerificationError("failed to verify SCT: x"), "signing-certificate-invalid"),
        (VerificationError("something new"), "signing-bundle-invalid"),
        (TypeError("verify() takes 3 arguments"), "signing-bundle-invalid"),
        (KeyError(), "signing-bundle-invalid"),
    ],
    ids=repr,
)
def test_whatever_is_raised_is_a_refusal(error: Exception, code: str):
    translated = translate(error, "here")
    assert (translated.code, translated.where) == (code, "here")
    assert translated.reason.status is Status.NOT_VERIFIED


def test_descriptions_are_one_safe_line():
    assert describe_failure(ValueError("a\n  b\x1b[2J")) == "a b\\x1b[2J"
    assert describe_failure(ValueError()) == "ValueError"
    assert len(describe_failure(ValueError("a" * 1000))) == 300


def test_only_these_are_undecided_when_evidence_is_judged():
    undecided = {
        code
        for code, reason in REASONS.items()
        if code.startswith(("evidence-", "signing-")) and reason.status is Status.UNDECIDED
    }
    assert undecided == {
        "evidence-no-inclusion-proof",
        "evidence-unsupported-key",
        "evidence-unsupported-log-entry",
        "evidence-unsupported-version",
        "signing-service-refused",
        "signing-service-unavailable",
        "signing-trust-root-stale",
        "signing-unsupported",
    }


def test_a_request_to_stop_is_no_failure():
    with pytest.raises(KeyboardInterrupt), failing_as(lambda error: translate(error, "here")):
        raise KeyboardInterrupt
