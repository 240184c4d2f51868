"""The two files that only wheels have: ``WHEEL`` and ``RECORD``, and a wheel's ``top_level.txt``.

Sources: PyPA specifications, "Binary distribution format" and "Recording installed projects".
"""

import base64
import csv
import io
import math
import re

from packaging.tags import Tag, parse_tag
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from tagseal.contents.metadata._headers import HeaderFile, read_headers, text_of
from tagseal.contents.metadata._model import MetadataInputs, Report, shown
from tagseal.contents.metadata._project import Project
from tagseal.core.paths import display

__all__ = ["check_record", "check_wheel_file", "check_wheel_top_level", "wheel_top_level_names"]

_FIELDS = ("wheel-version", "generator", "root-is-purelib", "tag", "build")
_MOST_TAGS = 1000  # the widest wheels in use have some tens
_SIGNATURES = (b"RECORD.jws", b"RECORD.p7s")


def check_wheel_file(
    content: bytes, project: Project, inputs: MetadataInputs, report: Report
) -> None:
    """Compare ``WHEEL`` with the wheel's file name and the project; its Generator is free text."""
    try:
        headers = read_headers(content)
        name, version, build, tags = parse_wheel_filename(inputs.archive_name)
    except InvalidWheelFilename:
        report.problem("the archive", f"{shown(inputs.archive_name)} is no name of a wheel")
        return
    except ValueError as error:
        report.problem("the file", str(error))
        return
    if name != canonicalize_name(project.name) or not project.is_version(str(version)):
        report.problem("the archive", "its file name has another project's name or version")
    _check_wheel_fields(headers, report)
    _check_tags(headers, tags, report)
    found = headers.one("build")
    if found is not None and found != "".join(map(str, build)):
        report.problem("Build", f"{shown(found)} is not the file name's build number")


def _check_wheel_fields(headers: HeaderFile, report: Report) -> None:
    for field in _FIELDS:
        count = len(headers.all(field))
        if count > 1 and field != "tag":
            report.problem(field, "the field stands more than once")
        if count == 0 and field in ("wheel-version", "root-is-purelib", "tag"):
            report.problem(field, "the field is missing")
    for name in sorted({name for name, _ in headers.fields} - set(_FIELDS)):
        report.problem(shown(name), "no wheel has this field")
    if not re.fullmatch(r"1\.[0-9]", headers.one("wheel-version") or "1.0"):
        report.problem("Wheel-Version", f"{shown(headers.one('wheel-version') or '')} is not known")
    if "\n" in (headers.one("generator") or ""):
        report.problem("Generator", "it has more than one line")
    if headers.body.strip():
        report.problem("the file", "text follows the fields")


def _check_tags(headers: HeaderFile, tags: frozenset[Tag], report: Report) -> None:
    found: set[Tag] = set()
    for text in headers.all("tag"):
        parts = text.split("-")
        if len(parts) != 3:
            report.problem("Tag", f"{shown(text)} is no tag")
        # A compressed tag set is the product of its parts: a line of a few kilobytes can name more
        # tags than memory holds.
        elif math.prod(part.count(".") + 1 for part in parts) > _MOST_TAGS:
            report.problem("Tag", f"{shown(text)} stands for more than {_MOST_TAGS} tags")
        else:
            try:
                found |= parse_tag(text)
            except ValueError:
                report.problem("Tag", f"{shown(text)} is no tag")
    if found != tags:
        report.problem("Tag", "the tags are not the file name's")
    pure = headers.one("root-is-purelib")
    if pure not in ("true", "false"):
        report.problem("Root-Is-Purelib", f"{shown(pure or '')} is neither true nor false")
    elif pure == "false" and any(tag.platform == "any" for tag in tags):
        report.problem("Root-Is-Purelib", "a wheel for any platform is pure")
    report.note("Root-Is-Purelib", pure if pure in ("true", "false") else shown(pure or ""))


def check_record(path: bytes, content: bytes, inputs: MetadataInputs, report: Report) -> None:
    """Hold ``RECORD`` against the archive: every member once, nothing else."""
    try:
        rows = list(csv.reader(io.StringIO(text_of(content), newline=""), strict=True))
    except (ValueError, csv.Error) as error:
        report.problem("the file", f"it cannot be read: {display(str(error))}")
        return
    seen: set[bytes] = set()
    for row in rows:
        if len(row) != 3:
            report.problem("the file", f"the line of {shown(','.join(row))} has not three columns")
            continue
        name = row[0].encode()
        if name in seen:
            report.problem(shown(name), "it is listed twice")
        seen.add(name)
        if problem := _row_problem(name, row[1], row[2], path, inputs):
            report.problem(shown(name), problem)
    folder = path.rpartition(b"/")[0]
    unlisted = {folder + b"/" + name for name in _SIGNATURES}
    for name in sorted(inputs.members.keys() - seen - unlisted):
        report.problem(shown(name), "it is in the archive and not listed")


def _row_problem(
    name: bytes, digest: str, size: str, record: bytes, inputs: MetadataInputs
) -> str | None:
    if name == record:
        return "it lists a digest or size of itself" if digest or size else None
    member = inputs.members.get(name)
    if member is None:
        return "it is listed and not in the archive"
    if member.sha256 is None:
        return "the sha256 of the archive's file was not made, so it cannot be compared"
    encoded = base64.urlsafe_b64encode(bytes.fromhex(member.sha256)).rstrip(b"=").decode()
    if digest != f"sha256={encoded}":
        return "its listed digest is not the sha256 of the archive's file"
    return None if size == str(member.size) else "its listed size is not the archive's"


def wheel_top_level_names(inputs: MetadataInputs) -> frozenset[str]:
    """Return the names at the wheel's top that can be imported, folders and modules."""
    names = set()
    for path in inputs.members:
        top, slash, _ = path.partition(b"/")
        if slash and top.endswith((b".dist-info", b".data")):
            continue
        names.add((top if slash else top.split(b".")[0]).decode("utf-8", "replace"))
    return frozenset(names)


def check_wheel_top_level(content: bytes, inputs: MetadataInputs, report: Report) -> None:
    """Hold setuptools' ``top_level.txt`` against the archive: it lists only what is there."""
    try:
        listed = text_of(content).split("\n")
    except ValueError as error:
        report.problem("the file", str(error))
        return
    names = wheel_top_level_names(inputs)
    for name in filter(None, listed):
        if name in names:
            report.note("top level", shown(name))
        else:
            report.problem("top level", f"the archive has nothing named {shown(name)} at its top")
