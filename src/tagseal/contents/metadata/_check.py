"""The door: one file, judged by its role.

What judges is imported when there is something to judge: reading metadata takes packages that take
longer to import than a small archive takes to read, and most archives have none.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tagseal.contents.metadata._model import (
    Distribution,
    MetadataInputs,
    MetadataResult,
    Report,
    shown,
)
from tagseal.contents.metadata._roles import metadata_role

if TYPE_CHECKING:
    from tagseal.contents.metadata._project import Project

__all__ = ["WANTED", "check_metadata", "missing_metadata"]

WANTED: Mapping[Distribution, tuple[str, ...]] = MappingProxyType(
    {"sdist": ("PKG-INFO",), "wheel": ("METADATA", "WHEEL", "RECORD")}
)
"""The metadata that every distribution of a kind has, below its top or its ``*.dist-info``."""

_LARGEST = 8 << 20
_MOST_PROBLEMS = 50


def check_metadata(
    kind: Distribution, path: bytes, content: bytes, inputs: MetadataInputs
) -> MetadataResult:
    """Judge one metadata file, by its archive path and bytes, against what is proven.

    Whatever the bytes are, the answer is a result. A file that `metadata_role` takes for no
    metadata is a problem here: it is somebody else's to judge.
    """
    report = Report()
    role = metadata_role(kind, path, path.partition(b"/")[0])
    if role is None:
        report.problem("the file", f"{shown(path)} is no metadata")
    elif len(content) > _LARGEST:
        report.problem("the file", f"it is larger than {_LARGEST} bytes")
    else:
        _check(role, kind, path, content, inputs, report)
    del report.problems[_MOST_PROBLEMS:]
    return report.result()


def _check(
    role: str,
    kind: Distribution,
    path: bytes,
    content: bytes,
    inputs: MetadataInputs,
    report: Report,
) -> None:
    if role == "RECORD":
        from tagseal.contents.metadata._wheel import check_record

        check_record(path, content, inputs, report)
        return
    if role == "setup.cfg":
        from tagseal.contents.metadata._egg_info import check_setup_cfg

        check_setup_cfg(content, inputs, report)
        return
    from tagseal.contents.metadata._project import read_project

    try:
        project = read_project(inputs)
    except ValueError as error:
        report.problem("the configuration", str(error))
        return
    _check_folder(kind, path.partition(b"/")[0], project, report)
    if role in ("PKG-INFO", "METADATA"):
        from tagseal.contents.metadata._core import check_core_metadata

        check_core_metadata(content, project, inputs, report)
    if role in ("METADATA", "WHEEL", "top_level.txt"):
        _check_wheel(role, content, project, inputs, report)
    elif role == "entry_points.txt":
        from tagseal.contents.metadata._entry_points import check_entry_points

        check_entry_points(content, project, report)
    elif role.startswith("egg-info/"):
        from tagseal.contents.metadata._egg_info import check_egg_info

        check_egg_info(path, content, project, inputs, report)
    elif role != "PKG-INFO" and (role != "dist-info/zip-safe" or content.strip()):
        report.problem("the file", f"{shown(role)} is not recomputed by this version")


def _check_wheel(
    role: str, content: bytes, project: "Project", inputs: MetadataInputs, report: Report
) -> None:
    from tagseal.contents.metadata import _wheel

    if role == "METADATA":
        for name in sorted(_wheel.wheel_top_level_names(inputs)):
            report.note("top level", shown(name))
    elif role == "WHEEL":
        _wheel.check_wheel_file(content, project, inputs, report)
    else:
        _wheel.check_wheel_top_level(content, inputs, report)


def _check_folder(kind: Distribution, top: bytes, project: "Project", report: Report) -> None:
    suffix = b".dist-info" if kind == "wheel" else b""
    if not project.is_folder(top, suffix):
        report.problem(
            "the folder", f"{shown(top)} is not the project's name and the tag's version"
        )


def missing_metadata(
    kind: Distribution, top_folder: bytes, inputs: MetadataInputs
) -> tuple[str, ...]:
    """Return a sentence for each piece of metadata that must be in the archive and is not.

    ``top_folder`` is an sdist's top folder, or a wheel's folder ``*.dist-info``. A wheel of a
    project with entry points must have ``entry_points.txt``, and no wheel has two such folders.
    """
    wanted = list(WANTED[kind])
    problems = []
    if kind == "wheel":
        from tagseal.contents.metadata._entry_points import wanted_entry_points
        from tagseal.contents.metadata._project import read_project

        try:
            if wanted_entry_points(read_project(inputs)):
                wanted.append("entry_points.txt")
        except ValueError as error:
            problems.append(f"the configuration: {error}")
        tops = {path.partition(b"/")[0] for path in inputs.members if b"/" in path}
        for other in sorted(tops - {top_folder}):
            if other.endswith((b".dist-info", b".egg-info")):
                problems.append(f"the archive: {shown(other)} is a second metadata folder")
    for name in wanted:
        if top_folder + b"/" + name.encode() not in inputs.members:
            problems.append(f"{name}: the archive does not have it")
    return tuple(problems)
