"""The tar walk: v7, ustar, GNU and pax archives, member by member, to the last byte of the stream.

Written against POSIX.1-2017 (pax, "ustar Interchange Format") and the GNU tar manual ("Basic Tar
Format"). What two readers could read differently is refused, see the package's docstring.
"""

from dataclasses import dataclass

from tagseal.archives._collector import Collector
from tagseal.archives._errors import refusal
from tagseal.archives._fields import BLOCK, ZEROS, Header, parse_header
from tagseal.archives._input import Blocks
from tagseal.archives._pax import parse_records
from tagseal.archives.limits import Limits
from tagseal.core.listing import Mode

__all__ = ["read_tar"]

_ZERO = ZEROS[BLOCK]
_LONG_LINK = b"././@LongLink"
_FIELD = 100
_CUT = 96  # some writers cut a long name before a character that would be cut in two
_BIG_SIZE = 8**11
_PERMISSIONS = 0o7777
_EXTENSIONS = (b"x", b"g", b"L", b"K")
_FILE, _TREE, _SYMLINK = Mode.FILE, Mode.TREE, Mode.SYMLINK  # looking up a member takes a while
_KINDS = {b"0": _FILE, b"\0": _FILE, b"5": _TREE, b"2": _SYMLINK}
_TYPE_BITS = {_FILE: 0o100000, _TREE: 0o040000, _SYMLINK: 0o120000}


def read_tar(blocks: Blocks, collector: Collector, limits: Limits) -> bytes | None:
    """Walk a tar to its end; return the comment of its global header, if it has one."""
    walk = _Walk(blocks, collector, limits)
    walk.run()
    return walk.comment


@dataclass(slots=True)
class _Extension:
    """What extension headers said about the member that follows them."""

    path: bytes | None = None
    link: bytes | None = None
    size: int | None = None
    pax: bool = False


class _Walk:
    def __init__(self, blocks: Blocks, collector: Collector, limits: Limits) -> None:
        self._blocks = blocks
        self._collector = collector
        self._limits = limits
        self._extension: _Extension | None = None
        self._first = True
        self.comment: bytes | None = None

    def run(self) -> None:
        blocks = self._blocks
        while True:
            block = blocks.take_or_end(BLOCK)
            if not block:
                raise refusal("archive-tar-no-end", "The tar stops without an end mark.")
            if block == _ZERO:
                break
            header = parse_header(block)
            if header.type in _EXTENSIONS:
                self._read_extension(header)
            else:
                self._read_member(header)
            self._first = False
        if self._extension is not None:
            raise _stacked()
        _read_end(blocks)

    def _read_extension(self, header: Header) -> None:
        if header.size > self._limits.max_extension_size:
            raise refusal("archive-tar-extension-size", "An extension header is too large.")
        data = self._blocks.take(header.size)
        _read_padding(self._blocks, -header.size % BLOCK)
        if header.type == b"g":
            self._read_global(data)
            return
        extension = self._extension
        if extension is None:
            extension = self._extension = _Extension()
        elif header.type == b"x":
            raise _stacked()
        if header.type == b"x":
            _apply_pax(extension, data)
        elif extension.pax or header.name != _LONG_LINK:
            raise _stacked()
        elif header.type == b"L":
            if extension.path is not None:
                raise _stacked()
            extension.path = _long_name(data)
        else:
            if extension.link is not None:
                raise _stacked()
            extension.link = _long_name(data)

    def _read_global(self, data: bytes) -> None:
        if not self._first:
            raise refusal("archive-pax-global", "A pax global header is not the first header.")
        self.comment = parse_records(data, is_global=True).get(b"comment")

    def _read_member(self, header: Header) -> None:
        name, mode, size, type_, link, v7 = header
        extension = self._extension
        if extension is not None:
            self._extension = None
            name = _name(header, extension)
            size = _size(header, extension, name)
            link = _link(header, extension, name)
        kind = _KINDS.get(type_)
        if kind is not _FILE or name.endswith(b"/"):
            kind = _kind(type_, name, v7=v7)
        if mode > _PERMISSIONS:
            mode = _raw_mode(mode, kind, name)
        collector = self._collector
        path = collector.claim(name, kind)
        if link and kind is not _SYMLINK:
            raise refusal("archive-tar-link", "A member that is no link names a target.", path)
        if kind is _FILE:
            blocks = self._blocks
            whole = blocks.piece(size)
            collector.file(path, mode, size, blocks.pieces(size) if whole is None else (whole,))
            if padding := -size % BLOCK:
                _read_padding(blocks, padding)
        elif size:
            raise refusal("archive-tar-data", "A member that is no file has data.", path)
        elif kind is _TREE:
            collector.folder(path, mode)
        else:
            collector.symlink(path, mode, link)


