"""The project's own files do what its documents say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def shell_blocks(document: Path) -> list[str]:
    """The fenced shell blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    return re.findall(r"^```(?:sh|bash|shell|console)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_ci_runs_the_second_block_of_the_readme() -> None:
    blocks = shell_blocks(ROOT / "README.md")
    assert len(blocks) >= 2
    assert blocks[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_first_block_of_the_readme_rehearses_in_an_environment_of_its_own() -> None:
    block = shell_blocks(ROOT / "README.md")[0]
    assert block.startswith("python3 -m venv .venv")
    assert ".venv/bin/tagseal rehearse" in block


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_get_no_permission_by_default(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    used = re.findall(r"uses: *(.+)", text)
    assert used
    unpinned = [use for use in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", use)]
    assert unpinned == []
    assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")
    assert "pull_request_target" not in text


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_put_no_expression_into_a_shell(workflow: Path) -> None:
    lines = workflow.read_text(encoding="utf-8").splitlines()
    shell = re.compile(r"( *)(?:- )?run:")
    inside = -1
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent <= inside:
            inside = -1
        if start := shell.match(line):
            inside = len(start[1])
        assert inside < 0 or "${{" not in line


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_pin_and_hash_everything_and_name_no_index(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(?:\[[a-z0-9,-]+\])?==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert not re.search(r"https?:|--index-url|--extra-index-url|--find-links|file:|@ ", text)


def test_a_bare_nox_says_what_is_missing() -> None:
    # None in this place makes an import fail as that of a package which is not installed does.
    program = "import sys; sys.modules['tagseal'] = None; from nox import main; main()"
    result = subprocess.run(
        [sys.executable, "-P", "-c", program, "--list", "--noxfile", str(ROOT / "noxfile.py")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0
    assert "Traceback" not in result.stderr
    assert "tagseal is not installed where nox is" in result.stderr
    assert "pip install '.[release,rehearsal]'" in result.stderr
    assert "* tests ->" in result.stdout
    assert "release-check" not in result.stdout


def test_fragments_of_the_changelog_are_of_a_known_kind() -> None:
    kinds = {"added", "changed", "deprecated", "removed", "fixed", "security"}
    fragments = {path.name for path in (ROOT / "changelog.d").iterdir()} - {"README.md"}
    named = re.compile(rf"[a-z0-9-]+\.(?:{'|'.join(sorted(kinds))})\.md")
    assert {name for name in fragments if not named.fullmatch(name)} == set()
