"""Verify's contents step without the signature above it: ``python -m … ARCHIVE CLAIM``.

Reads the claim, reads the archive with just the digests that verifying asks for, proves the tree,
and lets a policy that allows nothing decide.
"""

import json
import sys
from pathlib import Path

from tagseal.archives import open_archive
from tagseal.attest import parse_contents
from tagseal.core.digests import ObjectFormat
from tagseal.policy import Policy
from tagseal.verification import judge_claim
from tagseal.workflows.keeping import keep_small


def main(archive: str, claim_file: str) -> int:
    """Judge, and return 0 only where nothing is found: a failed proof is no measurement."""
    claim = parse_contents(json.loads(Path(claim_file).read_bytes()))
    exceptions = claim.exceptions
    needed = {g.path for g in exceptions.generated} | {m.path for m in exceptions.modified}
    listing = open_archive(
        Path(archive),
        object_format=ObjectFormat.of(claim.commit_id),
        keep=keep_small,
        sha256_of=needed.__contains__,
        tar_digest=False,
    )
    policy = Policy(repository=claim.repository.removeprefix("https://github.com/"))
    judged = judge_claim(listing, claim, policy, rebuilt="same-bytes")
    for finding in judged.findings:
        sys.stderr.write(f"{finding.code}: {finding.message}\n")
    return 1 if judged.findings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
