"""Names that win over other names, and names that some file system takes for the same.

A file that is honestly listed as generated can still replace one that is identical: by taking
precedence over it (`shadowing_findings`) or by being the same name to a file system that folds
letter case or normalises Unicode (`collision_findings`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Set

from tagseal.contents.layout import installed_path
from tagseal.contents.model import Kind
from tagseal.core.finding import Finding
from tagseal.core.paths import display, folded

__all__ = ["collision_findings", "shadowing_findings"]

_ALWAYS_ACTIVE = re.compile(rb"(?:.*\.pth|sitecustomize\.py|usercustomize\.py)\Z", re.DOTALL)
_COMPILED = re.compile(rb"(.+?)(?:\.[A-Za-z0-9_-]+)?\.(?:so|pyd|pyc|dll|dylib)\Z", re.DOTALL)
_HEADER = re.compile(rb".+\.(?:h|hh|hpp|hxx|inc|ipp|tcc)\Z", re.DOTALL)
_MAKEFILES = (b"GNUmakefile", b"BSDmakefile", b"makefile", b"Makefile")
_MAKEFILE_RANKS = {b"gnumakefile": 1, b"bsdmakefile": 2, b"makefile": 3}
"""The names that make programs look for, in their order, and where those after each begin."""
_MODULE_SUFFIXES = (b".py", b".pyc", b".so", b".abi3.so", b".pyd")
_C_HEADERS = frozenset(
    name + b".h"
    for name in (
        b"assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal "
        b"stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath "
        b"threads time uchar unistd wchar wctype"
    ).split()
)


def shadowing_findings(
    kind: Kind,
    members: Iterable[bytes],
    tree_names: Iterable[bytes],
    origin: Callable[[bytes], object | None],
    judged: Iterable[bytes],
) -> list[Finding]:
    """Return one finding for each judged member that takes precedence over another name.

    ``origin`` gives, for a member that is identical to the tree's file, what it was mapped by, and
    None for every other member. Two identical files that were mapped by the same mapping stand to
    each other as in the tagged commit, so nothing is shadowed that was not shadowed there.
    ``tree_names`` are the tree's paths in archive spelling, for what the archive leaves out.
    """
    paths = {installed_path(kind, path): path for path in members}
    known = paths.keys() | set(tree_names)
    candidates = {installed_path(kind, path): path for path in judged}
    foreign = [path for path, archive_path in candidates.items() if origin(archive_path) is None]
    headers = _headers(known, foreign)
    findings = []
    for path, archive_path in candidates.items():
        mapped_by = origin(archive_path)
        problem = _always_active(kind, path, mapped_by is not None)
        losers = _losers(path, known, headers if mapped_by is None else {})
        if mapped_by is not None:
            others = {loser: origin(paths[loser]) for loser in losers if loser in paths}
            losers = {loser for loser, other in others.items() if other not in (None, mapped_by)}
        if problem is None and losers:
            problem = f'it takes precedence over "{display(min(losers))}"'
        if problem is not None:
            code = "contents-shadowing"
            findings.append(Finding(code=code, message=problem, path=archive_path))
    return findings


def _headers(known: Iterable[bytes], asked: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    """Return two paths for the name of each header that is asked for.

    One path other than the asked one itself is enough.
    """
    asked_names = {path.rsplit(b"/", 1)[-1] for path in asked}
    headers: dict[bytes, list[bytes]] = {name: [] for name in asked_names if _HEADER.match(name)}
    if headers:
        for path in known:
            if (found := headers.get(path.rsplit(b"/", 1)[-1])) is not None:
                found.append(path)
    return {name: set(sorted(paths)[:2]) for name, paths in headers.items()}


def _always_active(kind: Kind, path: bytes, identical: bool) -> str | None:
    folder, _, name = path.rpartition(b"/")
    if _ALWAYS_ACTIVE.match(name) and (not identical or (kind is Kind.WHEEL and not folder)):
        return "Python runs a file of this name by itself"
    if identical:
        return None
    if name.endswith(b".pyc"):
        return "Python runs a compiled file without looking at its source"
    if name in _C_HEADERS:
        return "a header of this name replaces one of the C library's"
    return None


def _losers(path: bytes, known: Set[bytes], headers: Mapping[bytes, set[bytes]]) -> set[bytes]:
    """Return the known paths that a path takes precedence over."""
    folder, slash, name = path.rpartition(b"/")
    beside = folder + slash
    losers: set[bytes] = set()
    # Whatever its letter case: where that is not told apart, make finds a gnumakefile too.
    rank = _MAKEFILE_RANKS.get(name.lower(), len(_MAKEFILES))
    losers |= {beside + other for other in _MAKEFILES[rank:]}
    if match := _COMPILED.match(name):
        losers |= {beside + match[1] + b".py", beside + match[1] + b"/__init__.py"}
    if folder and name.split(b".", 1)[0] == b"__init__" and name != b"__init__.pyi":
        losers |= {folder + suffix for suffix in _MODULE_SUFFIXES}
    found = (losers & known) - {path}
    return found | (headers.get(name, set()) - {path})


def collision_findings(paths: Iterable[bytes], in_tree: Callable[[bytes], bool]) -> list[Finding]:
    """Return a finding for each two names that a file system may take for one.

    ``in_tree`` tells whether a path (of a file or folder) is in the tagged commit's tree; where it
    holds both, the finding is the warning ``contents-collision-in-source``.
    """
    seen: dict[bytes, bytes] = {}
    reported: set[bytes] = set()
    findings = []
    for path in paths:
        end = 0
        while end != len(path):
            end = path.find(b"/", end + 1)
            end = len(path) if end == -1 else end
            name = path[:end]
            other = seen.setdefault(folded(name), name)
            if other == name or name in reported:
                continue
            reported.add(name)
            both = in_tree(name) and in_tree(other)
            findings.append(
                Finding(
                    code="contents-collision-in-source" if both else "contents-collision",
                    message=f'some file systems take it for "{display(other)}"',
                    path=name,
                )
            )
    return findings
