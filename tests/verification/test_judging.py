"""Step 8: what an archive is judged as and by, and that every claim about it must hold."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from support_contents import (
    WHEEL,
    File,
    Forged,
    archive_of,
    entry,
    forge,
    honest,
    tag_of,
    top,
    tree_of,
)
from support_verification import (
    METADATA,
    PYPROJECT,
    TREE,
    allowing,
    generated,
    modified,
    sdist,
    seal,
    source,
    wheel,
)
from tagseal.contents import Exceptions, Kind, OmittedEntry, PathMapping
from tagseal.core.digests import ObjectFormat
from tagseal.core.listing import Mode, TreeEntry
from tagseal.core.reasons import Status
from tagseal.policy import Allowances, Policy
from tagseal.verification import judge_claim

OWN_TOML = b'tag = "v{version}"\n[[archive]]\nbuilder = "source"\nname = "t-{version}-source"\n'


def declaring(text: str, **more: bytes) -> dict[bytes, File]:
    """The tree with a table for tagseal in its pyproject.toml."""
    return {
        **TREE,
        b"pyproject.toml": PYPROJECT + text.encode(),
    } | {name.encode(): data for name, data in more.items()}


def python_table(text: str) -> str:
    return f'[[tool.tagseal.archive]]\nbuilder = "python"\n{text}\n'


@pytest.mark.parametrize(("make", "kind"), [(source, "source"), (sdist, "sdist"), (wheel, "wheel")])
def test_honest_archives(make: Callable[[], Forged], kind: str) -> None:
    verdict = seal(make()).verify()
    assert verdict.findings == ()
    assert verdict.status is Status.VERIFIED
    assert verdict.facts["kind"] == kind


# Every contents statement, and the proof itself.


def test_every_claim_must_hold_and_not_only_one() -> None:
    sealed = seal(source())

    def lie(statement: dict[str, dict[str, dict[str, object]]]) -> None:
        statement["predicate"]["contents"]["identical"] = 3

    for lines in (
        (*sealed.lines, sealed.contents.edited(lie)),
        (sealed.contents.edited(lie), *sealed.lines),
    ):
        assert sealed.but(lines=lines).codes == {"contents-tree-differs"}


def test_a_changed_file_and_an_added_file() -> None:
    honest = source()
    first, *_ = honest.listing.members
    member = replace(honest.listing.members[first], blob="f" * 40, sha256="f" * 64)
    changed = replace(honest.listing, members={**honest.listing.members, first: member})
    assert "contents-tree-differs" in seal(replace(honest, listing=changed)).codes
    added = replace(honest.listing, members={**honest.listing.members, b"t-1-source/evil": member})
    assert "contents-tree-differs" in seal(replace(honest, listing=added)).codes


def test_a_tag_object_of_another_tag() -> None:
    # A tag object says v1.1, and stands under the ref refs/tags/v1.
    honest = source()
    forged = honest.but(tags=(tag_of(honest.claim.commit_id, b"v1.1"),))
    assert seal(forged).codes == {"contents-commit-malformed"}
    assert seal(honest.but(tags=(tag_of(honest.claim.commit_id),))).codes == set()


# The kind: the user's word, else the name and the proven configuration; never the claim's.


@pytest.mark.parametrize("kind", list(Kind))
def test_the_claims_own_kind_says_nothing(kind: Kind) -> None:
    forged = source({**TREE, b".github/x": b"x"}, TREE, carried={})
    assert seal(forged).codes == {"contents-omitted"}
    assert seal(forged.but(kind=kind)).codes == {"contents-omitted"}
    assert seal(wheel().but(kind=kind)).codes == set()


def test_a_source_archive_under_an_sdists_name() -> None:
    """Where the tag makes no sdist, the name of one gives no customary omissions."""
    text = '[[tool.tagseal.archive]]\nbuilder = "source"\n'
    tree = {**declaring(text), b".github/x": b"x", b"tests/t.py": b"test"}
    packed = {p: f for p, f in tree.items() if p in declaring(text)}
    sealed = seal(source(tree, packed, name="t-1.tar.gz"))
    assert sealed.codes == {"contents-omitted"}
    assert sealed.asked(kind=Kind.SDIST).codes == {"contents-metadata"}  # without its PKG-INFO


@pytest.mark.parametrize(
    ("name", "pyproject"),
    [
        ("u-1.tar.gz", PYPROJECT),
        ("t-1.zip", PYPROJECT),
        ("t-1-source.tar.gz", PYPROJECT),
        ("t-1.tar.gz", b'[project]\nname = "t"\n'),
        ("t-1.tar.gz", PYPROJECT + python_table("sdist = false").encode()),
    ],
)
def test_a_name_that_is_no_sdists(name: str, pyproject: bytes) -> None:
    tree = {**TREE, b"pyproject.toml": pyproject, b".github/x": b"x"}
    packed = {p: f for p, f in tree.items() if p != b".github/x"}
    stem = name.removesuffix(".tar.gz").removesuffix(".zip").encode()
    listing = archive_of({stem + b"/" + p: f for p, f in packed.items()}, name)
    forged = source(tree, packed, name="t-1.tar.gz")
    mappings = (PathMapping(archive=stem + b"/", tree=b""),)
    forged = replace(forged, listing=listing).but(mappings=mappings)
    assert seal(forged).codes == {"contents-omitted"}


def test_a_configuration_without_archives_makes_what_none_makes() -> None:
    verdict = seal(sdist(declaring('[tool.tagseal]\ntag = "v{version}"\n'))).verify()
    assert verdict.status is Status.VERIFIED
    assert verdict.facts["kind"] == "sdist"


def test_a_project_without_a_static_name_has_sdists_too() -> None:
    tree: dict[bytes, File] = {
        **TREE,
        b"pyproject.toml": b'[build-system]\nrequires = []\nbuild-backend = "b"\n',
    }
    sealed = seal(sdist(tree)).asked(allow=allowing(generated=["t-1/PKG-INFO"]))
    assert sealed.verify().facts["kind"] == "sdist"


@pytest.mark.parametrize(
    ("make", "kind", "code"),
    [
        (wheel, Kind.SOURCE, "contents-layout-refused"),
        (wheel, Kind.SDIST, "contents-layout-refused"),
        (source, Kind.WHEEL, "contents-layout-refused"),
        (source, Kind.SDIST, "contents-metadata"),
        (sdist, Kind.SOURCE, "contents-generated"),
    ],
)
def test_the_users_kind_wins(make: Callable[[], Forged], kind: Kind, code: str) -> None:
    assert code in seal(make()).asked(kind=kind).codes


def test_the_users_kind_is_said() -> None:
    notes = seal(source()).asked(kind=Kind.SOURCE).verify().notes
    assert notes[0] == "judged as a source archive because you say so"


# The configuration: only proven bytes.


def test_a_claim_that_hides_the_configuration() -> None:
    """Without its bytes the archive would be judged as if the project had declared nothing."""
    hidden = wheel(carried={}, needed=[b"pyproject.toml"])
    assert seal(hidden).codes == {"contents-configuration"}
    assert seal(hidden).verify().status is Status.NOT_VERIFIED


def test_a_configuration_whose_bytes_were_not_kept() -> None:
    honest = source()
    listing = replace(honest.listing, kept={})
    assert seal(replace(honest, listing=listing)).codes == {"contents-configuration"}


def test_the_configuration_is_read_as_the_tag_has_it() -> None:
    """An archive's own pyproject.toml, which declares more, has no say."""
    evil = PYPROJECT + python_table('generated = ["src/t/evil.py"]').encode()
    archive = archive_of(
        top({**TREE, b"pyproject.toml": evil, b"src/t/evil.py": b"evil", b"PKG-INFO": METADATA}),
        "t-1.tar.gz",
    )
    lies = Exceptions(
        generated=(generated(b"t-1/PKG-INFO", METADATA), generated(b"t-1/src/t/evil.py")),
        modified=(modified(b"t-1/pyproject.toml", b"pyproject.toml", PYPROJECT, evil),),
    )
    forged = forge(TREE, archive, lies)
    assert seal(forged).codes == {"contents-configuration"}
    carrying = forged.but(carried={lies.modified[0].source.object: PYPROJECT})
    assert seal(carrying).codes == {"contents-modified", "contents-generated"}


