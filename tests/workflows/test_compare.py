from pathlib import Path

import pytest

from support_archives import pack
from support_git import Sandbox
from tagseal.core.errors import UsageError
from tagseal.workflows import contents_report as contents_report_module
from tagseal.workflows.compare import CompareOptions, Comparison, compare_archive
from tagseal.workflows.contents_report import contents_report

PUT_IN = {"README": b"read me\n", "a.c": b"int a;\n", "tool.h": b'#define VERSION "1.2-DEV"\n'}


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    made = Sandbox(tmp_path / "repo")
    for path, content in PUT_IN.items():
        made.write(path, content)
    made.commit("Mend the decoder of streams whose header is too long\n\nIt was wrong.")
    made.git("tag", "v1.2")
    return made


def compared(sandbox: Sandbox, files: dict[str, bytes], **options: object) -> Comparison:
    archive = pack(sandbox.folder.parent / "tool-1.2.tar.gz", files, top="tool-1.2/")
    return compare_archive(archive, sandbox.folder, "v1.2", CompareOptions(**options))  # type: ignore[arg-type]


RELEASED = {**PUT_IN, "tool.h": b'#define VERSION "1.2"\n'}


def test_an_archive_of_the_tag(sandbox: Sandbox) -> None:
    comparison = compared(sandbox, RELEASED)
    assert comparison.findings == ()
    assert comparison.sources == {b"tool.h": PUT_IN["tool.h"]}
    assert comparison.listing.kept[b"tool-1.2/tool.h"] == RELEASED["tool.h"]
    report = contents_report(comparison)
    assert report.status == 0
    assert report.rules == {"version-lines": 1}
    assert report.rule_reasons["version-lines"].startswith("the commit's text")
    [changed] = [file for file in report.files if file.file_class == "modified"]
    assert (changed.standing, changed.tree_path) == ("explained", b"tool.h")
    assert changed.diff is not None


def test_the_history_of_the_tag_explains_a_log(sandbox: Sandbox) -> None:
    log = b"commit %s\n\n    Mend the decoder of streams whose header is too long\n"
    head = sandbox.git("rev-parse", "HEAD").encode()
    assert compared(sandbox, {**RELEASED, "ChangeLog": log % head}).findings == ()
    found = compared(sandbox, {**RELEASED, "ChangeLog": log % (b"f" * 40)}).findings
    assert [finding.code for finding in found] == ["contents-generated"]


def test_what_nothing_explains_is_shown_whole(sandbox: Sandbox) -> None:
    report = contents_report(compared(sandbox, {**RELEASED, "configure": b"#!/bin/sh\nevil\n"}))
    assert report.status == 1
    [made] = [file for file in report.files if file.standing == "unexplained"]
    assert (made.code, made.rule) == ("contents-generated", None)
    assert made.diff is not None
    assert report.headline.startswith("DIFFERENT: tool-1.2.tar.gz")


def test_an_imitation_is_shown_against_the_nearest_text(sandbox: Sandbox) -> None:
    comparison = compared(sandbox, {**RELEASED, "missing": b"a\nevil\n"})
    asked: list[bytes] = []

    def nearest(name: bytes, content: bytes) -> tuple[str, bytes]:
        asked.append(name)
        assert content == b"a\nevil\n"
        return "missing of automake 1.16", b"a\nb\n"

    report = contents_report(comparison, nearest=nearest)
    [made] = [file for file in report.files if file.standing == "unexplained"]
    assert made.code == "contents-helper-unknown"
    assert asked == [b"missing"]
    assert made.diff is not None
    assert made.diff.against == "missing of automake 1.16"
    alone = contents_report(comparison, nearest=lambda *_: None)
    assert [f.diff is not None for f in alone.files if f.standing == "unexplained"] == [True]


def test_explained_files_take_no_diff_away_from_an_unexplained_one(tmp_path: Path) -> None:
    """An archive could otherwise hide its one change behind hundreds of honest stamps."""
    count = contents_report_module._MAX_DIFFS + 5
    names = [f"doc/{n:03}.h" for n in range(count)]
    sandbox = Sandbox(tmp_path / "many")
    for name in names:
        sandbox.write(name, PUT_IN["tool.h"])
    sandbox.write("README", b"read me\n")
    sandbox.write("z.c", b"int a;\n")
    sandbox.commit()
    sandbox.git("tag", "v1.2")
    stamped = {"README": b"read me\n", **dict.fromkeys(names, RELEASED["tool.h"])}
    report = contents_report(compared(sandbox, {**stamped, "z.c": b"int evil;\n"}))
    assert report.rules == {"version-lines": count}
    [changed] = report.unexplained
    assert changed.path == b"tool-1.2/z.c"
    assert changed.diff is not None
    diffs = sum(file.diff is not None for file in report.files)
    assert diffs == contents_report_module._MAX_DIFFS + 1


def test_no_nearest_text_is_looked_for_that_no_diff_would_show(sandbox: Sandbox) -> None:
    many = {f"m{n}/missing": b"evil %d\n" % n for n in range(contents_report_module._MAX_DIFFS + 5)}
    asked: list[bytes] = []

    def nearest(name: bytes, content: bytes) -> tuple[str, bytes]:
        asked.append(content)
        return name.decode(), b"honest\n"

    report = contents_report(compared(sandbox, {**RELEASED, **many}), nearest=nearest)
    assert len(report.unexplained) == len(many)
    assert len(asked) == contents_report_module._MAX_DIFFS


def test_what_is_left_out(sandbox: Sandbox) -> None:
    files = {path: content for path, content in RELEASED.items() if path != "README"}
    report = contents_report(compared(sandbox, files))
    assert (report.status, report.rules["left-out"]) == (0, 1)
    complete = compared(sandbox, files, complete=True)
    assert [finding.code for finding in complete.findings] == ["contents-omitted"]


def test_a_file_too_large_to_be_looked_at_is_not_explained(sandbox: Sandbox) -> None:
    log = b"Mend the decoder of streams whose header is too long\n" * 90_000
    found = compared(sandbox, {**RELEASED, "ChangeLog": log}).findings
    assert [finding.code for finding in found] == ["contents-generated"]


def test_the_archive_itself_is_no_build_of_ones_own(sandbox: Sandbox) -> None:
    archive = sandbox.folder.parent / "tool-1.2.tar.gz"
    with pytest.raises(UsageError) as caught:
        compared(sandbox, {**RELEASED, "x": b"x"}, built=archive)
    assert caught.value.code == "usage"
    copy = pack(sandbox.folder.parent / "mine.tar.gz", {**RELEASED, "x": b"x"}, top="tool-1.2/")
    assert compared(sandbox, {**RELEASED, "x": b"x"}, built=copy).findings == ()


def test_a_folder_is_no_archive(sandbox: Sandbox) -> None:
    with pytest.raises(UsageError) as caught:
        compare_archive(sandbox.folder, sandbox.folder, "v1.2", CompareOptions())
    assert caught.value.code == "usage"
