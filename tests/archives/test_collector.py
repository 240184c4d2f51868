import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support_archives import END, folder, header, link, member, read, refused
from tagseal.archives import Limits
from tagseal.archives._collector import _PLAIN
from tagseal.core.paths import check_path
from tagseal.core.reasons import REASONS

NAMES = {
    b"": "archive-path-empty",
    b"/": "archive-path-empty-component",
    b"/top/file": "archive-path-absolute",
    b"//top": "archive-path-absolute",
    b".": "archive-path-dot",
    b"./top": "archive-path-dot",
    b"top/./file": "archive-path-dot",
    b"../file": "archive-path-dot-dot",
    b"top/../file": "archive-path-dot-dot",
    b"top/..": "archive-path-dot-dot",
    b"top//file": "archive-path-empty-component",
    b"top\\file": "archive-path-backslash",
    b"top/a\x1b[2J": "archive-path-control",
    b"top/a\nb": "archive-path-control",
    b"top/\x7f": "archive-path-control",
    b"top/caf\xe9": "archive-path-not-utf8",
    b"top/\xed\xb3\xa9": "archive-path-not-utf8",
    b".git": "archive-path-git",
    b"top/.git/config": "archive-path-git",
    b"top/.GIT/config": "archive-path-git",
    "top/.g\u200cit/config".encode(): "archive-path-git",
    b"top/git~1/config": "archive-path-reserved",
    b"top/C:file": "archive-path-reserved",
    b"top/AUX": "archive-path-reserved",
    b"top/file.": "archive-path-reserved",
    b"top/file ": "archive-path-reserved",
}


@pytest.mark.parametrize(("name", "code"), NAMES.items(), ids=repr)
def test_a_name_is_refused(name: bytes, code: str) -> None:
    if name == b"/":
        assert refused(folder(b"top//") + END).code == code
    else:
        assert refused(header(name) + END).code == code


@pytest.mark.parametrize(
    ("name", "code"),
    [(n, c) for n, c in NAMES.items() if n.startswith(b"top/") and n.count(b"/") == 1],
    ids=repr,
)
def test_a_name_is_refused_in_a_folder_that_is_known(name: bytes, code: str) -> None:
    assert refused(folder() + header(name) + END).code == code


@given(st.text(alphabet="abcnlpmtugixro0129_.-~+=@,: C\x1fN\u00e9", min_size=1, max_size=8))
@example("con")
@example("LPT9")
@example("aux")
@example("com1.")
@example("a\n")
@example("git~1")
def test_what_gets_no_closer_look_is_portable(name: str) -> None:
    if _PLAIN.fullmatch(name.encode()):
        assert check_path(name.encode()) is None
        assert name.isascii()


def test_names_that_look_odd_but_are_plain_are_taken() -> None:
    names = [b"top/...x", b"top/.gitignore", b"top/a b", b"top/-", b"top/\xe6\xbc\xa2", b"top/~"]
    assert [*read(b"".join(map(header, names)) + END).members] == names


DUPLICATES = {
    "files": header() + header(),
    "file, then symlink": header() + link(b"top/file", b"a"),
    "folders": folder() + folder(),
    "file, then folder": header(b"top/a") + folder(b"top/a/"),
    "folder, then file": folder(b"top/a/") + header(b"top/a"),
}


@pytest.mark.parametrize("tar", DUPLICATES.values(), ids=DUPLICATES.keys())
def test_a_path_twice_is_refused(tar: bytes) -> None:
    assert refused(tar + END).code == "archive-duplicate-member"


THROUGH = {
    "file": header(b"top/a") + header(b"top/a/b"),
    "symlink": link(b"top/a", b"b") + header(b"top/a/b/c"),
    "file last": header(b"top/a/b") + header(b"top/a"),
    "symlink last": header(b"top/a/b") + link(b"top/a", b"b"),
    "top": header(b"top") + folder(b"top/a/"),
}


@pytest.mark.parametrize("tar", THROUGH.values(), ids=THROUGH.keys())
def test_a_path_through_something_else_than_a_folder_is_refused(tar: bytes) -> None:
    assert refused(tar + END).code == "archive-path-through-file"