def test_a_generated_configuration() -> None:
    archive = archive_of(top({**TREE, b"tagseal.toml": OWN_TOML}))
    lies = Exceptions(generated=(generated(b"t-1/tagseal.toml", OWN_TOML),))
    assert seal(forge(TREE, archive, lies)).codes == {"contents-configuration-generated"}


def test_two_configurations() -> None:
    tree = {**declaring('[tool.tagseal]\ntag = "v{version}"\n'), b"tagseal.toml": OWN_TOML}
    assert seal(source(tree)).codes == {"contents-configuration"}
    one = {**TREE, b"tagseal.toml": OWN_TOML}
    verdict = seal(source(one)).verify()
    assert (
        verdict.notes[0]
        == "judged as a source archive by its name, with the tag's own tagseal.toml"
    )


@pytest.mark.parametrize(
    "pyproject",
    [
        b"\xff",
        b"[tool.tagseal]\nunknown = 1\n",
        b"[build-system]\n",
        b"[build-system]\nrequires = []\n[project]\nname = 1\n",
        b"a = " + b"[" * 5000,
        b"[tool]\ntagseal = 1",
    ],
)
def test_a_configuration_with_errors(pyproject: bytes) -> None:
    tree: dict[bytes, File] = {**TREE, b"pyproject.toml": pyproject}
    assert seal(source(tree, name="t-1.tar.gz")).codes == {"contents-configuration"}


