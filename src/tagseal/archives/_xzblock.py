"""One block of an xz stream (The .xz File Format 1.2.1, section 3): header, LZMA2 data, check.

The chunks of LZMA2 are walked here (by the comments of liblzma's lzma2_decoder.c, as they have no
other specification), so that it is known where a block ends and how much it holds. The library is
given a stream of that one block: it decodes it and compares the check.
"""

import lzma
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from tagseal.archives._errors import refusal
from tagseal.archives._input import Blocks
from tagseal.archives._streams import OUTPUT
from tagseal.archives.limits import Limits

__all__ = ["CHECK_SIZES", "BlockHeader", "decode_block", "encode_number", "read_block_header"]

CHECK_SIZES = {0x01: 4, 0x04: 8, 0x0A: 32}
"""The kinds of check (2.1.1.2), and how many bytes each takes: CRC32, CRC64, SHA-256."""

_FILTERS, _RESERVED, _HAS_PACKED, _HAS_UNPACKED = 0x03, 0x3C, 0x40, 0x80
_LZMA2 = b"\x21\x01"  # the filter's id, and the size of its one property
_LARGEST_DICTIONARY = 40
_FEED = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockHeader:
    """What the header of a block tells; sizes are None where it does not tell them."""

    stream_flags: bytes
    raw: bytes
    packed: int | None
    unpacked: int | None
    dictionary: int

    @property
    def check_size(self) -> int:
        """The number of bytes of the check."""
        return CHECK_SIZES[self.stream_flags[1]]

    def rest_size(self, packed: int) -> int:
        """Return the number of bytes of the block after its header."""
        return packed + -packed % 4 + self.check_size

    def unpadded(self, packed: int) -> int:
        """Return the size that the index has for the block (4.3.1, Unpadded Size)."""
        return len(self.raw) + packed + self.check_size


def read_block_header(blocks: Blocks, stream_flags: bytes, limits: Limits) -> BlockHeader | None:
    """Read the header of the next block, or None for the first byte of the index."""
    first = blocks.take(1)
    if first == b"\0":
        return None
    raw = first + blocks.take(first[0] * 4 + 3)
    if zlib.crc32(raw[:-4]).to_bytes(4, "little") != raw[-4:]:
        raise refusal("archive-xz-block", "The checksum of an xz block header is wrong.")
    flags = raw[1]
    if flags & _RESERVED:
        raise refusal("archive-xz-block", "An xz block header has flags that are not known.")
    fields = raw[2:-4]
    packed = unpacked = None
    if flags & _HAS_PACKED:
        packed, fields = _decode_number(fields)
    if flags & _HAS_UNPACKED:
        unpacked, fields = _decode_number(fields)
    if flags & _FILTERS or fields[:2] != _LZMA2 or len(fields) < 3:
        raise refusal("archive-xz-filter", "An xz block is not made by the filter LZMA2 alone.")
    if fields[2] > _LARGEST_DICTIONARY or packed == 0 or unpacked == 0:
        raise refusal("archive-xz-block", "An xz block header is malformed.")
    if any(fields[3:]):
        raise refusal("archive-xz-padding", "The padding of an xz block header is not zero.")
    dictionary = _dictionary_size(fields[2])
    if dictionary > limits.max_decoder_memory:
        raise refusal(
            "archive-limit-memory",
            f"An xz block asks for a dictionary of {dictionary:,} bytes; "
            f"the limit is {limits.max_decoder_memory:,}.",
        )
    return BlockHeader(
        stream_flags=stream_flags,
        raw=raw,
        packed=packed,
        unpacked=unpacked,
        dictionary=dictionary,
    )


