"""Rehearse real repositories and write ``docs/real-runs.md``.

``docs/real-runs.toml`` is the manifest: for each run its origin, tag, the commit that the tag must
lead to, and the sha256 of the uncompressed source tar, which does not depend on a compressor. The
clones are the reader's own::

    git clone https://github.com/OWNER/NAME CLONES/OWNER/NAME      # for each origin
    python scripts/real_runs.py --clones CLONES --downloads DOWNLOADS --built BUILT

Archives that others published are compared too, as ``published_archives.py`` says; the manifest has
the command that fetches each into a folder, which ``--downloads`` names, and for some the commands
that build it again, into the folder that ``--built`` names. With ``--published`` only that part is
run, and printed.

tagseal's own repository is the first run and needs no clone. Everything in the page's tables comes
from the runs; what stands under "learnt" is from the manifest.
"""

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

from published_archives import Places, published

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "docs" / "real-runs.toml"
PAGE = ROOT / "docs" / "real-runs.md"
CLASSES = ("identical", "generated", "modified", "relocated", "dereferenced", "omitted")


def rehearse(run: dict[str, Any], repository: Path, out: Path) -> tuple[int, dict[str, Any], float]:
    """Rehearse one run; returns the exit status, the JSON document and the seconds it took."""
    command = [sys.executable, "-m", "tagseal", "rehearse", str(repository), "--json"]
    command += ["--out", str(out)]
    if "tag" in run:
        command += ["--tag", run["tag"], "--repo", run["name"]]
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    return done.returncode, json.loads(done.stdout), time.monotonic() - started


def verify(document: dict[str, Any]) -> int:
    """Run the command that the rehearsal names; returns its exit status."""
    command = document["verify"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, stdout=subprocess.DEVNULL, check=False
    )
    return done.returncode


def tar_sha256(archive: Path) -> str:
    """Return the sha256 of a source archive's uncompressed tar."""
    with gzip.open(archive) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check(run: dict[str, Any], document: dict[str, Any]) -> None:
    """Stop when a run is not of the commit, or its source tar not the one, of the manifest."""
    if "commit" in run and document["commit"] != run["commit"]:
        sys.exit(f"{run['name']}: the tag leads to {document['commit']}, not to {run['commit']}")
    if "source_tar_sha256" in run:
        [found] = [
            tar_sha256(Path(a["path"]))
            for a in document["archives"]
            if Path(a["path"]).name == run["source_archive"]
        ]
        if found != run["source_tar_sha256"]:
            sys.exit(f"{run['name']}: the source tar has sha256 {found}")


def section(run: dict[str, Any], repository: Path, folder: Path) -> str:
    """Rehearse one run and return its part of the page."""
    status, document, seconds = rehearse(run, repository, folder / "out")
    title = f"## {run['name']}" + (f" {run['tag']}" if "tag" in run else "")
    lines = [title, "", run["what"], ""]
    if status != 0:
        error = document["error"]
        lines += [f"Refused with exit status {status}, `{error['code']}`:", "", "```text"]
        lines += [*error["message"].splitlines(), "```", ""]
    else:
        check(run, document)
        lines += table(document)
        lines += outcome(document, verify(document), seconds)
    return "\n".join([*lines, f"Learnt: {run['learnt'].strip()}", ""])


def table(document: dict[str, Any]) -> list[str]:
    """Return the table of a run's archives."""
    head = ["archive", *CLASSES, "proof, bytes", "of it objects", "evidence, bytes", "sha256"]
    rows = [head, ["---"] + ["---:"] * (len(head) - 2) + ["---"]]
    for archive in document["archives"]:
        counts = [str(archive["counts"][name]) for name in CLASSES]
        evidence = str(Path(archive["evidence"]).stat().st_size)
        name = f"`{Path(archive['path']).name}`"
        sizes = [str(archive["proof_bytes"]), str(archive["object_bytes"]), evidence]
        rows.append([name, *counts, *sizes, f"`{archive['sha256'][:16]}`"])
    return ["| " + " | ".join(row) + " |" for row in rows] + [""]


def outcome(document: dict[str, Any], verified: int, seconds: float) -> list[str]:
    """Return the sentences on how a run ended."""
    findings = [f for archive in document["archives"] for f in archive["strict_findings"]]
    ended = f"The command that the rehearsal printed ended with exit status {verified}"
    lines = [f"Commit `{document['commit']}`. {ended}; all of it took {seconds:.0f} s.", ""]
    if not findings:
        return [*lines, "A strict consumer accepts all of it without a single allowance.", ""]
    lines.append("What a consumer has to allow by name:")
    lines.append("")
    for finding in findings[:12]:
        path = finding.get("path", "")
        lines.append(f"- `{path}`: `{finding['code']}`, {finding['message']}")
    if len(findings) > 12:
        lines.append(f"- and {len(findings) - 12} more")
    return [*lines, ""]


def main() -> None:
    """Rehearse every run of the manifest and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clones", type=Path, required=True, help="a folder of OWNER/NAME clones")
    parser.add_argument("--downloads", type=Path, required=True, help="the published archives")
    parser.add_argument("--built", type=Path, required=True, help="those built from their tags")
    parser.add_argument("--published", action="store_true", help="print the second part only")
    arguments = parser.parse_args()
    manifest = tomllib.loads(MANIFEST.read_text("utf-8"))
    places = Places(clones=arguments.clones, downloads=arguments.downloads, built=arguments.built)
    if arguments.published:
        sys.stdout.write(published(manifest["published"], places))
        return
    parts = [manifest["introduction"]]
    for run in manifest["run"]:
        repository = ROOT if "tag" not in run else arguments.clones / run["name"]
        with tempfile.TemporaryDirectory(prefix="real-run-") as folder:
            parts.append(section(run, repository, Path(folder)))
        sys.stderr.write(f"{run['name']} done\n")
    parts.append(published(manifest["published"], places))
    PAGE.write_text("\n".join(parts).rstrip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    main()
