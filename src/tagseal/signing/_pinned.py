"""The pinned trust root: which bytes it must be. See ``_trust/README.md`` for where it is from."""

import hashlib
from importlib import resources

from tagseal.core.errors import SigningError

__all__ = ["PRODUCTION_ROOT", "PRODUCTION_SIGNING", "pinned"]

PRODUCTION_ROOT = (
    "production.json",
    "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66",
)
"""Sigstore's production TrustedRoot: its file and sha256."""

PRODUCTION_SIGNING = (
    "production_signing.json",
    "9711a6d5375706957a4859af31c5866a4474f81f0544f9f4b76c9c4f4c8a539c",
)
"""Sigstore's production SigningConfig: its file and sha256."""


def pinned(file: tuple[str, str]) -> bytes:
    """Return a pinned file's bytes; SigningError (signing-trust-malformed) for any others."""
    name, sha256 = file
    data = resources.files("tagseal.signing").joinpath("_trust", name).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        message = f"{name}, which tagseal ships, does not have the digest that it is pinned to"
        raise SigningError(
            "signing-trust-malformed", message, hint="Install tagseal again from where you trust."
        )
    return data
