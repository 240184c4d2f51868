"""WHEEL, RECORD, entry_points.txt and what must be in a wheel."""

from dataclasses import replace

import pytest

from support_metadata import ENTRY_POINTS, METADATA, PYPROJECT, inputs, member
from tagseal.contents.metadata import (
    MetadataInputs,
    MetadataResult,
    check_metadata,
    metadata_role,
    missing_metadata,
)

NAME = "my_tool-1.2-py2.py3-none-any.whl"
FOLDER = b"my_tool-1.2.dist-info"
WHEEL = b"""Wheel-Version: 1.0
Generator: some tool (1.0)
Root-Is-Purelib: true
Tag: py2-none-any
Tag: py3-none-any
"""
FILES = {
    b"my_tool/__init__.py": b"x = 1\n",
    b"my_tool/a,b.txt": b"",
    FOLDER + b"/METADATA": METADATA,
    FOLDER + b"/WHEEL": WHEEL,
    FOLDER + b"/entry_points.txt": ENTRY_POINTS,
    FOLDER + b"/RECORD": b"",
}


def _record(files: dict[bytes, bytes] | None = None) -> str:
    import base64
    import hashlib

    lines = []
    for path, content in (files or FILES).items():
        name = path.decode()
        name = f'"{name}"' if "," in name else name
        if path.endswith(b"/RECORD"):
            lines.append(f"{name},,")
        else:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            lines.append(f"{name},sha256={digest.decode()},{len(content)}")
    return "\n".join(lines) + "\n"


def _inputs(name: str = NAME) -> MetadataInputs:
    return inputs(name, files=FILES)


def _check(file: bytes, content: bytes, given: MetadataInputs | None = None) -> MetadataResult:
    return check_metadata("wheel", FOLDER + b"/" + file, content, given or _inputs())


def _says(result: MetadataResult, part: str) -> bool:
    return any(part in problem for problem in result.problems)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (FOLDER + b"/METADATA", "METADATA"),
        (FOLDER + b"/WHEEL", "WHEEL"),
        (FOLDER + b"/RECORD", "RECORD"),
        (FOLDER + b"/entry_points.txt", "entry_points.txt"),
        (FOLDER + b"/top_level.txt", "top_level.txt"),
        (FOLDER + b"/direct_url.json", "dist-info/direct_url.json"),
        (FOLDER + b"/sboms/x.json", "dist-info/sboms/x.json"),
        (FOLDER + b"/licenses/METADATA", None),
        (FOLDER + b"/LICENSE.txt", None),
        (FOLDER, None),
        (b"other-1.dist-info/METADATA", None),
        (b"my_tool/METADATA", None),
    ],
)
def test_roles(path: bytes, role: str | None) -> None:
    assert metadata_role("wheel", path, FOLDER) == role


def test_a_top_folder_that_is_no_metadata_folder() -> None:
    assert metadata_role("wheel", b"my_tool/METADATA", b"my_tool") is None


