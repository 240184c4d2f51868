"""A release that was really built, stated, signed and logged, by an embedded Sigstore."""

import re
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tagseal.core.reasons import Status
from tagseal.core.verdict import Outcome, Verdict
from tagseal.evidence import read_evidence
from tagseal.policy import Policy
from tagseal.signing import load_trust
from tagseal.workflows.rehearse import Rehearsal, rehearse
from tagseal.workflows.verify import verify_archive


@dataclass(frozen=True)
class Release:
    rehearsal: Rehearsal

    @property
    def archive(self) -> Path:
        return self.rehearsal.archives[0].path

    @property
    def evidence(self) -> list[bytes]:
        return self.rehearsal.archives[0].evidence.read_bytes().splitlines(keepends=True)

    @property
    def policy(self) -> Policy:
        return Policy(repository=self.rehearsal.slug, tag=self.rehearsal.tag)

    def verify(self, folder: Path, lines: list[bytes], policy: Policy | None = None) -> Verdict:
        evidence = folder / "evidence"
        evidence.write_bytes(b"".join(lines))
        trust = load_trust(self.rehearsal.trust_config)
        return verify_archive(
            self.archive, policy=policy or self.policy, trust=trust, evidence=evidence
        )


def released(folder: Path, content: str) -> Release:
    repository = folder / "tool"
    repository.mkdir(parents=True)
    (repository / "main.c").write_text(content, encoding="utf-8")

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=repository, check=True)

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "m")
    git("-c", "tag.gpgSign=false", "tag", "-a", "-m", "m", "v1.0")
    rehearsal = rehearse(
        repository,
        tag="v1.0",
        out=folder / "out",
        slug="owner/tool",
        progress=lambda _: None,
        clock=lambda: datetime.now(UTC),
    )
    return Release(rehearsal)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return released(tmp_path_factory.mktemp("one"), "int main() {}\n")


def test_an_honest_release(release: Release, tmp_path: Path) -> None:
    verdict = release.verify(tmp_path, release.evidence)
    assert verdict.status is Status.VERIFIED
    assert {check.outcome for check in verdict.checks} == {Outcome.PASSED}
    assert re.fullmatch(
        r"VERIFIED: tool-1\.0\.tar\.gz is from the tag v1\.0: 1 file is that of commit "
        r"[0-9a-f]{12}; but only in a rehearsal, which anybody can hold",
        verdict.headline,
    )
    assert verdict.facts["repository"] == "https://github.com/owner/tool"
    assert len(read_evidence(b"".join(release.evidence))) == 3


@pytest.mark.parametrize("dropped", range(3))
def test_a_dropped_line(release: Release, tmp_path: Path, dropped: int) -> None:
    lines = [line for n, line in enumerate(release.evidence) if n != dropped]
    verdict = release.verify(tmp_path, lines)
    assert {f.code for f in verdict.findings} == {"evidence-incomplete"}
    assert verdict.status is Status.NOT_VERIFIED


def test_a_repeated_and_a_shuffled_line(release: Release, tmp_path: Path) -> None:
    lines = release.evidence
    for changed in ([*lines, lines[1]], lines[::-1]):
        assert release.verify(tmp_path, changed).status is Status.VERIFIED


def test_lines_of_another_release(
    release: Release, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = released(tmp_path_factory.mktemp("two"), "int main() { evil(); }\n")
    for n in range(3):
        lines = release.evidence
        lines[n] = other.evidence[n]
        # Each rehearsal has an authority of its own, so the signature fails first.
        assert release.verify(tmp_path, lines).status is Status.NOT_VERIFIED
    assert release.verify(tmp_path, other.evidence).status is Status.NOT_VERIFIED


@pytest.mark.parametrize(
    ("demanded", "code"),
    [
        ({"tag": "v1"}, "version-tag"),
        ({"tag": "v1.0.0"}, "version-tag"),
        ({"repository": "Owner/tool"}, "identity-repository"),
        ({"repository_id": "1"}, "identity-owner"),
        ({"workflow": ".github/workflows/release.yml"}, "identity-signer"),
        ({"commit": "0" * 40}, "identity-commit"),
    ],
)
def test_another_policy(
    release: Release, tmp_path: Path, demanded: dict[str, str], code: str
) -> None:
    verdict = release.verify(tmp_path, release.evidence, replace(release.policy, **demanded))
    assert {f.code for f in verdict.findings} == {code}


def test_the_production_root_refuses_a_rehearsal(release: Release) -> None:
    verdict = verify_archive(release.archive, policy=release.policy, trust=load_trust(None))
    assert {f.code for f in verdict.findings} == {"signing-rehearsal-evidence"}
    assert verdict.status is Status.NOT_VERIFIED
