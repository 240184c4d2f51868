"""What other programs make of the vectors: ``python tests/vectors/other_readers.py`` writes
docs/hostile-archives.md.

Each program lists or tests each archive, in a process of its own with limits on time, memory and on
the size of what it may write (nothing). Nothing is ever extracted.
"""

import dataclasses
import platform
import re
import resource
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from support_vectors import SUCCESS, Vector, all_vectors  # noqa: E402

PAGE = HERE.parents[1] / "docs" / "hostile-archives.md"
CPU = 30
WALL = 300
MEMORY = 1 << 30
ZIPS = (".zip", ".whl")

TARFILE = """
import sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    for info in archive:
        print("-")
        if info.isreg():
            stream = archive.extractfile(info)
            while stream.read(1 << 20):
                pass
"""
ZIPFILE = """
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    print("-\\n" * len(archive.infolist()), end="")
    bad = archive.testzip()
    sys.exit(0 if bad is None else f"bad member: {bad!r}")
"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reader:
    """A program, how it is asked to list or test a file, and which lines of it are members."""

    name: str
    version: Sequence[str]
    command: Sequence[str]
    member: str
    zips: bool
    tars: bool


READERS = (
    Reader(
        name="GNU tar", version=("tar", "--version"), command=("tar", "-tf"), member=r".",
        zips=False, tars=True,
    ),
    Reader(
        name="bsdtar", version=("bsdtar", "--version"), command=("bsdtar", "-tf"), member=r".",
        zips=True, tars=True,
    ),
    Reader(
        name="tarfile", version=(sys.executable, "--version"),
        command=(sys.executable, "-I", "-c", TARFILE), member=r"-", zips=False, tars=True,
    ),
    Reader(
        name="unzip", version=("unzip", "-v"), command=("unzip", "-tP", "x"), member=r" +testing: ",
        zips=True, tars=False,
    ),
    Reader(
        name="zipfile", version=(sys.executable, "--version"),
        command=(sys.executable, "-I", "-c", ZIPFILE), member=r"-", zips=True, tars=False,
    ),
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer:
    """What a program did: one of `WORDS`, and how many members it told of."""

    word: str
    members: int

    @property
    def text(self) -> str:
        """The cell of the table."""
        return self.word if self.word in ("refuses", "crashes") else f"{self.word}, {self.members}"


WORDS = ("takes", "warns", "refuses", "crashes", "time", "memory")


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def ask(reader: Reader, path: Path) -> Answer:
    """Let a program list or test a file."""
    try:
        ran = subprocess.run(
            [*reader.command, path],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=path.parent,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            preexec_fn=_limit,
            timeout=WALL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(word="time", members=0)
    said = ran.stderr.decode("utf-8", "replace")
    members = len(re.findall(rf"(?m)^{reader.member}", ran.stdout.decode("utf-8", "replace")))
    return Answer(word=_word(reader, ran.returncode, said, ran.stdout), members=members)


def _word(reader: Reader, status: int, said: str, out: bytes) -> str:
    if re.search(r"MemoryError|[Cc]annot allocate|[Mm]emory exhausted|out of memory", said):
        return "memory"
    if status in (-24, 152) or "CPU time limit" in said:
        return "time"
    if status < 0 or status > 128:
        return "crashes"
    if reader.name == "unzip":  # 1: warnings, but the archive was tested
        return "takes" if status == 0 and not said else "warns" if status <= 1 else "refuses"
    if status:
        return "refuses"
    return "warns" if said.strip() else "takes"


def versions() -> Iterator[str]:
    """Yield a line for each program."""
    for name, command in {reader.name: reader.version for reader in READERS}.items():
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        yield f"- {name}: {ran.stdout.splitlines()[0].partition(', by')[0].rstrip('.')}"
    yield f"- zlib of this Python: {zlib.ZLIB_RUNTIME_VERSION}; on {platform.system()}"


INTRODUCTION = """\
# Hostile archives

What tagseal's reader says of the [test vectors](../tests/vectors/README.md), and what other
programs make of the same files. `python tests/vectors/other_readers.py` writes this page; what it
says of tagseal is held to the reader by `tests/archives/test_vectors.py`.

Every program was asked to list or test the archive, never to extract it, in a process with limits:
{cpu} seconds of processor time, {memory} MiB of memory, no byte written. tarfile reads zstd from
Python 3.14 on, and before refuses all of it. The versions:

