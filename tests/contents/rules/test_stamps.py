import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_rules import EXECUTABLE, rule_of
from tagseal.config import Config, load_config
from tagseal.contents.rules import active_rules

CURLVER = b"""#define LIBCURL_VERSION "8.14.1-DEV"
#define LIBCURL_VERSION_MAJOR 8
#define LIBCURL_VERSION_NUM 0x080e00
#define LIBCURL_TIMESTAMP "[unreleased]"
"""


def stamped(old: bytes, new: bytes, path: bytes = b"f.h", **options: object) -> bool:
    """Whether the lines of a release 1.2.3 of 14 November 2023 are explained by its stamps."""
    return rule_of(old, new, path, **options) == "version-lines"


# Version lines. The first are of curl 8.14.1, libssh2 1.11.1, c-ares 1.18.1 and curl 7.88.1, with
# this release's version and date.


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'#define LIBCURL_VERSION "1.2.3-DEV"', b'#define LIBCURL_VERSION "1.2.3"'),
        (b'#define LIBCURL_TIMESTAMP "[unreleased]"', b'#define LIBCURL_TIMESTAMP "2023-11-14"'),
        (b'#define LIBSSH2_VERSION     "1.2.3_DEV"', b'#define LIBSSH2_VERSION "1.2.3"'),
        (
            b'#define LIBSSH2_TIMESTAMP "DEV"',
            b'#define LIBSSH2_TIMESTAMP "Wed Nov 15 08:03:21 UTC 2023"',
        ),
        (b'SET (CARES_VERSION "${PROJECT_VERSION}")', b'SET (CARES_VERSION "1.2.3")'),
        (
            b'.TH curl-config 1 "25 Oct 2007" "Curl 1.1.1" "manual"',
            b'.TH curl-config 1 "January 02, 2024" "Curl 1.2.3" "manual"',
        ),
        (
            b'.TH curl_easy 3 "19 Sep 2014" "libcurl" "libcurl Manual"',
            b'.TH curl_easy 3 "January 02, 2024" "libcurl 1.2.3" "libcurl Manual"',
        ),
        (b"#define VERSION_NUM 0x010200", b"#define VERSION_NUM 0x010203"),
        (b"version: 1.2.2 of 2022", b"version: 1.2.3 of 2022"),
        (b"<version>1.2.2</version>", b"<version>1.2.3</version>"),
        (b"tool @VERSION@, @RELEASE_DATE@", b"tool 1.2.3, 20 November 2023"),
        (b"released November 2022", b"released November 2023"),
        (b"version v1.2", b"version v1.2.3"),
        (b"stamp 20230101", b"stamp 20231115"),
    ],
)
def test_lines_that_a_release_stamps(old: bytes, new: bytes) -> None:
    assert stamped(b"a\n" + old + b"\nb\n", b"a\n" + new + b"\nb\n")


def test_an_extra_blank_line_behind_a_stamped_one() -> None:
    old = b'.TH a 1 "25 Oct 2007" "t 1.1.0"\n.SH NAME\n'
    new = b'.TH a 1 "January 02, 2024" "t 1.2.3"\n\n.SH NAME\n'
    assert stamped(old, new)
    assert not stamped(b"#!/bin/sh\n" + old, b"#!/bin/sh\n" + new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # A number in code.
        (b"limit = 0.5;", b"limit = 1.2.3;"),
        (b"if (tries > 5)", b"if (tries > 1.2)"),
        (b"#define VERSION_MAX 5", b"#define VERSION_MAX 1.2.3"),
        (b"mask = 0xffffff;", b"mask = 0x010203;"),
        (b"#define VERSION_MASK 0xffffff", b"#define VERSION_MASK 0x010203"),
        (b"#define VERSION_MASK 0x00", b"#define VERSION_MASK 0x010203"),
        # A version that is lowered, or that is not this release's.
        (b"TLS_MIN_VERSION = 1.3", b"TLS_MIN_VERSION = 1.2"),
        (b"version 1.2.2", b"version 1.2.1"),
        (b'version "1.2.3-DEV"', b'version "1.2.4"'),
        (b"release 1.1", b"release 1"),
        # A bound.
        (b"version: foo>=1.0", b"version: foo>=1.2.3"),
        (b"version: foo>1.0", b"version: foo>1.2.3"),
        (b"version: foo<1.0", b"version: foo<1.2.3"),
        (b"version: foo <= '1.0'", b"version: foo <= '1.2.3'"),
        (b"version: foo~=1.0", b"version: foo~=1.2.3"),
        (b"version: ^1.0", b"version: ^1.2.3"),
        (b"if version == 1.0", b"if version == 1.2.3"),
        (b"if version != 1.0", b"if version != 1.2.3"),
        # A date.
        (b"if now > 2023-01-01:", b"if now > 2023-11-14:"),
        (b"expires: 1 January 2023", b"expires: 14 November 2023"),
        (b"stamp 2023-01-01", b"stamp 2033-01-01"),
        (b"stamp 2023-01-01", b"stamp 2023-99-01"),
        (b"size = 20000000", b"size = 20231114"),
        (b"stamp 20000000", b"stamp 20231399"),
        # A date becomes a version, a version a date, a text either.
        (b"version 2023-01-01", b"version 1.2.3"),
        (b"version 1.2.2", b"version 2023-11-14"),
        (b"version none", b"version 1.2.3"),
        (b"version of tools", b"version of evil"),
        # White space alone, and where it counts.
        (b"rm -rf a  b", b"rm -rf a b"),
        (b'version = "a  b"', b'version = "a b"'),
        (b"version 1.2.3-DEV", b"  version 1.2.3"),
        (b"version 1.2.3-DEV \\", b"version 1.2.3 \\ "),
        # Put in where no manual page is.
        (b"run tool", b"run tool 1.2.3"),
        (b"version of tool", b"version of tool 1.2.3"),
    ],
)
def test_lines_that_no_stamp_makes(old: bytes, new: bytes) -> None:
    assert not stamped(b"a\n" + old + b"\nb\n", b"a\n" + new + b"\nb\n")


