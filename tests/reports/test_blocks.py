import dataclasses
import io
import unicodedata
from typing import Any

from support_report import (
    explained,
    hostile_report,
    large_report,
    report_on,
    reported,
    small_report,
    unexplained,
)
from tagseal.core.contents_report import CLASSES, ContentsReport, ReportedFile
from tagseal.core.finding import Finding
from tagseal.core.textdiff import DiffLimits, diff_of
from tagseal.reports import contents_answer, show


def lines(report: ContentsReport) -> list[str]:
    stream = io.StringIO()
    show(contents_answer(report), stream)
    return stream.getvalue().splitlines()


def test_what_is_unexplained_comes_before_the_rules_and_the_verdict_last() -> None:
    found = lines(small_report())
    assert found[0] == "warning: the tag is v1.2, and the project says 1.2.0"
    names = ["identical", "generated", "modified", "relocated", "omitted"]
    assert found[1].split() == ["archive", *names]
    assert found[2].split() == ["tool-1.2.tar.gz", "3", "4", "2", "1", "1"]
    assert found[3] == (
        "  [contents-modified] tool-1.2/m4/build-to-host.m4: it differs, and no known rule yields "
        "its bytes; has hidden characters: RIGHT-TO-LEFT OVERRIDE"
    )
    assert found[4] == (
        "  [contents-generated] tool-1.2/tests/blob.xz (binary): nothing explains it"
    )
    assert found[5:7] == [
        "  tool-1.2/m4/build-to-host.m4, against the tagged commit's file:",
        "    @@ -1,3 +1,3 @@",
    ]
    assert "    +[U+202E]two <b>" in found
    assert "  hint: Look at the file; if you accept it, name it with --allow-modified." in found
    head = next(n for n, line in enumerate(found) if line.startswith("explained by"))
    assert found[head + 1].split()[:2] == ["allowed", "1"]
    assert found[-1] == "DIFFERENT: tool-1.2.tar.gz: 3 files are as in the commit"


def test_a_good_report_is_short() -> None:
    found = lines(report_on([reported(b"t/a"), explained(b"t/b")]))
    assert len(found) == 6
    assert found[-2] == "rests on SHA-1, by which git tells files apart"
    assert found[-1].startswith("ACCOUNTED FOR: ")
    assert len(lines(report_on([reported(b"t/a")], rests_on_sha1=False))) == 3


def test_classes_are_counted_where_there_are_any_but_identical_ones_always() -> None:
    file = reported(b"t/a", file_class="conflicting", standing="unexplained")
    assert lines(report_on([file]))[0].split() == ["archive", "identical", "conflicting"]
    every = [reported(name.encode(), file_class=name) for name in CLASSES]
    assert lines(report_on(every))[0].split() == ["archive", *CLASSES]


def test_findings_about_the_whole_show_with_their_hints() -> None:
    finding = Finding(code="contents-nothing-identical", message="no file is the commit's")
    found = lines(report_on([], findings=(finding,), status=1))
    assert "  [contents-nothing-identical] no file is the commit's" in found
    assert any(line.startswith("  contents-nothing-identical: ") for line in found)


def test_as_much_as_a_screen_holds() -> None:
    new = b"".join(b"%d\n" % n for n in range(100))
    files = [unexplained(b"t/d%03d/f" % n, b"x\n", new) for n in range(60)]
    files += [explained(b"t/g%d" % n, rule=f"rule-{n:02}") for n in range(20)]
    found = lines(report_on(files))
    assert found[2] == (
        "  [contents-modified] 60 files: each differs, and no known rule yields its bytes"
    )
    assert found[3:5] == ["    t/d000/f", "    t/d001/f"]
    assert "  and 43 more; --json has them all" in found
    assert "  --html shows the text or the diff of 58 files more" in found
    assert "and 8 more rules; --json has them all" in found
    assert found.count("    the rest of the diff is left out; --html has it") == 2
    assert len(found) < 75
    assert len(lines(large_report())) < 30


def generated(path: bytes, **changes: Any) -> ReportedFile:
    values = {"file_class": "generated", "standing": "unexplained", "code": "contents-generated"}
    return reported(path, reason="nothing explains it", **(values | changes))


def test_the_files_of_a_folder_share_a_line_unless_one_is_odd() -> None:
    hidden = ((1, "RIGHT-TO-LEFT OVERRIDE"),)
    files = [
        generated(b"t/a"),
        generated(b"t/b, t/c"),
        generated(b"t/d"),
        generated(b"t/e", is_binary=True),
        generated(b"t/more/e", is_binary=True),
        generated(b"t/more/f", is_binary=True),
        generated(b"t/f", hidden_characters=hidden),
        *(generated(b"t/man/%02d-%s" % (n, b"x" * 20)) for n in range(30)),
    ]
    found = lines(report_on(files))
    assert found[2:9] == [
        "  [contents-generated] 37 files: nothing explains it",
        f"    t/f; has hidden characters: {hidden[0][1]}",
        "    t/: a, d",
        "    t/b, t/c",
        "    t/e (binary)",
        "    t/more/ (binary): e, f",
        f"    t/man/: {', '.join(f'{n:02}-' + 'x' * 20 for n in range(2))} and 28 more",
    ]


