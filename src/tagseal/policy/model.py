"""What a consumer demands of an archive's evidence, and what a consumer allows in an archive."""

from dataclasses import dataclass

from tagseal.contents import Kind, PathMapping
from tagseal.core.patterns import Pattern

__all__ = ["Allowances", "Policy"]


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
    kind: Kind | None = None
    allow: Allowances = Allowances()
