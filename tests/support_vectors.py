"""Test vectors for readers of archives: their format, as tests/vectors/README.md specifies it."""

import base64
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ARCHIVES", "SUCCESS", "Vector", "all_vectors", "format_vector", "parse_vector"]

ARCHIVES = Path(__file__).parent / "vectors" / "archives"
SUCCESS = "success"
_WIDTH = 76
_PLAIN = 1024  # above this size a payload is compressed
_KEYS = ("expect", "file", "comment", "limits", "warning", "bomb", "encoding", "sha256")


@dataclass(frozen=True, kw_only=True)
class Vector:
    """One archive, and what a strict reader must say of it."""

    name: str
    expect: str
    """A reason code, or ``success``."""
    file: str
    """The file name that the archive goes by."""
    comment: str
    payload: bytes
    limits: Mapping[str, int] = field(default_factory=dict)
    """Limits of the reader that are lower than usual, so that the vector can be small."""
    warning: str | None = None
    """A reason code of which a reader must warn, although it takes the archive."""
    bomb: bool = False
    """Whether a careless reader needs a lot of memory, time or disk."""


def format_vector(vector: Vector) -> str:
    """Return the text of a vector's file."""
    small = len(vector.payload) <= _PLAIN
    body = vector.payload if small else zlib.compress(vector.payload, 9)
    headers = {
        "expect": vector.expect,
        "file": vector.file,
        "comment": vector.comment,
        "limits": " ".join(f"{key}={value}" for key, value in vector.limits.items()),
        "warning": vector.warning or "",
        "bomb": "yes" if vector.bomb else "",
        "encoding": "base64" if small else "zlib+base64",
        "sha256": hashlib.sha256(vector.payload).hexdigest(),
    }
    text = base64.b64encode(body).decode()
    lines = [f"{key}: {value}" for key, value in headers.items() if value]
    lines += ["", *(text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH))]
    return "\n".join(lines) + "\n"


def parse_vector(name: str, text: str) -> Vector:
    """Return the vector that a file of this name and text holds; ValueError where it is wrong."""
    head, separator, body = text.partition("\n\n")
    pairs = [line.partition(": ") for line in head.split("\n")]
    headers = {key: value for key, _, value in pairs}
    if not separator or len(headers) != len(pairs) or not set(headers) <= set(_KEYS):
        raise ValueError(f"{name}: the headers are malformed")
    payload = base64.b64decode("".join(body.split("\n")), validate=True)
    if headers["encoding"] == "zlib+base64":
        payload = zlib.decompress(payload)
    elif headers["encoding"] != "base64":
        raise ValueError(f"{name}: the encoding is not known")
    if hashlib.sha256(payload).hexdigest() != headers["sha256"]:
        raise ValueError(f"{name}: the payload is not the one of the digest")
    limits = (pair.partition("=") for pair in headers.get("limits", "").split())
    return Vector(
        name=name,
        expect=headers["expect"],
        file=headers["file"],
        comment=headers["comment"],
        payload=payload,
        limits={key: int(value) for key, _, value in limits},
        warning=headers.get("warning"),
        bomb=headers.get("bomb") == "yes",
    )


def all_vectors() -> Iterator[Vector]:
    """Yield every committed vector, by name."""
    for path in sorted(ARCHIVES.iterdir()):
        yield parse_vector(path.name, path.read_text(encoding="ascii"))
