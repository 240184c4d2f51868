"""Zips (`tagseal.archives`)."""

import random
import re
import struct
import zlib

from targets._archives import Mutation, check_zip

_LOCAL, _CENTRAL, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"


def check(data: bytes) -> None:
    """A zip is refused by name, or read as zipfile reads it; so is the same with right numbers."""
    check_zip(data, "evil-1.0.zip")
    repaired = repaired_zip(data)
    if repaired != data:
        check_zip(repaired, "evil-1.0.zip")


def repaired_zip(data: bytes) -> bytes:
    """Return a zip whose places, sizes and checksums fit again, as far as its records are found."""
    end = data.rfind(_END)
    start = data.find(_CENTRAL)
    if end < 0 or start < 0 or start > end or end + 22 > len(data):
        return data
    zipped = bytearray(data)
    places = [m.start() for m in re.finditer(re.escape(_LOCAL), data[:start])]
    entries = [m.start() for m in re.finditer(re.escape(_CENTRAL), data[:end])]
    for place, after, entry in zip(places, [*places[1:], start], entries, strict=False):
        if place + 30 > start or entry + 46 > end:
            return data
        name, extra = struct.unpack_from("<2H", zipped, place + 26)
        body = data[place + 30 + name + extra : after]
        content = body
        if zipped[entry + 10] == 8:
            try:
                content = zlib.decompress(body, -15)
            except zlib.error:
                return data
        facts = struct.pack("<3I", zlib.crc32(content), len(body), len(content))
        zipped[place + 14 : place + 26] = zipped[entry + 16 : entry + 28] = facts
        zipped[place + 6 : place + 14] = zipped[entry + 8 : entry + 16]
        zipped[entry + 42 : entry + 46] = struct.pack("<I", place)
    zipped[end + 12 : end + 20] = struct.pack("<2I", end - start, start)
    zipped[end + 8 : end + 12] = struct.pack("<2H", len(entries), len(entries))
    return bytes(zipped)


def mutate(data: bytes, max_size: int, seed: int, plain: Mutation) -> bytes:
    """Mutate bytes, and half of the time make the numbers fit what came of it."""
    chance = random.Random(seed)  # noqa: S311 - a fuzzer's
    mutated = plain(data, max_size)
    return repaired_zip(mutated)[:max_size] if chance.randrange(2) else mutated
