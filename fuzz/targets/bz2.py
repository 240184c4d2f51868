"""The bzip2 container (`tagseal.archives`)."""

import bz2
import random

from targets._archives import MOST_INSIDE, Mutation, check_tar, mutate_inside


def unpack(data: bytes) -> bytes:
    """Return what libbz2 makes of the file."""
    return bz2.BZ2Decompressor().decompress(data, MOST_INSIDE)


def pack(tar: bytes, chance: random.Random) -> bytes:
    """Pack at a low level: what a decoder allocates by it takes more time than these tars."""
    return bz2.compress(tar, chance.randint(1, 2))


def check(data: bytes) -> None:
    """A tar.bz2 is refused by name, or read as libbz2 and tarfile read it."""
    check_tar(data, "evil-1.0.tar.bz2", unpack)


def mutate(data: bytes, max_size: int, seed: int, plain: Mutation) -> bytes:
    """Mutate the container, or the tar within."""
    return mutate_inside(data, max_size, seed, plain, unpack, pack)
