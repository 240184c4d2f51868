"""Reasons for which the strict reader refuses an archive, or the writer a tree."""

from tagseal.core.reasons._reason import Reason, Status

_DO_NOT_USE = "Do not use this file; download it again or ask the project."
_AGAIN = "Download the file again; if it stays like this, ask the project."
_REPACK = "Do not use this file; its project should pack it with an ordinary, current tool."
_LIMIT = "Do not unpack this file unless you expected one so large; then raise the limit."
_MEMORY = "Ask the project for the tar.gz; or raise the limit if you trust where this comes from."
_BOMB = "Do not unpack this file; ask the project whether its content is meant to be so uniform."
_STILL = "Make sure that nothing writes to the file, and run it again."
_RENAME = "Download the file again under its own name; do not use it if the name is its own."
_WARN = "Unpack it on a file system that tells upper and lower case apart."


def _refused(code: str, means: str, next_step: str = _REPACK) -> Reason:
    return Reason(
        code=f"archive-{code}", status=Status.NOT_VERIFIED, means=means, next_step=next_step
    )


REASONS: tuple[Reason, ...] = (
    _refused(
        "duplicate-member",
        "Two members of the archive have one path, and readers differ in which wins.",
        _DO_NOT_USE,
    ),
    _refused("limit-file-size", "The archive file is larger than the reader's limit.", _LIMIT),
    _refused(
        "limit-unpacked-size", "The archive unpacks to more bytes than the reader's limit.", _LIMIT
    ),
    _refused(
        "limit-ratio",
        "The archive unpacks to so many times its size that it looks like a decompression bomb.",
        _BOMB,
    ),
    _refused("limit-members", "The archive holds more members than the reader's limit.", _LIMIT),
    _refused(
        "limit-path-length",
        "A path or a symlink's target is longer than the reader's limit.",
        _LIMIT,
    ),
    _refused(
        "limit-kept-size",
        "The members whose bytes are needed are larger together than the reader's limit.",
        _LIMIT,
    ),
    _refused(
        "limit-memory",
        "The archive asks for more memory to be unpacked in than the reader's limit.",
        _MEMORY,
    ),
    _refused(
        "truncated",
        "The archive ends in the middle of something; the download may have been cut short.",
        _AGAIN,
    ),
    _refused(
        "trailing-bytes",
        "The file goes on after the end of the archive; readers differ in what they make of that.",
        _DO_NOT_USE,
    ),
    _refused(
        "crc", "A checksum inside the archive does not match the content that it is for.", _AGAIN
    ),
    _refused("deflate", "Compressed data inside the archive is corrupt.", _AGAIN),
    _refused("corrupt", "Compressed data (xz, zstd or bzip2) is corrupt.", _AGAIN),
    _refused(
        "sha1-collision",
        "A member bears the marks of an attack on SHA-1: another file has its blob id.",
        _DO_NOT_USE,
    ),
    _refused("changed", "The file changed while it was read.", _STILL),
    _refused(
        "name-contradicts",
        "The file's name says one archive format and its bytes are another.",
        _RENAME,
    ),
    _refused("gzip-header", "The gzip header is malformed."),
    _refused("gzip-flags", "The gzip header holds more than a file name."),
    _refused("gzip-length", "The length in the gzip trailer is not that of the content.", _AGAIN),
    _refused(
        "gzip-second-member",
        "The file holds a second gzip member; readers differ in whether they see it.",
        _DO_NOT_USE,
    ),
    _refused(
        "second-stream",
        "The file holds a second xz, zstd or bzip2 stream; readers differ in whether they see it.",
        _DO_NOT_USE,
    ),
    _refused("xz-header", "The xz stream header is malformed."),
    _refused("xz-check", "The xz stream carries no check, or one of a kind that is not known."),
    _refused(
        "xz-block", "An xz block header is malformed, or tells other sizes than the block has."
    ),
    _refused("xz-filter", "An xz block uses a filter that a source archive has no use for."),
    _refused(
        "xz-padding",
        "The padding in an xz stream is not zero; it could hide something.",
        _DO_NOT_USE,
    ),
    _refused("xz-index", "The xz index does not list the blocks of the stream.", _DO_NOT_USE),
    _refused("xz-footer", "The xz stream footer does not fit the stream.", _DO_NOT_USE),
    _refused("zstd-header", "The zstd frame header is malformed."),
    _refused("zstd-dictionary", "The zstd frame needs a dictionary, which nobody has beside it."),
    _refused(
        "zstd-skippable",
        "The file begins with a zstd frame that readers skip; it could hide something.",
    ),
    _refused("tar-magic", "A tar header is of no known kind (v7, ustar, GNU or pax)."),
    _refused("tar-checksum", "The checksum of a tar header is wrong."),
    _refused("tar-number", "A tar header holds a number that is not octal."),
    _refused(
        "tar-base256",
        "A tar header holds a number in base 256, which not every reader understands.",
    ),
    _refused(
        "tar-junk", "A tar header holds bytes where there must be none; they could hide something."
    ),
    _refused(
        "tar-type",
        "A tar member is no file, folder or symlink (but a device, a sparse file or the like).",
    ),
    _refused(
        "tar-slash",
        "A tar member that is no folder has a folder's name; readers differ in what it is.",
    ),
    _refused("tar-link", "A tar member that is no link names a link's target."),
    _refused(
        "tar-data", "A tar member that is no file has data; readers differ in whether they skip it."
    ),
    _refused(
        "tar-padding",
        "The padding after a tar member is not zero; it could hide something.",
        _DO_NOT_USE,
    ),
    _refused(
        "tar-stacked",
        "Extension headers in a tar stand on one another or before no member; readers differ.",
    ),
    _refused(
        "tar-extension-size", "An extension header in a tar is larger than any that is needed."
    ),
    _refused(
        "tar-lone-end",
        "The tar has one end block where there must be two; readers differ in where it ends.",
    ),
    _refused(
        "tar-data-after-end",
        "The tar goes on after its end mark, where most readers do not look.",
        _DO_NOT_USE,
    ),
    _refused("tar-no-end", "The tar has no end mark; it may have been cut short.", _AGAIN),
    _refused("pax-malformed", "A pax extension header is not a list of well-formed records."),
    _refused(
        "pax-duplicate",
        "A pax extension header holds one record twice; readers differ in which wins.",
    ),
    _refused(
        "pax-key", "A pax extension header holds a record that a source archive has no use for."
    ),
    _refused(
        "pax-disagrees",
        "An extension header contradicts the tar header that it extends; readers differ.",
        _DO_NOT_USE,
    ),
    _refused(
        "pax-global",
        "A pax global header stands elsewhere than at the start, or holds more than a comment.",
    ),
    _refused(
        "hardlink",
        "The archive holds a hardlink, which git cannot hold and readers treat differently.",
    ),
    _refused("path-empty", "A member of the archive has no name.", _DO_NOT_USE),
    _refused("path-absolute", "A member's path is absolute.", _DO_NOT_USE),
    _refused(
        "path-dot",
        'A member\'s path holds the component ".", so that one file has several names.',
        _DO_NOT_USE,
    ),
    _refused(
        "path-dot-dot",
        'A member\'s path holds the component "..", and may lead anywhere.',
        _DO_NOT_USE,
    ),
    _refused(
        "path-empty-component",
        "A member's path holds an empty component, so that one file has several names.",
        _DO_NOT_USE,
    ),
    _refused(
        "path-backslash",
        "A member's path holds a backslash, which separates folders on Windows.",
        _DO_NOT_USE,
    ),
    _refused("path-control", "A member's path holds a control character.", _DO_NOT_USE),
    _refused(
        "path-not-utf8",
        "A member's path is not UTF-8; systems differ in what they make of it.",
        _DO_NOT_USE,
    ),
    _refused(
        "path-git",
        "A member's path holds the name .git or what some file system takes for it.",
        _DO_NOT_USE,
    ),
    _refused(
        "path-reserved",
        "A member's path holds a name that some file system changes or cannot hold.",
        _DO_NOT_USE,
    ),
    _refused(
        "path-normalization",
        "Two paths are the same after Unicode normalisation; some systems keep only one.",
        _DO_NOT_USE,
    ),
    _refused(
        "path-through-file",
        "A member's path goes through another member that is no folder.",
        _DO_NOT_USE,
    ),
    _refused(
        "path-case",
        "Two paths are one where letter case or Unicode form is not kept (a warning only).",
        _WARN,
    ),
    _refused(
        "symlink-target",
        "A symlink has no target, or a backslash in it, or control characters.",
        _DO_NOT_USE,
    ),
    _refused("symlink-outside", "A symlink leads out of the archive's top folder.", _DO_NOT_USE),
    _refused("mode-special", "A member has a setuid, setgid or sticky bit.", _DO_NOT_USE),
    _refused("mode-writable", "A member may be written by everybody.", _DO_NOT_USE),
    _refused(
        "mode-owner",
        "A member's mode keeps its owner from reading it or, for a folder, from using it.",
        _DO_NOT_USE,
    ),
    _refused("mode-type", "A member's mode says another kind of file than its type.", _DO_NOT_USE),
    _refused("zip-end", "The zip's end record is missing or is not at the end of the file."),
    _refused("zip-disks", "The zip is one part of an archive split over several files."),
    _refused("zip-directory", "The zip's central directory is malformed."),
    _refused("zip-prepended", "The zip has bytes before its first member.", _DO_NOT_USE),
    _refused(
        "zip-gap",
        "The zip has bytes that belong to no member; they could hide something.",
        _DO_NOT_USE,
    ),
    _refused(
        "zip-overlap",
        "Members of the zip overlap each other or the directory; readers differ in what they see.",
        _DO_NOT_USE,
    ),
    _refused(
        "zip-local-header",
        "A local header of the zip differs from the central directory; readers differ.",
        _DO_NOT_USE,
    ),
    _refused(
        "zip-extra", "The zip has extra fields that are malformed or more than times and owners."
    ),
    _refused("zip-comment", "A member of the zip has a comment."),
    _refused("zip64", "The zip uses 64-bit records where none are needed, or is larger than 4 GB."),
    _refused("zip-encrypted", "A member of the zip is encrypted."),
    _refused("zip-flags", "A member of the zip has flags that a source archive has no use for."),
    _refused("zip-method", "A member of the zip is compressed by another method than deflate."),
    _refused(
        "zip-version",
        "A member of the zip asks for a newer reader than any needs; some readers refuse it.",
    ),
    _refused(
        "zip-name",
        "A name in the zip is not ASCII and not marked as UTF-8; readers differ in its characters.",
    ),
    _refused(
        "zip-mode",
        "The Unix mode of a zip member contradicts its name or the system that it was made on.",
    ),
    _refused("zip-size", "The size of a zip member is not the one recorded."),
    _refused(
        "zip-folder-data", "A folder in the zip has data; readers differ in what they make of it."
    ),
    _refused(
        "zip-after-deflate",
        "A zip member has bytes after the end of its compressed data.",
        _DO_NOT_USE,
    ),
    _refused(
        "zip-descriptor", "The data descriptor of a zip member contradicts the central directory."
    ),
    Reason(
        code="archive-format-unsupported",
        status=Status.UNDECIDED,
        means="The archive is of a format that this version of tagseal does not read.",
        next_step="Use the project's tar.gz, tar.xz or zip, or a newer tagseal.",
    ),
    Reason(
        code="archive-format-unknown",
        status=Status.UNDECIDED,
        means="The file is no archive of a kind that tagseal knows.",
        next_step="Check that this is the file that you meant.",
    ),
    Reason(
        code="archive-write-blob",
        status=Status.NOT_VERIFIED,
        means="The bytes given for a file of the tree do not have the object id that the tree has.",
        next_step="Check the repository with git fsck; nothing was released.",
    ),
    Reason(
        code="archive-write-unsupported",
        status=Status.USAGE,
        means="The tree or its date cannot be written in this archive format.",
        next_step="Choose another format (tar.gz takes everything that git holds), or rename.",
    ),
)
