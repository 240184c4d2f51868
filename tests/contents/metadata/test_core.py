"""PKG-INFO and METADATA: every field against the configuration."""

import builtins
import warnings
from collections.abc import Iterable

import pytest
from pyproject_metadata import field_to_metadata
from pyproject_metadata.constants import KNOWN_PROJECT_FIELDS

from support_metadata import METADATA, PYPROJECT, inputs
from tagseal.contents.metadata import MetadataResult, check_metadata
from tagseal.contents.metadata._display import DISPLAY_FIELDS

SDIST = b"my_tool-1.2/PKG-INFO"
WHEEL = b"my_tool-1.2.dist-info/METADATA"


def _with(old: bytes, new: bytes) -> bytes:
    assert old in METADATA
    return METADATA.replace(old, new, 1)


def _plus(line: bytes) -> bytes:
    return METADATA.replace(b"\n\n", b"\n" + line + b"\n\n", 1)


def _check(content: bytes, pyproject: bytes = PYPROJECT) -> MetadataResult:
    result = check_metadata("sdist", SDIST, content, inputs(pyproject=pyproject))
    assert result.recomputed is (not result.problems)
    assert all(line.isprintable() for line in result.problems + result.notes)
    return result


def test_what_the_configuration_yields() -> None:
    assert _check(METADATA).problems == ()
    wheel = inputs("my_tool-1.2-py3-none-any.whl", files={b"my_tool/__init__.py": b"", WHEEL: b""})
    result = check_metadata("wheel", WHEEL, METADATA, wheel)
    assert result.problems == ()
    assert 'top level: "my_tool"' in result.notes
    assert 'Requires-Dist: "Click (>=8.0)"' in result.notes
    assert 'Requires-Python: "<4,>=3.10"' in result.notes


