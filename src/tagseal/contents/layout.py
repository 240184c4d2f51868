"""Which archive path stands for which tree path: the layouts of source archives, sdists, wheels.

A *source archive* and an *sdist* have one top folder, named like the file without its suffixes, and
it stands for the root of the tree. A *wheel* (Binary distribution format, PyPA specifications) has
each importable name at its top; a name stands for itself or for the same name below ``src/``, and
``NAME-VERSION.dist-info/licenses/`` stands for the root (PEP 639).

>>> stem("tool-1.0.tar.gz"), stem("tool-1.0-py3-none-any.whl")
('tool-1.0', 'tool-1.0-py3-none-any')
>>> guess_kind("tool-1.0-py3-none-any.whl")
<Kind.WHEEL: 'wheel'>

What a wheel has in ``NAME-VERSION.data/purelib/`` or ``…/platlib/`` is installed over its top.

A producer chooses a layout with `choose_layout`. A verifier never believes it: `layout_findings`
names every mapping that its kind does not allow.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise

from tagseal.contents.mapper import Mapper
from tagseal.contents.model import Kind, PathMapping
from tagseal.core.finding import Finding
from tagseal.core.listing import Member, TreeListing
from tagseal.core.paths import check_path, display

__all__ = [
    "MAX_MAPPINGS",
    "choose_layout",
    "dist_info_folder",
    "folders_above",
    "guess_kind",
    "installed_path",
    "is_data_folder",
    "is_licenses",
    "layout_findings",
    "map_path",
    "map_paths",
    "readings",
    "stem",
    "top_folder",
    "top_level_names",
]

MAX_MAPPINGS = 256
"""How many mappings a layout may have; every member is held against each."""

_MAX_CANDIDATES = 8

_SUFFIXES = (".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tar.zst", ".tar", ".crate", ".zip", ".whl")
_DIST_INFO = b".dist-info"
_INSTALLED_OVER_TOP = re.compile(rb"[^/]+\.data/(?:purelib|platlib)/(.+)", re.DOTALL)


def stem(name: str) -> str:
    """Return a file name without the suffixes of its archive format."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def guess_kind(name: str) -> Kind:
    """Return the kind that a file name alone decides: a wheel, else a source archive."""
    return Kind.WHEEL if name.endswith(".whl") else Kind.SOURCE


def dist_info_folder(wheel_name: str) -> bytes:
    """Return the name of a wheel's own metadata folder, by the wheel's file name."""
    return _bytes("-".join(stem(wheel_name).split("-")[:2])) + _DIST_INFO


def is_licenses(mapping: PathMapping) -> bool:
    """Return whether a mapping is that of a wheel's licenses folder, whose files may be copies."""
    return mapping.archive.endswith(_DIST_INFO + b"/licenses/") and not mapping.tree


def is_data_folder(kind: Kind, archive_path: bytes) -> bool:
    """Return whether a member is in a wheel's ``.data`` folder, which installing takes apart."""
    return kind is Kind.WHEEL and archive_path.split(b"/", 1)[0].endswith(b".data")


def installed_path(kind: Kind, archive_path: bytes) -> bytes:
    """Return where a member ends up: a wheel's ``.data/purelib`` is unpacked over its top."""
    match = _INSTALLED_OVER_TOP.fullmatch(archive_path) if kind is Kind.WHEEL else None
    return match[1] if match else archive_path


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")  # as the file system spells it


def top_folder(paths: Iterable[bytes]) -> bytes | None:
    """Return the one folder that all paths are in, or None where there is no such folder."""
    tops = {path.split(b"/", 1)[0] if b"/" in path else None for path in paths}
    return tops.pop() if len(tops) == 1 else None


def top_level_names(paths: Iterable[bytes], wheel_name: str) -> tuple[bytes, ...]:
    """Return the names at a wheel's top that installing it puts on the import path, sorted."""
    own = dist_info_folder(wheel_name)
    return tuple(sorted({path.split(b"/", 1)[0] for path in paths} - {own}))


def folders_above(paths: Iterable[bytes]) -> set[bytes]:
    """Return every folder that a path is in, without the top itself."""
    found: set[bytes] = set()
    for folder in {path.rpartition(b"/")[0] for path in paths}:
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition(b"/")[0]
    return found


def map_path(mappings: Iterable[PathMapping], archive_path: bytes) -> bytes | None:
    """Return the tree path of an archive path, or None where no mapping covers it."""
    for mapping in mappings:
        if (tree_path := mapping.apply(archive_path)) is not None:
            return tree_path
    return None


def map_paths(
    mappings: Iterable[PathMapping], archive_paths: Collection[bytes]
) -> dict[bytes, bytes | None]:
    """Return what `map_path` gives for each of many paths, in their order."""
    together = tuple(mappings)
    if len(together) == 1 and together[0].is_folder:
        archive, tree = together[0].archive, together[0].tree
        end = len(archive)
        return {
            path: tree + path[end:] if path.startswith(archive) and len(path) > end else None
            for path in archive_paths
        }
    mapper = Mapper(together)
    return {path: mapper.tree_path(path) for path in archive_paths}


