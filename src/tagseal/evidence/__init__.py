r"""Evidence: Sigstore bundles, read and bounded without any cryptography library.

An **evidence file** stands beside its archive as ``ARCHIVE.intoto.jsonl`` and is JSON Lines: UTF-8,
each line one whole Sigstore bundle, lines ended by a line feed, no line blank. The order says
nothing. A file that holds one bundle, pretty printed or not (``ARCHIVE.sigstore.json``), is
evidence too. A file without a bundle is refused, and one bad line refuses the whole file.

A **bundle** is the JSON form of ``dev.sigstore.bundle.v1.Bundle`` (sigstore/protobuf-specs) of
version 0.3, under either of its two media types. It holds

- one signing certificate, and not a bare public key;
- either a DSSE envelope with exactly one signature, or a message signature;
- exactly one log entry, with an inclusion proof and its checkpoint. An envelope is logged as
  ``hashedrekord/0.0.2`` (Rekor v2) or ``dsse/0.0.1`` (Rekor v1), a message as ``hashedrekord``.

JSON is read strictly: no key twice in one object, no fractions, no ``NaN``, only canonical base64,
and all of it under `EvidenceLimits`. Whatever breaks these rules is ``evidence-malformed``,
``evidence-empty`` or ``evidence-too-large`` and counts as not verified. Other versions, keys and
kinds of log entries are honest things that tagseal cannot judge; they have codes of their own
(``evidence-unsupported-…``, ``evidence-no-inclusion-proof``) and count as undecided.

Reading verifies nothing: a `ParsedBundle` is a claim. Only `tagseal.signing` makes a
`VerifiedBundle` of it.

>>> import json
>>> bundle = {
...     "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
...     "verificationMaterial": {
...         "certificate": {"rawBytes": "MIIB"},
...         "tlogEntries": [{
...             "kindVersion": {"kind": "hashedrekord", "version": "0.0.2"},
...             "inclusionProof": {"checkpoint": {"envelope": "log.example\n1\nAA==\n"}},
...         }],
...     },
...     "dsseEnvelope": {
...         "payloadType": "application/vnd.in-toto+json",
...         "payload": "eyJfdHlwZSI6ICJodHRwczovL2luLXRvdG8uaW8vU3RhdGVtZW50L3YxIn0=",
...         "signatures": [{"sig": "MEUC"}],
...     },
... }
>>> evidence = format_evidence([json.dumps(bundle, indent=2).encode()])
>>> evidence.count(b"\n")
1
>>> (parsed,) = read_evidence(evidence)
>>> parsed.payload
b'{"_type": "https://in-toto.io/Statement/v1"}'
>>> parsed.log_kind, parsed.checkpoint_origin
('hashedrekord/0.0.2', 'log.example')
>>> describe(parsed).statement_type
'https://in-toto.io/Statement/v1'
>>> read_evidence(evidence + b"\n")
Traceback (most recent call last):
    ...
tagseal.core.errors.EvidenceError: line 2 of the evidence: the line is blank
"""

from tagseal.evidence._bundle import read_bundle
from tagseal.evidence._describe import BundleDescription, describe
from tagseal.evidence._file import EVIDENCE_SUFFIX, format_evidence, read_evidence
from tagseal.evidence.limits import EvidenceLimits
from tagseal.evidence.model import ParsedBundle, VerifiedBundle

__all__ = [
    "EVIDENCE_SUFFIX",
    "BundleDescription",
    "EvidenceLimits",
    "ParsedBundle",
    "VerifiedBundle",
    "describe",
    "format_evidence",
    "read_bundle",
    "read_evidence",
]
