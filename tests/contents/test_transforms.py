import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from support_contents import Forged, archive_of, commit_of, honest, top, tree_of
from support_git import Sandbox
from tagseal.contents.attributes import Attributes
from tagseal.contents.transforms import commit_facts, recomputed_by
from tagseal.core.digests import ObjectFormat, sha256_hex
from tagseal.core.listing import Mode

FILE = Mode.FILE


def transform(
    source: bytes,
    made: bytes,
    attributes: bytes = b"",
    *,
    version: str | None = None,
    mode: Mode = FILE,
) -> str | None:
    tree = {b"f": (mode, source), b"x": b"x", b".gitattributes": attributes}
    archive = archive_of(top({**tree, b"f": (mode, made)}))
    forged = honest(tree, archive, carried={b"f": source}, version=version)
    [modified] = forged.proof.modified
    assert forged.proof.findings == ()
    return modified.transform


LF, CRLF = b"a\nb\n", b"a\r\nb\r\n"


@pytest.mark.parametrize("rule", [b"eol=crlf", b"text eol=crlf", b"text=auto eol=crlf"])
def test_line_ends(rule: bytes) -> None:
    assert transform(LF, CRLF, b"f " + rule) == "eol-crlf"


@pytest.mark.parametrize(
    ("source", "made", "attributes"),
    [
        (LF, CRLF, b""),
        (LF, CRLF, b"f eol=lf"),
        (LF, CRLF, b"f -text eol=crlf"),
        (LF, CRLF, b"f eol=crlf\nf binary"),
        (LF, CRLF, b"f eol=crlf filter=other"),
        (LF, CRLF, b"f eol=crlf -crlf"),
        (LF, CRLF, b"f eol=crlf working-tree-encoding=UTF-16"),
        (LF, CRLF, b"[attr]mine text\nf eol=crlf"),
        (CRLF, LF, b"f eol=crlf"),
        (CRLF, LF, b"f eol=lf"),
        (LF, b"a\r\nb\n", b"f eol=crlf"),
        (b"a\0\n", b"a\0\r\n", b"f eol=crlf"),
        (b"a\r\nb\n", b"a\r\r\nb\r\n", b"f eol=crlf"),
        (b"#!/bin/sh\n", b"#!/bin/sh\r\n", b"f eol=crlf"),
        (b"\1\2\3\n", b"\1\2\3\r\n", b"f text=auto eol=crlf"),
    ],
)
def test_line_ends_that_no_rule_yields(source: bytes, made: bytes, attributes: bytes) -> None:
    assert transform(source, made, attributes) is None


def test_line_ends_of_an_executable_stay_unproven() -> None:
    assert transform(LF, CRLF, b"f eol=crlf", mode=Mode.EXECUTABLE) is None


def test_one_attribute_file_that_is_not_at_hand_leaves_all_unproven() -> None:
    tree = {
        b"d/f": LF,
        b"x": b"x",
        b".gitattributes": b"f eol=crlf",
        b"d/.gitattributes": b"f -eol",
    }
    archive = archive_of(top({b"d/f": CRLF, b"x": b"x", b".gitattributes": b"f eol=crlf"}))
    [modified] = honest(tree, archive, carried={b"d/f": LF}).proof.modified
    assert modified.transform is None


def test_a_symlink_is_no_attribute_file() -> None:
    tree = {b"f": LF, b"x": b"x", b".gitattributes": (Mode.SYMLINK, b"f eol=crlf")}
    archive = archive_of(top({**tree, b"f": CRLF}))
    forged = honest(tree, archive, carried={b"f": LF})
    assert forged.proof.modified[0].transform is None
    assert b".gitattributes" not in forged.proof.sources.files


def test_a_generated_attribute_file_counts_for_nothing() -> None:
    archive = archive_of(top({b"f": CRLF, b"x": b"x", b".gitattributes": b"f eol=crlf"}))
    forged = honest({b"f": LF, b"x": b"x"}, archive, carried={b"f": LF})
    assert forged.proof.modified[0].transform is None


def test_without_carried_bytes_nothing_is_proven() -> None:
    tree = {b"f": LF, b"x": b"x", b".gitattributes": b"f eol=crlf"}
    archive = archive_of(top({**tree, b"f": CRLF}))
    assert honest(tree, archive).proof.modified[0].transform is None


