"""Trust roots: whom a verification believes, and where signing goes."""

import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tagseal.core.errors import SigningError
from tagseal.core.identity import REHEARSAL_DOMAIN
from tagseal.core.paths import display
from tagseal.signing._pinned import PRODUCTION_ROOT, PRODUCTION_SIGNING, pinned

__all__ = ["Trust", "is_loopback", "load_trust", "trust_from_json"]

_LIMIT = 4 << 20
_CONFIG = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"
_ROOT = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """A trust root that can be used, and, where it is known, where to sign under it.

    ``root`` and ``signing`` are the JSON of a Sigstore TrustedRoot and SigningConfig.
    """

    source: str
    """Where it is from, to be shown: a file, or that it is the pinned one."""
    sha256: str
    """Of the file that it was read from."""
    is_rehearsal: bool
    """Whether every name in the trust root is a rehearsal's."""
    is_public_log: bool
    """Whether signing leaves something in a log that others can read; when in doubt, it does."""
    root: bytes = field(repr=False)
    signing: bytes | None = field(repr=False)


def load_trust(path: Path | None) -> Trust:
    """Return the trust root of a file, or Sigstore's production root as pinned in tagseal.

    The file is a ClientTrustConfig or a TrustedRoot in JSON (sigstore/protobuf-specs,
    ``sigstore_trustroot.proto``), told apart by their media type. Neither TUF nor the network nor a
    cache is touched: what is on disk elsewhere is authenticated by nobody.

    Raises SigningError: file-unreadable, signing-trust-malformed.
    """
    if path is None:
        root = pinned(PRODUCTION_ROOT)
        return _trust(
            "Sigstore's production root, pinned in tagseal", root, root, pinned(PRODUCTION_SIGNING)
        )
    source = display(str(path))
    try:
        # A named pipe is not waited for; see open(2), O_NONBLOCK. Path.open has no opener.
        with open(path, "rb", opener=_open_at_once) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                message = "the trust root is not a regular file"
                raise SigningError("file-unreadable", message, where=source)
            data = stream.read(_LIMIT + 1)
    except OSError as error:
        message = f"the trust root cannot be read: {error.strerror}"
        raise SigningError("file-unreadable", message, where=source) from error
    return trust_from_json(data, source=source)


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def trust_from_json(data: bytes, *, source: str) -> Trust:
    """Return the trust root that JSON bytes hold; ``source`` says where they are from.

    Raises SigningError: signing-trust-malformed.
    """
    if len(data) > _LIMIT:
        raise _malformed(f"the trust root has more than {_LIMIT} bytes", source)
    try:
        document = json.loads(data, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise _malformed("the trust root is not JSON, or a key stands twice", source) from error
    media_type = document.get("mediaType") if isinstance(document, dict) else None
    if media_type == _ROOT:
        return _trust(source, data, data, None)
    if media_type == _CONFIG:
        parts = (document.get("trustedRoot"), document.get("signingConfig"))
        root, signing = (json.dumps(part).encode() for part in parts)
        return _trust(source, data, root, signing)
    shown = display(str(media_type)[:120])
    raise _malformed(f'a trust root does not have the media type "{shown}"', source)


def _trust(source: str, file: bytes, root: bytes, signing: bytes | None) -> Trust:
    # Imported here because it imports sigstore; see the package.
    from tagseal.signing import _roots

    names, services = _roots.check(root, signing, source)
    is_rehearsal = all(map(_is_rehearsal, names))
    return Trust(
        source=source,
        sha256=hashlib.sha256(file).hexdigest(),
        is_rehearsal=is_rehearsal,
        is_public_log=not (is_rehearsal and all(map(is_loopback, services))),
        root=root,
        signing=signing,
    )


def _is_rehearsal(url: str) -> bool:
    return (urlsplit(url).hostname or "").endswith(f".{REHEARSAL_DOMAIN}")


def is_loopback(url: str) -> bool:
    """Return whether a URL's host is this machine by its number, or ``localhost``."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError("a key stands twice")
    return mapping


def _malformed(message: str, source: str) -> SigningError:
    return SigningError("signing-trust-malformed", message, where=source)
