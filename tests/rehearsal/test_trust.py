import json

import pytest
from sigstore._internal.trust import KeyringPurpose
from sigstore.models import ClientTrustConfig, TrustedRoot
from sigstore_models.trustroot.v1 import TrustedRoot as TrustedRootModel

from tagseal.core.errors import RehearsalError
from tagseal.rehearsal import EmbeddedSigstore, Workload


def test_the_client_takes_the_configuration(sigstore: EmbeddedSigstore) -> None:
    config = ClientTrustConfig.from_json(sigstore.trust_config().decode())
    assert config.signing_config.get_fulcio().url == sigstore.url
    assert config.signing_config.get_oidc_url() == sigstore.url
    assert [log.url for log in config.signing_config.get_tlogs()] == [f"{sigstore.url}/api/v2"]
    assert [tsa.url for tsa in config.signing_config.get_tsas()] == [
        f"{sigstore.url}/api/v1/timestamp"
    ]
    for purpose in KeyringPurpose:
        assert config.trusted_root.rekor_keyring(purpose)
        assert config.trusted_root.ct_keyring(purpose)
    assert len(config.trusted_root.get_fulcio_certs()) == 2
    assert len(config.trusted_root.get_timestamp_authorities()) == 1


def test_the_trust_root_stands_alone_and_names_no_port(sigstore: EmbeddedSigstore) -> None:
    root = sigstore.trusted_root()
    assert TrustedRoot(TrustedRootModel.from_json(root))
    assert json.loads(sigstore.trust_config())["trustedRoot"] == json.loads(root)
    assert b"127.0.0.1" not in root
    document = json.loads(root)
    names = [log["baseUrl"] for log in document["tlogs"] + document["ctlogs"]] + [
        authority["uri"]
        for authority in document["certificateAuthorities"] + document["timestampAuthorities"]
    ]
    assert len(set(names)) == 4
    assert all(name.endswith(".rehearsal.tagseal.invalid") for name in names)


def test_the_trust_root_is_there_before_the_server_and_the_port_is_not(
    workload: Workload,
) -> None:
    sigstore = EmbeddedSigstore(workload)
    root = sigstore.trusted_root()
    with pytest.raises(RehearsalError) as caught:
        sigstore.trust_config()
    assert caught.value.code == "rehearsal-lifecycle"
    with sigstore:
        assert sigstore.trusted_root() == root


def test_every_instance_has_its_own_keys(workload: Workload) -> None:
    roots = [json.loads(EmbeddedSigstore(workload).trusted_root()) for _ in range(2)]
    for key in ("tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"):
        assert roots[0][key] != roots[1][key]
