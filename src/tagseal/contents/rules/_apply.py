"""Holding all differences of a proven archive against the rules."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tagseal.config import RuleConfig
from tagseal.contents.layout import map_path
from tagseal.contents.proof import Proof
from tagseal.contents.rules._copies import sha1_blob
from tagseal.contents.rules._model import (
    Difference,
    Explanation,
    Rule,
    RuleContext,
    RuleStanding,
)
from tagseal.contents.rules._table import BUILT_IN, CLASSES_OF
from tagseal.core.paths import display

__all__ = ["PROJECT", "RuleResults", "active_rules", "apply_rules"]

PROJECT = "project"
"""What a policy says for all rules of the project itself."""

_RECOMPUTING = ("copy", "stamp")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResults:
    """What the rules found, by archive path.

    ``imitations`` says of each generated file that has a known helper's name but not its bytes, and
    that nothing explains, what it imitates, as the rest of a sentence.
    """

    explanations: Mapping[bytes, Explanation] = field(default_factory=lambda: MappingProxyType({}))
    imitations: Mapping[bytes, str] = field(default_factory=lambda: MappingProxyType({}))


def active_rules(project: Iterable[RuleConfig], without: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules to ask: the built-in ones and the project's, less what a policy takes away.

    A project's rules come first, as they name their files; each is shown as ``project:NAME``.
    """
    own = () if PROJECT in without else tuple(map(_project_rule, project))
    return tuple(rule for rule in (*own, *BUILT_IN) if rule.name not in without)


def _project_rule(config: RuleConfig) -> Rule:
    return Rule(
        name=f"{PROJECT}:{config.name}",
        means=f'the tagged commit\'s configuration declares it, by the check "{config.check}"',
        check=config.check,
        standing="proven" if config.check in _RECOMPUTING else "explained",
        classes=CLASSES_OF[config.check],
        paths=config.paths,
        parameters=config.parameters,
    )


def apply_rules(
    proof: Proof,
    rules: Iterable[Rule],
    context: RuleContext,
    *,
    standings: Collection[RuleStanding],
    settled: Collection[bytes] = (),
) -> RuleResults:
    """Ask the rules about every difference of a proof, but for the archive paths in ``settled``."""
    explanations: dict[bytes, Explanation] = {}
    imitations: dict[bytes, str] = {}
    asked = tuple(rules)
    for difference in _differences(proof, context):
        if difference.path in settled:
            continue
        # Imported here: where nothing differs, no check is needed.
        from tagseal.contents.rules._engine import explain

        found = explain(difference, asked, context, standings=standings)
        if found is not None:
            explanations[difference.path] = found
        elif (imitated := _imitated(difference, context)) is not None:
            imitations[difference.path] = imitated
    return RuleResults(explanations=explanations, imitations=imitations)


def _differences(proof: Proof, context: RuleContext) -> Iterator[Difference]:
    members = context.listing.members
    for generated in proof.generated:
        path = generated.path
        yield Difference(
            file_class="generated",
            path=path,
            inner=_inner(proof, path),
            member=members[path],
        )
    for checked in proof.modified:
        file = checked.file
        if checked.transform is None:
            yield Difference(
                file_class="modified",
                path=file.path,
                inner=file.tree_path,
                member=members[file.path],
                source=file.source,
                source_path=file.tree_path,
            )
    for relocated in proof.relocated:
        yield Difference(
            file_class="relocated",
            path=relocated.path,
            inner=_inner(proof, relocated.path),
            member=members[relocated.path],
            source=context.entry(relocated.tree_path),
            source_path=relocated.tree_path,
        )


def _inner(proof: Proof, path: bytes) -> bytes:
    return map_path(proof.mappings, path) or path


def _imitated(difference: Difference, context: RuleContext) -> str | None:
    name = difference.inner.rpartition(b"/")[2]
    blob = sha1_blob(difference, context)
    if difference.file_class != "generated" or blob is None:
        return None
    helpers = context.helpers()
    # Known bytes are no imitation, even where a policy takes away the rule that says so.
    if not helpers.is_known_name(name) or helpers.identify(name, blob) is not None:
        return None
    tools = helpers.tools_of(name)
    return (
        f'it has the name of a helper of {" or ".join(tools)}, "{display(name)}", but bytes that '
        "no known release of it ships"
    )
