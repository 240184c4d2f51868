"""Backends that fail, hang, lie and hide: each is a backend in the tree."""

import time
from pathlib import Path

import pytest

from tagseal.builders import version_finding
from tagseal.config import PythonArchive
from tagseal.core.errors import BuildError, UsageError

WHEEL = PythonArchive(sdist=False)


def refused(prepare, make, body: str, **options) -> BuildError:
    behaviour = f"import os, sys, time, subprocess\ndef act(folder, name):\n    {body}\n"
    with pytest.raises(BuildError) as caught:
        make(WHEEL, prepare("tree", {"backend/behaviour.py": behaviour}), **options)
    return caught.value


def test_a_backend_that_fails(prepare, make, tmp_path) -> None:
    error = refused(prepare, make, "print('a\\x1b[2Jb'); raise SystemExit(7)")
    assert error.code == "build-backend-failed"
    assert "status 7" in error.message
    assert "\n    a\\x1b[2Jb" in error.message
    assert "\x1b" not in error.message
    assert list((tmp_path / "out").iterdir()) == []


def test_a_backend_that_is_killed(prepare, make) -> None:
    error = refused(prepare, make, "os.kill(os.getpid(), 9)")
    assert (error.code, "signal 9" in error.message) == ("build-backend-failed", True)


def test_a_backend_that_is_not_there(prepare, make) -> None:
    table = '[build-system]\nrequires = []\nbuild-backend = "nobody_has_this"\n'
    with pytest.raises(BuildError) as caught:
        make(WHEEL, prepare("tree", {"pyproject.toml": table}))
    assert caught.value.code == "build-backend-failed"
    assert "nobody_has_this" in caught.value.message


def test_a_backend_that_hangs(prepare, make) -> None:
    began = time.monotonic()
    error = refused(prepare, make, "time.sleep(600)", step_seconds=1.5)
    assert error.code == "build-timeout"
    assert "1.5 seconds" in error.message
    assert time.monotonic() - began < 60


def test_an_installation_that_takes_too_long(prepare, make, wheels) -> None:
    with pytest.raises(BuildError) as caught:
        make(WHEEL, prepare("tiny"), step_seconds=0.05)
    assert caught.value.code == "build-timeout"


@pytest.mark.parametrize(
    "body",
    [
        "return '../' + name",
        "return '/etc/passwd'",
        "return name + '\\x1b[2J'",
        "return ''",
        "return None",
        "return ['a']",
        "open(folder / 'another', 'w').close(); return name",
        "os.unlink(folder / name); return name",
        "os.unlink(folder / name); os.rmdir(folder); return name",
        "os.unlink(folder / name); os.symlink('/etc/passwd', folder / name); return name",
        "os.unlink(folder / name); os.mkfifo(folder / name); return name",
        "os.unlink(folder / name); os.mkdir(folder / name); return name",
        "os.rename(folder / name, folder / 'demo.zip'); return 'demo.zip'",
        "new = 'demo-1.0-py3-none-any\\n.whl'; os.rename(folder / name, folder / new); return new",
        "new = 'other-1.0-py3-none-any.whl'; os.rename(folder / name, folder / new); return new",
        "os.rename(folder / name, folder.parent / name); return '../' + name",
    ],
)
def test_results_that_are_refused(body: str, prepare, make, tmp_path) -> None:
    error = refused(prepare, make, body)
    assert error.code == "build-result-invalid"
    assert "\x1b" not in error.message
    assert list((tmp_path / "out").iterdir()) == []


def test_an_sdist_of_another_format(prepare, make) -> None:
    renaming = (
        "import os\ndef act(folder, name):\n"
        "    os.rename(folder / name, folder / 'demo-1.0.zip')\n    return 'demo-1.0.zip'\n"
    )
    with pytest.raises(BuildError) as caught:
        make(PythonArchive(wheel=False), prepare("tree", {"backend/behaviour.py": renaming}))
    assert caught.value.code == "build-result-invalid"


def test_another_version_is_a_finding(prepare, make) -> None:
    inputs = prepare("tree", version="1.1")
    sdist, wheel = make(PythonArchive(), inputs)
    for built in (sdist, wheel):
        finding = version_finding(built, inputs)
        assert finding is not None
        assert finding.code == "build-version-differs"
        assert built.path.name in finding.message


def test_processes_that_a_backend_leaves_are_ended(prepare, make, tmp_path) -> None:
    mark = tmp_path / "mark"
    late = f"import time; time.sleep(3); open({str(mark)!r}, 'w')"
    behaviour = (
        "import subprocess, sys\ndef act(folder, name):\n"
        f"    subprocess.Popen([sys.executable, '-c', {late!r}])\n    return name\n"
    )
    began = time.monotonic()
    make(WHEEL, prepare("tree", {"backend/behaviour.py": behaviour}))
    time.sleep(max(0.0, began + 4.5 - time.monotonic()))
    assert not mark.exists()


def test_warnings_of_a_backend_are_shown_escaped(prepare, make) -> None:
    warning = (
        "import warnings\ndef act(folder, name):\n"
        "    print('a note')\n"
        "    warnings.warn('old\\x1b[2J\\nand a page of advice')\n"
        "    warnings.warn('old\\x1b[2J\\nand another')\n"
        "    return name\n"
    )
    said: list[str] = []
    [built] = make(WHEEL, prepare("tree", {"backend/behaviour.py": warning}), said=said)
    assert "a note" in built.transcript
    assert said[-1] == "the backend warns: old\\x1b[2J"
    assert sum("warns" in phrase for phrase in said) == 1


def test_a_taken_name_is_seen_before_anything_runs(prepare, make, tmp_path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/demo-1.0.tar.gz").write_text("mine")
    said: list[str] = []
    with pytest.raises(UsageError) as caught:
        make(PythonArchive(), prepare("tree"), said=said)
    assert caught.value.code == "output-exists"
    assert said == []


def test_nothing_is_overwritten(prepare, make, tmp_path) -> None:
    taken = tmp_path / "out/demo-1.0-py3-none-any.whl"
    taken.parent.mkdir()
    taken.write_text("mine")
    with pytest.raises(UsageError) as caught:
        make(PythonArchive(), prepare("tree"))
    assert caught.value.code == "output-exists"
    assert [path.name for path in taken.parent.iterdir()] == [taken.name]
    assert taken.read_text() == "mine"


def test_no_folder_is_left_behind(prepare, make, tmp_path, monkeypatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    inputs = prepare("tree")
    before = set(temporary.iterdir())
    make(WHEEL, inputs)
    assert set(temporary.iterdir()) == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["demo-1.0-py3-none-any.whl"]


def test_a_program_that_cannot_be_started(prepare, make, wheels, monkeypatch) -> None:
    def fail(*arguments: object, **options: object) -> int:
        raise OSError("out of memory")

    monkeypatch.setattr("tagseal.builders._pip.run", fail)
    with pytest.raises(BuildError) as caught:
        make(WHEEL, prepare("tiny"))
    assert caught.value.code == "build-environment-failed"


def test_a_python_that_cannot_make_environments(prepare, make, monkeypatch) -> None:
    def fail(self: object, folder: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("venv.EnvBuilder.create", fail)
    with pytest.raises(BuildError) as caught:
        make(WHEEL, prepare("tree"))
    assert caught.value.code == "build-environment-failed"