@pytest.mark.parametrize(
    "content",
    [
        METADATA.replace(b"\n", b"\r\n"),
        _with(b"Author-email: ", b"Maintainer: \nAuthor-email: ").replace(b"Maintainer: \n", b""),
        _with(b'"Ann B. Lee" <ann@example.org>', b"Ann B. Lee <ann@example.org>"),
        _with(b'Author-email: "Ann B. Lee" <ann@example.org>', b"Author-email: ann@example.org"),
        _with(b"Author: Bo", b"Author: Ann B. Lee, Bo"),
        _with(b"License-Expression: MIT", b"License: mit"),
        _plus(b"License: MIT"),
        _with(b"Project-URL: Homepage, https", b"Home-page: https"),
        _with(b"Keywords: one,two", b"Keywords: one two"),
        _with(b"Keywords: one,two", b"Keywords: one, two"),
        _plus(b"Dynamic: License-File"),
        _plus(b"Dynamic: Version"),
        _plus(b"Classifier: Programming Language :: Python :: 3"),
        _plus(b"Classifier: Programming Language :: Python :: 3.10"),
        _plus(b"Import-Name: My.Tool\nImport-Namespace: My"),
        _with(b"python_version < '3.11'", b"python_full_version < '3.11'"),
        _with(
            b'my_tool[cli_x]; extra == "all"',
            b"rich[jupyter]<15,>=13; extra == 'all'\n"
            b"Requires-Dist: colorama; os_name == 'nt' and extra == 'all'",
        ),
        _with(b"Platform: any\n", b"") if b"Platform" in METADATA else _plus(b"Platform: UNKNOWN"),
    ],
)
def test_what_backends_write_differently(content: bytes) -> None:
    assert _check(content).problems == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (_plus(b"Requires-Dist: evil"), 'Requires-Dist: the configuration does not yield "evil"'),
        (_with(b"(>=8.0)", b"(>=7.0)"), 'Requires-Dist: a requirement of "click" is missing or'),
        (_with(b"(>=8.0)", b"@ https://evil.example/c.whl"), "Requires-Dist: the configuration"),
        (_with(b"Click (>=8.0)", b"Click[x] (>=8.0)"), "Requires-Dist: the configuration"),
        (
            _with(b"os_name == 'nt' or ", b"os_name == 'nt' and "),
            "Requires-Dist: the configuration",
        ),
        (_with(b" or python_version < '3.11'", b""), "Requires-Dist: the configuration"),
        (_with(b"; extra == 'cli-x'", b""), "Requires-Dist: the configuration does not yield"),
        (_with(b"Click (>=8.0)", b"Click; a"), 'Requires-Dist: "Click; a" is no requirement'),
        (_plus(b"Requires-Dist: a; os_name == 'x\" or \"y'"), "has a quote inside a string"),
        (_plus(b"Requires-Dist: a @ https://x/'"), "has a quote in its URL"),
        (_plus(b"Requires-Dist: a; " + b"(" * 41), "is too long or nests too deeply"),
        (_plus(b"Requires-Dist: " + b"a" * 9000), "is too long or nests too deeply"),
        (_with(b"<4,>=3.10", b">=3.10"), 'Requires-Python: ">=3.10" is not the configuration\'s'),
        (_with(b"<4,>=3.10", b"x"), 'Requires-Python: "x" is no version specifier'),
        (_with(b"Requires-Python: <4,>=3.10\n", b""), 'Requires-Python: "" is not the'),
        (_plus(b"Provides-Extra: more"), 'Provides-Extra: the configuration does not yield "more"'),
        (_with(b"Provides-Extra: all\n", b""), 'Provides-Extra: "all" is missing'),
        (_with(b"Name: my-tool", b"Name: my-tools"), 'Name: "my-tools" is not the project\'s name'),
        (_with(b"Version: 1.2", b"Version: 1.3"), 'Version: "1.3" is not the tag\'s "1.2"'),
        (_with(b"Version: 1.2", b"Version: x"), 'Version: "x" is not the tag\'s'),
        (_with(b"Version: 2.4", b"Version: 9.0"), 'Metadata-Version: "9.0" is not known'),
        (
            _with(b"Summary: A tool", b"Summary: A fool"),
            'Summary: the configuration yields "A tool"',
        ),
        (_with(b"Click (>=8.0)", b"\n Click (>=8.0)"), '"requires-dist": the value goes over'),
        (_plus(b"Name: other"), "Name: the field stands more than once"),
        (_plus(b"Requires-External: libc"), '"requires-external": no configuration yields'),
        (_plus(b"Content-Type: multipart/mixed"), '"content-type": no configuration yields'),
        (_plus(b"Dynamic: Requires-Dist"), "Dynamic: the configuration does not declare"),
        (_plus(b"Platform: linux"), "Platform: the configuration does not yield"),
        (_plus(b"Classifier: X :: Y"), 'Classifier: the configuration does not yield "X :: Y"'),
        (_plus(b"Classifier: Programming Language :: Python :: 3.9"), "Classifier: the config"),
        (_with(b"Classifier: Typing :: Typed\n", b""), 'Classifier: "Typing :: Typed" is missing'),
        (_plus(b"Import-Name: os"), 'Import-Name: the configuration does not yield "os"'),
        (_plus(b"Import-Namespace: os"), 'Import-Namespace: the configuration does not yield "os"'),
        (_with(b"Author: Bo", b"Author: Eve"), 'Author: the configuration does not yield "Eve"'),
        (_with(b"ann@example.org", b"eve@example.org"), "Author-email: the configuration does not"),
        (_plus(b"Maintainer: Eve"), 'Maintainer: the configuration does not yield "Eve"'),
        (_with(b"Keywords: one,two", b"Keywords: one"), "Keywords: the configuration does not"),
        (_with(b"Homepage, https://example.org", b"Homepage, https://evil.example"), "Project-URL"),
        (_with(b"Homepage, https://example.org", b"Homepage"), "Project-URL: the configuration"),
        (_plus(b"Home-page: https://evil.example"), "Home-page: the configuration does not yield"),
        (_plus(b"Download-URL: https://evil.example"), "Download-URL: the configuration does not"),
        (
            _with(b"Project-URL: source-code, https://example.org/src\n", b""),
            'link "sourcecode" is',
        ),
        (_with(b"License-Expression: MIT", b"License-Expression: GPL-2.0"), "License: the config"),
        (_plus(b"License: GPL"), 'License: the configuration does not yield "GPL"'),
        (_with(b"License-Expression: MIT\n", b""), "License: the configuration does not yield"),
        (
            _with(b"License-File: LICENSE", b"License-File: COPYING"),
            "License-File: the tree has no",
        ),
        (_with(b"text/markdown", b"text/html"), "Description-Content-Type: "),
        (_with(b"It is a tool.", b"It is a trap."), "Description: the text is not"),
        (b"\n" + METADATA, "the file: the file starts with a blank line"),
        (_with(b"Author: Bo", b"Author Bo"), 'the file: "Author Bo" is no header line'),
        (
            _with(b"Author: Bo", b"Author: Bo\x0cRequires-Dist: evil"),
            "a control character stands in",
        ),
        (_with(b"Author: Bo", "Author: Bo\u2028Name: x".encode()), "a control character stands in"),
        (_with(b"Author: Bo", b"Author: Bo\rName: x"), "a control character stands in"),
        (METADATA + b"\xff", "the file: the file is not UTF-8"),
        (b"", 'Name: "" is not the project\'s name'),
        (b" leading", 'the file: " leading" is no header line'),
        (b"x" * ((8 << 20) + 1), "the file: it is larger than"),
    ],
)
def test_what_the_configuration_does_not_yield(content: bytes, problem: str) -> None:
    assert any(problem in found for found in _check(content).problems), _check(content).problems


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'"version"]', b'"version", "dependencies"]', 'table has "dependencies" and declares it'),
        (b'"version"]', b'"version", "readme"]', 'table has "readme" and declares it dynamic'),
        (b'"version"]', b'"version", "license"]', 'table has "license" and declares it dynamic'),
        (b'dynamic = ["version"]', b'version = "1.3"', 'the configuration\'s version "1.3" is not'),
        (b'dynamic = ["version"]', b'version = "x"', "the [project] table is refused"),
        (PYPROJECT, b"[tool.poetry]", "pyproject.toml has no [project] table"),
        (b"[project]", b"[project", "pyproject.toml cannot be read: the file is not TOML"),
        (b'"click>=8.0"', b"8", "the [project] table is refused"),
        (b'"click>=8.0"', b'"click>>8.0"', "the [project] table is refused"),
        (b'"click>=8.0"', b'"a; os_name == \'x\\"y\'"', "Requires-Dist: the configuration cannot"),
        (b'name = "My.Tool"', b"", "the [project] table is refused"),
        (b'name = "My.Tool"', b'name = "other"', 'the folder: "my_tool-1.2" is not the project'),
    ],
)
def test_a_configuration_from_which_it_cannot_be_recomputed(
    old: bytes, new: bytes, problem: str
) -> None:
    assert old in PYPROJECT
    found = _check(METADATA, PYPROJECT.replace(old, new)).problems
    assert any(problem in sentence for sentence in found), found