def readings(mapper: Mapper, kind: Kind, archive_path: bytes) -> set[bytes]:
    """Return every tree path that an archive path could be taken for.

    Through each mapping, and in a wheel also as itself and below ``src/``, all that as it is
    installed too: a file is only in the archive when the tree has none of these.
    """
    spellings = {archive_path, installed_path(kind, archive_path)}
    found = {
        path for s in spellings for m in mapper.covering(s) if (path := m.apply(s)) is not None
    }
    if kind is Kind.WHEEL:
        found |= {prefix + spelling for prefix in (b"", b"src/") for spelling in spellings}
    return found


def choose_layout(
    kind: Kind, name: str, members: Mapping[bytes, Member], tree: TreeListing
) -> tuple[PathMapping, ...]:
    """Return the layout that accounts for the most of an archive's files, as a producer states it.

    The top folder stands for the root of the tree; or, when less than half of its files are there,
    for the folder that has the most of them, as when a package of a larger repository is
    published. An archive whose files are not all in one folder, and that is no wheel, maps its top.
    `layout_findings` refuses all but the first unless the user allows it.
    """
    paths = members.keys()
    if kind is not Kind.WHEEL:
        top = top_folder(paths)
        prefix = top + b"/" if top else b""
        return (PathMapping(archive=prefix, tree=_best_folder(prefix, members, tree)),)
    mappings = []
    licenses = dist_info_folder(name) + b"/licenses/"
    if any(path.startswith(licenses) for path in paths):
        mappings.append(PathMapping(archive=licenses, tree=b""))
    inside: dict[bytes, list[bytes]] = defaultdict(list)
    for path in paths:
        inside[path.split(b"/", 1)[0]].append(path)
    for top in top_level_names(paths, name):
        if is_data_folder(kind, top):
            continue
        slash = b"" if top in paths else b"/"
        here = sum(path in tree.entries for path in inside[top])
        below_src = sum(b"src/" + path in tree.entries for path in inside[top])
        target = b"src/" + top if below_src > here else top
        mappings.append(PathMapping(archive=top + slash, tree=target + slash))
    return tuple(sorted(mappings))


def _best_folder(prefix: bytes, members: Mapping[bytes, Member], tree: TreeListing) -> bytes:
    """Return the folder of the tree, with its slash, that has the most of an archive's files."""

    def matches(folder: bytes) -> int:
        return sum(
            (entry := tree.entries.get(folder + path[len(prefix) :])) is not None
            and entry.object == member.blob
            for path, member in members.items()
        )

    at_root = matches(b"")
    if 2 * at_root >= len(members):
        return b""
    inner = {m.blob: path[len(prefix) :] for path, m in members.items() if m.size}
    votes: Counter[bytes] = Counter()
    for path, entry in tree.entries.items():
        below = inner.get(entry.object)
        if below is not None and path.endswith(b"/" + below):
            votes[path[: len(path) - len(below)]] += 1
    candidates = [folder for folder, _ in votes.most_common(_MAX_CANDIDATES)]
    best = max(candidates, key=matches, default=b"")
    return best if best and matches(best) > at_root else b""


def layout_findings(
    kind: Kind, name: str, mappings: tuple[PathMapping, ...], allowed: Collection[PathMapping]
) -> list[Finding]:
    """Return why a claimed layout is refused; empty when it is acceptable for this kind."""
    findings = []
    if list(mappings) != sorted(set(mappings)) or not mappings:
        findings.append(_finding("the layout is empty, unsorted or repeats a mapping"))
    if len(mappings) > MAX_MAPPINGS:
        findings.append(_finding(f"the layout has more than {MAX_MAPPINGS} mappings"))
    # Among sorted names, what begins with another stands right behind it, or behind such a one.
    for first, second in pairwise(sorted(mappings)):
        if _overlap(first, second.archive):
            findings.append(_finding("two mappings of the layout overlap", first.archive))
    for mapping in mappings:
        if problem := _mapping_problem(kind, name, mapping, allowed):
            findings.append(_finding(problem, mapping.archive))
    return findings


def _finding(message: str, path: bytes | None = None) -> Finding:
    return Finding(code="contents-layout-refused", message=message, path=path)


def _overlap(first: PathMapping, second: bytes) -> bool:
    return first.archive == second or (first.is_folder and second.startswith(first.archive))


def _mapping_problem(
    kind: Kind, name: str, mapping: PathMapping, allowed: Collection[PathMapping]
) -> str | None:
    for end in (mapping.archive, mapping.tree):
        if end and (problem := check_path(end.removesuffix(b"/"))):
            return problem
    if mapping.is_folder != (not mapping.tree or mapping.tree.endswith(b"/")):
        return "a mapping leads from a folder to a file, or from a file to a folder"
    if mapping in allowed:
        return None
    if kind is not Kind.WHEEL:
        expected = _bytes(stem(name)) + b"/"
        if mapping == PathMapping(archive=expected, tree=b""):
            return None
        return f'the only mapping that this file name allows is "{display(expected)}" to the root'
    if mapping == PathMapping(archive=dist_info_folder(name) + b"/licenses/", tree=b""):
        return None
    top = mapping.archive.removesuffix(b"/")
    is_importable = b"/" not in top and top and not top.endswith((_DIST_INFO, b".data"))
    if is_importable and mapping.tree in (mapping.archive, b"src/" + mapping.archive):
        return None
    return f'a wheel may not map this to "{display(mapping.tree)}" without your permission'
