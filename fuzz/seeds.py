"""The inputs that a session begins with: committed files, and for archives the test vectors."""

import shutil
import sys
from pathlib import Path

from targets import ARCHIVES

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
sys.path.append(str(HERE.parent / "tests"))

from support_vectors import all_vectors  # noqa: E402

__all__ = ["CORPUS", "seeds", "write_seeds"]

_LARGEST = 1 << 14
_WHEEL = ".whl"


def seeds(name: str) -> dict[str, bytes]:
    """Return a target's seeds, file name to bytes."""
    folder = CORPUS / name
    found = {p.name: p.read_bytes() for p in folder.iterdir()} if folder.is_dir() else {}
    if name in ARCHIVES:
        for vector in all_vectors():
            same = vector.file == ARCHIVES[name] or (name == "zip" and vector.file.endswith(_WHEEL))
            if same and 0 < len(vector.payload) <= _LARGEST:
                found[vector.name] = vector.payload
    return found


def write_seeds(name: str, folder: Path) -> None:
    """Write a target's seeds into a folder of their own, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for seed, data in seeds(name).items():
        (folder / seed).write_bytes(data)
