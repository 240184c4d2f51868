"""Uncompressed tars (`tagseal.archives`)."""

import random

from targets._archives import Mutation, check_tar, mutate_tar, repaired_tar


def check(data: bytes) -> None:
    """A tar is refused by name or read as tarfile reads it, as it is and with right checksums."""
    check_tar(data, "evil-1.0.tar", lambda tar: tar)
    repaired = repaired_tar(data)
    if repaired != data:
        check_tar(repaired, "evil-1.0.tar", lambda tar: tar)


def mutate(data: bytes, max_size: int, seed: int, plain: Mutation) -> bytes:
    """Mutate blocks and fields."""
    return mutate_tar(data, max_size, random.Random(seed), plain)  # noqa: S311 - a fuzzer's
