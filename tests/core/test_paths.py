import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.core.jsontext import dump, parse
from tagseal.core.paths import check_path, display, folded, from_json, to_json


@pytest.mark.parametrize(
    "path",
    [
        b"",
        b"/a",
        b"a//b",
        b"a/",
        b"./a",
        b"a/../b",
        b"a\0b",
        b"a\nb",
        b"a\x7fb",
        b"a:b",
        b"a\\b",
        b"a.",
        b"a ",
        b"a./b",
        b"con",
        b"x/NUL",
        "x/COM\u00b9".encode(),
        b"LPT0",
        b"CONIN$",
        b".git",
        b".GiT/config",
        b"x/.git/hooks",
        ".g\u200cit".encode(),
        "\uff0egit".encode(),
        ".g\u0131t".encode().replace("\u0131".encode(), "\u2170".encode()),
        b"GIT~1",
        b"a/BUILD-~1.M4",
    ],
)
def test_a_path_that_some_system_takes_for_another_is_refused(path: bytes) -> None:
    problem = check_path(path)
    assert problem
    assert problem.isprintable()


@pytest.mark.parametrize(
    "path",
    [
        b"a",
        b"a/b.c",
        b".gitignore",
        b".github/x",
        b"aux.c",
        b"a b",
        b"a~",
        b"~a",
        b"caf\xe9",
        b"..."[:2] + b"x",
    ],
)
def test_other_paths_are_accepted(path: bytes) -> None:
    assert check_path(path) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A/b", "a/B"),
        ("caf\u00e9", "cafe\u0301"),
        ("stra\u00dfe", "STRASSE"),
        ("\ufb01le", "file"),
        ("\u212a", "k"),
        ("a\u200db", "ab"),
    ],
)
def test_names_that_some_file_system_takes_for_one_fold_alike(one: str, other: str) -> None:
    assert folded(one.encode()) == folded(other.encode())


@given(st.binary(max_size=20))
def test_folding_takes_any_bytes_and_keeps_letters_apart(path: bytes) -> None:
    assert folded(folded(path)) == folded(path)
    assert folded(path + b"a") != folded(path + b"b")


@given(st.text() | st.binary())
def test_whatever_is_displayed_is_harmless(name: str | bytes) -> None:
    shown = display(name)
    assert all(c == " " or (c.isprintable() and not c.isspace()) for c in shown)


def test_a_backslash_cannot_pretend_to_be_an_escape() -> None:
    assert display("\\x1b") != display("\x1b")
    assert display(b"\xff\xe2\x80\xae") == "\\xff\\u202e"


@given(st.binary())
def test_json_keeps_every_byte_of_a_path(path: bytes) -> None:
    assert from_json(parse(dump(to_json(path)))) == path


@pytest.mark.parametrize(
    "value",
    [None, 1, [], {}, {"base64": 1}, {"base64": "YQ=="}, {"base64": "/w"}, {"base64": "/x=="},
     {"base64": "/w==", "a": 1}, {"base64": "\u00e9"}, {"base64": "/w==\n"}, "\ud800"],
)  # fmt: skip
def test_a_path_has_one_form_in_json(value: object) -> None:
    with pytest.raises(ValueError, match=r"path|surrogates|base64|ASCII"):
        from_json(value)
