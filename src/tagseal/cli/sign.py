"""``tagseal sign``."""

from pathlib import Path

import click

from tagseal.ci import current
from tagseal.cli._options import PATH, answer, json_option, progress_to_stderr
from tagseal.cli._release import folder_argument
from tagseal.core.report import Block, Line, Report
from tagseal.workflows.steps import sign_step

__all__ = ["command"]


@click.command("sign")
@folder_argument
@click.option(
    "--trust-config",
    type=PATH,
    help="A ClientTrustConfig; by default Sigstore's production instance, a public log.",
)
@click.option(
    "--consent-to-public-log",
    "consent",
    is_flag=True,
    help="Sign into a public log even for a repository that looks private.",
)
@json_option
def command(folder: Path, trust_config: Path | None, consent: bool, as_document: bool) -> int:
    """Sign the statements of the release in FOLDER, exactly as they were written.

    Runs in a CI job that has an identity token. What is signed into a public log stays there.
    """
    written = sign_step(
        folder,
        trust_config=trust_config,
        consent=consent,
        run=current(),
        progress=progress_to_stderr,
    )
    blocks: list[Block] = [Line(text=str(path)) for path in written]
    blocks.append(Line(text="Signed.", tone="good"))
    data = {"status": 0, "evidence": [str(path) for path in written]}
    return answer(Report(blocks=tuple(blocks), data=data), as_document=as_document)
