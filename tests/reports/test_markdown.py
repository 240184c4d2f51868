"""The Markdown is rendered by markdown-it, which rich depends on, and the outcome looked at."""

import dataclasses
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

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
from tagseal.core.contents_report import ContentsReport
from tagseal.core.finding import Finding
from tagseal.core.textdiff import DiffLimits, diff_of
from tagseal.reports import as_markdown
from tagseal.reports._markdown import MOST_BYTES

OURS = frozenset(
    re.findall(
        r"\w+", "h3 p ul li strong code table thead tbody tr th td details summary pre blockquote"
    )
)
LURES = re.compile(r"@\w|#\d|://|www\.|gh-\d", re.IGNORECASE)


class Rendered(HTMLParser):
    """The elements of a rendered document, and its text outside of code."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.open: list[str] = []
        self.prose: list[str] = []
        self.all: list[str] = []
        renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self.feed(renderer.render(markdown))
        self.close()
        assert not self.open
        self.text = "".join(self.all)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert all(name in ("class", "style") for name, _ in attrs), (tag, attrs)
        self.elements.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.all.append(data)
        if "code" not in self.open:
            self.prose.append(data)


def rendered(report: ContentsReport) -> Rendered:
    markdown = as_markdown(report)
    assert len(markdown.encode("utf-8")) <= MOST_BYTES
    page = Rendered(markdown)
    assert page.elements <= OURS
    # GitHub looks at each text by itself, between one element and the next.
    assert not [text for text in page.prose if LURES.search(text)]
    return page


def test_a_small_report_is_all_there() -> None:
    page = rendered(small_report())
    for text in (
        "❌ DIFFERENT: tool-1.2.tar.gz",
        "3 files are as in the commit.",
        "Not explained: 2",
        "tool-1.2/m4/build-to-host.m4 (modified): it differs, and no known rule yields its bytes",
        "(contents-modified); hidden characters: RIGHT-TO-LEFT OVERRIDE",
        "tool-1.2/tests/blob.xz (generated, binary)",
        "Byte for byte what a known tool ships under this name",
        "Diff of tool-1.2/m4/build-to-host.m4, against the tagged commit's file",
        "+[U+202E]two <b>",
        "rests on SHA-1",
        "Warning: the tag is v1.2, and the project says 1.2.0",
        "Made by tagseal 1.0.",
    ):
        assert text in page.text, text
    assert page.elements == OURS


def test_the_order_is_verdict_unexplained_counts_rules() -> None:
    text = rendered(small_report()).text
    places = [
        text.index(t) for t in ("DIFFERENT", "Not explained", "the commit's own", "known-help")
    ]
    assert places == sorted(places)


def test_a_good_report_is_short() -> None:
    page = rendered(report_on([reported(b"t/a")], kind=None, rests_on_sha1=False))
    assert "✅ ACCOUNTED FOR" in page.text
    assert "not judged" in page.text
    assert "Not explained" not in page.text
    assert len(as_markdown(report_on([reported(b"t/a")]))) < 1500


def test_a_headline_without_parts_and_conflicting_files() -> None:
    file = reported(b"t/a", file_class="conflicting", standing="unexplained")
    page = rendered(report_on([file], headline="strange"))
    assert "❌ strange" in page.text
    assert "of another type" in page.text


def test_findings_about_the_whole_show() -> None:
    whole = Finding(code="contents-tree-differs", message="it differs")
    other = Finding(code="contents-shadowing", message="it is run", path=b"t/a")
    page = rendered(report_on([], findings=(whole, other), status=1))
    assert "it differs (contents-tree-differs)" in page.text
    assert "t/a: it is run (contents-shadowing)" in page.text


def test_nothing_of_an_archive_becomes_markup() -> None:
    page = rendered(hostile_report())
    assert "<img src=x onerror=document.title='owned'>" in page.text


@pytest.mark.parametrize("name", INJECTIONS)
def test_each_name_by_itself_is_shown_as_it_is(name: bytes) -> None:
    page = rendered(report_on([unexplained(b"t/" + name)]))
    assert page.elements <= OURS - {"blockquote"}


@pytest.mark.parametrize(
    "lure",
    [
        *("@everyone", "a@b.example", "#1", "GH-1", "gh-22", "www.evil.example"),
        *("https://evil.example", "WWW.evil.example", "ftp://evil.example", "owner/name#1"),
    ],
)
def test_no_sentence_mentions_refers_or_links(lure: str) -> None:
    file = unexplained(b"t/" + lure.encode())
    file = dataclasses.replace(file, reason=f"see {lure} here", rule=lure)
    page = rendered(
        report_on(
            [file],
            headline=f"DIFFERENT: see {lure} here",
            warnings=(f"see {lure} here",),
            rule_reasons={lure: f"see {lure} here"},
        )
    )
    assert page.text.count(f"see {lure} here") == 4


TEXT = st.text(
    st.one_of(st.characters(exclude_categories=[]), st.sampled_from("`|*_<>[]()#@&\\\n\r!~-+.:/w"))
)


@settings(deadline=None, max_examples=300)
@given(TEXT, TEXT)
def test_no_text_becomes_markup(text: str, other: str) -> None:
    path = b"t/" + text.encode("utf-8", "surrogatepass")
    file = unexplained(path, b"old\n", other.encode("utf-8", "surrogatepass"))
    rendered(
        report_on(
            [file, explained(b"t/x", rule=text, reason=other)],
            archive=text,
            headline=other,
            tag=text,
            repository=other,
            warnings=(text, other),
            rule_reasons={text: other},
            findings=(Finding(code="contents-tree-differs", message=text),),
        )
    )


def test_a_fence_is_longer_than_any_in_the_diff() -> None:
    page = rendered(report_on([unexplained(b"t/a", b"x\n", b"`````\n</details><b>\n```\n")]))
    assert "+</details><b>" in page.text
    assert "b" not in page.elements


def test_much_is_cut_and_says_so() -> None:
    new = b"".join(b"%d line\n" % n for n in range(100))
    files = [unexplained(b"t/" + b"<" * 200 + b"%04d" % n, b"x\n", new) for n in range(900)]
    files += [explained(b"t/%04d" % n, rule="*" * 300 + str(n)) for n in range(300)]
    report = report_on(files, warnings=tuple(f"{n} " + "w" * 300 for n in range(50)))
    page = rendered(report)
    assert re.search(r"and \d+ more; the JSON has them all", page.text)
    assert re.search(r"and \d+ more rules", page.text)
    assert re.search(r"And \d+ more; the HTML report has them all", page.text)
    assert re.search(r"And \d+ more\.", page.text)
    assert "the rest is left out" in page.text


def test_a_truncated_diff_says_so() -> None:
    diff = diff_of(b"x\n", b"a\n" * 9, against="x", limits=DiffLimits(lines_kept=4))
    file = reported(b"t/a", file_class="modified", standing="unexplained", diff=diff)
    assert "the rest is left out" in rendered(report_on([file])).text


def test_equal_reports_give_equal_documents() -> None:
    assert as_markdown(small_report()) == as_markdown(small_report())


def test_large_archives_make_no_large_document() -> None:
    assert len(as_markdown(large_report())) < 4000


def test_notes_are_quotes_of_what_metadata_says() -> None:
    notes = tuple(f'Requires-Dist: "a{n}" @everyone' for n in range(90))
    page = rendered(report_on([reported(b"t/a")], notes=notes))
    assert 'Noted: Requires-Dist: "a0"' in page.text
    assert "notes more." in page.text
    assert "Warning" not in page.text


def test_the_files_of_a_folder_are_one_item() -> None:
    values = {"file_class": "generated", "standing": "unexplained", "reason": "it is new"}
    files = [reported(b"t/%02d" % n, **values) for n in range(30)]
    files += [reported(b"t/bin/%d" % n, is_binary=True, **values) for n in range(2)]
    files += [reported(b"top%d" % n, **values) for n in range(2)]
    text = rendered(report_on(files)).text
    assert "34 generated files: each is new" in text
    assert "t/: 00, 01, 02," in text
    assert ", 19 and 10 more" in text
    assert "t/bin/ (binary): 0, 1" in text
    assert "\ntop0, top1" in text
