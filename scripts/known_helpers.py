"""Build the table of known helpers and the generated part of ``docs/known-helpers.md``.

The table says which bytes the GNU build tools ship under which base name; what it is for is said in
``docs/known-helpers.md`` and `tagseal.contents.helpers`, which also has its format. Its inputs are
the reader's own: full clones of the tools, and the tools' packages in Debian, of every suite that
is to be in it::

    git clone URL CLONES/gnulib                 # and gettext, automake, autoconf, libtool,
                                                # autoconf-archive: origins in the page
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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from known_helpers_table import Row, encode, page

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "tagseal" / "contents" / "_known_helpers.bin"
MODULE = ROOT / "src" / "tagseal" / "contents" / "helpers.py"
PAGE = ROOT / "docs" / "known-helpers.md"

MIN_BYTES = 64
"""Below this a file is too short for its bytes to be evidence of where they come from."""

_DAY = 86_400
_PIN = re.compile(r'(?<=^_SHA256 = ")[0-9a-f]{64}(?="$)', re.MULTILINE)

# Names that the tools copy into projects, wherever in the tool's own tree they lie.
_COPIED = """
ABOUT-NLS COPYING COPYING.DOC COPYING.LESSER COPYING.LESSERv2 COPYING.LESSERv3 COPYING.LIB
COPYINGv2 COPYINGv3 INSTALL INSTALL.ISO INSTALL.UTF-8 Makefile.in.in Makevars.template Rules-quot
acinstall ansi2knr.1 ansi2knr.c ar-lib boldquot.sed compile config-ml.in config.guess config.rpath
config.sub depcomp elisp-comp en@boldquot.header en@quot.header fdl.texi gettext.h gpl-2.0.texi
gpl-3.0.texi insert-header.sed insert-header.sin install-sh interlock lgpl-2.1.texi lgpl-3.0.texi
libtool.m4 ltconfig ltdl.m4 ltmain.sh ltversion.m4 mdate-sh missing mkinstalldirs py-compile
quot.sed remove-potcdate.sed remove-potcdate.sin symlink-tree tap-driver.pl tap-driver.sh
test-driver texinfo.tex ylwrap
"""
COPIED = frozenset(_COPIED.split())

# Names in the same folders that each project writes for itself, or that say nothing.
OWN = re.compile(
    r"(?:Makefile(?:\.(?:am|in|maint))?|ChangeLog.*|README.*|NEWS|TODO|AUTHORS|VERSION|stamp-.*"
    r"|\..*|gnulib-(?:comp|cache|tool)\.m4|gnulib\.mk|local\.mk|ac(?:include|local)\.m4|POTFILES.*"
    r"|.*\.(?:diff|patch|orig|rej|gmo|po|tar|tar\.gz|m4sh|exe|texi|pl\.in)|ltmain\.in)"
)

# Names that many projects give to files of their own: they identify, but raise no alarm.
COMMON = re.compile(
    r"COPYING.*|INSTALL.*|ABOUT-NLS|bootstrap.*|configure(?:\.ac)?|config-h\.in|.*\.(?:c|h|y|texi)"
    r"|auto(?:gen|pull)\.sh|fetch.*|Makefile\.inc|run-test|srclist.*|locale\.alias|maint\.mk|.*\.rc"
    r"|[^.]{1,3}|.*\.(?:el|awk|h\.in|mk|xsl|css|html?|txt|class|tar|xz|[0-9])"
)


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A tool: where in its tree lies what it ships, and how its releases are tagged."""

    name: str
    origin: str
    paths: str
    """A regular expression that is searched in a path."""
    branches: tuple[str, ...] = ("master",)
    releases: str | None = None
    """A regular expression of a release's tag, the version as its group; None: every commit is."""


_M4 = r"(?:^|/)(?:gnulib-|gl/)?m4/[^/]+\.m4$"
_AUX = r"(?:^|/)build-aux/[^/]+$"
_INTL = r"(?:^|/)intl/[^/]+\.(?:[chy]|s[ie][dn]|charset|in|h\.in|hin|sed\.in)$"

