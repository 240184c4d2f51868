"""Core metadata (``PKG-INFO``, ``METADATA``): every field against the configuration.

Source of the fields: PyPA specifications, "Core metadata specifications". The fields about people,
licences, links and the long description are compared in `_display`: they change nothing that runs.
A field that the configuration leaves open is a problem, unless it is one of those.
"""

import re
from collections.abc import Iterable

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from pyproject_metadata import field_to_metadata

from tagseal.contents.metadata._display import DISPLAY_FIELDS, check_display_fields, squeeze
from tagseal.contents.metadata._headers import HeaderFile, read_headers
from tagseal.contents.metadata._model import MetadataInputs, Report, shown
from tagseal.contents.metadata._project import Project
from tagseal.contents.metadata._requirements import expected_dependencies, read_dependency

__all__ = ["check_core_metadata"]

_VERSIONS = ("1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6")
_ONCE = {
    "author": "Author",
    "author-email": "Author-email",
    "description-content-type": "Description-Content-Type",
    "download-url": "Download-URL",
    "home-page": "Home-page",
    "keywords": "Keywords",
    "license": "License",
    "license-expression": "License-Expression",
    "maintainer": "Maintainer",
    "maintainer-email": "Maintainer-email",
    "metadata-version": "Metadata-Version",
    "name": "Name",
    "requires-python": "Requires-Python",
    "summary": "Summary",
    "version": "Version",
}
_OFTEN = {
    "classifier": "Classifier",
    "dynamic": "Dynamic",
    "import-name": "Import-Name",
    "import-namespace": "Import-Namespace",
    "license-file": "License-File",
    "platform": "Platform",
    "project-url": "Project-URL",
    "provides-extra": "Provides-Extra",
    "requires-dist": "Requires-Dist",
}
_PYTHON_CLASSIFIER = re.compile(r"Programming Language :: Python :: (?:3|(3\.[0-9]{1,2}))")
# Text for people, which backends wrap or which has lines of its own.
_LONG = frozenset(["author", "keywords", "license", "maintainer", "summary"])
# setuptools marks these whatever the configuration says: it looks for licence files by itself.
_DYNAMIC_BY_BACKENDS = frozenset(["license-file"])


def check_core_metadata(
    content: bytes, project: Project, inputs: MetadataInputs, report: Report
) -> None:
    """Compare every field; one that is dynamic is a note when it is for display, else a problem."""
    try:
        headers = read_headers(content)
    except ValueError as error:
        report.problem("the file", str(error))
        return
    _check_names(headers, report)
    skipped = _dynamic_fields(project, report)
    _check_identity(headers, project, report)
    if "requires-dist" not in skipped:
        _check_dependencies(headers, project, report)
    if "requires-python" not in skipped:
        _check_requires_python(headers, project, report)
    if "provides-extra" not in skipped:
        _check_extras(headers, project, report)
    if "summary" not in skipped:
        wanted = squeeze(project.standard.description or "")
        if squeeze(headers.one("summary") or "") != wanted:
            report.problem("Summary", f"the configuration yields {shown(wanted)}")
    if "classifier" not in skipped:
        _check_classifiers(headers, project, report)
    if not skipped & {"import-name", "import-namespace"}:
        _check_import_names(headers, project, report)
    check_display_fields(headers, project, inputs, skipped, report)


def _check_names(headers: HeaderFile, report: Report) -> None:
    for name in sorted({name for name, _ in headers.fields}):
        if name not in _ONCE and name not in _OFTEN:
            report.problem(shown(name), "no configuration yields this field")
        elif name in _ONCE and len(headers.all(name)) > 1:
            report.problem(_ONCE[name], "the field stands more than once")
        if name not in _LONG and any("\n" in value for value in headers.all(name)):
            report.problem(shown(name), "the value goes over more than one line")


def _dynamic_fields(project: Project, report: Report) -> frozenset[str]:
    """Return the fields that the configuration leaves open, in lower case.

    Only the proven configuration can open one: what the archive calls dynamic opens nothing.
    """
    skipped: set[str] = set()
    for key in sorted(project.dynamic - {"version"}):
        fields: Iterable[str] = field_to_metadata(key)
        if key in DISPLAY_FIELDS:
            fields = DISPLAY_FIELDS[key]
            report.note(", ".join(fields), "written by the build, not recomputed")
        elif fields:
            names = ", ".join(sorted(fields))
            report.problem(names, f"the configuration declares {key} dynamic: not recomputable")
        skipped |= {field.lower() for field in fields}
    return frozenset(skipped)


