"""The two forms of the table of known helpers: the packed one and the page's generated part.

The packed form is specified in `tagseal.contents.helpers`, which reads it. `known_helpers` collects
what goes into it.
"""

import hashlib
import json
import re
import struct
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby

__all__ = ["Row", "encode", "page"]

_GENERATED = re.compile(r"(?<=<!-- generated -->\n).*?(?=<!-- end of generated -->)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One known helper: a base name, its bytes' blob id, and where they are from."""

    name: str
    blob: str
    tool: str
    version: str
    day: int
    """The day of the version, counted from 1970-01-01 UTC: what puts versions in order."""


def encode(rows: list[Row], distinctive: set[str], *, inputs: list[str], newest: str) -> bytes:
    """Return the packed table."""
    tools = sorted({row.tool for row in rows})
    versions = sorted({(row.day, row.tool, row.version) for row in rows})
    place = {version: number for number, version in enumerate(versions)}
    assert len(versions) < 1 << 16
    ordered = sorted(
        (row.name.encode(), place[row.day, row.tool, row.version], row.blob) for row in rows
    )
    names = []
    steps = []
    for name, group in groupby(ordered, key=lambda entry: entry[0]):
        previous = count = 0
        for _, version, _ in group:
            steps.append(version - previous)
            previous = version
            count += 1
        names.append([name.decode(), count, int(name.decode() in distinctive)])
    index = {
        "newest": newest,
        "inputs": inputs,
        "tools": tools,
        "versions": [[tools.index(tool), version] for _, tool, version in versions],
        "names": names,
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    packed = zlib.compress(text + struct.pack(f">{len(steps)}H", *steps), 9)
    ids = b"".join(bytes.fromhex(blob) for _, _, blob in ordered)
    return b"tagseal known helpers 1\n" + struct.pack(">I", len(packed)) + packed + ids


def page(
    text: str,
    rows: list[Row],
    distinctive: set[str],
    *,
    inputs: list[str],
    newest: str,
    table: bytes,
) -> str:
    """Return the page with its generated part made anew."""
    by_tool = Counter(row.tool for row in rows)
    names = defaultdict(set)
    dated = Counter(row.tool for row in rows if row.version.startswith("git "))
    for row in rows:
        names[row.tool].add(row.name)
    lines = [
        f"The table holds {len(rows):,} files under {len({row.name for row in rows}):,} names, of",
        f"which {len(distinctive):,} raise the alarm; it takes {len(table):,} bytes. Its newest",
        f"input is of {newest}. Its sha256, which the reader insists on, is",
        f"`{hashlib.sha256(table).hexdigest()}`.",
        "",
        "| tool | files | names | of a release | of a commit |",
        "|---|---|---|---|---|",
    ]
    for tool in sorted(by_tool):
        total, commits = by_tool[tool], dated[tool]
        lines.append(
            f"| {tool} | {total:,} | {len(names[tool]):,} | {total - commits:,} | {commits:,} |"
        )
    lines += ["", "Made from:", "", *[f"- {line}" for line in inputs], ""]
    done, count = _GENERATED.subn(lambda _: "\n".join(lines), text)
    assert count == 1
    return done