def test_a_line_that_goes_on_is_not_cut_off() -> None:
    old = b"version 1.2.3-DEV\n./configure \\\n  --enable-hardening\n"
    new = b"version 1.2.3\n./configure \\\n\n  --enable-hardening\n"
    assert stamped(old, old.replace(b"-DEV", b""))
    assert not stamped(old, new)
    assert not stamped(new.replace(b"1.2.3", b"1.2.3-DEV"), old.replace(b"-DEV", b""))


def test_a_second_change_spoils_it() -> None:
    old = CURLVER.replace(b"8.14.1", b"1.2.3").replace(b"0x080e00", b"0x010203")
    new = old.replace(b"-DEV", b"").replace(b"[unreleased]", b"2023-11-14")
    assert stamped(old, new)
    assert not stamped(old, new + b"system(evil);\n")
    assert not stamped(old, new.replace(b"MAJOR 8", b"MAJOR 9"))
    assert not stamped(old, new.replace(b"MAJOR", b"MINOR"))


def test_what_is_not_at_hand_is_not_explained() -> None:
    old, new = b"version 1.2.3-DEV\n", b"version 1.2.3\n"
    assert stamped(old, new)
    assert not stamped(old, new, version=None, tag="none")
    assert not stamped(old, (EXECUTABLE, new))  # type: ignore[arg-type]
    assert not stamped(old, new, kept=lambda _: False)
    assert not stamped(old, new, standings=("proven",))
    assert not stamped(old + b"\n" * 2**22, new + b"\n" * 2**22)
    assert not stamped(
        b"version 1.2.3-DEV" + b" " * 5000 + b"x", b"version 1.2.3" + b" " * 5000 + b"x"
    )
    many = b"version 1.2.3-DEV\n" * 401
    assert not stamped(many, many.replace(b"-DEV", b""))


def test_the_versions_that_a_tag_can_mean() -> None:
    old, new = b"version 8.14.1-DEV\n", b"version 8.14.1\n"
    assert stamped(old, new, tag="curl-8_14_1", version=None)
    assert stamped(old, new, tag="R_8_14_1", version=None)
    assert stamped(old, new, tag="release-8-14-1", version=None)
    assert not stamped(old, new, tag="curl-8_14_2", version=None)
    assert stamped(b"version 1.2.3-rc1", b"version 1.2.3", tag="v1.2.3", version="1.2.3+local")


_WORDS = (
    b'version| |1.2.3|1.2.3-DEV|1.2|0x010203|2023-11-14|DEV|\\|rm|-rf|/|$|`|;|5|\t|"|evil|=|>|\r|.'
)
_PIECES = st.sampled_from(_WORDS.split(b"|"))
_TEXTS = st.lists(_PIECES, max_size=12).map(b"".join)


