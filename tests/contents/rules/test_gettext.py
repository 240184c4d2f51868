import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_contents import File
from support_rules import EXECUTABLE, explained, rule_of
from tagseal.contents.rules._gettext import _read_po
from tagseal.contents.rules._mo import read_mo

REAL = Path(__file__).parent / "real"
HEADER = b"""msgid ""
msgstr ""
"Project-Id-Version: t 1\\n"
"POT-Creation-Date: 2023-01-01 10:00+0000\\n"
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
OLD = (
    HEADER
    + b"""#: a.c:1
msgid "yes"
msgstr "ja"

#, c-format
msgid "%d file"
msgid_plural "%d files"
msgstr[0] "%d Datei"
msgstr[1] "%d Dateien"

msgctxt "menu"
msgid "open"
msgstr "\\303\\266ffnen"
"""
)
NEW = (
    HEADER.replace(b"2023-01-01", b"2023-11-14")
    + b"""# brought up
#: a.c:7
msgid ""
"y"
"es"
msgstr "ja"

#: a.c:9
msgid "new"
msgstr ""

#, fuzzy, c-format
msgid "%d filez"
msgstr "%d Datei"

msgctxt "menu"
msgid "open"
msgstr "\\xC3\\xB6ffnen"

#, c-format
msgid "%d file"
msgid_plural "%d files"
msgstr[0] "%d Datei"
msgstr[1] "%d Dateien"

