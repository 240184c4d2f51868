"""Fuzz one parser, or all of them for a moment: ``nox -s fuzz -- NAME -max_total_time=3600``.

Needs atheris (the dependency group ``fuzz``). What follows the target's name goes to libFuzzer. A
session begins with the committed seeds, keeps what it finds in the work folder (``--work``, else
``.fuzz``), and writes a log there that ``fuzz/figures.py`` reads. It ends with status 0 when
nothing was found; an input that breaks an invariant is left in the work folder under its hash.
"""

import argparse
import datetime as dt
import importlib
import importlib.metadata
import json
import os
import pkgutil
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

from seeds import write_seeds
from targets import TARGETS

HERE = Path(__file__).resolve().parent
SMOKE = ("-runs=1000", "-max_total_time=60")
LIMITS = ("-rss_limit_mb=1536", "-timeout=60", "-max_len=65536", "-print_final_stats=1")


def main() -> int:
    """Run what the command line asks for; 0 when no session found anything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", nargs="?", choices=TARGETS, help="one target; else all, briefly")
    parser.add_argument("--work", type=Path, default=HERE.parent / ".fuzz", help="work folder")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments, flags = parser.parse_known_args()
    if arguments.here:
        inside(arguments.target, flags)
    names = (arguments.target,) if arguments.target else TARGETS
    found = [name for name in names if session(name, arguments.work, flags or list(SMOKE))]
    if found:
        sys.stderr.write(f"fuzz: something was found in {', '.join(found)}\n")
    return 1 if found else 0


def session(name: str, work: Path, flags: list[str]) -> int:
    """Fuzz one target in a process of its own; return that process's status."""
    room = work.resolve() / name
    seeds, corpus = room / "seeds", room / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    write_seeds(name, seeds)
    dictionary = HERE / "dictionaries" / name
    command = [sys.executable, str(Path(__file__)), name, "--here", *LIMITS, *flags]
    command += [f"-dict={dictionary}"] if dictionary.exists() else []
    command += [f"-artifact_prefix={room}/", str(corpus), str(seeds)]
    began = time.monotonic()
    with (room / "log").open("a", encoding="utf-8") as log:
        note(log, {"target": name, "seeds": len(list(seeds.iterdir())), **surroundings()})
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=HERE
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                text = line.decode("utf-8", "backslashreplace")
                log.write(text)
                log.flush()
                sys.stdout.write(text)
                sys.stdout.flush()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall, cpu = time.monotonic() - began, used.ru_utime + used.ru_stime
        note(log, {"status": process.returncode, "wall": round(wall), "cpu": round(cpu)})
    return process.returncode


def note(log: TextIO, facts: dict[str, object]) -> None:
    """Write what is not libFuzzer's to say as one line of JSON."""
    log.write(json.dumps(facts) + "\n")
    log.flush()


def surroundings() -> dict[str, object]:
    """Return what a figure depends on."""
    return {
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "changed": bool(_git("status", "--porcelain", "--untracked-files=no", "../src", ".")),
        "started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "atheris": importlib.metadata.version("atheris"),
        "nice": os.nice(0),
    }


def _git(*arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=HERE, capture_output=True, check=False)
    return run.stdout.decode().strip()


def inside(name: str, flags: list[str]) -> None:
    """Be the process that fuzzes: never returns."""
    import atheris

    with atheris.instrument_imports(include=["tagseal"]):
        target = importlib.import_module(f"targets.{name}")
        # What is only imported where it is needed would be imported later, and not instrumented.
        for package in [m for m in sys.modules.copy() if m.startswith("tagseal.")]:
            for found in pkgutil.iter_modules(getattr(sys.modules[package], "__path__", ())):
                importlib.import_module(f"{package}.{found.name}")
    mutator = None
    if hasattr(target, "mutate"):

        def mutator(data: bytes, max_size: int, seed: int) -> bytes:
            return target.mutate(data, max_size, seed, atheris.Mutate)

    if mutator is None:
        atheris.Setup([sys.argv[0], *flags], target.check)
    else:
        atheris.Setup([sys.argv[0], *flags], target.check, custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
