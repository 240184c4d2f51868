"""The folder that a release travels in between steps, with its one ``release.json``.

The file says what was planned and what the build reports. A later step checks it against what it
can see for itself (the archives' digests, the repository) and believes nothing else of it: what a
statement says about contents is always recomputed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tagseal.attest import Dependency, Rebuilt
from tagseal.core.errors import TagsealError
from tagseal.core.jsontext import dump, parse
from tagseal.core.paths import check_path, display
from tagseal.workflows.files import file_sha256, read_limited, write_whole

__all__ = ["BuildRecord", "ReleaseFolder"]

FILE_NAME = "release.json"
_FORMAT = 1
_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRecord:
    """One archive, as the build reports it. Times are RFC 3339 in UTC."""

    name: str
    sha256: str
    builder: str
    dependencies: tuple[Dependency, ...]
    reported: Mapping[str, Any]
    started: str
    finished: str
    rebuilt: Rebuilt = "not-rebuilt"

    def as_json(self) -> dict[str, Any]:
        """Return the record as JSON data."""
        return {
            "name": self.name,
            "sha256": self.sha256,
            "builder": self.builder,
            "dependencies": [{"uri": d.uri, "digest": dict(d.digest)} for d in self.dependencies],
            "reported": dict(self.reported),
            "started": self.started,
            "finished": self.finished,
            "rebuilt": self.rebuilt,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFolder:
    """A release under way: where it is, what it is of, and its archives."""

    path: Path
    slug: str
    uri: str
    tag: str
    commit: str
    version: str
    archives: tuple[BuildRecord, ...] = field(default_factory=tuple)

    def archive(self, record: BuildRecord) -> Path:
        """Return where an archive is."""
        return self.path / record.name

    def save(self) -> None:
        """Write ``release.json``."""
        document = {
            "format": _FORMAT,
            "repository": self.slug,
            "uri": self.uri,
            "tag": self.tag,
            "commit": self.commit,
            "version": self.version,
            "archives": [record.as_json() for record in self.archives],
        }
        write_whole(self.path / FILE_NAME, dump(document) + b"\n")

    def with_rebuilt(self, results: Mapping[str, Rebuilt]) -> "ReleaseFolder":
        """Return the release with what building again gave, by archive name."""
        archives = tuple(
            replace(record, rebuilt=results.get(record.name, record.rebuilt))
            for record in self.archives
        )
        return replace(self, archives=archives)

    @classmethod
    def load(cls, path: Path) -> "ReleaseFolder":
        """Read a folder and check that every archive is there with the digest that was recorded."""
        try:
            data = read_limited(path / FILE_NAME, _LIMIT)
        except TagsealError as error:
            hint = "Name a folder that `tagseal build` made."
            raise TagsealError(error.code, error.message, where=error.where, hint=hint) from error
        try:
            folder = _from_json(path, parse(data))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            message = f"the file is not what `tagseal build` writes ({display(str(error))})"
            raise _invalid(message, path) from error
        for record in folder.archives:
            if file_sha256(folder.archive(record)) != record.sha256:
                message = "its sha256 is not the one that was recorded when it was built"
                where = display(record.name)
                raise TagsealError("release-archive-changed", message, where=where)
        return folder


def _from_json(path: Path, document: dict[str, Any]) -> ReleaseFolder:
    if document["format"] is True or document["format"] != _FORMAT:
        raise ValueError(f"format {document['format']}")
    texts = {key: document[key] for key in ("repository", "uri", "tag", "commit", "version")}
    if not all(isinstance(value, str) for value in texts.values()):
        raise TypeError("a field is not a string")
    records = tuple(_record(item) for item in document["archives"])
    if not records:
        raise ValueError("no archives")
    if len({record.name for record in records}) != len(records):
        raise ValueError("an archive stands twice")
    return ReleaseFolder(
        path=path,
        slug=texts["repository"],
        uri=texts["uri"],
        tag=texts["tag"],
        commit=texts["commit"],
        version=texts["version"],
        archives=records,
    )


def _record(item: dict[str, Any]) -> BuildRecord:
    name = item["name"]
    if not isinstance(name, str) or "/" in name or check_path(name.encode()):
        raise ValueError("an archive's name is not acceptable")
    if item["rebuilt"] not in ("same-bytes", "same-contents", "not-rebuilt"):
        raise ValueError("rebuilt")
    return BuildRecord(
        name=name,
        sha256=str(item["sha256"]),
        builder=str(item["builder"]),
        dependencies=tuple(
            Dependency(uri=str(d["uri"]), digest={str(k): str(v) for k, v in d["digest"].items()})
            for d in item["dependencies"]
        ),
        reported=dict(item["reported"]),
        started=str(item["started"]),
        finished=str(item["finished"]),
        rebuilt=item["rebuilt"],
    )


def _invalid(message: str, path: Path) -> TagsealError:
    where = display(str(path / FILE_NAME))
    return TagsealError("release-folder-invalid", message, where=where)
