import contextlib
import hashlib
import json
import struct
import subprocess
import sys
import time
import zlib
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_helpers import blob_id, script, table_of
from tagseal.contents.helpers import (
    MAX_TEXT_BYTES,
    KnownHelper,
    KnownHelpers,
    KnownText,
    _pinned,
    nearest,
)
from tagseal.core.errors import EvidenceError

PAGE = Path(__file__).parents[2] / "docs" / "known-helpers.md"
NAME = b"build-to-host.m4"
# gettext 0.22.5 and gnulib of the days before xz 5.6.0 have one of these two.
HONEST = ("ad22a0a61ac65abe6171142976704658a3d1b2c6", "f928e9ab403b3633e3d1d974abcf478e65d4b0aa")
# That of the release archives of xz 5.6.0 and 5.6.1. The reports that were made public in March
# 2024 show it as a difference from the second of the above ("index f928e9ab..d5ec3153"); applied to
# gnulib's file, the difference gives these bytes.
EVIL = "d5ec3153e102020802808d6a963b55adebc8a2ef"


@pytest.fixture(scope="module")
def helpers() -> KnownHelpers:
    return KnownHelpers.load()


def test_an_honest_helper_is_named_with_tool_and_version(helpers: KnownHelpers) -> None:
    found = [helpers.identify(NAME, blob) for blob in HONEST]
    assert [helper and (helper.tool, helper.version) for helper in found] == [
        ("gnulib", "git 2023-08-17"),
        ("gnulib", "git 2024-01-01"),
    ]


def test_the_file_that_carried_the_backdoor_of_xz_is_an_imitation(helpers: KnownHelpers) -> None:
    assert helpers.identify(NAME, EVIL) is None
    assert helpers.is_known_name(NAME)


def test_bytes_are_known_only_under_their_own_name(helpers: KnownHelpers) -> None:
    assert helpers.identify(b"gettext.m4", HONEST[0]) is None
    assert helpers.identify(b"BUILD-TO-HOST.M4", HONEST[0]) is None
    assert helpers.identify(b"m4/" + NAME, HONEST[0]) is None


def test_ids_of_another_object_format_are_never_known(helpers: KnownHelpers) -> None:
    assert helpers.identify(NAME, HONEST[0] + "0" * 24) is None


@pytest.mark.parametrize(
    ("name", "blob", "tool", "version"),
    [
        # Each as the tool's own release, or Debian's package, has it.
        (b"install-sh", "ec298b53740270ce82b326c4c2deaa5dcdec4596", "automake", "1.16.3"),
        (b"ltmain.sh", "977e5237bb01a985aed489ff49b3d1d885cf75d5", "libtool", "2.4.7-7build1"),
        (b"ltversion.m4", "b155d0aceca376bf6b735cbac50cf0c593c73d32", "libtool", "2.4.7"),
        (b"Makefile.in.in", "38c293d2ed2f6e905ccdd4ce532e50fc90e1adf3", "gettext", "0.19.8"),
    ],
)
def test_each_kind_of_source_is_in_the_table(
    helpers: KnownHelpers, name: bytes, blob: str, tool: str, version: str
) -> None:
    found = helpers.identify(name, blob)
    assert found is not None
    assert (found.tool, found.version.partition(" (")[0]) == (tool, version)


@pytest.mark.parametrize(
    "name",
    [b"ltmain.sh", b"config.guess", b"install-sh", b"GNUmakefile", b"Makefile.in.in", b"po.m4"],
)
def test_distinctive_names_raise_the_alarm(helpers: KnownHelpers, name: bytes) -> None:
    assert helpers.is_known_name(name)


@pytest.mark.parametrize("name", [b"COPYING", b"INSTALL", b"bootstrap", b"gettext.h", b"pkg.m4"])
def test_common_names_identify_but_raise_no_alarm(helpers: KnownHelpers, name: bytes) -> None:
    assert not helpers.is_known_name(name)
    newest = helpers.versions_of(name)[-1]
    assert helpers.identify(name, newest.blob) is not None


@pytest.mark.parametrize(
    "name",
    [b"aclocal.m4", b"gnulib-comp.m4", b"Makefile.in", b"README", b"ChangeLog", b"error.c", b""],
)
def test_what_projects_make_for_themselves_is_left_out(helpers: KnownHelpers, name: bytes) -> None:
    assert not helpers.is_known_name(name)
    assert helpers.versions_of(name) == ()


def test_empty_and_trivial_files_are_evidence_of_nothing(helpers: KnownHelpers) -> None:
    trivial = [blob_id(data) for data in (b"", b"\n", b"#!/bin/sh\n", b"dnl\n")]
    names = [NAME, b"install-sh", b"acinstall", b"COPYING"]
    assert [helpers.identify(name, blob) for name in names for blob in trivial] == [None] * 16


