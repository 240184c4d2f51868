import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.contents.rules._requirements import canonical, named_requirements


def named(path: bytes, text: str) -> set[str]:
    return {name.decode() for name in named_requirements(path, text.encode())}


def test_a_pyproject_in_each_backends_way() -> None:
    text = """
[build-system]
requires = ["not-this"]
[project]
dependencies = ["Rich_Text >=1,<2", "a[x,y]~=1.0; python_version < '3'", "no good"]
optional-dependencies = { docs = ["sphinx", "b"] }
[tool.poetry.dependencies]
python = "^3.9"
attrs = ">=1"
[tool.poetry.dev-dependencies]
pytest = "*"
[tool.poetry.group.x.dependencies]
y = "*"
[tool.flit.metadata]
requires = ["z"]
requires-extra = { t = ["w"] }
"""
    names = {"rich-text", "a", "sphinx", "b", "python", "attrs", "pytest", "y", "z", "w"}
    assert named(b"pyproject.toml", text) == names
    assert named(b"pyproject.toml", "malformed") == set()
    assert named(b"pyproject.toml", "project = 5\ntool = 5\n") == set()


def test_a_setup_py_is_read_and_never_run() -> None:
    text = '''
from setuptools import setup
license = "MIT"
raise SystemExit(1)
setup(name="t", description="long", install_requires=["attrs>=1", "six", x],
      extras_require={"x": ["a"], "b": "c; os_name == 'nt'", 1: 2}, keywords=("k",),
      tests_require={"d"}, y="""e
f""", z=["g\\nh", "two words", "\\d"])
'''
    assert named(b"setup.py", text) == {"attrs", "six", "a", "c", "k", "d", "g", "h"}
    assert named(b"setup.py", "setup(") == set()
    assert named(b"setup.py", "(" * 500) == set()


def test_the_indented_lines_of_a_setup_cfg() -> None:
    text = "[options]\ninstall_requires =\n    attrs >= 1\n    six\nlicense = MIT\nname = t\n"
    assert named(b"setup.cfg", text) == {"attrs", "six"}


def test_the_lines_of_a_requirements_file() -> None:
    text = "attrs==1  # why\n# six\n-r other.txt\ngit+https://x\n b @ https://x\nc\n"
    assert named(b"requirements.txt", text) == {"attrs", "c"}
    assert named(b"requirements.txt", "a" * 501) == set()


def test_names_as_indexes_compare_them() -> None:
    assert canonical(b"Foo._-Bar") == b"foo-bar"


@pytest.mark.parametrize(
    "path", [b"pyproject.toml", b"setup.py", b"setup.cfg", b"requirements.txt"]
)
@given(content=st.binary(max_size=80))
def test_any_bytes_are_read_without_an_error(path: bytes, content: bytes) -> None:
    list(named_requirements(path, content))
