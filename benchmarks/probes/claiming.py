"""Write the contents predicate of an archive: ``python -m … ARCHIVE REPOSITORY TAG OUT``.

Not measured: it makes what `benchmarks.probes.proving` proves, as a release does before signing.
"""

import json
import sys
from pathlib import Path

from tagseal.attest import as_predicate
from tagseal.workflows.account import account_archive
from tagseal.workflows.source import open_source


def main(archive: str, repository: str, tag: str, out: str) -> None:
    """Account for the archive and write the claim."""
    with open_source(Path(repository), tag) as source:
        accounted = account_archive(Path(archive), source)
    if accounted.claim is None:
        raise ValueError(f"no claim can express how {archive} differs from {tag}")
    Path(out).write_text(json.dumps(as_predicate(accounted.claim)), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
