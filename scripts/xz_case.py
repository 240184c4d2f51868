"""Play the case of xz with xz's own archives, and write the table of ``docs/xz.md``.

Honest release archives are taken as they were published; a line is added to
``m4/build-to-host.m4``, or a command inside of ``configure``, and each variant is compared with the
tag by the command that everybody has::

    git clone https://github.com/tukaani-project/xz CLONE
    python scripts/xz_case.py --git CLONE --downloads DOWNLOADS --built BUILT

DOWNLOADS holds ``xz-5.4.1.tar.xz`` and ``xz-5.8.1.tar.xz``; BUILT is an ``xz-5.4.1.tar.gz`` that
was made from the tag with the same tools as the published one. How both are had is said in
``docs/real-runs.md``. Nothing of an archive is run or unpacked to disk.
"""

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "xz.md"
BEGIN, END = "<!-- made by scripts/xz_case.py -->", "<!-- until here -->"
DOWNLOADS = {
    "xz-5.4.1.tar.xz": "5d9827aa1875b21c288f78864bb26d2650b436ea8d2cad364e4921eb6266a5a5",
    "xz-5.8.1.tar.xz": "0b54f79df85912504de0b14aec7971e3f964491af1812d83447005807513cd9e",
}
HELPER = "m4/build-to-host.m4"
# Of the kind that the backdoor had: the macro sets what a later line runs.
EVIL_LINE = b'  gl_path_map=\'tr "\\t \\-_" " \\t_\\-"\'\n'
EVIL_COMMAND = b"\necho this line is not the tag's\n"


@dataclass(frozen=True)
class Case:
    """One archive, how it is changed, and whether a build of one's own is at hand."""

    title: str
    archive: str
    changed: str | None = None
    change: Callable[[bytes], bytes] = bytes
    with_build: bool = False


def add_line(content: bytes) -> bytes:
    """Put one line into a macro file, where its code begins."""
    lines = content.splitlines(keepends=True)
    return b"".join([*lines[:-2], EVIL_LINE, *lines[-2:]])


def add_command(content: bytes) -> bytes:
    """Put one command into a shell script, after its first paragraph."""
    head, _, rest = content.partition(b"\n\n")
    return head + b"\n" + EVIL_COMMAND + b"\n" + rest


CASES = (
    Case("5.8.1 as published", "xz-5.8.1.tar.xz"),
    Case(f"5.8.1, one line more in `{HELPER}`", "xz-5.8.1.tar.xz", HELPER, add_line),
    Case("5.4.1 as published", "xz-5.4.1.tar.xz"),
    Case("5.4.1, one command more in `configure`", "xz-5.4.1.tar.xz", "configure", add_command),
    Case("5.4.1 as published, with a build of one's own", "xz-5.4.1.tar.xz", with_build=True),
    Case(
        "5.4.1, one command more in `configure`, with a build of one's own",
        *("xz-5.4.1.tar.xz", "configure", add_command),
        with_build=True,
    ),
    Case(
        "5.4.1, one line more in `m4/gettext.m4`, with a build of one's own",
        *("xz-5.4.1.tar.xz", "m4/gettext.m4", add_line),
        with_build=True,
    ),
)


def variant(case: Case, downloads: Path, folder: Path) -> Path:
    """Return the archive of a case, changed if it is one that is."""
    source = downloads / case.archive
    found = hashlib.sha256(source.read_bytes()).hexdigest()
    if found != DOWNLOADS[case.archive]:
        sys.exit(f"{source}: the sha256 is {found}")
    if case.changed is None:
        return source
    destination = folder / case.archive
    with (
        tarfile.open(source) as old,
        tarfile.open(destination, "w:xz", format=old.format, preset=0) as new,
    ):
        for member in old:
            stream = old.extractfile(member) if member.isfile() else None
            content = stream.read() if stream is not None else b""
            if member.name.partition("/")[2] == case.changed:
                content = case.change(content)
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return destination


def compare(case: Case, archive: Path, clone: Path, built: Path) -> dict[str, Any]:
    """Compare an archive with its tag and return the command's document."""
    tag = "v" + case.archive.removeprefix("xz-").removesuffix(".tar.xz")
    command = [sys.executable, "-m", "tagseal", "compare", str(archive), "--json"]
    command += ["--git", str(clone), "--tag", tag]
    command += ["--built", str(built)] if case.with_build else []
    done = subprocess.run(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, check=False
    )
    document: dict[str, Any] = json.loads(done.stdout)
    if "error" in document:
        sys.exit(f"{archive}: {document['error']['message']}")
    return document


def row(case: Case, document: dict[str, Any]) -> str:
    """Return a case's row: how the command ended, and how the changed file stands."""
    named = (file for file in document["files"] if isinstance(file["path"], str))
    files = {file["path"].partition("/")[2]: file for file in named}
    shown = []
    for path in (HELPER, "m4/gettext.m4", "configure"):
        if path in files:
            file = files[path]
            why = file["rule"] or file["code"]
            shown.append(f"`{path}`: {file['standing']} (`{why}`)")
    unexplained = sum(f["standing"] == "unexplained" for f in document["files"])
    cells = [case.title, str(document["status"]), str(unexplained), "; ".join(shown)]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Compare every case and write the table into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--git", type=Path, required=True, help="a clone of xz with its tags")
    parser.add_argument("--downloads", type=Path, required=True, help="the published archives")
    parser.add_argument("--built", type=Path, required=True, help="your own build of 5.4.1")
    arguments = parser.parse_args()
    head = ["archive", "exit status", "unexplained", "how the files stand that matter here"]
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---"] * len(head)) + " |"]
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="xz-case-") as folder:
            archive = variant(case, arguments.downloads, Path(folder))
            lines.append(row(case, compare(case, archive, arguments.git, arguments.built)))
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    table = "\n".join(lines)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
