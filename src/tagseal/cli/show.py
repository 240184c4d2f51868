"""``tagseal show``."""

from pathlib import Path

import click

from tagseal.cli._options import answer, json_option, path_argument
from tagseal.workflows.show import show_evidence

__all__ = ["command"]


@click.command("show")
@path_argument("evidence")
@json_option
def command(evidence: Path, as_document: bool) -> int:
    """Show what stands in an EVIDENCE file (bundles of any project). Nothing is verified.

    \b
        tagseal show tool-1.2.tar.gz.intoto.jsonl
    """
    return answer(show_evidence(evidence), as_document=as_document)
