"""What evidence and trust roots can have wrong."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate

from support_cli import Ran, judged, refused, run
from support_release import NAME, SLUG, TAG, Rehearsed, lines_of, write_lines

Bundle = dict[str, Any]


def test_no_evidence(rehearsed: Rehearsed) -> None:
    rehearsed.evidence.unlink()
    ran = judged("evidence-missing", *rehearsed.verify())
    assert f"{NAME}.intoto.jsonl" in json.dumps(ran.document)


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_empty_evidence_is_never_success(rehearsed: Rehearsed, content: bytes) -> None:
    rehearsed.evidence.write_bytes(content)
    ran = run(*rehearsed.verify(), "--json")
    assert ran.status == 1
    assert ran.codes[0].startswith("evidence-")


@pytest.mark.parametrize("dropped", [0, 1, 2])
def test_evidence_with_a_line_dropped(rehearsed: Rehearsed, dropped: int) -> None:
    bundles = lines_of(rehearsed.evidence)
    write_lines(rehearsed.evidence, [b for i, b in enumerate(bundles) if i != dropped])
    judged("evidence-incomplete", *rehearsed.verify())


def test_evidence_in_another_order_is_the_same_evidence(rehearsed: Rehearsed) -> None:
    write_lines(rehearsed.evidence, lines_of(rehearsed.evidence)[::-1])
    assert run(*rehearsed.verify()).status == 0


def test_evidence_cut_short(rehearsed: Rehearsed) -> None:
    data = rehearsed.evidence.read_bytes()
    rehearsed.evidence.write_bytes(data[:-100])
    judged("evidence-malformed", *rehearsed.verify())


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_bundle_from_another_run(rehearsed: Rehearsed, other: Rehearsed, line: int) -> None:
    """The same statement, signed by another instance: its keys are not the trust root's."""
    bundles = lines_of(rehearsed.evidence)
    bundles[line] = lines_of(other.evidence)[line]
    write_lines(rehearsed.evidence, bundles)
    judged("signing-trust-root-unknown", *rehearsed.verify())


def test_all_the_evidence_of_another_run(rehearsed: Rehearsed, other: Rehearsed) -> None:
    rehearsed.evidence.write_bytes(other.evidence.read_bytes())
    judged("signing-trust-root-unknown", *rehearsed.verify())
    trust = ("--trust-config", other.trust_config)
    assert run("verify", rehearsed.archive, "--repo", SLUG, *trust).status == 0


def test_a_bundle_for_another_file(python_finished: Rehearsed, tmp_path: Path) -> None:
    """Bundles of one release and one run, but of the wrong archive."""
    source, wheel = (next(python_finished.folder.glob(g)) for g in ("*source.tar.gz", "*.whl"))
    evidence = tmp_path / "evidence.jsonl"
    ours = lines_of(source.with_name(f"{source.name}.intoto.jsonl"))
    theirs = lines_of(wheel.with_name(f"{wheel.name}.intoto.jsonl"))
    trust = ("--trust-config", python_finished.trust_config)
    asked = ("verify", source, "--repo", SLUG, *trust, "--evidence", evidence)
    for line in (0, 1):
        write_lines(evidence, [theirs[line] if i == line else b for i, b in enumerate(ours)])
        ran = run(*asked, "--json")
        assert ran.status == 1
        assert ran.codes == ["evidence-wrong-file"]
    write_lines(evidence, [*ours[:2], theirs[2]])  # the release statement is of both
    assert run(*asked).status == 0


