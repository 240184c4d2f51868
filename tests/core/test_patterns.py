"""Patterns: what each wildcard stands for, what is refused, and that matching stays fast."""

import functools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.core.patterns import compile_file_name_pattern, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "path", "wanted"),
    [
        ("configure", b"configure", True),
        ("configure", b"sub/configure", False),
        ("configure", b"Configure", False),
        ("m4/*.m4", b"m4/a.m4", True),
        ("m4/*.m4", b"m4/.m4", True),
        ("m4/*.m4", b"m4/a/b.m4", False),
        ("m4/*.m4", b"x/m4/a.m4", False),
        ("**/Makefile.in", b"Makefile.in", True),
        ("**/Makefile.in", b"a/b/Makefile.in", True),
        ("**/Makefile.in", b"a/b/xMakefile.in", False),
        ("doc/**", b"doc", False),
        ("doc/**", b"doc/a", True),
        ("doc/**", b"doc/a/b", True),
        ("doc/**", b"docs/a", False),
        ("a/**/b/**/c", b"a/b/c", True),
        ("a/**/b/**/c", b"a/x/b/y/z/c", True),
        ("a/**/b/**/c", b"a/x/c", False),
        ("a/**/b", b"a/b/b", True),
        ("a/b*b/c", b"a/b/c", False),
        ("a/b*b/c", b"a/bb/c", True),
        ("a/*x*y*/c", b"a/1x2y3/c", True),
        ("a/*x*y*/c", b"a/1y2x3/c", False),
        ("a/?", b"a/\xc3\xa9", True),
        ("a/?", b"a/\xe9", True),
        ("a/?", b"a/", False),
        ("a/*", b"a/", False),
        ("a/?", b"a/bc", False),
        ("{a}/x", b"{a}/x", True),
    ],
)
def test_matches(pattern: str, path: bytes, wanted: bool) -> None:
    assert compile_pattern(pattern).matches(path) is wanted


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("", "is empty"),
        ("x" * 1025, "longer than"),
        ("a\x1b[2J", "\\x1b"),
        ("a\u202eb", "cannot be seen"),
        ("!a", "negated"),
        ("a[bc]", '"["'),
        ("a\\b", '"\\"'),
        ("/a", "empty component"),
        ("a/", "empty component"),
        ("a//b", "empty component"),
        ("./a", 'component "."'),
        ("../a", 'component ".."'),
        ("a/b**", "whole ones"),
        ("*", "matches too much"),
        ("**", "matches too much"),
        ("**/*", "matches too much"),
        ("**/*.m4", "matches too much"),
        ("?*", "matches too much"),
    ],
)
def test_refuses(pattern: str, part: str) -> None:
    with pytest.raises(ValueError, match=r"^(a|the) pattern ") as caught:
        compile_pattern(pattern)
    assert part in str(caught.value)
    assert str(caught.value).isprintable()


def test_file_name_patterns() -> None:
    assert compile_file_name_pattern("xz-*.tar.gz").matches(b"xz-5.8.1.tar.gz")
    with pytest.raises(ValueError, match="matches every file"):
        compile_file_name_pattern("*.*")
    with pytest.raises(ValueError, match="name the file alone"):
        compile_file_name_pattern("dist/xz-*.tar.gz")


def test_a_pattern_is_equal_to_one_of_the_same_text() -> None:
    assert compile_pattern("a/**") == compile_pattern("a/**")
    assert hash(compile_pattern("a/**")) == hash(compile_pattern("a/**"))
    assert compile_pattern("a/**") != compile_pattern("a/**/*")


def _reference(pattern: list[str], path: list[str]) -> bool:
    """The definition, by exhaustive search."""

    @functools.cache
    def component(p: str, c: str) -> bool:
        if not p:
            return not c
        if p[0] == "*":
            return component(p[1:], c) or (bool(c) and component(p, c[1:]))
        return bool(c) and p[0] in ("?", c[0]) and component(p[1:], c[1:])

    if not pattern:
        return not path
    if pattern == ["**"]:
        return bool(path)
    if pattern[0] == "**":
        return _reference(pattern[1:], path) or (bool(path) and _reference(pattern, path[1:]))
    return bool(path) and component(pattern[0], path[0]) and _reference(pattern[1:], path[1:])


_names = st.text("ab", min_size=1, max_size=4)
_globs = st.one_of(st.just("**"), st.text("ab*?", min_size=1, max_size=5))


@given(st.lists(_globs, min_size=1, max_size=5), st.lists(_names, min_size=1, max_size=6))
def test_agrees_with_the_definition(globs: list[str], names: list[str]) -> None:
    text = "/".join(["a", *globs])
    try:
        pattern = compile_pattern(text)
    except ValueError:
        assert any("**" in glob and glob != "**" for glob in globs)
        return
    path = "/".join(["a", *names]).encode()
    assert pattern.matches(path) is _reference(["a", *globs], ["a", *names])


@given(st.text(max_size=30), st.binary(max_size=30))
def test_any_text_compiles_or_is_refused_and_any_path_is_judged(text: str, path: bytes) -> None:
    try:
        pattern = compile_pattern(text)
    except ValueError as error:
        sentence = str(error)
    else:
        sentence = f"it is {pattern.matches(path)}"
    assert sentence.isprintable()


@given(st.lists(st.text("abc-.", min_size=1, max_size=6), min_size=1, max_size=4))
def test_a_literal_path_matches_only_itself(names: list[str]) -> None:
    text = "/".join(names)
    if {".", ".."} & set(names):
        return
    pattern = compile_pattern(text)
    assert pattern.matches(text.encode())
    assert not pattern.matches(text.encode() + b"x")
    assert not pattern.matches(b"x/" + text.encode())


def test_hostile_patterns_stay_fast() -> None:
    started = time.monotonic()
    stars = compile_pattern("x/" + "a*" * 400 + "b")
    assert not stars.matches(b"x/" + b"a" * 4000)
    folders = compile_pattern("x/" + "**/a/" * 150 + "b")
    assert not folders.matches(b"x/" + b"a/" * 1500)
    assert time.monotonic() - started < 1
