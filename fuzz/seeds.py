"""The inputs that a session begins with: committed files, and for archives the test vectors."""

import shutil
from pathlib import Path

from targets import ARCHIVES

__all__ = ["CORPUS", "seeds", "write_seeds"]

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
_LARGEST = 1 << 16


def seeds(name: str) -> dict[str, bytes]:
    """Return a target's seeds, file name to bytes."""
    folder = CORPUS / name
    found = {p.name: p.read_bytes() for p in folder.iterdir()} if folder.is_dir() else {}
    if name in ARCHIVES:
        found |= _vectors(ARCHIVES[name])
    return found


def _vectors(file_name: str) -> dict[str, bytes]:
    return {}


def write_seeds(name: str, folder: Path) -> None:
    """Write a target's seeds into a folder of their own, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for seed, data in seeds(name).items():
        (folder / seed).write_bytes(data)
