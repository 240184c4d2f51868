"""Asking the rules, one after the other."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from tagseal.contents.rules._cargo import cargo_lock, cargo_manifest, cargo_vcs_info
from tagseal.contents.rules._copies import (
    built_alike,
    built_on_another_day,
    copy_of_tree_file,
    known_helper,
    mode_differs,
)
from tagseal.contents.rules._distributions import distribution_metadata
from tagseal.contents.rules._gettext import (
    compiled_catalogue,
    message_template,
    refreshed_translation,
)
from tagseal.contents.rules._history import from_history
from tagseal.contents.rules._manifests import npm_manifest, pyproject_manifest
from tagseal.contents.rules._model import (
    Check,
    Difference,
    Explanation,
    Rule,
    RuleContext,
    RuleStanding,
)
from tagseal.contents.rules._stamps import declared_stamp, line_ends, version_lines
from tagseal.contents.rules._subst import export_subst_refs
from tagseal.contents.rules._versions import version_file, version_module

__all__ = ["CHECKS", "explain"]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "built-alike": built_alike,
        "built-on-another-day": built_on_another_day,
        "cargo-lock": cargo_lock,
        "cargo-manifest": cargo_manifest,
        "cargo-vcs-info": cargo_vcs_info,
        "compiled-catalogue": compiled_catalogue,
        "copy": copy_of_tree_file,
        "distribution-metadata": distribution_metadata,
        "export-subst-refs": export_subst_refs,
        "from-history": from_history,
        "known-helper": known_helper,
        "known-helper-instead": known_helper,
        "line-ends": line_ends,
        "message-template": message_template,
        "mode-differs": mode_differs,
        "npm-manifest": npm_manifest,
        "pyproject-manifest": pyproject_manifest,
        "refreshed-translation": refreshed_translation,
        "stamp": declared_stamp,
        "version-file": version_file,
        "version-lines": version_lines,
        "version-module": version_module,
    }
)
"""Name in data to check."""


def explain(
    difference: Difference,
    rules: Iterable[Rule],
    context: RuleContext,
    *,
    standings: Collection[RuleStanding] = ("proven", "explained"),
) -> Explanation | None:
    """Return the first rule, of those with these standings, that explains a difference.

    A symlink is never explained: where it leads is another file's business, and `check_contents`
    refuses it.
    """
    if not difference.member.mode.is_file:
        return None
    for rule in rules:
        if rule.standing in standings and rule.is_about(difference):
            reason = CHECKS[rule.check](rule, difference, context)
            if reason is not None:
                return Explanation(rule=rule, reason=reason)
    return None
