"""Xz (The .xz File Format 1.2.1), strictly: one stream of LZMA2 blocks, nothing after it.

The container is read here, field by field: stream header (2.1.1), block headers (3.1), the chunks
of LZMA2, padding, index (4) and footer (2.1.2). The library decodes each block and holds it to its
check (3.4). Blocks whose headers tell their sizes, as those of ``xz -T``, are decoded side by side.
"""

import hashlib
import zlib
from collections import deque
from collections.abc import Iterator

from tagseal.archives._ahead import Ahead
from tagseal.archives._errors import refusal
from tagseal.archives._input import Blocks
from tagseal.archives._streams import OUTPUT, check_end
from tagseal.archives._xzblock import (
    CHECK_SIZES,
    BlockHeader,
    decode_block,
    encode_number,
    read_block_header,
)
from tagseal.archives.limits import Limits

__all__ = ["unxz"]

_MAGIC = b"\xfd7zXZ\0"
_FOOTER_MAGIC = b"YZ"
_MAX_BLOCKS = 1 << 14  # half a MiB each, for the largest tar that is taken by default
_WORTH_A_THREAD = 1 << 18
_SIDE_BY_SIDE = 2
_ROOM = 40 << 20  # for one block with its dictionary; those of `xz -6` take 24 + 8 MiB and a few


def unxz(blocks: Blocks, limits: Limits) -> Iterator[bytes]:
    """Yield the uncompressed bytes in bounded chunks; the end of the file is checked at the end."""
    flags = _read_stream_header(blocks)
    records = _Records()
    waiting = _Waiting(limits)
    try:
        while (header := read_block_header(blocks, flags, limits)) is not None:
            if len(records) == _MAX_BLOCKS:
                raise refusal("archive-xz-block", f"The file has more than {_MAX_BLOCKS:,} blocks.")
            if waiting.takes(header):
                yield from waiting.make_room()
                waiting.start(header, blocks)
                assert header.packed is not None
                assert header.unpacked is not None
                records.add(header.unpadded(header.packed), header.unpacked)
            else:
                yield from waiting.all()
                packed, unpacked = yield from decode_block(header, blocks)
                records.add(header.unpadded(packed), unpacked)
        yield from waiting.all()
    finally:
        waiting.close()
    size = _read_index(blocks, records)
    _read_footer(blocks, size, flags)
    check_end(blocks, (_MAGIC,), "xz")


def _read_stream_header(blocks: Blocks) -> bytes:
    magic, flags, crc = blocks.take(6), blocks.take(2), blocks.take(4)
    if magic != _MAGIC or flags[0] or flags[1] & 0xF0 or crc != _crc32(flags):
        raise refusal("archive-xz-header", "The xz stream header is malformed.")
    if flags[1] not in CHECK_SIZES:
        raise refusal("archive-xz-check", "The xz stream has no check of a kind that is known.")
    return flags


class _Records:
    """What the index must hold, as it is written there; its length is flat in memory."""

    def __init__(self) -> None:
        self._count = 0
        self._size = 0
        self._digest = hashlib.sha256()

    def __len__(self) -> int:
        return self._count

    def add(self, unpadded: int, unpacked: int) -> None:
        record = encode_number(unpadded) + encode_number(unpacked)
        self._count += 1
        self._size += len(record)
        self._digest.update(record)

    def match(self, blocks: Blocks) -> bytes | None:
        """Take the records of an index; return its bytes if they are these, else None."""
        count = encode_number(self._count)
        found = blocks.take(len(count))
        records = blocks.take(self._size)
        same = hashlib.sha256(records).digest() == self._digest.digest()
        return found + records if found == count and same else None


def _read_index(blocks: Blocks, records: _Records) -> int:
    """Read the index after its first byte, the indicator; return its size."""
    content = records.match(blocks)
    if content is None:
        raise refusal("archive-xz-index", "The xz index does not list the blocks of the stream.")
    content = b"\0" + content
    padding = blocks.take(-len(content) % 4)
    if any(padding):
        raise refusal("archive-xz-padding", "The padding of the xz index is not zero.")
    content += padding
    if blocks.take(4) != _crc32(content):
        raise refusal("archive-xz-index", "The checksum of the xz index is wrong.")
    return len(content) + 4


def _read_footer(blocks: Blocks, index_size: int, flags: bytes) -> None:
    crc, fields, magic = blocks.take(4), blocks.take(6), blocks.take(2)
    expected = (index_size // 4 - 1).to_bytes(4, "little") + flags
    if magic != _FOOTER_MAGIC or fields != expected or crc != _crc32(fields):
        raise refusal("archive-xz-footer", "The xz stream footer does not fit the stream.")


def _crc32(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "little")


class _Waiting:
    """Blocks that are decoded in threads of their own, in the order of the stream."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._jobs: deque[Ahead] = deque()

    def takes(self, header: BlockHeader) -> bool:
        """Whether a block tells its sizes, and is neither too large to be held nor too small."""
        packed, unpacked, dictionary = header.packed, header.unpacked, header.dictionary
        return (
            packed is not None
            and unpacked is not None
            and unpacked >= _WORTH_A_THREAD
            and packed + unpacked + dictionary <= _ROOM
            and dictionary * _SIDE_BY_SIDE <= self._limits.max_decoder_memory
        )

    def make_room(self) -> Iterator[bytes]:
        """Yield the content of the first blocks until one more may be started."""
        while len(self._jobs) >= _SIDE_BY_SIDE:
            yield from self._first()

    def start(self, header: BlockHeader, blocks: Blocks) -> None:
        """Take a block from the file and let it be decoded."""
        packed, unpacked = header.packed or 0, header.unpacked or 0
        body = blocks.take(header.rest_size(packed))
        decoded = decode_block(header, Blocks(iter([body])))
        self._jobs.append(Ahead(decoded, unpacked // OUTPUT + 2))

    def _first(self) -> Iterator[bytes]:
        job = self._jobs[0]
        yield from job
        job.close()
        self._jobs.popleft()

    def all(self) -> Iterator[bytes]:
        """Yield the content of all blocks that are left."""
        while self._jobs:
            yield from self._first()

    def close(self) -> None:
        """Stop what still runs."""
        for job in self._jobs:
            job.close()