def _check_identity(headers: HeaderFile, project: Project, report: Report) -> None:
    version = headers.one("metadata-version")
    if version not in _VERSIONS:
        report.problem("Metadata-Version", f"{shown(version or '')} is not known")
    name = headers.one("name") or ""
    if canonicalize_name(name) != canonicalize_name(project.name):
        report.problem("Name", f"{shown(name)} is not the project's name {shown(project.name)}")
    found = headers.one("version") or ""
    if not project.is_version(found):
        report.problem("Version", f"{shown(found)} is not the tag's {shown(str(project.version))}")
    allowed = {field.lower() for key in project.dynamic for field in field_to_metadata(key)}
    for field in headers.all("dynamic"):
        if field.lower() not in allowed | _DYNAMIC_BY_BACKENDS:
            report.problem("Dynamic", f"the configuration does not declare {shown(field)} dynamic")
    for platform in headers.all("platform"):
        if platform not in ("UNKNOWN", "any"):
            report.problem("Platform", f"the configuration does not yield {shown(platform)}")


def _check_dependencies(headers: HeaderFile, project: Project, report: Report) -> None:
    texts = headers.all("requires-dist")
    for text in texts:
        report.note("Requires-Dist", shown(text))
    try:
        choices = expected_dependencies(
            project.name,
            project.table.get("dependencies", []),
            project.table.get("optional-dependencies", {}),
        )
    except ValueError as error:
        report.problem("Requires-Dist", f"the configuration cannot be read: {error}")
        return
    found = {}
    for text in texts:
        try:
            found[read_dependency(text)] = text
        except ValueError as error:
            report.problem("Requires-Dist", str(error))
    nearest = min(choices, key=lambda choice: len(choice ^ found.keys()))
    for extra in found.keys() - nearest:
        report.problem("Requires-Dist", f"the configuration does not yield {shown(found[extra])}")
    for missing in sorted(dependency.name for dependency in nearest - found.keys()):
        report.problem("Requires-Dist", f"a requirement of {shown(missing)} is missing or changed")


def _check_requires_python(headers: HeaderFile, project: Project, report: Report) -> None:
    wanted = project.standard.requires_python or SpecifierSet()
    text = headers.one("requires-python") or ""
    if text:
        report.note("Requires-Python", shown(text))
    try:
        found = SpecifierSet(text)
    except InvalidSpecifier:
        report.problem("Requires-Python", f"{shown(text)} is no version specifier")
        return
    if frozenset(found) != frozenset(wanted):
        report.problem(
            "Requires-Python", f"{shown(text)} is not the configuration's {shown(str(wanted))}"
        )


def _check_extras(headers: HeaderFile, project: Project, report: Report) -> None:
    wanted = map(canonicalize_name, project.standard.optional_dependencies)
    found = map(canonicalize_name, headers.all("provides-extra"))
    _check_set("Provides-Extra", list(found), list(wanted), report)


def _check_set(name: str, found: list[str], wanted: list[str], report: Report) -> None:
    for value in sorted(set(found) - set(wanted)):
        report.problem(name, f"the configuration does not yield {shown(value)}")
    for value in sorted(set(wanted) - set(found)):
        report.problem(name, f"{shown(value)} is missing")


def _check_classifiers(headers: HeaderFile, project: Project, report: Report) -> None:
    """poetry-core adds the classifiers that follow from ``requires-python`` by itself."""
    supported = project.standard.requires_python or SpecifierSet()
    found = [
        classifier
        for classifier in headers.all("classifier")
        if not (match := _PYTHON_CLASSIFIER.fullmatch(classifier))
        or classifier in project.standard.classifiers
        or (match[1] and not supported.contains(match[1] + ".99"))
    ]
    have = set(headers.all("classifier"))
    wanted = project.standard.classifiers
    _check_set("Classifier", found, [c for c in wanted if c in found or c not in have], report)


def _check_import_names(headers: HeaderFile, project: Project, report: Report) -> None:
    """flit-core adds the one package that it builds, and the namespaces above it, by itself."""
    names, spaces = project.standard.import_names, project.standard.import_namespaces
    if names is None and spaces is None and headers.all("import-name"):
        parts = project.module.split(".")
        names = [project.module]
        spaces = [".".join(parts[:count]) for count in range(1, len(parts))]
    _check_set("Import-Name", headers.all("import-name"), names or [], report)
    _check_set("Import-Namespace", headers.all("import-namespace"), spaces or [], report)
