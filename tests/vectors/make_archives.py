"""Write tests/vectors/archives anew: ``python tests/vectors/make_archives.py``."""

import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import vectors_bombs  # noqa: E402
import vectors_containers  # noqa: E402
import vectors_names  # noqa: E402
import vectors_pax  # noqa: E402
import vectors_streams  # noqa: E402
import vectors_tar  # noqa: E402
import vectors_xz  # noqa: E402
import vectors_zip  # noqa: E402
import vectors_zipnames  # noqa: E402

from support_vectors import ARCHIVES, Vector, format_vector, parse_vector  # noqa: E402

PARTS = (
    vectors_tar,
    vectors_pax,
    vectors_names,
    vectors_containers,
    vectors_xz,
    vectors_streams,
    vectors_zip,
    vectors_zipnames,
    vectors_bombs,
)


def make() -> Iterator[Vector]:
    """Yield every vector."""
    for part in PARTS:
        yield from part.vectors()


def main() -> None:
    """Write the files whose content would change, and remove those that are no longer made."""
    ARCHIVES.mkdir(exist_ok=True)
    made = {}
    for vector in make():
        if vector.name in made:
            raise ValueError(f"two vectors have the name {vector.name}")
        made[vector.name] = vector
    for path in ARCHIVES.iterdir():
        if path.name not in made:
            path.unlink()
    for name, vector in made.items():
        path = ARCHIVES / name
        # The encoding may differ between versions of zlib; the vector does not.
        if not path.exists() or parse_vector(name, path.read_text("ascii")) != vector:
            path.write_text(format_vector(vector), encoding="ascii")
    sys.stdout.write(f"{len(made)} vectors\n")


if __name__ == "__main__":
    main()
