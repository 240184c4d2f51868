"""Compressed streams made bit by bit, so that no library's version changes them."""

import struct
import zlib

__all__ = ["Bits", "deflate_run", "deflate_stored", "gzip_of", "zeros_crc"]

HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"


class Bits:
    """A bit writer for deflate (RFC 1951): least significant bit first, Huffman codes from their
    most significant bit."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._value = 0
        self._count = 0

    def put(self, value: int, width: int) -> None:
        """Write a number."""
        self._value |= value << self._count
        self._count += width
        while self._count >= 8:
            self._bytes.append(self._value & 0xFF)
            self._value >>= 8
            self._count -= 8

    def code(self, value: int, width: int) -> None:
        """Write a Huffman code."""
        self.put(int(f"{value:0{width}b}"[::-1], 2), width)

    def done(self) -> bytes:
        """Return the bytes, the last filled up with zeros."""
        if self._count:
            self.put(0, 8 - self._count)
        return bytes(self._bytes)


def deflate_stored(data: bytes) -> bytes:
    """Return a deflate stream of stored blocks."""
    blocks = [data[at : at + 65535] for at in range(0, len(data), 65535)] or [b""]
    return b"".join(
        struct.pack("<BHH", index == len(blocks) - 1, len(block), len(block) ^ 0xFFFF) + block
        for index, block in enumerate(blocks)
    )


def deflate_run(size: int) -> bytes:
    """Return a deflate stream of that many zeros (a multiple of 258, plus 1), at 1032 to 1.

    One dynamic block: literal 0 and the end have codes of two bits, the length 258 and the distance
    1 codes of one bit.
    """
    bits = Bits()
    bits.put(0b101, 3)  # the last block, dynamic
    bits.put(286 - 257, 5)
    bits.put(0, 5)
    bits.put(18 - 4, 4)
    lengths = {18: 1, 1: 2, 2: 2}
    order = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1)
    for symbol in order:
        bits.put(lengths.get(symbol, 0), 3)
    code = {18: (0, 1), 1: (0b10, 2), 2: (0b11, 2)}

    def length(symbol: int, zeros: int = 0) -> None:
        bits.code(*code[symbol])
        if symbol == 18:
            bits.put(zeros - 11, 7)

    length(2)  # literal 0
    length(18, 138)
    length(18, 117)
    length(2)  # end of block
    length(18, 28)
    length(1)  # length 258
    length(1)  # distance 1
    bits.code(0b10, 2)
    runs, rest = divmod(size - 1, 258)
    if rest:
        raise ValueError("the size is not a multiple of 258, plus 1")
    for _ in range(runs):
        bits.put(0, 2)
    bits.code(0b11, 2)
    return bits.done()


def gzip_of(
    tar: bytes,
    *,
    header: bytes = HEADER,
    deflated: bytes | None = None,
    crc: int | None = None,
    length: int | None = None,
) -> bytes:
    """Return a gzip file of stored blocks; what is None is made right."""
    crc = zlib.crc32(tar) if crc is None else crc
    length = len(tar) if length is None else length
    body = deflate_stored(tar) if deflated is None else deflated
    return header + body + struct.pack("<2I", crc, length & 0xFFFFFFFF)


def zeros_crc(crc: int, size: int) -> int:
    """Return the checksum after so many zeros more."""
    block = bytes(1 << 20)
    for _ in range(size >> 20):
        crc = zlib.crc32(block, crc)
    return zlib.crc32(bytes(size & (1 << 20) - 1), crc)
