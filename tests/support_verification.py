"""Releases in memory, sealed by whoever a test wants: archive, statements, verified bundles.

No signature is made here: a `VerifiedBundle` says that one was verified. What is under test is what
follows from that.
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from support_contents import (
    REF,
    URI,
    WHEEL,
    File,
    Forged,
    archive_of,
    entry,
    honest,
    top,
)
from tagseal.attest import (
    CONTENTS_TYPE,
    PAYLOAD_TYPE,
    PROVENANCE_TYPE,
    RELEASE_TYPE,
    Dependency,
    Provenance,
    Rebuilt,
    Release,
    ReleasedArchive,
    Statement,
    Subject,
    as_predicate,
)
from tagseal.contents import GeneratedFile, Kind, ModifiedFile, SourceContents
from tagseal.core.digests import sha256_hex
from tagseal.core.errors import TagsealError
from tagseal.core.identity import Identity
from tagseal.core.listing import ArchiveListing, Mode
from tagseal.core.patterns import compile_pattern
from tagseal.core.verdict import Verdict
from tagseal.evidence.model import ParsedBundle, VerifiedBundle
from tagseal.policy import GITHUB, PATTERN_FIELDS, Allowances, Policy
from tagseal.verification import Verification

WORKFLOW = ".github/workflows/release.yml"
SIGNER = f"{URI}/{WORKFLOW}@{REF}"
PYPROJECT = b"""
[build-system]
requires = ["backend"]
build-backend = "backend"
[project]
name = "t"
version = "1"
dependencies = ["click>=8"]
"""
METADATA = b"Metadata-Version: 2.4\nName: t\nVersion: 1\nRequires-Dist: click>=8\n"
WHEEL_FILE = b"Wheel-Version: 1.0\nGenerator: backend\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
TREE: dict[bytes, File] = {
    b"README": b"read me\n",
    b"pyproject.toml": PYPROJECT,
    b"src/t/__init__.py": b"import click\n",
    b"src/t/guard.py": b"guard()\n",
}
OTHER_RELEASED = ReleasedArchive(
    name="z-1.zip", sha256="2" * 64, tar_sha256=None, rebuilt="same-bytes"
)


def identity_of(commit: str, **changes: str | None) -> Identity:
    """What a run of the project's own release workflow gets from GitHub."""
    fields: dict[str, Any] = {
        "san": SIGNER,
        "issuer": GITHUB.issuer,
        "build_signer_uri": SIGNER,
        "build_signer_digest": commit,
        "runner_environment": "github-hosted",
        "source_repository_uri": URI,
        "source_repository_digest": commit,
        "source_repository_ref": REF,
        "source_repository_id": "11",
        "source_owner_uri": "https://github.com/owner",
        "source_owner_id": "22",
        "build_config_uri": SIGNER,
        "build_config_digest": commit,
        "build_trigger": "push",
        "run_invocation_uri": f"{URI}/actions/runs/7/attempts/1",
        "source_repository_visibility": "public",
    }
    return Identity(**fields | changes)


