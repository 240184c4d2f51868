"""The project's sessions: `nox` runs lint, types and tests, as CI does; `nox --list` names all.

Each session installs its hash-locked set from requirements/, then the project itself, without
fetching anything that is not locked.
"""

import os
import shutil
import sys

import nox

try:
    import tagseal.nox
except ModuleNotFoundError as missing:
    if missing.name not in ("tagseal", "tagseal.nox"):
        raise
    sys.stderr.write(
        "noxfile: no release sessions, because tagseal is not installed where nox is.\n"
        "hint: python3 -m venv .venv && .venv/bin/pip install '.[release,rehearsal]', "
        "then run .venv/bin/nox\n"
    )
else:
    tagseal.nox.register()

nox.needs_version = ">=2026.4.10"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_missing_interpreters = True

SOURCES = ["src", "tests", "scripts", "benchmarks", "fuzz", "noxfile.py"]
PROJECT = ("pyproject.toml", "--extra", "release", "--extra", "rehearsal")
LOCKS = {
    "release": (*PROJECT, "--group", "backend"),
    "tests": (*PROJECT, "--group", "tests"),
    "types": (*PROJECT, "--group", "tests", "--group", "types"),
    "browser": (*PROJECT, "--group", "browser"),
    "fuzz": (*PROJECT, "--group", "backend", "--group", "fuzz"),
    "lint": ("--group", "lint"),
    "lock": ("--group", "lock"),
}


def install(session: nox.Session, lock: str, *, project: bool) -> None:
    """Install a locked set and, where the session imports it, the project."""
    session.install("--require-hashes", "-r", f"requirements/{lock}.txt")
    if project:
        session.install("--no-deps", "--no-build-isolation", "-e", ".")


@nox.session
def lint(session: nox.Session) -> None:
    """Style, format and the direction of imports."""
    install(session, "lint", project=False)
    session.run("ruff", "check", *SOURCES)
    session.run("ruff", "format", "--check", *SOURCES)
    session.run("lint-imports", "--no-cache", env={"PYTHONPATH": "src"})


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    install(session, "types", project=True)
    session.run("mypy")


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Only those tests that hold the documents to the code and to each other."""
    install(session, "tests", project=True)
    session.run("pytest", "-q", "tests/test_docs.py")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests and doctests, with coverage; or pytest with what stands after --, without."""
    install(session, "tests", project=True)
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    # Every process writes a file of its own beside this one, children of the tests too.
    data = session.cache_dir / f"coverage-{session.name}"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    session.run(
        *("pytest", "--doctest-modules", "-n", str(os.cpu_count() or 1)),
        *("--cov", "--cov-report=term-missing:skip-covered"),
        env={"COVERAGE_FILE": str(data / "data")},
    )


for version in ("3.11", "3.12", "3.13", "3.14"):
    nox.session(name=f"tests-{version}", python=version, default=False)(tests)


@nox.session(default=False)
def browser(session: nox.Session) -> None:
    """The HTML report in a real browser; needs Chromium and its driver."""
    install(session, "browser", project=True)
    session.run("pytest", *(session.posargs or ["-q", "tests/browser"]))


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Every fuzzer for some seconds; or one of them, with libFuzzer's options, after --."""
    install(session, "fuzz", project=True)
    session.run("python", "fuzz/run.py", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure what is claimed of speed and memory, and write docs/benchmarks.md; takes long."""
    install(session, "tests", project=True)
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Write requirements/*.txt anew; `-- --upgrade` takes the newest of everything."""
    install(session, "lock", project=False)
    for name, selection in LOCKS.items():
        session.run(
            *("uv", "pip", "compile", *selection),
            *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"),
            # Older pips take an extra of a pinned package for unpinned once a newer release is out.
            "--no-strip-extras",
            *("--no-config", "--quiet", "--custom-compile-command", "nox -s lock"),
            *("--output-file", f"requirements/{name}.txt", *session.posargs),
        )
