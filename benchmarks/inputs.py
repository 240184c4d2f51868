"""The inputs: real archives and repositories, each made once by public commands.

=====================  ==========================================================================
name in the folder     how it is made
=====================  ==========================================================================
linux.tar              the kernel as Debian has it: ``apt-get source --download-only linux``, then
                       ``xz -dc``; any other tar of the kernel will do
linux-git              a repository with one commit of exactly that tree, tagged and packed
linux-X.tar.gz         ``git archive --prefix=linux-X/ TAG | gzip -6``: every file is the tag's
linux-single.tar.xz    ``xz -6 -T1`` of linux.tar
linux-blocks.tar.xz    ``xz -6 -T2`` of linux.tar: a block for each 24 MiB
curl-git               curl's repository with its tag
curl-V.tar.gz          its release archive as Debian has it: ``apt-get source --download-only curl``
curl-V.git.tar.gz      ``git archive`` of that tag, for what compares two archives
tagseal-git            this project's repository, with a tag at a commit of 334 files
rehearsal              ``tagseal rehearse --tag``: its sdist with real evidence
few.tar.gz             2,000 members of 100 kB each: more than any buffer holds
many.tar.gz            2,000 members of 1 MB each
=====================  ==========================================================================

What is already there is taken as it is, so whoever has no Debian at hand can put files there; only
the rehearsal is held anew each time, so that its evidence is what this version makes.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

__all__ = ["PARTS", "Inputs", "prepare"]

_PROJECT = Path(__file__).resolve().parents[1]
_SDIST_COMMIT = "deb88d43914762bbb4c668dd94b861d6e1af306f"
_SDIST_TAG = "v0.1.0"
_CURL = "7.88.1"
_CURL_TAG = "curl-7_88_1"
_CURL_URL = "https://github.com/curl/curl"
_MEMBERS = 2_000
_FEW, _MANY = 100_000, 1_000_000

_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (
            ("NAME", "benchmarks"),
            ("EMAIL", "benchmarks@tagseal.invalid"),
            ("DATE", "1700000000 +0000"),
        )
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Where everything is."""

    folder: Path

    @property
    def linux_tar(self) -> Path:
        """The kernel as a plain tar."""
        return self.folder / "linux.tar"

    @property
    def linux(self) -> str:
        """The kernel's version, such as ``6.1.176``; ValueError where the tar is another thing."""
        with tarfile.open(self.linux_tar) as archive:
            first = archive.next()
        if first is None or not first.name.startswith("linux-"):
            raise ValueError(f"{self.linux_tar} does not begin with a folder linux-VERSION")
        return first.name.split("/")[0].removeprefix("linux-")

    @property
    def linux_git(self) -> Path:
        """A repository whose tag is the kernel's tree."""
        return self.folder / "linux-git"

    @property
    def linux_tag(self) -> str:
        """That tag."""
        return f"v{self.linux}"

    @property
    def linux_gz(self) -> Path:
        """An archive of that tag."""
        return self.folder / f"linux-{self.linux}.tar.gz"

    @property
    def linux_single(self) -> Path:
        """The kernel in one block of xz."""
        return self.folder / "linux-single.tar.xz"

    @property
    def linux_blocks(self) -> Path:
        """The kernel in many blocks of xz."""
        return self.folder / "linux-blocks.tar.xz"

    @property
    def curl_git(self) -> Path:
        """The repository of curl."""
        return self.folder / "curl-git"

    @property
    def curl_tag(self) -> str:
        """The tag of curl that is compared with."""
        return _CURL_TAG

    @property
    def curl(self) -> Path:
        """The release archive of that tag."""
        return self.folder / f"curl-{_CURL}.tar.gz"

    @property
    def curl_exported(self) -> Path:
        """What ``git archive`` makes of that tag."""
        return self.folder / f"curl-{_CURL}.git.tar.gz"

    @property
    def sdist_git(self) -> Path:
        """This project's repository, with `sdist_tag`."""
        return self.folder / "tagseal-git"

    @property
    def sdist_tag(self) -> str:
        """The tag that the sdist was built from."""
        return _SDIST_TAG

    @property
    def sdist(self) -> Path:
        """The sdist; its evidence is beside it."""
        return self.folder / "rehearsal" / f"tagseal-{_SDIST_TAG[1:]}.tar.gz"

    @property
    def trust(self) -> Path:
        """The trust config that the evidence was made under."""
        return self.folder / "rehearsal" / "trust_config.json"

    @property
    def few(self) -> Path:
        """An archive of some bytes."""
        return self.folder / "few.tar.gz"

    @property
    def many(self) -> Path:
        """An archive of ten times the bytes, in as many members."""
        return self.folder / "many.tar.gz"


def prepare(folder: Path, parts: Collection[str], *, progress: Callable[[str], None]) -> Inputs:
    """Make what is missing of some parts (`PARTS`); subprocess.CalledProcessError on failure."""
    folder.mkdir(parents=True, exist_ok=True)
    inputs = Inputs(folder=folder)
    for part in PARTS:
        if part in parts:
            for find, make in PARTS[part]:
                _make(inputs, find(inputs), make, progress)
    return inputs


