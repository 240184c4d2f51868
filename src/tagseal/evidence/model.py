"""What evidence is made of, before and after its signatures are verified."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tagseal.core.identity import Identity

__all__ = ["ParsedBundle", "VerifiedBundle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedBundle:
    """A Sigstore bundle as it was read; nothing in it is verified.

    ``raw`` is the exact JSON that was read, and ``line`` its line in the evidence file (from 1).
    """

    raw: bytes
    line: int
    media_type: str
    kind: Literal["dsse", "message"]
    payload_type: str | None
    """The DSSE payload type; None for a plain message signature."""
    payload: bytes | None
    """The signed bytes of a DSSE envelope, exactly."""
    certificate: bytes
    """The leaf certificate, DER."""
    log_kind: str
    """Kind and version of the log entry, such as ``hashedrekord/0.0.2``."""
    checkpoint_origin: str | None
    """The first line of the inclusion proof's checkpoint, where it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedBundle:
    """A bundle whose signature, certificate chain, SCT, log inclusion and time were verified.

    Only `tagseal.signing` makes one.
    """

    bundle: ParsedBundle
    payload_type: str
    payload: bytes
    identity: Identity
    key_fingerprint: str
    """sha256 of the certificate's SubjectPublicKeyInfo, so that one key is counted once."""
    signed_time: datetime
    """The earliest verified time of signing, in UTC."""
    log_origin: str
    """The origin of the checkpoint that the entry's inclusion was proven against."""
    authority: str
    """A name for the trust root's certificate authority that the chain ends in."""
