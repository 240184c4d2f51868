"""Contents reports for tests: small ones, hostile ones, and one of tens of thousands of files."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tagseal.core.contents_report import CLASSES, ContentsReport, ReportedFile
from tagseal.core.finding import Finding
from tagseal.core.textdiff import diff_of, hidden_characters, is_binary

INJECTIONS = (
    b"<img src=x onerror=document.title='owned'>",
    b"</script><script>document.title='owned'</script>",
    b"</style><style>body{display:none}</style>",
    b'"><svg onload=document.title="owned">',
    b"' autofocus onfocus=document.title='owned' x='",
    b"--><h1>owned</h1>",
    b"</title><base href=//evil.example>",
    b"javascript:document.title='owned'",
    b"{{ 7*7 }}{% raw %}",
    "safe\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe".encode(),
    "\N{HEBREW LETTER ALEF}/\N{HEBREW LETTER BET}".encode(),
    "zero\N{ZERO WIDTH SPACE}width\N{SOFT HYPHEN}".encode(),
    b"caf\xe9 latin",
    b"line\nfeed\rreturn\ttab\x1b[31m",
    b"`tick` **bold** | pipe [link](http://evil.example) @everyone #1 ![i](x)",
)
"""Names of files that would do harm where a page, a document or a terminal took them as markup."""


def reported(path: bytes, **changes: Any) -> ReportedFile:
    """A file that is as in the commit, but for the changes."""
    values: dict[str, Any] = {
        "path": path,
        "file_class": "identical",
        "standing": "proven",
        "mode": "100644",
        "size": 100,
    }
    return ReportedFile(**(values | changes))


def unexplained(path: bytes, old: bytes = b"a\nb\n", new: bytes = b"a\nc\n") -> ReportedFile:
    """A modified file that nothing explains, with its diff."""
    return reported(
        path,
        file_class="modified",
        standing="unexplained",
        size=len(new),
        code="contents-modified",
        reason="it differs, and no known rule yields its bytes",
        tree_path=path.partition(b"/")[2],
        is_binary=is_binary(new),
        hidden_characters=hidden_characters(new),
        diff=diff_of(old, new, against="the tagged commit's file"),
    )


def explained(path: bytes, **changes: Any) -> ReportedFile:
    """A generated file that a rule explains."""
    values = {
        "file_class": "generated",
        "standing": "explained",
        "rule": "known-helper",
        "reason": "automake 1.16.5 ships it under this name",
    }
    return reported(path, **(values | changes))


def report_on(files: Iterable[ReportedFile], **changes: Any) -> ContentsReport:
    """A report on these files, with counts and findings that fit."""
    listed = tuple(files)
    wrong = [file for file in listed if file.standing == "unexplained"]
    classes = Counter(file.file_class for file in listed)
    word = "DIFFERENT" if wrong else "ACCOUNTED FOR"
    values: dict[str, Any] = {
        "archive": "tool-1.2.tar.gz",
        "format": "tar.gz",
        "size": 12_345,
        "sha256": "ab" * 32,
        "repository": "path/to/tool",
        "tag": "v1.2",
        "commit": "0123456789" * 4,
        "kind": "source",
        "mappings": ((b"tool-1.2/", b""),),
        "rests_on_sha1": True,
        "headline": f"{word}: tool-1.2.tar.gz: {classes['identical']} files are as in the commit",
        "status": 1 if wrong else 0,
        "counts": {name: classes[name] for name in CLASSES},
        "rules": dict(Counter(file.rule for file in listed if file.rule is not None)),
        "rule_reasons": {"known-helper": "Byte for byte what a known tool ships under this name"},
        "files": listed,
        "findings": tuple(
            Finding(code=file.code or "contents-generated", message=file.reason, path=file.path)
            for file in wrong
        ),
        "made_by": "tagseal 1.0",
    }
    return ContentsReport(**(values | changes))


def small_report() -> ContentsReport:
    """Every class and standing once or twice."""
    return report_on(
        [
            reported(b"tool-1.2/README"),
            reported(b"tool-1.2/src/main.c", size=4000),
            reported(b"tool-1.2/src/link", mode="120000", size=6),
            explained(b"tool-1.2/build-aux/missing", mode="100755", size=7000),
            explained(b"tool-1.2/po/de.gmo", is_binary=True, rule="gettext-catalogue", size=3000),
            reported(
                b"tool-1.2/doc/tool.1",
                file_class="generated",
                standing="allowed",
                rule="allowed",
                reason="allowed by name",
            ),
            reported(
                b"tool-1.2/src/version.h",
                file_class="modified",
                standing="proven",
                rule="export-subst",
                reason="recomputed",
                diff=diff_of(b"$Format:%H$\n", b"0123\n", against="the tagged commit's version.h"),
            ),
            reported(
                b"tool-1.2/lib/copy.c",
                file_class="relocated",
                standing="explained",
                rule="copy",
                reason="it is the commit's src/copy.c",
                tree_path=b"src/copy.c",
            ),
            unexplained(
                b"tool-1.2/m4/build-to-host.m4",
                b"one\ntwo\nthree\n",
                "one\n\N{RIGHT-TO-LEFT OVERRIDE}two <b>\nthree".encode(),
            ),
            reported(
                b"tool-1.2/tests/blob.xz",
                file_class="generated",
                standing="unexplained",
                size=2000,
                code="contents-generated",
                reason="nothing explains it",
                is_binary=True,
            ),
            reported(
                b".github", file_class="omitted", standing="allowed", mode="040000", size=None
            ),
        ],
        warnings=("the tag is v1.2, and the project says 1.2.0",),
    )


def hostile_report() -> ContentsReport:
    """Every injection as a path, a diff's text, a rule, a reason and a name of the archive."""
    text = b"\n".join(INJECTIONS)
    files = [
        unexplained(b"tool-1.2/" + name.replace(b"/", b":") + b"%d" % number, b"old\n", text)
        for number, name in enumerate(INJECTIONS)
    ]
    files += [
        explained(
            b"tool-1.2/x/" + name,
            rule=name.decode("utf-8", "surrogateescape"),
            reason=name.decode("utf-8", "surrogateescape"),
            tree_path=name,
        )
        for name in INJECTIONS
    ]
    joined = text.decode("utf-8", "surrogateescape")
    return report_on(
        sorted(files, key=lambda file: file.path),
        archive=joined,
        repository=joined,
        tag=joined,
        headline=f"DIFFERENT: {joined}",
        rule_reasons={joined: joined},
        mappings=((text, text),),
        warnings=(joined,),
        made_by=joined,
        findings=(Finding(code="contents-tree-differs", message=joined),),
    )


def large_report(number: int = 92_000, wrong: Iterable[int] = (5, 40_000)) -> ContentsReport:
    """As many files as Linux has, identical but for those with the numbers in ``wrong``."""
    files = []
    bad = set(wrong)
    for index in range(number):
        folder = b"linux-6.12/f%02d/g%02d/h%02d" % (index // 4000, index // 200 % 20, index % 3)
        path = folder + b"/file_%05d.c" % index
        files.append(unexplained(path) if index in bad else reported(path, size=index % 9973))
    return report_on(sorted(files, key=lambda file: file.path))
