"""What setuptools adds to an sdist: the folder ``*.egg-info`` and ``setup.cfg``.

Sources: setuptools' documentation, "The Internal Structure of Python Eggs" for the folder's files;
for ``setup.cfg``, what its ``egg_info`` command saves so that an sdist builds as the same version.
"""

import configparser
import io
import re
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from tagseal.contents.metadata._entry_points import check_entry_points
from tagseal.contents.metadata._headers import text_of
from tagseal.contents.metadata._model import MetadataInputs, Report, shown
from tagseal.contents.metadata._project import Project
from tagseal.contents.metadata._requirements import (
    Dependency,
    expected_dependencies,
    read_dependency,
    with_extra,
)
from tagseal.core.digests import sha256_hex
from tagseal.core.jsontext import parse

__all__ = ["check_egg_info", "check_setup_cfg"]

_TAIL = b"[egg_info]\ntag_build = \ntag_date = 0\n\n"
_SECTION = re.compile(r"\[([^\[\]:]*)(?::(.*))?\]")
_EMPTY = ("dependency_links.txt", "not-zip-safe", "zip-safe")


def check_egg_info(
    path: bytes, content: bytes, project: Project, inputs: MetadataInputs, report: Report
) -> None:
    """Compare one file of the folder ``*.egg-info`` with the configuration and the archive."""
    top, _, rest = path.partition(b"/")
    *_, folder, name = rest.decode("utf-8", "replace").split("/")
    if canonicalize_name(folder.removesuffix(".egg-info")) != canonicalize_name(project.name):
        report.problem("the folder", f"{shown(folder)} is not the project's name")
    try:
        if name == "PKG-INFO":
            _check_copy(content, top, inputs, report)
        elif name == "SOURCES.txt":
            _check_sources(text_of(content), top, inputs, report)
        elif name == "requires.txt":
            _check_requires(text_of(content), project, report)
        elif name == "entry_points.txt":
            check_entry_points(content, project, report)
        elif name == "top_level.txt":
            _check_top_level(text_of(content), top, project, inputs, report)
        elif name == "scm_version.json":
            _check_scm_version(content, project, inputs, report)
        elif name == "scm_file_list.json":
            _check_scm_files(content, inputs, report)
        elif name not in _EMPTY:
            report.problem("the file", f"{shown(name)} is not recomputed by this version")
        elif content.strip():
            report.problem("the file", f"{shown(name)} is not empty")
    except ValueError as error:
        report.problem("the file", str(error))


def _check_copy(content: bytes, top: bytes, inputs: MetadataInputs, report: Report) -> None:
    original = inputs.members.get(top + b"/PKG-INFO")
    if original is None or original.sha256 != sha256_hex(content):
        report.problem("the file", "it is not the same as the PKG-INFO at the top")


def _check_sources(text: str, top: bytes, inputs: MetadataInputs, report: Report) -> None:
    for line in filter(None, text.split("\n")):
        path = line.encode()
        if path not in inputs.tree_paths and top + b"/" + path not in inputs.members:
            report.problem("the file", f"{shown(line)} is neither in the archive nor in the tree")


def _check_scm_version(
    content: bytes, project: Project, inputs: MetadataInputs, report: Report
) -> None:
    """setuptools-scm's record of the commit, from which an sdist's version is computed again."""
    record = parse(content)
    if not isinstance(record, dict):
        raise ValueError("it is not a table")
    if not project.is_version(str(record.get("tag"))):
        report.problem("tag", f"{shown(str(record.get('tag')))} is not the tag's version")
    for key, wanted in (("distance", 0), ("dirty", False), ("node", f"g{inputs.commit}")):
        if record.get(key) is not wanted and record.get(key) != wanted:
            report.problem(key, f"{shown(str(record.get(key)))} is not {shown(str(wanted))}")
    for key in sorted(record.keys() - {"tag", "distance", "dirty", "node"}):
        if key not in ("branch", "node_date"):
            report.problem("the file", f"the key {shown(key)} is not known")
        elif not re.fullmatch(r"[\w./+-]{0,255}", str(record[key])):
            report.problem(key, f"{shown(str(record[key]))} is no name or date")


