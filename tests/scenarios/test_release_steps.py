"""A release step by step, as the jobs of a CI run it, and what stops an honest one."""

import json
from collections.abc import Callable

from support_cli import refused, run
from support_release import GENERATING, SLUG, TAG
from support_steps import TAR, ZIP, Release


def test_all_steps_in_order(release: Release) -> None:
    ran = release.through("check", "build", "rebuild", "compare", "state", "sign", "verify")
    assert [item["archive"] for item in ran.document["archives"]] == [TAR, ZIP]
    for item in ran.document["archives"]:
        assert item["verified"] is True
        assert item["facts"]["repository"] == f"https://github.com/{SLUG}"
        assert item["facts"]["ref"] == f"refs/tags/{TAG}"
    assert sorted(path.name for path in release.folder.iterdir()) == [
        TAR,
        f"{TAR}.intoto.jsonl",
        f"{TAR}.sigstore.json",
        ZIP,
        f"{ZIP}.intoto.jsonl",
        f"{ZIP}.sigstore.json",
        "release.json",
        "statements",
    ]


def test_each_step_names_the_next_one(release: Release) -> None:
    def last(step: str) -> str:
        ran = run(*release.arguments(step))
        assert ran.status == 0
        return ran.stdout.splitlines()[-1]

    assert last("check") == "This tag can be released."
    assert f"Next: tagseal rebuild {release.folder} --git {release.sandbox.folder}" in last("build")
    assert f"Next: tagseal compare --release {release.folder}" in last("rebuild")
    assert last("compare") == f"ACCOUNTED FOR: {ZIP}"
    assert f"Next: tagseal sign {release.folder}" in last("state")
    assert last("sign") == "Signed."


def test_a_file_that_the_build_writes_rests_on_the_builders_word(
    make: Callable[..., Release],
) -> None:
    release = make(GENERATING)
    ran = release.through("check", "build", "rebuild", "compare", "state", "sign", "verify")
    (item,) = ran.document["archives"]
    assert "on the builder's word" in item["headline"]
    exceptions = {e["path"]: e["ground"] for e in item["facts"]["exceptions"]}
    assert exceptions == {"demo-1.0/PKG-INFO": "recomputed", "demo-1.0/VERSION": "rebuilt"}


def test_a_file_that_nobody_declared_stops_the_release(make: Callable[..., Release]) -> None:
    undeclared = GENERATING["pyproject.toml"].replace(b'generated = ["VERSION"]\n', b"")
    release = make({**GENERATING, "pyproject.toml": undeclared})
    release.through("check", "build", "rebuild")
    ran = run(*release.arguments("compare"), "--json")
    assert ran.status == 1
    assert ran.codes == ["contents-generated"]
    assert "VERSION" in json.dumps(ran.document["archives"][0]["findings"])
    plain = run(*release.arguments("compare"))
    assert f"DIFFERENT: {TAR}" in plain.stdout
    stopped = release.stops("release-not-accounted", "state")
    assert "VERSION" in stopped.document["error"]["message"]


def test_declared_files_need_a_second_build(make: Callable[..., Release]) -> None:
    release = make(GENERATING)
    release.through("check", "build")
    assert run(*release.arguments("compare"), "--json").codes == ["contents-generated"]
    release.stops("release-not-accounted", "state")


def test_a_build_that_is_not_reproducible_is_stopped(make: Callable[..., Release]) -> None:
    fixed, random = b'"VERSION").write_text("1.0\\n")', b'"VERSION").write_bytes(os.urandom(9))'
    backend = b"import os\n" + GENERATING["backend/making.py"].replace(fixed, random)
    assert random in backend
    release = make({**GENERATING, "backend/making.py": backend})
    release.through("check", "build")
    ran = release.stops("release-rebuild-differs", "rebuild")
    assert "demo-1.0/VERSION" in ran.document["error"]["message"]
    assert ran.document["error"]["where"] == TAR


def test_what_an_honest_ci_does_not_say_must_be_given(built: Release) -> None:
    built.through("rebuild")
    built.leave()
    ran = built.stops("usage", "state")
    assert "--builder-id" in ran.document["error"]["message"]
    ran = refused("usage", *built.arguments("state"), "--builder-id", "https://b.example/w@r")
    assert "--invocation" in ran.document["error"]["message"]


def test_statements_for_another_signer_do_not_verify(built: Release) -> None:
    given = ("--builder-id", "https://b.example/w@r", "--invocation", "https://i.example")
    assert run(*built.arguments("state"), *given).status == 0
    built.through("sign")
    ran = run(*built.arguments("verify"), "--json")
    assert ran.status == 1
    assert ran.codes == ["evidence-contradicts"]


def test_signing_without_an_identity(stated: Release) -> None:
    stated.leave()
    stated.stops("signing-no-identity", "sign")


def test_signing_needs_to_know_where(stated: Release) -> None:
    stated.trust_config.write_bytes(stated.sigstore.trusted_root())
    stated.stops("signing-cannot-sign", "sign")


def test_a_service_that_is_gone_leaves_nothing(stated: Release) -> None:
    config = stated.trust_config.read_text()
    stated.trust_config.write_text(config.replace(stated.sigstore.url, "http://127.0.0.1:1"))
    stated.stops("signing-service-unavailable", "sign")


def test_the_releaser_verifies_the_whole_folder(stated: Release) -> None:
    """With no demand of one's own: the folder and the CI say what they must be."""
    stated.through("sign")
    trust = ("--trust-config", stated.trust_config)
    ran = run("verify", "--release", stated.folder, *trust, "--json")
    assert ran.status == 0
    assert [item["archive"] for item in ran.document["archives"]] == [TAR, ZIP]
    stated.enter(workflow=f"{SLUG}/.github/workflows/other.yml@refs/tags/{TAG}")
    assert run("verify", "--release", stated.folder, *trust, "--json").codes == ["identity-signer"]
    asked = ("--workflow", ".github/workflows/release.yml")
    assert run("verify", "--release", stated.folder, *trust, *asked).status == 0
    wrong = run("verify", "--release", stated.folder, *trust, *asked, "--tag", "v2", "--json")
    assert wrong.codes == ["version-tag"]


def test_building_twice_into_one_folder_overwrites_nothing(built: Release) -> None:
    built.stops("output-exists", "build")


def test_steps_can_be_taken_again(stated: Release) -> None:
    stated.through("rebuild", "state", "sign", "sign", "verify")
