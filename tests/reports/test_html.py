"""The page as text: that it is well-formed, complete, harmless and always the same.

What a browser makes of it is tested in tests/browser.
"""

import base64
import dataclasses
import hashlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_report import (
    INJECTIONS,
    explained,
    hostile_report,
    large_report,
    report_on,
    reported,
    small_report,
    unexplained,
)
from tagseal.core.contents_report import ContentsReport, FileClass, Standing
from tagseal.core.hidden import pieces
from tagseal.core.textdiff import DiffLimits, diff_of
from tagseal.reports import as_html


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split(" "))


VOID = {"meta", "input", "br", "rect", "path"}
ELEMENTS = _words(
    "html head meta title style body a header div p h1 h2 h3 main section strong ul "
    "li article details summary figure figcaption pre bdo bdi ins del b i em span "
    "code dl dt dd svg rect g text path defs pattern table thead tbody tr th td "
    "fieldset legend label input form select option button kbd footer script"
)
ATTRIBUTES = _words(
    "lang charset http-equiv content name class href aria-labelledby aria-label "
    "aria-hidden aria-live id title dir open viewbox preserveaspectratio role x y "
    "width height scope data-s data-c data-r data-f data-js data-rule hidden type "
    "checked value for autocomplete spellcheck placeholder tabindex patternunits d"
)
HIDING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