#~ msgid "gone"
#~ msgstr "weg"
"""
)


def refreshed(new: bytes, old: bytes = OLD) -> bool:
    return rule_of(old, new, b"po/de.po") == "refreshed-translation"


# Translations.


def test_a_translation_that_was_brought_up() -> None:
    assert refreshed(NEW)
    assert refreshed(HEADER + b'msgid "yes"\nmsgstr "ja"\n')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'msgstr "ja"', b'msgstr "nein"'),
        (b'msgstr ""\n\n#, fuzzy', b'msgstr "%n"\n\n#, fuzzy'),
        (b'msgid "new"\nmsgstr ""', b'msgid "new"\nmsgstr "neu"'),
        # A text that no message of the tree has is not taken for a guess of msgmerge.
        (b'msgid "%d filez"\nmsgstr "%d Datei"', b'msgid "%d filez"\nmsgstr "%n"'),
        # What msgfmt does not take for the flag, and where it belongs to another message.
        (b"#, fuzzy, c-format", b"#, nofuzzy, c-format"),
        (b"#, fuzzy, c-format", b"#, fuzzy-format"),
        (b"#, fuzzy, c-format", b"#. fuzzy"),
        (b"#, fuzzy, c-format", b"#, fuzzy\n#~ x"),
        (b'msgid "new"\nmsgstr ""', b'msgid "new"\n#, fuzzy\nmsgstr ""'),
        (b"#, fuzzy, c-format\n", b""),
        (b"msgstr[1]", b"msgstr[2]"),
        (b'msgstr[1] "%d Dateien"\n', b""),
        (b'msgstr[1] "%d Dateien"\n', b'msgstr[1] "%d Dateien"\nmsgstr[1] "x"\n'),
        # The header, where programs look for these two anywhere.
        (b"Plural-Forms: nplurals=2", b"Plural-Forms: nplurals=1"),
        (b"Language: de", b"Language: de\\nX-Other: y"),
        (b"Project-Id-Version: t 1", b"Project-Id-Version: t charset=UTF-7"),
        (b"Project-Id-Version: t 1", b"Project-Id-Version: t plural=n+1;"),
        (b'"POT-Creation', b'"X-Generator: x nplurals=9;\\n"\n"POT-Creation'),
        (b"charset=UTF-8", b"charset=GBK"),
        # What is malformed.
        (b'msgid "new"', b"msgid new"),
        (b'msgid "new"', b'msgid "ne"w"'),
        (b'msgid "new"', b'msgid "new" "x"'),
        (b'msgid "new"', b'msgid "new\\q"'),
        (b'msgid "new"', b'msgid "new\\'),
        (b'msgid "new"', b'domain "x"\nmsgid "new"'),
        (b'msgid "new"\nmsgstr ""', b'msgid "new"'),
        (b'msgid "new"\nmsgstr ""', b'msgid "new"\nmsgid "other"\nmsgstr ""'),
        (b'msgid "new"\nmsgstr ""', b'msgid "yes"\nmsgstr "ja"'),
        (b'msgid "new"\nmsgstr ""', b'msgid "new"\nmsgstr[0] ""'),
        (b'msgid "new"\nmsgstr ""', b'msgid "new"\nmsgid_plural "news"\nmsgstr ""'),
        (b"# brought up", b"\0"),
    ],
)
def test_a_translation_that_says_something_else(old: bytes, new: bytes) -> None:
    changed = NEW.replace(old, new)
    assert changed != NEW
    assert not refreshed(changed)


def test_a_translation_that_begins_in_the_middle() -> None:
    assert not refreshed(b'"x"\n' + NEW)


def test_what_is_fuzzy_in_the_tree_is_not_shown_in_the_archive() -> None:
    old = OLD.replace(b'#: a.c:1\nmsgid "yes"', b'#, fuzzy\nmsgid "yes"')
    assert not refreshed(NEW, old)
    assert refreshed(NEW.replace(b"# brought up", b"#, fuzzy"), old)


def test_a_translation_in_an_encoding_with_backslashes_in_its_letters() -> None:
    old, new = (text.replace(b"UTF-8", b"SHIFT_JIS") for text in (OLD, NEW))
    assert not refreshed(new, old)
    latin = [text.replace(b"UTF-8", b"ISO-8859-1") for text in (OLD, NEW)]
    assert refreshed(latin[1], latin[0])


def test_what_is_not_at_hand_is_not_explained() -> None:
    assert rule_of(None, NEW, b"po/de.po") is None
    assert rule_of(OLD, (EXECUTABLE, NEW), b"po/de.po") is None
    assert rule_of(OLD, NEW, b"po/de.po", kept=lambda _: False) is None
    assert rule_of(b"other", NEW, b"po/de.po") is None
    assert rule_of(OLD, NEW, b"po/de.txt") is None


def test_msgmerge_brings_a_translation_up(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_bytes(OLD)
    template = NEW.replace(b"#, fuzzy, c-format", b"#, c-format")
    for text in (b'"ja"', b'"%d Datei"', b'"%d Dateien"', b'"\\xC3\\xB6ffnen"'):
        template = template.partition(b"#~")[0].replace(b" " + text, b' ""')
    (tmp_path / "t.pot").write_bytes(template)
    try:
        merged = subprocess.run(
            ["msgmerge", "-q", "de.po", "t.pot"], cwd=tmp_path, capture_output=True, check=True
        ).stdout
    except FileNotFoundError:  # not on every machine; the same output is above
        merged = NEW
    assert b"#, fuzzy, c-format" in merged
    assert refreshed(merged)


# Templates.

TEMPLATE = HEADER.replace(b"UTF-8", b"CHARSET") + b'#: a.c:1\nmsgid "yes"\nmsgstr ""\n'


def test_a_template() -> None:
    assert rule_of(None, TEMPLATE, b"po/t.pot") == "message-template"
    assert rule_of(b"old", TEMPLATE, b"po/t.pot") == "message-template"
    plural = TEMPLATE + b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    assert rule_of(None, plural, b"po/t.pot") == "message-template"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HEADER,
        TEMPLATE.replace(b'msgid "yes"\nmsgstr ""', b'msgid "yes"\nmsgstr "ja"'),
        TEMPLATE + b'#, fuzzy\nmsgid "no"\nmsgstr "nein"\n',
        TEMPLATE + b"$(evil)\n",
        (EXECUTABLE, TEMPLATE),
    ],
)
def test_what_is_no_template(content: File) -> None:
    assert rule_of(None, content, b"po/t.pot") is None


# Compiled catalogues.

PO = (REAL / "made" / "macros.po").read_bytes()
MO = (REAL / "made" / "macros.mo").read_bytes()


def compiled(mo: File, po: bytes = PO, name: bytes = b"po/de.gmo") -> bool:
    tree = {b"po/de.po": po}
    rules = explained(tree, {**tree, name: mo})
    return rules.get(name.decode()) == "compiled-catalogue"


def test_what_msgfmt_makes_of_the_file_beside_it() -> None:
    assert compiled(MO)
    assert compiled(MO, name=b"po/de.mo")
    assert compiled(MO, PO.replace(b"t 1", b"t 2"))


def test_what_is_compiled_of_the_archives_own_translation() -> None:
    """Of one that differs from the tree's, which has a rule of its own."""
    old = PO.replace(b"charset=UTF-8", b"charset=UTF-8\\nX: y")
    archive = {b"po/de.po": PO, b"po/de.gmo": MO}
    assert explained({b"po/de.po": old}, archive) == {"po/de.gmo": "compiled-catalogue"}


