"""Build the table of known helpers and the generated part of ``docs/known-helpers.md``.

The table says which bytes the GNU build tools ship under which base name; what it is for is said in
``docs/known-helpers.md`` and `tagseal.contents.helpers`, which also has its format. Its inputs are
the reader's own: full clones of the tools, and the tools' packages in Debian, of every suite that
is to be in it::

    git clone --bare URL CLONES/gnulib          # and so on: the page has the origins
    (cd PACKAGES && apt-get source --download-only libtool && apt-get download libtool)  # and so on
    python scripts/known_helpers.py --clones CLONES --packages PACKAGES [--packages MORE]

The same inputs give the same bytes. Nothing of the inputs is run, and nothing is extracted.
"""

import argparse
import hashlib
import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from known_helpers_derived import STAMPED, UNDONE, derived
from known_helpers_sources import COMMON, INFRASTRUCTURE, PACKAGED, TOOLS, Tool, wanted
from known_helpers_table import Row, encode, page

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "tagseal" / "contents" / "_known_helpers.bin"
MODULE = ROOT / "src" / "tagseal" / "contents" / "helpers.py"
PAGE = ROOT / "docs" / "known-helpers.md"

MIN_BYTES = 64
"""Below this a file is too short for its bytes to be evidence of where they come from."""

_DAY = 86_400
_PIN = re.compile(r'(?<=^_SHA256 = ")[0-9a-f]{64}(?="$)', re.MULTILINE)


@dataclass(frozen=True, order=True, kw_only=True)
class Origin:
    """Where bytes are from; the least of several is kept, so the earliest."""

    introduced: int
    """The day of the first commit or release that has the bytes."""
    rank: int
    """The place of the tool in `TOOLS`, for ties."""
    day: int
    """The day of the version."""
    version: str


class Table:
    """All (base name, blob id) pairs with the earliest origin of each."""

    def __init__(self) -> None:
        self.origins: dict[tuple[str, str], Origin] = {}
        self.distinctive: set[str] = set()
        self.inputs: list[str] = []
        self.newest = 0
        self.texts: dict[tuple[str, str], bytes] = {}
        """libtool's texts that carry stamps, by base name and version."""
        self.days: dict[str, int] = {}
        """The day of each version of these."""
        self.patches: dict[str, bytes] = {}
        """Debian's patch `UNDONE`, by the version of the package."""

    def add(self, path: str, blob: str, origin: Origin) -> None:
        """Keep one file, unless bytes of that name and id are known from earlier."""
        name = path.rpartition("/")[2]
        known = self.origins.get((name, blob))
        if known is None or origin < known:
            self.origins[name, blob] = origin
        if TOOLS[origin.rank].alarms and not COMMON.fullmatch(name):
            self.distinctive.add(name)


