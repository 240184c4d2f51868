"""Signed checkpoints of a log: a signed note over origin, size and root hash.

Source: C2SP ``signed-note`` and ``tlog-checkpoint``. The note's text is three lines; an empty line
and a line for the signature follow: an em dash, the key's name, and base64 of the key's hint with
the Ed25519 signature. The hint is the first four bytes of ``sha256(name || 0A || 01 || key)``.
"""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["CheckpointSigner"]

_ED25519 = b"\x01"


class CheckpointSigner:
    """A fresh Ed25519 key under the name of a log."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.generate()
        self.public_key = self._key.public_key()

    @property
    def key_id(self) -> bytes:
        """The whole hash, 32 bytes: the log's id in bundles and trust roots."""
        raw = self.public_key.public_bytes_raw()
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + raw).digest()

    def checkpoint(self, size: int, root: bytes) -> str:
        """Return the signed note for a tree of this size and root hash."""
        text = f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        signature = self.key_id[:4] + self._key.sign(text.encode())
        return f"{text}\n\u2014 {self.name} {base64.b64encode(signature).decode()}\n"
