"""Files of real releases, each explained by the rule that was made for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from support_contents import File, top
from support_rules import asked, commit_id
from tagseal.contents import Kind
from tagseal.contents.rules import BUILT_IN

REAL = Path(__file__).parent / "real"


@dataclass(frozen=True, kw_only=True)
class Release:
    """A release's tag, and path to rule of what differs; ``there`` are files in both."""

    tag: str
    rules: Mapping[str, str]
    when: int = 1700000000
    version: str | None = None
    there: tuple[str, ...] = ()
    commit: str = "0" * 40
    below: str = ""
    """The folder of the tree that is published."""
    wheel: str | None = None


RELEASES: dict[str, Release] = {
    "curl": Release(
        tag="curl-8_14_1", when=1749015618, rules={"include/curl/curlver.h": "version-lines"}
    ),
    "curl-manual": Release(
        tag="curl-7_88_1",
        when=1676877892,
        rules={"docs/libcurl/curl_easy_cleanup.3": "version-lines"},
    ),
    "curl-batch": Release(tag="curl-7_88_1", rules={"winbuild/gen_resp_file.bat": "line-ends"}),
    "libssh2": Release(
        tag="libssh2-1.11.1", when=1729065791, rules={"include/libssh2.h": "version-lines"}
    ),
    "pluggy": Release(
        tag="1.6.0", version="1.6.0", rules={"src/pluggy/_version.py": "version-module"}
    ),
    "pdm-backend": Release(
        tag="2.4.8", version="2.4.8", rules={"pyproject.toml": "pyproject-manifest"}
    ),
    "h11": Release(
        tag="v0.16.0",
        version="0.16.0",
        there=("h11/__init__.py",),
        rules=dict.fromkeys(
            [
                "PKG-INFO",
                "setup.cfg",
                "h11.egg-info/PKG-INFO",
                "h11.egg-info/top_level.txt",
                "h11.egg-info/dependency_links.txt",
            ],
            "distribution-metadata",
        ),
    ),
    "tomlkit": Release(
        tag="0.13.3",
        version="0.13.3",
        there=("tomlkit/__init__.py",),
        wheel="tomlkit-0.13.3-py3-none-any.whl",
        rules={
            "tomlkit-0.13.3.dist-info/METADATA": "distribution-metadata",
            "tomlkit-0.13.3.dist-info/WHEEL": "distribution-metadata",
            "tomlkit-0.13.3.dist-info/LICENSE": "workspace-file",
        },
    ),
    "itoa": Release(
        tag="1.0.15",
        version="1.0.15",
        there=("src/lib.rs", "tests/test.rs", "benches/bench.rs", "README.md"),
        commit="e2766b868e4ac1ae2bf5bea1ac43d4c0da23b899",
        rules={
            "Cargo.toml": "cargo-manifest",
            "Cargo.toml.orig": "cargo-original-manifest",
            "Cargo.lock": "cargo-lock",
            ".cargo_vcs_info.json": "cargo-vcs-info",
        },
    ),
    "serde-core": Release(
        tag="v1.0.228",
        version="1.0.228",
        below="serde_core/",
        commit="a866b336f14aa57a07f0d0be9f8762746e64ecb4",
        there=("src/lib.rs", "src/de.rs", "src/ser.rs", "build.rs", "README.md", "a", "b"),
        rules={
            "Cargo.toml": "cargo-manifest",
            "Cargo.toml.orig": "cargo-original-manifest",
            "Cargo.lock": "cargo-lock",
            ".cargo_vcs_info.json": "cargo-vcs-info",
        },
    ),
    "xz": Release(
        tag="v5.8.1",
        version="5.8.1",
        there=("po/cs.po",),
        rules={"po/cs.gmo": "compiled-catalogue", "po/xz.pot": "message-template"},
    ),
}


def files_in(folder: Path) -> dict[bytes, File]:
    """Return the files of a folder by their paths below it."""
    found: dict[bytes, File] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(folder)).removesuffix(".txt")
            is_code = name.endswith(".py")
            found[(name if is_code else str(path.relative_to(folder))).encode()] = path.read_bytes()
    return found


def packed(release: Release, folder: Path) -> tuple[dict[bytes, File], dict[bytes, File]]:
    """Return tree and archive; the commit that is named is the one that the test makes."""
    there = {name.encode(): f"{name} of the project\n".encode() for name in release.there}
    if release.wheel is None:
        there = {release.below.encode() + name: content for name, content in there.items()}
    tree: dict[bytes, File] = {**there, **files_in(folder / "tree")}
    archive: dict[bytes, File] = {
        path.removeprefix(release.below.encode()): file for path, file in there.items()
    }
    archive |= {path: file for path, file in tree.items() if path == b"po/cs.po"}
    ours = commit_id(tree, when=release.when).encode()
    for path, content in files_in(folder / "archive").items():
        assert isinstance(content, bytes)
        archive[path] = content.replace(release.commit.encode(), ours)
    return tree, archive


@pytest.mark.parametrize("name", RELEASES)
def test_what_explains_it(name: str) -> None:
    release = RELEASES[name]
    tree, archive = packed(release, REAL / name)
    results = asked(
        tree,
        archive,
        tag=release.tag,
        version=release.version,
        when=release.when,
        kind=Kind.WHEEL if release.wheel else Kind.SOURCE,
        name=release.wheel or "t-1.tar.gz",
        placed=dict if release.wheel else top,
    )
    found = {path.decode(): e.rule.name for path, e in results.explanations.items()}
    prefix = "" if release.wheel else "t-1/"
    wanted = {prefix + path: rule for path, rule in release.rules.items()}
    assert {path: found.get(path) for path in wanted} == wanted
    assert not results.imitations


@pytest.mark.parametrize("name", RELEASES)
def test_a_byte_more_is_not_explained(name: str) -> None:
    """Whatever the rule: with something put in that runs, the file is not explained any more."""
    release = RELEASES[name]
    tree, archive = packed(release, REAL / name)
    for path in release.rules:
        evil = dict(archive)
        content = evil[path.encode()]
        assert isinstance(content, bytes)
        evil[path.encode()] = b"Requires-Dist: evil\n" + content + b"\n$(evil)\n"
        results = asked(
            tree,
            evil,
            tag=release.tag,
            version=release.version,
            when=release.when,
            kind=Kind.WHEEL if release.wheel else Kind.SOURCE,
            name=release.wheel or "t-1.tar.gz",
            placed=dict if release.wheel else top,
        )
        there = (path if release.wheel else "t-1/" + path).encode()
        assert there not in results.explanations, path


def test_every_rule_has_a_real_archive_or_is_tested_with_the_tool_itself() -> None:
    """The others are tested with real git, real msgfmt, or a real build beside a real archive."""
    real = {rule for release in RELEASES.values() for rule in release.rules.values()}
    others = {
        "built-alike",
        "built-on-another-day",
        "export-subst-refs",
        "from-history",
        "known-helper",
        "known-helper-instead",
        "mode-differs",
        "npm-manifest",
        "refreshed-translation",
        "version-file",
    }
    assert real | others == {rule.name for rule in BUILT_IN}
    assert not real & others