def git(clone: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Run git in a clone and return what it prints."""
    command = ["git", "-C", str(clone), "--no-replace-objects", *arguments]
    return subprocess.run(  # noqa: S603 - the reader's own clones
        command, input=stdin, stdout=subprocess.PIPE, check=True
    ).stdout


def release_days(tool: Tool, clone: Path) -> dict[str, tuple[int, str]]:
    """Return the day and the tag of each release."""
    found: dict[str, tuple[int, str]] = {}
    for tag in git(clone, "tag", "--list").decode().split():
        match = re.fullmatch(tool.releases, tag) if tool.releases else None
        if match:
            seconds = int(git(clone, "log", "-1", "--format=%ct", f"refs/tags/{tag}"))
            version = re.sub(r"[-_](?=\d)", ".", match[1])
            found[version] = min(found.get(version, (1 << 40, "")), (seconds // _DAY, tag))
    return found


def read_releases(
    tool: Tool, clone: Path, pattern: re.Pattern[str]
) -> dict[tuple[str, str], tuple[int, str]]:
    """Return, for each (path, blob) of a release's tree, the first release's day and version."""
    first: dict[tuple[str, str], tuple[int, str]] = {}
    for version, (day, tag) in release_days(tool, clone).items():
        for line in git(clone, "ls-tree", "-r", "-z", f"refs/tags/{tag}").decode().split("\0")[:-1]:
            entry, path = line.split("\t", 1)
            if wanted(path, pattern, copied=tool.alarms) and entry.startswith("100"):
                key = (path.rpartition("/")[2], entry.split()[2])
                first[key] = min(first.get(key, (1 << 40, "")), (day, version))
    return first


def history(tool: Tool, clone: Path, pattern: re.Pattern[str]) -> Iterator[tuple[int, str, str]]:
    """Yield day, path and blob of each change in the history of the tool's branches and tags."""
    refs = [f"--branches={branch}" for branch in tool.branches]
    if tool.releases:
        refs += [f"refs/tags/{tag}" for _, tag in release_days(tool, clone).values()]
    arguments = ["-m", "--root", "--raw", "--no-renames", "--no-abbrev", "--diff-filter=AMT"]
    log = git(clone, "log", *refs, *arguments, "-z", "--format=@%ct").decode("utf-8", "replace")
    day = 0
    fields = iter(log.split("\0"))
    for field in fields:
        text = field.lstrip("\n")
        if text.startswith("@"):
            day = int(text[1:].split("\n")[0]) // _DAY
            text = text.partition("\n")[2].lstrip("\n")
        if text.startswith(":"):
            path = next(fields)
            _, mode, _, blob, _ = text.split(" ")
            if mode.startswith("100") and wanted(path, pattern, copied=tool.alarms):
                yield day, path, blob


def sizes(clone: Path, blobs: set[str]) -> dict[str, int]:
    """Return the size of each blob that the clone has."""
    asked = "".join(f"{blob}\n" for blob in sorted(blobs)).encode()
    answer = git(clone, "cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=asked)
    pairs = (line.split(" ") for line in answer.decode().splitlines())
    return {blob: int(size) for blob, size in pairs if size != "missing"}


def read_clone(tool: Tool, clone: Path, table: Table) -> None:
    """Add what a tool's history has."""
    pattern = re.compile(tool.paths)
    releases = read_releases(tool, clone, pattern)
    rank = TOOLS.index(tool)
    changes = sorted(history(tool, clone, pattern))
    long_enough = {
        blob: size >= MIN_BYTES for blob, size in sizes(clone, {c[2] for c in changes}).items()
    }
    for day, path, blob in changes:
        if long_enough.get(blob, False):
            dated = (day, f"git {datetime.fromtimestamp(day * _DAY, UTC):%Y-%m-%d}")
            released, version = releases.get((path.rpartition("/")[2], blob), dated)
            origin = Origin(introduced=day, rank=rank, day=released, version=version)
            table.add(path, blob, origin)
    tips = [f"refs/heads/{branch}" for branch in tool.branches]
    seconds = max(
        int(line)
        for line in git(clone, "for-each-ref", "--format=%(committerdate:unix)", *tips)
        .decode()
        .split()
    )
    head = git(clone, "rev-parse", f"refs/heads/{tool.branches[0]}").decode().strip()
    table.newest = max(table.newest, seconds)
    table.inputs.append(f"{tool.name}: git, {tool.origin} at {head}")


def blob_id(content: bytes) -> str:
    """Return the git blob id of a file's bytes."""
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def add_derived(table: Table) -> None:
    """Add what differs from a released text only in a stamp."""
    rank = [tool.name for tool in TOOLS].index("libtool")
    for text in derived(table.texts, table.patches):
        day = table.days[text.base]
        origin = Origin(introduced=day, rank=rank, day=day, version=text.version)
        table.add(text.name, blob_id(text.data), origin)


def package_tool(name: str) -> int:
    """Return the place in `TOOLS` of the tool that a package holds; stops for any other."""
    aliases = {"autopoint": "gettext", "libltdl-dev": "libtool", "autotools-dev": "automake"}
    stem = re.sub(r"-?\d+\.\d+$", "", name)
    names = [tool.name for tool in TOOLS]
    if aliases.get(stem, stem) not in names:
        sys.exit(f"{name}: no package of a tool that the table has")
    return names.index(aliases.get(stem, stem))


def read_package(file: Path, table: Table, released: list[dict[str, tuple[int, str]]]) -> None:
    """Add what a package has: an upstream tarball or a binary package."""
    name, _, rest = file.name.partition("_")
    rank = package_tool(name)
    if file.suffix == ".deb":
        command = ["dpkg-deb", "--fsys-tarfile", str(file)]
        data = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603
        # Its own day, not the release's: a package has newer files of other tools put in.
        label = f"{rest.split('_')[0].rpartition('%3a')[2]} (Debian)"
        day = 0
    else:
        data = file.read_bytes()
        label = rest.split(".orig")[0]
        day = released[rank].get(label, (0, ""))[0]
    read_tar(data, rank, label, day, table, released[rank])
    table.inputs.append(
        f"{TOOLS[rank].name}: Debian, {file.name.replace('%3a', ':')}, "
        f"sha256 {hashlib.sha256(file.read_bytes()).hexdigest()}"
    )


def read_tar(
    data: bytes,
    rank: int,
    label: str,
    day: int,
    table: Table,
    released: dict[str, tuple[int, str]],
) -> None:
    """Add the helpers of a tar, and those of gettext's archive of its own old versions."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        members = [member for member in tar.getmembers() if member.isfile()]
        newest = max(member.mtime for member in members)
        table.newest = max(table.newest, int(newest))
        for member in members:
            path = member.name.removeprefix("./")
            stream = tar.extractfile(member)
            assert stream is not None
            if re.search(r"(?:^|/)archive\.dir\.tar(?:\.[a-z0-9]+)?$", path):
                read_tar(stream.read(), rank, "", 0, table, released)
                continue
            if not (label or path.startswith("gettext-")) or member.size < MIN_BYTES:
                continue
            if not (wanted(path, PACKAGED) or (not label and wanted(path, INFRASTRUCTURE))):
                continue
            version = label or path.partition("/")[0].removeprefix("gettext-")
            known = day or released.get(version, (0, ""))[0] or int(newest) // _DAY
            content = stream.read()
            origin = Origin(introduced=known, rank=rank, day=known, version=version)
            table.add(path, blob_id(content), origin)
            if TOOLS[rank].name == "libtool" and path.rpartition("/")[2] in STAMPED:
                table.texts[path.rpartition("/")[2], version] = content
                table.days[version] = known


def read_patches(files: list[Path], table: Table) -> None:
    """Keep the patch that `derived` undoes."""
    for file in files:
        with tarfile.open(file) as tar:
            if UNDONE in tar.getnames():
                stream = tar.extractfile(UNDONE)
                assert stream is not None
                version = file.name.removeprefix("libtool_").partition(".debian.tar")[0]
                table.patches[f"{version} (Debian)"] = stream.read()
                table.inputs.append(
                    f"libtool: Debian, {file.name}, "
                    f"sha256 {hashlib.sha256(file.read_bytes()).hexdigest()}"
                )


def main() -> None:
    """Build the table and the page's generated part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--packages", type=Path, action="append", default=[])
    options = parser.parse_args()
    table = Table()
    for tool in TOOLS:
        read_clone(tool, options.clones / tool.name, table)
    released = [release_days(tool, options.clones / tool.name) for tool in TOOLS]
    files = {
        file.name: file
        for folder in options.packages
        for file in folder.iterdir()
        if re.search(r"\.deb$|\.orig\.tar\.[a-z0-9]+$", file.name)
    }
    for _, file in sorted(files.items()):
        read_package(file, table, released)
    for folder in options.packages:
        read_patches(sorted(folder.glob("libtool_*.debian.tar.*")), table)
    add_derived(table)
    rows = [
        Row(name=name, blob=blob, tool=TOOLS[o.rank].name, version=o.version, day=o.day)
        for (name, blob), o in table.origins.items()
    ]
    newest = f"{datetime.fromtimestamp(table.newest, UTC):%Y-%m-%d}"
    distinctive = table.distinctive & {row.name for row in rows}
    data = encode(rows, distinctive, inputs=table.inputs, newest=newest)
    TABLE.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    module, count = _PIN.subn(digest, MODULE.read_text(encoding="utf-8"))
    assert count == 1
    MODULE.write_text(module, encoding="utf-8")
    before = PAGE.read_text(encoding="utf-8")
    after = page(before, rows, distinctive, inputs=table.inputs, newest=newest, table=data)
    PAGE.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
