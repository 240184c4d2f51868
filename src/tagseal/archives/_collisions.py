"""SHA-1 that notices the known collision attacks on it, by Marc Stevens' sha1collisiondetection.

Git itself hashes with that code. On PyPI it is in Mercurial's package, which needs nothing else; it
finds the blocks that each published way of attacking SHA-1 must use, whatever they are a part of.
"""

import importlib
from collections.abc import Callable

from tagseal.core.digests import Hasher
from tagseal.core.errors import UsageError

__all__ = ["COLLISION", "detecting_sha1"]

_MODULE = "mercurial.thirdparty.sha1dc"
COLLISION = OverflowError
"""What `hexdigest` of such a hasher raises when it has met a collision."""


def detecting_sha1() -> Callable[[bytes], Hasher]:
    """Return what makes a SHA-1 hasher that has begun with some data, and notices collisions.

    UsageError when the library is not installed.
    """
    try:
        made: Callable[[bytes], Hasher] = importlib.import_module(_MODULE).sha1
    except ImportError as error:
        message = "the library that notices SHA-1 collisions is not installed"
        hint = 'Install it with: pip install "tagseal[collisions]"'
        raise UsageError("usage", message, hint=hint) from error
    return made
