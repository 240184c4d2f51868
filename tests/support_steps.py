"""A release step by step, with a Sigstore whose environment can be entered and left."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from support_cli import Ran, refused, run
from support_git import Sandbox
from support_release import CONFIGURED, SLUG, TAG, repository_of
from tagseal.rehearsal import EmbeddedSigstore, Workload

TAR, ZIP = "demo-1.0.tar.gz", "demo-1.0.zip"


class Release:
    """A release's folder, its repository, and a Sigstore whose environment can be entered."""

    def __init__(self, sandbox: Sandbox, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.patch = patch
        self.workload = Workload(
            repository=SLUG,
            repository_id="11",
            owner_id="22",
            ref=f"refs/tags/{TAG}",
            commit=sandbox.git("rev-parse", "HEAD"),
        )
        self.sigstore = EmbeddedSigstore(self.workload)
        self.trust_config = folder.parent / "trust.json"

    def enter(self, **changes: str) -> None:
        """Be a job of this run, or of another one."""
        workload = replace(self.workload, **changes)  # type: ignore[arg-type]
        for name, value in self.sigstore.environment(workload).items():
            self.patch.setenv(name, value)

    def leave(self) -> None:
        """Be on no CI at all."""
        for name in [n for n in os.environ if n.startswith(("GITHUB_", "ACTIONS_", "CI"))]:
            self.patch.delenv(name)

    def arguments(self, step: str) -> list[str | Path]:
        """Return the arguments of a step, as the documentation has them."""
        git = ("--git", self.sandbox.folder)
        trust = ("--trust-config", self.trust_config)
        if step == "verify":
            asked = ("--repo", SLUG, "--tag", TAG, "--workflow", ".github/workflows/release.yml")
            return ["verify", *self.archives(), *asked, *trust]
        return {
            "check": ["check", self.sandbox.folder, "--tag", TAG],
            "build": ["build", self.sandbox.folder, "--tag", TAG, "--out", self.folder],
            "rebuild": ["rebuild", self.folder, *git],
            "compare": ["compare", "--release", self.folder, *git],
            "state": ["state", self.folder, *git],
            "sign": ["sign", self.folder, *trust],
        }[step]

    def archives(self) -> list[Path]:
        records = json.loads((self.folder / "release.json").read_bytes())["archives"]
        return [self.folder / record["name"] for record in records]

    def through(self, *steps: str) -> Ran:
        """Take steps that must succeed; return what the last one said."""
        for step in steps:
            ran = run(*self.arguments(step), "--json")
            assert ran.status == 0, ran.stderr + ran.stdout
            assert ran.document["format"] == f"tagseal-{step}/1"
        return ran

    def stops(self, code: str, step: str) -> Ran:
        """Take a step that must be refused and leave the folder as it was."""
        before = self.snapshot()
        ran = refused(code, *self.arguments(step))
        assert self.snapshot() == before
        return ran

    def snapshot(self) -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}

    def change_record(self, change: Callable[[dict[str, object]], object]) -> None:
        """Change release.json."""
        path = self.folder / "release.json"
        document = json.loads(path.read_bytes())
        change(document)
        path.write_text(json.dumps(document))


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Release]]:
    opened = []

    def made(files: dict[str, bytes] = CONFIGURED) -> Release:
        sandbox = repository_of(tmp_path / "repository", files)
        release = Release(sandbox, tmp_path / "release", monkeypatch)
        opened.append(release.sigstore.__enter__())
        release.trust_config.write_bytes(release.sigstore.trust_config())
        release.enter()
        return release

    yield made
    for sigstore in opened:
        sigstore.__exit__(None, None, None)


@pytest.fixture
def release(make: Callable[..., Release]) -> Release:
    return make()


@pytest.fixture
def built(release: Release) -> Release:
    release.through("check", "build")
    return release


@pytest.fixture
def stated(built: Release) -> Release:
    built.through("rebuild", "compare", "state")
    return built