def test_a_tag_that_is_no_python_version() -> None:
    result = check_metadata("sdist", SDIST, METADATA, inputs(version="1.2-final-really"))
    assert "is no Python version" in result.problems[0]


def test_spellings_of_a_version() -> None:
    content = _with(b"Version: 1.2", b"Version: 1.2rc1")
    path = b"my_tool-1.2rc1/PKG-INFO"
    assert check_metadata("sdist", path, content, inputs(version="1.2-rc.1")).problems == ()


MINIMAL = b'[project]\nname = "t"\nversion = "1"\n'


def _minimal(extra: bytes, lines: bytes, **more: object) -> MetadataResult:
    content = b"Metadata-Version: 2.1\nName: t\nVersion: 1\n" + lines
    given = inputs("t-1.tar.gz", MINIMAL + extra, "1", **more)  # type: ignore[arg-type]
    return check_metadata("sdist", b"t-1/PKG-INFO", content, given)


def test_licences_and_readmes_as_text_and_as_files() -> None:
    tree = {b"LICENSE": b"All\n\nrights\n", b"R.rst": b"Hi\n"}
    assert _minimal(b'license = {text = "MIT"}', b"License: MIT\n").recomputed
    assert _minimal(b'license = {text = "MIT"}', b"").recomputed
    assert not _minimal(b'license = {text = "MIT"}', b"License: GPL\n").recomputed
    assert not _minimal(b'license = {text = "MIT"}', b"License-Expression: MIT\n").recomputed
    file = b'license = {file = "LICENSE"}'
    assert _minimal(file, b"License: All\n        \n        rights\n", tree=tree).recomputed
    assert _minimal(file, b"", tree=tree).recomputed
    assert not _minimal(file, b"License: Other\n", tree=tree).recomputed
    assert _minimal(file, b"", tree=tree, sources={}).recomputed
    assert not _minimal(b"", b"License: MIT\n").recomputed
    readme = b'readme = "./R.rst"'
    kind = b"Description-Content-Type: text/x-rst\n\n"
    assert _minimal(readme, kind + b"Hi", tree=tree).recomputed
    assert not _minimal(readme, kind + b"Ho", tree=tree).recomputed
    text = b'readme = {text = "Hi", content-type = "text/plain; charset=UTF-8"}'
    assert _minimal(text, b"Description-Content-Type: text/plain\n\nHi\n").recomputed
    assert not _minimal(b"", b"\nAn advertisement\n").recomputed
    assert not _minimal(b'authors = [{name = "A"}]', b"").recomputed


