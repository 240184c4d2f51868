"""Checks for message catalogues: PO templates and translations, and compiled MO files.

Source: the GNU gettext manual, "The Format of PO Files". Nothing is compiled or run; a small strict
reader refuses what it does not understand, and only texts for people may differ.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tagseal.contents.rules._mo import MAX_CATALOGUE, pattern_of_widths, read_mo, with_widths
from tagseal.contents.rules._model import Difference, Rule, RuleContext
from tagseal.core.listing import Mode
from tagseal.core.paths import display

__all__ = ["compiled_catalogue", "message_template", "refreshed_translation"]

_MAX_CATALOGUE = MAX_CATALOGUE
_MOST_WIDE = 1000  # each text is held against all of them; git has some sixty
_LINE = re.compile(rb'(msgctxt|msgid|msgid_plural|msgstr|msgstr\[[0-9]+\])?[ \t]*"(.*)"\s*')
_ESCAPE = re.compile(rb"\\(?:([abfnrtv\\\"'?])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2}))")
_SIMPLE = {b"a": 7, b"b": 8, b"f": 12, b"n": 10, b"r": 13, b"t": 9, b"v": 11}
_FLAG = re.compile(rb"[ \t\r,]+")
_HEADER_STAMPS = (
    b"Project-Id-Version:",
    b"POT-Creation-Date:",
    b"PO-Revision-Date:",
    b"Report-Msgid-Bugs-To:",
    b"X-Generator:",
)

_CHARSET = re.compile(rb"charset=([^ \t\n]*)", re.IGNORECASE)
_SAFE_CHARSET = re.compile(
    rb"utf-?8|us-ascii|ascii|charset|iso-?8859-[0-9]{1,2}|koi8-[rut]|tis-620"
    rb"|(?:cp|windows-)125[0-8]|euc-(?:jp|kr|tw|cn)|gb2312",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A translation; forms of a plural are joined by NUL."""

    text: bytes
    is_fuzzy: bool = False

    @property
    def shown(self) -> bytes:
        """What programs show of it: nothing where it is fuzzy, as msgfmt leaves it out."""
        return b"" if self.is_fuzzy else self.text


Messages = dict[bytes, _Text]
"""A message's id (with context and plural, as an MO file spells them) to its translation."""


