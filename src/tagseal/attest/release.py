"""The release statement: which archives one release consists of.

It has every archive of the release as a subject and stands in each archive's evidence, so that a
mirror which withholds an archive, or mixes those of two releases, shows.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from tagseal.attest._fields import Fields, malformed
from tagseal.core.errors import StatementError

__all__ = ["RELEASE_TYPE", "Rebuilt", "Release", "ReleasedArchive"]

RELEASE_TYPE = "https://tagseal.github.io/attestation/release/v1"

Rebuilt = Literal["same-bytes", "same-contents", "not-rebuilt"]
"""What building an archive a second time in the same run gave: the same file, or at least the same
members with the same bytes and modes. A difference stops the release, so it is never stated."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ReleasedArchive:
    """One archive of a release. ``tar_sha256`` is that of the uncompressed tar; None for a zip."""

    name: str
    sha256: str
    tar_sha256: str | None
    rebuilt: Rebuilt


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release: its source, its version, and its archives sorted by name."""

    repository: str
    ref: str
    commit_id: str
    version: str
    archives: tuple[ReleasedArchive, ...]

    def as_predicate(self) -> dict[str, Any]:
        """Return the predicate as JSON data."""
        return {
            "source": {
                "uri": self.repository,
                "digest": {"gitCommit": self.commit_id},
                "annotations": {"ref": self.ref},
            },
            "version": self.version,
            "archives": [_archive_json(archive) for archive in self.archives],
        }

    @classmethod
    def parse(cls, predicate: object) -> "Release":
        """Read a predicate; `StatementError` when it is malformed."""
        fields = Fields(predicate, "release")
        source = fields.object("source")
        digest = source.object("digest")
        annotations = source.object("annotations")
        release = cls(
            repository=source.text("uri"),
            ref=annotations.text("ref"),
            commit_id=digest.hex("gitCommit", 40, 64),
            version=fields.text("version"),
            archives=tuple(_archive(item) for item in fields.objects("archives")),
        )
        names = [archive.name for archive in release.archives]
        if not names or names != sorted(set(names)):
            raise malformed("the archives are none, unsorted or listed twice", "release.archives")
        for done in (digest, annotations, source, fields):
            done.end()
        return release


def _archive_json(archive: ReleasedArchive) -> dict[str, Any]:
    document: dict[str, Any] = {"name": archive.name, "digest": {"sha256": archive.sha256}}
    if archive.tar_sha256 is not None:
        document["tarDigest"] = {"sha256": archive.tar_sha256}
    document["rebuilt"] = archive.rebuilt
    return document


def _archive(item: Fields) -> ReleasedArchive:
    digest = item.object("digest")
    tar = item.object("tarDigest") if "tarDigest" in item else None
    rebuilt = item.text("rebuilt")
    if rebuilt not in get_args(Rebuilt):
        raise StatementError(
            "statement-malformed", 'the field "rebuilt" has no known value', where=item.where
        )
    archive = ReleasedArchive(
        name=item.text("name"),
        sha256=digest.hex("sha256", 64),
        tar_sha256=tar.hex("sha256", 64) if tar else None,
        rebuilt=rebuilt,  # type: ignore[arg-type]  # mypy does not narrow by get_args
    )
    for done in (digest, tar, item):
        if done is not None:
            done.end()
    return archive
