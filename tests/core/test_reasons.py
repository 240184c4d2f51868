import ast
import re
from pathlib import Path

import pytest

import tagseal
from tagseal.core.finding import Finding
from tagseal.core.reasons import REASONS, Reason, Status

SOURCE = Path(tagseal.__file__).parent
TABLE = SOURCE / "core" / "reasons"
SENTENCE = re.compile(r"([A-Z]|tagseal ).*[.]")


def strings(tree: ast.AST) -> set[str]:
    """Every string of a module that is not a docstring."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documentation
    }


@pytest.fixture(scope="module")
def used() -> set[str]:
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        if TABLE not in path.parents:
            found |= strings(ast.parse(path.read_text(encoding="utf-8")))
    return found


def test_every_code_is_used_somewhere(used: set[str]) -> None:
    assert sorted(set(REASONS) - used) == []


def test_every_code_that_is_raised_is_in_the_table() -> None:
    """Found by its form: a string right where an error or a finding takes its code."""
    unknown: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                unknown |= {code for code in codes_of(node) if code not in REASONS}
    assert unknown == set()


def codes_of(call: ast.Call) -> list[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    where: list[ast.expr] = [k.value for k in call.keywords if k.arg == "code"]
    if name.endswith("Error") and call.args and name not in dir(__builtins__):
        where.append(call.args[0])
    elif name != "Finding":
        return []
    values = [w.value for w in where if isinstance(w, ast.Constant)]
    return [v for v in values if isinstance(v, str) and re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", v)]


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.code)
def test_a_line_of_the_table(reason: Reason) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", reason.code)
    assert reason is REASONS[reason.code]
    for sentence in (reason.means, reason.next_step):
        assert SENTENCE.fullmatch(sentence)
        assert "  " not in sentence
        assert "{" not in sentence


def test_only_remarks_have_the_status_of_success() -> None:
    assert {c for c, r in REASONS.items() if r.status is Status.VERIFIED} == {
        "contents-collision-in-source"
    }


def test_only_what_cannot_be_known_is_undecided_about_an_archive() -> None:
    """Whatever is read from an archive or its evidence is refused; no other kind of it is 3."""
    judged = ("archive-", "contents-", "evidence-", "identity-", "statement-", "provenance-")
    undecided = {c for c, r in REASONS.items() if r.status is Status.UNDECIDED}
    assert {c for c in undecided if c.startswith((*judged, "version-"))} == {
        "archive-format-unknown",
        "archive-format-unsupported",
        "evidence-no-inclusion-proof",
        "evidence-unsupported-key",
        "evidence-unsupported-log-entry",
        "evidence-unsupported-version",
        "identity-issuer-unknown",
        "provenance-build-type",
        "statement-unsupported",
    }


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        REASONS["usage"] = REASONS["usage"]  # type: ignore[index]


def test_statuses_are_the_commands_exit_statuses() -> None:
    assert {status.name: int(status) for status in Status} == {
        "VERIFIED": 0,
        "NOT_VERIFIED": 1,
        "USAGE": 2,
        "UNDECIDED": 3,
    }


def test_a_finding_needs_a_code_of_the_table() -> None:
    with pytest.raises(ValueError, match="no reason has the code"):
        Finding(code="no-such-code", message="m")