@given(old=st.lists(_TEXTS, min_size=1, max_size=3), new=st.lists(_TEXTS, min_size=1, max_size=3))
def test_nothing_but_digits_and_placeholders_ever_changes(
    old: list[bytes], new: list[bytes]
) -> None:
    """What a stamp may not touch is the same before and behind, whatever the lines are."""
    first, second = b"\n".join(old), b"\n".join(new)
    if first == second or not stamped(first, second):
        return

    def rest(text: bytes) -> bytes:
        for stamp in (b"1.2.3-DEV", b"0x010203", b"1.2.3", b"2023-11-14", b"1.2", b"DEV", b"v"):
            text = text.replace(stamp, b"")
        return bytes(c for c in text if c not in b" \t\r\n-.0123456789")

    assert rest(first) == rest(second)


# Line ends.


@pytest.mark.parametrize("name", [b"make.bat", b"a.sln", b"a/b/README.md", b"CHANGES"])
def test_other_line_ends(name: bytes) -> None:
    assert rule_of(b"a\nb\n", b"a\r\nb\r\n", name) == "line-ends"


def test_lines_of_batch_files_keep_their_carriage_returns() -> None:
    assert rule_of(b"a\r\nb\r\n", b"a\nb\n", b"make.bat") is None
    assert rule_of(b"a\r\nb\r\n", b"a\nb\n", b"a.txt") == "line-ends"
    batch = (EXECUTABLE, b"cd a\\\r\nb\r\n")
    assert rule_of((EXECUTABLE, b"cd a\\\nb\n"), batch, b"make.bat") == "line-ends"


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (b"a\nb\n", b"a\r\nb\n", b"a.txt"),
        (b"a\nb\n", b"a\r\nc\r\n", b"a.txt"),
        (b"a\r\nb\n", b"a\r\r\nb\r\n", b"a.txt"),
        (b"a\0\n", b"a\0\r\n", b"a.txt"),
        (b"#!/bin/sh\n", b"#!/bin/sh\r\n", b"a.txt"),
        (b"a \\\nb\n", b"a \\\r\nb\r\n", b"a.txt"),
        (b"a\nb\n", b"a\r\nb\r\n", b"Makefile"),
        (b"a\nb\n", b"a\r\nb\r\n", b"configure"),
        (b"a\nb\n", b"a\r\nb\r\n", b"lib.sh"),
        (b"a\nb\n", (EXECUTABLE, b"a\r\nb\r\n"), b"a.txt"),
        ((EXECUTABLE, b"a\nb\n"), (EXECUTABLE, b"a\r\nb\r\n"), b"a.txt"),
    ],
)
def test_line_ends_that_mean_something(old: bytes, new: bytes, name: bytes) -> None:
    assert rule_of(old, new, name) is None


# Stamps that a project declares.


def declared(text: str) -> Config:
    config = load_config({"tagseal.toml": text.encode()})
    assert config is not None
    return config


STAMP = """[[rule]]
name = "banner"
check = "stamp"
paths = ["src/*.h"]
placeholder = "%BANNER%"
value = "t {version} ({tag}, {commit})"
"""


def test_a_declared_stamp_is_recomputed() -> None:
    rules = active_rules(declared(STAMP).rules, ())
    tree = {b"src/a.h": b"x %BANNER% %BANNER%\n"}

    def found(new: object, **options: object) -> str | None:
        from support_rules import commit_id

        banner = f"t 1.2.3 (v1.2.3, {commit_id(tree)})".encode()
        content = new(banner) if callable(new) else new
        return rule_of(tree[b"src/a.h"], content, b"src/a.h", rules=rules, **options)  # type: ignore[arg-type]

    assert found(lambda banner: b"x %s %s\n" % (banner, banner)) == "project:banner"
    assert found(lambda banner: b"x %s %s\n" % (banner, banner), standings=("proven",)) is None
    assert found(lambda banner: b"x %%BANNER%% %s\n" % banner) is None
    assert found(lambda banner: (EXECUTABLE, b"x %s %s\n" % (banner, banner))) is None
    assert found(b"x t 9 t 9\n") is None
    assert found(lambda banner: b"x %s %s\n" % (banner, banner), version=None, tag="t") is None
    assert rule_of(b"no\n", b"yes\n", b"src/a.h", rules=rules) is None


def test_a_field_in_a_fact_is_not_filled_in_again() -> None:
    rules = active_rules(declared(STAMP.replace(" ({tag}, {commit})", " {tag}")).rules, ())
    new = b"t 1.2.3 v{version}"
    assert rule_of(b"%BANNER%", new, b"src/a.h", rules=rules, tag="v{version}") == "project:banner"