def test_a_symlink_is_no_configuration() -> None:
    tree: dict[bytes, File] = {**TREE, b"tagseal.toml": (Mode.SYMLINK, b"README")}
    assert seal(source(tree)).codes == {"contents-configuration"}


def test_a_tag_that_the_configuration_does_not_know() -> None:
    """The tag's version is the configuration's; another pattern leaves metadata unproven."""
    tree = declaring('[tool.tagseal]\ntag = "release-{version}"\n')
    assert "contents-metadata" in seal(sdist(tree)).codes


# Metadata: recomputed, and never by a pattern.

HOOKED = METADATA + b"Requires-Dist: evil\n"


@pytest.mark.parametrize("make", [sdist, wheel])
def test_a_dependency_that_a_build_hook_adds(make: Callable[..., Forged]) -> None:
    table = python_table('generated = ["PKG-INFO", "**/METADATA", "t-1.dist-info/*"]')
    sealed = seal(make(declaring(table), metadata=HOOKED))
    assert sealed.codes == {"contents-metadata"}
    for pattern in ("**/METADATA", "*/PKG-INFO", "t-1*/METADATA", "t-1.dist-info/*", "t-1/*"):
        assert sealed.asked(allow=allowing(generated=[pattern])).codes == {"contents-metadata"}


def test_metadata_by_its_whole_path() -> None:
    sealed = seal(sdist(metadata=HOOKED))
    for path in ("PKG-INFO", "t-1/PKG-INFO"):
        verdict = sealed.asked(allow=allowing(generated=[path])).verify()
        assert verdict.status is Status.VERIFIED
        assert "accounted for" in verdict.headline


def test_metadata_at_a_place_of_another_file() -> None:
    """A tree file's bytes, put where an installer looks for metadata."""
    tree: dict[bytes, File] = {**TREE, b"evil/PKG-INFO": HOOKED}
    sealed = seal(sdist(tree, TREE, metadata=HOOKED))
    assert sealed.verify().status is Status.NOT_VERIFIED
    allow = allowing(relocated=["t-1/PKG-*"], omitted=["evil"], generated=["t-1/PKG-*"])
    assert "contents-metadata" in sealed.asked(allow=allow).codes


def test_metadata_that_is_missing() -> None:
    honest = sdist()
    members = {p: m for p, m in honest.listing.members.items() if p != b"t-1/PKG-INFO"}
    without = replace(honest, listing=replace(honest.listing, members=members))
    assert seal(without.but(exceptions=Exceptions())).codes == {"contents-metadata"}


@pytest.mark.parametrize("make", [sdist, wheel])
def test_metadata_of_a_commit_without_pyproject(make: Callable[..., Forged]) -> None:
    tree = {path: file for path, file in TREE.items() if path != b"pyproject.toml"}
    sealed = seal(make(tree)).asked(kind=None if make is wheel else Kind.SDIST)
    assert sealed.codes == {"contents-metadata"}
    assert any("no pyproject.toml" in f.message for f in sealed.verify().findings)


def test_metadata_that_is_too_large_to_be_kept() -> None:
    honest = sdist()
    kept = {p: data for p, data in honest.listing.kept.items() if p != b"t-1/PKG-INFO"}
    large = replace(honest, listing=replace(honest.listing, kept=kept))
    assert seal(large).codes == {"contents-metadata"}
    assert "too large" in seal(large).verify().findings[0].message