def allowing(**patterns: Iterable[str]) -> Allowances:
    """Allowances by field name, each pattern as a person writes it; and mappings as they are."""
    mappings = patterns.pop("mappings", ())
    assert set(patterns) <= set(PATTERN_FIELDS)
    compiled = {name: [compile_pattern(p) for p in texts] for name, texts in patterns.items()}
    return Allowances.of(compiled, mappings)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of evidence: what was signed, and by whom."""

    payload: bytes
    identity: Identity
    payload_type: str = PAYLOAD_TYPE

    def edited(self, change: Callable[[dict[str, Any]], object]) -> "Line":
        """The line with its statement's JSON changed."""
        document = json.loads(self.payload)
        change(document)
        return replace(self, payload=json.dumps(document).encode())

    def signed_by(self, **changes: str | None) -> "Line":
        return replace(self, identity=replace(self.identity, **changes))


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """An archive with its evidence, as a verifier gets them, and the verifier's policy."""

    listing: ArchiveListing
    lines: tuple[Line | TagsealError, ...]
    policy: Policy = field(default_factory=lambda: Policy(repository="owner/t", workflow=WORKFLOW))
    name: str | None = None
    is_rehearsal: bool = False

    @property
    def provenance(self) -> Line:
        return self._line(0)

    @property
    def contents(self) -> Line:
        return self._line(1)

    @property
    def release(self) -> Line:
        return self._line(2)

    def _line(self, index: int) -> Line:
        line = self.lines[index]
        assert isinstance(line, Line)
        return line

    def but(self, **changes: Any) -> "Sealed":
        return replace(self, **changes)

    def asked(self, **changes: Any) -> "Sealed":
        """The same for somebody with another policy."""
        return replace(self, policy=replace(self.policy, **changes))

    def signed_by(self, **changes: str | None) -> "Sealed":
        """The same, signed by a run that differs in some fields of its certificate."""
        return replace(self, lines=tuple(self._line(n).signed_by(**changes) for n in range(3)))

    def edited(self, index: int, change: Callable[[dict[str, Any]], object]) -> "Sealed":
        """The same with one statement changed and signed all the same."""
        lines = list(self.lines)
        lines[index] = self._line(index).edited(change)
        return replace(self, lines=tuple(lines))

    def verify(self) -> Verdict:
        name = self.name or self.listing.name
        verification = Verification(
            name=name, policy=self.policy, trust="a trust root", is_rehearsal=self.is_rehearsal
        )
        verification.archive(self.listing)
        bundles = [parsed(line, n) for n, line in enumerate(self.lines, 1)]
        verification.evidence(bundles)
        verification.signatures(
            verified(line, bundle) for line, bundle in zip(self.lines, bundles, strict=True)
        )
        verification.contents()
        verification.thresholds()
        verification.version()
        return verification.verdict()

    @property
    def codes(self) -> set[str]:
        return {finding.code for finding in self.verify().findings}


def parsed(line: Line | TagsealError, number: int) -> ParsedBundle:
    return ParsedBundle(
        raw=b"{}",
        line=number,
        media_type="application/vnd.dev.sigstore.bundle.v0.3+json",
        kind="dsse",
        payload_type=None if isinstance(line, TagsealError) else line.payload_type,
        payload=None if isinstance(line, TagsealError) else line.payload,
        certificate=b"",
        log_kind="hashedrekord/0.0.2",
        checkpoint_origin="log.example",
    )


def verified(line: Line | TagsealError, bundle: ParsedBundle) -> VerifiedBundle | TagsealError:
    if isinstance(line, TagsealError):
        return line
    return VerifiedBundle(
        bundle=bundle,
        payload_type=line.payload_type,
        payload=line.payload,
        identity=line.identity,
        key_fingerprint=sha256_hex(b"key %d" % bundle.line),
        signed_time=datetime(2026, 1, 1, 0, 0, bundle.line, tzinfo=UTC),
        log_origin="log.example",
        authority="a CA",
    )


def seal(
    forged: Forged,
    *,
    identity: Identity | None = None,
    rebuilt: Rebuilt = "same-bytes",
    policy: Policy | None = None,
) -> Sealed:
    """State and sign an archive as an honest run does whose account may be forged."""
    claim, listing = forged.claim, forged.listing
    identity = identity or identity_of(claim.commit_id)
    mine = Subject(name=listing.name, sha256=listing.sha256)
    release = _release(claim, listing, rebuilt)
    listed = tuple(Subject(name=a.name, sha256=a.sha256) for a in release.archives)
    statements = (
        Statement(
            subjects=(mine,),
            predicate_type=PROVENANCE_TYPE,
            predicate=_provenance(claim, listing, identity).as_predicate(),
        ),
        Statement(subjects=(mine,), predicate_type=CONTENTS_TYPE, predicate=as_predicate(claim)),
        Statement(subjects=listed, predicate_type=RELEASE_TYPE, predicate=release.as_predicate()),
    )
    lines = tuple(Line(payload=s.encode(), identity=identity) for s in statements)
    sealed = Sealed(listing=listing, lines=lines)
    return sealed if policy is None else sealed.but(policy=policy)


