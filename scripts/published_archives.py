"""Compare archives that others published with their tags, for ``docs/real-runs.md``.

Each ``[[published]]`` of the manifest names an archive with its sha256, the command that fetches
it, the repository and tag that it says it is of with the commit that the tag must lead to, and what
is left of it: every file that no rule explains has to be named there with what it really is, and
nothing else may be. So a file that becomes unexplained, or explained, fails the script until
somebody has looked at it.

With ``built`` the archive is compared twice: alone, and beside an archive that was built from the
tag by the commands that stand there.
"""

import fnmatch
import hashlib
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COUNTS = ("identical", "generated", "modified", "relocated", "dereferenced", "omitted")
LEFT_OUT = ("left-out", "customary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the reader keeps the clones, the fetched archives and those built from tags."""

    clones: Path
    downloads: Path
    built: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One comparison: the exit status, the JSON document and the seconds that it took."""

    status: int
    document: dict[str, Any]
    seconds: float

    @property
    def rules(self) -> dict[str, int]:
        """How many files each rule explains, apart from what was only left out."""
        found = self.document.get("rules", {})
        return {name: entry["count"] for name, entry in found.items()}

    @property
    def left(self) -> list[dict[str, Any]]:
        """The findings: what nothing explains."""
        return list(self.document.get("findings", []))


def published(items: list[dict[str, Any]], places: Places) -> str:
    """Compare every published archive and return that part of the page."""
    runs = [(item, _runs(item, places)) for item in items]
    if unnamed := [complaint for item, compared in runs for complaint in _unnamed(item, compared)]:
        sys.exit("\n".join(unnamed))
    lines = ["## Published archives, compared with their tags", "", _outcome(runs), ""]
    lines += _overview(runs)
    lines += _by_rule([compared for _, compared in runs])
    lines += ["### Each archive", ""]
    for item, compared in runs:
        lines += _section(item, compared)
    return "\n".join([*lines, *_commands(items)])


def _runs(item: dict[str, Any], places: Places) -> list[Compared]:
    archive = places.downloads / item["file"]
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != item["sha256"]:
        sys.exit(f"{archive}: the sha256 is {found}")
    repository = places.clones / item["name"]
    runs = [_compare(archive, repository, item, ())]
    if "built" in item:
        built = places.built / item.get("built_file", item["file"])
        runs.append(_compare(archive, repository, item, ("--built", str(built))))
    sys.stderr.write(f"{item['file']} compared\n")
    return runs


def _compare(
    archive: Path, repository: Path, item: dict[str, Any], more: tuple[str, ...]
) -> Compared:
    command = [sys.executable, "-m", "tagseal", "compare", str(archive), "--json"]
    command += ["--git", str(repository), "--tag", item["tag"], *item.get("flags", ()), *more]
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    seconds = time.monotonic() - started
    document = json.loads(done.stdout)
    if "error" not in document and document["commit"] != item["commit"]:
        sys.exit(f"{item['file']}: the tag leads to {document['commit']}, not {item['commit']}")
    return Compared(status=done.returncode, document=document, seconds=seconds)


def _inner(path: str) -> str:
    """Return a path below the archive's top folder."""
    return path.partition("/")[2] or path


def _unnamed(item: dict[str, Any], compared: list[Compared]) -> list[str]:
    """Return what keeps the manifest from naming just the files that are left of an archive."""
    run = compared[-1]
    if ("error" in run.document) != ("refused" in item):
        return [f"{item['file']}: {run.document.get('error', 'it is no longer refused')}"]
    complaints = []
    used = set()
    for finding in run.left:
        path = _inner(finding.get("path") or "")
        names = [entry["path"] for entry in item.get("left", ())]
        name = next((name for name in names if fnmatch.fnmatchcase(path, name)), None)
        if name is None:
            complaints.append(f"{item['file']}: {finding['code']} {path} is not named")
        used.add(name)
    stale = [entry["path"] for entry in item.get("left", ()) if entry["path"] not in used]
    return complaints + [f"{item['file']}: {name} is named, but nothing is left" for name in stale]


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _outcome(runs: list[tuple[dict[str, Any], list[Compared]]]) -> str:
    done = [compared for _, compared in runs if "error" not in compared[0].document]
    alone = sum(1 for compared in done if not compared[0].left)
    clean = sum(1 for compared in done if not compared[-1].left)
    identical = sum(compared[-1].document["counts"]["identical"] for compared in done)
    explained = sum(_explained(compared[-1]) for compared in done)
    left = sum(len(compared[-1].left) for compared in done)
    return (
        f"{len(runs)} archives, and {len(runs) - len(done)} of them is refused. In {alone} nothing "
        f"is left that is not explained, and in {clean - alone} more where an archive was built "
        f"from the tag as well. {identical} files are the tag's, {explained} others are explained, "
        f"and {left} are left in {len(done) - clean} archives: each of those was looked at and is "
        "named below."
    )


def _explained(run: Compared) -> int:
    return sum(count for name, count in run.rules.items() if name not in LEFT_OUT)


def _overview(runs: list[tuple[dict[str, Any], list[Compared]]]) -> list[str]:
    head = ["archive", "tag", *COUNTS, "explained", "not explained", "exit status", "s", "sha256"]
    lines = [_row(*head), _row(*["---"] * 2, *["---:"] * (len(head) - 3), "---")]
    for item, compared in runs:
        for run, also in zip(compared, ("", " and one built from the tag"), strict=False):
            name = f"`{item['file']}`{also}"
            if "error" in run.document:
                counts, explained, left = ["" for _ in COUNTS], "", "refused"
            else:
                counts = [str(run.document["counts"][name]) for name in COUNTS]
                explained, left = str(_explained(run)), str(len(run.left))
            tail = (explained, left, run.status, f"{run.seconds:.1f}", f"`{item['sha256'][:16]}`")
            lines.append(_row(name, item["tag"], *counts, *tail))
    return [*lines, ""]


def _by_rule(runs: list[list[Compared]]) -> list[str]:
    alone: Counter[str] = Counter()
    built: Counter[str] = Counter()
    archives: Counter[str] = Counter()
    means: dict[str, str] = {}
    for compared in runs:
        alone.update(compared[0].rules)
        built.update(compared[-1].rules)
        archives.update({name for run in compared for name in run.rules})
        for run in compared:
            entries = run.document.get("rules", {})
            means.update({name: entry["means"] for name, entry in entries.items()})
    head = ("rule", "files", "with those built", "archives", "what it means")
    lines = ["### By rule", "", _row(*head), _row("---", "---:", "---:", "---:", "---")]
    for name, _ in (alone + built).most_common():
        lines.append(_row(f"`{name}`", alone[name], built[name], archives[name], means[name]))
    return [*lines, ""]


def _section(item: dict[str, Any], compared: list[Compared]) -> list[str]:
    lines = [f"#### `{item['file']}`", "", item["what"].strip(), ""]
    for run, also in zip(compared, ("", " With the one built from the tag"), strict=False):
        lines += [_sentence(run, also), ""]
    named = item.get("left", [])
    if named:
        lines += ["What is left, and what it is:", ""]
        for entry in named:
            lines.append(f"- `{entry['path']}`: {' '.join(entry['is'].split())}")
        lines.append("")
    if "remark" in item:
        lines += [item["remark"].strip(), ""]
    if "built" in item:
        lines += ["Built with:", "", "```sh", *item["built"].strip().splitlines(), "```", ""]
    return lines


def _sentence(run: Compared, also: str) -> str:
    if "error" in run.document:
        error = run.document["error"]
        return f"Refused, `{error['code']}`: {error['message']}"
    rules = ", ".join(f"{count} `{name}`" for name, count in run.rules.items())
    codes = Counter(finding["code"] for finding in run.left)
    left = ", ".join(f"{count} `{code}`" for code, count in codes.items())
    explained = f"Explained: {rules}." if rules else "There is nothing to explain."
    if also:
        explained = f"{also.strip()}: {rules}."
    return f"{explained} Left: {left}." if left else f"{explained} Nothing is left."


def _commands(items: list[dict[str, Any]]) -> list[str]:
    lines = ["### How to get them", ""]
    lines += ["The repositories are `https://github.com/OWNER/NAME`:", "", "```sh"]
    names = dict.fromkeys(item["name"] for item in items)
    lines += [f"git clone https://github.com/{name} CLONES/{name}" for name in names]
    lines += ["```", "", "The archives:", "", "```sh"]
    return [*lines, *dict.fromkeys(item["get"] for item in items), "```", ""]