def test_a_folder_may_come_after_what_it_holds_or_not_at_all() -> None:
    assert read(header(b"top/a/b") + folder(b"top/") + END).folders == {b"top"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("top/é", "top/e\u0301"),
        ("top/\u212a", "top/K"),
        ("top/é/a", "top/e\u0301/b"),
        ("top/e\u0323\u0302", "top/e\u0302\u0323"),
    ],
)
def test_names_that_normalise_to_one_are_refused(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        tar = header(first.encode()) + header(second.encode()) + END
        assert refused(tar).code == "archive-path-normalization"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("top/README", "top/readme"),
        ("top/É", "top/é"),
        ("top/ß", "top/SS"),
        ("top/\ufb01", "top/fi"),
    ],
)
def test_names_that_differ_in_case_only_warn(one: str, other: str) -> None:
    listing = read(header(one.encode()) + header(other.encode()) + END)
    (warning,) = listing.warnings
    assert warning.code == "archive-path-case"
    assert warning.code in REASONS
    assert warning.path == other.encode()
    assert one in warning.message


def test_folders_that_differ_in_case_warn_once() -> None:
    listing = read(header(b"top/Doc/a") + header(b"top/doc/b") + END)
    assert [warning.path for warning in listing.warnings] == [b"top/doc"]


MODES = {
    b"0004755\0": "archive-mode-special",
    b"0002755\0": "archive-mode-special",
    b"0001755\0": "archive-mode-special",
    b"0000666\0": "archive-mode-writable",
    b"0000757\0": "archive-mode-writable",
    b"0000000\0": "archive-mode-owner",
    b"0000055\0": "archive-mode-owner",
}


@pytest.mark.parametrize(("mode", "code"), MODES.items(), ids=repr)
def test_a_mode_is_refused(mode: bytes, code: str) -> None:
    assert refused(header(mode=mode) + END).code == code
    assert refused(folder(mode=mode) + END).code == code


def test_a_folder_that_its_owner_cannot_use_is_refused() -> None:
    for mode in (b"0000655\0", b"0000555\0", b"0000355\0"):
        assert refused(folder(mode=mode) + END).code == "archive-mode-owner"


def test_readable_is_enough_for_a_file() -> None:
    assert read(header(mode=b"0000400\0") + END).members[b"top/file"].raw_mode == 0o400
    assert read(header(mode=b"0000664\0") + folder(mode=b"0000775\0") + END).members


def test_limits_on_names_and_members() -> None:
    tar = header(b"top/a") + header(b"top/b") + END
    assert refused(tar, limits=Limits(max_members=2)).code == "archive-limit-members"
    assert read(tar, limits=Limits(max_members=3)).members
    assert refused(tar, limits=Limits(max_path_length=4)).code == "archive-limit-path-length"
    assert read(tar, limits=Limits(max_path_length=5)).members
    links = link(b"a", b"b" * 6) + END
    assert refused(links, limits=Limits(max_path_length=5)).code == "archive-limit-path-length"


def test_members_that_are_asked_for_are_kept_within_a_limit() -> None:
    tar = member(b"top/a", b"12345") + member(b"top/b", b"678") + link(b"top/c", b"a") + END
    asked = []

    def keep(path: bytes, size: int) -> bool:
        asked.append((path, size))
        return path != b"top/b"

    listing = read(tar, keep=keep, limits=Limits(max_kept_size=6))
    assert listing.kept == {b"top/a": b"12345", b"top/c": b"a"}
    assert asked == [(b"top/a", 5), (b"top/b", 3), (b"top/c", 1)]
    assert refused(tar, keep=keep, limits=Limits(max_kept_size=5)).code == (
        "archive-limit-kept-size"
    )
    assert read(tar).kept == {}


def test_the_error_names_the_archive_and_the_escaped_member() -> None:
    error = refused(header(b"top/a\x1b[2J") + END)
    assert error.where == "top.tar: top/a\\x1b[2J"
