"""The fields that people read and nothing runs: people, licences, links, keywords, description.

They are compared all the same, with every spelling that a backend gives them. Only what the proven
configuration declares dynamic is left out. A readme or licence text whose file's bytes are not at
hand is a problem: whoever made the archive chose what to carry.
"""

import re
from collections.abc import Sequence
from typing import Any

from tagseal.contents.metadata._headers import HeaderFile
from tagseal.contents.metadata._model import MetadataInputs, Report, shown
from tagseal.contents.metadata._project import Project
from tagseal.core.paths import check_path

__all__ = ["DISPLAY_FIELDS", "check_display_fields", "squeeze"]

_CONTENT_TYPES = {".md": "text/markdown", ".rst": "text/x-rst", ".txt": "text/plain"}

DISPLAY_FIELDS = {
    "authors": ("Author", "Author-email"),
    "classifiers": ("Classifier",),
    "description": ("Summary",),
    "keywords": ("Keywords",),
    "license": ("License", "License-Expression"),
    "license-files": ("License-File",),
    "maintainers": ("Maintainer", "Maintainer-email"),
    "readme": ("Description", "Description-Content-Type"),
    "urls": ("Project-URL", "Home-page", "Download-URL"),
}
"""Keys of ``[project]`` to the fields that they yield, where nothing that runs depends on any.

No other key may ever be left open: a key that is not known to be for display decides what runs.
"""

_Person = tuple[str, str | None]