@pytest.mark.parametrize(
    ("mo", "po"),
    [
        (MO, PO.replace(b"einfach", b"einfacher")),
        (MO, PO.replace(b'msgid "plain"', b'msgid "plane"')),
        (MO, PO.replace(b'msgid "plain"', b'#, fuzzy\nmsgid "plain"')),
        (MO, PO.replace(b"charset=UTF-8", b"charset=UTF-8; x")),
        (MO, PO.replace(b"%<PRIu64> von", b"%<PRIu32> von")),
        (MO, PO.replace(b"PRIu64", b"PRIx64")),
        (MO, PO.replace(b"n != 1", b"n != 2")),
        (MO, b"malformed"),
        (MO.replace(b"einfach", b"einfall"), PO),
        (MO.replace(b"charset=UTF-8", b"charset=UTF-7"), PO),
        (MO.replace(b"t 1\n", b"t\n1\n"), PO),
        (MO + b"\0" * 17, PO),
        (MO + b"evil", PO),
        (MO[:-1], PO),
        (b"", PO),
        ((EXECUTABLE, MO), PO),
    ],
)
def test_what_is_compiled_of_something_else(mo: File, po: bytes) -> None:
    assert not compiled(mo, po)


def test_no_more_messages_with_macros_are_compared_than_a_second_is_enough_for() -> None:
    def more(count: int) -> bytes:
        entry = b'\nmsgid "%d %%<PRIu64>"\nmsgstr "%%<PRIu64> %d"\n'
        return PO + b"".join(entry % (n, n) for n in range(count))

    assert compiled(MO, more(900))
    assert not compiled(MO, more(1001))


def test_a_catalogue_elsewhere_or_by_another_name() -> None:
    assert not compiled(MO, name=b"other/de.gmo")
    assert not compiled(MO, name=b"po/fr.gmo")
    assert not compiled(MO, name=b"po/de.bin")
    assert rule_of(None, MO, b"de.gmo", kept=lambda _: False) is None


def filled_in(message: bytes, text: bytes) -> bytes:
    """What newer versions of msgfmt write in place of a string that depends on the system."""
    header = b"Content-Type: text/plain; charset=UTF-8\n"
    strings = [b"", message, header, text]
    table, data = b"", b""
    for string in strings:
        table += struct.pack("<2I", len(string), 28 + 32 + len(data))
        data += string + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, 2, 28, 44, 0, 60) + table + data


@pytest.mark.parametrize(
    ("message", "text", "expected"),
    [
        (b"%llu of %s", b"%llu von %s", True),
        (b"%lu of %s", b"%lu von %s", True),
        (b"%llu of %s", b"%hhu von %s", False),
        (b"%llu of %s", b"%lu von %s", False),
        (b"%hhu of %s", b"%hhu von %s", False),
        (b"%llu of %s", b"%llu von %n", False),
        (b"%llu off %s", b"%llu von %s", False),
    ],
)
def test_widths_that_msgfmt_filled_in(message: bytes, text: bytes, expected: bool) -> None:
    """A width of another size would make printf take the next argument from a wrong place."""
    po = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    po += b'#, c-format\nmsgid "%<PRIu64> of %s"\nmsgstr "%<PRIu64> von %s"\n'
    assert compiled(filled_in(message, text), po) is expected


def test_an_entry_that_is_cut_short() -> None:
    for end in (b'msgctxt "x"\n', b'msgid "x"\n', b'msgctxt "x"\nmsgstr "y"\n', b'msgstr "y"\n'):
        assert not refreshed(HEADER + end)
        assert not refreshed(HEADER + end + b'msgid "yes"\nmsgstr "ja"\n')


def test_an_empty_catalogue_explains_nothing() -> None:
    empty = MO[:8] + b"\0" * 4 + MO[12:20] + b"\0" * 8
    assert not compiled(empty.replace(b"\1\0\0\0", b"\0\0\0\0", 1)[:28], b'msgid "a"\nmsgstr "b"\n')


@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(content: bytes) -> None:
    for text in (content, NEW + content, HEADER + content + NEW):
        read = _read_po(text)
        assert read is None or b"\0" not in text
    assert read_mo(content) is None or content[:4] in (b"\xde\x12\4\x95", b"\x95\4\x12\xde")


_LINES = st.sampled_from(
    b'''msgid "a"|msgid "b"|msgstr "x"|msgstr ""|#, fuzzy|#~ x||# c|msgid_plural "c"|msgstr[0] "y"
|"more"|msgctxt "t"|#, x|msgstr[1] ""'''.replace(b"\n", b"").split(b"|")
)


@given(lines=st.lists(_LINES, max_size=14))
def test_no_order_of_lines_brings_in_a_foreign_translation(lines: list[bytes]) -> None:
    """What msgfmt would compile is never more than the commit has."""
    new = HEADER + b"\n".join(lines) + b"\n"
    if refreshed(new, HEADER + b'msgid "a"\nmsgstr "z"\n'):
        assert not any(b'"x"' in line or b'"y"' in line for line in lines)