def flip(text: str) -> str:
    """Return base64 of the same bytes but for one flipped bit in the middle."""
    data = bytearray(base64.b64decode(text))
    data[len(data) // 2] ^= 1
    return base64.b64encode(data).decode()


def _change(*path: str | int) -> Callable[[Bundle], None]:
    def change(bundle: Bundle) -> None:
        place: Any = bundle
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = flip(place[path[-1]])

    return change


MATERIAL = "verificationMaterial"
ENTRY = (MATERIAL, "tlogEntries", 0)
FLIPPED = {
    "statement": _change("dsseEnvelope", "payload"),
    "signature": _change("dsseEnvelope", "signatures", 0, "sig"),
    "certificate": _change(MATERIAL, "certificate", "rawBytes"),
    "log-entry": _change(*ENTRY, "canonicalizedBody"),
    "log-root": _change(*ENTRY, "inclusionProof", "rootHash"),
    "timestamp": _change(
        MATERIAL, "timestampVerificationData", "rfc3161Timestamps", 0, "signedTimestamp"
    ),
}


@pytest.mark.parametrize("line", [0, 1, 2])
@pytest.mark.parametrize("change", FLIPPED.values(), ids=FLIPPED)
def test_a_flipped_bit_in_a_bundle(
    rehearsed: Rehearsed, change: Callable[[Bundle], None], line: int
) -> None:
    bundles = lines_of(rehearsed.evidence)
    change(bundles[line])
    write_lines(rehearsed.evidence, bundles)
    ran = run(*rehearsed.verify(), "--json")
    assert ran.status == 1
    (code,) = ran.codes
    assert code.startswith(("signing-", "evidence-malformed", "statement-")), code
    assert f"line {line + 1}" in json.dumps(ran.document)


def test_a_flipped_bit_in_a_checkpoint(rehearsed: Rehearsed) -> None:
    bundles: list[Any] = lines_of(rehearsed.evidence)
    checkpoint = bundles[0][MATERIAL]["tlogEntries"][0]["inclusionProof"]["checkpoint"]
    text = checkpoint["envelope"]
    head, _, signature = text.rpartition(" ")
    checkpoint["envelope"] = f"{head} {flip(signature.strip())}\n"
    write_lines(rehearsed.evidence, bundles)
    judged("signing-log-invalid", *rehearsed.verify())


def test_a_flipped_bit_anywhere_is_refused_or_changes_nothing(rehearsed: Rehearsed) -> None:
    """No damage makes tagseal crash, and what no signature covers changes no word of the verdict.

    Such is the name beside a checkpoint's signature: the log's key is what counts.
    """
    data = rehearsed.evidence.read_bytes()
    honest = run(*rehearsed.verify("--json")).document
    refusals = 0
    for position in range(7, len(data), len(data) // 60):
        changed = bytearray(data)
        changed[position] ^= 0x01
        rehearsed.evidence.write_bytes(changed)
        ran = run(*rehearsed.verify("--json"))
        assert ran.document == honest or ran.status in (1, 3), f"byte {position}"
        refusals += ran.status != 0
        assert "internal-error" not in ran.codes
    assert refusals > 50


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{}\n", "evidence-malformed"),
        (b"[]\n", "evidence-malformed"),
        (b"\xff\n", "evidence-malformed"),
        (b"<html>Not Found</html>\n", "evidence-malformed"),
    ],
)
def test_evidence_that_is_none(rehearsed: Rehearsed, content: bytes, code: str) -> None:
    rehearsed.evidence.write_bytes(content)
    judged(code, *rehearsed.verify())
    refused(code, "show", rehearsed.evidence)


def test_a_rehearsals_evidence_proves_nothing(rehearsed: Rehearsed) -> None:
    """Without its trust config, a rehearsal is refused, and told to be one."""
    ran = run("verify", rehearsed.archive, "--repo", SLUG, "--json")
    assert ran.status == 1
    assert ran.codes == ["signing-rehearsal-evidence"]
    plain = run("verify", rehearsed.archive, "--repo", SLUG).stdout
    assert "proves nothing about who made a release" in plain
    assert "trust_config.json with --trust-config" in plain


def test_a_trusted_root_is_as_good_as_a_client_trust_config(rehearsed: Rehearsed) -> None:
    root = json.loads(rehearsed.trust_config.read_bytes())["trustedRoot"]
    rehearsed.trust_config.write_text(json.dumps(root))
    assert run(*rehearsed.verify()).status == 0


def test_the_trust_config_of_another_rehearsal(rehearsed: Rehearsed, other: Rehearsed) -> None:
    rehearsed.trust_config.write_bytes(other.trust_config.read_bytes())
    ran = judged("signing-trust-root-unknown", *rehearsed.verify())
    assert ran.status == 1


def keys(root: Any) -> dict[str, tuple[Any, bytes]]:
    """Return where the trust root has each key that a verification rests on, and that key."""

    def of(certificate: Any) -> tuple[Any, bytes]:
        key = load_der_x509_certificate(base64.b64decode(certificate["rawBytes"])).public_key()
        encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return certificate, encoded

    log, ct_log = root["tlogs"][0]["publicKey"], root["ctlogs"][0]["publicKey"]
    return {
        "log": (log, base64.b64decode(log["rawBytes"])),
        "certificate-log": (ct_log, base64.b64decode(ct_log["rawBytes"])),
        "authority": of(root["certificateAuthorities"][0]["certChain"]["certificates"][0]),
        "timestamps": of(root["timestampAuthorities"][0]["certChain"]["certificates"][-1]),
    }


