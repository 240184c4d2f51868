"""One bundle: from JSON to `ParsedBundle`, field by field.

Source: sigstore/protobuf-specs, ``protos/sigstore_bundle.proto`` (Bundle, VerificationMaterial),
``sigstore_rekor.proto`` (TransparencyLogEntry) and ``envelope.proto``, in protobuf's JSON mapping:
lowerCamelCase names, bytes as standard base64, 64-bit integers as strings.
"""

import base64
import binascii
from typing import Any, Literal

from tagseal.core.errors import EvidenceError
from tagseal.core.paths import display
from tagseal.evidence._json import malformed, parse
from tagseal.evidence.limits import DEFAULT_LIMITS, EvidenceLimits
from tagseal.evidence.model import ParsedBundle

__all__ = ["read_bundle"]

_SUPPORTED = frozenset(
    [
        "application/vnd.dev.sigstore.bundle.v0.3+json",
        "application/vnd.dev.sigstore.bundle+json;version=0.3",
    ]
)
_OLDER = {
    "application/vnd.dev.sigstore.bundle+json;version=0.1": "0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2": "0.2",
}
# What each kind of content is logged as, in Rekor v1 and v2.
_LOG_KINDS = {
    "dsse": frozenset(["dsse/0.0.1", "hashedrekord/0.0.2"]),
    "message": frozenset(["hashedrekord/0.0.1", "hashedrekord/0.0.2"]),
}


def read_bundle(
    data: bytes, *, line: int = 1, limits: EvidenceLimits = DEFAULT_LIMITS
) -> ParsedBundle:
    """Return the bundle that data is, compact or pretty printed; nothing in it is verified.

    ``line`` is the line of the evidence file that it begins on, for messages. Raises EvidenceError
    with one of the area's reason codes, see the package.
    """
    where = f"line {line} of the evidence"
    raw = data.strip(b" \t\r\n")
    document = _object(parse(raw, limits=limits, where=where), "the bundle", where)
    media_type = _text(document, "mediaType", where)
    _check_version(media_type, where)
    material = _member(document, "verificationMaterial", where)
    certificate = _certificate(material, where)
    kind, payload_type, payload = _content(document, where)
    log_kind, origin = _log_entry(material, kind, where)
    return ParsedBundle(
        raw=raw,
        line=line,
        media_type=media_type,
        kind=kind,
        payload_type=payload_type,
        payload=payload,
        certificate=certificate,
        log_kind=log_kind,
        checkpoint_origin=origin,
    )


def _check_version(media_type: str, where: str) -> None:
    if media_type in _SUPPORTED:
        return
    code = "evidence-unsupported-version"
    if version := _OLDER.get(media_type):
        message = f"the bundle has version {version}, and tagseal reads version 0.3"
        hint = "Ask the project to sign again with a current Sigstore client, which writes 0.3."
        raise EvidenceError(code, message, where=where, hint=hint)
    shown = display(media_type[:120])
    raise EvidenceError(code, f'the bundle has the unknown media type "{shown}"', where=where)


def _certificate(material: dict[str, Any], where: str) -> bytes:
    given = [
        name for name in ("certificate", "x509CertificateChain", "publicKey") if name in material
    ]
    if len(given) != 1:
        found = " and ".join(given) or "nothing"
        raise malformed(f"the bundle must hold one certificate, and holds {found}", where)
    if given == ["publicKey"]:
        message = "the bundle names a bare public key and has no certificate"
        raise EvidenceError("evidence-unsupported-key", message, where=where)
    if given == ["certificate"]:
        return _bytes(_member(material, "certificate", where), "rawBytes", where)
    chain = _list(_member(material, "x509CertificateChain", where), "certificates", where)
    if not chain:
        raise malformed("the certificate chain is empty", where)
    return _bytes(_object(chain[0], "a certificate of the chain", where), "rawBytes", where)


def _content(
    document: dict[str, Any], where: str
) -> tuple[Literal["dsse", "message"], str | None, bytes | None]:
    if ("dsseEnvelope" in document) == ("messageSignature" in document):
        raise malformed("the bundle must hold one DSSE envelope or one message signature", where)
    if "messageSignature" in document:
        _bytes(_member(document, "messageSignature", where), "signature", where)
        return "message", None, None
    envelope = _member(document, "dsseEnvelope", where)
    signatures = _list(envelope, "signatures", where)
    if len(signatures) != 1:
        message = f"the DSSE envelope must have one signature, and has {len(signatures)}"
        raise malformed(message, where)
    _bytes(_object(signatures[0], "the DSSE signature", where), "sig", where)
    payload = _bytes(envelope, "payload", where)
    return "dsse", _text(envelope, "payloadType", where), payload


def _log_entry(
    material: dict[str, Any], kind: Literal["dsse", "message"], where: str
) -> tuple[str, str]:
    entries = _list(material, "tlogEntries", where)
    if not entries:
        raise malformed("the bundle has no log entry", where)
    if len(entries) > 1:
        message = f"the bundle has {len(entries)} log entries, and tagseal checks exactly one"
        raise EvidenceError("evidence-unsupported-log-entry", message, where=where)
    entry = _object(entries[0], "the log entry", where)
    kind_version = _member(entry, "kindVersion", where)
    log_kind = f"{_text(kind_version, 'kind', where)}/{_text(kind_version, 'version', where)}"
    if log_kind not in _LOG_KINDS[kind]:
        content = "a DSSE envelope" if kind == "dsse" else "a message signature"
        message = f'{content} with a log entry of the kind "{display(log_kind[:80])}"'
        raise EvidenceError("evidence-unsupported-log-entry", message, where=where)
    return log_kind, _origin(entry, where)


def _origin(entry: dict[str, Any], where: str) -> str:
    proof = _optional(entry, "inclusionProof", where)
    checkpoint = _optional(proof, "checkpoint", where)
    if not checkpoint:
        message = "the log entry has no inclusion proof with a checkpoint"
        raise EvidenceError("evidence-no-inclusion-proof", message, where=where)
    origin = _text(checkpoint, "envelope", where).split("\n", 1)[0]
    if not origin:
        raise malformed("the checkpoint names no log", where)
    return origin


def _object(value: object, what: str, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise malformed(f"{what} is not a JSON object", where)
    return value


def _member(parent: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    return _object(parent.get(name), f'"{name}"', where)


def _optional(parent: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    return _member(parent, name, where) if name in parent else {}


def _list(parent: dict[str, Any], name: str, where: str) -> list[Any]:
    value = parent.get(name, [])
    if not isinstance(value, list):
        raise malformed(f'"{name}" is not a JSON list', where)
    return value


def _text(parent: dict[str, Any], name: str, where: str) -> str:
    value = parent.get(name)
    if not isinstance(value, str):
        raise malformed(f'"{name}" is not a string', where)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise malformed(f'"{name}" holds half a character', where) from error
    return value


def _bytes(parent: dict[str, Any], name: str, where: str) -> bytes:
    text = _text(parent, name, where)
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise malformed(f'"{name}" is not base64', where) from error
    # Spare bits and padding inside are ignored by decoders, so the way back must be the same.
    if not value or base64.b64encode(value) != text.encode():
        raise malformed(f'"{name}" is empty or not canonical base64', where)
    return value