def test_a_submodules_metadata_is_nobodys_business() -> None:
    """What is identical was proven; its names and dependencies are not this project's."""
    notes = seal(source({**TREE, b"vendor/x.egg-info/PKG-INFO": HOOKED})).verify().notes
    assert not any("evil" in note for note in notes)


# Rebuilt: the builder's word, and the weakest of it.

DECLARED = declaring(python_table('generated = ["src/t/_version.py"]'))


def with_version() -> Forged:
    return sdist(DECLARED, {**DECLARED, b"src/t/_version.py": b"version = 1\n"})


def test_declared_and_rebuilt_is_on_the_builders_word() -> None:
    for rebuilt in ("same-bytes", "same-contents"):
        verdict = seal(with_version(), rebuilt=rebuilt).verify()
        assert verdict.status is Status.VERIFIED
        assert verdict.headline == (
            "VERIFIED: t-1.tar.gz is accounted for: 4 files are those of commit "
            f"{verdict.facts['commit'][:12]} (tag v1), 1 is recomputed from it, "
            "1 is on the builder's word"
        )
        assert "from the tag" not in verdict.headline


def test_declared_and_not_rebuilt_is_refused() -> None:
    sealed = seal(with_version(), rebuilt="not-rebuilt")
    assert sealed.codes == {"contents-generated"}
    (finding,) = sealed.verify().findings
    assert finding.path == b"t-1/src/t/_version.py"
    assert "not built a second time" in finding.message


def test_another_archives_rebuilding_does_not_count() -> None:
    """The release's other archives, even those of the same bytes, do not speak for this one."""
    sealed = seal(with_version(), rebuilt="not-rebuilt")

    def twin(statement: dict[str, dict[str, list[dict[str, object]]]]) -> None:
        mine = statement["predicate"]["archives"][0]
        twin = {**mine, "name": "a-1.tar.gz", "rebuilt": "same-bytes"}
        statement["predicate"]["archives"].insert(0, twin)
        statement["subject"].append(  # type: ignore[attr-defined]
            {"name": "a-1.tar.gz", "digest": {"sha256": sealed.listing.sha256}}
        )

    assert sealed.edited(2, twin).codes == {"contents-generated"}
    assert sealed.edited(2, twin).asked(any_name=True).codes == {"contents-generated"}


def test_judging_a_claim_alone() -> None:
    """As the gate and a comparison do, who have no evidence."""
    forged = with_version()
    policy = seal(forged).policy
    refused = judge_claim(forged.listing, forged.claim, policy, rebuilt="not-rebuilt")
    assert [f.code for f in refused.findings] == ["contents-generated"]
    assert (refused.version, refused.config_file) == ("1", "pyproject.toml")
    accepted = judge_claim(forged.listing, forged.claim, policy, rebuilt="same-bytes")
    assert accepted.findings == ()
    unproven = judge_claim(
        forged.listing, replace(forged.claim, identical_count=0), policy, rebuilt="same-bytes"
    )
    assert unproven.decision is None
    assert {f.code for f in unproven.findings} == {"contents-tree-differs"}


# What the user allows.


def test_a_mapping_that_the_user_allows() -> None:
    flat = replace(source(), listing=archive_of(dict(TREE), "t-1-source.tar.gz")).but(
        mappings=(PathMapping(archive=b"", tree=b""),)
    )
    sealed = seal(flat)
    assert sealed.codes == {"contents-layout-refused"}
    mappings = flat.claim.mappings
    verdict = sealed.asked(allow=Allowances(mappings=mappings)).verify()
    assert verdict.status is Status.VERIFIED
    assert "1 thing is allowed by you" in verdict.headline
    assert '"" stands for the root of the tagged tree, which you allow' in verdict.notes


@pytest.mark.parametrize("kind", [None, *Kind])
def test_any_name_of_a_file_can_be_judged(kind: Kind | None) -> None:
    """A name that is not UTF-8 is in no evidence, but a comparison with a tag meets it."""
    forged = source()
    for name in ("\udcff-1.tar.gz", "t-1.tar.gz\udcff", "-.whl", "x.whl", "", "-1.tar.gz"):
        listing = replace(forged.listing, name=name)
        policy = replace(
            seal(forged).policy, kind=kind, allow=Allowances(mappings=forged.claim.mappings)
        )
        judged = judge_claim(listing, forged.claim, policy, rebuilt="same-bytes")
        assert all(f.message for f in judged.findings)