class Page(HTMLParser):
    """Checks a page while it reads it, and keeps what tests ask for."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.policy = ""
        self.raw: dict[str, str] = {}
        self.feed(page)
        self.close()
        assert not self.open
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, (tag, attrs)
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"] or "")
        if "href" in values:
            self.links.append(values["href"] or "")
        if values.get("http-equiv"):
            self.policy = values["content"] or ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("style", "script"):
            self.raw[self.open[-1]] = self.raw.get(self.open[-1], "") + data
        else:
            self.words.append(data)


def page_of(report: ContentsReport) -> Page:
    page = as_html(report)
    page.encode("utf-8")
    read = Page(page)
    assert not HIDING.search(page)
    assert len(set(read.ids)) == len(read.ids)
    assert all(link.startswith("#") for link in read.links)
    assert {link[1:] for link in read.links} <= set(read.ids)
    return read


def test_a_small_report_is_all_there() -> None:
    page = page_of(small_report())
    for text in (
        "DIFFERENT",
        "2 files are not explained",
        "3 files are as in the commit",
        "tool-1.2/m4/build-to-host.m4",
        "RIGHT-TO-LEFT OVERRIDE in line 2",
        "1 modified file: it differs, and no known rule yields its bytes. contents-modified",
        "Against the tagged commit's file",
        "U+202E",
        "two <b>",
        "It is binary: no diff can show what is in it.",
        "Byte for byte what a known tool ships under this name",
        "Stands for src/copy.c of the commit.",
        "no line end at the end of the text",
        "In the commit, not in the archive",
        "whole folder",
        "symlink",
        "executable",
        "Rests on SHA-1.",
        "the tag is v1.2, and the project says 1.2.0",
        "Made by tagseal 1.0.",
        "tool-1.2/ → stands for the root of the commit's tree",
    ):
        assert text in page.text, text


def test_what_is_unexplained_comes_before_everything_else() -> None:
    text = page_of(small_report()).text
    assert text.index("DIFFERENT") < text.index("not explained") < text.index("What is in it")
    assert text.index("build-to-host.m4") < text.index("known-helper")


def test_a_good_report_has_nothing_loud() -> None:
    page = page_of(report_on([reported(b"t/a"), explained(b"t/b")], rests_on_sha1=False, kind=None))
    assert "ACCOUNTED FOR" in page.text
    assert "unexplained" not in page.ids
    assert "Rests on SHA-1" not in page.text
    assert "not judged" in page.text


def test_a_report_without_files() -> None:
    page = page_of(report_on([], headline="nothing to say", mappings=()))
    assert "nothing to say" in page.text
    assert "map" not in page.ids


def test_findings_about_the_whole_archive_show() -> None:
    assert "contents-tree-differs" in page_of(hostile_report()).text


def test_equal_reports_give_equal_pages() -> None:
    assert as_html(small_report()) == as_html(small_report())


def test_nothing_of_an_archive_becomes_markup() -> None:
    page = page_of(hostile_report())
    for name in INJECTIONS:
        shown = "".join(p.text for p in pieces(name.decode("utf-8", "surrogateescape")))
        assert " ".join(shown.split()) in page.text
    assert page.raw == page_of(small_report()).raw, "the style and the script are our own"


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=[])), st.binary(max_size=80))
def test_any_text_makes_a_well_formed_page(text: str, data: bytes) -> None:
    path = b"t/" + text.encode("utf-8", "surrogatepass").replace(b"/", b"")
    file = unexplained(path, b"old\n", data)
    page_of(
        report_on(
            [file, explained(data or b"x", rule=text, reason=text)],
            headline=text,
            tag=text,
            warnings=(text,),
            rule_reasons={text: text},
        )
    )


def test_the_policy_allows_our_own_style_and_script_only() -> None:
    page = page_of(small_report())
    directives = dict(d.split(" ", 1) for d in page.policy.split("; "))
    assert directives.keys() == {
        *("default-src", "style-src", "script-src", "base-uri", "form-action"),
    }
    assert directives["default-src"] == directives["base-uri"] == "'none'"
    assert directives["form-action"] == "'none'"
    for name in ("style", "script"):
        digest = hashlib.sha256(page.raw[name].encode()).digest()
        assert directives[f"{name}-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"


def test_a_large_archive_is_folded_and_nothing_unexplained_is() -> None:
    report = large_report(30_000, wrong=range(3, 30_000, 1500))
    text = as_html(report)
    page = Page(text)
    assert "files, all identical" in page.text
    for file in report.unexplained:
        name = file.path.rpartition(b"/")[2].decode()
        assert len(re.findall(rf">{re.escape(name)}</bdi>", text)) == 1, "a row of its own"
        assert file.path.decode() in page.text, "a card of its own"
    assert re.search(r"[\d,]+ files that stand alike are folded into [\d,]+ rows", page.text)


def test_as_large_an_archive_as_linux_gives_a_page_that_opens() -> None:
    assert len(as_html(large_report()).encode()) < 1_000_000


def test_when_everything_is_unexplained_all_of_it_has_a_row() -> None:
    report = report_on([unexplained(b"t/f%04d" % number) for number in range(1200)])
    page = page_of(report)
    assert "And 200 more; each has its own row among the files." in page.text
    assert sum(name.startswith("r") and name[1:].isdigit() for name in page.ids) == 1201


def test_diffs_share_the_room_and_the_unexplained_come_first() -> None:
    old = b"".join(b"%d %s\n" % (n, b"x" * 200) for n in range(900))
    big = diff_of(old, b"", against="before", limits=DiffLimits(lines_kept=2000))
    files = [
        reported(b"t/%02d" % n, file_class="modified", standing="explained", rule="stamp", diff=big)
        for n in range(30)
    ]
    small = unexplained(b"t/small")
    page = as_html(report_on([*files, small]))
    assert len(page) < 4_000_000
    assert "of this diff are left out of this page" in page
    assert "<ins>+c\n</ins>" in page


def test_a_diff_without_room_says_so() -> None:
    old = b"".join(b"%d %s\n" % (n, b"x" * 900) for n in range(900))
    big = diff_of(old, b"", against="before", limits=DiffLimits(lines_kept=2000))
    files = [
        reported(
            b"t/%03d" % n,
            file_class="modified",
            standing="unexplained",
            reason="it differs",
            code="contents-modified",
            diff=big,
        )
        for n in range(2500)
    ]
    page = as_html(report_on(files))
    assert "900 more lines of this diff are left out" in page
    assert len(page) < 6_000_000


def test_a_cut_diff_and_an_empty_one_say_so() -> None:
    cut = diff_of(b"a\n", b"b\n" * 9, against="x", limits=DiffLimits(lines_kept=3))
    same = diff_of(b"a\n", b"a\n", against="x")
    page = page_of(
        report_on(
            [
                explained(b"t/cut", file_class="modified", diff=cut),
                explained(b"t/same", file_class="modified", diff=same, mode="100755"),
            ]
        )
    )
    assert "The diff was cut" in page.text
    assert "The text is the same." in page.text


def test_deep_folders_stay_within_what_browsers_nest() -> None:
    path = b"/".join([b"d"] * 3000) + b"/file"
    depth = most = 0
    for tag in re.findall(r"<(/?)(?:ul|li|details)[ >]", as_html(report_on([unexplained(path)]))):
        depth += -1 if tag else 1
        most = max(most, depth)
    assert most < 300


def test_many_files_with_one_rule_are_named_up_to_a_number() -> None:
    page = page_of(report_on([explained(b"t/f%03d" % n) for n in range(40)]))
    assert "And 15 more." in page.text


@pytest.mark.parametrize("number", [1, 2])
def test_numbers_agree_with_their_words(number: int) -> None:
    page = page_of(report_on([unexplained(b"t/%d" % n) for n in range(number)]))
    assert ("1 file is not explained" if number == 1 else "2 files are not explained") in page.text


def test_every_class_and_standing_is_drawn_in_its_own_way() -> None:
    page = page_of(small_report())
    style = page.raw["style"]
    for name in get_args(FileClass):
        if name == "omitted":
            continue  # it has no bytes to draw
        assert f" .cell.c-{name} > rect" in style
        assert name == "identical" or f"fill: url(#p-c-{name})" in style
        assert name == "identical" or f"p-c-{name}" in page.ids
    for number in range(1, len(get_args(Standing))):
        assert f"fill: url(#p-s{number})" in style
        assert f"p-s{number}" in page.ids


def test_diffs_are_open_where_there_is_something_to_differ_from() -> None:
    diff = diff_of(b"", b"text\n", against="nothing: the commit has no such file")
    new = unexplained(b"t/a")
    new = dataclasses.replace(new, file_class="generated", diff=diff)
    page = as_html(report_on([new, unexplained(b"t/b")]))
    assert '<details class="card" id="u0" open>' in page, "what differs comes first"
    assert '<details class="card" id="u1">' in page
    assert page.index("t/b</bdi>") < page.index("t/a</bdi>")


def test_jinja_is_imported_for_a_page_only() -> None:
    code = "import sys, tagseal.reports; assert 'jinja2' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_many_warnings_take_little_room() -> None:
    page = page_of(report_on([], warnings=("first", "second", "third")))
    assert "3 warnings first second third" in page.text


def test_an_archive_and_the_commit_may_have_the_same_path() -> None:
    new = dataclasses.replace(unexplained(b"pkg/a.py"), tree_path=b"src/pkg/a.py")
    left_out = reported(
        b"pkg/a.py",
        file_class="omitted",
        standing="unexplained",
        reason="it is left out",
        code="contents-omitted",
        size=None,
    )
    page = page_of(report_on([new, left_out], rules={}))
    assert page.text.count("See it at the top of this page.") == 2
    assert {"u0", "u1"} <= set(page.ids)
    assert "1 omitted file: it is left out." in page.text


def test_notes_are_apart_from_warnings_and_a_group_is_told_about_in_the_plural() -> None:
    values = {"file_class": "generated", "standing": "unexplained", "reason": "it is new"}
    files = [reported(b"t/%d" % n, **values) for n in range(2)]
    page = Page(as_html(report_on(files, notes=("Requires-Python: 3", "<b>"))))
    assert "each is new" in page.text
    assert "name it with --allow-generated" not in page.text
    with_code = report_on([unexplained(b"t/a")])
    assert "name it with --allow-modified" in Page(as_html(with_code)).text
    assert "Requires-Python: 3" in page.text
    assert "Warning" not in page.text