def test_an_honest_wheel() -> None:
    assert _check(b"WHEEL", WHEEL).problems == ()
    assert _check(b"RECORD", _record().encode()).problems == ()
    assert _check(b"RECORD", _record().replace("\n", "\r\n").encode()).problems == ()
    result = _check(b"entry_points.txt", ENTRY_POINTS)
    assert result.problems == ()
    assert 'console_scripts: "mytool = my_tool.cli:main"' in result.notes
    top = _check(b"top_level.txt", b"my_tool\n")
    assert (top.problems, top.notes) == ((), ('top level: "my_tool"',))
    assert _check(b"zip-safe", b"\n").problems == ()
    assert missing_metadata("wheel", FOLDER, _inputs()) == ()
    build = _inputs(NAME.replace("1.2-", "1.2-7abc-"))
    assert _check(b"WHEEL", WHEEL + b"Build: 7abc\n", build).problems == ()


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (WHEEL.replace(b"1.0\n", b"2.0\n", 1), 'Wheel-Version: "2.0" is not known'),
        (WHEEL.replace(b"Wheel-Version: 1.0\n", b""), "wheel-version: the field is missing"),
        (WHEEL + b"Root-Is-Purelib: false\n", "root-is-purelib: the field stands more than once"),
        (WHEEL.replace(b"true", b"false"), "a wheel for any platform is pure"),
        (WHEEL.replace(b"true", b"yes"), '"yes" is neither true nor false'),
        (WHEEL + b"Tag: py3-none-linux_x86_64\n", "Tag: the tags are not the file name's"),
        (WHEEL.replace(b"Tag: py2-none-any\n", b""), "Tag: the tags are not the file name's"),
        (WHEEL.replace(b"true", b"true\n x"), '"true\\nx" is neither true nor false'),
        (WHEEL + b"Tag: py3\n", 'Tag: "py3" is no tag'),
        (WHEEL + b"Tag: `y3-none-any\n", 'Tag: "`y3-none-any" is no tag'),
        (
            WHEEL + b"Tag: %s\n" % b"-".join([b"a" + b".a" * 1999] * 3),
            "(cut) stands for more than 1000 tags",
        ),
        (WHEEL + b"Build: 1\n", "Build: "),
        (WHEEL + b"Hook: x\n", '"hook": no wheel has this field'),
        (WHEEL.replace(b"(1.0)", b"\n more"), "Generator: it has more than one line"),
        (WHEEL + b"\ntext", "the file: text follows the fields"),
        (b"nothing", 'the file: "nothing" is no header line'),
    ],
)
def test_another_wheel_file(content: bytes, part: str) -> None:
    result = _check(b"WHEEL", content)
    assert _says(result, part)
    assert all(line.isprintable() for line in result.problems + result.notes)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("my_tool.whl", "is no name of a wheel"),
        ("other-1.2-py2.py3-none-any.whl", "another project's name or version"),
        ("my_tool-1.3-py2.py3-none-any.whl", "another project's name or version"),
    ],
)
def test_another_file_name(name: str, part: str) -> None:
    assert _says(_check(b"WHEEL", WHEEL, _inputs(name)), part)


def test_another_folder() -> None:
    result = check_metadata("wheel", b"my_tool-1.3.dist-info/WHEEL", WHEEL, _inputs())
    assert _says(result, "the folder: ")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (_record().replace(",6\n", ",7\n"), "its listed size is not the archive's"),
        (_record().replace("sha256=", "sha256=A", 1), "its listed digest is not the sha256"),
        (_record().replace("sha256=", "md5=", 1), "its listed digest is not the sha256"),
        (_record() + "my_tool/more.py,sha256=x,1\n", "it is listed and not in the archive"),
        (_record() + _record().split("\n")[0] + "\n", "it is listed twice"),
        ("\n".join(_record().split("\n")[1:]), "it is in the archive and not listed"),
        (_record().replace("RECORD,,", "RECORD,sha256=x,"), "it lists a digest or size of itself"),
        (_record().replace("RECORD,,", "RECORD"), "has not three columns"),
        (_record() + 'a"b",,"', "the file: it cannot be read"),
        ("x" * 200_000, "the file: it cannot be read"),
        ("", "it is in the archive and not listed"),
    ],
)
def test_another_record(content: str, part: str) -> None:
    assert _says(_check(b"RECORD", content.encode()), part)


def test_a_record_without_the_digests_to_compare() -> None:
    given = _inputs()
    members = {path: replace(member, sha256=None) for path, member in given.members.items()}
    result = _check(b"RECORD", _record().encode(), replace(given, members=members))
    assert _says(result, "the sha256 of the archive's file was not made")


def test_a_record_that_is_not_text() -> None:
    assert _says(_check(b"RECORD", b"\xff"), "the file is not UTF-8")


def test_a_signature_need_not_be_listed() -> None:
    given = inputs(NAME, files={**FILES, FOLDER + b"/RECORD.jws": b"{}"})
    assert _check(b"RECORD", _record().encode(), given).problems == ()


