from pathlib import Path

import pytest

from support_release import FILES, PYTHON, repository_of
from tagseal.config import PythonArchive, SourceArchive
from tagseal.core.errors import TagsealError
from tagseal.workflows.source import open_source, rehearsal_source, require_version


def test_a_plain_repository_gets_a_source_archive(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "My Project!", FILES)
    with open_source(sandbox.folder, "v1.0") as source:
        assert source.archives == (SourceArchive(),)
        assert (source.slug, source.name, source.version) == (
            "rehearsal/My-Project",
            "My-Project",
            "1.0",
        )
        assert "rehearsal/My-Project" in source.warnings[0]


def test_a_build_system_adds_sdist_and_wheel(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", PYTHON)
    with open_source(sandbox.folder, "v1.0") as source:
        assert [type(archive) for archive in source.archives] == [SourceArchive, PythonArchive]
        assert source.name == "demo"


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://github.com/owner/demo.git", "owner/demo"),
        ("https://github.com/owner/demo/", "owner/demo"),
        ("git@github.com:owner/demo.git", "owner/demo"),
        ("ssh://git@example.org/group/owner/demo", "owner/demo"),
        ("https://example.org/demo", "rehearsal/repository"),
        ("https://example.org/own er/de\x1bmo", "rehearsal/repository"),
    ],
)
def test_the_remote_names_the_repository(tmp_path: Path, url: str, slug: str) -> None:
    sandbox = repository_of(tmp_path / "repository", FILES)
    sandbox.git("remote", "add", "origin", url)
    with open_source(sandbox.folder, "v1.0") as source:
        assert source.slug == slug
    with rehearsal_source(sandbox.folder, None) as source:
        assert source.slug == slug
    with rehearsal_source(sandbox.folder, "v1.0", slug="given/name") as source:
        assert source.slug == "given/name"


def test_the_configuration_names_it_before_the_remote(tmp_path: Path) -> None:
    config = b'repository = "https://github.com/configured/name"\n'
    sandbox = repository_of(tmp_path / "repository", {"tagseal.toml": config})
    sandbox.git("remote", "add", "origin", "https://github.com/remote/name")
    with open_source(sandbox.folder, "v1.0") as source:
        assert source.slug == "configured/name"


def test_a_tag_that_is_not_utf8(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", FILES)
    refs = sandbox.folder / ".git/refs/tags"
    name = b"v1.0\xff".decode("utf-8", "surrogateescape")
    (refs / name).write_text(sandbox.git("rev-parse", "HEAD") + "\n")
    with pytest.raises(TagsealError) as caught, open_source(sandbox.folder, name):
        pass
    assert caught.value.code.startswith("git-")
    assert r"\xff" in caught.value.message


def test_a_tag_without_a_version(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", FILES, tag="release/final")
    with open_source(sandbox.folder, "release/final") as source:
        assert source.version == "release-final"
        with pytest.raises(TagsealError) as caught:
            require_version(source)
    assert caught.value.code == "release-version-differs"
    assert "holds no version" in caught.value.message


def test_an_ephemeral_tag_follows_the_configured_pattern(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": b'[project]\nname = "demo"\nversion = "2.5"\n'
        b'[tool.tagseal]\ntag = "demo-{version}"\n'
    }
    sandbox = repository_of(tmp_path / "repository", files)
    with rehearsal_source(sandbox.folder, None) as source:
        assert (source.tag.name, source.version, source.ephemeral) == ("demo-2.5", "2.5", True)
        require_version(source)
