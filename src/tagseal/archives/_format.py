"""Which format an archive is: its first bytes decide, and its name must not contradict them."""

from collections.abc import Mapping

from tagseal.archives._errors import refusal

__all__ = ["recognise"]

_SUFFIXES: Mapping[str, str] = {
    ".tar": "tar",
    ".tar.gz": "tar.gz",
    ".tgz": "tar.gz",
    ".crate": "tar.gz",
    ".zip": "zip",
    ".whl": "zip",
    ".tar.xz": "tar.xz",
    ".txz": "tar.xz",
    ".tar.zst": "tar.zst",
    ".tzst": "tar.zst",
    ".tar.bz2": "tar.bz2",
    ".tbz2": "tar.bz2",
    ".tbz": "tar.bz2",
}
_MAGIC = (
    (b"\x1f\x8b", "tar.gz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xfd7zXZ\0", "tar.xz"),
    (b"\x28\xb5\x2f\xfd", "tar.zst"),
    (b"BZh", "tar.bz2"),
)
_READ = ("tar", "tar.gz", "zip")
_BLOCK = 512


def recognise(head: bytes, name: str) -> str:
    """Return ``tar``, ``tar.gz`` or ``zip`` for a file with these first 512 bytes."""
    if not head:
        raise refusal("archive-truncated", "The file is empty.")
    by_name = next((f for s, f in _SUFFIXES.items() if name.lower().endswith(s)), None)
    by_bytes = next((f for magic, f in _MAGIC if head.startswith(magic)), None)
    if by_bytes is None and _is_tar(head, by_name):
        by_bytes = "tar"
    if by_bytes is None and by_name == "zip":
        by_bytes = "zip"  # what is wrong with it, such as bytes before it, is said by its reader
    if by_name is not None and by_bytes != by_name:
        raise refusal(
            "archive-name-contradicts",
            f"The name says {by_name}, but the bytes are {by_bytes or 'of no known format'}.",
        )
    if by_bytes is None:
        raise refusal("archive-format-unknown", "The file is no archive of a known format.")
    if by_bytes not in _READ:
        raise refusal(
            "archive-format-unsupported", f"Archives of the format {by_bytes} cannot be read yet."
        )
    return by_bytes


def _is_tar(head: bytes, by_name: str | None) -> bool:
    """A tar has its magic in the first header; one of the v7 kind, or an empty one, has none."""
    return head[257:262] == b"ustar" or (by_name == "tar" and len(head) == _BLOCK)