def _check_scm_files(content: bytes, inputs: MetadataInputs, report: Report) -> None:
    """setuptools-scm's list of the files under version control."""
    record = parse(content)
    files = record.get("files") if isinstance(record, dict) else None
    if not isinstance(files, list) or len(record) != 1:
        raise ValueError("it is not a table with nothing but files")
    for file in files:
        if not isinstance(file, str) or file.encode() not in inputs.tree_paths:
            report.problem("files", f"{shown(str(file))} is not in the tree")


def _check_requires(text: str, project: Project, report: Report) -> None:
    for key in sorted(project.dynamic & {"dependencies", "optional-dependencies"}):
        report.problem(key, "the configuration declares it dynamic: not recomputable")
    choices = expected_dependencies(
        project.name,
        project.table.get("dependencies", []),
        project.table.get("optional-dependencies", {}),
    )
    found = dict(_requires(text))
    nearest = min(choices, key=lambda choice: len(choice ^ found.keys()))
    for extra in found.keys() - nearest:
        report.problem("requires", f"the configuration does not yield {shown(found[extra])}")
    for missing in sorted(dependency.name for dependency in nearest - found.keys()):
        report.problem("requires", f"a requirement of {shown(missing)} is missing or changed")


def _requires(text: str) -> Iterator[tuple[Dependency, str]]:
    """Yield the requirements: ``[extra:marker]`` heads those that need both, either left out."""
    extra = marker = ""
    for line in filter(None, text.split("\n")):
        if match := _SECTION.fullmatch(line):
            extra, marker = match[1], match[2] or ""
            continue
        if ";" in line and marker:
            raise ValueError(f"{shown(line)} has a marker of its own below another")
        dependency = read_dependency(f"{line} ; {marker}" if marker else line)
        yield (with_extra(dependency, extra) if extra else dependency), line


def _check_top_level(
    text: str, top: bytes, project: Project, inputs: MetadataInputs, report: Report
) -> None:
    roots = ["", "src", *project.package_folders]
    prefixes = [top + b"/" + (f"{root}/".encode() if root else b"") for root in set(roots)]
    below = {path[len(p) :] for p in prefixes for path in inputs.members if path.startswith(p)}
    names = {path.partition(b"/")[0] for path in below if b"/" in path}
    names |= {path.removesuffix(b".py") for path in below if path.endswith(b".py")}
    for name in filter(None, text.split("\n")):
        if name.encode() in names:
            report.note("top level", shown(name))
        else:
            report.problem("top level", f"the archive has no package or module {shown(name)}")


def check_setup_cfg(content: bytes, inputs: MetadataInputs, report: Report) -> None:
    """Compare ``setup.cfg`` with what setuptools writes: the tree's, if any, and a fixed section.

    setuptools reads the tree's file with a RawConfigParser that keeps the case of keys, sets two
    options of ``egg_info``, and writes all of it again, without comments.
    """
    if b"setup.cfg" not in inputs.tree_paths:
        if content != _TAIL:
            report.problem("the file", "it is not the fixed section that setuptools writes")
        return
    source = inputs.sources.get(b"setup.cfg")
    if source is None:
        report.problem("the file", "the bytes of the tree's setup.cfg are not at hand")
        return
    try:
        wanted = _rewritten(text_of(source))
    except (ValueError, configparser.Error):
        report.problem("the file", "the tree's setup.cfg cannot be read")
        return
    if content != wanted:
        report.problem("the file", "it is not the tree's setup.cfg as setuptools writes it again")


class _CasefulParser(configparser.RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


def _rewritten(text: str) -> bytes:
    parser = _CasefulParser()
    parser.read_string(text)
    if not parser.has_section("egg_info"):
        parser.add_section("egg_info")
    parser.set("egg_info", "tag_build", "")
    parser.set("egg_info", "tag_date", "0")
    out = io.StringIO()
    parser.write(out)
    return out.getvalue().encode()
