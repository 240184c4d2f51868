"""The gzip container, and the inflating (`tagseal.archives`)."""

import random
import struct
import zlib

from targets._archives import MOST_INSIDE, Mutation, check_tar, mutate_inside


def unpack(data: bytes) -> bytes:
    """Return what zlib makes of the file."""
    return zlib.decompressobj(31).decompress(data, MOST_INSIDE)


def pack(tar: bytes, chance: random.Random) -> bytes:
    """Pack in one of many ways."""
    level = chance.randrange(10)
    strategy = chance.choice([zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY, zlib.Z_FIXED])
    packer = zlib.compressobj(level, zlib.DEFLATED, -chance.randint(9, 15), 9, strategy)
    body = b""
    for at in range(0, len(tar), max(1, len(tar) // chance.randint(1, 4))):
        body += packer.compress(tar[at : at + max(1, len(tar) // 4)])
        body += packer.flush(chance.choice([zlib.Z_NO_FLUSH, zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH]))
    body += packer.flush()
    name = b"n\0" if chance.randrange(2) else b""
    header = b"\x1f\x8b\x08" + (b"\x08" if name else b"\0") + bytes(5) + b"\xff" + name
    return header + body + struct.pack("<2I", zlib.crc32(tar), len(tar))


def check(data: bytes) -> None:
    """A tar.gz is refused by name, or read as zlib and tarfile read it."""
    check_tar(data, "evil-1.0.tar.gz", unpack)


def mutate(data: bytes, max_size: int, seed: int, plain: Mutation) -> bytes:
    """Mutate the container, or the tar within."""
    return mutate_inside(data, max_size, seed, plain, unpack, pack)
