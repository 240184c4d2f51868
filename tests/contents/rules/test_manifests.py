import json
from collections.abc import Callable
from typing import Any

import pytest

from support_contents import File
from support_rules import EXECUTABLE, commit_id, rule_of

PACKAGE: dict[str, Any] = {
    "name": "t",
    "version": "0.0.0-development",
    "type": "module",
    "private": False,
    "exports": {"node": "./safe.js", "default": "./other.js"},
    "scripts": {"test": "x"},
    "files": ["a", "b"],
}
OLD = json.dumps(PACKAGE, indent=2).encode()


def npm(new: Any, old: bytes = OLD, **options: object) -> bool:
    content = new if isinstance(new, bytes | tuple) else json.dumps(new).encode()
    return rule_of(old, content, b"package.json", **options) == "npm-manifest"


def test_a_package_that_npm_wrote_anew() -> None:
    released = {**PACKAGE, "version": "1.2.3"}
    assert npm(released)
    assert npm({**released, "gitHead": commit_id({b"package.json": OLD})})
    assert npm(dict(reversed(released.items())))
    assert npm(PACKAGE)
    assert npm(PACKAGE, version=None, tag="none")


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1.2.4"},
        {"name": "evil"},
        {"scripts": {"test": "x", "postinstall": "evil"}},
        {"scripts": {}},
        {"dependencies": {"evil": "1"}},
        {"gitHead": "0" * 40},
        {"private": 0},
        {"files": ["b", "a"]},
        {"exports": {"default": "./other.js", "node": "./safe.js"}},
        {"__proto__": {}},
    ],
)
def test_a_package_that_says_something_else(change: dict[str, Any]) -> None:
    assert not npm({**PACKAGE, "version": "1.2.3", **change})


def test_a_package_that_others_read_otherwise() -> None:
    text = json.dumps({**PACKAGE, "version": "1.2.3"}).encode()
    assert npm(text)
    assert not npm(text.replace(b'"type"', b'"scripts": {}, "type"'))
    assert not npm(text.decode().encode("utf-16"))
    assert not npm(b"\xef\xbb\xbf" + text)
    assert not npm(text.replace(b"false", b"NaN"), OLD.replace(b"false", b"NaN"))
    assert not npm(text.replace(b"false", b"Infinity"))
    assert not npm(b"[" * 100_000)
    assert not npm(b"[1]", b"[ 1]")
    assert not npm(text + b" " * 2**20)
    assert not npm((EXECUTABLE, text))
    assert not npm(text, kept=lambda _: False)
    assert not npm(text, b"malformed")
    assert rule_of(None, text, b"package.json") is None


PYPROJECT = b"""[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "t"
dynamic = ["version", "readme"]

[tool.x]
strict = true
"""
STATED = PYPROJECT.replace(
    b'dynamic = ["version", "readme"]', b'dynamic = ["readme"]\nversion = "1.2.3"'
)


def pyproject(new: File, old: bytes = PYPROJECT, **options: object) -> bool:
    return rule_of(old, new, b"pyproject.toml", **options) == "pyproject-manifest"


def test_a_project_whose_version_was_dynamic() -> None:
    assert pyproject(STATED)
    only = PYPROJECT.replace(b', "readme"', b"")
    assert pyproject(STATED.replace(b'dynamic = ["readme"]\n', b""), only)
    assert pyproject(STATED.replace(b'["readme"]', b"[]"), only)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"1.2.3"', b'"1.2.4"'),
        (b'version = "1.2.3"', b""),
        (b'["readme"]', b'["version"]'),
        (b'["readme"]', b"[]"),
        (b'["hatchling"]', b'["hatchling", "evil"]'),
        (b'["hatchling"]', b'["evil"]'),
        (b'"hatchling.build"', b'"evil"'),
        (b'"hatchling.build"', b'"hatchling.build"\nbackend-path = ["."]'),
        (b'name = "t"', b'name = "u"'),
        (b'name = "t"', b'name = "t"\ndependencies = ["evil"]'),
        (b"strict = true", b"strict = false"),
        (b"strict = true", b"strict = 1"),
        (b"strict = true", b"strict = true\n[tool.setuptools.cmdclass]\nx = 'y'"),
        (b"[project]", b"[project"),
    ],
)
def test_a_project_that_says_something_else(old: bytes, new: bytes) -> None:
    changed = STATED.replace(old, new)
    assert changed != STATED
    assert not pyproject(changed)


@pytest.mark.parametrize(
    "change",
    [
        lambda old: old.replace(b'"version", ', b""),
        lambda old: old.replace(b'["version", "readme"]', b"5"),
        lambda old: old.replace(b'name = "t"', b'name = "t"\nversion = "1"'),
        lambda old: b"project = 5\n",
        lambda old: b"malformed",
    ],
)
def test_a_project_whose_version_was_not_dynamic(change: Callable[[bytes], bytes]) -> None:
    assert not pyproject(STATED, change(PYPROJECT))


def test_what_is_not_at_hand_is_not_explained() -> None:
    assert not pyproject(STATED, version=None, tag="none")
    assert not pyproject((EXECUTABLE, STATED))
