"""Which files of a distribution are metadata."""

import re

from tagseal.contents.metadata._model import Distribution

__all__ = ["metadata_role"]

_EGG_INFO = b".egg-info"
_DIST_INFO = b".dist-info"
# Licence files directly in dist-info, as backends before PEP 639 wrote them: files of the tree.
_LICENSE = re.compile(rb"(?i)(LICEN[CS]E|COPYING|NOTICE|AUTHORS)([._-].*)?")


def metadata_role(kind: Distribution, path: bytes, top_folder: bytes) -> str | None:
    """Return which piece of metadata an archive path is, or None for a file that is none.

    In an sdist (``top_folder`` is its one top folder): ``PKG-INFO``, ``setup.cfg``, and
    ``egg-info/NAME`` for each file of a folder ``*.egg-info``. In a wheel (``top_folder`` is its
    folder ``*.dist-info``): ``METADATA``, ``WHEEL``, ``RECORD``, ``entry_points.txt``,
    ``top_level.txt``, and ``dist-info/NAME`` for every other file there, so that no pattern can let
    one through. Licences in dist-info are files of the tree and no metadata.

    The role of a file that is identical to the tree's is of no interest: it is proven already.
    """
    folder, slash, rest = path.partition(b"/")
    if folder != top_folder or not slash:
        return None
    if kind == "wheel":
        return _wheel_role(rest) if folder.endswith(_DIST_INFO) else None
    if rest in (b"PKG-INFO", b"setup.cfg"):
        return rest.decode()
    components = rest.split(b"/")
    if len(components) >= 2 and components[-2].endswith(_EGG_INFO):
        return "egg-info/" + components[-1].decode("utf-8", "replace")
    return None


def _wheel_role(rest: bytes) -> str | None:
    if rest.startswith(b"licenses/") or _LICENSE.fullmatch(rest):
        return None
    if rest in (b"METADATA", b"WHEEL", b"RECORD", b"entry_points.txt", b"top_level.txt"):
        return rest.decode()
    return "dist-info/" + rest.decode("utf-8", "replace")
