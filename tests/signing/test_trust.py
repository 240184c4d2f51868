import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support_signing import edited
from tagseal.core.errors import SigningError
from tagseal.rehearsal import EmbeddedSigstore
from tagseal.signing import Trust, load_trust, trust_from_json
from tagseal.signing._pinned import PRODUCTION_ROOT, PRODUCTION_SIGNING, pinned


def code(data: bytes) -> str:
    with pytest.raises(SigningError) as caught:
        trust_from_json(data, source="here")
    assert caught.value.where == "here"
    return caught.value.code


def test_the_pinned_production_root():
    trust = load_trust(None)
    assert trust.sha256 == PRODUCTION_ROOT[1] == hashlib.sha256(trust.root).hexdigest()
    assert (trust.is_rehearsal, trust.is_public_log) == (False, True)
    assert trust.signing == pinned(PRODUCTION_SIGNING)


@pytest.mark.parametrize("file", [PRODUCTION_ROOT, PRODUCTION_SIGNING])
def test_the_pin_and_the_readme_agree(file: tuple[str, str]):
    import tagseal.signing

    readme = Path(tagseal.signing.__file__).with_name("_trust") / "README.md"
    assert f"`{file[0]}`" in readme.read_text()
    assert f"`{file[1]}`" in readme.read_text()


def test_a_pinned_file_with_other_bytes_is_refused():
    with pytest.raises(SigningError, match=r"production\.json") as caught:
        pinned(("production.json", "0" * 64))
    assert caught.value.code == "signing-trust-malformed"


@pytest.mark.parametrize("form", ["config", "root"])
def test_a_file_is_either_form(sigstore: EmbeddedSigstore, tmp_path: Path, form: str):
    data = sigstore.trust_config() if form == "config" else sigstore.trusted_root()
    path = tmp_path / "trust\x1b.json"
    path.write_bytes(data)
    trust = load_trust(path)
    assert trust.source.endswith("trust\\x1b.json")
    assert trust.sha256 == hashlib.sha256(data).hexdigest()
    assert trust.is_rehearsal
    assert not trust.is_public_log
    assert (trust.signing is not None) == (form == "config")
    assert json.loads(trust.root) == json.loads(sigstore.trusted_root())


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(SigningError) as caught:
        load_trust(tmp_path / "none.json")
    assert caught.value.code == "file-unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b"{}",
        b'{"mediaType": 1}',
        b'{"mediaType": "a", "mediaType": "a"}',
        b'{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}',
        b'{"mediaType": "application/vnd.dev.sigstore.trustedroot.v0.2+json"}',
        b'{"mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"}',
        b" " * ((4 << 20) + 1),
    ],
    ids=lambda data: repr(data[:60]),
)
def test_malformed(data: bytes):
    assert code(data) == "signing-trust-malformed"


def empty(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda config: config["trustedRoot"].__setitem__(key, [])


def no_certificates(config: dict[str, Any]) -> None:
    config["trustedRoot"]["certificateAuthorities"][0]["certChain"]["certificates"] = []


def bad_certificate(config: dict[str, Any]) -> None:
    chain = config["trustedRoot"]["timestampAuthorities"][0]["certChain"]
    chain["certificates"][0]["rawBytes"] = "AAAA"


@pytest.mark.parametrize(
    "change",
    [
        empty("tlogs"),
        empty("ctlogs"),
        empty("certificateAuthorities"),
        no_certificates,
        bad_certificate,
        lambda config: config.pop("trustedRoot"),
        lambda config: config["signingConfig"].pop("mediaType"),
        lambda config: config["trustedRoot"].update(unknown=1),
    ],
)
def test_unusable(sigstore: EmbeddedSigstore, change: Callable[[dict[str, Any]], object]):
    assert code(edited(sigstore.trust_config(), change)) == "signing-trust-malformed"


def changed(sigstore: EmbeddedSigstore, change: Callable[[dict[str, Any]], object]) -> Trust:
    return trust_from_json(edited(sigstore.trust_config(), change), source="x")


def test_one_real_name_makes_it_no_rehearsal(sigstore: EmbeddedSigstore):
    def change(config: dict[str, Any]) -> None:
        config["trustedRoot"]["tlogs"][0]["baseUrl"] = "https://rekor.example"

    trust = changed(sigstore, change)
    assert (trust.is_rehearsal, trust.is_public_log) == (False, True)


@pytest.mark.parametrize("name", ["rehearsal.tagseal.invalid", "xrehearsal.tagseal.invalid"])
def test_names_that_only_end_alike(sigstore: EmbeddedSigstore, name: str):
    def change(config: dict[str, Any]) -> None:
        config["trustedRoot"]["tlogs"][0]["baseUrl"] = f"https://{name}"

    assert not changed(sigstore, change).is_rehearsal


@pytest.mark.parametrize(
    "url", ["https://rekor.sigstore.dev", "http://10.0.0.1", "http://127.0.0.1.example", "x"]
)
def test_a_rehearsals_root_with_a_service_elsewhere_is_public(sigstore: EmbeddedSigstore, url: str):
    """Else whoever writes the file could have a private name published without consent."""

    def change(config: dict[str, Any]) -> None:
        config["signingConfig"]["rekorTlogUrls"][0]["url"] = url

    trust = changed(sigstore, change)
    assert (trust.is_rehearsal, trust.is_public_log) == (True, True)


@pytest.mark.parametrize("url", ["http://localhost:1", "http://[::1]:1", "http://127.0.0.2:1"])
def test_loopback_has_several_names(sigstore: EmbeddedSigstore, url: str):
    def change(config: dict[str, Any]) -> None:
        config["signingConfig"]["rekorTlogUrls"][0]["url"] = url

    assert not changed(sigstore, change).is_public_log


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "trust.json")
    with pytest.raises(SigningError) as caught:
        load_trust(tmp_path / "trust.json")
    assert caught.value.code == "file-unreadable"
