"""Vectors: tar headers, member types, data, padding and the end."""

from collections.abc import Iterator

from support_archives import END, GNU, V7, folder, header, link, member, padded
from support_vectors import SUCCESS, Vector

FILE = "evil-1.0.tar"
TOP = folder(b"evil-1.0/")
GOOD = member(b"evil-1.0/README", b"hello\n")
NAME = b"evil-1.0/file"


def tar(*parts: bytes, end: bytes = END) -> bytes:
    """Return a tar with an honest top folder and file, these parts, and an end."""
    return TOP + GOOD + b"".join(parts) + end


def vector(name: str, expect: str, comment: str, payload: bytes, **fields: object) -> Vector:
    """Return a vector of a plain tar."""
    return Vector(
        name=name,
        expect=expect,
        file=FILE,
        comment=comment,
        payload=payload,
        **fields,  # type: ignore[arg-type]
    )


def vectors() -> Iterator[Vector]:
    """Yield them all."""
    yield from _headers()
    yield from _numbers()
    yield from _junk()
    yield from _types()
    yield from _data()
    yield from _end()


def _signed_sum(block: bytes) -> bytes:
    total = sum(b - 256 if b > 127 else b for b in block[:148] + b" " * 8 + block[156:])
    return block[:148] + b"%06o\0 " % total + block[156:]


def _headers() -> Iterator[Vector]:
    code = "archive-tar-checksum"
    good = header(NAME)
    wrong = good[:148] + b"%06o\0 " % (int(good[148:154], 8) + 1) + good[156:]
    yield vector("tar-checksum", code, "The checksum of a header is one too high.", tar(wrong))
    yield vector(
        "tar-checksum-signed",
        code,
        "The checksum is the sum of signed bytes, as some old systems made it.",
        tar(_signed_sum(header("evil-1.0/é".encode()))),
    )
    yield vector(
        "tar-checksum-blank",
        "archive-tar-number",
        "The checksum field is blank.",
        tar(header(NAME, checksum=b" " * 8)),
    )
    yield vector(
        "tar-magic-unknown",
        "archive-tar-magic",
        "A header's magic belongs to no kind of tar.",
        tar(header(NAME, magic=b"evil\x0000\0")),
    )
    yield vector(
        "tar-magic-mixed",
        "archive-tar-magic",
        "A header has the magic of POSIX and the version of GNU.",
        tar(header(NAME, magic=b"ustar\0 \0")),
    )
    yield vector(
        "tar-magic-unversioned",
        "archive-tar-magic",
        "A header has the magic of POSIX and no version.",
        tar(header(NAME, magic=b"ustar\0\0\0")),
    )


def _numbers() -> Iterator[Vector]:
    code, base = "archive-tar-number", "archive-tar-base256"
    for name, field, comment in (
        ("size-negative", b"-0000000010\0", "The size is negative."),
        ("size-not-octal", b"00000000019\0", "The size has the digit 9."),
        ("size-hexadecimal", b"0x000000010\0", "The size is hexadecimal."),
        ("size-blank", bytes(12), "The size is blank: some readers take that for 0."),
        ("size-split", b"0000001 0000", "The size has a space between its digits."),
        ("size-plus", b"+0000000010\0", "The size has a sign."),
        ("size-junk", b"0000010\0evil", "Bytes follow the size within its field."),
    ):
        payload = tar(header(NAME, size=field) + padded(b"datadata"))
        yield vector(f"tar-{name}", code, comment, payload)
    for name, field, comment in (
        (
            "size-base-256",
            b"\x80" + (8).to_bytes(11, "big"),
            "The size is a binary number, as GNU tar writes sizes that octal cannot hold.",
        ),
        ("size-base-256-negative", b"\xff" * 11 + b"\xf8", "The size is a negative binary number."),
        (
            "size-base-256-huge",
            b"\x80" + b"\xff" * 11,
            "The size is 2 to the power of 88, less one.",
        ),
    ):
        payload = tar(header(NAME, size=field) + padded(b"datadata"))
        yield vector(f"tar-{name}", base, comment, payload)
    yield vector(
        "tar-mode-not-octal", code, "The mode has a letter.", tar(header(NAME, mode=b"00006x4\0"))
    )
    yield vector(
        "tar-uid-base-256",
        base,
        "The owner's number is binary.",
        tar(header(NAME, uid=b"\x80" + bytes(6) + b"\x01")),
    )
    yield vector(
        "tar-uid-junk",
        code,
        "Bytes follow the owner's number.",
        tar(header(NAME, uid=b"0\0evil0\0")),
    )


def _junk() -> Iterator[Vector]:
    code = "archive-tar-junk"
    for name, comment, block in (
        (
            "name-junk",
            "Bytes follow the end of the name: readers that ignore the zero byte see another name.",
            header(NAME + b"\0/../evil"),
        ),
        ("link-junk", "Bytes follow the end of the link's target.", header(NAME, link=b"\0evil")),
        ("uname-junk", "Bytes follow the end of the owner's name.", header(NAME, uname=b"r\0evil")),
        ("prefix-junk", "Bytes follow the end of the prefix.", header(NAME, prefix=b"evil-1.0\0x")),
        (
            "header-junk",
            "The last twelve bytes of a header are not zero.",
            header(NAME, padding=b"x"),
        ),
        (
            "v7-with-prefix",
            "A header of the old kind has a prefix, which only some readers apply.",
            header(b"file", magic=V7, prefix=b"evil-1.0"),
        ),
        (
            "gnu-with-prefix",
            "A header of GNU's kind has a prefix; GNU keeps times and sparse maps in its place.",
            header(b"file", magic=GNU, prefix=b"evil-1.0"),
        ),
    ):
        yield vector(f"tar-{name}", code, comment, tar(block))


