"""A repository with a submodule that has one itself, cloned with both, and archives of it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support_git import ENVIRONMENT, Sandbox

TOP = b"demo-1.0/"


@dataclass
class Nested:
    """``outer`` is a clone with everything; ``middle`` and ``inner`` are where the rest is from."""

    outer: Sandbox
    middle: Sandbox
    inner: Sandbox
    files: dict[str, bytes]
    """What an archive of it all holds."""


def nested_repositories(folder: Path, object_format: str = "sha1") -> Nested:
    """Make three repositories, one in another in another, and tag the outermost."""
    inner = Sandbox(folder / "inner", object_format=object_format)
    inner.write("deep.c", b"deep\n")
    inner.write("src/more.c", b"more\n")
    inner.commit()
    middle = Sandbox(folder / "middle", object_format=object_format)
    middle.write("lib.c", b"lib\n")
    middle.write("unused/x", b"x")
    middle.git("submodule", "--quiet", "add", str(inner.folder), "third party/inner")
    middle.commit()
    outer = Sandbox(folder / "outer", object_format=object_format)
    outer.write("README", b"read me\n")
    outer.git("submodule", "--quiet", "add", "--name", "the/lib", str(middle.folder), "lib")
    outer.git("submodule", "--quiet", "update", "--init", "--recursive")
    outer.commit()
    outer.git("tag", "v1.0")
    files = {
        "README": b"read me\n",
        ".gitmodules": (outer.folder / ".gitmodules").read_bytes(),
        "lib/lib.c": b"lib\n",
        "lib/unused/x": b"x",
        "lib/.gitmodules": (middle.folder / ".gitmodules").read_bytes(),
        "lib/third party/inner/deep.c": b"deep\n",
        "lib/third party/inner/src/more.c": b"more\n",
    }
    return Nested(outer=outer, middle=middle, inner=inner, files=files)


def clone(source: Path, target: Path, *options: str) -> Path:
    """Clone over a local protocol that knows filters."""
    subprocess.run(
        ["git", "clone", "-q", "--no-local", *options, f"file://{source}", str(target)],
        env={**ENVIRONMENT, "HOME": os.devnull},
        check=True,
        capture_output=True,
    )
    return target
