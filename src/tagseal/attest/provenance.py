"""SLSA provenance v1, as tagseal states it (https://slsa.dev/spec/v1.0/provenance).

``buildType`` is ours; it defines exactly three external parameters (source repository, ref, and
the archive that was asked for). A verifier refuses any that it does not know. What the machine that
ran project code says about itself is under ``internalParameters`` and is only its report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tagseal.attest._fields import Fields, is_hex, malformed
from tagseal.core.errors import StatementError
from tagseal.core.paths import display

__all__ = ["BUILD_TYPE", "PROVENANCE_TYPE", "Dependency", "Provenance"]

PROVENANCE_TYPE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "https://tagseal.github.io/build/archive/v1"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dependency:
    """Something that went into a build: its URI (a package URL for a package) and digests."""

    uri: str
    digest: Mapping[str, str] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How one archive was made.

    ``dependencies`` has the source itself first, with its ``gitCommit``. ``reported`` is what the
    build says of itself: JSON data, with ``network`` always among it.
    """

    repository: str
    ref: str
    commit_id: str
    builder: str
    """What made the archive: ``source``, ``python`` or ``command``."""
    archive: str
    """The archive's file name."""
    dependencies: tuple[Dependency, ...]
    reported: Mapping[str, Any]
    builder_id: str
    """The build platform's URI; equal to the certificate's build signer URI."""
    builder_version: Mapping[str, str]
    invocation: str
    started: str
    """RFC 3339, UTC."""
    finished: str

    def as_predicate(self) -> dict[str, Any]:
        """Return the predicate as JSON data."""
        source = {"uri": f"git+{self.repository}@{self.ref}", "digest": self._source_digest()}
        return {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {
                    "repository": self.repository,
                    "ref": self.ref,
                    "archive": {"builder": self.builder, "name": self.archive},
                },
                "internalParameters": dict(self.reported),
                "resolvedDependencies": [
                    source,
                    *({"uri": d.uri, "digest": dict(d.digest)} for d in self.dependencies),
                ],
            },
            "runDetails": {
                "builder": {"id": self.builder_id, "version": dict(self.builder_version)},
                "metadata": {
                    "invocationId": self.invocation,
                    "startedOn": self.started,
                    "finishedOn": self.finished,
                },
            },
        }

    def _source_digest(self) -> dict[str, str]:
        return {"gitCommit": self.commit_id}

    @classmethod
    def parse(cls, predicate: object) -> "Provenance":
        """Read a predicate of our build type; `StatementError` for any other."""
        fields = Fields(predicate, "provenance")
        definition = fields.object("buildDefinition")
        build_type = definition.text("buildType")
        if build_type != BUILD_TYPE:
            raise StatementError(
                "provenance-build-type",
                f'the build type is "{display(build_type[:100])}"',
                where="provenance",
            )
        external = definition.object("externalParameters")
        archive = external.object("archive")
        dependencies = [_dependency(item) for item in definition.objects("resolvedDependencies")]
        if not dependencies or not is_hex(dependencies[0].digest.get("gitCommit", ""), 40, 64):
            raise malformed("the first dependency is not the source with its commit", fields.where)
        run = fields.object("runDetails")
        builder = run.object("builder")
        metadata = run.object("metadata")
        provenance = cls(
            repository=external.text("repository"),
            ref=external.text("ref"),
            commit_id=dependencies[0].digest["gitCommit"],
            builder=archive.text("builder"),
            archive=archive.text("name"),
            dependencies=tuple(dependencies[1:]),
            reported=definition.object("internalParameters").rest(),
            builder_id=builder.text("id"),
            builder_version=builder.object("version").texts(),
            invocation=metadata.text("invocationId"),
            started=metadata.text("startedOn"),
            finished=metadata.text("finishedOn"),
        )
        if dependencies[0].uri != f"git+{provenance.repository}@{provenance.ref}":
            message = "the source that was built is not the one that was asked for"
            raise malformed(message, fields.where)
        for done in (external, archive, definition, builder, metadata, run, fields):
            done.end()
        return provenance


def _dependency(item: Fields) -> Dependency:
    dependency = Dependency(uri=item.text("uri"), digest=item.object("digest").texts())
    item.end()
    return dependency
