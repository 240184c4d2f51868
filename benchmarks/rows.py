"""The rows: which commands are run in turn, and what is claimed of them."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.figures import Bar, Claim, Relation, memory_bar
from benchmarks.inputs import Inputs
from benchmarks.measure import Command, run

__all__ = ["GROUPS", "Group"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Commands that are run in turn, and the claims about them."""

    about: str
    """What they work on, as a heading."""
    commands: tuple[Command, ...]
    claims: tuple[Claim, ...]
    turns: int


def _at_most(value: float | None) -> Bar:
    return Bar(relation=Relation.AT_MOST, value=value)


def _faster(value: float) -> Bar:
    return Bar(relation=Relation.FASTER, value=value)


def _python(*arguments: str | Path) -> tuple[str, ...]:
    return (sys.executable, *map(str, arguments))


def _probe(name: str, probe: str, *arguments: str | Path) -> Command:
    """Return a command that runs a probe; this package is found from the folder that it is in."""
    command = _python("-m", f"benchmarks.probes.{probe}", *arguments)
    return Command(name=name, arguments=command, folder=Path(__file__).resolve().parents[1])


def _tagseal(*arguments: str | Path) -> tuple[str, ...]:
    """Return the command that users have: the script beside this Python."""
    return (str(Path(sys.executable).with_name("tagseal")), *map(str, arguments))


def _compare(archive: Path, repository: Path, tag: str) -> Command:
    return Command(
        name=f"tagseal compare {archive.name}",
        arguments=_tagseal("compare", archive, "--git", repository, "--tag", tag),
    )


def _members(archive: Path) -> int:
    """Return how many members a tar has, by asking tar."""
    listed = subprocess.run(  # noqa: S603 - tar is tar
        ["tar", "-tf", str(archive)],  # noqa: S607 - as a user would start it
        stdout=subprocess.PIPE,
        check=True,
    )
    return listed.stdout.count(b"\n")


def _kernel(inputs: Inputs) -> Group:
    """The kernel in gzip: reading, proving, comparing, beside what merely unpacks or lists it."""
    archive, count = inputs.linux_gz, _members(inputs.linux_gz)
    claim = inputs.folder / "linux-claim.json"
    repository, tag = inputs.linux_git, inputs.linux_tag
    run(_probe("claiming", "claiming", archive, repository, tag, claim))
    gunzip = Command(name="gzip -dc", arguments=("gzip", "-dc", str(archive)))
    listing = Command(
        name="git archive",
        arguments=("git", "-C", str(inputs.linux_git), "archive", "--format=tar", inputs.linux_tag),
    )
    reading = _probe("reading", "reading", archive)
    proving = _probe("proving", "proving", archive, claim)
    compare = _compare(archive, inputs.linux_git, inputs.linux_tag)
    memory = memory_bar(count)
    return Group(
        about=f"The kernel, {archive.name}: {count:,} members",
        commands=(gunzip, reading, proving, compare, listing),
        turns=5,
        claims=(
            Claim(
                work="verify's contents step, the reading alone: a blob id of each member, sha256 "
                "of the file",
                subject=reading.name,
                against=gunzip.name,
                bar=_at_most(0.3),
            ),
            Claim(
                work="verify's contents step, whole: the reading, the proof, the policy",
                subject=proving.name,
                against=gunzip.name,
                bar=_at_most(0.3),
            ),
            Claim(
                work="`tagseal compare`: both hashes of each file, the tree, the judgement",
                subject=compare.name,
                against=gunzip.name,
                bar=_at_most(0.45),
            ),
            Claim(
                work="`tagseal compare`, against what git takes to write the tag as a tar",
                subject=compare.name,
                against=listing.name,
                bar=_at_most(1),
            ),
            Claim(work="memory of reading", subject=reading.name, against=None, bar=memory),
            Claim(work="memory of proving", subject=proving.name, against=None, bar=memory),
            Claim(work="memory of comparing", subject=compare.name, against=None, bar=memory),
        ),
    )


def _extracting(inputs: Inputs) -> Group:
    """The kernel once more, against extracting both sides and ``diff -r``."""
    work = inputs.folder / "extracted"

    def clear() -> None:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()

    script = (
        'set -e; cd "$1"; mkdir a b; tar -xzf "$2" -C a; '
        'git -C "$3" archive --format=tar --prefix="$4" "$5" | tar -x -C b; diff -r a b'
    )
    diff = Command(
        name="tar -x, git archive | tar -x, diff -r",
        arguments=(
            *("/bin/sh", "-c", script, "sh", str(work), str(inputs.linux_gz)),
            *(str(inputs.linux_git), f"linux-{inputs.linux}/", inputs.linux_tag),
        ),
        before=clear,
    )
    compare = _compare(inputs.linux_gz, inputs.linux_git, inputs.linux_tag)
    return Group(
        about="The kernel, against extracting both and comparing the folders",
        commands=(compare, diff),
        turns=3,
        claims=(
            Claim(
                work="`tagseal compare`",
                subject=compare.name,
                against=diff.name,
                bar=_faster(4),
            ),
        ),
    )


