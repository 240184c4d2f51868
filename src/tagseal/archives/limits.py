"""How much the reader takes from an archive that nobody has vouched for yet."""

from dataclasses import dataclass

__all__ = ["Limits"]

_MIB = 1 << 20
_GIB = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one reading; sizes are in bytes.

    The defaults take the tarball of Linux (92,000 members, 1.5 GB unpacked) with room to spare.
    """

    max_file_size: int = 4 * _GIB
    """Of the archive file itself."""
    max_unpacked_size: int = 8 * _GIB
    """Of the uncompressed tar, or of all members of a zip together."""
    max_ratio: int = 200
    """Of unpacked to packed bytes, once more than `ratio_floor` bytes are unpacked."""
    ratio_floor: int = 64 * _MIB
    """Below this many unpacked bytes no ratio is too high: a few zeros are no bomb."""
    max_members: int = 500_000
    """Members, and folders that members imply, together."""
    max_path_length: int = 1024
    """Of one member's path, and of one symlink's target."""
    max_extension_size: int = 64 * 1024
    """Of one pax or GNU extension header in a tar."""
    max_kept_size: int = 64 * _MIB
    """Of all members together whose bytes the caller asked to keep."""
    max_decoder_memory: int = 64 * _MIB
    """Of what a decompressor keeps of its output: an xz dictionary, a zstd window."""
