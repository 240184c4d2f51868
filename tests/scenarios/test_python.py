"""A Python project from its tag to verified archives, built with a backend from the index."""

import json
import zipfile
from pathlib import Path

import pytest

from support_archives import gz
from support_cli import judged, run
from support_release import SLUG, TAG, Rehearsed

NAMES = ["demo-1.0-py3-none-any.whl", "demo-1.0-source.tar.gz", "demo-1.0.tar.gz"]


def test_a_rehearsal_leaves_exactly_what_it_promises(python_finished: Rehearsed) -> None:
    beside = [f"{name}{suffix}" for name in NAMES for suffix in (".intoto.jsonl", ".sigstore.json")]
    found = sorted(path.name for path in python_finished.folder.iterdir())
    assert found == sorted([*NAMES, *beside, "trust_config.json"])


@pytest.mark.parametrize("name", NAMES)
def test_each_archive_is_verified_without_any_allowance(
    python_finished: Rehearsed, name: str
) -> None:
    rehearsed = Rehearsed(
        folder=python_finished.folder, repository=python_finished.repository, name=name
    )
    ran = run(*rehearsed.verify("--json"))
    assert ran.status == 0, ran.stdout
    (item,) = ran.document["archives"]
    kind = {".whl": "wheel", ".tar.gz": "sdist"}[".whl" if name.endswith(".whl") else ".tar.gz"]
    assert item["facts"]["kind"] == ("source" if "source" in name else kind)
    grounds = {e["ground"] for e in item["facts"]["exceptions"]}
    assert grounds.isdisjoint({"none", "allowed", "rebuilt"})


def test_all_archives_are_verified_with_one_command(python_finished: Rehearsed) -> None:
    trust = ("--trust-config", python_finished.trust_config)
    paths = [python_finished.folder / name for name in NAMES]
    ran = run("verify", *paths, "--repo", SLUG, "--tag", TAG, *trust, "--quiet")
    assert ran.status == 0
    assert [line.partition(":")[0] for line in ran.stdout.splitlines()] == ["VERIFIED"] * 3


@pytest.mark.parametrize("name", NAMES)
def test_each_archive_compares_with_the_tag(python_finished: Rehearsed, name: str) -> None:
    git = ("--git", python_finished.repository, "--tag", TAG)
    ran = run("compare", python_finished.folder / name, *git, "--json")
    assert ran.status == 0
    assert ran.document["counts"]["modified"] == 0


def test_a_module_slipped_into_a_wheel(python_finished: Rehearsed, tmp_path: Path) -> None:
    wheel = tmp_path / NAMES[0]
    with (
        zipfile.ZipFile(python_finished.folder / NAMES[0]) as old,
        zipfile.ZipFile(wheel, "w") as new,
    ):
        for info in old.infolist():
            new.writestr(info, old.read(info))
        new.writestr(zipfile.ZipInfo("demo/evil.py"), b"import os\n")
    git = ("--git", python_finished.repository, "--tag", TAG)
    ran = run("compare", wheel, *git, "--json")
    assert ran.status == 1
    assert "contents-generated" in ran.codes
    assert "demo/evil.py" in json.dumps(ran.document["findings"])
    trust = ("--trust-config", python_finished.trust_config)
    evidence = python_finished.folder / f"{NAMES[0]}.intoto.jsonl"
    asked = ("verify", wheel, "--repo", SLUG, *trust, "--evidence", evidence)
    judged("evidence-wrong-file", *asked)


def test_metadata_that_the_tag_does_not_yield(python_finished: Rehearsed, tmp_path: Path) -> None:
    import gzip

    sdist = tmp_path / NAMES[2]
    tar = gzip.decompress((python_finished.folder / NAMES[2]).read_bytes())
    changed = tar.replace(b"Summary: A demonstration.", b"Summary: A demonstrati0n.")
    assert changed != tar
    sdist.write_bytes(gz(changed))
    git = ("--git", python_finished.repository, "--tag", TAG)
    judged("contents-metadata", "compare", sdist, *git)
