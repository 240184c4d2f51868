import pytest

from support_contents import File, archive_of, honest, top, tree_of
from tagseal.contents.rules import ComparingEvidence, RuleContext, context_of
from tagseal.contents.rules._context import _versions
from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.listing import Mode, TreeEntry


@pytest.mark.parametrize(
    ("tag", "version", "expected"),
    [
        ("v1.2.3", "1.2.3", ("1.2.3",)),
        ("curl-8_14_1", None, ("8.14.1",)),
        ("curl-8_14_1", "8.14.1", ("8.14.1",)),
        ("R_2_5_0", None, ("2.5.0",)),
        ("nettle_3.10.1_release_20241230", None, ("3.10.1",)),
        ("release-1-2", None, ("1.2",)),
        ("v1.2-3-4", "1.2", ("1.2",)),
        ("none", None, ()),
    ],
)
def test_the_versions_that_a_tag_can_mean(
    tag: str, version: str | None, expected: tuple[str, ...]
) -> None:
    assert _versions(tag, version) == expected


TREE: dict[bytes, File] = {
    b"same": b"same\n",
    b"changed": b"old\n",
    b"left/out": b"out\n",
    b"left/.gitattributes": b"* eol=crlf\n",
    b"LICENSE": b"a license\n",
    b"link": (Mode.SYMLINK, b"same"),
    b"sub/.gitattributes": b"f export-subst\n",
    b".gitattributes": b"f ident\n",
    b"sub/f": b"f\n",
    b"odd/.gitattributes": b"[attr]x y\n",
    b"odd/f": b"odd\n",
    b"linked/.gitattributes": (Mode.SYMLINK, b"../same"),
    b"linked/f": b"linked\n",
    b"module": TreeEntry(mode=Mode.SUBMODULE, object="1" * 40),
}
BLOBS = {
    object_id("blob", file[1] if isinstance(file, tuple) else file, ObjectFormat.SHA1): (
        file[1] if isinstance(file, tuple) else file
    )
    for file in TREE.values()
    if not isinstance(file, TreeEntry)
}


def context(comparing: ComparingEvidence | None = None) -> RuleContext:
    archive: dict[bytes, File] = {
        path: file
        for path, file in TREE.items()
        if not path.startswith((b"left/", b"LICENSE", b"module"))
    }
    archive |= {b"changed": b"new\n", b"pkg/LICENSE": b"a license\n", b"new": b"new file\n"}
    listing = archive_of(top(archive))
    forged = honest(tree_of(TREE), listing, version="1")
    return context_of(forged.proof, listing, forged.claim, version="1", comparing=comparing)


def repository(blobs: dict[str, bytes] = BLOBS) -> ComparingEvidence:
    return ComparingEvidence(blob=blobs.get, history=lambda: None)


def blob_of(content: bytes) -> str:
    return object_id("blob", content, ObjectFormat.SHA1)


def test_every_entry_that_the_proof_names() -> None:
    entry = context().entry
    assert entry(b"same") == TreeEntry(mode=Mode.FILE, object=blob_of(b"same\n"))
    assert entry(b"changed") == TreeEntry(mode=Mode.FILE, object=blob_of(b"old\n"))
    assert entry(b"LICENSE") == TreeEntry(mode=Mode.FILE, object=blob_of(b"a license\n"))
    assert entry(b"new") is None
    assert entry(b"pkg/LICENSE") is None


def test_bytes_are_proven_or_the_repositorys() -> None:
    assert context().source(b"changed") is None
    assert context().source(b".gitattributes") == b"f ident\n"
    source = context(repository()).source
    assert source(b"changed") == b"old\n"
    assert source(b"new") is None
    assert source(b"link") is None
    assert source(b"module") is None


def test_a_repository_that_lies_is_not_believed() -> None:
    lying = {name: content + b"evil" for name, content in BLOBS.items()}
    assert context(repository(lying)).source(b"changed") is None
    assert context(repository({})).source(b"changed") is None


def test_attributes_are_those_of_every_folder_above() -> None:
    attributes = context(repository()).attributes
    assert attributes(b"f") == {"ident": True}
    found = attributes(b"sub/f")
    assert found is not None
    assert found["export-subst"] is True
    assert found["ident"] is True
    assert attributes(b"odd/f") is None
    assert attributes(b"linked/f") is None


def test_what_only_whoever_compares_has() -> None:
    alone = context()
    assert alone.built is None
    assert alone.history() is None
    assert alone.tag == "v1"
    assert alone.version == "1"
    assert len(alone.helpers()) > 10_000
    assert alone.tree_path(b"t-1/x/y") == b"x/y"
    assert alone.tree_path(b"other/x") is None
    assert alone.facts.tag == "v1"
