"""The rules that explain a difference between an archive and its commit: by evidence, not by name.

A file that is only in the archive, or differs from the tree's, is offered to the rules one after
the other; the first whose *check* finds its evidence explains it, in the order of the evidence's
strength. What none explains is *unexplained*. The same rules explain (when comparing) and permit
(when verifying): a rule's *standing* says which. A *proven* file was recomputed from proven bytes
of the commit, or is byte for byte a known tool's release, and passes both; an *explained* one fits
what honest tools write, which is enough to compare by and never enough to verify by.

Before any rule is asked, `tagseal.contents.transforms` has recomputed what attributes yield
(``export-subst``, ``eol``, ``ident``, ``filter=lfs``), and `tagseal.contents.metadata` the metadata
of Python distributions. Both count as rules too, by the names ``eol-crlf``, ``export-subst``,
``ident``, ``lfs``, ``mode-unrecorded``, ``version-stamp`` and ``python-metadata``.

Rules are data (`Rule`). `BUILT_IN` holds those that everybody has. A project adds its own in
``[[rule]]`` tables of its configuration, which is proven before it is believed; those may only use
checks whose evidence is in the commit itself, and count as proven where they recompute (``copy``,
``stamp``). Whoever verifies or compares can take rules away by name, all of a project's as
``project``.

A file that has the *name* of a known helper, but bytes that no release has, is an *imitation*
unless something explains it: that is the case of xz's ``m4/build-to-host.m4``. It is reported with
a reason code of its own, and no pattern allows it.

>>> rule = next(rule for rule in BUILT_IN if rule.name == "cargo-original-manifest")
>>> rule.check, rule.standing, rule.parameters["from"]
('copy', 'proven', '{folder}Cargo.toml')
"""

from typing import TYPE_CHECKING, Any

from tagseal.contents.rules._apply import PROJECT, RuleResults, active_rules, apply_rules
from tagseal.contents.rules._context import context_of
from tagseal.contents.rules._model import (
    Check,
    ComparingEvidence,
    Difference,
    DifferenceClass,
    Explanation,
    History,
    Rule,
    RuleContext,
    RuleStanding,
)
from tagseal.contents.rules._table import BUILT_IN

if TYPE_CHECKING:
    from tagseal.contents.rules._engine import CHECKS, explain
    from tagseal.contents.rules._history import history_of

__all__ = [
    "BUILT_IN",
    "CHECKS",
    "PROJECT",
    "Check",
    "ComparingEvidence",
    "Difference",
    "DifferenceClass",
    "Explanation",
    "History",
    "Rule",
    "RuleContext",
    "RuleResults",
    "RuleStanding",
    "active_rules",
    "apply_rules",
    "context_of",
    "explain",
    "history_of",
]


def __getattr__(name: str) -> Any:
    """Import the checks when they are asked for: where nothing differs, none is needed."""
    if name in ("CHECKS", "explain"):
        from tagseal.contents.rules import _engine

        return getattr(_engine, name)
    if name == "history_of":
        from tagseal.contents.rules._history import history_of

        return history_of
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
