"""Digests and git object ids.

A git object id is the hash of ``<type> <length>\\0<payload>`` (gitformat-pack; Pro Git, "Git
Objects"). Repositories use sha1 or sha256; the width of an id tells which.

>>> object_id("blob", b"hello\\n", ObjectFormat.SHA1)
'ce013625030ba8dba906f756967f9e9ca394464a'
"""

import hashlib
from enum import Enum
from typing import Literal, Protocol

__all__ = ["Hasher", "ObjectFormat", "ObjectType", "blob_hasher", "object_id", "sha256_hex"]

ObjectType = Literal["blob", "tree", "commit", "tag"]


class Hasher(Protocol):
    """The part of hashlib's objects that tagseal uses."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Add data."""
        ...

    def hexdigest(self) -> str:
        """Return the digest of all data added so far, in lowercase hexadecimal."""
        ...


class ObjectFormat(Enum):
    """The hash that a git repository names its objects by."""

    SHA1 = "sha1"
    SHA256 = "sha256"

    @property
    def width(self) -> int:
        """The number of hex digits of an object id: 40 or 64."""
        return 40 if self is ObjectFormat.SHA1 else 64

    @classmethod
    def of(cls, hex_id: str) -> "ObjectFormat":
        """Return the format that an id of this width belongs to; ValueError for any other."""
        for candidate in cls:
            if len(hex_id) == candidate.width and set(hex_id) <= set("0123456789abcdef"):
                return candidate
        raise ValueError("a git object id has 40 or 64 lowercase hexadecimal digits")

    def new(self, data: bytes = b"") -> Hasher:
        """Return a hasher of this format."""
        if self is ObjectFormat.SHA1:
            return hashlib.sha1(data, usedforsecurity=False)
        return hashlib.sha256(data)


def sha256_hex(data: bytes) -> str:
    """Return the sha256 of data as 64 lowercase hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def blob_hasher(size: int, object_format: ObjectFormat) -> Hasher:
    """Return a hasher that already holds the header of a blob of size bytes."""
    return object_format.new(b"blob %d\0" % size)


def object_id(kind: ObjectType, payload: bytes, object_format: ObjectFormat) -> str:
    """Return the id of a git object with this payload."""
    return object_format.new(b"%s %d\0%s" % (kind.encode(), len(payload), payload)).hexdigest()
