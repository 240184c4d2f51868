"""Builds by real backends from the package index, and by a tiny one from a folder."""

import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from tagseal.builders import version_finding
from tagseal.config import PythonArchive
from tagseal.core.errors import BuildError, ConfigError, UsageError

WHEEL = PythonArchive(sdist=False)


@pytest.mark.parametrize(
    ("package", "backend", "config"),
    [
        ("hatch", "hatchling", PythonArchive()),
        ("flit", "flit-core", WHEEL),
        ("legacy", "setuptools", PythonArchive(wheel=False)),
    ],
)
def test_real_backends(package: str, backend: str, config, prepare, make, tmp_path) -> None:
    inputs = prepare(package)
    said: list[str] = []
    all_built = make(config, inputs, said=said)
    names = {"sdist": "demo-1.0.tar.gz", "wheel": "demo-1.0-py3-none-any.whl"}
    assert {built.kind for built in all_built} == {k for k in names if getattr(config, k)}
    assert set((tmp_path / "out").iterdir()) == {built.path for built in all_built}
    for built in all_built:
        assert built.path.name == names[built.kind]
        if built.kind == "wheel":
            with zipfile.ZipFile(built.path) as wheel:
                assert "demo/__init__.py" in wheel.namelist()
        else:
            with tarfile.open(built.path) as sdist:
                assert "demo-1.0/PKG-INFO" in sdist.getnames()
        assert version_finding(built, inputs) is None
        assert built.reported["network"] == "open"
        found = {item.uri.partition("@")[0]: item for item in built.dependencies}
        dependency = found[f"pkg:pypi/{backend}"]
        assert len(dependency.digest["sha256"]) == 64
        assert dependency.uri.endswith("@" + built.reported["backend"]["version"])
        assert json.loads(json.dumps(built.reported)) == built.reported
        assert str(tmp_path) not in json.dumps(built.reported)
    assert sum(phrase.startswith("building the ") for phrase in said) == len(all_built)