def test_a_sha256_repository_does_not_rest_on_sha1() -> None:
    files = {b"t-1-source/" + p: f for p, f in TREE.items()}
    listing = archive_of(files, "t-1-source.tar.gz", object_format=ObjectFormat.SHA256)
    verdict = seal(honest(TREE, listing)).verify()
    assert verdict.status is Status.VERIFIED
    assert not any("SHA-1" in note for note in verdict.notes)


@pytest.mark.parametrize("there", [b"[project]\nname = 't'\n", b"[[[", PYPROJECT + b"#\n"])
def test_what_an_archive_looks_like_does_not_decide(there: bytes) -> None:
    """The file beside the others is not the tagged commit's; what is proven counts."""
    changed = {**TREE, b"pyproject.toml": there}
    forged = sdist(files=changed, carried={b"pyproject.toml": PYPROJECT})
    verdict = seal(forged).asked(allow=allowing(modified=["pyproject.toml"])).verify()
    assert verdict.status is Status.VERIFIED
    assert verdict.facts["kind"] == "sdist"


def test_the_sha256_of_all_files_is_looked_at_where_it_is_demanded() -> None:
    sealed = seal(source())

    def lie(statement: dict[str, dict[str, dict[str, object]]]) -> None:
        statement["predicate"]["contents"]["sha256"] = "0" * 64

    assert sealed.edited(1, lie).codes == set()
    assert sealed.edited(1, lie).asked(identical_sha256=True).codes == {"contents-identical-digest"}
    assert sealed.asked(identical_sha256=True).codes == set()


def test_a_dereferenced_symlink_needs_no_permission() -> None:
    tree: dict[bytes, File] = {**TREE, b"docs": (Mode.SYMLINK, b"src/t")}
    files = {**TREE, b"docs/__init__.py": b"import click\n", b"docs/guard.py": b"guard()\n"}
    forged = source(tree, files)
    verdict = seal(forged).verify()
    assert verdict.status is Status.VERIFIED
    assert verdict.facts["counts"]["dereferenced"] == 2
    assert {e["ground"] for e in verdict.facts["exceptions"]} == {"recomputed"}


def judged(forged: Forged) -> set[str]:
    policy = Policy(repository="owner/t")
    result = judge_claim(forged.listing, forged.claim, policy, rebuilt="same-bytes")
    return {finding.code for finding in result.findings}


@pytest.mark.parametrize("make", [sdist, wheel])
def test_metadata_that_cannot_be_recomputed_is_not_left_out_instead(
    make: Callable[..., Forged],
) -> None:
    # A tag without a version: neither the honest archive passes, nor one without any metadata.
    forged = make(ref="refs/tags/nightly")
    assert judged(forged) == {"contents-metadata"}
    kept = {p: f for p, f in forged.listing.kept.items() if b"dist-info" not in p}
    kept.pop(b"t-1/PKG-INFO", None)
    listing = archive_of(kept, forged.listing.name)
    bare = honest(
        TREE,
        listing,
        kind=forged.kind,
        ref="refs/tags/nightly",
        needed=[b"pyproject.toml"],
        carried={b"pyproject.toml": PYPROJECT},
    )
    assert judged(bare) == {"contents-metadata"}


def test_a_wheel_without_metadata_does_not_hide_the_package() -> None:
    # What a wheel's metadata are shown to be absent from is thereby listed entry by entry: "src".
    tree: dict[bytes, File] = {**TREE, b"t/__init__.py": b"stub"}
    del tree[b"pyproject.toml"]
    src = tree_of(tree).trees[b"src"]
    forged = forge(
        tree,
        archive_of({b"t/__init__.py": b"stub"}, WHEEL),
        Exceptions(
            omitted=(
                OmittedEntry(path=b"README", entry=entry(tree[b"README"])),
                OmittedEntry(path=b"src", entry=TreeEntry(mode=Mode.TREE, object=src)),
            )
        ),
        kind=Kind.WHEEL,
        mappings=(PathMapping(archive=b"t/", tree=b"t/"),),
    )
    assert seal(forged).codes == {"contents-metadata"}
