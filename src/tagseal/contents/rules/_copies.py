"""Checks that find the very bytes elsewhere: in the tree, in a helper's release, in a build."""

import re

from tagseal.contents.helpers import KnownHelper
from tagseal.contents.layout import top_folder
from tagseal.contents.rules._dates import is_of_the_release
from tagseal.contents.rules._model import Difference, Rule, RuleContext
from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.listing import Member, Mode, TreeEntry
from tagseal.core.paths import display

__all__ = [
    "built_alike",
    "built_on_another_day",
    "copy_of_tree_file",
    "known_helper",
    "mode_differs",
    "sha1_blob",
]

_EMPTY = 0


def mode_differs(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """Same bytes, and only the executable bit is another one.

    Only a script may become executable: what says how it is run. Other files that tools run because
    of the bit alone would run where nobody meant them to.
    """
    del rule
    source, member = difference.source, difference.member
    if source is None or not source.mode.is_file or member.blob != source.object:
        return None
    if member.mode is not Mode.EXECUTABLE:
        return "it has the commit's bytes, and is not executable where the commit's file is"
    content = context.content(difference)
    if content is None or not content.startswith(b"#!"):
        return None
    return "it is a script of the commit, and is executable where the commit's file is not"


_FIELD = re.compile(rb"\{(?:folder|name)\}")


def copy_of_tree_file(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """Same bytes and mode as the tree file that the rule's parameter ``from`` names.

    A ``{folder}`` in it stands for the folder of the archive's file, with its slash, and a
    ``{name}`` for its base name.
    """
    folder, slash, name = difference.inner.rpartition(b"/")
    fields = {b"{folder}": folder + slash, b"{name}": name}
    origin = rule.parameters["from"].encode("utf-8", "surrogateescape")
    origin = _FIELD.sub(lambda match: fields[match[0]], origin)
    entry = context.entry(origin)
    member = difference.member
    if entry != TreeEntry(mode=member.mode, object=member.blob) or not member.mode.is_file:
        return None
    return f'it is a copy of the commit\'s "{display(origin)}"'


def known_helper(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """Byte for byte a file that a release of a known tool ships under the same base name.

    In place of a file of the tree only where that is a known one too, and not a newer one: who puts
    an old helper for a mended one takes the mending away.
    """
    del rule
    member = difference.member
    if not member.mode.is_file or member.size == _EMPTY:
        return None
    blob = sha1_blob(difference, context)
    name = difference.inner.rpartition(b"/")[2]
    found = context.helpers().identify(name, blob) if blob is not None else None
    if found is None or not _is_brought_up(found, difference, context):
        return None
    return f"it is byte for byte what {found.tool} {found.version} ships under this name"


def _is_brought_up(found: KnownHelper, difference: Difference, context: RuleContext) -> bool:
    """Whether a helper is new in the archive, or stands for an earlier one of the tree's."""
    source, path = difference.source, difference.source_path
    if source is None or path is None:
        return True
    known = [helper.blob for helper in context.helpers().versions_of(found.name)]
    blob: str | None = source.object
    if context.listing.object_format is not ObjectFormat.SHA1:
        content = context.source(path)
        blob = object_id("blob", content, ObjectFormat.SHA1) if content is not None else None
    return (
        blob in known
        and known.index(blob) <= known.index(found.blob)
        and difference.member.mode is source.mode
    )


def sha1_blob(difference: Difference, context: RuleContext) -> str | None:
    """Return the file's blob id in a sha1 repository, whatever the archive was read for.

    None where only its bytes would tell, and they were not kept.
    """
    if context.listing.object_format is ObjectFormat.SHA1:
        return difference.member.blob
    content = context.content(difference)
    return object_id("blob", content, ObjectFormat.SHA1) if content is not None else None


def built_alike(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """Same bytes and mode at the same path in the archive that the person who asks has built."""
    del rule
    found = _in_the_build(difference, context)
    if found is None or found[1].blob != difference.member.blob:
        return None
    return f"your own build, {display(found[0])}, has the same bytes there"


def built_on_another_day(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """Same length and mode, and the same bytes but for dates, as in the build of whoever asks.

    Documents say when they were made: a PDF file in its ``CreationDate``, and in an ``ID`` and a
    ``DocumentID`` that are made of it.
    """
    del rule
    found = _in_the_build(difference, context)
    content = context.content(difference)
    if found is None or content is None or context.built is None:
        return None
    other = context.built.kept.get(found[2])
    if other is None or len(other) != len(content):
        return None
    if _DATED.sub(b"\0", other) != _DATED.sub(b"\0", content):
        return None
    days = zip(_DATED.findall(other), _DATED.findall(content), strict=True)
    if not all(a == b or _is_another_day(a, b, context) for a, b in days):
        return None
    return f"your own build, {display(found[0])}, has the same bytes there, but for dates"


_DATED = re.compile(
    rb"/(?:Creation|Mod)Date ?\(D:[0-9]{8,14}[-+Z0-9']{0,7}\)"
    rb"|:DocumentID='uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'"
    rb"|/ID ?\[ ?<[0-9A-Fa-f]{32}> ?<[0-9A-Fa-f]{32}> ?\]"
    rb"|\b(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?)?"
)


def _is_another_day(mine: bytes, text: bytes, context: RuleContext) -> bool:
    """Whether a date is of the release; those that only a PDF file's reader sees may be any."""
    if len(mine) != len(text) or mine[:1].isdigit() != text[:1].isdigit():
        return False
    return text.startswith((b"/", b":")) or is_of_the_release(text, context.facts)


def _in_the_build(difference: Difference, context: RuleContext) -> tuple[str, Member, bytes] | None:
    """Return the build's name, and its member of the same kind and size at the same path."""
    if context.built is None:
        return None
    members = context.built.members
    here, there = top_folder(context.listing.members), top_folder(members)
    path = difference.path
    if here is not None and there is not None:
        path = there + path[len(here) :]
    member = members.get(path)
    if member is None or (member.mode, member.size) != (
        difference.member.mode,
        difference.member.size,
    ):
        return None
    return context.built.name, member, path
