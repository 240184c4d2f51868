"""The check for ``export-subst`` with names of refs, which depend on the clone."""

import re
from collections.abc import Callable

from tagseal.contents.rules._model import Difference, Rule, RuleContext

__all__ = ["export_subst_refs"]

_FORMAT = re.compile(rb"\$Format:([^$\n]*)\$")
_MAX_SUBST = 64 * 1024
_MAX_REFS = 4096
_REF = re.compile(rb"(?:HEAD -> |tag: )?[A-Za-z0-9._/+@-]{1,200}")

_Accepts = Callable[[bytes], bool]


def export_subst_refs(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """Each ``$Format:…$`` became one line of what git writes there; all else is the tree's.

    For names of refs, which depend on the clone, only their form is looked at, and the tag has to
    be among them; hashes and dates have to be the commit's.
    """
    del rule
    path, content = difference.source_path, context.content(difference)
    attributes = context.attributes(path) if path is not None else None
    if path is None or content is None or not attributes or difference.source is None:
        return None
    if attributes.get("export-subst") is not True:
        return None
    source = context.source(path)
    if source is None or max(len(source), len(content)) > _MAX_SUBST:
        return None
    if difference.member.mode is not difference.source.mode or not _FORMAT.search(source):
        return None
    old, new = source.split(b"\n"), content.split(b"\n")
    if len(old) != len(new):
        return None
    if not all(_expands(a, b, context) for a, b in zip(old, new, strict=True)):
        return None
    return "git put the commit's ids, dates and refs in place of its $Format:…$"


def _expands(old: bytes, new: bytes, context: RuleContext) -> bool:
    """Whether a line with at most one placeholder became another one by its expansion."""
    *texts, last = _FORMAT.split(old)
    if not texts:
        return old == new
    if len(texts) != 2 or len(new) > _MAX_REFS:
        return False
    first, placeholder = texts
    if len(new) < len(first) + len(last) or not (new.startswith(first) and new.endswith(last)):
        return False
    accepts = _acceptance(placeholder.decode("latin-1"), context)
    return accepts is not None and accepts(new[len(first) : len(new) - len(last)])


def _acceptance(placeholder: str, context: RuleContext) -> _Accepts | None:
    """Return what decides of an expansion, or None where the placeholder is not known."""
    facts, tag = context.facts, context.tag.encode("utf-8", "surrogateescape")
    ids = {"%H": facts.commit_id, "%h": facts.commit_id, "%T": facts.tree_id, "%t": facts.tree_id}
    if placeholder in ids:
        name, shortest = ids[placeholder].encode(), 4 if placeholder.islower() else None
        return lambda text: name.startswith(text) and len(text) >= (shortest or len(name))
    if placeholder == "%D":
        return lambda text: _are_refs(text, tag)
    if placeholder == "%d":
        return lambda text: (
            text == b"" or (text[:2] == b" (" and text[-1:] == b")" and _are_refs(text[2:-1], tag))
        )
    if placeholder.startswith("%(describe"):
        return lambda text: text == tag
    dates = _dates(placeholder, context)
    return (lambda text: text in dates) if dates else None


def _are_refs(text: bytes, tag: bytes) -> bool:
    refs = text.split(b", ")
    return b"tag: " + tag in refs and all(map(_REF.fullmatch, refs))


def _dates(placeholder: str, context: RuleContext) -> frozenset[bytes]:
    """Return the spellings that versions of git have for a date of the commit."""
    facts = context.facts
    date = {"a": facts.author_date, "c": facts.committer_date}.get(placeholder[1:2])
    if date is None or len(placeholder) != 3 or placeholder[0] != "%":
        return frozenset()
    iso = date.isoformat()
    forms = {
        "I": (iso, iso.replace("+00:00", "Z")),
        "i": (date.strftime("%Y-%m-%d %H:%M:%S %z"),),
        "s": (date.strftime("%Y-%m-%d"),),
        "t": (str(int(date.timestamp())),),
    }
    return frozenset(form.encode() for form in forms.get(placeholder[2], ()))
