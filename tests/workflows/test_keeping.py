import pytest

from tagseal.workflows.keeping import keep_small


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        (b"demo-1.0/PKG-INFO", True),
        (b"demo-1.0/.cargo_vcs_info.json", True),
        (b"demo-1.0/pyproject.toml", True),
        (b"demo-1.0/README", True),
        (b"demo-1.0/docs/readme.rst", True),
        (b"demo-1.0.dist-info/RECORD", True),
        (b"demo-1.0/demo.egg-info/SOURCES.txt", True),
        (b"demo-1.0/src/main.c", False),
        (b"demo-1.0/LICENSE", True),
        (b"demo-1.0/DESCRIPTION.rst", True),
        (b"demo-1.0/Intro.MD", True),
        (b"demo-1.0/docs/intro.md", False),
        (b"demo-1.0.dist-info/licenses/LICENSE", True),
        (b"demo-1.0/vendor/x/y/LICENSE", False),
    ],
)
def test_what_checks_need_is_kept(path: bytes, kept: bool) -> None:
    assert keep_small(path, 100) is kept


def test_nothing_large_is_kept() -> None:
    assert not keep_small(b"demo-1.0/LICENSE", 256 * 1024 + 1)
    assert not keep_small(b"demo-1.0/intro.md", 256 * 1024 + 1)
    assert not keep_small(b"demo-1.0/PKG-INFO", 4 * 1024 * 1024 + 1)