def _collisions(inputs: Inputs) -> Group:
    """What it costs to look for SHA-1 collisions in every file; told, and held to no bar."""
    archive = inputs.linux_gz
    reading = _probe("reading", "reading", archive)
    noticing = _probe("reading, noticing collisions", "reading", archive, "collisions")
    compare = _compare(archive, inputs.linux_git, inputs.linux_tag)
    detecting = Command(
        name="tagseal compare --detect-collisions",
        arguments=(*compare.arguments, "--detect-collisions"),
    )
    told = _at_most(None)
    return Group(
        about="The kernel, with SHA-1 that notices the known attacks on it",
        commands=(reading, noticing, compare, detecting),
        turns=3,
        claims=(
            Claim(work="reading", subject=noticing.name, against=reading.name, bar=told),
            Claim(work="`tagseal compare`", subject=detecting.name, against=compare.name, bar=told),
        ),
    )


def _xz(archive: Path, title: str, bar: float) -> Group:
    unpack = Command(name=f"xz -dc {archive.name}", arguments=("xz", "-dc", str(archive)))
    reading = _probe(f"reading {archive.name}", "reading", archive)
    memory = memory_bar(_members(archive))
    return Group(
        about=f"The kernel, {archive.name}: {title}",
        commands=(unpack, reading),
        turns=5,
        claims=(
            Claim(
                work="verify's contents step, the reading alone",
                subject=reading.name,
                against=unpack.name,
                bar=_at_most(bar),
            ),
            Claim(work="memory of reading", subject=reading.name, against=None, bar=memory),
        ),
    )


def _diffoscope(inputs: Inputs) -> Group:
    """A smaller archive, against diffoscope, given ``git archive``'s output for nothing."""
    archive = inputs.curl
    compare = replace(
        _compare(archive, inputs.curl_git, inputs.curl_tag),
        statuses=frozenset({0, 1}),  # whether or not all that differs is explained
    )
    # Resolved, as it would compare two symlinks and not what they lead to.
    both = [str(path.resolve()) for path in (inputs.curl_exported, archive)]
    peer = Command(name="diffoscope", arguments=("diffoscope", *both), statuses=frozenset({1}))
    return Group(
        about=f"{archive.name}: {_members(archive):,} members, some only in the archive",
        commands=(compare, peer),
        turns=3,
        claims=(
            Claim(
                work="`tagseal compare`, against diffoscope of it and `git archive`'s output",
                subject=compare.name,
                against=peer.name,
                bar=_faster(50),
            ),
        ),
    )


def _flat(inputs: Inputs) -> Group:
    few = _probe("reading few.tar.gz", "reading", inputs.few)
    many = _probe("reading many.tar.gz", "reading", inputs.many)
    members = _members(inputs.few)
    memory = memory_bar(members)
    return Group(
        about=f"Memory: {members:,} members of 100 kB, and as many of 1 MB",
        commands=(few, many),
        turns=5,
        claims=(
            Claim(work="memory for 200 MB", subject=few.name, against=None, bar=memory),
            Claim(work="memory for 2 GB", subject=many.name, against=None, bar=memory),
            Claim(
                work="ten times the bytes in as many members",
                subject=many.name,
                against=few.name,
                bar=Bar(relation=Relation.MEMORY_RATIO, value=1.1),
            ),
        ),
    )


def _sdist(inputs: Inputs) -> Group:
    """An sdist of some 300 files: starting Python is most of it."""
    imports = Command(
        name='python -c "import click, rich"', arguments=_python("-c", "import click, rich")
    )
    signing = Command(
        name='python -c "import sigstore.verify"', arguments=_python("-c", "import sigstore.verify")
    )
    compare = _compare(inputs.sdist, inputs.sdist_git, inputs.sdist_tag)
    verify = Command(
        name=f"tagseal verify {inputs.sdist.name}",
        arguments=_tagseal(
            *("verify", inputs.sdist, "--repo", "tagseal/tagseal", "--tag", inputs.sdist_tag),
            *("--trust-config", inputs.trust),
        ),
    )
    extra = Bar(relation=Relation.EXTRA, value=100)
    return Group(
        about=f"An sdist, {inputs.sdist.name}: {_members(inputs.sdist)} members",
        commands=(imports, compare, verify, signing),
        turns=15,
        claims=(
            Claim(
                work="`tagseal compare`, the whole process",
                subject=compare.name,
                against=imports.name,
                bar=extra,
            ),
            Claim(
                work="`tagseal verify`, the whole process, signatures and all",
                subject=verify.name,
                against=imports.name,
                bar=extra,
            ),
            Claim(
                work="of which importing sigstore, which checks the signatures, takes",
                subject=signing.name,
                against=imports.name,
                bar=Bar(relation=Relation.EXTRA, value=None),
            ),
            Claim(
                work="`tagseal verify`, beyond importing sigstore",
                subject=verify.name,
                against=signing.name,
                bar=Bar(relation=Relation.EXTRA, value=None),
            ),
        ),
    )


GROUPS: dict[str, tuple[str, Callable[[Inputs], Group]]] = {
    "kernel": ("linux", _kernel),
    "extracting": ("linux", _extracting),
    "collisions": ("linux", _collisions),
    "xz-single": ("linux-xz", lambda inputs: _xz(inputs.linux_single, "a single block", 0.95)),
    "xz-blocks": ("linux-xz", lambda inputs: _xz(inputs.linux_blocks, "many blocks", 0.7)),
    "diffoscope": ("curl", _diffoscope),
    "flat": ("made", _flat),
    "sdist": ("sdist", _sdist),
}
"""Name to the inputs that a group needs and what makes it of them, in the page's order."""
