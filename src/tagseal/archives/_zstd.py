"""Zstandard (RFC 8878), strictly: one frame, no dictionary, nothing before or after it.

The header is read here, so that the window is known before anything is allocated for it, and so are
the headers of the blocks: what libzstd makes of a block that is compressed to nothing depends on
how it is fed. The library decodes the frame and checks its checksum, where it has one.
"""

import sys
from collections.abc import Iterator

from tagseal.archives._errors import refusal
from tagseal.archives._input import Blocks
from tagseal.archives._streams import OUTPUT, check_end
from tagseal.archives.limits import Limits

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["unzstd"]

_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = tuple(bytes([0x50 + n]) + b"\x2a\x4d\x18" for n in range(16))
_SINGLE_SEGMENT, _RESERVED, _CHECKSUM, _DICTIONARY = 0x20, 0x18, 0x04, 0x03
_SMALLEST_WINDOW_LOG = 10
_RLE, _COMPRESSED = 1, 2  # the other types (3.1.1.2) are 0, as it is, and 3, reserved


def unzstd(blocks: Blocks, limits: Limits) -> Iterator[bytes]:
    """Yield the uncompressed bytes in bounded chunks; the end of the file is checked at the end."""
    header, window, told = _read_header(blocks)
    if window > limits.max_decoder_memory:
        raise refusal(
            "archive-limit-memory",
            f"The zstd frame asks for a window of {window:,} bytes; "
            f"the limit is {limits.max_decoder_memory:,}.",
        )
    log = max(_SMALLEST_WINDOW_LOG, (window - 1).bit_length())
    decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: log})
    length = 0
    try:
        decompressor.decompress(header, max_length=0)
        for data in _frame_data(blocks, has_checksum=bool(header[4] & _CHECKSUM)):
            for piece in _decoded(decompressor, data):
                length += len(piece)
                yield piece
    except (zstd.ZstdError, EOFError) as error:
        if "checksum" in str(error):
            raise refusal("archive-crc", "The zstd checksum does not match the content.") from error
        raise refusal("archive-corrupt", "The zstd data is corrupt.") from error
    if not decompressor.eof or (told is not None and length != told):
        raise refusal("archive-corrupt", "The zstd frame's content is not as long as it says.")
    check_end(blocks, (_MAGIC, *_SKIPPABLE), "zstd")


def _frame_data(blocks: Blocks, *, has_checksum: bool) -> Iterator[bytes]:
    """Yield the blocks of a frame one by one (3.1.1.2), and its checksum."""
    is_last = False
    while not is_last:
        header = blocks.take(3)
        value = int.from_bytes(header, "little")
        is_last, kind, size = bool(value & 1), value >> 1 & 3, value >> 3
        if kind > _COMPRESSED or (kind == _COMPRESSED and not size):
            raise refusal("archive-corrupt", "The zstd data is corrupt.")
        yield header + blocks.take(1 if kind == _RLE else size)
    if has_checksum:
        yield blocks.take(4)


def _decoded(decompressor: zstd.ZstdDecompressor, data: bytes) -> Iterator[bytes]:
    while piece := decompressor.decompress(data, max_length=OUTPUT):
        yield piece
        if decompressor.needs_input or decompressor.eof:
            return
        data = b""


def _read_header(blocks: Blocks) -> tuple[bytes, int, int | None]:
    """Return the header's bytes, the window's size, and the content's if the header has it."""
    magic = blocks.take(4)
    if magic in _SKIPPABLE:
        raise refusal("archive-zstd-skippable", "The file begins with a skippable zstd frame.")
    descriptor = blocks.take(1)
    flags = descriptor[0]
    if magic != _MAGIC or flags & _RESERVED:
        raise refusal("archive-zstd-header", "The zstd header is of no known form.")
    if flags & _DICTIONARY:
        raise refusal("archive-zstd-dictionary", "The zstd frame needs a dictionary.")
    single = bool(flags & _SINGLE_SEGMENT)
    window_field = b"" if single else blocks.take(1)
    code = flags >> 6
    size_field = blocks.take((1 if single else 0, 2, 4, 8)[code])
    told = None
    if size_field:
        told = int.from_bytes(size_field, "little") + (256 if code == 1 else 0)
    if single:
        window = told or 0
    else:
        base = 1 << (10 + (window_field[0] >> 3))
        window = base + base // 8 * (window_field[0] & 7)
    return magic + descriptor + window_field + size_field, window, told
