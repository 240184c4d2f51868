"""Permission bits: which are refused, and what git's two file modes they come to.

Members must be readable by their owner and not writable by everybody (group-writable is what
``git archive`` writes by default); setuid, setgid and sticky have no place in a source archive.
"""

from tagseal.archives._errors import refusal
from tagseal.core.listing import Mode

__all__ = ["check_file_mode", "check_folder_mode"]

_FILE, _EXECUTABLE = Mode.FILE, Mode.EXECUTABLE
_SPECIAL = 0o7000
_OTHERS_WRITE = 0o002
_READABLE = 0o400
_DECISIVE = _SPECIAL | _OTHERS_WRITE | _READABLE


def check_file_mode(path: bytes, raw_mode: int | None) -> Mode:
    """Return git's mode for a file with these bits (None: the archive records none)."""
    if raw_mode is None:
        return Mode.FILE
    if raw_mode & _DECISIVE != _READABLE:
        _check(path, raw_mode, _READABLE)
    return _EXECUTABLE if raw_mode & 0o100 else _FILE


def check_folder_mode(path: bytes, raw_mode: int | None) -> None:
    """Refuse a folder's bits where they are out of order."""
    if raw_mode is not None:
        _check(path, raw_mode, 0o700)


def _check(path: bytes, raw_mode: int, needed: int) -> None:
    if raw_mode & _SPECIAL:
        raise refusal(
            "archive-mode-special",
            f"The mode {raw_mode:04o} has a setuid, setgid or sticky bit.",
            path,
        )
    if raw_mode & _OTHERS_WRITE:
        raise refusal(
            "archive-mode-writable", f"The mode {raw_mode:04o} lets everybody write.", path
        )
    if raw_mode & needed != needed:
        raise refusal("archive-mode-owner", f"The mode {raw_mode:04o} keeps the owner out.", path)