@pytest.mark.parametrize("text", [b"Hi", b"An advertisement"])
@pytest.mark.parametrize(
    ("table", "field"),
    [
        ('readme = "{}"', "Description"),
        ('readme = {{file = "{}", content-type = "text/x-rst"}}', "Description"),
        ('license = {{file = "{}"}}', "License"),
    ],
)
def test_a_text_without_its_file_is_a_problem(table: str, field: str, text: bytes) -> None:
    """Whoever makes the archive chooses what to carry."""
    lines = b"License: " + text if field == "License" else b"\n" + text
    tree = {b"docs/R.rst": b"Hi\n", b"R.txt": b"Hi\n"}
    for path, at_hand, problem in (
        ("docs/R.rst", {}, 'the bytes of the tree\'s "docs/R.rst" are not at hand'),
        ("./docs/R.rst", {}, 'the bytes of the tree\'s "./docs/R.rst" are not at hand'),
        ("docs/R.rst", {b"R.txt": b"Hi\n"}, "are not at hand"),
        ("other/R.rst", tree, 'the configuration\'s "other/R.rst" is no proven file of the tree'),
        ("../R.rst", {b"../R.rst": b"Hi\n"}, "is no proven file of the tree"),
        ("docs", tree, "is no proven file of the tree"),
    ):
        known = {**tree, b"../R.rst": b"Hi\n"} if path.startswith("..") else tree
        extra = table.format(path).encode()
        found = _minimal(extra, lines, tree=known, sources=at_hand)
        assert [p for p in found.problems if p.startswith(f"{field}: ") and problem in p], found
    there = _minimal(table.format("./docs/R.rst").encode(), lines, tree=tree)
    assert there.recomputed is (text == b"Hi")


def test_flit_and_setuptools_tables() -> None:
    flit = b'[tool.flit.module]\nname = "a.b"'
    assert _minimal(flit, b"Import-Name: a.b\nImport-Namespace: a\n").recomputed
    assert not _minimal(flit, b"Import-Name: t\n").recomputed
    named = b'import-names = ["t"]\n'
    assert _minimal(named, b"Import-Name: t\n").recomputed
    assert not _minimal(named, b"Import-Name: u\n").recomputed
    assert _minimal(b"[tool]\nflit = 1\nsetuptools = []", b"").recomputed


BEHAVIOUR = ["dependencies", "optional-dependencies", "requires-python"]
BEHAVIOUR += ["import-names", "import-namespaces"]
DISPLAY = {
    "authors": "Author, Author-email",
    "classifiers": "Classifier",
    "description": "Summary",
    "keywords": "Keywords",
    "license": "License, License-Expression",
    "license-files": "License-File",
    "maintainers": "Maintainer, Maintainer-email",
    "readme": "Description, Description-Content-Type",
    "urls": "Project-URL, Home-page, Download-URL",
}


def _dynamic(*keys: str) -> bytes:
    return f'name = "t"\nversion = "1"\ndynamic = {list(keys)}\n'.encode()


def _opened(keys: Iterable[str], lines: bytes, extra: bytes = b"") -> MetadataResult:
    content = b"Metadata-Version: 2.4\nName: t\nVersion: 1\n" + lines
    given = inputs("t-1.tar.gz", b"[project]\n" + _dynamic(*keys) + extra, "1")
    return check_metadata("sdist", b"t-1/PKG-INFO", content, given)