def message_template(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A PO template: entries without any translation, which only name texts of the program."""
    del rule
    messages = _read_po(context.content(difference))
    if messages is None or not any(messages) or not _keeps_its_mode(difference):
        return None
    if any(t.text.strip(b"\0") for message, t in messages.items() if message):
        return None
    return f"it is a template of {len(messages) - (b'' in messages)} messages without translations"


def refreshed_translation(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """A PO file whose translations are all the commit's, brought up to the template's messages.

    Every translation that it has is the commit's for the same message. Others are empty, or marked
    as fuzzy, which no program shows; even those are the commit's for some message.
    """
    del rule
    if difference.source_path is None or not _keeps_its_mode(difference):
        return None
    old = _read_po(context.source(difference.source_path))
    new = _read_po(context.content(difference))
    if old is None or new is None or not _same_header(_header(old), _header(new)):
        return None
    known = frozenset(part for t in old.values() for part in (t.text, *t.text.split(b"\0")))
    for message, translation in new.items():
        if not message or not translation.text.strip(b"\0"):
            continue
        if translation.is_fuzzy:
            # Put there by msgmerge, which takes them from other messages of the same file.
            if not set(translation.text.split(b"\0")) <= known:
                return None
        elif message not in old or old[message].shown != translation.text:
            return None
    return "all its translations are the commit's; only comments, order and dates differ"


def _keeps_its_mode(difference: Difference) -> bool:
    """Whether a modified file has the tree's mode, and a new one is not executable."""
    expected = difference.source.mode if difference.source is not None else Mode.FILE
    return difference.member.mode is expected


def _header(messages: Messages) -> bytes:
    return messages[b""].text if b"" in messages else b""


def compiled_catalogue(rule: Rule, difference: Difference, context: RuleContext) -> str | None:
    """An MO file that holds just the translations of the PO file beside it.

    The PO file is the tree's own, or is in the archive and explained there by itself.
    """
    del rule
    content = context.content(difference)
    compiled = read_mo(content) if content is not None and _keeps_its_mode(difference) else None
    stem, _, suffix = difference.path.rpartition(b".")
    if compiled is None or suffix not in (b"mo", b"gmo"):
        return None
    beside = stem + b".po"
    texts = _read_po(context.listing.kept.get(beside))
    if texts is None and (tree_path := context.tree_path(beside)) is not None:
        texts = _read_po(context.source(tree_path))
    if texts is None or not compiled:
        return None
    known = {message: t.shown for message, t in texts.items() if t.shown.strip(b"\0")}
    wide = [(pattern_of_widths(m), m) for m in known if b"%" in m and b"<PRI" in m]
    if len(wide) > _MOST_WIDE:
        return None
    for message, text in compiled.items():
        if message and known.get(message) != text and not _has_widths(message, text, wide, known):
            return None
    if not _same_header(_header(texts), compiled.get(b"", b"")):
        return None
    return f'it holds the {len(compiled)} translations of "{display(beside)}", and no others'


def _has_widths(
    message: bytes,
    text: bytes,
    wide: list[tuple[re.Pattern[bytes], bytes]],
    known: dict[bytes, bytes],
) -> bool:
    """Whether a message is one of the PO file with the widths of its numbers filled in.

    Newer versions of msgfmt write a text with ``<PRIu64>`` once for each width that C can have. The
    translation has to have the very widths of its message, or printf would take other arguments.
    """
    for pattern, original in wide:
        if (match := pattern.fullmatch(message)) is not None:
            return with_widths(known[original], match.groupdict()) == text
    return False


def _same_header(old: bytes, new: bytes) -> bool:
    """Whether two headers differ in stamps only.

    Programs look for ``charset=`` and ``plural=`` anywhere in a header, so no stamp may have them.
    """
    lines = new.split(b"\n")
    if any(b"charset=" in s or b"plural" in s for s in lines if s.startswith(_HEADER_STAMPS)):
        return False

    def fixed(header: bytes) -> list[bytes]:
        return [line for line in header.split(b"\n") if not line.startswith(_HEADER_STAMPS)]

    return fixed(old) == fixed(new)


def _read_po(content: bytes | None) -> Messages | None:
    """Return the messages of a PO file that are not obsolete; None where it is malformed.

    So is one whose encoding may have a backslash or a quotation mark inside of a character.
    """
    if content is None or len(content) > _MAX_CATALOGUE or b"\0" in content:
        return None
    messages: Messages = {}
    for entry in _entries(content):
        if entry is None:
            return None
        message, translation = entry
        if message in messages:
            return None
        messages[message] = translation
    charsets = _CHARSET.findall(_header(messages))
    return messages if all(map(_SAFE_CHARSET.fullmatch, charsets)) else None


_ORDER = (b"msgctxt", b"msgid", b"msgid_plural")


def _rank(keyword: bytes) -> int:
    """Return where a keyword stands among those of its entry; forms of a plural are numbered."""
    if keyword in _ORDER:
        return _ORDER.index(keyword)
    return len(_ORDER) + (int(keyword[7:-1]) if keyword.endswith(b"]") else 0)


def _entries(content: bytes) -> Iterator[tuple[bytes, _Text] | None]:
    """Yield each message; None at the first that is malformed, and nothing after it."""
    fields: dict[bytes, bytearray] = {}
    rank, fuzzy, next_fuzzy, is_open = -1, False, False, False
    for line in [*content.split(b"\n"), b'msgid ""']:
        text = line.strip()
        if text.startswith(b"#"):
            # A comment ends an entry; inside of one msgfmt refuses it.
            is_open = False
            next_fuzzy |= text.startswith(b"#,") and b"fuzzy" in _FLAG.split(text[2:])
            next_fuzzy &= not text.startswith(b"#~")
        if not text or text.startswith(b"#"):
            continue
        match = _LINE.fullmatch(text)
        string = _unescaped(match[2]) if match else None
        if match is None or string is None or (match[1] is None and not is_open):
            yield None
            return
        keyword = match[1]
        if keyword is None:
            fields[next(reversed(fields))] += string
            continue
        if keyword in (b"msgid", b"msgctxt") and any(map(_is_translation, fields)):
            yield _entry(fields, fuzzy)
            fields, rank, is_open = {}, -1, False
        if _rank(keyword) <= rank or (fields and not is_open):
            yield None
            return
        if not fields:
            fuzzy, next_fuzzy = next_fuzzy, False
        fields[keyword] = bytearray(string)
        rank, is_open = _rank(keyword), True
    if fields.keys() != {b"msgid"}:
        yield None


def _is_translation(keyword: bytes) -> bool:
    return keyword.startswith(b"msgstr")


def _entry(fields: dict[bytes, bytearray], fuzzy: bool) -> tuple[bytes, _Text] | None:
    """Return a message as an MO file spells it: ``ctxt\\4id\\0plural`` and ``one\\0many``."""
    if b"msgid" not in fields:
        return None
    message = bytes(fields[b"msgid"])
    if b"msgctxt" in fields:
        message = bytes(fields[b"msgctxt"]) + b"\4" + message
    if b"msgid_plural" not in fields:
        if set(fields) - {b"msgctxt", b"msgid", b"msgstr"} or b"msgstr" not in fields:
            return None
        translation = bytes(fields[b"msgstr"])
    else:
        message += b"\0" + bytes(fields[b"msgid_plural"])
        forms = sorted(
            (name for name in fields if name.startswith(b"msgstr[")),
            key=lambda name: int(name[7:-1]),
        )
        if not forms or [int(name[7:-1]) for name in forms] != list(range(len(forms))):
            return None
        translation = b"\0".join(bytes(fields[name]) for name in forms)
    return message, _Text(text=translation, is_fuzzy=fuzzy and bool(message))


def _unescaped(text: bytes) -> bytes | None:
    """Return a C string's bytes; None for an escape that the manual does not name."""
    out = bytearray()
    at = 0
    while (slash := text.find(b"\\", at)) != -1:
        match = _ESCAPE.match(text, slash)
        if match is None or b'"' in text[at:slash]:
            return None
        out += text[at:slash]
        if match[1]:
            out.append(_SIMPLE.get(match[1], match[1][0]))
        else:
            out.append(int(match[2], 8) & 0xFF if match[2] else int(match[3], 16))
        at = match.end()
    if b'"' in text[at:]:
        return None
    return bytes(out + text[at:])