def _provenance(claim: SourceContents, listing: ArchiveListing, identity: Identity) -> Provenance:
    return Provenance(
        repository=claim.repository,
        ref=claim.ref,
        commit_id=claim.commit_id,
        builder="source",
        archive=listing.name,
        dependencies=(Dependency(uri="pkg:pypi/backend@1", digest={"sha256": "3" * 64}),),
        reported={"network": "open"},
        builder_id=identity.build_signer_uri or "",
        builder_version={"tagseal": "0.1"},
        invocation=identity.run_invocation_uri or "",
        started="2026-01-01T00:00:00Z",
        finished="2026-01-01T00:00:01Z",
    )


def _release(claim: SourceContents, listing: ArchiveListing, rebuilt: Rebuilt) -> Release:
    mine = ReleasedArchive(
        name=listing.name, sha256=listing.sha256, tar_sha256=listing.tar_sha256, rebuilt=rebuilt
    )
    return Release(
        repository=claim.repository,
        ref=claim.ref,
        commit_id=claim.commit_id,
        version=claim.ref.removeprefix("refs/tags/v"),
        archives=tuple(sorted((mine, OTHER_RELEASED))),
    )


def source(
    tree: Mapping[bytes, File] = TREE, files: Mapping[bytes, File] | None = None, **how: Any
) -> Forged:
    """A source archive of a tree; ``files`` are what it holds below its top folder."""
    name = how.pop("name", "t-1-source.tar.gz")
    stem = name.split(".tar")[0].encode() + b"/"
    members = {stem + path: file for path, file in (tree if files is None else files).items()}
    return honest(tree, archive_of(members, name), **how)


def sdist(
    tree: Mapping[bytes, File] = TREE,
    files: Mapping[bytes, File] | None = None,
    metadata: bytes = METADATA,
    **how: Any,
) -> Forged:
    members = top({**(tree if files is None else files), b"PKG-INFO": metadata})
    return honest(tree, archive_of(members, "t-1.tar.gz"), **how)


def wheel(
    tree: Mapping[bytes, File] = TREE,
    files: Mapping[bytes, File] | None = None,
    metadata: bytes = METADATA,
    name: str = WHEEL,
    **how: Any,
) -> Forged:
    """A wheel: without ``files`` everything below ``src/``; its metadata are added."""
    if files is None:
        files = {p.removeprefix(b"src/"): f for p, f in tree.items() if p.startswith(b"src/")}
    info = name.split("-")[0].encode() + b"-1.dist-info/"
    members: dict[bytes, File] = dict(files)
    members |= {info + b"METADATA": metadata, info + b"WHEEL": WHEEL_FILE}
    members[info + b"RECORD"] = _record(members, info + b"RECORD")
    carried = {b"pyproject.toml": tree[b"pyproject.toml"]} if b"pyproject.toml" in tree else {}
    return honest(
        tree,
        archive_of(members, name),
        **{"kind": Kind.WHEEL, "needed": carried, "carried": carried, **how},
    )


def _record(members: Mapping[bytes, File], own: bytes) -> bytes:
    lines = []
    for path, file in members.items():
        data = file[1] if isinstance(file, tuple) else file
        assert isinstance(data, bytes)
        digest = base64.urlsafe_b64encode(bytes.fromhex(sha256_hex(data))).rstrip(b"=")
        lines.append(b"%s,sha256=%s,%d\n" % (path, digest, len(data)))
    return b"".join(lines) + own + b",,\n"


def generated(path: bytes, data: bytes = b"evil") -> GeneratedFile:
    return GeneratedFile(path=path, mode=Mode.FILE, sha256=sha256_hex(data), rule="declared")


def modified(path: bytes, tree_path: bytes, source_file: File, data: bytes) -> ModifiedFile:
    return ModifiedFile(
        path=path,
        mode=Mode.FILE,
        sha256=sha256_hex(data),
        tree_path=tree_path,
        source=entry(source_file),
        rule="stamp",
    )
