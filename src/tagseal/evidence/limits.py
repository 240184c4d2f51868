"""How much evidence is read before reading stops."""

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "EvidenceLimits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLimits:
    """Bounds on evidence that somebody else made; beyond one of them it is ``evidence-too-large``.

    The defaults are some ten times what the largest honest evidence needs: the contents statement
    of a big archive lists its exceptions in some hundred kilobytes, and a release has a handful of
    bundles for each archive.
    """

    file_bytes: int = 64 << 20
    """Bytes of a whole evidence file."""
    bundle_bytes: int = 24 << 20
    """Bytes of one bundle."""
    bundles: int = 64
    """Bundles in one evidence file."""
    depth: int = 24
    """Objects and lists inside one another."""
    tokens: int = 200_000
    """Strings, braces and brackets of one JSON document."""
    integer_digits: int = 20
    """Digits of a JSON number; 20 hold every 64-bit integer."""


DEFAULT_LIMITS = EvidenceLimits()
"""What every reader uses that is not told otherwise."""
