"""What kind of member a zip entry is, and its Unix mode where the zip records one.

The upper half of the external attributes is a Unix mode if the zip was made on Unix (Info-ZIP's
convention, APPNOTE 4.4.2 and 4.4.15). Some readers use it whatever the zip says about its maker,
so a mode that would make a difference there is refused.
"""

import stat

from tagseal.archives._errors import refusal
from tagseal.archives._zipdirectory import Entry
from tagseal.core.listing import Mode

__all__ = ["member_mode"]

_UNIX = (3, 19)  # Unix and macOS
_DOS_FOLDER = 0x10


def member_mode(entry: Entry) -> tuple[Mode, int | None]:
    """Return file, symlink or folder, and the permission bits or None."""
    mode = entry.attributes >> 16
    kind = Mode.TREE if entry.name.endswith(b"/") else Mode.FILE
    type_bits = stat.S_IFMT(mode)
    if entry.system not in _UNIX:
        if stat.S_ISLNK(mode) or (kind is Mode.FILE and mode & 0o7111):
            raise refusal(
                "archive-zip-mode",
                "A member has a Unix mode but says that it was not made on Unix.",
                entry.name,
            )
        mode = 0
    elif stat.S_ISLNK(mode) and kind is Mode.FILE:
        return Mode.SYMLINK, stat.S_IMODE(mode)
    allowed = (0, stat.S_IFDIR if kind is Mode.TREE else stat.S_IFREG)
    if type_bits not in allowed or (kind is Mode.FILE and entry.attributes & _DOS_FOLDER):
        raise refusal(
            "archive-zip-mode", "A member's name and mode are of different kinds.", entry.name
        )
    return kind, stat.S_IMODE(mode) if mode else None
