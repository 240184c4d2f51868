"""``tagseal compare``."""

import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from tagseal.cli._options import (
    PATH,
    allowance_options,
    allowances,
    answer,
    json_option,
    kind_option,
    path_argument,
    progress_to_stderr,
    repository_option,
    tag_name,
    without_rule_option,
)
from tagseal.contents import Kind
from tagseal.core.contents_report import ContentsReport
from tagseal.core.errors import UsageError
from tagseal.core.paths import check_path, display
from tagseal.workflows.files import require_writable, write_new

__all__ = ["command"]

_WITH_RELEASE = frozenset({"release", "repository", "as_document"})
"""The parameters that are not about one archive: all that a release's folder goes with."""


def _submodules(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> Mapping[bytes, Path]:
    found: dict[bytes, Path] = {}
    for value in values:
        path, equals, repository = value.partition("=")
        name = os.fsencode(path.rstrip("/"))
        problem = "PATH=REPOSITORY, with an equals sign" if not equals or not repository else None
        if problem is not None or check_path(name) is not None or name in found:
            problem = problem or "a submodule's path in the tree, each named once"
            raise click.BadParameter(f'"{display(value)}" is not {problem}.')
        if not Path(repository).is_dir():
            raise click.BadParameter(f'there is no folder "{display(repository)}".')
        found[name] = Path(repository)
    return found


def _folders(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[Path, ...]:
    for value in values:
        if not value or not Path(value).is_dir():
            raise click.BadParameter(f'there is no folder "{display(value)}".')
    return tuple(map(Path, values))


def _report_file(_: click.Context, __: click.Parameter, value: str | None) -> Path | None:
    if value in ("", "-"):
        # What is printed is for a person or, with --json, one document; no report goes between.
        raise click.BadParameter(f'"{value}" is no file\'s name; a report needs a file.')
    return Path(value) if value is not None else None


@click.command("compare")
@path_argument("archive", required=False)
@repository_option
@click.option("--tag", callback=tag_name, help="The tag to compare with.")
@click.option(
    "--release",
    "release",
    type=PATH,
    help="Compare every archive of a release's folder instead, as strictly as a consumer would.",
)
@kind_option
@click.option(
    "--built",
    type=PATH,
    help="An archive that you built from the tag yourself; what is the same there is explained.",
)
@click.option(
    "--helpers",
    "helper_folders",
    multiple=True,
    metavar="FOLDER",
    callback=_folders,
    help="Where texts of gnulib, gettext and the like are, a folder or a clone, to show an "
    "unknown helper against the nearest known one.",
)
@click.option(
    "--submodule",
    "submodules",
    multiple=True,
    metavar="PATH=REPOSITORY",
    callback=_submodules,
    help="A repository that has the commit of the submodule at PATH.",
)
@without_rule_option
@click.option(
    "--complete", is_flag=True, help="Demand a reason for everything that is left out, too."
)
@click.option(
    "--detect-collisions",
    "collision_detection",
    is_flag=True,
    help="Look for traces of a SHA-1 collision in every file; slower.",
)
@allowance_options
@click.option(
    "--html",
    metavar="PATH",
    callback=_report_file,
    help="Write the whole report to this HTML page.",
)
@click.option(
    "--markdown",
    metavar="PATH",
    callback=_report_file,
    help="Write the report to this file as Markdown, for a release's notes or a job's summary.",
)
@click.option("--force", is_flag=True, help="Write reports over files that are already there.")
@json_option
@click.option("--every-file", is_flag=True, help="With --json: list the identical files too.")
def command(
    archive: Path | None,
    repository: Path,
    tag: str | None,
    release: Path | None,
    as_document: bool,
    **options: Any,
) -> int:
    """Say what is in ARCHIVE that is not in a tagged commit, signed or not.

    Exit status 0 when every file is the tag's or explained, 1 when not; each difference is named.

    \b
        tagseal compare xz-5.4.1.tar.gz --git ~/src/xz --tag v5.4.1
        tagseal compare xz-5.4.1.tar.gz --git ~/src/xz --tag v5.4.1 --html xz.html
    """
    if release is not None:
        return _release(
            release, repository, {"archive": archive, "tag": tag, **options}, as_document
        )
    if archive is None or tag is None:
        message = "an archive and --tag are needed, or a release's folder with --release"
        if archive is not None:
            message = "--tag is needed: it says what the archive is compared with"
        hint = "For example: tagseal compare tool-1.2.tar.gz --git path/to/clone --tag v1.2"
        raise UsageError("usage", message, hint=hint)
    if options["every_file"] and not as_document:
        message = "--every-file goes with --json"
        raise UsageError("usage", message, hint="The HTML page shows every file by itself.")
    _check_destinations([options["html"], options["markdown"]], archive, options)
    report = _compare(archive, repository, tag, options)
    return _answer(report, options, as_document)


def _check_destinations(
    destinations: Sequence[Path | None], archive: Path, options: Mapping[str, Any]
) -> None:
    """Raise where a report cannot go where it shall, before the work is done for it."""
    given = [destination for destination in destinations if destination is not None]
    for destination in given:
        for source in (archive, options["built"]):
            if source is not None and _are_same(source, destination):
                message = "this is an archive that is read, and no report is written over it"
                hint = "Name another file."
                raise UsageError(
                    "output-exists", message, where=display(str(destination)), hint=hint
                )
        require_writable(destination, overwrite=options["force"])
    if len(given) > 1 and _are_same(*given):
        message = "--html and --markdown name the same file"
        hint = "Name another file for one of the reports."
        raise UsageError("usage", message, where=display(str(given[0])), hint=hint)


def _are_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there yet
        return one.resolve() == other.resolve()


def _release(release: Path, repository: Path, options: Mapping[str, Any], as_document: bool) -> int:
    from tagseal.workflows.documents import gate_report
    from tagseal.workflows.steps import compare_release

    for parameter in command.params:
        if parameter.name not in _WITH_RELEASE and options.get(parameter.name or ""):
            option = parameter.opts[0] if parameter.opts[0].startswith("-") else "an archive"
            message = f"--release does not go with {option}: the folder says what is compared"
            hint = "Compare one archive with a tag, or a release of your own by its folder."
            raise UsageError("usage", message, hint=hint)
    results = compare_release(release, repository, progress=progress_to_stderr)
    return answer(gate_report(results), as_document=as_document)


def _compare(archive: Path, repository: Path, tag: str, options: dict[str, Any]) -> ContentsReport:
    from tagseal.workflows.compare import CompareOptions, compare_archive
    from tagseal.workflows.contents_report import contents_report
    from tagseal.workflows.helper_texts import nearest_known

    kind = options["kind"]
    comparison = compare_archive(
        archive,
        repository,
        tag,
        CompareOptions(
            allow=allowances(options),
            kind=Kind(kind) if kind is not None else None,
            built=options["built"],
            without_rules=options["without_rules"],
            complete=options["complete"],
            submodules=options["submodules"],
            collision_detection=options["collision_detection"],
        ),
    )
    nearest = partial(nearest_known, folders=options["helper_folders"])
    return contents_report(comparison, nearest=nearest)


def _answer(report: ContentsReport, options: Mapping[str, Any], as_document: bool) -> int:
    from tagseal.reports import as_html, as_markdown, contents_answer

    if options["html"] is not None:
        page = as_html(report).encode("utf-8")
        write_new(options["html"], page, overwrite=options["force"])
    if options["markdown"] is not None:
        text = as_markdown(report).encode("utf-8")
        write_new(options["markdown"], text, overwrite=options["force"])
    shown = contents_answer(report, every_file=options["every_file"])
    return answer(shown, as_document=as_document)
