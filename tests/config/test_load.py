"""The configuration: what each key becomes, and every error at once."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal import config
from tagseal.config import CommandArchive, PythonArchive, SourceArchive, load_config
from tagseal.core.errors import ConfigError
from tagseal.core.patterns import compile_file_name_pattern, compile_pattern

DESIGN = """
repository = "https://github.com/owner/name"
tag = "v{version}"

[[archive]]
builder = "source"
formats = ["tar.gz", "zip"]
omitted = [".github/**"]

[[archive]]
builder = "python"
requirements = "pylock.build.toml"

[[archive]]
builder = "command"
run = [["./autogen.sh"], ["./configure"], ["make", "dist"]]
outputs = ["xz-*.tar.gz"]
generated = ["configure", "**/Makefile.in", "po/*.gmo"]

[[expect]]
archive = "xz-*.tar.gz"
run = [["cmake", "-B", "b"], ["cmake", "--build", "b"]]
cmake_cache = { HAVE_LINUX_LANDLOCK = "1" }
"""


def _pyproject(text: str) -> bytes:
    return (
        text.replace("[[archive]]", "[[tool.tagseal.archive]]")
        .replace("[[expect]]", "[[tool.tagseal.expect]]")
        .replace("repository =", "[tool.tagseal]\nrepository =")
        .encode()
    )


def _own(text: str) -> dict[str, bytes]:
    return {"tagseal.toml": text.encode()}


def _problems(files: Mapping[str, bytes]) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(files)
    assert caught.value.code == "config-invalid"
    assert all(line.isprintable() for line in str(caught.value).split("\n"))
    return str(caught.value)


def test_the_example_of_the_documentation_in_both_files() -> None:
    own = load_config(_own(DESIGN))
    assert own is not None
    assert own.file == "tagseal.toml"
    assert own.repository == "https://github.com/owner/name"
    assert own.archives == (
        SourceArchive(formats=("tar.gz", "zip"), omitted=(compile_pattern(".github/**"),)),
        PythonArchive(requirements="pylock.build.toml"),
        CommandArchive(
            run=(("./autogen.sh",), ("./configure",), ("make", "dist")),
            outputs=(compile_file_name_pattern("xz-*.tar.gz"),),
            generated=tuple(map(compile_pattern, ("configure", "**/Makefile.in", "po/*.gmo"))),
        ),
    )
    assert dict(own.expectations[0].cmake_cache) == {"HAVE_LINUX_LANDLOCK": "1"}
    assert own.expectations[0].archive.matches(b"xz-5.8.1.tar.gz")
    python = load_config({"pyproject.toml": _pyproject(DESIGN)})
    assert python is not None
    assert python.file == "pyproject.toml"
    assert (python.archives, python.expectations) == (own.archives, own.expectations)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"pyproject.toml": b""},
        {"pyproject.toml": b"[tool.ruff]"},
        {"pyproject.toml": b"tool = 1"},
    ],
)
def test_no_configuration(files: dict[str, bytes]) -> None:
    assert load_config(files) is None


def test_an_empty_configuration_is_one() -> None:
    found = load_config({"pyproject.toml": b"[tool.tagseal]"})
    assert found is not None
    assert (found.tag, found.archives, found.repository) == ("v{version}", (), None)
    assert load_config({"tagseal.toml": b"", "pyproject.toml": b"[tool.ruff]"}) is not None


def test_two_configurations_are_refused() -> None:
    files = {"tagseal.toml": b"", "pyproject.toml": b"[tool.tagseal]"}
    assert "both tagseal.toml and [tool.tagseal]" in _problems(files)


def test_top_folder() -> None:
    assert SourceArchive().top_folder(name="xz", version="5.8.1") == "xz-5.8.1"


SOURCE = '[[archive]]\nbuilder = "source"\n'
PYTHON = '[[archive]]\nbuilder = "python"\n'
COMMAND = '[[archive]]\nbuilder = "command"\nrun = [["make"]]\noutputs = ["a-*"]\n'
EXPECT = '[[expect]]\narchive = "a-*"\nrun = [["make"]]\n'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("archives = []", 'archives: there is no such key (did you mean "archive"?)'),
        ('"a\\u001bb" = 1', "a\\x1bb: there is no such key"),
        ("archive = 1", "archive: a list of tables must stand here, not a number"),
        ("archive = [1]", "archive[0]: in this list of tables a number cannot stand"),
        ("[[archive]]", "archive[0].builder: this key must be there"),
        ("[[archive]]\nbuilder = 1", "archive[0].builder: a string that is not empty must stand"),
        ('[[archive]]\nbuilder = "pyton"', '(did you mean "python"?)'),
        ('tag = ""', "tag: a string that is not empty must stand here, not an empty value"),
        ('tag = "v"', 'tag: "v" does not hold {version} exactly once'),
        ('tag = "{version}{version}"', "exactly once"),
        ('tag = "{name}-{version}"', "holds a brace"),
        ('tag = "v {version}"', "cannot be the name of a git tag"),
        ('tag = "-{version}"', "cannot be the name of a git tag"),
        ('tag = "{version}.lock"', "cannot be the name of a git tag"),
        ('tag = "refs/tags/{version}"', "give the tag's name alone"),
        ('tag = "v\\u200b{version}"', "cannot be seen"),
        ('repository = "http://github.com/a/b"', "is no https URL of a repository"),
        ('repository = "https://user:pw@github.com/a/b"', "is no https URL of a repository"),
        ('repository = "https://github.com:1/a/b"', "is no https URL of a repository"),
        ('repository = "https://github.com/a/b?x"', "is no https URL of a repository"),
        ('repository = "https://github.com"', "is no https URL of a repository"),
        ('repository = "https://[::1/a"', "is no https URL of a repository"),
        (SOURCE + 'formats = ["tgz"]', 'formats[0]: "tgz" is not one of "tar.gz", "tar", "zip"'),
        (SOURCE + 'formats = ["tar.xz"]', 'cannot yet write "tar.xz"'),
        (SOURCE + 'formats = ["zip", "tar.zst"]', "formats[1]: this version of tagseal cannot yet"),
        (SOURCE + 'formats = ["zip", "zip"]', 'formats[1]: "zip" stands twice'),
        (SOURCE + "formats = []", "formats: at least one must be listed"),
        (SOURCE + 'formats = "zip"', "a list of strings must stand here, not a string"),
        (SOURCE + 'name = "a b-{version}"', "holds more than"),
        (SOURCE + 'name = "-{version}"', "starts with . or -"),
        (SOURCE + 'name = "{name}"', "does not hold {version} exactly once"),
        (SOURCE + 'name = "{version}."', "ends in a dot"),
        (SOURCE + 'omitted = ["**"]', "archive[0].omitted[0]: the pattern"),
        (SOURCE + 'omitted = ["a", "a"]', 'omitted[1]: the pattern "a" stands twice'),
        (SOURCE + 'run = [["a"]]', 'run: this key belongs to builder = "command", not to "source"'),
        (SOURCE + SOURCE, "archive[1].builder: an earlier archive table already makes"),
        (PYTHON + PYTHON, "already makes sdist"),
        (PYTHON + "sdist = 1", "sdist: true or false must stand here, not a number"),
        (PYTHON + "sdist = false\nwheel = false", "neither the sdist nor the wheel"),
        (PYTHON + 'requirements = "../x"', "requirements: a path from the tree's root must stand"),
        ('[[archive]]\nbuilder = "command"', "archive[0].run: this key must be there"),
        (
            '[[archive]]\nbuilder = "command"\nrun = []',
            "archive[0].run: at least one must be listed",
        ),
        (COMMAND.replace('["make"]', '"make"'), "run[0]: in this list of commands"),
        (COMMAND.replace('["make"]', "[1979-05-27]"), "run[0]: in this list of commands"),
        (COMMAND.replace('["make"]', "1979-05-27"), "a date or time cannot stand"),
        (COMMAND.replace("a-*", "*"), "matches every file"),
        (EXPECT.replace("a-*", "b/a"), "expect[0].archive: the pattern"),
        ("[[expect]]", "expect[0].archive: this key must be there"),
        (EXPECT + "cmake_cache = 1", "expect[0].cmake_cache: a table must stand here"),
        (
            EXPECT + "cmake_cache = { A = true }",
            "expect[0].cmake_cache.A: a string must stand here",
        ),
        (
            EXPECT + "cmake = 1",
            'expect[0].cmake: there is no such key (did you mean "cmake_cache"?)',
        ),
    ],
)
def test_each_error(text: str, wanted: str) -> None:
    assert wanted in _problems(_own(text))


def test_every_error_at_once_with_the_path_of_its_key() -> None:
    text = 'repository = 1\ntag = "v"\n' + SOURCE + "formats = [1]\n" + PYTHON + "wheel = 1"
    found = _problems({"pyproject.toml": _pyproject(text)})
    assert found.startswith("pyproject.toml: 4 errors in the configuration:\n- ")
    for key in ("tag", "repository", "archive[0].formats[0]", "archive[1].wheel"):
        assert f"- tool.tagseal.{key}: " in found


def test_a_flood_of_errors_is_cut() -> None:
    found = _problems(_own("\n".join(f"x{i} = 1" for i in range(250))))
    assert found.endswith("- and 150 more")


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"pyproject.toml": b"["}, "pyproject.toml: the file is not TOML"),
        ({"tagseal.toml": b"\xff"}, "tagseal.toml: the file is not UTF-8 (byte 0)"),
        ({"tagseal.toml": b"#" * (1 << 20) + b"\n"}, "larger than"),
        ({"tagseal.toml": b"a = " + b"[" * 5000 + b"]" * 5000}, "nests too deeply"),
        ({"pyproject.toml": b"[tool]\ntagseal = 1"}, "tool.tagseal: a table must stand here"),
    ],
)
def test_files_that_cannot_be_read(files: dict[str, bytes], wanted: str) -> None:
    assert wanted in _problems(files)


_keys = st.sampled_from(
    ["archive", "expect", "tag", "builder", "formats", "omitted", "generated", "run", "outputs"]
)
_toml_values = st.recursive(
    st.one_of(
        st.booleans().map(lambda b: str(b).lower()),
        st.integers(-9, 9).map(str),
        st.sampled_from(['"source"', '"command"', '"python"', '"tar.gz"', '"**"', '"a/*"', '""']),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(_keys, inner), max_size=4, unique_by=lambda pair: pair[0]).map(
            lambda pairs: "{" + ", ".join(f"{k} = {v}" for k, v in pairs) + "}"
        ),
    ),
    max_leaves=12,
)


@given(st.lists(st.tuples(_keys, _toml_values), max_size=4, unique_by=lambda pair: pair[0]))
def test_any_tables_are_read_or_refused_as_configuration(pairs: list[tuple[str, str]]) -> None:
    try:
        found = load_config(_own("\n".join(f"{k} = {v}" for k, v in pairs)))
    except ConfigError as error:
        outcome = error.code
    else:
        assert found is not None
        outcome = "config-invalid"
    assert outcome == "config-invalid"


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_as_configuration(content: bytes) -> None:
    for file in ("tagseal.toml", "pyproject.toml"):
        try:
            load_config({file: content})
        except ConfigError as error:
            code = error.code
        else:
            code = "config-invalid"
        assert code == "config-invalid"


def test_all_is_sorted_and_exported() -> None:
    assert config.__all__ == sorted(config.__all__)
    assert all(hasattr(config, name) for name in config.__all__)
