"""A contents report as JSON data; docs/schemas/compare-v1.json is its schema."""

from collections.abc import Mapping
from typing import Any

from tagseal.core.contents_report import CLASSES, ContentsReport, ReportedFile
from tagseal.core.paths import to_json

__all__ = ["contents_data"]


def contents_data(report: ContentsReport, *, every_file: bool = False) -> dict[str, Any]:
    """Return the document of ``tagseal compare``, without its first key, ``format``.

    ``files`` lists what is not identical, or with ``every_file`` all there is. Equal reports give
    equal data, in the same order.
    """
    return {
        "status": report.status,
        "headline": report.headline,
        "archive": report.archive,
        "archive_format": report.format,
        "size": report.size,
        "sha256": report.sha256,
        "repository": report.repository,
        "tag": report.tag,
        "commit": report.commit,
        "kind": report.kind,
        "mappings": [
            {"archive": to_json(archive), "tree": to_json(tree)}
            for archive, tree in report.mappings
        ],
        "rests_on_sha1": report.rests_on_sha1,
        "counts": {name: report.counts.get(name, 0) for name in CLASSES},
        "rules": _rules(report.rules, report.rule_reasons),
        "findings": [finding.as_json() for finding in report.findings],
        "explained": [
            {"class": file.file_class, "path": to_json(file.path), "detail": file.reason}
            for file in report.files
            if file.file_class != "identical" and file.standing != "unexplained"
        ],
        "files": [
            _file(file) for file in report.files if every_file or not _is_as_in_the_commit(file)
        ],
        "warnings": [*report.warnings, *report.notes],
    }


def _rules(counts: Mapping[str, int], means: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"count": counts[name], "means": means.get(name, "")} for name in sorted(counts)}


def _is_as_in_the_commit(file: ReportedFile) -> bool:
    return file.file_class == "identical" and file.standing == "proven"


def _file(file: ReportedFile) -> dict[str, Any]:
    return {
        "path": to_json(file.path),
        "class": file.file_class,
        "standing": file.standing,
        "mode": file.mode,
        "size": file.size,
        "rule": file.rule,
        "reason": file.reason,
        "code": file.code,
        "tree_path": to_json(file.tree_path) if file.tree_path is not None else None,
        "binary": file.is_binary,
        "hidden_characters": [
            {"line": line, "name": name} for line, name in file.hidden_characters
        ],
    }
