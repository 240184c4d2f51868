"""The xz container, its blocks and index (`tagseal.archives`)."""

import lzma
import random

from targets._archives import MOST_INSIDE, Mutation, check_tar, mutate_inside


def unpack(data: bytes) -> bytes:
    """Return what liblzma makes of the file."""
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=1 << 26)
    return unpacker.decompress(data, MOST_INSIDE)


def pack(tar: bytes, chance: random.Random) -> bytes:
    """Pack with another check or dictionary."""
    check = chance.choice([lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256, lzma.CHECK_NONE])
    size = 1 << chance.randint(12, 20)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": size}]
    return lzma.compress(tar, lzma.FORMAT_XZ, check=check, filters=filters)


def check(data: bytes) -> None:
    """A tar.xz is refused by name, or read as liblzma and tarfile read it."""
    check_tar(data, "evil-1.0.tar.xz", unpack)


def mutate(data: bytes, max_size: int, seed: int, plain: Mutation) -> bytes:
    """Mutate the container, or the tar within."""
    return mutate_inside(data, max_size, seed, plain, unpack, pack)