def _dictionary_size(bits: int) -> int:
    """Return the size that the property of LZMA2 encodes (5.3.1)."""
    if bits == _LARGEST_DICTIONARY:
        return 0xFFFFFFFF
    return (2 | bits & 1) << (bits // 2 + 11)


def encode_number(value: int) -> bytes:
    """Return a number as the container writes it (1.2): seven bits a byte, the lowest first."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _decode_number(data: bytes) -> tuple[int, bytes]:
    """Return a number in its one form, and what comes after it."""
    value = 0
    for at, byte in enumerate(data[:9]):
        value |= (byte & 0x7F) << (7 * at)
        if byte < 0x80:
            if byte == 0 and at:
                break
            return value, data[at + 1 :]
    raise refusal("archive-xz-block", "A number in an xz block header is malformed.")


def decode_block(header: BlockHeader, blocks: Blocks) -> Generator[bytes, None, tuple[int, int]]:
    """Yield what a block holds; return how many bytes its LZMA2 data, and what it holds, have."""
    decoder = lzma.LZMADecompressor(format=lzma.FORMAT_XZ)
    chunks = _Chunks(header, blocks)
    made = 0
    try:
        decoder.decompress(_stream_header(header), max_length=0)
        for data in chunks:
            for piece in _decoded(decoder, data):
                made += len(piece)
                yield piece
    except lzma.LZMAError as error:
        raise refusal("archive-corrupt", "The xz data is corrupt.") from error
    if made != chunks.unpacked:
        raise refusal("archive-corrupt", "The xz data ends too early.")
    padding = blocks.take(-chunks.packed % 4)
    if any(padding):
        raise refusal("archive-xz-padding", "The padding of an xz block is not zero.")
    try:
        rest = padding + blocks.take(header.check_size) + _stream_end(header, chunks)
        ended = not decoder.decompress(rest, max_length=1) and decoder.eof
    except lzma.LZMAError:
        ended = False
    if not ended or decoder.unused_data:
        raise refusal("archive-crc", "The check of an xz block does not match the content.")
    return chunks.packed, chunks.unpacked


class _Chunks:
    """The LZMA2 data of one block, to its end mark, in pieces of a useful size."""

    def __init__(self, header: BlockHeader, blocks: Blocks) -> None:
        self._header = header
        self._blocks = blocks
        self.packed = 0
        self.unpacked = 0

    def __iter__(self) -> Iterator[bytes]:
        held: list[bytes] = []
        size = 0
        while (chunk := self._chunk_header()) is not None:
            head, length = chunk
            held += (head, self._blocks.take(length))
            size += len(head) + length
            if size >= _FEED:
                yield b"".join(held)
                held.clear()
                size = 0
        header = self._header
        if header.packed not in (None, self.packed) or header.unpacked not in (None, self.unpacked):
            raise _sizes()
        held.append(b"\0")
        yield b"".join(held)

    def _chunk_header(self) -> tuple[bytes, int] | None:
        """Read the header of a chunk; return it and the length of what follows, None at the end."""
        take = self._blocks.take
        head = take(1)
        control = head[0]
        if control == 0:
            self.packed += 1
            return None
        if control >= 0x80:
            head += take(5 if control >= 0xC0 else 4)
            unpacked = ((control & 0x1F) << 16 | head[1] << 8 | head[2]) + 1
            length = (head[3] << 8 | head[4]) + 1
        elif control <= 2:
            head += take(2)
            unpacked = length = (head[1] << 8 | head[2]) + 1
        else:
            raise refusal("archive-corrupt", "The xz data is corrupt.")
        self.packed += len(head) + length
        self.unpacked += unpacked
        header = self._header
        if (header.packed is not None and self.packed >= header.packed) or (
            header.unpacked is not None and self.unpacked > header.unpacked
        ):
            raise _sizes()
        return head, length


def _sizes() -> Exception:
    return refusal("archive-xz-block", "An xz block's sizes are not those that its header tells.")


def _decoded(decoder: lzma.LZMADecompressor, data: bytes) -> Iterator[bytes]:
    while True:
        piece = decoder.decompress(data, max_length=OUTPUT)
        if piece:
            yield piece
        if decoder.needs_input or decoder.eof:
            return
        data = b""


def _stream_header(header: BlockHeader) -> bytes:
    flags = header.stream_flags
    return b"\xfd7zXZ\0" + flags + zlib.crc32(flags).to_bytes(4, "little") + header.raw


def _stream_end(header: BlockHeader, chunks: _Chunks) -> bytes:
    """Return the index and the footer of a stream that holds only this block."""
    record = encode_number(header.unpadded(chunks.packed)) + encode_number(chunks.unpacked)
    index = b"\0\x01" + record
    index += bytes(-len(index) % 4)
    index += zlib.crc32(index).to_bytes(4, "little")
    fields = (len(index) // 4 - 1).to_bytes(4, "little") + header.stream_flags
    return index + zlib.crc32(fields).to_bytes(4, "little") + fields + b"YZ"
