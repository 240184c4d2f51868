"""What attacks on the contents proof are made of, and the list that they are entered in."""

from collections.abc import Callable
from dataclasses import dataclass

from support_contents import (
    DIST_INFO,
    WHEEL,
    File,
    Forged,
    archive_of,
    commit_of,
    entry,
    forge,
    top,
    tree_of,
)
from tagseal.contents import (
    Exceptions,
    GeneratedFile,
    Kind,
    ModifiedFile,
    NestedTree,
    OmittedEntry,
    PathMapping,
)
from tagseal.core.digests import object_id, sha256_hex
from tagseal.core.listing import Mode, TreeEntry

EVIL = b"evil"
README: dict[bytes, File] = {b"README": b"read me\n"}
XZ: dict[bytes, File] = {**README, b"m4/build-to-host.m4": b"good", b"m4/other.m4": b"other"}


@dataclass(frozen=True)
class Attack:
    rule: int
    code: str
    make: Callable[[], Forged]
    more: frozenset[str]

    @property
    def name(self) -> str:
        return self.make.__name__


ATTACKS: list[Attack] = []


def attack(
    rule: int, code: str, *more: str
) -> Callable[[Callable[[], Forged]], Callable[[], Forged]]:
    def register(make: Callable[[], Forged]) -> Callable[[], Forged]:
        ATTACKS.append(
            Attack(rule, "contents-" + code, make, frozenset("contents-" + m for m in more))
        )
        return make

    return register


def generated(path: bytes, data: bytes = EVIL, mode: Mode = Mode.FILE) -> GeneratedFile:
    return GeneratedFile(path=path, mode=mode, sha256=sha256_hex(data), rule="declared")


def omitted(path: bytes, item: File) -> OmittedEntry:
    return OmittedEntry(path=path, entry=entry(item))


def folder(path: bytes, files: dict[bytes, File]) -> OmittedEntry:
    """A whole folder of a tree, by its one id."""
    return OmittedEntry(
        path=path, entry=TreeEntry(mode=Mode.TREE, object=tree_of(files).trees[path])
    )


def modified(path: bytes, tree_path: bytes, source: File, data: bytes = EVIL) -> ModifiedFile:
    return ModifiedFile(
        path=path,
        mode=Mode.FILE,
        sha256=sha256_hex(data),
        tree_path=tree_path,
        source=entry(source),
        rule="version stamp",
    )


def mapping(archive: bytes, tree: bytes) -> PathMapping:
    return PathMapping(archive=archive, tree=tree)


LICENSES = mapping(DIST_INFO + b"licenses/", b"")
LICENSED: dict[bytes, File] = {b"LICENSE": b"free\n"}
IN_WHEEL: dict[bytes, File] = {DIST_INFO + b"licenses/LICENSE": b"free\n"}


def wheel(
    files: dict[bytes, File], tree: dict[bytes, File], lies: Exceptions, *maps: PathMapping
) -> Forged:
    return forge(
        {**LICENSED, **tree},
        archive_of({**IN_WHEEL, **files}, WHEEL),
        lies,
        kind=Kind.WHEEL,
        mappings=tuple(sorted((LICENSES, *maps))),
    )


def with_submodule(
    sub: dict[bytes, File], files: dict[bytes, File], inner: Exceptions, **tree: File
) -> Forged:
    commit = commit_of(tree_of(sub).tree)
    link = TreeEntry(
        mode=Mode.SUBMODULE, object=object_id("commit", commit, tree_of({}).object_format)
    )
    nested = NestedTree(
        path=b"lib", commit=commit, repository="https://x.invalid/lib", exceptions=inner
    )
    archive = archive_of(top({**README, **{b"lib/" + path: f for path, f in files.items()}}))
    return forge({**README, b"lib": link}, archive, Exceptions(nested=(nested,)))