def _make(
    inputs: Inputs,
    path: Path,
    make: Callable[[Inputs, Path], None],
    progress: Callable[[str], None],
) -> None:
    """Make a file or folder under another name, and give it its own once all of it is there."""
    if path.exists() and make is not _rehearsal:
        return
    progress(f"preparing {path.name}")
    part = path.with_name(f"{path.name}.part")
    if part.is_dir():
        shutil.rmtree(part)
    make(inputs, part)
    part.rename(path)


def _shell(script: str, *arguments: Path | str) -> None:
    """Run a shell pipeline of public commands; any failure in it is one."""
    subprocess.run(  # noqa: S603 - the scripts stand in this file
        ["/bin/bash", "-euo", "pipefail", "-c", script, "bash", *map(str, arguments)],
        env={**os.environ, **_GIT},
        check=True,
    )


def _linux_tar(_: Inputs, out: Path) -> None:
    script = 'cd "$1"; apt-get source --download-only linux; xz -dc linux_*.orig.tar.xz > "$2"'
    _shell(script, out.parent, out)


def _linux_git(inputs: Inputs, out: Path) -> None:
    out.mkdir()
    script = """
        tar -xf "$1" -C "$2" --strip-components=1
        cd "$2"
        git init -q -b main
        git -c core.autocrlf=false -c gc.auto=0 add -A -f .
        git commit -q -m "The kernel as Debian has it"
        git tag "$3"
        git repack -q -a -d
    """
    _shell(script, inputs.linux_tar, out, inputs.linux_tag)


def _linux_gz(inputs: Inputs, out: Path) -> None:
    _export(inputs.linux_git, f"linux-{inputs.linux}/", inputs.linux_tag, out)


def _export(repository: Path, prefix: str, tag: str, out: Path) -> None:
    script = 'git -C "$1" archive --format=tar --prefix="$2" "$3" | gzip -6 -n > "$4"'
    _shell(script, repository, prefix, tag, out)


def _linux_xz(inputs: Inputs, out: Path, threads: int) -> None:
    _shell('xz -6 -T"$1" -c "$2" > "$3"', str(threads), inputs.linux_tar, out)


def _curl_git(_: Inputs, out: Path) -> None:
    _shell('git clone -q --bare --branch "$1" "$2" "$3"', _CURL_TAG, _CURL_URL, out)


def _curl(_: Inputs, out: Path) -> None:
    script = 'cd "$1"; apt-get source --download-only curl; mv "curl_$2.orig.tar.gz" "$3"'
    _shell(script, out.parent, _CURL, out)


def _curl_exported(inputs: Inputs, out: Path) -> None:
    _export(inputs.curl_git, f"curl-{_CURL}/", inputs.curl_tag, out)


def _sdist_git(_: Inputs, out: Path) -> None:
    script = 'git clone -q --bare --no-hardlinks "$1" "$2"; git -C "$2" tag -f "$3" "$4"'
    _shell(script, _PROJECT, out, _SDIST_TAG, _SDIST_COMMIT)


def _rehearsal(inputs: Inputs, out: Path) -> None:
    shutil.rmtree(inputs.sdist.parent, ignore_errors=True)
    tagseal = [sys.executable, "-m", "tagseal", "rehearse", str(inputs.sdist_git)]
    options = ["--tag", _SDIST_TAG, "--repo", "tagseal/tagseal", "--out", str(out)]
    subprocess.run([*tagseal, *options], check=True)  # noqa: S603 - tagseal itself


def _synthetic(_: Inputs, out: Path, size: int) -> None:
    """Write an archive whose members are lines of numbers, each its own."""
    with tarfile.open(out, "w:gz", compresslevel=1, format=tarfile.USTAR_FORMAT) as archive:
        for number in range(_MEMBERS):
            line = f"{number:09d} of {_MEMBERS:09d}, a line like any other in this file\n".encode()
            content = (line * (size // len(line) + 1))[:size]
            member = tarfile.TarInfo(f"made-1.0/{number % 40:02d}/{number:05d}.txt")
            member.size = size
            archive.addfile(member, BytesIO(content))


_Step = tuple[Callable[[Inputs], Path], Callable[[Inputs, Path], None]]

PARTS: dict[str, tuple[_Step, ...]] = {
    "linux": (
        (lambda inputs: inputs.linux_tar, _linux_tar),
        (lambda inputs: inputs.linux_git, _linux_git),
        (lambda inputs: inputs.linux_gz, _linux_gz),
    ),
    "linux-xz": (
        (lambda inputs: inputs.linux_tar, _linux_tar),
        (lambda inputs: inputs.linux_single, partial(_linux_xz, threads=1)),
        (lambda inputs: inputs.linux_blocks, partial(_linux_xz, threads=2)),
    ),
    "curl": (
        (lambda inputs: inputs.curl_git, _curl_git),
        (lambda inputs: inputs.curl, _curl),
        (lambda inputs: inputs.curl_exported, _curl_exported),
    ),
    "sdist": (
        (lambda inputs: inputs.sdist_git, _sdist_git),
        (lambda inputs: inputs.sdist.parent, _rehearsal),
    ),
    "made": (
        (lambda inputs: inputs.few, partial(_synthetic, size=_FEW)),
        (lambda inputs: inputs.many, partial(_synthetic, size=_MANY)),
    ),
}
"""What belongs together, each with where it is and how it is made, in order."""
