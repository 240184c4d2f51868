"""Every option of ``tagseal compare``, rightly and wrongly, through the real command."""

import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from support_cli import judged, refused, run
from support_git import Sandbox

FILES = {
    "a.c": b"int a;\n",
    "b.c": b"int b;\n",
    "tool.h": b'#define TOOL_VERSION "1.2-DEV"\n',
    "tool.1": b"the page\n",
    "tagseal.toml": b"""[[rule]]
name = "man"
check = "copy"
paths = ["doc/t.1"]
from = "tool.1"
""",
}


@dataclass(frozen=True, kw_only=True)
class Project:
    """A repository whose tag v1.2 has `FILES`, and archives of it."""

    folder: Path
    sandbox: Sandbox

    def archive(self, files: dict[str, bytes], name: str = "tool-1.2.tar.gz") -> Path:
        target = self.folder / name
        target.parent.mkdir(exist_ok=True)
        with tarfile.open(target, "w:gz", format=tarfile.USTAR_FORMAT) as archive:
            for path, content in files.items():
                info = tarfile.TarInfo(f"tool-1.2/{path}")
                info.size, info.mode = len(content), 0o644
                archive.addfile(info, io.BytesIO(content))
        return target

    def arguments(self, archive: Path, *more: str | Path) -> list[str | Path]:
        return ["compare", archive, "--git", self.sandbox.folder, "--tag", "v1.2", *more]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    sandbox = Sandbox(tmp_path / "repo")
    for path, content in FILES.items():
        sandbox.write(path, content)
    sandbox.commit("Add the tool")
    sandbox.git("tag", "v1.2")
    return Project(folder=tmp_path, sandbox=sandbox)


RELEASED = {**FILES, "tool.h": FILES["tool.h"].replace(b"-DEV", b""), "doc/t.1": b"the page\n"}
EVIL = {**RELEASED, "configure": b"#!/bin/sh\nevil\n"}


def test_an_archive_that_is_accounted_for(project: Project) -> None:
    ran = run(*project.arguments(project.archive(RELEASED)))
    assert ran.status == 0
    assert "ACCOUNTED FOR: tool-1.2.tar.gz: 4 files are as in commit" in ran.stdout
    document = run(*project.arguments(project.archive(RELEASED), "--json")).document
    counts = {rule: found["count"] for rule, found in document["rules"].items()}
    assert counts == {"project:man": 1, "version-lines": 1}


def test_a_file_that_nothing_explains(project: Project) -> None:
    judged("contents-generated", *project.arguments(project.archive(EVIL)))
    imitation = {**RELEASED, "m4/build-to-host.m4": b"evil\n"}
    judged("contents-helper-unknown", *project.arguments(project.archive(imitation)))
    changed = {**RELEASED, "a.c": b"int evil;\n"}
    judged("contents-modified", *project.arguments(project.archive(changed)))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("version-lines", "contents-modified"),
        ("project", "contents-generated"),
        ("project:man", "contents-generated"),
    ],
)
def test_rules_are_taken_away(project: Project, rule: str, code: str) -> None:
    arguments = project.arguments(project.archive(RELEASED), "--without-rule", rule)
    if code == "contents-generated":
        # The same bytes are the tree's at another path, which is a class of its own.
        code = run(*arguments, "--json").codes[0]
        assert code in ("contents-generated", "contents-relocated")
    judged(code, *arguments)


def test_a_rule_that_nobody_has(project: Project) -> None:
    refused("usage", *project.arguments(project.archive(RELEASED), "--without-rule", "none"))


def test_a_build_of_ones_own_explains(project: Project) -> None:
    archive = project.archive(EVIL)
    mine = project.archive(EVIL, "mine/tool-1.2.tar.gz")
    ran = run(*project.arguments(archive, "--built", mine, "--json"))
    assert ran.status == 0
    assert ran.document["rules"]["built-alike"]["count"] == 2
    other = project.archive(RELEASED, "other/tool-1.2.tar.gz")
    judged("contents-generated", *project.arguments(archive, "--built", other))
    missing = project.folder / "none.tar.gz"
    refused("file-unreadable", *project.arguments(archive, "--built", missing))


def test_what_is_left_out_counts_when_it_is_asked_for(project: Project) -> None:
    archive = project.archive({k: v for k, v in RELEASED.items() if k != "b.c"})
    assert run(*project.arguments(archive)).status == 0
    judged("contents-omitted", *project.arguments(archive, "--complete"))
    allowed = project.arguments(archive, "--complete", "--allow-omitted", "b.c")
    assert run(*allowed).status == 0


def test_reports_are_written_and_nothing_is_overwritten(project: Project) -> None:
    archive = project.archive(EVIL)
    page, text = project.folder / "r.html", project.folder / "r.md"
    ran = run(*project.arguments(archive, "--html", page, "--markdown", text))
    assert ran.status == 1
    assert "configure" in page.read_text()
    assert "configure" in text.read_text()
    page.write_text("mine")
    refused("output-exists", *project.arguments(archive, "--html", page))
    refused("output-exists", *project.arguments(archive, "--html", project.folder))
    assert page.read_text() == "mine"
    assert run(*project.arguments(archive, "--html", page, "--force")).status == 1
    assert page.read_text() != "mine"
    refused(
        "output-unwritable", *project.arguments(archive, "--html", project.folder / "no/r.html")
    )
    refused("usage", *project.arguments(archive, "--html", "-"))


def test_every_file_goes_with_a_document(project: Project) -> None:
    archive = project.archive(RELEASED)
    short = run(*project.arguments(archive, "--json")).document
    long = run(*project.arguments(archive, "--json", "--every-file")).document
    assert len(long["files"]) == len(short["files"]) + 4
    plain = run(*project.arguments(archive, "--every-file"))
    assert plain.status == 2
    assert "error[usage]" in plain.stderr


def test_wrong_usage(project: Project) -> None:
    archive = project.archive(RELEASED)
    refused("usage", "compare", archive, "--git", project.sandbox.folder)
    refused("usage", "compare", "--git", project.sandbox.folder, "--tag", "v1.2")
    refused("usage", *project.arguments(project.folder))
    refused("usage", *project.arguments(archive, "--release", project.folder))
    refused("usage", *project.arguments(archive, "--submodule", "x"))
    refused("usage", *project.arguments(archive, "--submodule", "x="))
    refused("usage", *project.arguments(archive, "--submodule", "../x=y"))
    refused("usage", *project.arguments(archive, "--submodule", "x=a", "--submodule", "x=b"))
    refused("usage", *project.arguments(archive, "--helpers", project.folder / "none"))
    refused("usage", *project.arguments(archive, "--kind", "other"))
    refused("git-tag-unknown", "compare", archive, "--git", project.sandbox.folder, "--tag", "v9")


def test_a_package_is_held_against_its_own_folder_and_says_so(project: Project) -> None:
    """A part of the tree, such as a test's data, is not taken for the whole without a word."""
    for path, content in FILES.items():
        project.sandbox.write(f"tests/fixture/{path}", content + b"fixture\n")
    project.sandbox.commit("two")
    project.sandbox.git("tag", "-f", "v1.2")
    archive = project.archive({path: content + b"fixture\n" for path, content in FILES.items()})
    ran = run(*project.arguments(archive))
    note = 'the archive was held against the folder "tests/fixture/" of the commit, not its root'
    assert note in ran.stdout + ran.stderr


def test_collisions_are_looked_for(project: Project) -> None:
    ran = run(*project.arguments(project.archive(RELEASED), "--detect-collisions", "--json"))
    assert json.loads(ran.stdout)["status"] == ran.status
