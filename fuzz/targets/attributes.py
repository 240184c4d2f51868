"""``.gitattributes`` files (`tagseal.contents.attributes`)."""

from tagseal.contents.attributes import Attributes, UnsupportedAttributes

PATHS = (b"README", b"docs/a.txt", b"docs/deep/er/a" + b"a" * 60 + b".txt", b"a/*?/[x]", b"\xff")


def check(data: bytes) -> None:
    """A file is understood or not; what it says of a path is said in known forms, and only once."""
    root, _, below = data.partition(b"\0")
    try:
        attributes = Attributes({b"": root, b"docs": below})
    except UnsupportedAttributes:
        return
    for path in PATHS:
        found = attributes.of(path)
        assert found == attributes.of(path)
        assert all(name and isinstance(value, str | bool) for name, value in found.items())
    if not below:
        assert attributes.of(PATHS[0]) == Attributes({b"": root}).of(PATHS[0])