def squeeze(text: str) -> str:
    """Return a text with each run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def check_display_fields(
    headers: HeaderFile,
    project: Project,
    inputs: MetadataInputs,
    skipped: frozenset[str],
    report: Report,
) -> None:
    """Compare all fields of this module but those in ``skipped`` (names in lower case).

    A ``License-File`` is a file of the tree in any case.
    """
    if "author" not in skipped:
        _check_people("Author", headers, project.standard.authors, report)
    if "maintainer" not in skipped:
        _check_people("Maintainer", headers, project.standard.maintainers, report)
    if "keywords" not in skipped:
        _check_keywords(headers, project.standard.keywords, report)
    if "project-url" not in skipped:
        _check_urls(headers, project.standard.urls, report)
    if "license" not in skipped:
        _check_license(headers, project, inputs, report)
    if "description" not in skipped:
        _check_readme(headers, project, inputs, report)
    for file in headers.all("license-file"):
        if file.encode() not in inputs.tree_paths:
            report.problem("License-File", f"the tree has no file {shown(file)}")


def _check_people(
    field: str, headers: HeaderFile, people: Sequence[_Person], report: Report
) -> None:
    """Backends differ in who of several people stands where; nobody else may stand anywhere."""
    names = [name for name, _ in people if name]
    mails = [mail for _, mail in people if mail]
    both = [f"{name} <{mail}>" if name else mail for name, mail in people if mail]
    only = [name for name, mail in people if name and not mail]
    for header, forms in (
        (field, [names, only, names[:1]]),
        (f"{field}-email", [both, mails, both[:1], mails[:1]]),
    ):
        value = headers.one(header.lower())
        accepted = {_unquoted(", ".join(form)) for form in forms}
        if value is not None and _unquoted(value) not in accepted:
            report.problem(header, f"the configuration does not yield {shown(value)}")
        if value is None and header == field and only and not headers.one(f"{field}-email".lower()):
            report.problem(header, f"{shown(only[0])} is missing")


def _unquoted(people: str) -> str:
    return squeeze(re.sub(r'["\\]', "", people)).casefold()


def _check_keywords(headers: HeaderFile, wanted: Sequence[str], report: Report) -> None:
    text = headers.one("keywords") or ""
    accepted = {squeeze(separator.join(wanted)) for separator in (",", ", ", " ")}
    accepted |= {squeeze(",".join(sorted(wanted)))}
    if squeeze(text) not in accepted:
        report.problem("Keywords", f"the configuration does not yield {shown(text)}")


def _check_urls(headers: HeaderFile, urls: dict[str, str], report: Report) -> None:
    wanted = {_label(label): url for label, url in urls.items()}
    found: dict[str, str] = {}
    for text in headers.all("project-url"):
        label, comma, url = text.partition(",")
        found[_label(label)] = url.strip()
        if not comma or wanted.get(_label(label)) != url.strip():
            report.problem("Project-URL", f"the configuration does not yield {shown(text)}")
    for header, field, label in (
        ("home-page", "Home-page", "homepage"),
        ("download-url", "Download-URL", "download"),
    ):
        value = headers.one(header)
        if value is None:
            continue
        found[label] = value
        if wanted.get(label) != value:
            report.problem(field, f"the configuration does not yield {shown(value)}")
    for label in sorted(wanted.keys() - found.keys()):
        report.problem("Project-URL", f"the link {shown(label)} is missing")


def _label(text: str) -> str:
    """PyPA specifications, "Well-known Project URLs in Metadata": label normalization."""
    return re.sub(r"[\W_]", "", text).casefold()


def _check_license(
    headers: HeaderFile, project: Project, inputs: MetadataInputs, report: Report
) -> None:
    """Either field may hold it; each that is there must."""
    license_ = project.table.get("license")
    values: list[str | None] = [*headers.all("license-expression"), *headers.all("license")]
    if headers.all("license-expression") and not isinstance(license_, str):
        report.problem("License-Expression", "the configuration has no license expression")
        return
    accepted: set[str | None] = {None}
    if isinstance(license_, str):
        accepted = {squeeze(license_).casefold()}
    elif isinstance(license_, dict) and isinstance(license_.get("text"), str):
        accepted = {None, squeeze(license_["text"]).casefold()}  # flit-core leaves it out.
    elif isinstance(license_, dict) and isinstance(license_.get("file"), str) and values:
        # Without a value there is no text to compare: most backends only ship the file.
        text = _source("License", license_["file"], inputs, report)
        if text is None:
            return
        accepted = {squeeze(text).casefold()}
    for value in values or [None]:
        if (squeeze(value).casefold() if value is not None else None) not in accepted:
            report.problem("License", f"the configuration does not yield {shown(value or '')}")


def _check_readme(
    headers: HeaderFile, project: Project, inputs: MetadataInputs, report: Report
) -> None:
    readme: Any = project.table.get("readme")
    table = {"file": readme} if isinstance(readme, str) else readme
    table = table if isinstance(table, dict) else {}
    file, text = table.get("file"), table.get("text")
    if isinstance(file, str):
        text = _source("Description", file, inputs, report)
    wanted = _content_type(table)
    found = headers.one("description-content-type")
    if found is not None and found.split(";")[0].strip().lower() != wanted:
        report.problem("Description-Content-Type", f"{shown(found)} is not the configuration's")
    if (text is not None or not isinstance(file, str)) and _lines(headers.body) != _lines(
        text or ""
    ):
        report.problem("Description", "the text is not the configuration's readme")


def _content_type(table: dict[str, Any]) -> str | None:
    declared = table.get("content-type")
    if isinstance(declared, str):
        return declared.split(";")[0].strip().lower()
    file = str(table.get("file", ""))
    suffixes = (kind for suffix, kind in _CONTENT_TYPES.items() if file.lower().endswith(suffix))
    return next(suffixes, "text/plain" if table else None)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n")]


def _source(field: str, file: str, inputs: MetadataInputs, report: Report) -> str | None:
    """Return the text of a file that the configuration names; None, and a problem, without it."""
    path = file.removeprefix("./").encode("utf-8", "surrogatepass")
    content = inputs.sources.get(path)
    if check_path(path) is not None or path not in inputs.tree_paths:
        report.problem(field, f"the configuration's {shown(file)} is no proven file of the tree")
    elif content is None:
        report.problem(field, f"the bytes of the tree's {shown(file)} are not at hand")
    else:
        return content.decode("utf-8", "replace")
    return None