@pytest.mark.parametrize(
    ("source", "made"),
    [
        (b"$Format:%h$", b"abcdef0"),
        (b"$Format:%s$", b"m"),
        (b"$Format:%d$", b" (tag: v1)"),
        (b"$Format:%%$", b"%"),
        (b"$Format:%H %x41$", b"?"),
        (b"no placeholder", b"evil"),
    ],
)
def test_other_placeholders_stay_unproven(source: bytes, made: bytes) -> None:
    assert transform(source, made, b"f export-subst") is None


def test_a_substitution_needs_its_attribute_set() -> None:
    time = b"1700000000"
    assert transform(b"$Format:%ct$", time, b"f export-subst") == "export-subst"
    assert transform(b"$Format:\n%ct$", b"\n" + time, b"f export-subst") == "export-subst"
    for attributes in (b"", b"f -export-subst", b"f export-subst=set", b"f export-subst="):
        assert transform(b"$Format:%ct$", time, attributes) is None


@pytest.mark.parametrize(
    "date",
    [
        b"99999999999 +0000",
        b"253402300799 +1400",
        b"260000000000 +0000",
        b"999999999999 +0000",
        b"1700000000 +9900",
        b"1700000000 +0060",
        b"nonsense",
    ],
)
def test_dates_that_no_calendar_has_are_not_understood(date: bytes) -> None:
    commit = commit_of("1" * 40).replace(
        b"author A <a@b> 1700000000 +0530", b"author A <a@b> " + date
    )
    facts = commit_facts(commit, "", "")
    assert facts.author_date is None or facts.author_date.year == 5138
    assert facts.committer_date is not None


@pytest.mark.parametrize("date", [b"253402300000 +0000", b"nonsense"])
def test_a_date_that_is_not_understood_leaves_the_file_unproven(date: bytes) -> None:
    tree = {b"f": b"$Format:%at$", b"x": b"x", b".gitattributes": b"f export-subst"}
    archive = archive_of(top({**tree, b"f": date.split()[0]}))
    commit = commit_of(tree_of(tree).tree)
    commit = commit.replace(b"author A <a@b> 1700000000 +0530", b"author A <a@b> " + date)
    forged = honest(tree, archive, carried={b"f": b"$Format:%at$"}, commit=commit)
    assert forged.proof.modified[0].transform is None


def test_a_version_that_could_be_code_is_no_stamp() -> None:
    stamped = b"@VERSION@ @PACKAGE_VERSION@"
    assert transform(stamped, b"1.0 1.0", version="1.0") == "version-stamp"
    assert transform(stamped, b"1.0 @PACKAGE_VERSION@", version="1.0") is None
    assert transform(stamped, b'1"; rm -rf / 1"; rm -rf /', version='1"; rm -rf /') is None
    assert transform(stamped, b"1.0 evil", version="1.0") is None


@pytest.mark.parametrize(
    "pointer",
    [
        b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 5",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 5\nx 1\n",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 4\n",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 05\n",
        b"version https://git-lfs.github.com/spec/v2\noid sha256:%s\nsize 5\n",
    ],
)
def test_a_pointer_that_is_not_strict_names_nothing(pointer: bytes) -> None:
    source = pointer % sha256_hex(b"large").encode()
    assert transform(source, b"large", b"f filter=lfs") is None


def test_the_way_back_from_a_large_file_to_its_pointer_is_no_transform() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 5\n"
    pointer %= sha256_hex(b"large").encode()
    assert transform(pointer, b"large", b"f filter=lfs") == "lfs"
    assert transform(b"large", pointer, b"f filter=lfs") is None
    assert transform(pointer, b"large") is None


def test_only_a_lost_mode_in_an_archive_without_modes_is_recomputed() -> None:
    tree = {b"f": (Mode.EXECUTABLE, b"f"), b"x": b"x"}
    archive = archive_of(top({**tree, b"f": b"f"}), "t-1.zip")
    forged = honest(tree, archive)
    assert forged.proof.modified[0].transform is None

    def without_modes(made: Forged) -> Forged:
        members = {p: replace(m, raw_mode=None) for p, m in made.listing.members.items()}
        return replace(made, listing=replace(made.listing, members=members))

    assert without_modes(forged).proof.modified[0].transform == "mode-unrecorded"
    other = honest(tree, archive_of(top({**tree, b"f": b"evil"}), "t-1.zip"))
    assert without_modes(other).proof.modified[0].transform is None
    gained = honest({b"f": b"f", b"x": b"x"}, archive_of(top(tree), "t-1.zip"))
    assert without_modes(gained).proof.modified[0].transform is None


# Against git itself: what `git archive` writes of a tagged commit is recomputed.

