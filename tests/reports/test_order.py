from typing import Any

from support_report import reported, unexplained
from tagseal.core.contents_report import ReportedFile
from tagseal.reports._order import by_folder, by_urgency, folder_and_name, groups_of, reason_of


def file(path: bytes, **changes: Any) -> ReportedFile:
    values = {"file_class": "generated", "standing": "unexplained", "code": "contents-generated"}
    return reported(path, **(values | changes))


def test_what_an_attack_looks_like_comes_first() -> None:
    hides = ((3, "ZERO WIDTH SPACE"),)
    files = [
        file(b"t/a"),
        file(b"t/b", file_class="modified", code="contents-modified"),
        file(b"t/c", hidden_characters=hides),
        unexplained(b"t/d"),
        file(b"t/e", code="contents-helper-unknown"),
        file(b"t/f", file_class="conflicting", code="contents-conflicting"),
    ]
    assert [f.path[-1:] for f in by_urgency(files)] == [b"e", b"d", b"c", b"f", b"b", b"a"]
    assert by_urgency(reversed(by_urgency(files))) == by_urgency(files)


def test_files_of_one_sentence_stay_together_in_their_order() -> None:
    files = [file(b"t/b"), file(b"t/x", reason="another"), file(b"t/a")]
    assert [[f.path for f in group] for group in groups_of(files)] == [
        [b"t/b", b"t/a"],
        [b"t/x"],
    ]


def test_files_of_one_folder_stay_together_unless_a_list_would_hide_something() -> None:
    hides = ((1, "RIGHT-TO-LEFT OVERRIDE"),)
    files = [
        file(b"top"),
        file(b"t/a"),
        file(b"t/deep/a"),
        file(b"t/b"),
        file(b"t/a, b"),
        file(b"t/c", is_binary=True),
        file(b"t/c2", is_binary=True),
        file(b"t/d", hidden_characters=hides),
        file("t/\N{LATIN SMALL LETTER E WITH ACUTE}".encode()),
    ]
    assert [[f.path for f in together] for together in by_folder(files)][:3] == [
        [b"top"],
        [b"t/a", b"t/b"],
        [b"t/deep/a"],
    ]
    assert [b"t/c", b"t/c2"] in [[f.path for f in together] for together in by_folder(files)]
    assert len(by_folder(files)) == 7


def test_a_folder_has_a_slash_at_its_end() -> None:
    assert folder_and_name(file(b"t/deep/a")) == ("t/deep/", "a")
    assert folder_and_name(file(b"a")) == ("", "a")
    assert folder_and_name(file(b"t/\x1b")) == ("t/", "\\x1b")


def test_one_sentence_is_about_one_file_or_about_each() -> None:
    assert reason_of([file(b"a", reason="it is new")]) == "it is new"
    assert reason_of([file(b"a", reason="it is new"), file(b"b")]) == "each is new"
    assert reason_of([file(b"a", reason="new"), file(b"b")]) == "new"
