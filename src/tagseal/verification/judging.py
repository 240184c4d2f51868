"""One contents claim, signed or not: the proof, decided by the policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from packaging.utils import InvalidSdistFilename, canonicalize_name, parse_sdist_filename

from tagseal.config import Config, PythonArchive, build_system, load_config, project_name, read_toml
from tagseal.contents import (
    CONFIGURATION_FILES,
    Kind,
    Proof,
    SourceContents,
    check_contents,
    dist_info_folder,
    guess_kind,
    stem,
)
from tagseal.contents.metadata import (
    WANTED,
    MetadataInputs,
    check_metadata,
    metadata_role,
    missing_metadata,
)
from tagseal.contents.rules import (
    ComparingEvidence,
    RuleStanding,
    active_rules,
    apply_rules,
    context_of,
)
from tagseal.core.errors import ConfigError
from tagseal.core.finding import Finding
from tagseal.core.listing import ArchiveListing, Mode
from tagseal.policy import ContentsDecision, Policy, decide_contents
from tagseal.policy.versions import version_of_tag

if TYPE_CHECKING:
    # Comparing needs no statements, and should not wait for their import.
    from tagseal.attest import Rebuilt

__all__ = ["JudgedContents", "judge_claim"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedContents:
    """A proof and what the policy decides of it; no decision where the proof has findings."""

    proof: Proof
    decision: ContentsDecision | None
    config_file: str | None
    """The proven configuration that the archive was judged by; None where the tag has none."""
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]
    version: str | None = None
    """The version that the tag stands for; None where it holds none."""
    kind_because: str = ""
    """Why the archive was judged as what it was, as the end of a sentence."""


_PERMITTING: tuple[RuleStanding, ...] = ("proven",)
_EXPLAINING: tuple[RuleStanding, ...] = ("proven", "explained")


def judge_claim(
    listing: ArchiveListing,
    claim: SourceContents,
    policy: Policy,
    *,
    rebuilt: "Rebuilt",
    comparing: ComparingEvidence | None = None,
    complete: bool = True,
) -> JudgedContents:
    """Check one claim, then decide its exceptions by the *proven* configuration and the policy.

    The claim's own kind is never looked at. What the archive is judged as is the user's word, else
    what the file's name and the proven configuration make it. With ``comparing``, rules that only
    explain count too; without ``complete``, what is left out need not be explained.
    """
    tag = claim.ref.removeprefix("refs/tags/")
    kind = policy.kind or guess_kind(listing.name)
    because = "by the name that was signed" if policy.any_name else "by its name"
    if policy.kind is not None:
        because = "because you say so"
    # Proving takes the longest, so it is tried first with what the claim makes it look like; what
    # is proven then decides, and makes it to be proven anew where that was a lie.
    looks_like, guessed = _looks(listing, claim, kind, policy)
    is_comparing = comparing is not None
    proof = _prove(listing, claim, looks_like, policy, guessed, is_comparing=is_comparing)
    if proof.findings:
        return _unproven(proof, proof.findings)
    try:
        config, pyproject = _configuration(proof)
        if policy.kind is None and _is_sdist(listing.name, config, pyproject):
            kind = Kind.SDIST
            because = "because the tagged pyproject.toml makes a file of this name one"
        version = version_of_tag(config, tag)
        if (kind, version) != (proof.kind, guessed):
            proof = _prove(listing, claim, kind, policy, version, is_comparing=is_comparing)
        project = project_name(pyproject) if pyproject is not None else None
    except ConfigError as error:
        return _unproven(proof, (Finding(code="contents-configuration", message=str(error)),))
    metadata, notes, missing = _metadata(listing, proof, pyproject, version, claim.commit_id)
    if comparing is not None and not _states_metadata(pyproject):
        # Nothing can be recomputed, and nobody is asked to trust it: the rules look at its form.
        metadata = {path: problems for path, problems in metadata.items() if not problems}
        missing = []
    rules = apply_rules(
        proof,
        active_rules(config.rules if config is not None else (), policy.without_rules),
        context_of(proof, listing, claim, version=version, comparing=comparing),
        standings=_PERMITTING if comparing is None else _EXPLAINING,
        settled=metadata.keys(),
    )
    decision = decide_contents(
        proof,
        name=listing.name,
        members=listing.members,
        allow=policy.allow,
        config=config,
        rebuilt=rebuilt,
        metadata=metadata,
        project=project,
        rules=rules,
        complete=complete,
        declared_suffices=comparing is not None,
    )
    return JudgedContents(
        proof=proof,
        decision=decision,
        config_file=config.file if config else None,
        notes=notes,
        findings=(*proof.findings, *missing, *decision.findings),
        version=version,
        kind_because=because,
    )


def _prove(
    listing: ArchiveListing,
    claim: SourceContents,
    kind: Kind,
    policy: Policy,
    version: str | None,
    *,
    is_comparing: bool,
) -> Proof:
    return check_contents(
        listing,
        claim,
        kind=kind,
        allowed_mappings=policy.allow.mappings,
        version=version,
        empty_folders=is_comparing,
        identical_sha256=policy.identical_sha256,
    )


def _looks(
    listing: ArchiveListing, claim: SourceContents, kind: Kind, policy: Policy
) -> tuple[Kind, str | None]:
    """Return the kind and the version that an archive seems to be of, before anything is proven."""
    tag = claim.ref.removeprefix("refs/tags/")
    omitted = {entry.path: entry.entry.object for entry in claim.exceptions.omitted}
    files: dict[str, bytes] = {}
    for path in CONFIGURATION_FILES:
        places = [m.archive + path for m in claim.mappings if m.archive and not m.tree]
        found = [listing.kept[place] for place in places if place in listing.kept]
        if path in omitted and omitted[path] in claim.carried:
            found.append(claim.carried[omitted[path]])
        if found:
            files[path.decode()] = found[0]
    try:
        config = load_config(files)
        if policy.kind is None and _is_sdist(listing.name, config, files.get("pyproject.toml")):
            kind = Kind.SDIST
        return kind, version_of_tag(config, tag)
    except ConfigError:
        return kind, version_of_tag(None, tag)


def _unproven(proof: Proof, findings: tuple[Finding, ...]) -> JudgedContents:
    return JudgedContents(proof=proof, decision=None, config_file=None, notes=(), findings=findings)


def _configuration(proof: Proof) -> tuple[Config | None, bytes | None]:
    """Return the proven configuration and pyproject.toml; ConfigError where either is unusable.

    A configuration file that the tree has but whose bytes are not at hand counts as an error: an
    archive could otherwise be judged as if the project had declared nothing.
    """
    at_hand = proof.sources.files
    files = {path.decode(): at_hand[path] for path in CONFIGURATION_FILES if path in at_hand}
    unknown = [path for path in CONFIGURATION_FILES if path not in at_hand]
    for path in sorted(_tree_paths(proof).intersection(unknown)):
        message = "the tagged commit has this file, but its bytes are not at hand"
        raise ConfigError("config-invalid", message, where=path.decode())
    return load_config(files), files.get("pyproject.toml")


def _tree_paths(proof: Proof) -> frozenset[bytes]:
    """Return the proven paths of the tagged tree's files, as far as they are named one by one."""
    return frozenset(
        [
            *proof.identical.values(),
            *(m.file.tree_path for m in proof.modified),
            *(r.tree_path for r in proof.relocated),
            *(d.link for d in proof.dereferenced),
            *(o.path for o in proof.omitted if o.entry.mode is not Mode.TREE),
        ]
    )


