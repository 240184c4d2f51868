"""What may be missing from an archive without anybody's word.

Leaving out a file can change what runs as much as adding one: without the package ``tls/`` the
module ``tls.py`` wins, and without a guard nothing is guarded. `Omissions` knows what each kind of
archive customarily leaves out, and what a wheel only seems to hold because it stands among its
licenses, which nobody imports.
"""

import re
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from tagseal.contents import Kind, OmittedEntry, Proof
from tagseal.contents.layout import is_licenses
from tagseal.core.finding import Finding
from tagseal.core.listing import Mode, TreeEntry

__all__ = ["Omissions"]

_MODULE = re.compile(rb"([^/.]+)(?:\.[^/]+)?\.(?:py|pyc|pyd|so|abi3\.so)\Z", re.DOTALL)
_SRC = b"src/"


class Omissions:
    """The customs of one archive's kind. ``project`` is the project's name."""

    def __init__(self, proof: Proof, project: str) -> None:
        self._proof = proof
        self._project = canonicalize_name(project)
        self._bases = {
            _importable_name(m.tree) for m in proof.mappings if m.tree and not is_licenses(m)
        }

    def is_customary(self, omitted: OmittedEntry) -> bool:
        """Return whether this kind of archive leaves such a thing out, and nothing runs otherwise.

        A wheel is what is imported, an sdist leaves dotfiles and whole ``tests`` and ``docs`` out,
        and no archive needs its submodules; but never what the project's own name leads to.
        """
        path, mode = omitted.path, omitted.entry.mode
        if self._proof.kind is Kind.WHEEL:
            return not self._is_importable(path)
        if mode is Mode.SUBMODULE:
            return self._proof.kind is Kind.SOURCE or not self._is_importable(path)
        if self._proof.kind is Kind.SDIST:
            is_dotfile = path.startswith(b".") and b"/" not in path
            is_aside = mode is Mode.TREE and path in (b"tests", b"docs")
            return is_dotfile or (is_aside and not self._is_importable(path))
        return False

    def is_importable(self, omitted: OmittedEntry) -> bool:
        """Return whether importing a name of the project could lead to what is left out.

        Only a Python distribution is imported from.
        """
        return self._proof.kind is not Kind.SOURCE and self._is_importable(omitted.path)

    def among_licenses(self) -> Iterator[OmittedEntry]:
        """Yield what a wheel holds only among its licenses though importing could lead to it."""
        mappings = [m for m in self._proof.mappings if is_licenses(m)]
        if not mappings:
            return
        copies = {
            archive: tree
            for archive, tree in self._proof.identical.items()
            if any(m.apply(archive) is not None for m in mappings)
        }
        installed = {t for a, t in self._proof.identical.items() if a not in copies}
        for tree in sorted(set(copies.values()) - installed):
            if self._is_importable(tree):
                yield OmittedEntry(path=tree, entry=TreeEntry(mode=Mode.FILE, object=""))

    def missing_code(self) -> Iterator[Finding]:
        """Yield a finding for a wheel that installs no file of the tagged commit at all."""
        if self._proof.kind is not Kind.WHEEL:
            return
        licenses = [m for m in self._proof.mappings if is_licenses(m)]
        if not any(
            all(m.apply(archive) is None for m in licenses) for archive in self._proof.identical
        ):
            message = "no file that the wheel installs is the tagged commit's"
            yield Finding(code="contents-nothing-identical", message=message)

    def _is_importable(self, tree_path: bytes) -> bool:
        """Return whether importing a name of the project could lead to a tree path.

        That is everything inside of a mapped folder and everything of its name beside it, with or
        without ``src/``: which of the two a wheel was made of is the builder's choice.
        """
        path = tree_path.removeprefix(_SRC)
        if any(path == b or path.startswith(b + b"/") or _names(path) == b for b in self._bases):
            return True
        first, slash, _ = path.partition(b"/")
        name = first if slash or not _MODULE.match(first) else _names(first)
        return canonicalize_name((name or b"").decode("utf-8", "replace")) == self._project


def _importable_name(tree: bytes) -> bytes:
    return tree.removesuffix(b"/").removesuffix(b".py").removeprefix(_SRC)


def _names(path: bytes) -> bytes | None:
    """Return the path of the module that a file is, without its suffixes; None for other files."""
    folder, slash, name = path.rpartition(b"/")
    match = _MODULE.match(name)
    return folder + slash + match[1] if match else None