@pytest.mark.parametrize("which", ["log", "certificate-log", "authority", "timestamps"])
def test_a_flipped_bit_in_a_key_of_the_trust_root(rehearsed: Rehearsed, which: str) -> None:
    document = json.loads(rehearsed.trust_config.read_bytes())
    holder, key = keys(document["trustedRoot"])[which]
    data = base64.b64decode(holder["rawBytes"])
    position = data.index(key) + len(key) - 5
    changed = bytearray(data)
    changed[position] ^= 1
    holder["rawBytes"] = base64.b64encode(changed).decode()
    rehearsed.trust_config.write_text(json.dumps(document))
    ran = run(*rehearsed.verify("--json"))
    assert ran.status == 1
    (code,) = ran.codes
    assert code.startswith("signing-"), code


def test_a_flipped_bit_anywhere_in_the_trust_root(rehearsed: Rehearsed) -> None:
    """What is not used, as the root above an authority that is trusted itself, may change."""
    data = rehearsed.trust_config.read_bytes()
    honest = run(*rehearsed.verify("--json")).document
    refusals = 0
    for position in range(11, len(data), len(data) // 60):
        changed = bytearray(data)
        changed[position] ^= 0x01
        rehearsed.trust_config.write_bytes(changed)
        ran = run(*rehearsed.verify("--json"))
        assert ran.document == honest or ran.status == 1, f"byte {position}"
        refusals += ran.status != 0
        assert "internal-error" not in ran.codes
    assert refusals > 10


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}", '{"mediaType": 7}', "\udcff"])
def test_a_trust_root_that_is_none(rehearsed: Rehearsed, content: str) -> None:
    rehearsed.trust_config.write_bytes(content.encode("utf-8", "surrogateescape"))
    refused("signing-trust-malformed", *rehearsed.verify())


def test_a_trust_root_that_is_not_there(rehearsed: Rehearsed) -> None:
    rehearsed.trust_config.unlink()
    refused("file-unreadable", *rehearsed.verify())


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--repo", "owner/other"], "identity-repository"),
        (["--tag", "v1"], "version-tag"),
        (["--tag", "v1.0.0"], "version-tag"),
        (["--commit", "0" * 40], "identity-commit"),
        (["--repository-id", "1"], "identity-owner"),
        (["--owner-id", "1"], "identity-owner"),
        (["--workflow", ".github/workflows/other.yml"], "identity-signer"),
        (
            ["--builder", "https://github.com/owner/demo/.github/workflows/w.yml@refs/tags/v1"],
            "identity-signer",
        ),
    ],
)
def test_what_was_asked_for_is_not_what_was_signed(
    rehearsed: Rehearsed, options: list[str], code: str
) -> None:
    judged(code, *rehearsed.verify(*options))


def shown(evidence: Path) -> Ran:
    ran = run("show", evidence, "--json")
    assert ran.status == 0
    return ran


def test_showing_evidence_judges_nothing(rehearsed: Rehearsed) -> None:
    ran = shown(rehearsed.evidence)
    assert ran.document["verified"] is False
    assert len(ran.document["bundles"]) == 3
    plain = run("show", rehearsed.evidence)
    assert plain.stdout.splitlines()[0] == f"{NAME}.intoto.jsonl: 3 bundles, not verified"
    assert "`tagseal verify` says" in plain.stdout.splitlines()[-1]
    assert "VERIFIED" not in plain.stdout


def test_showing_one_bundle(rehearsed: Rehearsed) -> None:
    bundle = rehearsed.folder / f"{NAME}.sigstore.json"
    assert len(shown(bundle).document["bundles"]) == 1
    assert "1 bundle, not verified" in run("show", bundle).stdout


def test_showing_names_that_are_escapes(rehearsed: Rehearsed) -> None:
    bundles: list[Any] = lines_of(rehearsed.evidence)
    statement = json.loads(base64.b64decode(bundles[0]["dsseEnvelope"]["payload"]))
    statement["subject"][0]["name"] = "\x1b[2J\u202eevil"
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    bundles[0]["dsseEnvelope"]["payload"] = payload
    write_lines(rehearsed.evidence, bundles[:1])
    assert r"\x1b[2J\u202eevil" in run("show", rehearsed.evidence).stdout


def test_tag_is_optional_and_its_absence_is_said(rehearsed: Rehearsed) -> None:
    trust = ("--trust-config", rehearsed.trust_config)
    ran = run("verify", rehearsed.archive, "--repo", SLUG, *trust)
    assert ran.status == 0
    assert f"tag {TAG}; you named none" in ran.stdout