def test_every_known_helper_is_found_again(helpers: KnownHelpers) -> None:
    versions = helpers.versions_of(b"config.guess")
    assert len(versions) > 300
    for helper in versions:
        found = helpers.identify(b"config.guess", helper.blob)
        assert found is not None
        assert found.blob == helper.blob


def test_the_tools_of_a_name(helpers: KnownHelpers) -> None:
    assert helpers.tools_of(b"no such name") == ()
    for name in (b"config.guess", b"libtool.m4", b"build-to-host.m4"):
        tools = {helper.tool for helper in helpers.versions_of(name)}
        assert helpers.tools_of(name) == tuple(sorted(tools))


def test_many_files_of_a_helpers_name_are_looked_up_in_no_time(helpers: KnownHelpers) -> None:
    # An archive may hold 100,000 of them; adding up the steps anew for each version took 20 ms.
    start = time.process_time()
    for _ in range(1000):
        assert helpers.tools_of(b"libtool.m4")
    assert time.process_time() - start < 5


def test_the_table_is_the_one_that_the_page_describes(helpers: KnownHelpers) -> None:
    data = resources.files("tagseal.contents").joinpath("_known_helpers.bin").read_bytes()
    page = PAGE.read_text(encoding="utf-8")
    assert hashlib.sha256(data).hexdigest() in page
    assert f"holds {len(helpers):,} files" in page
    inputs = helpers.provenance.splitlines()[1:]
    assert len(inputs) > 20
    assert [line for line in inputs if f"- {line}\n" not in page] == []
    assert len(data) < 1_200_000


def test_a_table_other_than_the_pinned_one_is_refused() -> None:
    with pytest.raises(EvidenceError) as caught:
        _pinned(packed(INDEX))
    assert caught.value.code == "contents-helpers-malformed"


def test_the_table_is_read_only_when_it_is_asked_for() -> None:
    program = (
        "import tagseal.contents.helpers as h, time\n"
        "assert h._load.cache_info().currsize == 0\n"
        "begun = time.process_time()\n"
        "h.KnownHelpers.load()\n"
        "print(time.process_time() - begun)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    # A third of this on a slow machine; a test that runs beside others must not fail for that.
    assert float(done.stdout) < 0.5


def test_versions_of_a_name_end_with_the_newest() -> None:
    table = table_of({b"a.m4": [b"1" * 80, b"2" * 80], b"b": [b"3" * 80]})
    assert [(helper.version, helper.blob) for helper in table.versions_of(b"a.m4")] == [
        ("1", blob_id(b"1" * 80)),
        ("2", blob_id(b"2" * 80)),
    ]
    assert table.provenance == "newest input of 2026-01-01\nnothing\n"
    assert len(table) == 3


def test_an_id_that_only_straddles_two_known_ones_is_not_known() -> None:
    table = table_of({b"a.m4": [b"1" * 80, b"2" * 80]})
    both = "".join(helper.blob for helper in table.versions_of(b"a.m4"))
    assert [table.identify(b"a.m4", both[n : n + 40]) is not None for n in range(0, 41, 2)] == [
        n in (0, 40) for n in range(0, 41, 2)
    ]


INDEX = {
    "newest": "2026-01-01",
    "inputs": [],
    "tools": ["t"],
    "versions": [[0, "1"]],
    "names": [["a", 1, 1]],
}


def packed(index: object, steps: bytes = b"\0\0", ids: bytes = b"i" * 20) -> bytes:
    text = zlib.compress(json.dumps(index).encode() + b"\n" + steps)
    return b"tagseal known helpers 1\n" + struct.pack(">I", len(text)) + text + ids


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"tagseal known helpers 2\n",
        b"tagseal known helpers 1\n\0\0",
        packed(INDEX)[:-1],
        packed(INDEX) + b"i",
        packed(INDEX, ids=b""),
        packed(INDEX, steps=b"\0"),
        packed(INDEX, steps=b"\0\1"),
        packed(INDEX, steps=b"\0\0\0\0"),
        packed([]),
        packed({**INDEX, "names": []}, steps=b"", ids=b""),
        packed({**INDEX, "names": [["a", 0, 1]]}, steps=b"", ids=b""),
        packed({**INDEX, "names": [["a/b", 1, 1]]}),
        packed({**INDEX, "names": [["", 1, 1]]}),
        packed({**INDEX, "names": [[1, 1, 1]]}),
        packed({**INDEX, "names": [["a", 1, 2]]}),
        packed({**INDEX, "names": [["a", 1]]}),
        packed({**INDEX, "names": [["b", 1, 1], ["a", 1, 1]]}, steps=b"\0" * 4, ids=b"i" * 40),
        packed({**INDEX, "names": [["a", 1, 1], ["a", 1, 1]]}, steps=b"\0" * 4, ids=b"i" * 40),
        packed({**INDEX, "versions": [[1, "1"]]}),
        packed({**INDEX, "versions": [[-1, "1"]]}),
        packed({**INDEX, "tools": 0}),
    ],
)
def test_any_other_form_is_refused(data: bytes) -> None:
    with pytest.raises(EvidenceError) as caught:
        KnownHelpers.parse(data)
    assert caught.value.code == "contents-helpers-malformed"