def _kind(type_: bytes, name: bytes, *, v7: bool) -> Mode:
    if type_ == b"1":
        raise refusal("archive-hardlink", "The archive holds a hardlink.", name)
    kind = _KINDS.get(type_)
    if kind is None:
        shown = type_.decode("ascii", "backslashreplace")
        raise refusal(
            "archive-tar-type",
            f"The member is no file, folder or symlink (type {shown!a}).",
            name,
        )
    if kind is not _TREE and name.endswith(b"/"):
        if v7 and type_ == b"\0":  # readers differ where the type is "0"
            return _TREE
        raise refusal("archive-tar-slash", "A member that is no folder is named as one.", name)
    return kind


def _name(header: Header, extension: _Extension) -> bytes:
    path = extension.path
    if path is None:
        return header.name
    if not _agrees(path.rstrip(b"/"), header.name.rstrip(b"/"), extension):
        raise refusal(
            "archive-pax-disagrees", "An extension header renames a member needlessly.", path
        )
    return path


def _link(header: Header, extension: _Extension, name: bytes) -> bytes:
    link = extension.link
    if link is None:
        return header.link
    if not _agrees(link, header.link, extension):
        raise refusal(
            "archive-pax-disagrees", "An extension header gives a symlink another target.", name
        )
    return link


def _agrees(told: bytes, field: bytes, extension: _Extension) -> bool:
    """Whether what an extension header tells is no other than what the header's own field can hold.

    GNU tar leaves as much of a long name in the field as it takes. Beside pax records there stands
    what the writer likes, so only what the field could not have held is taken from them.
    """
    if told == field:
        return True
    if extension.pax:
        return len(told) > _FIELD or not told.isascii()
    return len(field) >= _CUT and told.startswith(field)


def _size(header: Header, extension: _Extension, name: bytes) -> int:
    size = extension.size
    if size is None:
        return header.size
    if size != header.size and size < _BIG_SIZE:
        raise refusal(
            "archive-pax-disagrees", "An extension header gives a member another size.", name
        )
    return size


def _raw_mode(mode: int, kind: Mode, name: bytes) -> int:
    bits = mode & ~_PERMISSIONS
    if bits != _TYPE_BITS[kind]:
        raise refusal("archive-mode-type", f"The mode {mode:o} is not of a {kind.name}.", name)
    return mode & _PERMISSIONS


def _apply_pax(extension: _Extension, data: bytes) -> None:
    records = parse_records(data)
    extension.pax = True
    extension.path = records.get(b"path")
    extension.link = records.get(b"linkpath")
    if (size := records.get(b"size")) is not None:
        if not size.isdigit() or (size[:1] == b"0" and size != b"0") or len(size) > 18:
            raise refusal("archive-pax-malformed", "A pax size is not a decimal number.")
        extension.size = int(size)


def _long_name(data: bytes) -> bytes:
    name, _, rest = data.partition(b"\0")
    if rest or not name:
        raise refusal("archive-tar-junk", "A GNU long name does not end where its data ends.")
    return name


def _read_padding(blocks: Blocks, size: int) -> None:
    if blocks.take(size) != ZEROS[size]:
        raise refusal("archive-tar-padding", "The padding after a member is not zero.")


def _read_end(blocks: Blocks) -> None:
    if blocks.at_end() or blocks.take(BLOCK) != _ZERO:
        raise refusal("archive-tar-lone-end", "The tar has one end block where two must be.")
    while not blocks.at_end():
        if blocks.take(BLOCK) != _ZERO:
            raise refusal("archive-tar-data-after-end", "The tar goes on after its end.")


def _stacked() -> Exception:
    return refusal(
        "archive-tar-stacked", "Extension headers stand on one another, or before no member."
    )