def test_hooks_get_the_environment_that_is_reported(prepare, make, monkeypatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("PIP_INDEX_URL", "https://user:hunter2@example.org/simple")
    monkeypatch.setenv("PYTHONPATH", "/hunter2")
    inputs = prepare("tree")
    [wheel] = make(WHEEL, inputs)
    state = json.loads(wheel.path.read_bytes())
    assert "hunter2" not in json.dumps(state)
    environ = {k: v for k, v in state["environ"].items() if not k.startswith("_PYPROJECT_HOOKS")}
    environ.pop("LC_CTYPE", None)  # Python's own coercion of the locale
    assert environ.keys() == wheel.reported["environment"].keys()
    fixed = {k: v for k, v in wheel.reported["environment"].items() if not v.startswith("(")}
    assert fixed.items() <= environ.items()
    assert environ["SOURCE_DATE_EPOCH"] == str(inputs.tag.commit_time)
    assert not Path(environ["HOME"]).exists()
    assert state["umask"] == 0o022
    assert sorted(state["cwd"]) == [".git", "backend", "pyproject.toml"]
    assert wheel.reported["backend"] == {"name": "made_here", "version": None, "in_tree": True}
    assert wheel.reported["pip"] is None
    assert wheel.dependencies == ()
    assert wheel.path.stat().st_mode & 0o777 == 0o644


def test_each_build_has_a_clone_of_its_own(prepare, make) -> None:
    leaving = "def act(folder, name):\n    open('left', 'w').close()\n    return name\n"
    sdist, wheel = make(PythonArchive(), prepare("tree", {"backend/behaviour.py": leaving}))
    assert sdist.path.read_bytes() == b"an sdist"
    assert "left" not in json.loads(wheel.path.read_bytes())["cwd"]


def test_dynamic_requirements_are_installed_and_recorded(prepare, make, wheels) -> None:
    [wheel] = make(WHEEL, prepare("tiny", {"wanted": "extra"}))
    assert {item.uri: item.digest["sha256"] for item in wheel.dependencies} == {
        "pkg:pypi/extra@1.0": wheels["extra"],
        "pkg:pypi/tinybackend@1.0": wheels["tinybackend"],
    }
    assert "Successfully installed" in wheel.transcript


@pytest.mark.parametrize("wanted", ["-r /etc/passwd", "--index-url=https://example.org", "a b"])
def test_a_requirement_cannot_be_an_option(wanted: str, prepare, make, wheels) -> None:
    requires = f'[build-system]\nrequires = ["tinybackend", "{wanted}"]\nbuild-backend = "x"\n'
    with pytest.raises(BuildError) as caught:
        make(WHEEL, prepare("tiny", {"pyproject.toml": requires}))
    assert caught.value.code == "build-requirement-invalid"


def test_a_requirement_that_nobody_has(prepare, make, wheels, tmp_path) -> None:
    with pytest.raises(BuildError) as caught:
        make(WHEEL, prepare("tiny", {"wanted": "nowhere-to-be-found"}))
    assert caught.value.code == "build-requirements-failed"
    assert "nowhere-to-be-found" in caught.value.message
    assert list((tmp_path / "out").iterdir()) == []


def pylock(digest: str) -> str:
    return f"""
lock-version = "1.0"
created-by = "hand"
[[packages]]
name = "tinybackend"
version = "1.0"
[[packages.wheels]]
name = "tinybackend-1.0-py3-none-any.whl"
path = "tinybackend-1.0-py3-none-any.whl"
hashes = {{ sha256 = "{digest}" }}
"""


def locked(prepare, tmp_path: Path, lock: str, text: str, **more: str):
    wheel = (tmp_path / "wheels/tinybackend-1.0-py3-none-any.whl").read_bytes()
    return prepare("tiny", {lock: text, "tinybackend-1.0-py3-none-any.whl": wheel, **more})


@pytest.mark.parametrize("lock", ["pylock.build.toml", "build.txt"])
def test_a_lock_is_installed(lock: str, prepare, make, wheels, tmp_path) -> None:
    text = f"tinybackend==1.0 --hash=sha256:{wheels['tinybackend']}\n"
    if lock.endswith(".toml"):
        text = pylock(wheels["tinybackend"])
    config = PythonArchive(sdist=False, requirements=lock)
    [wheel] = make(config, locked(prepare, tmp_path, lock, text))
    [dependency] = wheel.dependencies
    assert dependency.uri == "pkg:pypi/tinybackend@1.0"
    assert dependency.digest == {"sha256": wheels["tinybackend"]}
    assert wheel.reported["requirements"] == lock


@pytest.mark.parametrize("lock", ["pylock.toml", "build.txt"])
def test_a_lock_holds_pip_to_its_hashes(lock: str, prepare, make, wheels, tmp_path) -> None:
    wrong = "0" * 64
    text = pylock(wrong) if lock == "pylock.toml" else f"tinybackend==1.0 --hash=sha256:{wrong}\n"
    with pytest.raises(BuildError) as caught:
        make(
            PythonArchive(sdist=False, requirements=lock),
            locked(prepare, tmp_path, lock, text),
        )
    assert caught.value.code == "build-requirements-failed"


def test_a_requirements_file_without_hashes_is_refused(prepare, make, wheels, tmp_path) -> None:
    config = PythonArchive(sdist=False, requirements="build.txt")
    with pytest.raises(BuildError) as caught:
        make(config, locked(prepare, tmp_path, "build.txt", "tinybackend==1.0\n"))
    assert caught.value.code == "build-requirements-failed"


@pytest.mark.parametrize("find_links", [True, False])
def test_a_lock_must_hold_everything(
    find_links: bool, prepare, make, wheels, tmp_path, monkeypatch
) -> None:
    if not find_links:
        monkeypatch.delenv("PIP_FIND_LINKS")
    config = PythonArchive(sdist=False, requirements="pylock.toml")
    text = pylock(wheels["tinybackend"])
    with pytest.raises(BuildError) as caught:
        make(config, locked(prepare, tmp_path, "pylock.toml", text, wanted="extra"))
    assert caught.value.code == "build-requirements-incomplete"
    assert "extra" in caught.value.message


@pytest.mark.parametrize(
    ("lock", "code"),
    [
        ("nowhere.txt", "build-requirements-missing"),
        ("backend", "build-requirements-missing"),
        ("pyproject.toml", "build-requirements-unsupported"),
        ("backend/made_here.py", "build-requirements-unsupported"),
    ],
)
def test_locks_that_cannot_be_used(lock: str, code: str, prepare, make) -> None:
    with pytest.raises(BuildError) as caught:
        make(PythonArchive(requirements=lock), prepare("tree"))
    assert caught.value.code == code


def test_a_tree_without_python(prepare, make, tmp_path) -> None:
    (tmp_path / "repository").mkdir()
    inputs = prepare("hatch/src")
    with pytest.raises(BuildError) as caught:
        make(PythonArchive(), inputs)
    assert caught.value.code == "build-not-python"


def test_a_build_system_that_is_wrong(prepare, make) -> None:
    table = '[build-system]\nrequires = []\nbuild-backend = "x"\nsurprise = 1\n'
    with pytest.raises(BuildError) as caught:
        make(PythonArchive(), prepare("tree", {"pyproject.toml": table}))
    assert caught.value.code == "build-system-invalid"


def test_a_pyproject_that_is_no_toml(prepare, make) -> None:
    with pytest.raises(ConfigError) as caught:
        make(PythonArchive(), prepare("tree", {"pyproject.toml": "["}))
    assert caught.value.code == "config-invalid"


@pytest.mark.parametrize("module", ["build", "virtualenv"])
def test_without_the_extra(module: str, prepare, make, wheels, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(UsageError) as caught:
        make(WHEEL, prepare("tiny"))
    assert caught.value.code == "extra-missing"
    assert "tagseal[release]" in caught.value.hint
