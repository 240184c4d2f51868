"""Which members' bytes a reading of an archive keeps, for checks that need a file's content."""

__all__ = ["keep_small"]

_LIMIT = 4 * 1024 * 1024
_TEXT_LIMIT = 256 * 1024
_DEEPEST = 2  # below a wheel's .dist-info/licenses/; a vendored tree can have thousands of these
_TEXTS = (b"license", b"licence", b"copying", b"description")
_PROSE = (b".md", b".rst", b".txt")
_NAMES = frozenset(
    [
        b".cargo_vcs_info.json",
        b"PKG-INFO",
        b"setup.cfg",
        b"pyproject.toml",
        b"tagseal.toml",
        b".gitattributes",
        b".gitmodules",
    ]
)


def keep_small(path: bytes, size: int) -> bool:
    """Return whether a member's bytes are kept: metadata, configuration, attributes, prose.

    A readme or a license can have any name; what lies directly in the top folder and looks like
    prose is kept, so that metadata that holds its text can be recomputed.
    """
    if size > _LIMIT:
        return False
    folder, _, name = path.rpartition(b"/")
    parent = folder.rpartition(b"/")[2]
    depth = path.count(b"/")
    return (
        name in _NAMES
        or name.lower().startswith(b"readme")
        or (depth <= _DEEPEST and size <= _TEXT_LIMIT and name.lower().startswith(_TEXTS))
        or (depth == 1 and size <= _TEXT_LIMIT and name.lower().endswith(_PROSE))
        or parent.endswith((b".dist-info", b".egg-info"))
    )
