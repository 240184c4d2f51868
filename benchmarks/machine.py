"""What the figures were measured on: the machine, and the versions of everything that took part."""

import importlib.metadata
import os
import platform
import re
import subprocess
import zlib
from pathlib import Path

__all__ = ["machine_lines"]

_PROGRAMS = (
    ("gzip", "--version"),
    ("xz", "--version"),
    ("git", "--version"),
    ("tar", "--version"),
    ("diff", "--version"),
    ("diffoscope", "--version"),
)
_PACKAGES = ("isal", "backports.zstd", "click", "rich", "sigstore", "cryptography", "mercurial")


def machine_lines() -> list[str]:
    """Return two lines: the machine, and the versions."""
    system = f"{platform.system()} {platform.release()}"
    machine = f"{os.cpu_count()} cores of {_processor()}, {_memory()}, {system}"
    programs = [f"{name} {_version(name, option)}" for name, option in _PROGRAMS]
    packages = [f"{name} {_installed(name)}" for name in _PACKAGES]
    python = [f"Python {platform.python_version()}", f"zlib {zlib.ZLIB_RUNTIME_VERSION}"]
    return [machine, ", ".join([*programs, *python, *packages])]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _memory() -> str:
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{size / 2**30:.0f} GiB of memory"


def _version(program: str, option: str) -> str:
    """Return the first number with a dot that a program says of itself."""
    try:
        done = subprocess.run(  # noqa: S603 - the programs are named above
            [program, option], stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True
        )
    except OSError:
        return "(not there)"
    found = re.search(r"\d+(\.\d+)*", done.stdout.partition("\n")[0])
    return found[0] if found else "(unknown)"


def _installed(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "(not there)"