@pytest.mark.parametrize("key", BEHAVIOUR)
def test_a_dynamic_field_that_decides_what_runs_is_a_problem(key: str) -> None:
    result = _opened([key], b"")
    (problem,) = result.problems
    assert problem.endswith(f": the configuration declares {key} dynamic: not recomputable")
    assert not _opened([key, *DISPLAY], b"").recomputed


def test_every_key_of_the_project_table_is_decided() -> None:
    """A key that a later specification adds decides what runs until it is known to be for display.

    The entry points are in a file of their own, and judged there.
    """
    apart = {"name", "version", "dynamic", "scripts", "gui-scripts", "entry-points"}
    assert apart | set(BEHAVIOUR) | set(DISPLAY) == KNOWN_PROJECT_FIELDS
    assert set(DISPLAY_FIELDS) == set(DISPLAY)
    for key, fields in DISPLAY_FIELDS.items():
        assert {f.lower() for f in field_to_metadata(key)} <= {f.lower() for f in fields}


WRITTEN = {
    "authors": b"Author: Eve\nAuthor-email: Eve <eve@example.org>\n",
    "classifiers": b"Classifier: X :: Y\n",
    "description": b"Summary: Another\n",
    "keywords": b"Keywords: other\n",
    "license": b"License: Other\n",
    "license-files": b"License-File: LICENSE\n",
    "maintainers": b"Maintainer: Eve\nMaintainer-email: eve@example.org\n",
    "urls": b"Project-URL: A, b\nHome-page: https://c.example\nDownload-URL: https://d.example\n",
    "readme": b"Description-Content-Type: text/html\n\nAnother\n",
}


@pytest.mark.parametrize("key", DISPLAY)
def test_a_dynamic_field_for_display_is_a_note(key: str) -> None:
    result = _opened([key], WRITTEN[key])
    assert result.problems == ()
    assert result.notes == (f"{DISPLAY[key]}: written by the build, not recomputed",)
    if key != "license-files":  # A closed one holds nothing but files of the tree, too.
        assert not _opened(DISPLAY.keys() - {key}, WRITTEN[key]).recomputed


def test_only_the_proven_configuration_opens_a_field() -> None:
    said = b"".join(f"Dynamic: {f}\n".encode() for fs in DISPLAY_FIELDS.values() for f in fs)
    result = _opened([], said + b"Summary: Another\n")
    assert any(p.startswith("Summary: ") for p in result.problems)
    assert sum(p.startswith("Dynamic: ") for p in result.problems) == 14  # all but License-File


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"Requires-Dist: evil", 'Requires-Dist: the configuration does not yield "evil"'),
        (b"Requires-Python: >=4", 'Requires-Python: ">=4" is not'),
        (b"Provides-Extra: x", 'Provides-Extra: the configuration does not yield "x"'),
        (b"Requires-External: x", '"requires-external": no configuration'),
        (b"Import-Name: os", 'Import-Name: the configuration does not yield "os"'),
        (b"Import-Namespace: os", 'Import-Namespace: the configuration does not yield "os"'),
        (b"Dynamic: Requires-Dist", "Dynamic: the configuration does not declare"),
        (b"Name: u", "Name: the field stands more than once"),
        (b"Version: 2", "Version: the field stands more than once"),
        (b"Summary: more", "Summary: the field stands more than once"),
        (b"Platform: linux", "Platform: the configuration does not yield"),
        (b"Obsoletes-Dist: pip", '"obsoletes-dist": no configuration'),
        (b"Classifier: a\n Requires-Dist: evil", '"classifier": the value goes over'),
        (b"License-File: setup.py", "License-File: the tree has no file"),
        (b"Summary2: x\rRequires-Dist: evil", "a control character stands in"),
    ],
)
def test_open_fields_open_nothing_else(line: bytes, problem: str) -> None:
    everything = b"".join(WRITTEN[key] for key in DISPLAY if key != "readme")
    assert _opened(DISPLAY, everything + WRITTEN["readme"]).recomputed
    found = _opened(DISPLAY, everything + line + b"\n" + WRITTEN["readme"]).problems
    assert any(problem in sentence for sentence in found), found


def test_nothing_is_read_from_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    _check(METADATA)

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr("io.open", refuse)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _check(METADATA).recomputed