"""

WORDS_MEAN = """
| word | means |
|---|---|
| takes, N | exit status 0, nothing on stderr, N members told of |
| warns, N | exit status 0 (unzip: 1 too) and words on stderr, N members told of |
| refuses | another exit status, or an exception |
| crashes | killed by a signal of its own making |
| time, memory | stopped by the limit, after N members |

## In numbers

How many of the hostile archives each program answered how:
"""

NUMBERS = """
tagseal refuses each of the {hostile} with the one reason that the vector names, and writes nothing.
Every other program that was asked takes {silent} of them without a word, and every one refuses
{refused}. Of {apart}, two programs that take them silently tell of different numbers of members,
which is how something is hidden from a reviewer. Of {honest} honest archives with something
unusual, which tagseal takes, another program stumbles over {upset}.

That a program takes an archive is not by itself a fault of it. Listing is not extracting: most of
these programs refuse or clean paths that lead upwards only when they extract. A general archiver
has to read what old tapes hold; tagseal only has to read what a release archive may be, and can
afford to refuse the rest. And the vectors were made of what tagseal refuses: they say nothing of
what else may be wrong with a file.
"""

Asked = list[tuple[Vector, dict[str, Answer]]]


def ask_all() -> Asked:
    """Ask every program about every vector that is of a kind for it."""
    asked: Asked = []
    for vector in all_vectors():
        zipped = vector.file.endswith(ZIPS)
        with tempfile.TemporaryDirectory() as room:
            path = Path(room) / vector.file
            path.write_bytes(vector.payload)
            answers = {
                reader.name: ask(reader, path)
                for reader in READERS
                if (reader.zips if zipped else reader.tars)
            }
            if [*Path(room).iterdir()] != [path]:
                raise RuntimeError(f"{vector.name}: a program wrote something")
        asked.append((vector, answers))
    return asked


def disagree(answers: dict[str, Answer]) -> bool:
    """Whether programs that take an archive without a word tell of different numbers of members."""
    return len({a.members for a in answers.values() if a.word == "takes"}) > 1


def table(asked: Asked, names: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| vector | what is wrong | tagseal | {' | '.join(names)} |"
    yield f"|---|---|---|{'---|' * len(names)}"
    for vector, answers in asked:
        ours = (
            "takes" if vector.expect == SUCCESS else f"`{vector.expect.removeprefix('archive-')}`"
        )
        cells = [answers[name].text for name in names]
        yield f"| {vector.name} | {vector.comment} | {ours} | {' | '.join(cells)} |"


def counts(asked: Asked) -> Iterator[str]:
    """Yield the table of how many hostile vectors each program answered how."""
    hostile = [(v, a) for v, a in asked if v.expect != SUCCESS]
    yield f"| program | archives | {' | '.join(WORDS)} |"
    yield f"|---|---|{'---|' * len(WORDS)}"
    yield f"| tagseal | {len(hostile)} | 0 | 0 | {len(hostile)} | 0 | 0 | 0 |"
    for reader in READERS:
        words = Counter(a[reader.name].word for _, a in hostile if reader.name in a)
        yield (f"| {reader.name} | {words.total()} | {' | '.join(str(words[w]) for w in WORDS)} |")


def page(asked: Asked) -> str:
    """Return the page."""
    hostile = [(v, a) for v, a in asked if v.expect != SUCCESS]
    honest = [(v, a) for v, a in asked if v.expect == SUCCESS]
    silent = sum(all(x.word == "takes" for x in a.values()) for _, a in hostile)
    apart = sum(disagree(a) for _, a in hostile)
    refused = sum(all(x.word == "refuses" for x in a.values()) for _, a in hostile)
    upset = sum(any(x.word not in ("takes", "warns") for x in a.values()) for _, a in honest)
    tars = [(v, a) for v, a in asked if "tarfile" in a]
    zips = [(v, a) for v, a in asked if "zipfile" in a]
    numbers = NUMBERS.format(
        hostile=len(hostile), silent=silent, refused=refused, apart=apart, honest=len(honest),
        upset=upset,
    )  # fmt: skip
    lines = [
        INTRODUCTION.format(cpu=CPU, memory=MEMORY >> 20).rstrip("\n"),
        *versions(),
        WORDS_MEAN,
        *counts(asked),
        numbers,
        "## Tars\n",
        *table(tars, [r.name for r in READERS if r.tars]),
        "\n## Zips and wheels\n",
        *table(zips, [r.name for r in READERS if r.zips]),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(ask_all()), encoding="utf-8")


if __name__ == "__main__":
    main()
