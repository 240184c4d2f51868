"""The zstd container (`tagseal.archives`)."""

import random
import sys

from targets._archives import MOST_INSIDE, Mutation, check_tar, mutate_inside

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def unpack(data: bytes) -> bytes:
    """Return what libzstd makes of the file."""
    return zstd.ZstdDecompressor().decompress(data, MOST_INSIDE)


def pack(tar: bytes, chance: random.Random) -> bytes:
    """Pack at some level, with or without checksum and size."""
    parameter = zstd.CompressionParameter
    options = {
        parameter.compression_level: chance.randint(-5, 5),
        parameter.checksum_flag: chance.randrange(2),
        parameter.content_size_flag: chance.randrange(2),
        parameter.window_log: chance.randint(10, 20),
    }
    return zstd.compress(tar, options=options)


def check(data: bytes) -> None:
    """A tar.zst is refused by name, or read as libzstd and tarfile read it."""
    check_tar(data, "evil-1.0.tar.zst", unpack)


def mutate(data: bytes, max_size: int, seed: int, plain: Mutation) -> bytes:
    """Mutate the container, or the tar within."""
    return mutate_inside(data, max_size, seed, plain, unpack, pack)
