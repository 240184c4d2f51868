"""What a repository or a tag can have wrong: a clear error, and nothing half-written."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support_cli import refused, run, spawn
from support_git import ENVIRONMENT, Sandbox
from support_release import (
    CONFIGURED,
    FILES,
    PYTHON,
    SLUG,
    TAG,
    Rehearsed,
    full_repository,
    repository_of,
)


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return repository_of(tmp_path / "repository", CONFIGURED)


def stops_everywhere(code: str, tmp_path: Path, sandbox: Sandbox, tag: str = TAG) -> None:
    """Every command that takes a tag refuses it for one reason, and leaves nothing."""
    before = sorted(tmp_path.iterdir())
    out = tmp_path / "out"
    archive = tmp_path / "repository" / "README"
    refused(code, "rehearse", sandbox.folder, "--tag", tag, "--out", out)
    refused(code, "check", sandbox.folder, "--tag", tag)
    refused(code, "build", sandbox.folder, "--tag", tag, "--out", out)
    refused(code, "compare", archive, "--git", sandbox.folder, "--tag", tag)
    assert sorted(tmp_path.iterdir()) == before


def test_an_unknown_tag(sandbox: Sandbox, tmp_path: Path) -> None:
    stops_everywhere("git-tag-unknown", tmp_path, sandbox, "v9.9")


def test_an_unknown_tag_with_terminal_escapes_is_shown_escaped(sandbox: Sandbox) -> None:
    ran = refused("git-tag-unknown", "check", sandbox.folder, "--tag", "v1\x1b[2J\u202e")
    assert r"v1\x1b[2J\u202e" in ran.document["error"]["message"]


def test_a_tag_that_is_a_branch_too(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.git("branch", TAG)
    stops_everywhere("git-tag-is-branch-too", tmp_path, sandbox)


def test_a_tag_of_a_tree(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.git("tag", "v2.0", "HEAD^{tree}")
    stops_everywhere("git-tag-not-a-commit", tmp_path, sandbox, "v2.0")


def test_a_tag_object_under_another_name(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.git("update-ref", "refs/tags/v2.0", sandbox.git("rev-parse", TAG))
    stops_everywhere("git-tag-name-differs", tmp_path, sandbox, "v2.0")


def test_a_shallow_clone(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.write("more", b"")
    sandbox.commit("two")
    sandbox.git("tag", "-a", "-m", "m", "v1.1")
    url = sandbox.folder.as_uri()
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", "--branch", "v1.1", url, str(clone)],
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    )
    before = sorted(tmp_path.iterdir())
    out = tmp_path / "out"
    refused("git-shallow", "rehearse", clone, "--tag", "v1.1", "--out", out)
    refused("git-shallow", "rehearse", clone, "--out", out)
    refused("git-shallow", "check", clone, "--tag", "v1.1")
    refused("git-shallow", "build", clone, "--tag", "v1.1", "--out", out)
    assert "--unshallow" in run("check", clone, "--tag", "v1.1").stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_owned_by_another_user(sandbox: Sandbox, tmp_path: Path) -> None:
    """Git itself refuses such a repository; we read its objects and run nothing of it."""
    for path in [sandbox.folder, *sandbox.folder.rglob("*")]:
        os.chown(path, 65534, 65534, follow_symlinks=False)
    plain = subprocess.run(["git", "log"], cwd=sandbox.folder, env=ENVIRONMENT, capture_output=True)
    assert b"dubious ownership" in plain.stderr
    assert run("check", sandbox.folder, "--tag", TAG).status == 0
    out = tmp_path / "out"
    assert run("rehearse", sandbox.folder, "--tag", TAG, "--out", out).status == 0


def test_no_git(sandbox: Sandbox, tmp_path: Path) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    out = tmp_path / "out"
    ran = spawn(
        *("rehearse", sandbox.folder, "--tag", TAG, "--out", out, "--json"),
        env={"PATH": str(empty)},
    )
    assert ran.status == 3
    assert ran.codes == ["git-not-found"]
    assert "hint: Install git" in ran.stderr
    assert not out.exists()


def test_verifying_needs_no_git(finished: Rehearsed, tmp_path: Path) -> None:
    ran = spawn(*finished.verify("--json"), env={"PATH": str(tmp_path)})
    assert ran.status == 0
    assert ran.document["archives"][0]["verified"] is True


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    for command in ("rehearse", "check", "build"):
        options = () if command == "check" else ("--out", tmp_path / "out")
        refused("git-not-a-repository", command, tmp_path, "--tag", TAG, *options)
    assert list(tmp_path.iterdir()) == []


def test_a_repository_that_is_not_there(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    refused("git-not-a-repository", "rehearse", nowhere, "--out", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_no_commit_yet(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "repository")
    refused("git-head-unknown", "rehearse", sandbox.folder, "--out", tmp_path / "out")
    refused("git-tag-unknown", "check", sandbox.folder, "--tag", TAG)
    assert [path.name for path in tmp_path.iterdir()] == ["repository"]


def test_a_commit_without_files_cannot_be_proven(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "repository")
    sandbox.commit()
    out = tmp_path / "out"
    ran = refused("release-not-accounted", "rehearse", sandbox.folder, "--out", out)
    assert "no file" in ran.document["error"]["message"]
    assert [path.name for path in tmp_path.iterdir()] == ["repository"]


def test_a_tag_that_moved_between_two_steps(sandbox: Sandbox, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("build", sandbox.folder, "--tag", TAG, "--out", out).status == 0
    sandbox.write("more", b"")
    sandbox.commit("two")
    sandbox.git("tag", "-f", "-a", "-m", "m", TAG)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    steps = (
        ("rebuild", out),
        ("compare", "--release", out),
        ("state", out, "--builder-id", "https://b.example", "--invocation", "https://i.example"),
    )
    for step in steps:
        refused("git-tag-moved", *step, "--git", sandbox.folder)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_tag_that_moved_after_signing_is_told_by_its_commit(rehearsed: Rehearsed) -> None:
    ran = run(*rehearsed.verify("--commit", "0" * 40, "--json"))
    assert ran.codes == ["identity-commit"]
    assert ran.status == 1


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_tag_of_another_version_stops_a_real_release(tmp_path: Path, command: str) -> None:
    sandbox = repository_of(tmp_path / "repository", PYTHON, tag="v2.0")
    out = ("--out", tmp_path / "out") if command == "build" else ()
    ran = refused("release-version-differs", command, sandbox.folder, "--tag", "v2.0", *out)
    message = ran.document["error"]["message"]
    assert "2.0" in message
    assert "1.0" in message
    assert [path.name for path in tmp_path.iterdir()] == ["repository"]


def test_a_tag_of_another_version_only_warns_in_a_rehearsal(tmp_path: Path) -> None:
    version = b'[project]\nname = "demo"\nversion = "1.0"\n'  # without a build system: source only
    sandbox = repository_of(tmp_path / "repository", {"pyproject.toml": version}, tag="v2.0")
    ran = run("rehearse", sandbox.folder, "--tag", "v2.0", "--out", tmp_path / "out", "--json")
    assert ran.status == 0
    assert 'the tag "v2.0" stands for version 2.0' in ran.document["warnings"][0]
    assert "tagseal: warning: the tag" in ran.stderr


def test_a_lightweight_tag(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", CONFIGURED)
    sandbox.git("tag", "v1.1")
    found = run("check", sandbox.folder, "--tag", "v1.1", "--json").document["found"]
    assert "v1.1 is a lightweight tag" in found[0]
    ran = run("rehearse", sandbox.folder, "--tag", "v1.1", "--out", tmp_path / "out", "--json")
    assert ran.status == 0
    assert [Path(a["path"]).name for a in ran.document["archives"]] == [
        "demo-1.1.tar.gz",
        "demo-1.1.zip",
    ]


def test_an_ephemeral_tag_is_said_aloud_and_stays_out_of_the_repository(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    before = sandbox.git("for-each-ref")
    ran = run("rehearse", sandbox.folder, "--out", tmp_path / "out", "--json")
    assert ran.status == 0
    assert ran.document["ephemeral"] is True
    assert ran.document["tag"] == "v0.0.0"
    assert "an ephemeral tag that only this rehearsal sees: v0.0.0" in ran.stderr
    assert sandbox.git("for-each-ref") == before


def test_a_sha256_repository_from_end_to_end(tmp_path: Path) -> None:
    sandbox = full_repository(tmp_path / "repository", object_format="sha256")
    out = tmp_path / "out"
    options = ("--tag", TAG, "--repo", SLUG, "--out", out)
    ran = run("rehearse", sandbox.folder, *options, "--json")
    assert ran.status == 0
    assert len(ran.document["commit"]) == 64
    archive = Rehearsed(folder=out, repository=sandbox.folder)
    assert run(*archive.verify()).stdout.count("SHA-1") == 0
    assert run("compare", archive.archive, "--git", sandbox.folder, "--tag", TAG).status == 0


def test_executable_files_and_symlinks_are_the_tags(finished: Rehearsed) -> None:
    ran = run("compare", finished.archive, "--git", finished.repository, "--tag", TAG, "--json")
    assert ran.status == 0
    assert ran.document["counts"] == {
        "identical": len(FILES) + 3,
        "generated": 0,
        "modified": 0,
        "relocated": 0,
        "dereferenced": 0,
        "omitted": 0,
        "conflicting": 0,
    }


def test_a_submodule_is_named_and_needs_no_allowance(tmp_path: Path) -> None:
    sandbox = full_repository(tmp_path / "repository")
    commit = sandbox.git("rev-parse", "HEAD")
    modules = b'[submodule "lib"]\n\tpath = lib\n\turl = https://example.org/lib\n'
    sandbox.write(".gitmodules", modules)
    sandbox.git("add", ".gitmodules")
    sandbox.git("update-index", "--add", "--cacheinfo", f"160000,{commit},lib")
    sandbox.git("commit", "-q", "-m", "two")
    sandbox.git("tag", "v1.1")
    out = tmp_path / "out"
    ran = run("rehearse", sandbox.folder, "--tag", "v1.1", "--repo", SLUG, "--out", out, "--json")
    assert ran.status == 0
    verified = run(*ran.document["verify"][ran.document["verify"].index("verify") :])
    assert verified.status == 0
    assert "submodule" in verified.stdout


def test_a_repository_is_found_from_a_folder_inside_it(sandbox: Sandbox) -> None:
    ran = run("check", "--tag", TAG, cwd=sandbox.folder / "src")
    assert ran.status == 0
    assert "This tag can be released." in ran.stdout


def test_a_configuration_with_errors_lists_all_of_them(tmp_path: Path) -> None:
    config = b'tagg = "v{version}"\n\n[[archive]]\nbuilder = "sourc"\n'
    sandbox = repository_of(tmp_path / "repository", {"tagseal.toml": config})
    ran = refused("config-invalid", "check", sandbox.folder, "--tag", TAG)
    message = ran.document["error"]["message"]
    assert "tagg" in message
    assert "sourc" in message


def test_a_repository_without_a_name_can_be_rehearsed_but_not_released(tmp_path: Path) -> None:
    files = {"tagseal.toml": b'[[archive]]\nbuilder = "source"\n'}
    sandbox = repository_of(tmp_path / "repository", files)
    ran = refused("config-invalid", "check", sandbox.folder, "--tag", TAG)
    assert "what the repository is called" in ran.document["error"]["message"]
    out = tmp_path / "out"
    refused("config-invalid", "build", sandbox.folder, "--tag", TAG, "--out", out)
    ran = run("rehearse", sandbox.folder, "--tag", TAG, "--out", out, "--json")
    assert ran.status == 0
    assert "rehearsal/repository" in ran.document["warnings"][0]


def test_nothing_configured_can_be_rehearsed_but_not_released(tmp_path: Path) -> None:
    sandbox = repository_of(tmp_path / "repository", FILES)
    sandbox.git("remote", "add", "origin", "https://github.com/owner/demo")
    ran = refused("config-invalid", "check", sandbox.folder, "--tag", TAG)
    assert "configures no archive" in ran.document["error"]["message"]


def test_a_repository_is_read_only_for_us(sandbox: Sandbox, tmp_path: Path) -> None:
    def snapshot() -> dict[str, tuple[int, int]]:
        found = sandbox.folder.rglob("*")
        return {str(p): (p.lstat().st_mtime_ns, p.lstat().st_size) for p in found}

    before = snapshot()
    assert run("rehearse", sandbox.folder, "--tag", TAG, "--out", tmp_path / "out").status == 0
    assert run("rehearse", sandbox.folder, "--out", tmp_path / "out2").status == 0
    assert snapshot() == before


def test_a_rehearsal_of_a_plain_folder_copy_of_a_repository(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    shutil.copytree(sandbox.folder, tmp_path / "copy")
    ran = run("rehearse", tmp_path / "copy", "--tag", TAG, "--out", tmp_path / "out")
    assert ran.status == 0