def test_problems_are_cut() -> None:
    rows = "".join(f"{i},,\n" for i in range(500))
    assert len(_check(b"RECORD", rows.encode()).problems) == 50


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (ENTRY_POINTS + b"more = os:system\n", 'does not yield "more = os:system"'),
        (ENTRY_POINTS.replace(b"cli:main", b"evil:main"), 'mytool = my_tool.cli:main" is missing'),
        (ENTRY_POINTS.replace(b"my.plugins", b"pytest11"), '"pytest11": the configuration'),
        (ENTRY_POINTS + b"[console_scripts]\n", "stands twice"),
        (ENTRY_POINTS + b"first = x:y\n", "stands twice in its group"),
        (b"a = b\n" + ENTRY_POINTS, "is no line of a plain entry_points.txt"),
        (ENTRY_POINTS + b"# comment\n", "is no line of a plain entry_points.txt"),
        (ENTRY_POINTS + b" continued\n", "is no line of a plain entry_points.txt"),
        (ENTRY_POINTS + b"a: b = c\n", "is no line of a plain entry_points.txt"),
        (ENTRY_POINTS + b"a = b\x85[x]\n", "the file is not UTF-8"),
        (ENTRY_POINTS + "a = b\u2028[x]\n".encode(), "cannot be seen"),
        (b"", "is missing"),
    ],
)
def test_other_entry_points(content: bytes, part: str) -> None:
    assert _says(_check(b"entry_points.txt", content), part)


def test_dynamic_entry_points() -> None:
    dynamic = PYPROJECT.replace(b'["version"]', b'["version", "scripts"]')
    dynamic = dynamic.replace(b'[project.scripts]\nmytool = "my_tool.cli:main"', b"")
    given = inputs(NAME, dynamic, files=FILES)
    assert _says(_check(b"entry_points.txt", ENTRY_POINTS, given), "scripts: the configuration")
    assert _check(b"METADATA", METADATA, given).problems == ()


@pytest.mark.parametrize(
    ("file", "content", "part"),
    [
        (b"top_level.txt", b"os\n", 'the archive has nothing named "os" at its top'),
        (b"top_level.txt", b"\xff", "the file is not UTF-8"),
        (b"zip-safe", b"x", "is not recomputed by this version"),
        (b"direct_url.json", b"{}", "is not recomputed by this version"),
        (b"licenses/LICENSE", b"", "is no metadata"),
    ],
)
def test_other_files(file: bytes, content: bytes, part: str) -> None:
    assert _says(_check(file, content), part)


def test_what_is_missing() -> None:
    given = inputs(NAME, files={b"other-1.dist-info/METADATA": b"", b"a.egg-info/PKG-INFO": b""})
    assert missing_metadata("wheel", FOLDER, given) == (
        'the archive: "a.egg-info" is a second metadata folder',
        'the archive: "other-1.dist-info" is a second metadata folder',
        "METADATA: the archive does not have it",
        "WHEEL: the archive does not have it",
        "RECORD: the archive does not have it",
        "entry_points.txt: the archive does not have it",
    )
    assert missing_metadata("wheel", FOLDER, inputs(NAME, b"", files=FILES)) == (
        "the configuration: pyproject.toml has no [project] table, so nothing can be recomputed",
    )
    plain = b'[project]\nname = "my-tool"\nversion = "1.2"'
    assert missing_metadata("wheel", FOLDER, inputs(NAME, plain, files=FILES)) == ()
    assert missing_metadata("sdist", b"t-1", inputs()) == (
        "PKG-INFO: the archive does not have it",
    )


def test_module_files_are_top_level_names() -> None:
    given = inputs(NAME, files={b"fast.cp311.so": b"", b"my_tool-1.2.data/x": b""})
    assert _check(b"top_level.txt", b"fast\n", given).problems == ()
    assert not _check(b"top_level.txt", b"my_tool-1\n", given).recomputed
    assert member(b"").size == 0
