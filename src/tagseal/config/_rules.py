"""The ``[[rule]]`` tables: which checks a project may use for its own files, and with what."""

import re
from collections.abc import Mapping

from tagseal.config._model import RuleConfig
from tagseal.config._table import Table, closest
from tagseal.core.paths import display
from tagseal.core.patterns import compile_pattern

__all__ = ["PROJECT_CHECKS", "read_rules"]

PROJECT_CHECKS: Mapping[str, tuple[str, ...]] = {
    "copy": ("from",),
    "from-history": (),
    "stamp": ("placeholder", "value"),
    "version-file": (),
    "version-lines": (),
    "version-module": (),
}
"""Check to the keys of its own that it needs; see `tagseal.contents.rules` for what each does."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIELD = re.compile(r"\{([^{}]*)\}")
_STAMP_FIELDS = ("commit", "tag", "version")


def read_rules(root: Table) -> tuple[RuleConfig, ...]:
    """Return the rules of a configuration, without those that have problems."""
    found: dict[str, RuleConfig] = {}
    for table in root.tables("rule"):
        rule = _rule(table)
        if rule is None:
            continue
        if rule.name in found:
            table.problem("name", f'an earlier rule is called "{rule.name}" too')
        found[rule.name] = rule
    return tuple(found.values())


def _rule(table: Table) -> RuleConfig | None:
    for key in ("name", "check", "paths"):
        table.require(key)
    name, check = table.text("name"), table.text("check")
    if name is not None and not _NAME.fullmatch(name):
        table.problem("name", f'"{display(name)}" is not small letters and digits, joined by -')
    if check is None:
        return None
    if check not in PROJECT_CHECKS:
        listed = ", ".join(f'"{known}"' for known in sorted(PROJECT_CHECKS))
        shown = f'"{display(check)}" is not one of {listed}'
        table.problem("check", shown + closest(check, PROJECT_CHECKS))
        return None
    own = PROJECT_CHECKS[check]
    others = {
        key: f'check = "{other}", not to "{check}"'
        for other, keys in PROJECT_CHECKS.items()
        for key in keys
        if key not in own
    }
    table.refuse_other_keys(("name", "check", "paths", *own), others)
    if table.is_empty_list("paths"):
        table.problem("paths", "at least one must be listed")
    paths = table.patterns("paths", compile_pattern)
    parameters = {key: value for key in own if (value := _parameter(table, key)) is not None}
    if name is None or not paths or len(parameters) != len(own):
        return None
    return RuleConfig(name=name, check=check, paths=paths, parameters=parameters)


def _parameter(table: Table, key: str) -> str | None:
    table.require(key)
    if key == "from":
        return table.tree_path(key)
    value = table.text(key)
    if key == "value" and value is not None:
        fields = _FIELD.findall(value)
        if not fields or set(fields) - set(_STAMP_FIELDS):
            table.problem(key, "it must hold {version}, {tag} or {commit}, and no other field")
            return None
    return value