def _types() -> Iterator[Vector]:
    yield vector(
        "tar-hardlink",
        "archive-hardlink",
        "A hardlink to an earlier file.",
        tar(header(NAME, kind=b"1", link=b"evil-1.0/README")),
    )
    yield vector(
        "tar-hardlink-outside",
        "archive-hardlink",
        "A hardlink to /etc/passwd.",
        tar(header(NAME, kind=b"1", link=b"/etc/passwd")),
    )
    code = "archive-tar-type"
    for name, kind, comment in (
        ("character-device", b"3", "A character device."),
        ("block-device", b"4", "A block device."),
        ("fifo", b"6", "A named pipe: whoever opens it waits."),
        ("contiguous", b"7", "A contiguous file: some readers take it for a file, some do not."),
        ("sparse", b"S", "A sparse file of GNU's kind."),
        ("volume", b"V", "A volume label."),
        ("multivolume", b"M", "The rest of a file from another volume."),
        ("dumpdir", b"D", "A GNU folder with a list of names."),
        (
            "solaris-extended",
            b"X",
            "An extended header of Solaris' kind, which some readers apply.",
        ),
        ("unknown-type", b"Z", "A type that nobody has defined."),
        ("type-high", b"\xff", "A type that is no ASCII character."),
    ):
        yield vector(f"tar-{name}", code, comment, tar(header(NAME, kind=kind)))
    yield vector(
        "tar-slash",
        "archive-tar-slash",
        "A file's name ends in a slash: some readers make it a folder.",
        tar(header(NAME + b"/")),
    )
    yield vector(
        "tar-symlink-slash",
        "archive-tar-slash",
        "A symlink's name ends in a slash.",
        tar(link(NAME + b"/", b"README")),
    )
    yield vector(
        "tar-v7-folder",
        SUCCESS,
        "In an archive of the oldest kind a folder is a file whose name ends in a slash.",
        tar(header(b"evil-1.0/sub/", magic=V7, kind=b"\0", mode=b"0000755\0")),
    )
    yield vector(
        "tar-v7-slash",
        "archive-tar-slash",
        "The same with the type of a file of later archives: readers differ in whether it is one.",
        tar(header(b"evil-1.0/sub/", magic=V7, mode=b"0000755\0")),
    )
    yield vector(
        "tar-link-target",
        "archive-tar-link",
        "A file names a link's target.",
        tar(header(NAME, link=b"README")),
    )


def _data() -> Iterator[Vector]:
    code = "archive-tar-data"
    inner = member(b"evil-1.0/hidden", b"x\n")
    yield vector(
        "tar-folder-data",
        code,
        "A folder has data: readers that skip it and readers that do not see other members.",
        tar(header(b"evil-1.0/sub/", kind=b"5", size=len(inner), mode=b"0000755\0"), inner),
    )
    yield vector(
        "tar-symlink-data",
        code,
        "A symlink has data: readers that skip it and readers that do not see other members.",
        tar(header(NAME, kind=b"2", link=b"README", size=len(inner)), inner),
    )
    yield vector(
        "tar-padding",
        "archive-tar-padding",
        "The bytes that fill a file's last block are not zero.",
        tar(header(NAME, size=5) + b"hello" + b"evil".ljust(507, b"\0")),
    )
    truncated = "archive-truncated"
    whole = tar(member(NAME, b"x" * 600))
    start = len(TOP + GOOD)
    for name, size, comment in (
        ("header", start + 300, "The file ends within a header."),
        ("data", start + 700, "The file ends within a member's data."),
        ("data-early", start + 512, "The file ends after a member's header."),
        ("padding", start + 512 + 700, "The file ends within a member's padding."),
    ):
        yield vector(f"tar-truncated-{name}", truncated, comment, whole[:size])
    yield vector(
        "tar-size-beyond",
        truncated,
        "A member of six bytes says that it has eight gigabytes.",
        tar(header(NAME, size=b"77777777777\0") + padded(b"hello\n")),
    )
    yield vector("tar-empty-file", truncated, "The file is empty.", b"")


def _end() -> Iterator[Vector]:
    yield vector(
        "tar-no-end", "archive-tar-no-end", "The tar stops without an end mark.", tar(end=b"")
    )
    code = "archive-tar-lone-end"
    yield vector(
        "tar-lone-end", code, "One zero block, and the end of the file.", tar(end=bytes(512))
    )
    yield vector(
        "tar-lone-end-between",
        code,
        "One zero block between two members: some readers stop there, some go on.",
        tar(bytes(512), member(b"evil-1.0/hidden", b"x\n")),
    )
    code = "archive-tar-data-after-end"
    yield vector(
        "tar-member-after-end",
        code,
        "A member after the end, which readers that ignore zero blocks see.",
        tar(END, member(b"evil-1.0/hidden", b"x\n")),
    )
    yield vector(
        "tar-byte-after-end",
        code,
        "One byte that is not zero in the last of the blocks that fill the record.",
        tar(bytes(8192) + b"evil".rjust(512, b"\0"), end=b"")[: len(TOP + GOOD)]
        + END
        + bytes(8192)
        + b"evil".rjust(512, b"\0"),
    )
    yield vector(
        "tar-end-odd",
        "archive-truncated",
        "The zero bytes after the end are no whole blocks.",
        tar() + bytes(100),
    )
    yield vector(
        "tar-end-record", SUCCESS, "The end fills a record of 20 blocks.", tar() + bytes(7168)
    )
    yield vector("tar-no-members", SUCCESS, "An archive of nothing but an end.", END)
    yield vector(
        "tar-text",
        "archive-tar-number",
        "The file is 512 bytes of text by the name of a tar; its first field is no number.",
        (b"This is no archive. " * 30)[:512],
    )
