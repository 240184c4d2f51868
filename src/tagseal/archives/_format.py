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
_UNREAD: tuple[tuple[bytes, str], ...] = (
    (b"LZIP", "tar.lz"),
    (b"\x1f\x9d", "tar.Z"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x04\x22\x4d\x18", "tar.lz4"),
    (b"\x5d\0\0", "tar.lzma"),
)
_SKIPPABLE = b"\x2a\x4d\x18"  # the end of a zstd skippable frame's magic (RFC 8878, 3.1.2)
_BLOCK = 512


def recognise(head: bytes, name: str) -> str:
    """Return the format of a file with these first 512 bytes, as `_SUFFIXES` calls it."""
    if not head:
        raise refusal("archive-truncated", "The file is empty.")
    by_name = next((f for s, f in _SUFFIXES.items() if name.lower().endswith(s)), None)
    by_bytes = next((f for magic, f in _MAGIC if head.startswith(magic)), None)
    if by_bytes is None and head[1:4] == _SKIPPABLE and 0x50 <= head[0] <= 0x5F:
        by_bytes = "tar.zst"
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
        _refuse_unread(head)
        raise refusal("archive-format-unknown", "The file is no archive of a known format.")
    return by_bytes


def _refuse_unread(head: bytes) -> None:
    for magic, kind in _UNREAD:
        if head.startswith(magic):
            raise refusal(
                "archive-format-unsupported", f"Archives of the format {kind} are not read."
            )


def _is_tar(head: bytes, by_name: str | None) -> bool:
    """A tar has its magic in the first header; one of the v7 kind, or an empty one, has none."""
    return head[257:262] == b"ustar" or (by_name == "tar" and len(head) == _BLOCK)
