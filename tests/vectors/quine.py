"""A gzip file that unpacks to itself: a reader that unpacks whatever it finds inside never ends.

The idea is Russ Cox's ("Zip Files All The Way Down", 2010): a deflate stream is a program with two
instructions, print these bytes (a stored block) and repeat the last bytes (a match), and a program
can print itself. This one is derived anew. With all instructions of five bytes, a unit, ``Ln``
prints the next n units and ``Rn`` prints the last n units again. ``P`` is the prefix (the gzip
header, two units) and ``S`` the suffix (the stream's end and the gzip trailer, three units)::

    P  L3 [P L3]  R3  L1 [R3]  L1 [L1]  L4 [R3 L1 L1 L4]  R4
       L4 [R4 L4 R4 L4]  R4  L4 [R4 S]  R4  S

The trailer holds a checksum of the whole file, itself included, twice printed. CRC-32 is affine
over bits, so the checksum that agrees with itself is found by elimination.
"""

import struct
import zlib

from handmade import HEADER, Bits

__all__ = ["gzip_quine"]

_UNIT = 5


def _print(units: int) -> bytes:
    size = units * _UNIT
    return struct.pack("<BHH", 0, size, size ^ 0xFFFF)


def _repeat(units: int) -> bytes:
    """Repeat as many units as lie back: two matches, so that the block has 38 to 40 bits.

    What is left of the last byte is the beginning of the header of a stored block, all zeros.
    """
    bits = Bits()
    bits.put(0b010, 3)  # not the last block, fixed
    distance = units * _UNIT
    for length in (distance // 2, distance - distance // 2):
        bits.code(length - 2, 7)  # lengths 3 to 10 are the codes 257 to 264
        if distance == 15:
            bits.code(7, 5)  # 13 to 16, two more bits
            bits.put(15 - 13, 2)
        else:
            bits.code(8, 5)  # 17 to 24, three more bits
            bits.put(distance - 17, 3)
    bits.code(0, 7)
    code = bits.done()
    if len(code) != _UNIT:
        raise ValueError(f"{distance} bytes back take no unit")
    return code


def _assembled(crc: int, size: int) -> bytes:
    one, three, four = _print(1), _print(3), _print(4)
    back3, back4 = _repeat(3), _repeat(4)
    suffix = b"\0\0\0\xff\xff" + b"\x03\0" + struct.pack("<2I", crc, size)
    return b"".join(
        [
            HEADER, three, HEADER, three, back3, one, back3, one, one,
            four, back3, one, one, four, back4,
            four, back4, four, back4, four, back4,
            four, back4, suffix, back4, suffix,
        ]
    )  # fmt: skip


def gzip_quine() -> bytes:
    """Return the file."""
    size = len(_assembled(0, 0))

    def error(crc: int) -> int:
        return zlib.crc32(_assembled(crc, size)) ^ crc

    base = error(0)
    # Column by column: what each bit of the field changes in the error; solve for the error 0.
    rows = [(error(1 << bit) ^ base, 1 << bit) for bit in range(32)]
    wanted, chosen = base, 0
    for bit in reversed(range(32)):
        pivot = next((row for row in rows if row[0] >> bit & 1), None)
        if pivot is None:
            continue
        rows = [
            (value ^ pivot[0], mask ^ pivot[1]) if value >> bit & 1 else (value, mask)
            for value, mask in rows
            if (value, mask) != pivot
        ]
        if wanted >> bit & 1:
            wanted, chosen = wanted ^ pivot[0], chosen ^ pivot[1]
    if wanted:
        raise ValueError("no checksum agrees with itself")
    return _assembled(chosen, size)
