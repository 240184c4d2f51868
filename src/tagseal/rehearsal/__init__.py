"""An embedded Sigstore: sign and verify for real, and leave nothing in a public log.

`EmbeddedSigstore` is a whole Sigstore inside this process: an OIDC issuer, a certificate authority
(Fulcio), a certificate transparency log, a transparency log (Rekor v2) and a timestamp authority
(RFC 3161). They are plain objects behind one port of the loopback interface, and unmodified clients
sign with them and verify what they signed. A rehearsal runs a release against it; other projects
use it in their tests (`tagseal.rehearsal.pytest_plugin`).

>>> import json
>>> run = Workload(
...     repository="owner/name", repository_id="1", owner_id="2",
...     ref="refs/tags/v1.0", commit="a" * 40,
... )
>>> with EmbeddedSigstore(run) as sigstore:
...     trust_config = json.loads(sigstore.trust_config())  # for clients that sign or verify
...     environment = sigstore.environment()                # what a job of the run would see
>>> environment["GITHUB_ACTIONS"]
'true'
>>> sigstore.identity().san
'https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1.0'

**What stays when the server is gone.** Verifying asks no server. The trust root holds the keys
under fixed names which can never be real, so that it and the evidence outlive the port:

>>> [log["baseUrl"] for log in trust_config["trustedRoot"]["tlogs"]]
['https://rekor.rehearsal.tagseal.invalid']
>>> REHEARSAL_ISSUER
'https://oidc.rehearsal.tagseal.invalid'

Only the signing configuration names the port. Keys are fresh for each instance and never on disk:
nobody can sign under an old trust root.

**The services**, each with the source that it follows in its module:

============================  ==================================================================
``GET /oidc/token``           GitHub's token service: needs the job's request token
``POST /api/v2/signingCert``  Fulcio: needs an identity token with the audience ``sigstore``, and
                              a CSR or a proof of possession; a leaf for ten minutes with the
                              extensions .1 and .8 to .22 and an embedded SCT
``GET /api/v2/trustBundle``   Fulcio: the certificates above the leaf
``POST /api/v2/log/entries``  Rekor v2: ``hashedrekord`` 0.0.2, logged if its signature verifies;
                              an entry that is there already is a conflict (409)
``GET /api/v2/checkpoint``    Rekor v2: the signed note over the log
``POST /api/v1/timestamp``    RFC 3161
``GET /.well-known/…``        OIDC discovery, and the issuer's keys
============================  ==================================================================

**What it is not.** It has no TUF repository, no login in a browser and no reading of the logs by
tiles or entries; logs live in memory only. It identifies workloads in the shape of GitHub's, not
persons.
"""

from tagseal.rehearsal._embedded import EmbeddedSigstore
from tagseal.rehearsal._names import REHEARSAL_ISSUER
from tagseal.rehearsal._workload import Workload

__all__ = ["REHEARSAL_ISSUER", "EmbeddedSigstore", "Workload"]