ID = b"$Id$ $Id: old $ $Id: of another system $ $Id: $ $$Id$ $Id\n"
EXPORTED = {
    b"ident": ID,
    b"both": ID,
    b"three": ID + b"$Format:%h %t$\n",
    b"hashes": b"$Format:%H$ $Format:%T$ $Format:%h$ $Format:%t$\n",
    b"dates": b"$Format:%ct %at$ $Format:%cI$ $Format:%aI$ $Format:%ci$ $Format:%cs$\n",
    b"described": b"$Format:%(describe:tags=true)$\n",
}
ATTRIBUTES = b"""ident ident
both ident text eol=crlf
three ident text eol=crlf export-subst
hashes export-subst
dates export-subst
described export-subst
"""


@pytest.mark.parametrize("annotated", [True, False])
@pytest.mark.parametrize("abbrev", ["auto", "12", "40"])
@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_what_git_archive_writes(
    tmp_path: Path, object_format: str, abbrev: str, annotated: bool
) -> None:
    sandbox = Sandbox(tmp_path / "r", object_format=object_format)
    # Past git's own cleaning of what is added, as whoever had the attributes off has committed it.
    for path, content in {**EXPORTED, b".gitattributes": ATTRIBUTES}.items():
        entry = f"100644,{sandbox.raw('blob', content)},{path.decode()}"
        sandbox.git("update-index", "--add", "--cacheinfo", entry)
    sandbox.git("commit", "-q", "-m", "one")
    commit = sandbox.git("rev-parse", "HEAD")
    sandbox.git("tag", *(["-a", "-m", "m"] if annotated else []), "v1.2.3")
    packed = sandbox.folder / "a.tar"
    sandbox.git("-c", f"core.abbrev={abbrev}", "archive", "-o", str(packed), "v1.2.3")
    raw = sandbox.git("cat-file", "commit", commit).encode() + b"\n"
    tree_id = sandbox.git("rev-parse", f"{commit}^{{tree}}")
    facts = commit_facts(raw, commit, tree_id, "v1.2.3")
    attributes = Attributes({b"": ATTRIBUTES})
    expected = {
        b"ident": "ident",
        b"both": "ident, eol-crlf",
        b"three": "ident, eol-crlf, export-subst",
        b"hashes": "export-subst",
        b"dates": "export-subst",
        b"described": "export-subst",
    }
    found = {}
    with tarfile.open(fileobj=io.BytesIO(packed.read_bytes())) as archive:
        for path, content in EXPORTED.items():
            file = archive.extractfile(path.decode())
            assert file is not None
            made = file.read()
            listing = archive_of({path: made}, object_format=ObjectFormat(object_format))
            member = listing.members[path]
            found[path] = recomputed_by(member, content, FILE, attributes.of(path), facts, None)
            wrong = replace(member, sha256=sha256_hex(made + b"x"))
            assert recomputed_by(wrong, content, FILE, attributes.of(path), facts, None) is None
    assert found == expected


def test_a_tag_describes_only_what_is_tagged() -> None:
    commit = commit_of("1" * 40)
    member = archive_of({b"f": b"v1"}).members[b"f"]
    for tag, expected in (("v1", "export-subst"), ("v2", None), ("", None), ("v%", None)):
        facts = commit_facts(commit, "2" * 40, "1" * 40, tag)
        source = b"$Format:%(describe)$"
        attributes = {"export-subst": True}
        assert recomputed_by(member, source, FILE, attributes, facts, None) == expected


def test_a_large_text_is_not_tried_with_every_width() -> None:
    facts = commit_facts(commit_of("1" * 40), "2" * 40, "1" * 40, "v1")
    source = b"$Format:%h$" + b"x" * 2**18
    member = archive_of({b"f": b"2222222" + b"x" * 2**18}).members[b"f"]
    assert recomputed_by(member, source, FILE, {"export-subst": True}, facts, None) is None


def test_the_line_ends_of_lz4s_release() -> None:
    """The archive that GitHub generates of lz4 1.10.0; see rules/real/ORIGIN.md."""
    real = Path(__file__).parent / "rules" / "real" / "lz4"
    path = "build/VS2022/_test.bat"
    source, made = ((real / side / path).read_bytes() for side in ("tree", "archive"))
    attributes = Attributes({b"": (real / "gitattributes").read_bytes()}).of(path.encode())
    facts = commit_facts(commit_of("1" * 40), "2" * 40, "1" * 40)
    member = archive_of({b"f": made}).members[b"f"]
    assert recomputed_by(member, source, FILE, attributes, facts, None) == "eol-crlf"
