import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core, tsp
from cryptography.x509 import Certificate
from hypothesis import given
from hypothesis import strategies as st
from rfc3161_client import (
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.base import HashAlgorithm

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal._timestamps import POLICY, TimestampAuthority

NOW = datetime(2026, 5, 4, 3, 2, 1, 987000, tzinfo=UTC)
AUTHORITY = TimestampAuthority(NOW)


def verify(response: TimeStampResponse, message: bytes, chain: tuple[Certificate, ...]) -> None:
    builder = VerifierBuilder().tsa_certificate(chain[0]).add_root_certificate(chain[1])
    builder.build().verify_message(response, message)


@pytest.mark.parametrize("algorithm", [HashAlgorithm.SHA256, HashAlgorithm.SHA512])
@pytest.mark.parametrize("certificate", [True, False])
@pytest.mark.parametrize("nonce", [True, False])
def test_a_client_verifies_what_the_authority_says(
    algorithm: HashAlgorithm, certificate: bool, nonce: bool
) -> None:
    builder = TimestampRequestBuilder().data(b"signature").hash_algorithm(algorithm)
    request = builder.nonce(nonce=nonce).cert_request(cert_request=certificate).build()
    response = decode_timestamp_response(AUTHORITY.reply(request.as_bytes(), NOW))
    verify(response, b"signature", AUTHORITY.chain)
    assert response.tst_info.gen_time == NOW.replace(microsecond=0)
    assert response.tst_info.nonce == request.nonce
    assert response.tst_info.policy.dotted_string == POLICY
    assert len(response.signed_data.certificates) == certificate


def test_a_timestamp_is_of_one_message_and_one_authority() -> None:
    request = TimestampRequestBuilder().data(b"signature").build()
    response = decode_timestamp_response(AUTHORITY.reply(request.as_bytes(), NOW))
    with pytest.raises(VerificationError):
        verify(response, b"Signature", AUTHORITY.chain)
    with pytest.raises(VerificationError):
        verify(response, b"signature", TimestampAuthority(NOW).chain)


def test_a_changed_time_is_refused() -> None:
    request = TimestampRequestBuilder().data(b"signature").build()
    reply = AUTHORITY.reply(request.as_bytes(), NOW)
    later = (NOW + timedelta(days=1)).strftime("%Y%m%d%H%M%SZ").encode()
    forged = reply.replace(NOW.strftime("%Y%m%d%H%M%SZ").encode(), later)
    assert forged != reply
    with pytest.raises(VerificationError):
        verify(decode_timestamp_response(forged), b"signature", AUTHORITY.chain)


def test_serial_numbers_differ() -> None:
    query = TimestampRequestBuilder().data(b"signature").build().as_bytes()
    replies = [decode_timestamp_response(AUTHORITY.reply(query, NOW)) for _ in range(3)]
    assert len({reply.tst_info.serial_number for reply in replies}) == 3


def query(**changes: object) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"\1" * 32}
    encoded: bytes = tsp.TimeStampReq(
        {"version": "v1", "message_imprint": imprint, **changes}
    ).dump()
    return encoded


def test_its_own_policy_may_be_asked_for() -> None:
    response = decode_timestamp_response(AUTHORITY.reply(query(req_policy=POLICY), NOW))
    assert response.tst_info.policy.dotted_string == POLICY


@pytest.mark.parametrize(
    "changes",
    [
        {"req_policy": "1.2.3.4"},
        {
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha1"},
                "hashed_message": hashlib.sha1(b"").digest(),
            }
        },
        {
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": b"\1" * 31,
            }
        },
        {"extensions": [{"extn_id": "1.2.3.4", "extn_value": b""}]},
    ],
    ids=["policy", "sha1", "length", "extension"],
)
def test_what_the_authority_does_not_do_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(RehearsalError) as caught:
        AUTHORITY.reply(query(**changes), NOW)
    assert caught.value.code == "rehearsal-request-malformed"


NULL_PARAMETERS = query(
    message_imprint={
        "hash_algorithm": {"algorithm": "sha256", "parameters": core.Null()},
        "hashed_message": b"\1" * 32,
    }
)
ODD = NULL_PARAMETERS.replace(b"\x05\x00", b"\x09\x00", 1)  # REAL in the place of NULL


def test_parameters_of_null_are_as_good_as_none() -> None:
    assert decode_timestamp_response(AUTHORITY.reply(NULL_PARAMETERS, NOW))


@pytest.mark.parametrize("data", [b"", b"\x30\x00", query()[:-1], query() + b"\0", ODD])
def test_bytes_that_are_no_query_are_refused(data: bytes) -> None:
    with pytest.raises(RehearsalError) as caught:
        AUTHORITY.reply(data, NOW)
    assert caught.value.code == "rehearsal-request-malformed"


@given(st.data())
def test_a_damaged_query_is_answered_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(query(nonce=5, cert_req=True))
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        reply = AUTHORITY.reply(bytes(damaged), NOW)
    except RehearsalError as refused:
        code = refused.code
    else:
        decode_timestamp_response(reply)
        return
    assert code == "rehearsal-request-malformed"
