import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagseal.contents.attributes import Attributes, UnsupportedAttributes

PATTERNS = (
    b"* *.c a* ? a/b /a **/a a/** a/**/b a/* */b **/a.c a*b *a*b* b/ */* **/b/** a/b/ ?.c a/? a.c"
)
WORDS = (
    b"text -text !text text=auto eol=crlf eol=lf -eol !eol eol= binary -binary !binary binary=x "
    b"export-subst -export-subst export-subst= export-subst=set filter=lfs ident -crlf foo"
)
ASKED = ("text", "eol", "export-subst", "filter", "ident", "crlf")

lines = st.builds(
    lambda pattern, words, end: b" ".join([pattern, *words]) + end,
    st.sampled_from(PATTERNS.split()),
    st.lists(st.sampled_from(WORDS.split()), max_size=3),
    st.sampled_from([b"\n", b"\r\n", b" \t\n", b"\n# note\n", b"\n\n"]),
)
attribute_files = st.dictionaries(
    st.sampled_from([b"", b"a", b"a/b"]), st.lists(lines, max_size=5).map(b"".join)
)
paths = st.lists(
    st.sampled_from([b"a", b"b", b"ab", b"a.c", b"b.c", b"c"]), min_size=1, max_size=4
).map(b"/".join)


@pytest.fixture(scope="module")
def work_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("attributes")
    subprocess.run(["git", "init", "-q", path], check=True)
    (path / "a" / "b").mkdir(parents=True)
    return path


def ask_git(work_tree: Path, asked: list[bytes]) -> dict[tuple[bytes, str], str]:
    done = subprocess.run(
        ["git", "-c", f"core.attributesFile={os.devnull}", "check-attr", "-z", "--stdin", *ASKED],
        cwd=work_tree,
        input=b"".join(path + b"\0" for path in asked),
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1"},
        stdout=subprocess.PIPE,
        check=True,
    )
    fields = iter(done.stdout.split(b"\0")[:-1])
    return {
        (path, name.decode()): value.decode()
        for path, name, value in zip(fields, fields, fields, strict=True)
    }


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(attribute_files, st.lists(paths, min_size=1, max_size=10, unique=True))
def test_it_answers_as_git_does(
    work_tree: Path, files: dict[bytes, bytes], asked: list[bytes]
) -> None:
    for folder in (b"", b"a", b"a/b"):
        place = work_tree / os.fsdecode(folder) / ".gitattributes"
        place.unlink(missing_ok=True)
        if folder in files:
            place.write_bytes(files[folder])
    attributes = Attributes(files)
    spelled = {True: "set", False: "unset", None: "unspecified"}
    for (path, name), value in ask_git(work_tree, asked).items():
        ours = attributes.of(path).get(name)
        assert (path, name, spelled.get(ours, ours)) == (path, name, value)


@pytest.mark.parametrize(
    "content",
    [
        b"[attr]mine text\n",
        b'"a b" text\n',
        b"[ab].c text\n",
        b"a\\ b text\n",
        b"!a text\n",
        b"a**b text\n",
        b"a***/b text\n",
        b"a**/b text\n",
        b"/** text\n",
        b"/ text\n",
        b"a/**/b/**/c/**/d text\n",
        b"* te\xc3\xa9xt\n",
        b"* -\n",
        b"* builtin_objectmode=1\n",
        b"\xef\xbb\xbf* text\n",
        b"a\0 text\n",
        b"a text\n" * 3000,
        b"* " + b"x" * 3000,
    ],
)
def test_what_it_does_not_understand_it_says(content: bytes) -> None:
    with pytest.raises(UnsupportedAttributes):
        Attributes({b"": content})


def test_a_pattern_takes_no_time_whatever_its_stars() -> None:
    attributes = Attributes({b"": b"a*a*a*a*a*a*a*a*a*a*b text\n**/x*/**/*a*a*b text\n"})
    assert attributes.of(b"a" * 4000) == {}
    assert attributes.of(b"xa/" * 300 + b"a" * 300) == {}
