"""What a consumer demands of an archive's evidence, and what a consumer allows in an archive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tagseal.contents import Kind, PathMapping
from tagseal.core.patterns import Pattern

__all__ = ["PATTERN_FIELDS", "Allowances", "Policy"]

PATTERN_FIELDS = ("generated", "modified", "relocated", "omitted", "shadowing", "top_level")
"""The fields of `Allowances` that hold patterns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """What is acceptable although nothing proves it: patterns over paths, by class.

    A pattern is held against a file's path in the archive, against the same without the top folder,
    and against its tree path. Empty, as by default, means that everything must be proven.
    """

    generated: tuple[Pattern, ...] = ()
    modified: tuple[Pattern, ...] = ()
    relocated: tuple[Pattern, ...] = ()
    omitted: tuple[Pattern, ...] = ()
    shadowing: tuple[Pattern, ...] = ()
    top_level: tuple[Pattern, ...] = ()
    mappings: tuple[PathMapping, ...] = ()

    @classmethod
    def of(
        cls, patterns: Mapping[str, Iterable[Pattern]], mappings: Iterable[PathMapping] = ()
    ) -> "Allowances":
        """Return the allowances of these patterns, by field name, each pattern once."""

        def once(name: str) -> tuple[Pattern, ...]:
            return tuple(dict.fromkeys(patterns.get(name, ())))

        return cls(
            generated=once("generated"),
            modified=once("modified"),
            relocated=once("relocated"),
            omitted=once("omitted"),
            shadowing=once("shadowing"),
            top_level=once("top_level"),
            mappings=tuple(dict.fromkeys(mappings)),
        )

    def patterns(self) -> dict[str, tuple[Pattern, ...]]:
        """Return the patterns by field name, as `of` takes them."""
        return {name: getattr(self, name) for name in PATTERN_FIELDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a consumer demands. It comes from the person who verifies, never from the evidence.

    ``repository`` is ``owner/name``. ``tag``, ``commit`` and the numeric ids are demanded where
    they are given. ``workflow`` is the path of the workflow file in that repository whose job may
    sign; ``builder`` is the full URI, with its ref, of one elsewhere. Without either, only signers
    that tagseal itself trusts for the issuer are accepted.
    """

    repository: str
    tag: str | None = None
    commit: str | None = None
    repository_id: str | None = None
    owner_id: str | None = None
    workflow: str | None = None
    builder: str | None = None
    any_name: bool = False
    identical_sha256: bool = False
    """Whether the digest over the identical files is recomputed: it binds them without SHA-1."""
    kind: Kind | None = None
    allow: Allowances = Allowances()
    without_rules: frozenset[str] = frozenset()
    """Names of rules that must not explain anything; ``project`` stands for all of the project's
    own."""
