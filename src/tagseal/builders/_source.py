"""Source archives: the tagged tree itself, written without running any project code."""

import platform
import sysconfig
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tagseal.archives import write_source_archive, zlib_version
from tagseal.builders._model import BuildInputs, BuiltArchive
from tagseal.config import ArchiveFormat, SourceArchive
from tagseal.core.errors import BuildError
from tagseal.core.listing import TreeListing
from tagseal.core.paths import check_path, display

__all__ = ["build_source_archive", "source_file_name"]


def source_file_name(config: SourceArchive, inputs: BuildInputs, suffix: ArchiveFormat) -> str:
    """Return an archive's file name: its top folder and the format's suffix.

    BuildError ``build-name-invalid`` when the project's name and version make none.
    """
    top = config.top_folder(name=inputs.name, version=inputs.version)
    problem = check_path(top.encode("utf-8", "surrogatepass"))
    if problem is None and ("/" in top or top.startswith(("-", "."))):
        problem = "it holds a slash, or starts with a dash or a dot"
    if problem:
        raise BuildError(
            "build-name-invalid", f'"{display(top)}" cannot be an archive\'s top folder: {problem}'
        )
    return f"{top}.{suffix}"


def build_source_archive(
    config: SourceArchive,
    suffix: ArchiveFormat,
    inputs: BuildInputs,
    staging: Path,
    clock: Callable[[], datetime],
) -> BuiltArchive:
    """Write one source archive into the staging folder."""
    started = clock()
    name = source_file_name(config, inputs, suffix)
    path = staging / name
    with path.open("xb") as out:
        write_source_archive(
            out,
            format=suffix,
            prefix=name.removesuffix(f".{suffix}").encode() + b"/",
            tree=_without_omitted(config, inputs.tree),
            open_blob=inputs.repository.blob,
            mtime=inputs.tag.commit_time,
            commit=inputs.tag.commit,
        )
    path.chmod(0o644)
    return BuiltArchive(
        path=path,
        builder="source",
        kind="source",
        version=inputs.version,
        dependencies=(),
        reported={
            "network": "not used",
            "omitted": [pattern.text for pattern in config.omitted],
            "platform": sysconfig.get_platform(),
            "python": platform.python_version(),
            "source_date_epoch": inputs.tag.commit_time,
            "zlib": zlib_version(),
        },
        started=started,
        finished=clock(),
    )


def _without_omitted(config: SourceArchive, tree: TreeListing) -> TreeListing:
    if not config.omitted:
        return tree
    kept = {
        path: entry
        for path, entry in tree.entries.items()
        if not any(pattern.matches(path) for pattern in config.omitted)
    }
    return replace(tree, entries=kept)