def test_files_at_the_root_are_named_alone() -> None:
    files = [generated(name) for name in (b"a", b"b")]
    assert lines(report_on(files))[3] == "    a, b"


def test_a_helper_that_no_release_has_comes_first_whatever_else_differs() -> None:
    helper = generated(b"t/m4/z.m4", code="contents-helper-unknown")
    found = lines(report_on([generated(b"t/a"), unexplained(b"t/b"), helper]))
    assert [line.split()[0] for line in found[2:5]] == [
        "[contents-helper-unknown]",
        "[contents-modified]",
        "[contents-generated]",
    ]
    assert any("--helpers" in line for line in found)
    near = dataclasses.replace(helper, diff=diff_of(b"a\n", b"b\n", against="gnulib"))
    found = lines(report_on([unexplained(b"t/b"), near]))
    assert not any("--helpers" in line for line in found)
    titles = [line for line in found if ", against " in line]
    assert titles == ["  t/m4/z.m4, against gnulib:", "  t/b, against the tagged commit's file:"]


def test_neither_findings_nor_files_push_each_other_off_the_screen() -> None:
    shadowing = [
        Finding(code="contents-shadowing", message="it wins", path=b"t/%02d" % n) for n in range(9)
    ]
    helper = generated(b"t/m4/z.m4", code="contents-helper-unknown")
    found = lines(report_on([unexplained(b"t/b"), helper], findings=tuple(shadowing)))
    assert [line.split()[0] for line in found[2:10]] == [
        "[contents-helper-unknown]",
        *["[contents-shadowing]"] * 6,
        "[contents-modified]",
    ]
    assert found[8] == "  [contents-shadowing] and 4 more; --json has them all"


def test_a_build_of_ones_own_is_named_where_it_may_help() -> None:
    files = [generated(b"t/a")]
    assert any(line.endswith("--built") for line in lines(report_on(files)))
    with_build = report_on([*files, explained(b"t/b", rule="built-alike")])
    assert not any(line.endswith("--built") for line in lines(with_build))
    assert not any(line.endswith("--built") for line in lines(report_on([unexplained(b"t/a")])))


def test_files_that_were_not_judged_are_counted_after_what_is_wrong_with_all() -> None:
    finding = Finding(code="contents-nothing-identical", message="no file is the commit's")
    file = generated(b"t/a", code=None)
    other = generated(b"t/b", code=None)
    found = lines(report_on([file, other], findings=(finding,), status=1))
    assert found[2:4] == [
        "  [contents-nothing-identical] no file is the commit's",
        "  2 files: nothing explains it",
    ]
    assert not any("t/" in line for line in found)


def test_a_cut_diff_says_so_and_long_lines_end() -> None:
    diff = diff_of(b"x\n", b"\tlong" + b"y" * 500 + b"\n", against="x", limits=DiffLimits())
    cut = diff_of(b"x\n", b"a\n" * 9, against="x", limits=DiffLimits(lines_kept=4))
    values = {"file_class": "modified", "standing": "unexplained"}
    found = lines(report_on([reported(b"t/a", diff=diff, **values)]))
    line = next(line for line in found if "long" in line)
    assert line.startswith("    +       long")
    assert line.endswith("y …")
    assert "    the rest of the diff is left out; --html has it" not in found
    found = lines(report_on([reported(b"t/a", diff=cut, **values)]))
    assert "    the rest of the diff is left out; --html has it" in found


def test_nothing_of_an_archive_reaches_the_terminal_as_it_is() -> None:
    text = "\n".join(lines(hostile_report()))
    for character in text.replace("\n", ""):
        assert unicodedata.category(character)[0] != "C", hex(ord(character))


def test_a_file_with_nothing_to_differ_from_is_named_and_not_shown() -> None:
    diff = diff_of(b"", b"text\n", against="nothing: the commit has no such file")
    file = reported(b"t/a", file_class="generated", standing="unexplained", diff=diff)
    found = lines(report_on([file]))
    assert "  --html shows the text or the diff of 1 file more" in found
    assert not any("+text" in line for line in found)


def test_some_warnings_show_and_the_others_are_counted() -> None:
    found = lines(report_on([], warnings=tuple(f"number {n}" for n in range(8))))
    assert found[4:6] == ["warning: number 4", "warning: and 3 more; --json has them all"]


def test_notes_are_no_warnings_and_stand_on_one_line() -> None:
    found = lines(
        report_on([reported(b"t/a")], notes=("Requires-Python: 3", "a\N{ZERO WIDTH SPACE}"))
    )
    assert found[-3] == "noted: Requires-Python: 3; a[U+200B]"
    assert not any("warning" in line for line in found)
    found = lines(report_on([reported(b"t/a")], notes=tuple(f"n{n}" for n in range(11))))
    assert found[-3].endswith("; n7; and 3 more; --json has them all")
