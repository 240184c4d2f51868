"""Reading the bodies of requests: JSON fields and base64, with one kind of refusal."""

import base64
import binascii
import json

from tagseal.core.errors import RehearsalError

__all__ = ["base64_field", "malformed", "object_field", "parse_json", "text_field"]


def malformed(message: str) -> RehearsalError:
    """Return the error for a request that does not have the form of its API."""
    return RehearsalError("rehearsal-request-malformed", message)


def parse_json(body: bytes) -> dict[str, object]:
    """Return a body that is one JSON object.

    Raises `RehearsalError` (``rehearsal-request-malformed``) for anything else.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise malformed("the request is not JSON") from error
    if not isinstance(document, dict):
        raise malformed("the request is not a JSON object")
    return document


def object_field(document: object, *path: str) -> dict[str, object]:
    """Return the object at a path of keys.

    Raises `RehearsalError` (``rehearsal-request-malformed``) when there is none.
    """
    value = _at(document, path)
    if not isinstance(value, dict):
        raise malformed(f"the request has no object at {'.'.join(path)}")
    return value


def text_field(document: object, *path: str) -> str:
    """Return the string at a path of keys.

    Raises `RehearsalError` (``rehearsal-request-malformed``) when there is none.
    """
    value = _at(document, path)
    if not isinstance(value, str):
        raise malformed(f"the request has no text at {'.'.join(path)}")
    return value


def base64_field(document: object, *path: str) -> bytes:
    """Return the bytes that the string at a path of keys stands for.

    Raises `RehearsalError` (``rehearsal-request-malformed``) when there are none.
    """
    try:
        return base64.b64decode(text_field(document, *path), validate=True)
    except (binascii.Error, ValueError) as error:
        raise malformed(f"the request has no base64 at {'.'.join(path)}") from error


def _at(document: object, path: tuple[str, ...]) -> object:
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document
