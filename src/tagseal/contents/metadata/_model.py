"""What goes into a recomputation, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tagseal.core.listing import Member
from tagseal.core.paths import display

__all__ = ["Distribution", "MetadataInputs", "MetadataResult", "Report", "shown"]

Distribution = Literal["sdist", "wheel"]
"""The two kinds of Python distributions."""

_LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataInputs:
    """What is proven about the archive and its source; nothing here is the builder's word.

    ``archive_name`` is the archive's file name; ``commit`` the id of the tagged commit;
    ``pyproject`` the bytes of the proven ``pyproject.toml``; ``version`` the version that the tag
    holds. ``sources`` has the bytes of
    proven tree files by tree path, as far as they are at hand; ``tree_paths`` all proven tree
    paths; ``members`` the archive's listing by archive path.
    """

    archive_name: str
    commit: str
    pyproject: bytes
    version: str
    sources: Mapping[bytes, bytes]
    tree_paths: frozenset[bytes]
    members: Mapping[bytes, Member]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataResult:
    """Whether one file is what the configuration yields.

    ``problems`` are sentences, each led by the field that it is about; empty when ``recomputed``.
    ``notes`` are facts to show to whoever judges the archive: dependencies, entry points, top-level
    names, and what the configuration leaves to the build and nothing that runs depends on.
    """

    recomputed: bool
    problems: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """The problems and notes of one file while it is judged."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def problem(self, name: str, sentence: str) -> None:
        """Note something that is not as the configuration yields it."""
        self.problems.append(f"{name}: {sentence}")

    def note(self, name: str, fact: str) -> None:
        """Note a fact to show."""
        self.notes.append(f"{name}: {fact}")

    def result(self) -> MetadataResult:
        """Return what was found."""
        return MetadataResult(
            recomputed=not self.problems, problems=tuple(self.problems), notes=tuple(self.notes)
        )


def shown(value: str | bytes) -> str:
    """Return untrusted text as words of a sentence: escaped, quoted and not too long."""
    cut = value[:_LONGEST_SHOWN]
    return f'"{display(cut)}"' + ("" if cut == value else " (cut)")
