"""Whatever the bytes are, the answer is a result, and a changed requirement never passes."""

import email
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.metadata import parse_email
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from support_metadata import ENTRY_POINTS, METADATA, PYPROJECT, inputs
from tagseal.contents.metadata import Distribution, check_metadata
from tagseal.contents.metadata._headers import read_headers
from tagseal.contents.metadata._requirements import marker_key, read_dependency

PLACES: list[tuple[Distribution, bytes]] = [
    ("sdist", b"my_tool-1.2/PKG-INFO"),
    ("sdist", b"my_tool-1.2/setup.cfg"),
    *(
        ("sdist", b"my_tool-1.2/my_tool.egg-info/" + name)
        for name in (
            b"requires.txt",
            b"SOURCES.txt",
            b"entry_points.txt",
            b"scm_version.json",
            b"scm_file_list.json",
        )
    ),
    *(
        ("wheel", b"my_tool-1.2.dist-info/" + name)
        for name in (b"METADATA", b"WHEEL", b"RECORD", b"entry_points.txt", b"top_level.txt")
    ),
]


def _mutated(base: bytes) -> st.SearchStrategy[bytes]:
    pieces = st.one_of(
        st.binary(max_size=6),
        st.sampled_from(
            [b"Requires-Dist: ", b"\n ", b"\n\n", b"\r", b"(" * 30, b'"', b"; extra =="]
        ),
    )
    return st.builds(
        lambda at, cut, piece: base[:at] + piece + base[at + cut :],
        st.integers(0, len(base)),
        st.integers(0, 12),
        pieces,
    )


@given(
    st.sampled_from(PLACES),
    st.one_of(st.binary(max_size=80), _mutated(METADATA), _mutated(ENTRY_POINTS)),
)
def test_any_bytes_are_a_result(place: tuple[Distribution, bytes], content: bytes) -> None:
    kind, path = place
    name = "my_tool-1.2-py3-none-any.whl" if kind == "wheel" else "my_tool-1.2.tar.gz"
    result = check_metadata(kind, path, content, inputs(name))
    assert result.recomputed is (result.problems == ())
    assert all(line.isprintable() for line in result.problems + result.notes)


_OPEN = re.sub(
    rb"(?m)^(description|readme|license|authors|keywords|classifiers) = .*\n", b"", PYPROJECT
).replace(
    b'["version"]',
    b'["version", "description", "readme", "license", "authors", "keywords", "classifiers"]',
)


@given(_mutated(METADATA))
def test_open_fields_change_nothing_that_an_installer_reads(content: bytes) -> None:
    result = check_metadata("sdist", PLACES[0][1], content, inputs(pyproject=_OPEN))
    if result.recomputed:
        found, _ = parse_email(content)
        honest, _ = parse_email(METADATA)
        assert set(map(read_dependency, found["requires_dist"])) == set(
            map(read_dependency, honest["requires_dist"])
        )
        assert SpecifierSet(found["requires_python"]) == SpecifierSet(honest["requires_python"])
        assert canonicalize_name(found["name"]) == canonicalize_name(honest["name"])
        assert Version(found["version"]) == Version(honest["version"])
        extras = found["provides_extra"]
        assert {*map(canonicalize_name, extras)} == {*honest["provides_extra"]}


def test_open_fields_take_any_text() -> None:
    text = METADATA.replace(b"A tool", b"Another").replace(b"It is a tool.", b"Buy this.")
    assert check_metadata("sdist", PLACES[0][1], text, inputs(pyproject=_OPEN)).recomputed
    assert not check_metadata("sdist", PLACES[0][1], text, inputs()).recomputed


@given(_mutated(PYPROJECT))
def test_any_configuration_is_a_result(pyproject: bytes) -> None:
    result = check_metadata("sdist", PLACES[0][1], METADATA, inputs(pyproject=pyproject))
    assert all(line.isprintable() for line in result.problems + result.notes)