TOOLS = (
    Tool(
        name="automake",
        origin="https://github.com/autotools-mirror/automake",
        paths=r"^lib/[^/]+$|^m4/(?:internal/)?[^/]+\.m4$|^contrib/[^/]+$",
        releases=r"(?:v|Release-)(\d+(?:[.-]\d+)*(?:-p\d+)?)",
    ),
    Tool(
        name="autoconf",
        origin="https://github.com/autotools-mirror/autoconf",
        paths=rf"{_M4}|{_AUX}|^config/[^/]+$",
        releases=r"(?:v|AUTOCONF-|autoconf-)(\d+\.\d+)",
    ),
    Tool(
        name="libtool",
        origin="https://github.com/autotools-mirror/libtool",
        paths=rf"{_M4}|{_AUX}|^[^/]+\.m4$|^(?:libltdl/)?config/[^/]+$|^libltdl/.*\.(?:c|h|m4)$",
        releases=r"(?:v|release-)(\d+(?:[.-]\d+)*|2\.2\.6[ab])",
    ),
    Tool(
        name="gettext",
        origin="https://github.com/autotools-mirror/gettext",
        paths=rf"{_M4}|{_AUX}|{_INTL}|(?:^|/)config/[^/]+$",
        branches=("master", "[0-9]*"),
        releases=r"v(\d+(?:\.\d+)+)",
    ),
    Tool(
        name="autoconf-archive",
        origin="https://github.com/autoconf-archive/autoconf-archive",
        paths=r"^(?:m4/)?[^/]+\.m4$",
        releases=r"v(\d{4}\.\d\d\.\d\d)",
    ),
    Tool(
        name="gnulib",
        origin="https://github.com/coreutils/gnulib",
        paths=rf"{_M4}|{_AUX}|^config/[^/]+$|^top/[^/]+$|^doc/(?:COPYING|INSTALL)[^/]*$",
        branches=("master", "stable-*"),
    ),
)

# The same for the packages of any of them, installed or as released.
PACKAGED = re.compile(
    rf"{_M4}|{_AUX}|{_INTL}|(?:^|/)aclocal(?:-[0-9.]+)?/(?:internal/)?[^/]+\.m4$"
    r"|(?:^|/)share/gettext/(?:po|m4)/[^/]+$|(?:^|/)share/automake-[0-9.]+/[^/]+$"
    r"|(?:^|/)(?:libltdl|share/libtool)/(?:.*\.[ch]|configure|configure\.ac|config-h\.in|ltdl\.mk)$"
    r"|^automake-[0-9.]+/lib/[^/]+$|^[^/]+/(?:libtool|ltdl)\.m4$"
)


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
        self.counts: Counter[str] = Counter()

    def add(self, path: str, blob: str, origin: Origin) -> None:
        """Keep one file, unless bytes of that name and id are known from earlier."""
        name = path.rpartition("/")[2]
        known = self.origins.get((name, blob))
        if known is None or origin < known:
            self.origins[name, blob] = origin
        if not COMMON.fullmatch(name):
            self.distinctive.add(name)


def wanted(path: str, pattern: re.Pattern[str]) -> bool:
    """Whether a path of a tool's tree is one that is copied into projects."""
    name = path.rpartition("/")[2]
    if OWN.fullmatch(name) or "/tests/" in path or path.startswith(("tests/", "t/")):
        return False
    return name in COPIED or pattern.search(path) is not None


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
            version = re.sub(r"-(?=\d)", ".", match[1])
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
            if wanted(path, pattern) and entry.startswith("100"):
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
            if mode.startswith("100") and wanted(path, pattern):
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
    head = git(clone, "rev-parse", "refs/heads/master").decode().strip()
    table.newest = max(table.newest, seconds)
    table.inputs.append(f"{tool.name}: git, {tool.origin} at {head}")
    table.counts[f"{tool.name}, files in git"] += len({(p, b) for _, p, b in changes})


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
        debian = rest.split("_")[0].replace("%3a", ":")
        upstream = re.sub(r"^\d+:|-[^-]*$", "", debian)
        label = f"{debian.rpartition(':')[2]} (Debian)"
    else:
        data = file.read_bytes()
        upstream = label = rest.split(".orig")[0]
    day = released[rank].get(upstream, (0, ""))[0]
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
            if not (wanted(path, PACKAGED) or (not label and wanted(path, _INFRASTRUCTURE))):
                continue
            version = label or path.partition("/")[0].removeprefix("gettext-")
            known = day or released.get(version, (0, ""))[0] or int(newest) // _DAY
            content = stream.read()
            blob = hashlib.sha1(b"blob %d\0" % len(content), usedforsecurity=False)
            blob.update(content)
            origin = Origin(introduced=known, rank=rank, day=known, version=version)
            table.add(path, blob.hexdigest(), origin)
            table.counts[f"{TOOLS[rank].name}, files in packages"] += 1


_INFRASTRUCTURE = re.compile(r"^gettext-[^/]+/(?:intl|m4|po)/[^/]+$")


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
