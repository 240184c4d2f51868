"""Which members' bytes a reading of an archive keeps, for checks that need a file's content."""

__all__ = ["keep_small"]

_LIMIT = 4 * 1024 * 1024
_NAMES = frozenset(
    [
        b"PKG-INFO",
        b"setup.cfg",
        b"pyproject.toml",
        b"tagseal.toml",
        b".gitattributes",
        b".gitmodules",
    ]
)


def keep_small(path: bytes, size: int) -> bool:
    """Return whether a member's bytes are kept: metadata, configuration, attributes, a readme."""
    if size > _LIMIT:
        return False
    folder, _, name = path.rpartition(b"/")
    parent = folder.rpartition(b"/")[2]
    return (
        name in _NAMES
        or name.lower().startswith(b"readme")
        or parent.endswith((b".dist-info", b".egg-info"))
    )
