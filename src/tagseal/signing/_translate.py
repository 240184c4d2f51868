"""sigstore's exceptions, as reason codes.

sigstore-python says which step of a verification failed in words only, so the words choose the
code. They choose nothing else: whatever was raised, known or not, the bundle is not verified, and
a wording that nobody foresaw is ``signing-bundle-invalid``. Imports sigstore; see the package.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sigstore.errors import CertValidationError, VerificationError

from tagseal.core.errors import SigningError
from tagseal.core.paths import display

__all__ = ["describe_failure", "failing_as", "translate"]

_WORDS = (
    ("DSSE: invalid signature", "signing-signature-invalid"),
    ("not enough sources of verified time", "signing-time-invalid"),
    ("timestamp", "signing-time-invalid"),
    ("Timestamp", "signing-time-invalid"),
    ("expired at time of signing", "signing-time-invalid"),
    ("failed to verify SCT", "signing-certificate-invalid"),
    ("usage", "signing-certificate-invalid"),
    ("log entry", "signing-log-invalid"),
)


@contextmanager
def failing_as(error_for: Callable[[BaseException], SigningError]) -> Iterator[None]:
    """Turn every failure inside the block but a SigningError into one.

    Rust code that panics, in cryptography or rfc3161-client, raises a BaseException through pyo3;
    rfc3161-client does so over a certificate with broken text, which anybody can write. That is a
    failure too. A request to stop (KeyboardInterrupt, SystemExit) is none.
    """
    try:
        yield
    except SigningError:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__module__ == "pyo3_runtime":
            raise error_for(error) from error
        raise


def translate(error: BaseException, where: str) -> SigningError:
    """Return the error for whatever verifying a bundle raised; never one that counts as decided.

    A TypeError of cryptography's is as much a refusal as sigstore's own VerificationError.
    """
    message = f"the bundle does not verify: {describe_failure(error)}"
    return SigningError(_code(error), message, where=where)


def _code(error: BaseException) -> str:
    if isinstance(error, CertValidationError):
        return "signing-certificate-invalid"
    if isinstance(error, VerificationError):
        text = str(error)
        for words, code in _WORDS:
            if words in text:
                return code
    return "signing-bundle-invalid"


def describe_failure(error: BaseException) -> str:
    """Return what an exception says, on one line, escaped and bounded; never empty."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return display(" ".join(line.strip() for line in lines)[:300])