def test_an_index_that_goes_on_is_refused() -> None:
    good = packed(INDEX)
    [length] = struct.unpack(">I", good[24:28])
    longer = good[:24] + struct.pack(">I", length + 1) + good[28 : 28 + length] + b"x" + b"i" * 20
    for data in (longer, good[:24] + struct.pack(">I", length - 1) + good[28:]):
        with pytest.raises(EvidenceError):
            KnownHelpers.parse(data)
    assert KnownHelpers.parse(good).identify(b"a", (b"i" * 20).hex()) is not None


@given(st.data())
def test_a_changed_table_is_refused_or_still_a_table(data: st.DataObject) -> None:
    good = bytearray(packed(INDEX))
    good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(EvidenceError):
        assert len(KnownHelpers.parse(bytes(good))) == 1


def text(name: bytes, data: bytes, version: str = "1") -> KnownText:
    helper = KnownHelper(tool="make-up", version=version, name=name, blob=blob_id(data))
    return KnownText(helper=helper, data=data)


def test_the_nearest_text_is_the_one_with_most_lines_in_common() -> None:
    texts = [text(NAME, b"a\nb\nc\n"), text(NAME, b"a\nb\nd\ne\n"), text(NAME, b"x\n")]
    assert nearest(NAME, b"a\nb\nd\nEVIL\n", texts) is texts[1]
    assert nearest(NAME, b"EVIL\nc\nb\na\n", texts) is texts[0]


def test_of_equally_near_texts_the_first_is_taken() -> None:
    texts = [text(NAME, b"a\nb\n"), text(NAME, b"a\nc\n")]
    assert nearest(NAME, b"a\n", texts) is texts[0]


def test_texts_of_other_names_without_a_line_in_common_or_too_long_are_passed_over() -> None:
    content = b"a\nb\n"
    long = content * (MAX_TEXT_BYTES // 4 + 1)
    assert nearest(NAME, content, [text(b"other.m4", content)]) is None
    assert nearest(NAME, content, [text(NAME, b"c\n")]) is None
    assert nearest(NAME, content, [text(NAME, long)]) is None
    assert nearest(NAME, long, [text(NAME, content)]) is None
    assert nearest(NAME, b"", [text(NAME, b"")]) is None


def test_the_search_for_the_nearest_ends() -> None:
    large = text(NAME, b"x" * MAX_TEXT_BYTES)
    assert nearest(NAME, b"a\n", [large] * 9 + [text(NAME, b"a\n")]) is None


def test_stamps_are_only_put_in_place_of_stamps() -> None:
    made = script("known_helpers_derived")
    main = (
        b"# libtool (GNU libtool) 2.4.7\nVERSION=2.4.7\npackage_revision=2.4.7\n"
        b"home page: <http://www.gnu.org/software/libtool/>.\n"
    )
    found = {text.version: text.data for text in made.derived({("ltmain.sh", "2.4.7"): main}, {})}
    assert found["2.4.7-dirty (git, from 2.4.7)"] == (
        b"# libtool (GNU libtool) 2.4.7-dirty\nVERSION=2.4.7-dirty\npackage_revision=2.4.7\n"
        b"home page: <http://www.gnu.org/s/libtool/>.\n"
    )
    with pytest.raises(AssertionError):
        list(made.derived({("ltmain.sh", "2.4.7"): main.replace(b"VERSION", b"version")}, {}))


def test_a_patch_is_taken_out_of_a_text_again() -> None:
    made = script("known_helpers_derived")
    patch = b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-no\n+yes\n--- a/ltmain.sh\n+++ b/ltmain.sh\n"
    patch += b"@@ -1,2 +1,3 @@\n one\n-two\n+three\n+four\n"
    assert made._undo(b"0\none\nthree\nfour\n5\n", patch, "ltmain.sh") == b"0\none\ntwo\n5\n"
    with pytest.raises(AssertionError):
        made._undo(b"something else\n", patch, "ltmain.sh")