def _is_sdist(name: str, config: Config | None, pyproject: bytes | None) -> bool:
    """Return whether the tagged commit's configuration makes this file name an sdist's."""
    if pyproject is None or build_system(pyproject) is None:
        return False
    archives = config.archives if config is not None else ()
    # Without any table, what every project of this shape can make is made: an sdist among it.
    if archives and not any(isinstance(a, PythonArchive) and a.sdist for a in archives):
        return False
    project = project_name(pyproject)
    try:
        named, _ = parse_sdist_filename(name)
    except InvalidSdistFilename:
        return False
    # A source archive beside an sdist has a name of its own: NAME-VERSION-source.
    return name == f"{stem(name)}.tar.gz" and (
        project is None or named == canonicalize_name(project)
    )


def _metadata(
    listing: ArchiveListing,
    proof: Proof,
    pyproject: bytes | None,
    version: str | None,
    commit: str,
) -> tuple[dict[bytes, tuple[str, ...]], tuple[str, ...], list[Finding]]:
    """Recompute every metadata file of a Python distribution that is not the tree's own."""
    if proof.kind is Kind.SOURCE:
        return {}, (), []
    kind: Literal["sdist", "wheel"] = "wheel" if proof.kind is Kind.WHEEL else "sdist"
    top = stem(listing.name).encode("utf-8", "surrogateescape")  # as the file system spells it
    if kind == "wheel":
        top = dist_info_folder(listing.name)
    inputs = None
    if pyproject is not None and version is not None:
        inputs = MetadataInputs(
            archive_name=listing.name,
            commit=commit,
            pyproject=pyproject,
            version=version,
            sources=proof.sources.files,
            tree_paths=_tree_paths(proof),
            members=listing.members,
        )
    problems: dict[bytes, tuple[str, ...]] = {}
    notes: list[str] = []
    for path in _not_identical(proof):
        if metadata_role(kind, path, top) is None:
            continue
        content = listing.kept.get(path)
        if inputs is None or content is None:
            problems[path] = (_not_recomputable(pyproject, version, content),)
            continue
        result = check_metadata(kind, path, content, inputs)
        problems[path] = result.problems
        notes += result.notes
    if inputs is not None:
        missing = missing_metadata(kind, top, inputs)
    else:
        # Where nothing can be recomputed, leaving it all out must gain nothing.
        names = [name for name in WANTED[kind] if top + b"/" + name.encode() not in listing.members]
        missing = tuple(f"{name}: the archive does not have it" for name in names)
    findings = [Finding(code="contents-metadata", message=sentence) for sentence in missing]
    return problems, tuple(dict.fromkeys(notes)), findings


def _states_metadata(pyproject: bytes | None) -> bool:
    """Return whether the tagged commit states what a distribution's metadata has to be."""
    return pyproject is not None and "project" in read_toml(pyproject, "pyproject.toml")


def _not_identical(proof: Proof) -> Iterable[bytes]:
    """Return the members that are not the tree's own: identical metadata is proven already."""
    return (
        *(g.path for g in proof.generated),
        *(m.file.path for m in proof.modified),
        *(r.path for r in proof.relocated),
    )


def _not_recomputable(pyproject: bytes | None, version: str | None, content: bytes | None) -> str:
    if pyproject is None:
        return "the tagged commit has no pyproject.toml to recompute it from"
    if version is None:
        return "the tag holds no version to recompute it with"
    assert content is None
    return "it is too large to be recomputed"