@pytest.mark.parametrize(
    "pyproject",
    [
        b"project = " + b"[" * 3000 + b"]" * 3000,
        b"[project]\nname = 1",
        b"[project]\nname = 'a'\nversion = 1",
        b"[project]\nname = 'a'\nversion = '1'\ndynamic = [1]",
        b"[project]\nname = 'a'\nversion = '1'\ndynamic = ['nothing']",
        b"[project]\nname = 'a'\nversion = '1'\nurls = [1]",
        b"[project]\nname = 'a'\nversion = '1'\nauthors = ['x']",
        b"[project]\nname = 'a'\nversion = '1'\ndependencies = ['a; " + b"(" * 5000 + b"']",
        b"[project]\nname = 'a'\nversion = '1'\nlicense = 1\nreadme = 1",
        b"[project]\nname = 'a'\nversion = '1'\nscripts = {a = 1}\nentry-points = {b = {c = 1}}",
    ],
)
def test_a_configuration_of_wrong_types(pyproject: bytes) -> None:
    assert not check_metadata(
        "sdist", b"a-1/PKG-INFO", METADATA, inputs(pyproject=pyproject)
    ).recomputed


_atoms = st.sampled_from(
    ['os_name == "nt"', 'python_version < "3.11"', "extra == 'a_b'", '"x" not in platform_machine']
)
_markers = st.recursive(
    _atoms,
    lambda inner: st.builds(
        lambda word, parts: "(" + f" {word} ".join(parts) + ")",
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=2, max_size=3),
    ),
    max_leaves=6,
)
_ENVIRONMENTS = [
    {"os_name": os, "python_version": v, "python_full_version": f"{v}.1", "platform_machine": m}
    | {"extra": extra}
    for os in ("nt", "posix")
    for v in ("3.10", "3.11")
    for m in ("x", "y")
    for extra in ("a-b", "")
]


def _form(text: str) -> object:
    return marker_key(str(Marker(text)))


@given(_markers, _markers)
def test_markers_of_one_form_mean_the_same(first: str, second: str) -> None:
    if _form(first) == _form(second):
        for environment in _ENVIRONMENTS:
            assert Marker(first).evaluate(environment) == Marker(second).evaluate(environment)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ('python_version < "3.11"', 'python_full_version < "3.11"', True),
        ('python_version <= "3.10"', 'python_full_version < "3.11"', True),
        ('python_version > "3.10"', 'python_full_version >= "3.11"', True),
        ('python_version == "3.10"', 'python_full_version == "3.10.*"', True),
        ('python_version != "3.10"', 'python_full_version != "3.10.*"', True),
        ('python_version == "3.10"', 'python_full_version == "3.10"', False),
        ('python_version ~= "3.10"', 'python_full_version ~= "3.10"', False),
        ('os_name == "a" and os_name == "a"', 'os_name == "a"', True),
        ('os_name == "a" and (os_name == "b" or os_name == "c")', 'os_name == "a"', False),
        ('os_name == "a" or os_name == "b"', 'os_name == "a" and os_name == "b"', False),
    ],
)
def test_forms_of_markers(first: str, second: str, same: bool) -> None:
    assert (_form(first) == _form(second)) is same


@pytest.mark.parametrize(
    "text",
    [
        "os_name == 'a\"b'",
        'os_name == "a"b"',
        'os_name == "a" or ""',
        'os_name == "a" os_name',
        'os_name == "a")',
        '(os_name == "a"',
        "",
    ],
)
def test_texts_that_are_no_canonical_marker(text: str) -> None:
    with pytest.raises(ValueError, match="marker"):
        marker_key(text)


@given(_mutated(METADATA))
def test_header_files_are_read_as_installers_read_them(content: bytes) -> None:
    try:
        headers = read_headers(content)
    except ValueError:
        return
    message = email.message_from_string(content.decode())
    assert [(k.lower(), v.split()) for k, v in message.items()] == [
        (name, value.split()) for name, value in headers.fields
    ]
    assert not message.is_multipart() or message.get_content_maintype() != "text"
    raw, unparsed = parse_email(content)
    if not unparsed:
        found = [text.split() for text in raw.get("requires_dist", [])]
        assert found == [text.split() for text in headers.all("requires-dist")]


def test_forms_of_requirements() -> None:
    assert read_dependency("A_b.c[X_y]>=1.0") == read_dependency("a-b-c [x-y] (>=1)")
    assert read_dependency("a>=1") != read_dependency("a>=1,<2")
