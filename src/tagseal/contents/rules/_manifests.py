"""Checks for manifests that package tools write anew when they publish: npm's and Python's.

Sources: npm's documentation of package.json; the specification of ``pyproject.toml`` (PyPA). Those
of cargo are in `tagseal.contents.rules._cargo`.
"""

from tagseal.contents.rules._model import Difference, Rule, RuleContext
from tagseal.contents.rules._parsed import as_table, is_same, read_json, read_toml

__all__ = ["npm_manifest", "pyproject_manifest"]


def pyproject_manifest(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A pyproject.toml with the tree's values, and the tag's version in place of a dynamic one."""
    del rule
    if difference.source_path is None or difference.source is None or context.version is None:
        return None
    old = read_toml(context.source(difference.source_path))
    new = read_toml(context.content(difference))
    if old is None or new is None or difference.member.mode is not difference.source.mode:
        return None
    was, now = dict(as_table(old.get("project"))), dict(as_table(new.get("project")))
    listed = was.pop("dynamic", [])
    if not isinstance(listed, list) or "version" not in listed or "version" in was:
        return None
    dynamic = [key for key in listed if key != "version"]
    if now.pop("dynamic", []) != dynamic or now.pop("version", None) != context.version:
        return None
    if not is_same({**old, "project": was}, {**new, "project": now}):
        return None
    return "the build wrote it anew: it states the tag's version, which was dynamic, and no more"


def npm_manifest(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A package.json with the tree's values, but for the tag's version and the commit's id.

    Below the top the order of keys is the tree's too: the first condition of ``exports`` that holds
    decides which file is run.
    """
    del rule
    old = read_json(context.source(difference.source_path or b""))
    new = read_json(context.content(difference))
    modes = (difference.member.mode, getattr(difference.source, "mode", None))
    if old is None or new is None or modes[0] is not modes[1]:
        return None
    if new.pop("gitHead", None) not in (None, context.facts.commit_id, old.pop("gitHead", None)):
        return None
    if context.version is not None and new.get("version") == context.version:
        old.pop("version", None)
        new.pop("version")
    if set(old) != set(new) or not all(is_same(old[k], new[k], ordered=True) for k in old):
        return None
    return "npm wrote it anew: it differs in the tag's version, the commit's id or its layout only"
