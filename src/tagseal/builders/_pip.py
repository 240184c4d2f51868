"""Fetching and installing build requirements with pip, and what was installed.

pip runs from an environment of its own, made by virtualenv from the pip wheel that virtualenv
carries: which pip it is follows from virtualenv's version alone. The one that happens to be beside
tagseal may be missing (uv makes environments without), old, or changed by a distribution.

pip keeps what it needs to reach the user's index (its configuration, proxies, certificates,
credentials) and gets nothing else of the caller's environment. Its cache is not used: a cache that
others may write to is a way into a release.
"""

import json
import os
import re
import sys
import sysconfig
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tagseal.attest import Dependency
from tagseal.builders._process import Transcript, run
from tagseal.core.errors import BuildError, UsageError
from tagseal.core.paths import display

__all__ = ["Pip", "make_pip", "parse_report", "pip_environment"]

_PASSED = (
    # pip's own, as far as they say where and how to fetch
    *(f"PIP_{name}" for name in ("CONFIG_FILE", "INDEX_URL", "EXTRA_INDEX_URL", "NO_INDEX")),
    *(f"PIP_{name}" for name in ("FIND_LINKS", "CERT", "CLIENT_CERT", "PROXY", "TRUSTED_HOST")),
    *(f"PIP_{name}" for name in ("RETRIES", "TIMEOUT", "DEFAULT_TIMEOUT", "KEYRING_PROVIDER")),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    # where pip's configuration, the keyring and .netrc are found
    *("HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "NETRC", "PATH"),
)
_IMPORTING = ("HOME", "PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONUSERBASE")
"""What decides where this interpreter finds the virtualenv that is installed beside tagseal."""

_SHA256 = re.compile("[0-9a-f]{64}")
_COMMIT = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")


def pip_environment(temporary: Path) -> dict[str, str]:
    """Return all that pip gets of this process's environment, and a temporary folder."""
    passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return passed | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TMPDIR": str(temporary)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pip:
    """A pip of our own; ``room`` is a folder for its files, ``seconds`` the limit of each run."""

    python: Path
    version: str
    room: Path
    seconds: float
    transcript: Transcript

    def install(self, target: Path, requirements: Collection[str]) -> tuple[Dependency, ...]:
        """Install PEP 508 requirements for the interpreter ``target``; return what was installed.

        BuildError ``build-requirement-invalid``, ``build-requirements-failed``,
        ``build-requirement-undigested``, ``build-timeout``.
        """
        return parse_report(self._run(target, "-r", str(self._listed(requirements))))

    def install_locked(self, target: Path, lock: Path) -> tuple[Dependency, ...]:
        """Install a hash-locked set, all of it and nothing else; the errors are those of `install`.

        A pylock (PEP 751) carries hashes by definition; other files are held to theirs.
        """
        held = () if lock.suffix == ".toml" else ("--require-hashes",)
        return parse_report(self._run(target, *held, "-r", str(lock)))

    def require_satisfied(self, target: Path, requirements: Collection[str]) -> None:
        """Check that requirements are met without installing: ``build-requirements-incomplete``."""
        listed = str(self._listed(requirements))
        message = "the build requires more than the locked requirements hold"
        try:
            report = self._run(target, "--dry-run", "--no-index", "-r", listed)
        except BuildError as error:
            raise BuildError(
                "build-requirements-incomplete", f"{message}{self.transcript.tail()}"
            ) from error
        if missing := [item.uri for item in parse_report(report)]:
            raise BuildError(
                "build-requirements-incomplete", f"{message}: {display(', '.join(missing))}"
            )

    def _listed(self, requirements: Collection[str]) -> Path:
        """Write requirements to a file: only there does pip honour their markers."""
        lines = []
        for text in sorted(requirements):
            try:
                # Never the text itself: a line of such a file may also be an option of pip.
                lines.append(f"{Requirement(text)}\n")
            except InvalidRequirement as error:
                raise BuildError(
                    "build-requirement-invalid", f'"{display(text)}" is not a requirement'
                ) from error
        file = self.room / "requirements.txt"
        file.write_text("".join(lines), "utf-8")
        return file

    def _run(self, target: Path, *arguments: str) -> bytes:
        report = self.room / "report.json"
        report.unlink(missing_ok=True)
        command = [str(self.python), "-Im", "pip", "--python", str(target), "install"]
        options = ("--no-input", "--no-cache-dir", "--no-user", "--no-warn-script-location")
        command += [*options, "--disable-pip-version-check", "--report", str(report), *arguments]
        status = run(
            command,
            environment=pip_environment(self.room),
            cwd=self.room,
            seconds=self.seconds,
            transcript=self.transcript,
        )
        if status:
            raise BuildError(
                "build-requirements-failed",
                f"pip could not install the build requirements; its last lines:"
                f"{self.transcript.tail()}",
            )
        return report.read_bytes()


def make_pip(room: Path, *, seconds: float, transcript: Transcript) -> Pip:
    """Make the environment that pip runs from, in the folder ``room``, which is made.

    virtualenv runs as a process of its own, since in this one its threads would go on writing after
    Ctrl-C. UsageError ``extra-missing`` without virtualenv; BuildError
    ``build-environment-failed``; TimeoutExpired when the time is up.
    """
    try:
        import virtualenv  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise UsageError(
            "extra-missing",
            "virtualenv, which brings the pip that installs build requirements, is not installed",
            hint="Install tagseal[release].",
        ) from error
    room.mkdir()
    home = room / "pip"
    options = ("--no-download", "--no-periodic-update", "--activators", "", "--app-data")
    command = [sys.executable, "-P", "-m", "virtualenv", *options, str(room / "virtualenv")]
    try:
        status = run(
            [*command, str(home)],
            environment=_virtualenv_environment(room),
            cwd=room,
            seconds=seconds,
            transcript=transcript,
        )
    except OSError as error:
        raise BuildError(
            "build-environment-failed", f"virtualenv cannot be started: {display(str(error))}"
        ) from error
    paths = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", paths))
    found = [path.name for path in packages.glob("pip-*.dist-info")]
    if status or len(found) != 1:
        raise BuildError(
            "build-environment-failed", f"virtualenv failed; its last lines:{transcript.tail()}"
        )
    return Pip(
        python=Path(sysconfig.get_path("scripts", "venv", paths)) / "python",
        version=found[0].removeprefix("pip-").removesuffix(".dist-info"),
        room=room,
        seconds=seconds,
        transcript=transcript,
    )


def _virtualenv_environment(temporary: Path) -> dict[str, str]:
    """Return all that virtualenv gets: how it is found, and neither settings nor a user's ini."""
    passed = {name: os.environ[name] for name in _IMPORTING if name in os.environ}
    fixed = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TMPDIR": str(temporary)}
    return passed | fixed | {"VIRTUALENV_CONFIG_FILE": os.devnull}


def parse_report(report: bytes) -> tuple[Dependency, ...]:
    """Return what a pip installation report says was installed, sorted.

    A package of an index becomes its package URL (purl-spec, type pypi) with the sha256 of the file
    that was fetched; one from git its repository with the commit. Source: pip's documentation,
    "Installation Report" (version 1). BuildError ``build-requirement-undigested``.
    """
    return tuple(sorted(_dependency(item) for item in json.loads(report)["install"]))


def _dependency(item: Mapping[str, Any]) -> Dependency:
    name = canonicalize_name(item["metadata"]["name"])
    version = item["metadata"]["version"]
    info = item["download_info"]
    digests = info.get("archive_info", {}).get("hashes", {})
    if _SHA256.fullmatch(digests.get("sha256", "")):
        uri = f"pkg:pypi/{quote(name)}@{quote(version, safe='')}"
        return Dependency(uri=uri, digest={"sha256": digests["sha256"]})
    vcs = info.get("vcs_info", {})
    if vcs.get("vcs") == "git" and _COMMIT.fullmatch(vcs.get("commit_id", "")):
        return Dependency(
            uri=f"git+{_without_credentials(info['url'])}@{vcs['commit_id']}",
            digest={"gitCommit": vcs["commit_id"]},
        )
    raise BuildError(
        "build-requirement-undigested",
        f'"{display(name)}" {display(version)} was installed from something without a sha256',
    )


def _without_credentials(url: str) -> str:
    return re.sub(r"^([a-z+]+://)[^/@]*@", r"\1", url)
