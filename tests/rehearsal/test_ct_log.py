from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal._ct_log import CtLog, timestamp_list
from tagseal.rehearsal._keys import Authority, certificate_builder, new_key, new_root, public_key_id

NOW = datetime(2026, 5, 4, 3, 2, 1, 987000, tzinfo=UTC)


def precertificate(authority: Authority, *, poisoned: bool = True) -> x509.Certificate:
    builder = certificate_builder("leaf", new_key().public_key(), NOW, NOW)
    if poisoned:
        builder = builder.add_extension(x509.PrecertPoison(), critical=True)
    return authority.sign(builder)


def test_a_timestamp_has_the_structure_of_rfc_6962() -> None:
    log, authority = CtLog(), new_root("root", NOW)
    certificate = precertificate(authority)
    timestamp = log.add(certificate, authority.certificate, NOW)
    milliseconds = int(NOW.timestamp()) * 1000 + 987
    assert timestamp[0] == 0
    assert timestamp[1:33] == public_key_id(log.public_key)
    assert timestamp[33:41] == milliseconds.to_bytes(8, "big")
    assert timestamp[41:45] == bytes([0, 0, 4, 3])
    assert int.from_bytes(timestamp[45:47], "big") == len(timestamp[47:])
    (leaf,) = log.tree.leaves
    assert leaf[:2] == b"\0\0"
    assert leaf[2:12] == timestamp[33:41] + b"\0\1"
    assert leaf[12:44] == public_key_id(authority.key.public_key())
    # Version and signature type stand where the leaf has its version and type.
    log.public_key.verify(timestamp[47:], leaf, ec.ECDSA(hashes.SHA256()))


def test_the_list_is_framed_twice() -> None:
    assert timestamp_list(b"abc") == b"\0\5\0\3abc"


def test_a_certificate_of_another_authority_is_refused() -> None:
    log, first, second = CtLog(), new_root("root", NOW), new_root("root", NOW)
    with pytest.raises(RehearsalError) as caught:
        log.add(precertificate(first), second.certificate, NOW)
    assert caught.value.code == "rehearsal-certificate-refused"
    assert len(log.tree) == 0


def test_a_certificate_without_the_poison_is_refused() -> None:
    log, authority = CtLog(), new_root("root", NOW)
    with pytest.raises(RehearsalError) as caught:
        log.add(precertificate(authority, poisoned=False), authority.certificate, NOW)
    assert caught.value.code == "rehearsal-certificate-refused"
    assert len(log.tree) == 0
