"""Xz streams made by hand, so that a test can make each part of one wrong.

Written against The .xz File Format 1.2.1 from the writer's side, apart from the reader's code.
"""

import hashlib
import lzma
import zlib
from dataclasses import dataclass, field

MAGIC, FOOTER_MAGIC = b"\xfd7zXZ\0", b"YZ"
CRC32, CRC64, SHA256 = 1, 4, 10


def number(value: int) -> bytes:
    digits = []
    while True:
        value, digit = value >> 7, value & 0x7F
        digits.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(digits)


def crc32(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "little")


def crc64(data: bytes) -> bytes:
    """The CRC64 of 5.1, bit by bit: its polynomial is that of ECMA-182, reflected."""
    crc = (1 << 64) - 1
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xC96C5795D7870F42 if crc & 1 else 0)
    return (crc ^ ((1 << 64) - 1)).to_bytes(8, "little")


CHECKS = {CRC32: crc32, CRC64: crc64, SHA256: lambda data: hashlib.sha256(data).digest()}


def lzma2(content: bytes, dictionary: int = 1 << 16) -> bytes:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": dictionary}]
    return lzma.compress(content, format=lzma.FORMAT_RAW, filters=filters)


@dataclass(kw_only=True)
class Block:
    """One block; what is None is made right."""

    content: bytes
    sizes: bool = True
    data: bytes | None = None
    packed: int | None = None
    unpacked: int | None = None
    flags: int = 0
    filter: bytes = b"\x21\x01\x08"  # LZMA2 with a dictionary of 64 KiB
    header_padding: bytes | None = None
    header_crc: bytes | None = None
    padding: bytes | None = None
    check: bytes | None = None

    def build(self, kind: int) -> tuple[bytes, int, int]:
        """Return the block, and the two numbers that the index has for it."""
        data = lzma2(self.content) if self.data is None else self.data
        fields = b""
        flags = self.flags
        if self.sizes:
            flags |= 0xC0
            fields += number(len(data) if self.packed is None else self.packed)
            fields += number(len(self.content) if self.unpacked is None else self.unpacked)
        fields += self.filter
        padding = self.header_padding
        if padding is None:
            padding = bytes(-(2 + len(fields)) % 4)
        header = bytes([(2 + len(fields) + len(padding) + 4) // 4 - 1, flags]) + fields + padding
        header += crc32(header) if self.header_crc is None else self.header_crc
        check = CHECKS[kind](self.content) if self.check is None else self.check
        rest = bytes(-len(data) % 4) if self.padding is None else self.padding
        unpadded = len(header) + len(data) + len(check)
        return header + data + rest + check, unpadded, len(self.content)


@dataclass(kw_only=True)
class Stream:
    """One stream; what is None is made right."""

    blocks: list[Block] = field(default_factory=list)
    check: int = CRC64
    flags: bytes | None = None
    header_crc: bytes | None = None
    records: list[tuple[int, int]] | None = None
    count: int | None = None
    index_padding: bytes | None = None
    index_crc: bytes | None = None
    index_size: int | None = None
    footer_flags: bytes | None = None
    footer_crc: bytes | None = None
    footer_magic: bytes = FOOTER_MAGIC
    after: bytes = b""

    def build(self) -> bytes:
        flags = bytes([0, self.check]) if self.flags is None else self.flags
        body = MAGIC + flags + (crc32(flags) if self.header_crc is None else self.header_crc)
        records = []
        for block in self.blocks:
            part, unpadded, unpacked = block.build(self.check)
            body += part
            records.append((unpadded, unpacked))
        if self.records is not None:
            records = self.records
        index = b"\0" + number(len(records) if self.count is None else self.count)
        index += b"".join(number(a) + number(b) for a, b in records)
        index += bytes(-len(index) % 4) if self.index_padding is None else self.index_padding
        index += crc32(index) if self.index_crc is None else self.index_crc
        size = len(index) // 4 - 1 if self.index_size is None else self.index_size
        fields = size.to_bytes(4, "little")
        fields += flags if self.footer_flags is None else self.footer_flags
        footer = (crc32(fields) if self.footer_crc is None else self.footer_crc) + fields
        return body + index + footer + self.footer_magic + self.after
