import base64
import hashlib

import pytest
from cryptography.exceptions import InvalidSignature

from tagseal.rehearsal._checkpoint import CheckpointSigner


def test_a_checkpoint_is_a_signed_note() -> None:
    signer = CheckpointSigner("log.example")
    note = signer.checkpoint(7, b"\x11" * 32)
    text, separator, signatures = note.partition("\n\n")
    assert separator
    assert text.split("\n") == ["log.example", "7", base64.b64encode(b"\x11" * 32).decode()]
    dash, name, encoded = signatures.removesuffix("\n").split(" ")
    assert (dash, name) == ("\N{EM DASH}", "log.example")
    blob = base64.b64decode(encoded)
    raw = signer.public_key.public_bytes_raw()
    assert blob[:4] == hashlib.sha256(b"log.example\n\x01" + raw).digest()[:4]
    signer.public_key.verify(blob[4:], (text + "\n").encode())
    with pytest.raises(InvalidSignature):
        signer.public_key.verify(blob[4:], (text.replace("7", "8") + "\n").encode())


def test_the_key_id_is_the_whole_hash() -> None:
    signer = CheckpointSigner("log.example")
    assert len(signer.key_id) == 32
    assert CheckpointSigner("log.example").key_id != signer.key_id
